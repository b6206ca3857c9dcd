/** kill, pause: processes end. A killed node waits for `restart` unless it is said how long it stays down. */
import type { Action } from "./action.ts"
import type { Planner } from "./agenda.ts"

export function kill({ where, forS }: Extract<Action, { verb: "kill" | "pause" }>, p: Planner): void {
  const { stopped } = p.subject(where.network)
  const { atS } = p.moment
  for (const node of p.nodes(where)) {
    if (forS === undefined) {
      if (stopped[node] === 1) continue
      stopped[node] = 1
    }
    p.add({ atS, network: where.network, type: "Stop", row: { node } })
    if (forS !== undefined) p.add({ atS: atS + forS, network: where.network, type: "Start", row: { node } })
  }
}
