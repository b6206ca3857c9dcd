/** The state of the centralised network: tables, genesis, and the promises that hold after every epoch. */
import type { Invariants } from "../../kernel/invariant.ts"
import { filled, table, type Table } from "../../kernel/table.ts"
import { count, count32, degreesE7, duration, flag, permille, seconds, unit } from "../../kernel/unit.ts"
import { revision, stage } from "./events.ts"

/** A roll-out is open from its publication until it is complete, halted or rolled back. */
export const ROLLING = 1
export const COMPLETE = 2
export const HALTED = 3
export const ROLLED_BACK = 4

/** One row per point of presence. Times are Unix seconds; 0 means never. */
export const popShape = {
  registered: flag,
  latE7: degreesE7,
  lngE7: degreesE7,
  /** The configuration in use, broken or not. */
  revision,
  /** The push it answered last; another than `revision` when it rejected that push. */
  answered: revision,
  answeredS: seconds,
  /** 1 while the configuration in use breaks the module that loads it. */
  broken: flag,
  brokenS: seconds,
  /** Seconds spent broken, up to the last time it was mended. */
  brokenSeconds: unit("s", "safe", 0),
  failures: count32,
  rejections: count32,
  /** 1 while it is heard from. */
  reporting: flag,
  errorPermille: permille,
  failing: flag,
  reportedS: seconds,
  reports: count32,
} as const

/** One row per published configuration: revision 1 is row 0. */
export const configShape = {
  features: unit("features", "u16"),
  publishedS: seconds,
  stages: stage,
  firstStagePermille: permille,
  bakeSeconds: duration,
  /** The stage reached, from 1. */
  stage,
  status: unit("1 rolling, 2 complete, 3 halted, 4 rolled back", "u8", 1, 4),
  knownGood: flag,
  loaded: count32,
  failed: count32,
  rejected: count32,
} as const

/** One row: what the one control plane believes. */
export const controlShape = {
  registered: count32,
  /** Sums over the PoPs heard from lately, kept so that a test of the fleet costs the same for any number of PoPs. */
  reporting: count32,
  failing: count32,
  errorSum: unit("‰", "safe", 0),
  failingSinceS: seconds,
  calmSinceS: seconds,
  /** What PoPs outside an open roll-out are meant to run. */
  current: revision,
  /** The open roll-out; 0 when there is none. */
  rolling: revision,
  lastKnownGood: revision,
  pushedS: seconds,
  probes: count,
  probedS: seconds,
  /** Tests failed, or passed, in a row. One of them is 0. */
  failedProbes: count32,
  passedProbes: count32,
  passingSinceS: seconds,
  passedS: seconds,
  /** An incident is open while more were opened than cleared. */
  incidentsOpened: count32,
  incidentsCleared: count32,
  /** Times of the latest incident; of the one before it, where the open one is not mitigated yet. */
  onsetS: seconds,
  detectedS: seconds,
  mitigatedS: seconds,
  clearedS: seconds,
  incidentSeconds: unit("s", "safe", 0),
  halts: count32,
  rollbacks: count32,
  failures: count,
  rejections: count,
  reports: count,
} as const

export interface State {
  readonly pop: Table<typeof popShape>
  readonly config: Table<typeof configShape>
  readonly control: Table<typeof controlShape>
}

export const genesis = ({ nodes }: { readonly nodes: number }): State => ({
  pop: filled(popShape, nodes),
  config: table(configShape, 64),
  control: filled(controlShape, 1),
})

export const stateTables = (state: State): Readonly<Record<string, Table>> => state as unknown as Record<string, Table>

/** Configurations change on few days of a year, yet stay for ever: they are hashed only when one did. */
export const seldom = ["config"] as const

export const isIncidentOpen = ({ control }: State): boolean => control.incidentsOpened[0] > control.incidentsCleared[0]

const sumOf = (column: ArrayLike<number>, length: number): number => {
  let sum = 0
  for (let i = 0; i < length; i++) sum += column[i]
  return sum
}

