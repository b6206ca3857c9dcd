/** restart: killed nodes come back, each at a random moment of the given span: people do not restart in step. */
import type { Action } from "./action.ts"
import type { Planner } from "./agenda.ts"
import { spread } from "./spread.ts"

export function restart({ where, overS }: Extract<Action, { verb: "restart" }>, p: Planner): void {
  const { stopped } = p.subject(where.network)
  for (const node of p.nodes(where)) {
    if (stopped[node] === 0) continue
    stopped[node] = 0
    p.add({ atS: spread(p, overS, node), network: where.network, type: "Start", row: { node } })
  }
}
