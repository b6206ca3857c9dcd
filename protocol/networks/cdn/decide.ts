/** Commands become events or refusals: read, refuse, write. */
import type { Decide } from "../../kernel/network.ts"
import { addRow, type Table } from "../../kernel/table.ts"
import type { Commands, Refusal } from "./commands.ts"
import type { Events } from "./events.ts"
import type { CdnParams } from "./params.ts"
import { computeExposure, newestRevision, targetRevision } from "./rollout.ts"
import { isIncidentOpen, type State } from "./state.ts"

export const decide: Decide<State, Commands, Events, CdnParams, Refusal> = {
  RegisterPop({ pop }, rows, begin, end, { out, refuse }) {
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      if (node >= pop.length) refuse(i, "unknown_node")
      else if (pop.registered[node] === 1) refuse(i, "already_registered")
      else {
        const to = out.PopRegistered
        const r = addRow(to)
        to.node[r] = node
        to.latE7[r] = rows.latE7[i]
        to.lngE7[r] = rows.lngE7[i]
        to.atS[r] = rows.atS[i]
      }
    }
  },

  PublishConfig({ config, control }, rows, begin, end, { out, params, refuse }) {
    for (let i = begin; i < end; i++) {
      if (rows.features[i] === 0) refuse(i, "file_is_empty")
      else if (control.rolling[0] !== 0) refuse(i, "rollout_in_progress")
      else if (rows.atS[i] < control.pushedS[0]) refuse(i, "out_of_order")
      else {
        // The first configuration has nothing to fall back on, so there is nothing to gain from stages.
        const first = control.lastKnownGood[0] === 0
        const to = out.ConfigPublished
        const r = addRow(to)
        to.revision[r] = config.length + 1
        to.features[r] = rows.features[i]
        to.stages[r] = first ? 1 : params.rolloutStages
        to.firstStagePermille[r] = params.firstStagePermille
        to.bakeSeconds[r] = first ? 0 : Math.max(params.propagationSeconds, params.rolloutBakeSeconds)
        to.atS[r] = rows.atS[i]
      }
    }
  },

  AcknowledgeConfig(state, rows, begin, end, { out, refuse }) {
    const { pop, config } = state
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      const revision = rows.revision[i]
      if (node >= pop.length || pop.registered[node] === 0) refuse(i, "unknown_pop")
      else if (revision === 0 || revision > config.length) refuse(i, "unknown_revision")
      else if (targetRevision(state, node) !== revision) refuse(i, "not_pushed_here")
      else if (pop.answered[node] === revision) refuse(i, "already_answered")
      else if (rows.atS[i] < pop.answeredS[node]) refuse(i, "out_of_order")
      else {
        const to = out.ConfigAnswered
        const r = addRow(to)
        to.node[r] = node
        to.revision[r] = revision
        to.outcome[r] = rows.outcome[i]
        to.atS[r] = rows.atS[i]
      }
    }
  },

  AdvanceRollout(state, rows, begin, end, { out, params, refuse }) {
    const { config, control } = state
    for (let i = begin; i < end; i++) {
      const atS = rows.atS[i]
      const revision = control.rolling[0]
      if (revision === 0) {
        refuse(i, "no_rollout_in_progress")
        continue
      }
      if (atS < control.pushedS[0]) {
        refuse(i, "out_of_order")
        continue
      }
      const c = revision - 1
      const staged = config.stages[c] > 1
      const { exposed, hurt } = staged ? computeExposure(state) : { exposed: 0, hurt: 0 }
      if (staged && hurt * 1000 > exposed * params.canaryHaltErrorPermille) {
        const halted = out.RolloutHalted
        const h = addRow(halted)
        halted.revision[h] = revision
        halted.stage[h] = config.stage[c]
        halted.exposed[h] = exposed
        halted.hurt[h] = hurt
        halted.atS[h] = atS
        writeRollback(out.ConfigRolledBack, revision, control.lastKnownGood[0], atS)
      } else if (atS < control.pushedS[0] + config.bakeSeconds[c]) refuse(i, "still_baking")
      else if (config.stage[c] < config.stages[c]) {
        const to = out.StageAdvanced
        const r = addRow(to)
        to.revision[r] = revision
        to.stage[r] = config.stage[c] + 1
        to.atS[r] = atS
      } else {
        const to = out.RolloutCompleted
        const r = addRow(to)
        to.revision[r] = revision
        to.knownGood[r] = config.loaded[c] > 0 && config.failed[c] + config.rejected[c] === 0 ? 1 : 0
        to.atS[r] = atS
      }
    }
  },

  RollBackConfig(state, rows, begin, end, { out, refuse }) {
    const { config, control } = state
    for (let i = begin; i < end; i++) {
      const revision = rows.revision[i]
      if (revision === 0 || revision > config.length) refuse(i, "unknown_revision")
      else if (config.knownGood[revision - 1] === 0) refuse(i, "not_known_good")
      else if (control.rolling[0] === 0 && control.current[0] === revision) refuse(i, "already_current")
      else if (rows.atS[i] < control.pushedS[0]) refuse(i, "out_of_order")
      else writeRollback(out.ConfigRolledBack, newestRevision(state), revision, rows.atS[i])
    }
  },

  ReportHealth({ pop }, rows, begin, end, { out, params, refuse }) {
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      if (node >= pop.length || pop.registered[node] === 0) refuse(i, "unknown_pop")
      else if (rows.atS[i] < pop.reportedS[node]) refuse(i, "out_of_order")
      else {
        const to = out.HealthReported
        const r = addRow(to)
        to.node[r] = node
        to.errorPermille[r] = rows.errorPermille[i]
        to.failing[r] = rows.errorPermille[i] >= params.detectFailingPermille ? 1 : 0
        to.atS[r] = rows.atS[i]
      }
    }
  },

  ProbeFleet(state, rows, begin, end, { out, params, refuse }) {
    const { control } = state
    for (let i = begin; i < end; i++) {
      const atS = rows.atS[i]
      if (control.probes[0] > 0 && atS <= control.probedS[0]) {
        refuse(i, "out_of_order")
        continue
      }
      if (control.reporting[0] === 0) {
        refuse(i, "nothing_to_probe")
        continue
      }
      const errorPermille = Math.floor(control.errorSum[0] / control.reporting[0])
      const failed = errorPermille >= params.detectFailingPermille
      const probed = out.FleetProbed
      const p = addRow(probed)
      probed.errorPermille[p] = errorPermille
      probed.failed[p] = failed ? 1 : 0
      probed.atS[p] = atS
      const open = isIncidentOpen(state)
      if (failed && !open && control.failedProbes[0] + 1 >= params.detectProbes) {
        const to = out.IncidentOpened
        const r = addRow(to)
        // The trouble began when the first PoP failed, but not before the last test that found the fleet well.
        to.onsetS[r] = Math.min(atS, Math.max(control.failingSinceS[0], control.passedS[0]))
        to.detectedS[r] = atS
        to.errorPermille[r] = errorPermille
      } else if (!failed && open && control.passedProbes[0] + 1 >= params.clearProbes) {
        const to = out.IncidentCleared
        const r = addRow(to)
        const passingS = control.passedProbes[0] === 0 ? atS : control.passingSinceS[0]
        const calmS = control.failing[0] === 0 ? control.calmSinceS[0] : passingS
        to.mitigatedS[r] = Math.min(atS, Math.max(control.detectedS[0], calmS))
        to.clearedS[r] = atS
        to.lastedSeconds[r] = to.mitigatedS[r] - control.onsetS[0]
      }
    }
  },
}

function writeRollback(to: Table<Events["ConfigRolledBack"]["shape"]>, revision: number, toRevision: number, atS: number): void {
  const r = addRow(to)
  to.revision[r] = revision
  to.toRevision[r] = toRevision
  to.atS[r] = atS
}
