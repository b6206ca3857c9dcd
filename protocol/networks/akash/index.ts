/** Akash: an open market for machines, priced by reverse auction and paid by the block from escrow. Start with README.md. */
import { network } from "../../kernel/network.ts"
import { commands, refusals, type Refusal } from "./commands.ts"
import { decide } from "./decide.ts"
import { events } from "./events.ts"
import { evolve } from "./evolve.ts"
import { inhabit } from "./inhabit.ts"
import { invariants, sabotage } from "./invariants.ts"
import { live } from "./live.ts"
import { charts, metrics, nodeMeasures } from "./metrics.ts"
import { coherent, params, presets } from "./params.ts"
import { cadences } from "./settle.ts"
import { genesis, seldom, stateTables, type State } from "./state.ts"

export const akash = network<State, typeof commands, typeof events, typeof params, Refusal>({
  name: "akash",
  because: "Machines let by auction: tenants name a price, providers bid below it, and every block is paid from escrow.",
  service: {
    unit: "lease minute",
    because: "A minute in which a tenant's workload runs on a provider that is up and connected.",
  },
  nodeWord: "provider",
  commands,
  events,
  refusals,
  params,
  coherent,
  presets,
  defaultPreset: "v2.1-2026-06-11",
  genesis,
  tables: stateTables,
  seldom,
  decide,
  evolve,
  cadences,
  invariants,
  metrics,
  detectedS: ({ chain }) => chain.detectedS[0],
  nodeMeasures,
  charts,
  inhabit,
  live,
  sabotage,
})
