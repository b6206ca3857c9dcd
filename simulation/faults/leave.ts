/** leave: operators switch their nodes off for good, each at its own moment. Nothing brings them back. */
import type { Action } from "./action.ts"
import type { Planner } from "./agenda.ts"
import { spread } from "./spread.ts"

export function leave({ where, overS, curve }: Extract<Action, { verb: "leave" }>, p: Planner): void {
  const { gone } = p.subject(where.network)
  for (const node of p.nodes(where)) {
    if (gone[node] === 1) continue
    gone[node] = 1
    p.add({ atS: spread(p, overS, node, curve), network: where.network, type: "Stop", row: { node } })
  }
}
