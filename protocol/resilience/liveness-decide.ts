/** What liveness answers to its commands, and what it finds out by itself each minute. */
import type { Invariants } from "../kernel/invariant.ts"
import type { DecideContext } from "../kernel/network.ts"
import { reserve, type Columns } from "../kernel/table.ts"
import { absence } from "../registry/decide.ts"
import { REGISTERED, type HasRegistry, type RegistryRefusal } from "../registry/registry.ts"
import { computePhiDeviations, computeSuspicionTimeout } from "./analytic/failure-detector.ts"
import {
  BY_OBSERVER,
  BY_SILENCE,
  DOWN,
  HEARD,
  SUSPECTED,
  type HasLiveness,
  type LivenessCommands,
  type LivenessEvents,
  type LivenessRefusal,
} from "./liveness.ts"
import { countAble, drawObservers, panel, scaleQuorum } from "./observers.ts"
import type { livenessParams } from "./params.ts"
import { addRow, since } from "./rows.ts"

type State = HasRegistry & HasLiveness
type To = Pick<
  DecideContext<LivenessEvents, typeof livenessParams, LivenessRefusal | RegistryRefusal>,
  "out" | "refuse" | "params"
>
type SettleTo = Pick<To, "out" | "params">
type Rows<K extends keyof LivenessCommands> = Columns<LivenessCommands[K]["shape"]>

const PHI = 1
const OBSERVERS = 2
/** A longer interval is an absence, not a sample; its square still fits. */
const SAMPLE_MAX_MS = 24 * 60 * 60 * 1000

export const livenessDecide = {
  SendHeartbeat(state: State, rows: Rows<"SendHeartbeat">, begin: number, end: number, { out, refuse, params }: To): void {
    const { status, heardS, beats, meanUs, varianceMs2, downS } = state.liveness.node
    const { status: registered, length } = state.registry.nodes
    const heard = out.HeartbeatHeard
    reserve(heard, end - begin)
    const { node: heardNode, at: heardAt } = heard
    const { livenessDetector, phiWindow } = params
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      const at = rows.at[i]
      if (livenessDetector === 0) refuse(i, "liveness_is_off")
      else if (node >= length || registered[node] !== REGISTERED) refuse(i, absence(state.registry, node)!)
      else if (beats[node] > 0 && at <= heardS[node]) refuse(i, "heartbeat_is_old")
      else {
        const k = heard.length++
        heardNode[k] = node
        heardAt[k] = at
        const ms = (at - heardS[node]) * 1000
        const wasHeard = status[node] === HEARD
        // The gap of an absence says nothing about how regular the node is.
        if (beats[node] > 0 && wasHeard && ms <= SAMPLE_MAX_MS && (meanUs[node] !== ms * 1000 || varianceMs2[node] !== 0))
          learn(out.RhythmLearnt, node, ms, meanUs[node], varianceMs2[node], Math.min(beats[node], phiWindow))
        if (wasHeard) continue
        if (status[node] === SUSPECTED) {
          const r = addRow(out.SuspicionRefuted)
          out.SuspicionRefuted.node[r] = node
          out.SuspicionRefuted.at[r] = at
        } else if (status[node] === DOWN) {
          const r = addRow(out.NodeRecovered)
          out.NodeRecovered.node[r] = node
          out.NodeRecovered.downSeconds[r] = since(downS[node], at)
          out.NodeRecovered.at[r] = at
        }
      }
    }
  },

  VoteSuspicion(state: State, rows: Rows<"VoteSuspicion">, begin: number, end: number, { out, refuse, params }: To): void {
    const { status, votes, beats, round } = state.liveness.node
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      const observer = rows.observer[i]
      const reason = absence(state.registry, node) ?? absence(state.registry, observer)
      if ((params.livenessDetector & OBSERVERS) === 0) {
        refuse(i, params.livenessDetector === 0 ? "liveness_is_off" : "observers_are_off")
        continue
      }
      if (reason !== undefined) {
        refuse(i, reason)
        continue
      }
      if (beats[node] === 0) {
        refuse(i, "node_never_spoke")
        continue
      }
      if (status[node] === DOWN) {
        refuse(i, "node_is_already_down")
        continue
      }
      // A first vote opens the next suspicion; its panel is the next one's.
      const fresh = status[node] === HEARD
      drawObservers(state.registry, params.observerSeed, node, fresh ? round[node] + 1 : round[node], params.observers)
      const bit = (1 << rows.seat[i]) >>> 0
      const before = fresh ? 0 : votes[node]
      if (rows.seat[i] >= params.observers || panel[rows.seat[i]] !== observer) refuse(i, "observer_is_not_drawn")
      else if (status[observer] === DOWN) refuse(i, "observer_is_down")
      else if ((before & bit) !== 0) refuse(i, "observer_has_voted")
      else {
        if (fresh) writeSuspicion(out, node, BY_OBSERVER, rows.at[i])
        const v = addRow(out.SuspicionVoted)
        out.SuspicionVoted.node[v] = node
        out.SuspicionVoted.seat[v] = rows.seat[i]
        out.SuspicionVoted.at[v] = rows.at[i]
        const quorum = scaleQuorum(
          params.observerQuorum,
          params.observers,
          countAble(state.liveness, params.observers, rows.at[i], params.suspicionMinSeconds),
        )
        if (countBits(before | bit) >= quorum) writeDown(out, node, rows.at[i])
      }
    }
  },
} as const

