/** Where a piece goes: a draw among nodes believed to be there, which hold no piece of the item, in domains that hold fewer than the cap. */
import { multiplyHigh, nameHash, philox } from "../kernel/random.ts"
import type { Values } from "../kernel/param.ts"
import { REGISTERED, type HasRegistry } from "../registry/registry.ts"
import { HEARD, type HasLiveness } from "./liveness.ts"
import type { livenessParams, placementParams } from "./params.ts"
import { FREE, type HasPlacement } from "./placement.ts"
import { domainsOf, KINDS, NOBODY } from "./rows.ts"

type State = HasRegistry & HasLiveness & HasPlacement
export type PlaceParams = Values<typeof placementParams & Pick<typeof livenessParams, "observerSeed" | "livenessDetector">>

const KEY = nameHash("resilience/placement")
const words = new Uint32Array(4)

/** Pieces of one domain at most, so that `survived` domains may fall and k pieces are left. */
export const capPerDomain = (pieces: number, needed: number, survived: number): number =>
  Math.max(1, Math.floor((pieces - needed) / survived))

/** Nodes already chosen for an item in this decision, before any event of it was evolved. */
export interface Chosen {
  readonly nodes: Uint32Array
  length: number
}

/** A node for one more piece, or NOBODY after the allowed tries. `a`, `b`: the draw's counters. */
export function choosePlace(state: State, chosen: Chosen, cap: number, params: PlaceParams, a: number, b: number): number {
  const { status, length } = state.registry.nodes
  const live = state.liveness.node
  for (let t = 0; t < params.placementTries; t++) {
    if (t % 4 === 0) philox(words, a, b, t, chosen.length, params.observerSeed, KEY)
    const node = multiplyHigh(words[t % 4], length) >>> 0
    if (status[node] !== REGISTERED) continue
    if (params.livenessDetector !== 0 && (live.status[node] !== HEARD || live.beats[node] === 0)) continue
    if (fits(state, chosen, node, cap, params.placementAntiAffinity)) return node
  }
  return NOBODY
}

function fits({ registry: r }: State, { nodes, length }: Chosen, node: number, cap: number, kinds: number): boolean {
  for (let i = 0; i < length; i++) if (nodes[i] === node) return false
  for (let kind = 0; kind < KINDS.length; kind++) {
    if ((kinds & (1 << kind)) === 0) continue
    const of = domainsOf(r, kind)
    // What nobody said may all be one domain: the unknown share a cap too.
    let together = 0
    for (let i = 0; i < length; i++) if (of[nodes[i]] === of[node]) together++
    if (together >= cap) return false
  }
  return true
}

/** The nodes that hold an item's pieces or were sent them. */
export function gather({ placement: { item, slot } }: HasPlacement, i: number, into: Chosen): void {
  into.length = 0
  for (let s = item.firstSlot[i]; s < item.firstSlot[i] + item.slots[i]; s++)
    if (slot.state[s] !== FREE) into.nodes[into.length++] = slot.node[s]
}

/** Pieces of an item on nodes that are believed to be there. It is served where these are at least k. */
export function piecesUp({ placement: { item, slot }, liveness }: HasPlacement & HasLiveness, i: number): number {
  let up = 0
  for (let s = item.firstSlot[i]; s < item.firstSlot[i] + item.slots[i]; s++)
    if (slot.state[s] === 2 && liveness.node.status[slot.node[s]] === HEARD) up++
  return up
}

/** The piece that serves of a replicated item: the lowest slot whose node is believed to be there; the others stand by. NOBODY: none. */
export function primaryOf({ placement: { item, slot }, liveness }: HasPlacement & HasLiveness, i: number): number {
  for (let s = item.firstSlot[i]; s < item.firstSlot[i] + item.slots[i]; s++)
    if (slot.state[s] === 2 && liveness.node.status[slot.node[s]] === HEARD) return slot.node[s]
  return NOBODY
}
