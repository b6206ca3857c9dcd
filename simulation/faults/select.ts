/** Which nodes a `where` means. */
import { draw, type Stream } from "../../protocol/kernel/random.ts"
import type { Where } from "./action.ts"
import type { Subject } from "./agenda.ts"

/** 1 for each of the `count` domains with most nodes; of two as large the one whose first node comes first. */
function mostOf(of: Uint32Array, { nodes }: { readonly nodes: number }, count: number): Uint8Array {
  const held = new Uint32Array(of.reduce((most, d) => Math.max(most, d), 0) + 1)
  for (let node = 0; node < nodes; node++) held[of[node]]++
  const order = Array.from(held.keys()).toSorted((a, b) => held[b] - held[a] || a - b)
  const chosen = new Uint8Array(held.length)
  for (const domain of order.slice(0, count)) chosen[domain] = 1
  return chosen
}

/** Nodes in index order that fulfil every condition; a share is drawn per node, so that a larger share only adds nodes. */
export function select(where: Where, subject: Subject, luck: Stream): Uint32Array {
  const { places, behind, client } = subject
  const chosen: number[] = []
  const of = (type: string): Uint32Array => (type === "client" ? client : places.domains[type].of)
  const conditions = Object.entries(where.domain ?? {}).map(([type, name]) => ({
    of: of(type),
    index: places.domains[type].names.indexOf(name),
  }))
  const { largest } = where
  const giants = largest === undefined ? undefined : { of: of(largest.of), held: mostOf(of(largest.of), places, largest.count) }
  for (let node = 0; node < places.nodes; node++) {
    if (giants !== undefined && giants.held[giants.of[node]] === 0) continue
    if (conditions.some(({ of, index }) => of[node] !== index)) continue
    if (where.behind === true && behind[node] === 0) continue
    if (where.permille !== undefined && draw(luck, node) % 1000 >= where.permille) continue
    chosen.push(node)
  }
  return Uint32Array.from(chosen)
}
