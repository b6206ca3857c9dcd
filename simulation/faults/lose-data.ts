/** loseData: a share of what nodes store is gone, and stays so. Only a network that stores something reads it. */
import type { Action } from "./action.ts"
import type { Planner } from "./agenda.ts"

export function loseData({ where, lostPermille }: Extract<Action, { verb: "loseData" }>, p: Planner): void {
  for (const node of p.nodes(where))
    p.add({ atS: p.moment.atS, network: where.network, type: "LoseData", row: { node, lost: lostPermille } })
}
