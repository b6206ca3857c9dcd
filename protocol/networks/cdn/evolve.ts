/** Events change the state here: total, silent, and blind to anything but their rows. */
import type { Evolve } from "../../kernel/network.ts"
import { reserve, touch, type Table } from "../../kernel/table.ts"
import { FAILED, LOADED, REJECTED, type Events } from "./events.ts"
import { COMPLETE, HALTED, ROLLED_BACK, ROLLING, type State } from "./state.ts"

export const evolve: Evolve<State, Events> = {
  PopRegistered({ pop, control }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      pop.registered[node] = 1
      pop.latE7[node] = rows.latE7[i]
      pop.lngE7[node] = rows.lngE7[i]
      control.registered[0]++
    }
  },

  ConfigPublished({ config, control }, rows, begin, end) {
    reserve(config as unknown as Table, end - begin)
    for (let i = begin; i < end; i++) {
      const c = config.length++
      config.features[c] = rows.features[i]
      config.publishedS[c] = rows.atS[i]
      config.stages[c] = rows.stages[i]
      config.firstStagePermille[c] = rows.firstStagePermille[i]
      config.bakeSeconds[c] = rows.bakeSeconds[i]
      config.stage[c] = 1
      config.status[c] = ROLLING
      // A restored table may hold old rows beyond its length.
      config.knownGood[c] = config.loaded[c] = config.failed[c] = config.rejected[c] = 0
      control.rolling[0] = rows.revision[i]
      control.pushedS[0] = rows.atS[i]
    }
    touch(config as unknown as Table)
  },

  ConfigAnswered({ pop, config, control }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      const c = rows.revision[i] - 1
      const atS = rows.atS[i]
      const outcome = rows.outcome[i]
      pop.answered[node] = rows.revision[i]
      pop.answeredS[node] = atS
      if (outcome === REJECTED) {
        pop.rejections[node]++
        config.rejected[c]++
        control.rejections[0]++
        continue
      }
      pop.revision[node] = rows.revision[i]
      if (outcome === LOADED) {
        if (pop.broken[node] === 1) pop.brokenSeconds[node] += atS - pop.brokenS[node]
        pop.broken[node] = 0
        config.loaded[c]++
      } else if (outcome === FAILED) {
        if (pop.broken[node] === 0) pop.brokenS[node] = atS
        pop.broken[node] = 1
        pop.failures[node]++
        config.failed[c]++
        control.failures[0]++
      }
    }
    touch(config as unknown as Table)
  },

  StageAdvanced({ config, control }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      config.stage[rows.revision[i] - 1] = rows.stage[i]
      control.pushedS[0] = rows.atS[i]
    }
    touch(config as unknown as Table)
  },

  RolloutCompleted({ config, control }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      const revision = rows.revision[i]
      config.status[revision - 1] = COMPLETE
      config.knownGood[revision - 1] = rows.knownGood[i]
      control.rolling[0] = 0
      control.current[0] = revision
      if (rows.knownGood[i] === 1) control.lastKnownGood[0] = revision
    }
    touch(config as unknown as Table)
  },

  RolloutHalted({ config, control }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      config.status[rows.revision[i] - 1] = HALTED
      control.rolling[0] = 0
      control.halts[0]++
    }
    touch(config as unknown as Table)
  },

  ConfigRolledBack({ config, control }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      const c = rows.revision[i] - 1
      // "Halted" says more than "rolled back": it stays.
      if (config.status[c] !== HALTED) config.status[c] = ROLLED_BACK
      control.rolling[0] = 0
      control.current[0] = rows.toRevision[i]
      control.lastKnownGood[0] = rows.toRevision[i]
      control.pushedS[0] = rows.atS[i]
      control.rollbacks[0]++
    }
    touch(config as unknown as Table)
  },

  HealthReported({ pop, control }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      if (pop.reporting[node] === 0) {
        pop.reporting[node] = 1
        control.reporting[0]++
      }
      setHealth({ pop, control }, node, rows.errorPermille[i], rows.failing[i], rows.atS[i])
      pop.reportedS[node] = rows.atS[i]
      pop.reports[node]++
      control.reports[0]++
    }
  },

  PopWentSilent({ pop, control }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      setHealth({ pop, control }, node, 0, 0, rows.atS[i])
      pop.reporting[node] = 0
      control.reporting[0]--
    }
  },

  FleetProbed({ control }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      control.probes[0]++
      control.probedS[0] = rows.atS[i]
      if (rows.failed[i] === 1) {
        control.failedProbes[0]++
        control.passedProbes[0] = 0
      } else {
        if (control.passedProbes[0] === 0) control.passingSinceS[0] = rows.atS[i]
        control.passedProbes[0]++
        control.failedProbes[0] = 0
        control.passedS[0] = rows.atS[i]
      }
    }
  },

  IncidentOpened({ control }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      control.incidentsOpened[0]++
      control.onsetS[0] = rows.onsetS[i]
      control.detectedS[0] = rows.detectedS[i]
    }
  },

  IncidentCleared({ control }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      control.incidentsCleared[0]++
      control.mitigatedS[0] = rows.mitigatedS[i]
      control.clearedS[0] = rows.clearedS[i]
      control.incidentSeconds[0] += rows.lastedSeconds[i]
    }
  },
}

/** A PoP's row and the sums kept over all rows change together. */
function setHealth(
  { pop, control }: Pick<State, "pop" | "control">,
  node: number,
  errorPermille: number,
  failing: number,
  atS: number,
): void {
  const before = control.failing[0]
  control.errorSum[0] += errorPermille - pop.errorPermille[node]
  control.failing[0] += failing - pop.failing[node]
  pop.errorPermille[node] = errorPermille
  pop.failing[node] = failing
  if (before === 0 && failing === 1) control.failingSinceS[0] = atS
  if (before > 0 && control.failing[0] === 0) control.calmSinceS[0] = atS
}
