/** Newcomer: say in one line what it is. Start with README.md. */
import { network } from "../../kernel/network.ts"
import { commands, refusals, type Refusal } from "./commands.ts"
import { decide } from "./decide.ts"
import { events } from "./events.ts"
import { evolve } from "./evolve.ts"
import { inhabit } from "./inhabit.ts"
import { invariants, sabotage } from "./invariants.ts"
import { metrics, nodeMeasures } from "./metrics.ts"
import { params, presets } from "./params.ts"
import { cadences } from "./settle.ts"
import { genesis, stateTables, type State } from "./state.ts"

export const newcomer = network<State, typeof commands, typeof events, typeof params, Refusal>({
  name: "newcomer",
  because: "Nodes prove once in a while that they work, and share a daily reward by their proofs.",
  service: { unit: "request", because: "A user's request to the node of the neighbourhood, answered." },
  nodeWord: "node",
  commands,
  events,
  refusals,
  params,
  presets,
  defaultPreset: "today",
  genesis,
  tables: stateTables,
  decide,
  evolve,
  cadences,
  invariants,
  metrics,
  detectedS: ({ total }) => total.alarmS[0],
  nodeMeasures,
  inhabit,
  sabotage,
})
