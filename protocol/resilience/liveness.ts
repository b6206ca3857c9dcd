/**
 * Mechanism 1, liveness: what the network believes about who is there. Heartbeats feed a phi-accrual detector; observers drawn by chance
 * confirm, as in SWIM; whoever speaks up in time refutes.
 *
 * A component: a network embeds `liveness` in its state beside the registry and spreads the parts into its own. It counts refuted
 * suspicions; true false positives are only known to the world and measured there.
 */
import { command, event } from "../kernel/row-type.ts"
import { filled, type AnyTable, type Columns, type Table } from "../kernel/table.ts"
import { count, count32, nodeIndex, seconds, unit } from "../kernel/unit.ts"

export const HEARD = 0
export const SUSPECTED = 1
export const DOWN = 2

const seat = unit("seat of a panel", "u8", 0, 30)
const mask = unit("bits: seats that voted", "u32")
const microseconds = unit("µs", "safe", 0)
const squareMs = unit("ms²", "safe", 0)
const byWhom = unit("0 silence, 1 an observer", "u8", 0, 1)
export const BY_SILENCE = 0
export const BY_OBSERVER = 1

export const livenessShape = {
  status: unit("0 heard, 1 suspected, 2 down", "u8", HEARD, DOWN),
  beats: count32,
  heardS: seconds,
  /** Of the intervals between its heartbeats: the detector's memory. */
  meanUs: microseconds,
  varianceMs2: squareMs,
  suspectedS: seconds,
  downS: seconds,
  /** Suspicions so far: the number of the panel that judges. */
  round: count32,
  votes: mask,
} as const
const totalShape = {
  suspected: count32,
  down: count32,
  beats: count,
  suspicions: count,
  refuted: count,
  confirmed: count,
  recovered: count,
  downSeconds: count,
} as const

export interface Liveness {
  readonly node: Table<typeof livenessShape>
  readonly total: Table<typeof totalShape>
}
export interface HasLiveness {
  readonly liveness: Liveness
}
export const liveness = (nodes: number): Liveness => ({ node: filled(livenessShape, nodes), total: filled(totalShape, 1) })
export const livenessTables = (l: Liveness): Record<string, AnyTable> => ({ "liveness.node": l.node, "liveness.total": l.total })

export const livenessEvents = {
  HeartbeatHeard: event("a node said that it is there", { node: nodeIndex, at: seconds }),
  RhythmLearnt: event("the intervals between a node's heartbeats are other than they were", {
    node: nodeIndex,
    meanUs: microseconds,
    varianceMs2: squareMs,
  }),
  NodeSuspected: event("a node was silent for too long, or an observer could not reach it", {
    node: nodeIndex,
    by: byWhom,
    at: seconds,
  }),
  SuspicionVoted: event("an observer could not reach it either", { node: nodeIndex, seat, at: seconds }),
  NodeConfirmedDown: event("enough observers agreed, or nobody objected in time", { node: nodeIndex, at: seconds }),
  SuspicionRefuted: event("a suspected node spoke up in time", { node: nodeIndex, at: seconds }),
  NodeRecovered: event("a node that was down speaks again", { node: nodeIndex, downSeconds: seconds, at: seconds }),
} as const
export type LivenessEvents = typeof livenessEvents

export const livenessCommands = {
  SendHeartbeat: command(
    "say that the node is there",
    { node: nodeIndex, at: seconds },
    ["HeartbeatHeard", "RhythmLearnt", "SuspicionRefuted", "NodeRecovered"],
    { ascending: "node" },
  ),
  VoteSuspicion: command(
    "say as a drawn observer that a node does not answer",
    { observer: nodeIndex, seat, node: nodeIndex, at: seconds },
    ["NodeSuspected", "SuspicionVoted", "NodeConfirmedDown"],
  ),
} as const
export type LivenessCommands = typeof livenessCommands

/** In order of precedence, after the registry's `absence`. */
export const livenessRefusals = {
  liveness_is_off: "the network does not watch who is there",
  heartbeat_is_old: "a heartbeat must be later than the one before",
  observers_are_off: "this network listens to heartbeats only",
  observer_is_not_drawn: "only the observers drawn for this suspicion are asked, each on its own seat",
  observer_is_down: "who is believed to be down cannot bear witness",
  observer_has_voted: "one seat, one vote",
  node_is_already_down: "there is nothing left to confirm",
  node_never_spoke: "a node that was never heard is not watched",
} as const
export type LivenessRefusal = keyof typeof livenessRefusals

type Rows<K extends keyof LivenessEvents> = Columns<LivenessEvents[K]["shape"]>

export const livenessEvolve = {
  HeartbeatHeard({ liveness: l }: HasLiveness, rows: Rows<"HeartbeatHeard">, begin: number, end: number): void {
    const { heardS, beats } = l.node
    const { node: nodes, at } = rows
    for (let i = begin; i < end; i++) {
      const node = nodes[i]
      heardS[node] = at[i]
      beats[node]++
    }
    l.total.beats[0] += end - begin
  },
  RhythmLearnt({ liveness: l }: HasLiveness, rows: Rows<"RhythmLearnt">, begin: number, end: number): void {
    for (let i = begin; i < end; i++) {
      l.node.meanUs[rows.node[i]] = rows.meanUs[i]
      l.node.varianceMs2[rows.node[i]] = rows.varianceMs2[i]
    }
  },
  NodeSuspected({ liveness: l }: HasLiveness, rows: Rows<"NodeSuspected">, begin: number, end: number): void {
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      l.node.status[node] = SUSPECTED
      l.node.suspectedS[node] = rows.at[i]
      l.node.round[node]++
      l.node.votes[node] = 0
    }
    l.total.suspected[0] += end - begin
    l.total.suspicions[0] += end - begin
  },
  SuspicionVoted({ liveness: l }: HasLiveness, rows: Rows<"SuspicionVoted">, begin: number, end: number): void {
    for (let i = begin; i < end; i++) l.node.votes[rows.node[i]] = (l.node.votes[rows.node[i]] | (1 << rows.seat[i])) >>> 0
  },
  NodeConfirmedDown({ liveness: l }: HasLiveness, rows: Rows<"NodeConfirmedDown">, begin: number, end: number): void {
    for (let i = begin; i < end; i++) {
      l.node.status[rows.node[i]] = DOWN
      l.node.downS[rows.node[i]] = rows.at[i]
    }
    l.total.suspected[0] -= end - begin
    l.total.down[0] += end - begin
    l.total.confirmed[0] += end - begin
  },
  SuspicionRefuted({ liveness: l }: HasLiveness, rows: Rows<"SuspicionRefuted">, begin: number, end: number): void {
    for (let i = begin; i < end; i++) l.node.status[rows.node[i]] = HEARD
    l.total.suspected[0] -= end - begin
    l.total.refuted[0] += end - begin
  },
  NodeRecovered({ liveness: l }: HasLiveness, rows: Rows<"NodeRecovered">, begin: number, end: number): void {
    for (let i = begin; i < end; i++) {
      l.node.status[rows.node[i]] = HEARD
      l.total.downSeconds[0] += rows.downSeconds[i]
    }
    l.total.down[0] -= end - begin
    l.total.recovered[0] += end - begin
  },
} as const
