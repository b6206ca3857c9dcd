/** Render: frames for artists, rendered by anybody's cards, judged by people, paid by a schedule. Start with README.md. */
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
import { genesis, type State, stateTables } from "./state.ts"

export const render = network<State, typeof commands, typeof events, typeof params, Refusal>({
  name: "render",
  because:
    "Frames rendered by anybody's graphics cards, judged by the artists who asked for them, and paid by a schedule while what is spent is burnt.",
  service: {
    unit: "frame",
    because: "A frame that an artist asked for, delivered before the artist's deadline.",
  },
  nodeWord: "node",
  commands,
  events,
  refusals,
  params,
  coherent,
  presets,
  defaultPreset: "rnp-019-2025-07-28",
  genesis,
  tables: stateTables,
  decide,
  evolve,
  cadences,
  invariants,
  metrics,
  detectedS: ({ service }) => service.detectedS[0],
  nodeMeasures,
  charts,
  inhabit,
  live,
  sabotage,
})
