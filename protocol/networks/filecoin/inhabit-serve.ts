/** What users get: reads of their neighbourhood's objects from whoever holds a copy and can be reached. Ours, not Filecoin's. */
import type { Habitat, ServiceMeasure } from "../../kernel/habitat.ts"
import { isOpen } from "../../kernel/slots.ts"
import { firstOfClient, nextOfClient } from "./deal-rows.ts"
import type { State } from "./state.ts"

const OBJECTS = 32
const best = new Float64Array(OBJECTS)

/** How well each neighbourhood's objects can be reached, and what that was worked out from. */
export interface Reach {
  readonly share: Float64Array
  stamp: string
  /** Faulty and live sectors of those that lose data, and the neighbourhoods that have deals with each. */
  counts: Float64Array
  clients: readonly (readonly number[])[]
}
export const newReach = (nodes: number): Reach => ({
  share: new Float64Array(nodes),
  stamp: "",
  counts: new Float64Array(0),
  clients: [],
})

type Held = (row: number) => number

/** Works it out again where the truth, a deal, or what somebody has lost has changed. */
function look(habitat: Habitat, state: State, held: Held, losing: Uint32Array, reach: Reach): void {
  const { faulty, live } = state.miner
  const stamp = `${habitat.truthVersion()}/${state.deal.version}/${state.keeper.version}/${losing.length}`
  const isNew = stamp !== reach.stamp
  if (isNew) {
    reach.stamp = stamp
    reach.counts = new Float64Array(2 * losing.length)
    reach.clients = clientsOf(state, losing)
    for (let node = 0; node < habitat.nodes; node++) reach.share[node] = reachOf(habitat, state, held, node)
  }
  const { counts } = reach
  for (let i = 0; i < losing.length; i++) {
    const node = losing[i]
    if (counts[2 * i] === faulty[node] && counts[2 * i + 1] === live[node]) continue
    counts[2 * i] = faulty[node]
    counts[2 * i + 1] = live[node]
    if (!isNew) for (const client of reach.clients[i]) reach.share[client] = reachOf(habitat, state, held, client)
  }
}

/** The neighbourhoods that have a deal with each of some providers. */
function clientsOf({ deal }: State, providers: Uint32Array): readonly (readonly number[])[] {
  const place = new Map(Array.from(providers, (node, i) => [node, i]))
  const clients: number[][] = Array.from(providers, () => [])
  for (let row = 0; row < deal.length; row++) {
    const i = deal.kept[row] === 1 ? place.get(deal.node[row]) : undefined
    if (i !== undefined && isOpen(deal, row)) clients[i].push(deal.client[row])
  }
  return clients
}

/**
 * Retrievals of [fromS, toS). A neighbourhood reads its 32 objects evenly; an object is served by the best connected provider
 * whose process runs and that really has a copy (`held`), whether its proofs are in or not: a missed proof loses power, not data.
 */
export function serveRetrievals(
  habitat: Habitat,
  state: State,
  held: Held,
  losing: Uint32Array,
  { fromS, toS }: { readonly fromS: number; readonly toS: number },
  demand: Float64Array,
  reach: Reach,
  byNode?: { offered: Float64Array; served: Float64Array },
): ServiceMeasure {
  const { nodes, userThroughPermille } = habitat
  const { share } = reach
  habitat.demand(fromS, toS, demand)
  look(habitat, state, held, losing, reach)
  let offeredMilli = 0
  let servedMilli = 0
  for (let node = 0; node < nodes; node++) {
    const offered = demand[node]
    const through = userThroughPermille[node]
    const arrived = through === 1000 ? offered : offered - Math.floor((offered * (1000 - through)) / 1000)
    const served = share[node] === 1000 * OBJECTS ? arrived : Math.floor((arrived * share[node]) / (1000 * OBJECTS))
    offeredMilli += offered
    servedMilli += served
    if (byNode === undefined) continue
    byNode.offered[node] += offered
    byNode.served[node] += served
  }
  return { offeredMilli, servedMilli, degradedMilli: 0 }
}

/** How well a client's objects can be reached: permille of each, added up. */
function reachOf({ running, throughPermille }: Habitat, state: State, held: Held, client: number): number {
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
