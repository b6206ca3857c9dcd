/** surge: users near these nodes ask for so many times as much. */
import type { Action } from "./action.ts"
import type { Planner } from "./agenda.ts"

const WHOLE = 1000

export function surge({ where, timesPermille, forS }: Extract<Action, { verb: "surge" }>, p: Planner): void {
  const { network } = where
  const { atS } = p.moment
  for (const node of p.nodes(where)) {
    p.add({ atS, network, type: "SetDemand", row: { node, asked: timesPermille } })
    if (forS !== undefined) p.add({ atS: atS + forS, network, type: "SetDemand", row: { node, asked: WHOLE } })
  }
}
