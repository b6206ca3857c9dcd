/** The example's people and machines: nodes that join, beat, work and prove while they run; users who get what running nodes can do. */
import type { Inhabit } from "../../kernel/habitat.ts"
import { MINUTE } from "../../kernel/clock.ts"
import { appendRow } from "../../kernel/table.ts"
import type { Commands } from "./index.ts"
import type { State } from "./state.ts"

const DEMAND_MILLI = 5000

export const inhabit: Inhabit<State, Commands> = {
  profile: "residential",
  facilities: [],
  demandMilliPerNodeMinute: () => DEMAND_MILLI,
  enter({ habitat, commands, submit }) {
    const { nodes, places, running, throughPermille } = habitat
    const domain = (name: string, node: number): number => {
      const d = places.domains[name]
      return d === undefined ? 0 : d.of[node] + 1
    }
    return {
      arrive() {
        for (let node = 0; node < nodes; node++) {
          appendRow(commands.RegisterNode, { node, owner: domain("operator", node), at: habitat.beginS })
          appendRow(commands.DeclareDomains, {
            node,
            country: domain("country", node),
            asn: domain("asn", node),
            provider: domain("provider", node),
            client: domain("client", node),
            grid: domain("grid", node),
            at: habitat.beginS,
          })
        }
        submit("RegisterNode")
        submit("DeclareDomains")
      },
      act(fromS, toS) {
        const every = habitat.params().heartbeatSeconds
        for (let at = Math.ceil(fromS / every) * every; at < toS; at += every)
          for (let node = 0; node < nodes; node++)
            if (running[node] === 1 && throughPermille[node] > 0) appendRow(commands.SendHeartbeat, { node, at })
        submit("SendHeartbeat")
        for (let node = 0; node < nodes; node++)
          if (running[node] === 1 && throughPermille[node] > 0)
            appendRow(commands.ReportDuty, { node, work: 1, proving: 1, at: toS })
        submit("ReportDuty")
      },
      serve(fromS, toS, byNode) {
        const demand = new Float64Array(nodes)
        habitat.demand(fromS, toS, demand)
        const room = (DEMAND_MILLI * 2 * (toS - fromS)) / MINUTE
        const measure = { offeredMilli: 0, servedMilli: 0, degradedMilli: 0 }
        for (let node = 0; node < nodes; node++) {
          const served = running[node] === 0 ? 0 : Math.min(demand[node], Math.floor((room * throughPermille[node]) / 1000))
          measure.offeredMilli += demand[node]
          measure.servedMilli += served
          if (byNode === undefined) continue
          byNode.offered[node] = demand[node]
          byNode.served[node] = served
        }
        return measure
      },
    }
  },
}
