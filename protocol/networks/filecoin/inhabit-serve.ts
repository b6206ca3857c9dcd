/** What users get: reads of their neighbourhood's objects from whoever holds a copy and can be reached. Ours, not Filecoin's. */
import type { Habitat, ServiceMeasure } from "../../kernel/habitat.ts"
import { firstOfClient, nextOfClient } from "./deal-rows.ts"
import type { State } from "./state.ts"

const OBJECTS = 32
const best = new Float64Array(OBJECTS)

/** How well each neighbourhood's objects can be reached, and what that was worked out from. */
export interface Reach {
  readonly share: Float64Array
  stamp: string
}
export const newReach = (nodes: number): Reach => ({ share: new Float64Array(nodes), stamp: "" })

/** Works it out again if the truth, a deal or a sector has changed. */
function look(habitat: Habitat, state: State, held: (row: number) => number, reach: Reach): void {
  const stamp = `${habitat.truthVersion()}/${state.deal.version}/${state.keeper.version}/${state.cohort.version}`
  if (stamp === reach.stamp) return
  reach.stamp = stamp
  for (let node = 0; node < habitat.nodes; node++) reach.share[node] = reachOf(habitat, state, held, node)
}

/**
 * Retrievals of [fromS, toS). A neighbourhood reads its 32 objects evenly; an object is served by the best connected provider
 * whose process runs and that really has a copy (`held`), whether its proofs are in or not: a missed proof loses power, not data.
 */
export function serveRetrievals(
  habitat: Habitat,
  state: State,
  held: (row: number) => number,
  { fromS, toS }: { readonly fromS: number; readonly toS: number },
  demand: Float64Array,
  reach: Reach,
  byNode?: { offered: Float64Array; served: Float64Array },
): ServiceMeasure {
  const { nodes, userThroughPermille } = habitat
  habitat.demand(fromS, toS, demand)
  look(habitat, state, held, reach)
  let offeredMilli = 0
  let servedMilli = 0
  for (let node = 0; node < nodes; node++) {
    const offered = Math.floor(demand[node])
    const share = reach.share[node]
    const arrived = offered - Math.floor((offered * (1000 - userThroughPermille[node])) / 1000)
    const served = share === 1000 * OBJECTS ? arrived : Math.floor((arrived * share) / (1000 * OBJECTS))
    offeredMilli += offered
    servedMilli += served
    if (byNode === undefined) continue
    byNode.offered[node] += offered
    byNode.served[node] += served
  }
  return { offeredMilli, servedMilli, degradedMilli: 0 }
}

/** How well a client's objects can be reached: permille of each, added up. */
function reachOf({ running, throughPermille }: Habitat, state: State, held: (row: number) => number, client: number): number {
  const { deal, keeper } = state
  if (keeper.placed[client] === 0) return 0
  let isPartial = false
  for (let row = firstOfClient(state, client); row >= 0; row = nextOfClient(state, row)) {
    if (deal.kept[row] === 0 || deal.cohort[row] === 0 || running[deal.node[row]] === 0) continue
    const through = throughPermille[deal.node[row]]
    if (through === 0) continue
    const objects = held(row)
    if (through === 1000 && objects === 0xffff_ffff) return 1000 * OBJECTS
    if (!isPartial) best.fill(0)
    isPartial = true
    for (let bit = 0; bit < OBJECTS; bit++) if (((objects >>> bit) & 1) === 1 && best[bit] < through) best[bit] = through
  }
  if (!isPartial) return 0
  let sum = 0
  for (let bit = 0; bit < OBJECTS; bit++) sum += best[bit]
  return sum
}
