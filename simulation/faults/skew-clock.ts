/** skewClock: nodes' clocks are off by so many seconds. What they date is dated wrong; what they serve is served. */
import type { Action } from "./action.ts"
import type { Planner } from "./agenda.ts"

export function skewClock({ where, skewS, forS }: Extract<Action, { verb: "skewClock" }>, p: Planner): void {
  const { network } = where
  const { atS } = p.moment
  for (const node of p.nodes(where)) {
    p.add({ atS, network, type: "SkewClock", row: { node, skewS } })
    if (forS !== undefined) p.add({ atS: atS + forS, network, type: "SkewClock", row: { node, skewS: 0 } })
  }
}
