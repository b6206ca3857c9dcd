/** disconnect, reconnect: nodes run on without a way to the internet. */
import type { Action } from "./action.ts"
import type { Planner, Subject } from "./agenda.ts"
import { spread } from "./spread.ts"

export function disconnect({ where, forS, overS = 0 }: Extract<Action, { verb: "disconnect" }>, p: Planner): void {
  const { cutS } = p.subject(where.network)
  for (const node of p.nodes(where)) {
    const atS = spread(p, overS, node)
    if (forS !== undefined) cut(p, where.network, node, atS, atS + forS)
    else if (cutS[node] === 0) cutS[node] = atS
  }
}

/** What had not been cut yet when its turn to be mended came never is. */
export function reconnect({ where, overS, curve }: Extract<Action, { verb: "reconnect" }>, p: Planner): void {
  const { cutS } = p.subject(where.network)
  for (const node of p.nodes(where)) {
    if (cutS[node] === 0) continue
    cut(p, where.network, node, cutS[node], spread(p, overS, node, curve))
    cutS[node] = 0
  }
}

/** Nodes still cut off when the timeline is told out stay so. */
export function stayCut(network: string, { cutS }: Subject, p: Pick<Planner, "add">): void {
  for (let node = 0; node < cutS.length; node++)
    if (cutS[node] > 0) p.add({ atS: cutS[node], network, type: "Cut", row: { node } })
}

function cut(p: Planner, network: string, node: number, fromS: number, toS: number): void {
  if (fromS >= toS) return
  p.add({ atS: fromS, network, type: "Cut", row: { node } })
  p.add({ atS: toS, network, type: "Mend", row: { node } })
}
