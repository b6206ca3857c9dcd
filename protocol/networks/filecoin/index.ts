/** Filecoin: storage proved day by day, paid by elections. Start with README.md. */
import { network } from "../../kernel/network.ts"
import { resilient } from "../../resilience/embed/index.ts"
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
import { hooks } from "./resilience.ts"
import { genesis, seldom, type State, stateTables } from "./state.ts"

export const filecoin = resilient(
  network<State, typeof commands, typeof events, typeof params, Refusal>({
    name: "filecoin",
    because: "Storage, proved every day sector by sector, and paid by elections in proportion to what is proved.",
    service: {
      unit: "retrieval",
      because:
        "A user's read of an object, served by any of the providers that hold it. Filecoin itself neither pays for nor counts it.",
    },
    nodeWord: "storage provider",
    commands,
    events,
    refusals,
    params,
    coherent,
    presets,
    defaultPreset: "nv27-2025-09-24",
    genesis,
    tables: stateTables,
    seldom,
    decide,
    evolve,
    cadences,
    invariants,
    metrics,
    detectedS: ({ network: n }) => n.detectedS[0],
    pulse: "win.paid",
    nodeMeasures,
    charts,
    inhabit,
    live,
    sabotage,
  }),
  hooks,
)
