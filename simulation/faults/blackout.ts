/** blackout, restorePower: the grid goes; each node stops when its own backup runs out, and starts when power is back. */
import type { Action } from "./action.ts"
import type { Planner, Subject } from "./agenda.ts"
import { spread } from "./spread.ts"

const MINUTE = 60

export function blackout({ where, forS }: Extract<Action, { verb: "blackout" }>, p: Planner): void {
  const { darkS, places } = p.subject(where.network)
  const { atS } = p.moment
  for (const node of p.nodes(where)) {
    if (darkS[node] > 0) continue
    const offS = atS + places.backupMinutes[node] * MINUTE
    if (forS === undefined) darkS[node] = offS
    else off(p, where.network, node, offS, atS + forS)
  }
}

export function restorePower({ where, overS, curve }: Extract<Action, { verb: "restorePower" }>, p: Planner): void {
  const { darkS } = p.subject(where.network)
  for (const node of p.nodes(where)) {
    if (darkS[node] === 0) continue
    off(p, where.network, node, darkS[node], spread(p, overS, node, curve))
    darkS[node] = 0
  }
}

/** Nodes still dark when the timeline is told out stop all the same. */
export function stayDark(network: string, { darkS }: Subject, p: Pick<Planner, "add">): void {
  for (let node = 0; node < darkS.length; node++)
    if (darkS[node] > 0) p.add({ atS: darkS[node], network, type: "Stop", row: { node } })
}

/** A node whose backup outlasts the blackout never notices it. */
function off(p: Planner, network: string, node: number, offS: number, onS: number): void {
  if (offS >= onS) return
  p.add({ atS: offS, network, type: "Stop", row: { node } })
  p.add({ atS: onS, network, type: "Start", row: { node } })
}
