/** What users get from the points of presence: truth, measured where they stand. */
import type { Habitat, ServiceMeasure } from "../../kernel/habitat.ts"
import type { Values } from "../../kernel/param.ts"
import { computeQuality } from "./inhabit-truth.ts"
import type { CdnParams } from "./params.ts"
import type { State } from "./state.ts"

/** Seconds a PoP has spent broken by `atS`, since it was registered. */
export const brokenSecondsBy = ({ pop }: State, node: number, atS: number): number =>
  pop.brokenSeconds[node] + (pop.broken[node] === 1 && atS > pop.brokenS[node] ? atS - pop.brokenS[node] : 0)

/** Of what each neighbourhood got in this window, `share` is what there was room for. */
function overload({ served }: { readonly served: Float64Array }, before: Float64Array, share: number): void {
  for (let node = 0; node < served.length; node++) served[node] = before[node] + Math.floor((served[node] - before[node]) * share)
}

/**
 * Users' requests of [fromS, toS). Each neighbourhood is served by its own PoP; a PoP that is down hands its requests to
 * the others, as far as their spare room goes. `brokenBefore` holds each PoP's broken seconds by `fromS`.
 *
 * Spare room is pooled over the whole fleet: with anycast, nearest first and then further out until all are full serves
 * exactly as many. What is lost is distance, which is not modelled.
 */
export function serveUsers(
  habitat: Habitat,
  state: State,
  params: Values<CdnParams>,
  window: { readonly fromS: number; readonly toS: number; readonly brokenBefore: Float64Array },
  demand: Float64Array,
  byNode?: { offered: Float64Array; served: Float64Array },
): ServiceMeasure {
  const { fromS, toS, brokenBefore } = window
  const { nodes, running, userThroughPermille, askedPermille } = habitat
  const seconds = toS - fromS
  const sound = computeQuality(habitat, params, false)
  const broken = computeQuality(habitat, params, true)
  habitat.demand(fromS, toS, demand)

  const served0 = askedPermille === undefined ? undefined : byNode?.served.slice()
  let offeredMilli = 0
  let servedMilli = 0
  let degradedMilli = 0
  let arrivedMilli = 0
  let displacedMilli = 0
  let usualMilli = 0
  for (let node = 0; node < nodes; node++) {
    const offered = Math.floor(demand[node])
    // What the user's own side lost never reached any PoP.
    const arrived = offered - Math.floor((offered * (1000 - userThroughPermille[node])) / 1000)
    offeredMilli += offered
    if (askedPermille !== undefined && askedPermille[node] > 0) usualMilli += (arrived * 1000) / askedPermille[node]
    if (byNode !== undefined) byNode.offered[node] += offered
    if (running[node] === 0 || state.pop.registered[node] === 0) {
      displacedMilli += arrived
      continue
    }
    // Configuration may have changed inside the tick: each state of it counts for as long as it lasted.
    const badSeconds = brokenSecondsBy(state, node, toS) - brokenBefore[node]
    const okShare = (badSeconds * broken.ok + (seconds - badSeconds) * sound.ok) / (seconds * 1000)
    const served = Math.floor(arrived * okShare)
    arrivedMilli += arrived
    servedMilli += served
    if (byNode !== undefined) byNode.served[node] += served
    degradedMilli += Math.floor(arrived * ((badSeconds * broken.ok * broken.degradedOfOk) / (seconds * 1_000_000)))
  }

  if (displacedMilli > 0 && arrivedMilli > 0) {
    const room = Math.floor((arrivedMilli * params.failoverCapacityPermille) / 1000)
    const takenShare = Math.min(displacedMilli, room) / displacedMilli
    const okShare = servedMilli / arrivedMilli
    const degradedShare = servedMilli === 0 ? 0 : degradedMilli / servedMilli
    const extra = Math.floor(displacedMilli * takenShare * okShare)
    degradedMilli += Math.floor(extra * degradedShare)
    servedMilli += extra
    if (byNode !== undefined)
      for (let node = 0; node < nodes; node++) {
        if (running[node] === 1 && state.pop.registered[node] === 1) continue
        const offered = Math.floor(demand[node])
        const arrived = offered - Math.floor((offered * (1000 - userThroughPermille[node])) / 1000)
        byNode.served[node] += Math.floor(arrived * takenShare * okShare)
      }
  }
  // Asked for more than its room, the fleet serves what it has room for: anycast spreads a crowd over all of it.
  const capacityMilli = Math.floor((usualMilli * (1000 + params.failoverCapacityPermille)) / 1000)
  if (askedPermille !== undefined && servedMilli > capacityMilli) {
    const share = capacityMilli / servedMilli
    degradedMilli = Math.floor(degradedMilli * share)
    if (byNode !== undefined) overload(byNode, served0!, share)
    servedMilli = capacityMilli
  }
  return { offeredMilli, servedMilli, degradedMilli: Math.min(degradedMilli, servedMilli) }
}
