/** disconnect, reconnect: nodes run on without a way to the internet. */
import type { Action } from "./action.ts"
import type { Planner } from "./agenda.ts"
import { spread } from "./spread.ts"

export function disconnect({ where, forS, overS = 0 }: Extract<Action, { verb: "disconnect" }>, p: Planner): void {
  const { cut } = p.subject(where.network)
  for (const node of p.nodes(where)) {
    const atS = spread(p, overS, node)
    if (forS === undefined) {
      if (cut[node] === 1) continue
      cut[node] = 1
    }
    p.add({ atS, network: where.network, type: "Cut", row: { node } })
    if (forS !== undefined) p.add({ atS: atS + forS, network: where.network, type: "Mend", row: { node } })
  }
}

export function reconnect({ where, overS }: Extract<Action, { verb: "reconnect" }>, p: Planner): void {
  const { cut } = p.subject(where.network)
  for (const node of p.nodes(where)) {
    if (cut[node] === 0) continue
    cut[node] = 0
    p.add({ atS: spread(p, overS, node), network: where.network, type: "Mend", row: { node } })
  }
}
