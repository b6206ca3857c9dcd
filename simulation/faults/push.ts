/** push: nodes take a bad version or configuration and fail, each at its own moment. `restart` puts right what nobody gave an end. */
import type { Action } from "./action.ts"
import type { Planner, Subject } from "./agenda.ts"
import { spread } from "./spread.ts"

export function push({ where, client, overS, forS }: Extract<Action, { verb: "push" }>, p: Planner): void {
  const { network } = where
  const { failedS, client: installed, places } = p.subject(network)
  const index = client === undefined ? -1 : places.domains.client.names.indexOf(client)
  for (const node of p.nodes(where)) {
    const atS = spread(p, overS, node)
    if (index >= 0) {
      installed[node] = index
      p.add({ atS, network, type: "Install", row: { node, client: index } })
    }
    if (forS !== undefined) fail(p, network, node, atS, atS + forS)
    else if (failedS[node] === 0) failedS[node] = atS
  }
}

/** Puts a failed node right at `atS`; what had not failed by then never does. */
export function putRight(p: Pick<Planner, "add">, network: string, { failedS }: Subject, node: number, atS: number): void {
  if (failedS[node] === 0) return
  fail(p, network, node, failedS[node], atS)
  failedS[node] = 0
}

/** Nodes that nobody put right by the end of the timeline stay down. */
export function stayFailed(network: string, { failedS }: Subject, p: Pick<Planner, "add">): void {
  for (let node = 0; node < failedS.length; node++)
    if (failedS[node] > 0) p.add({ atS: failedS[node], network, type: "Stop", row: { node } })
}

function fail(p: Pick<Planner, "add">, network: string, node: number, fromS: number, toS: number): void {
  if (fromS >= toS) return
  p.add({ atS: fromS, network, type: "Stop", row: { node } })
  p.add({ atS: toS, network, type: "Start", row: { node } })
}