export const invariants: Invariants<State> = {
  loaded_revision_was_published: {
    because: "A PoP can only run what the control plane handed out.",
    check({ pop, config }, report) {
      for (let node = 0; node < pop.length; node++) {
        const most = Math.max(pop.revision[node], pop.answered[node])
        report.require(
          most <= config.length,
          () => `PoP ${node} knows revision ${most}, but only ${config.length} were published`,
        )
      }
    },
  },
  at_most_one_rollout_is_open: {
    because: "Two at once could not be told apart by their effects, nor rolled back one without the other.",
    check({ control, config }, report) {
      let open = 0
      for (let i = 0; i < config.length; i++)
        if (config.status[i] === ROLLING) {
          open++
          report.require(
            i + 1 === control.rolling[0],
            () => `revision ${i + 1} is rolling out, the control plane rolls out ${control.rolling[0]}`,
          )
        }
      const expected = control.rolling[0] === 0 ? 0 : 1
      report.require(open === expected, () => `${open} roll-outs are open, the control plane counts ${expected}`)
    },
  },
  rollout_stays_within_its_stages: {
    because: "A stage beyond the last would reach nobody and never complete.",
    check({ config }, report) {
      for (let i = 0; i < config.length; i++) {
        const { stage: reached, stages } = config
        report.require(
          reached[i] >= 1 && reached[i] <= stages[i],
          () => `revision ${i + 1} reached stage ${reached[i]} of ${stages[i]}`,
        )
      }
    },
  },
  last_known_good_is_published: {
    because: "It is where a rollback leads: it must exist, and every PoP that answered must have been able to load it.",
    check({ control, config }, report) {
      const good = control.lastKnownGood[0]
      if (good === 0) return
      report.require(
        good <= config.length && config.knownGood[good - 1] === 1,
        () => `last known good is ${good}, which of ${config.length} revisions is not known to be good`,
      )
    },
  },
  incident_times_are_ordered: {
    because: "Onset, detection, mitigation and clearance come in this order, or no duration read from them means anything.",
    check(state, report) {
      const { onsetS, detectedS, mitigatedS, clearedS, incidentsOpened, incidentsCleared } = state.control
      const open = incidentsOpened[0] - incidentsCleared[0]
      report.require(
        open === 0 || open === 1,
        () => `${incidentsOpened[0]} incidents were opened and ${incidentsCleared[0]} cleared`,
      )
      report.require(onsetS[0] <= detectedS[0], () => `the onset at ${onsetS[0]} comes after its detection at ${detectedS[0]}`)
      if (isIncidentOpen(state)) return
      report.require(
        detectedS[0] <= mitigatedS[0],
        () => `the incident detected at ${detectedS[0]} was mitigated before that, at ${mitigatedS[0]}`,
      )
      report.require(
        mitigatedS[0] <= clearedS[0],
        () => `the incident mitigated at ${mitigatedS[0]} was cleared before that, at ${clearedS[0]}`,
      )
    },
  },
  failing_count_matches_rows: {
    because: "The sums are kept beside the rows; they must say the same.",
    check({ pop, control }, report) {
      for (const name of ["registered", "reporting", "failing"] as const) {
        const rows = sumOf(pop[name], pop.length)
        report.require(
          control[name][0] === rows,
          () => `the control plane counts ${control[name][0]} PoPs ${name}, the rows say ${rows}`,
        )
      }
    },
  },
  error_sum_matches_rows: {
    because: "The mean error that opens an incident is taken from a kept sum.",
    check({ pop, control }, report) {
      const rows = sumOf(pop.errorPermille, pop.length)
      report.require(
        control.errorSum[0] === rows,
        () => `the control plane sums errors to ${control.errorSum[0]} ‰, the rows to ${rows} ‰`,
      )
    },
  },
  answers_match_configs: {
    because: "Every failure and rejection is one answer to one configuration.",
    check({ control, config }, report) {
      const failed = sumOf(config.failed, config.length)
      const rejected = sumOf(config.rejected, config.length)
      report.require(
        control.failures[0] === failed,
        () => `${control.failures[0]} failures are counted, the configurations say ${failed}`,
      )
      report.require(
        control.rejections[0] === rejected,
        () => `${control.rejections[0]} rejections are counted, the configurations say ${rejected}`,
      )
    },
  },
}

/** One broken state per promise, so that a test sees each promise caught. */
export const sabotage: Readonly<Record<string, (state: State) => void>> = {
  loaded_revision_was_published: ({ pop, config }) => void (pop.revision[0] = config.length + 1),
  at_most_one_rollout_is_open: ({ control }) => void (control.rolling[0] = control.rolling[0] === 0 ? 1 : 0),
  rollout_stays_within_its_stages: ({ config }) => {
    // A fresh state has no configuration yet; a row of zeros is stage 0 of 0.
    if (config.length === 0) config.length = 1
    config.stage[0] = config.stages[0] + 1
  },
  last_known_good_is_published: ({ control, config }) => void (control.lastKnownGood[0] = config.length + 1),
  incident_times_are_ordered: ({ control }) => void (control.onsetS[0] = control.detectedS[0] + 1),
  failing_count_matches_rows: ({ control }) => void control.failing[0]++,
  error_sum_matches_rows: ({ control }) => void control.errorSum[0]++,
  answers_match_configs: ({ control }) => void control.failures[0]++,
}
