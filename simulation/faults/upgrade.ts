/** upgrade: nodes install another version, each at its own moment, and are down while they do. */
import type { Action } from "./action.ts"
import type { Planner } from "./agenda.ts"
import { spread } from "./spread.ts"

export function upgrade({ where, client, overS, downS }: Extract<Action, { verb: "upgrade" }>, p: Planner): void {
  const subject = p.subject(where.network)
  const index = subject.places.domains.client.names.indexOf(client)
  for (const node of p.nodes(where)) {
    const atS = spread(p, overS, node)
    subject.client[node] = index
    p.add({ atS, network: where.network, type: "Install", row: { node, client: index } })
    if (downS === 0) continue
    p.add({ atS, network: where.network, type: "Stop", row: { node } })
    p.add({ atS: atS + downS, network: where.network, type: "Start", row: { node } })
  }
}
