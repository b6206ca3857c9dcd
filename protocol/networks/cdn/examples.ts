/** The centralised comparator by example: good pushes, a bad one, and everything that is refused. */
import { HOUR, MINUTE } from "../../kernel/clock.ts"
import { examplesFor } from "../../kernel/example.ts"
import type { Fact } from "../../kernel/row-type.ts"
import type { Commands } from "./commands.ts"
import { FAILED, LOADED, REJECTED } from "./events.ts"
import { cdn } from "./index.ts"

/** 2025-11-18T11:00:00Z. */
const T = 20_410 * 24 * HOUR + 11 * HOUR

type Ask = Fact<Commands>
const register = (node: number): Ask => ({ type: "RegisterPop", node, latE7: 10, lngE7: -20, atS: T })
const publish = (atS: number, features = 60): Ask => ({ type: "PublishConfig", features, atS })
const answer = (node: number, revision: number, outcome: number, atS: number): Ask => ({
  type: "AcknowledgeConfig",
  node,
  revision,
  outcome,
  atS,
})
const advance = (atS: number): Ask => ({ type: "AdvanceRollout", atS })
const report = (node: number, errorPermille: number, atS: number): Ask => ({ type: "ReportHealth", node, errorPermille, atS })
const probe = (atS: number): Ask => ({ type: "ProbeFleet", atS })
const rollBack = (revision: number, atS: number): Ask => ({ type: "RollBackConfig", revision, atS })

/** Three PoPs at work on revision 1, which is known to be good. */
const AT_WORK: readonly Ask[] = [
  register(0),
  register(1),
  register(2),
  publish(T),
  ...[0, 1, 2].map((node) => answer(node, 1, LOADED, T + 5)),
  advance(T + MINUTE),
]
const STAGED = { rolloutStages: 3, rolloutBakeSeconds: 300, firstStagePermille: 340 }

export const examples = examplesFor(cdn)([
  {
    name: "a bad file goes everywhere at once; three tests notice, a person rolls back, an hour of calm clears it",
    nodes: 4,
    params: { clearProbes: 3 },
    steps: [
      { ask: AT_WORK },
      { ask: [0, 1, 2].map((node) => report(node, 0, T + 2 * MINUTE)) },
      {
        ask: [
          probe(T + 3 * MINUTE),
          publish(T + 5 * MINUTE, 240),
          ...[0, 1, 2].map((node) => answer(node, 2, FAILED, T + 5 * MINUTE + node)),
        ],
      },
      { ask: [...[0, 1, 2].map((node) => report(node, 750, T + 6 * MINUTE)), advance(T + 6 * MINUTE)] },
      { ask: [6, 7, 8].map((m) => probe(T + m * MINUTE)) },
      { ask: [rollBack(1, T + 20 * MINUTE), ...[0, 1, 2].map((node) => answer(node, 1, LOADED, T + 20 * MINUTE + node))] },
      { ask: [0, 1, 2].map((node) => report(node, 0, T + 21 * MINUTE)) },
      { ask: [21, 22, 23].map((m) => probe(T + m * MINUTE)) },
      { settle: "hour", at: T + HOUR },
      { settle: "hour", at: T + 3 * HOUR },
    ],
    events: [
      "PopRegistered",
      "ConfigPublished",
      "ConfigAnswered",
      "RolloutCompleted",
      "HealthReported",
      "FleetProbed",
      "IncidentOpened",
      "ConfigRolledBack",
      "IncidentCleared",
      "PopWentSilent",
    ],
    refusals: [],
  },
  {
    name: "with stages a good file goes on step by step, and a bad one is halted at the first",
    nodes: 3,
    params: STAGED,
    steps: [
      { ask: AT_WORK },
      { ask: [publish(T + HOUR), answer(0, 2, LOADED, T + HOUR + 5), advance(T + HOUR + 299), advance(T + HOUR + 300)] },
      {
        ask: [
          answer(1, 2, LOADED, T + HOUR + 305),
          advance(T + HOUR + 600),
          answer(2, 2, LOADED, T + HOUR + 605),
          advance(T + HOUR + 900),
        ],
      },
      { ask: [publish(T + 2 * HOUR, 240), answer(0, 3, REJECTED, T + 2 * HOUR + 5), advance(T + 2 * HOUR + 60)] },
    ],
    events: [
      "PopRegistered",
      "ConfigPublished",
      "ConfigAnswered",
      "RolloutCompleted",
      "StageAdvanced",
      "RolloutHalted",
      "ConfigRolledBack",
    ],
    refusals: ["still_baking"],
  },
  {
    name: "everything that is refused, and a rule that changes",
    nodes: 3,
    params: STAGED,
    steps: [
      { ask: [probe(T), register(3), register(0), register(0), report(2, 0, T), advance(T)] },
      { ask: [register(1), register(2), publish(T, 0), publish(T), publish(T)] },
      {
        ask: [
          answer(0, 9, LOADED, T),
          answer(0, 1, LOADED, T + 5),
          answer(0, 1, LOADED, T + 5),
          advance(T - 1),
          rollBack(1, T + 6),
          advance(T + MINUTE),
        ],
      },
      {
        ask: [
          rollBack(1, T + 2 * MINUTE),
          publish(T + 2 * MINUTE),
          ...[0, 1, 2].map((node) => answer(node, 2, LOADED, T + 2 * MINUTE)),
        ],
      },
      { change: "detectProbes", value: 1 },
    ],
    events: ["PopRegistered", "ConfigPublished", "ConfigAnswered", "RolloutCompleted", "ParameterChanged"],
    refusals: [
      "unknown_node",
      "already_registered",
      "unknown_pop",
      "file_is_empty",
      "no_rollout_in_progress",
      "rollout_in_progress",
      "unknown_revision",
      "not_known_good",
      "already_current",
      "not_pushed_here",
      "already_answered",
      "out_of_order",
      "nothing_to_probe",
    ],
  },
])
