/** degrade: a share of what nodes send gets through. */
import type { Action } from "./action.ts"
import type { Planner } from "./agenda.ts"

const WHOLE = 1000

export function degrade({ where, passesPermille, forS }: Extract<Action, { verb: "degrade" }>, p: Planner): void {
  const { atS } = p.moment
  for (const node of p.nodes(where)) {
    p.add({ atS, network: where.network, type: "Slow", row: { node, passes: passesPermille } })
    if (forS !== undefined) p.add({ atS: atS + forS, network: where.network, type: "Slow", row: { node, passes: WHOLE } })
  }
}
