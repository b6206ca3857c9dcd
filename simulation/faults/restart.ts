/** restart: nodes that were killed, or failed by a bad push, come back, each at a random moment of the given span: people do not restart in step. */
import type { Action } from "./action.ts"
import type { Planner } from "./agenda.ts"
import { putRight } from "./push.ts"
import { spread } from "./spread.ts"

export function restart({ where, overS, curve }: Extract<Action, { verb: "restart" }>, p: Planner): void {
  const subject = p.subject(where.network)
  const { stopped } = subject
  for (const node of p.nodes(where)) {
    if (subject.failedS[node] > 0) putRight(p, where.network, subject, node, spread(p, overS, node, curve))
    if (stopped[node] === 0) continue
    stopped[node] = 0
    p.add({ atS: spread(p, overS, node, curve), network: where.network, type: "Start", row: { node } })
  }
}
