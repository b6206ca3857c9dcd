/** seize: nodes are taken by the law, all at once. No restart helps before the order is lifted, and without an end it never is. */
import type { Action } from "./action.ts"
import type { Planner } from "./agenda.ts"

export function seize({ where, forS }: Extract<Action, { verb: "seize" }>, p: Planner): void {
  const { network } = where
  const { gone } = p.subject(network)
  const { atS } = p.moment
  for (const node of p.nodes(where)) {
    if (gone[node] === 1) continue
    p.add({ atS, network, type: "Stop", row: { node } })
    if (forS === undefined) gone[node] = 1
    else p.add({ atS: atS + forS, network, type: "Start", row: { node } })
  }
}