/** How many deviations late a heartbeat is at that threshold: asked every minute, and the same every minute. */
function deviationsOf(thresholdMilli: number): number {
  if (asked.thresholdMilli !== thresholdMilli) {
    asked.thresholdMilli = thresholdMilli
    asked.deviations = computePhiDeviations(thresholdMilli / 1000).akka
  }
  return asked.deviations
}
const asked = { thresholdMilli: -1, deviations: 0 }

/** Settlement lines, for the network's minute. */
export const livenessLines = {
  /** Nodes whose silence has reached the threshold of phi. */
  suspectSilent(state: State, at: number, { out, params }: SettleTo): void {
    if ((params.livenessDetector & PHI) === 0) return
    const { status, heardS, beats, meanUs, varianceMs2, length } = state.liveness.node
    const registered = state.registry.nodes.status
    const deviations = deviationsOf(params.phiThresholdMilli)
    const pauseS = params.phiPauseMs / 1000
    for (let node = 0; node < length; node++) {
      if (at - heardS[node] <= pauseS || status[node] !== HEARD || beats[node] < 2 || registered[node] !== REGISTERED) continue
      const quiet = (at - heardS[node]) * 1000 - params.phiPauseMs - meanUs[node] / 1000
      if (quiet <= 0) continue
      const deviation = Math.max(params.phiMinDeviationMs, Math.sqrt(varianceMs2[node]))
      if (quiet >= deviations * deviation) writeSuspicion(out, node, BY_SILENCE, at)
    }
  },
  /**
   * Suspected nodes of whom enough able observers have said so by now, as others of the panel went down; and those whose time to speak up has
   * run out, where the network listens to heartbeats only or nobody is left to ask.
   */
  confirmSilent(state: State, at: number, { out, params }: SettleTo): void {
    const { liveness: l, registry } = state
    if (params.livenessDetector === 0 || l.total.suspected[0] === 0) return
    const { status, suspectedS, votes, round, length } = l.node
    const asks = (params.livenessDetector & OBSERVERS) !== 0
    const min = params.suspicionMinSeconds * 1000
    for (let node = 0; node < length; node++) {
      if (status[node] !== SUSPECTED) continue
      const said = countBits(votes[node])
      if (asks) {
        drawObservers(registry, params.observerSeed, node, round[node], params.observers)
        const able = countAble(l, params.observers, at, params.suspicionMinSeconds)
        if (able > 0) {
          if (said > 0 && said >= scaleQuorum(params.observerQuorum, params.observers, able)) writeDown(out, node, at)
          continue
        }
      }
      const confirmed = asks ? said : params.observerQuorum
      const timeout = computeSuspicionTimeout(params.observerQuorum, min, min * params.suspicionMaxMult, confirmed)
      if ((at - suspectedS[node]) * 1000 >= timeout) writeDown(out, node, at)
    }
  },
} as const

/** Mean and variance of a node's intervals with one more of `ms`, the nth, where they are other than before. */
function learn(out: To["out"]["RhythmLearnt"], node: number, ms: number, before: number, square: number, n: number): void {
  let mean = before
  let variance = square
  if (n === 1 && mean === 0) mean = ms * 1000
  else {
    const delta = ms * 1000 - mean
    mean += Math.trunc(delta / n)
    const product = Math.trunc((delta / 1000) * ((ms * 1000 - mean) / 1000))
    variance = Math.max(0, variance + Math.trunc((product - variance) / n))
  }
  if (mean === before && variance === square) return
  const k = addRow(out)
  out.node[k] = node
  out.meanUs[k] = mean
  out.varianceMs2[k] = variance
}

function writeSuspicion(out: SettleTo["out"], node: number, by: number, at: number): void {
  const r = addRow(out.NodeSuspected)
  out.NodeSuspected.node[r] = node
  out.NodeSuspected.by[r] = by
  out.NodeSuspected.at[r] = at
}

function writeDown(out: SettleTo["out"], node: number, at: number): void {
  const r = addRow(out.NodeConfirmedDown)
  out.NodeConfirmedDown.node[r] = node
  out.NodeConfirmedDown.at[r] = at
}

export function countBits(mask: number): number {
  let n = 0
  for (let rest = mask >>> 0; rest !== 0; rest = (rest & (rest - 1)) >>> 0) n++
  return n
}

export type LivenessPromise = "liveness_totals_are_counted" | "only_the_heard_are_watched"
export const livenessInvariants: Record<LivenessPromise, Invariants<HasLiveness>[string]> = {
  liveness_totals_are_counted: {
    because: "metrics and declarations read the totals, so they must be the number of nodes in each status",
    check: ({ liveness: { node, total } }, report) => {
      let suspected = 0
      let down = 0
      for (let i = 0; i < node.length; i++) {
        if (node.status[i] === SUSPECTED) suspected++
        else if (node.status[i] === DOWN) down++
      }
      report.require(
        total.suspected[0] === suspected && total.down[0] === down,
        () => `totals say ${total.suspected[0]} suspected and ${total.down[0]} down, rows ${suspected} and ${down}`,
      )
    },
  },
  only_the_heard_are_watched: {
    because: "silence means something only of a node that spoke before",
    check: ({ liveness: { node } }, report) => {
      for (let i = 0; i < node.length; i++)
        if (node.beats[i] === 0 && node.status[i] !== HEARD)
          report.require(false, () => `node ${i} has status ${node.status[i]} but never spoke`)
    },
  },
}
export const livenessSabotage: Record<LivenessPromise, (state: HasLiveness) => void> = {
  liveness_totals_are_counted: ({ liveness }) => void liveness.total.down[0]++,
  only_the_heard_are_watched: ({ liveness: { node } }) => {
    node.beats[0] = 0
    node.status[0] = DOWN
  },
}
