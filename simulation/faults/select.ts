/** Which nodes a `where` means. */
import { draw, type Stream } from "../../protocol/kernel/random.ts"
import type { Where } from "./action.ts"
import type { Subject } from "./agenda.ts"

/** Nodes in index order that fulfil every condition; a share is drawn per node, so that a larger share only adds nodes. */
export function select(where: Where, subject: Subject, luck: Stream): Uint32Array {
  const { places, behind, client } = subject
  const chosen: number[] = []
  const conditions = Object.entries(where.domain ?? {}).map(([type, name]) => {
    const domain = places.domains[type]
    return { of: type === "client" ? client : domain.of, index: domain.names.indexOf(name) }
  })
  for (let node = 0; node < places.nodes; node++) {
    if (conditions.some(({ of, index }) => of[node] !== index)) continue
    if (where.behind === true && behind[node] === 0) continue
    if (where.permille !== undefined && draw(luck, node) % 1000 >= where.permille) continue
    chosen.push(node)
  }
  return Uint32Array.from(chosen)
}
