/**
 * Newcomer's people and machines in a simulated world. They turn truth into commands; decide, evolve and settle never see it.
 *
 * What they do depends on the instant, on truth and on dice keyed by both, never on the length of a tick: truth changes only
 * between ticks.
 */
import type { Facility, Inhabit, InhabitContext, Inhabitants } from "../../kernel/habitat.ts"
import type { Values } from "../../kernel/param.ts"
import { below, stream } from "../../kernel/random.ts"
import { addRow } from "../../kernel/table.ts"
import type { Commands } from "./commands.ts"
import type { NewcomerParams } from "./params.ts"
import type { State } from "./state.ts"

const COLLECTOR = "collector"
const facilities: readonly Facility[] = [
  {
    name: COLLECTOR,
    because: "Where proofs are sent. Served: share of proofs it takes. Users do not depend on it.",
  },
]

function enter({ habitat, commands, submit }: InhabitContext<State, Commands>): Inhabitants {
  const { nodes, running, throughPermille, userThroughPermille } = habitat
  const arrival = stream(habitat.seed, "newcomer/arrival")
  const demand = new Float64Array(nodes)
  const read = (): Values<NewcomerParams> => habitat.params() as Values<NewcomerParams>

  /** All nodes whose proof is not lost on its way prove themselves at one instant. */
  const prove = (atS: number): void => {
    const served = habitat.served(COLLECTOR)
    const to = commands.SubmitProof
    for (let node = 0; node < nodes; node++) {
      if (running[node] === 0) continue
      const share = throughPermille[node] * served
      if (share < 1_000_000 && below(arrival, 1_000_000, node, atS) >= share) continue
      const r = addRow(to)
      to.node[r] = node
      to.atS[r] = atS
    }
    submit("SubmitProof")
  }

  return {
    arrive() {
      const to = commands.JoinNetwork
      for (let node = 0; node < nodes; node++) {
        const r = addRow(to)
        to.node[r] = node
        to.atS[r] = habitat.beginS
      }
      submit("JoinNetwork")
    },

    act(fromS, toS) {
      const every = read().proveEverySeconds
      for (let atS = Math.ceil(fromS / every) * every; atS < toS; atS += every) prove(atS)
    },

    serve(fromS, toS, byNode) {
      let offeredMilli = 0
      let servedMilli = 0
      habitat.demand(fromS, toS, demand)
      for (let node = 0; node < nodes; node++) {
        const offered = Math.floor(demand[node])
        // Each neighbourhood is served by its own node alone. Say here what users do when it is away.
        const served =
          running[node] === 0 ? 0 : Math.floor((offered * throughPermille[node] * userThroughPermille[node]) / 1_000_000)
        offeredMilli += offered
        servedMilli += served
        if (byNode === undefined) continue
        byNode.offered[node] += offered
        byNode.served[node] += served
      }
      return { offeredMilli, servedMilli, degradedMilli: 0 }
    },
  }
}

export const inhabit: Inhabit<State, Commands> = {
  profile: "residential",
  facilities,
  demandMilliPerNodeMinute: (params) => params.demandMilliPerNodeMinute,
  enter,
}
