/** Rounds of the matchmaker, frames delivered, approved and rejected. */
import type { Decide } from "../../kernel/network.ts"
import { isOpen } from "../../kernel/slots.ts"
import { addRow } from "../../kernel/table.ts"
import type { Commands, Refusal } from "./commands.ts"
import type { Events } from "./events.ts"
import { computeFrameState } from "./frame-state.ts"
import { findMatch, found } from "./matching.ts"
import type { RenderParams } from "./params.ts"
import type { State } from "./state.ts"
import { BY_ARTIST, BY_CHECK, BY_HAND } from "./units.ts"

type Decisions = Decide<State, Commands, Events, RenderParams, Refusal>
type To = Parameters<Decisions["RejectFrames"]>[4]

/** Frames, delivered or just uploaded, are rejected. A failed re-render too many quarantines the job. */
function reject(
  state: State,
  { out, params: v }: To,
  row: { job: number; node: number; delivery: number; frames: number; level: number; cause: number; atS: number },
): void {
  const to = out.FramesRejected
  const r = addRow(to)
  to.job[r] = row.job
  to.node[r] = row.node
  to.delivery[r] = row.delivery
  to.frames[r] = row.frames
  to.level[r] = row.level
  to.cause[r] = row.cause
  to.atS[r] = row.atS
  const { job } = state
  // Frames with no rejection behind them are no re-render: their first failure counts none.
  const isOut = computeFrameState(0, true, row.level, v.approveAfterHours, v.rerendersMax) === "quarantined"
  if (!isOut || job.quarantined[row.job] === 1) return
  const q = out.JobQuarantined
  const k = addRow(q)
  q.job[k] = row.job
  q.frames[k] = job.fresh[row.job] + job.again[row.job] + row.frames
  q.atS[k] = row.atS
}

export const decideWork: Pick<Decisions, "OpenRound" | "MatchFrames" | "DeliverFrames" | "ApproveFrames" | "RejectFrames"> = {
  OpenRound({ service }, rows, begin, end, { out, params: v, refuse }) {
    for (let i = begin; i < end; i++)
      if (rows.atS[i] < service.clockS[0]) refuse(i, "clock_runs_backwards")
      else {
        // Whatever the service last did shows that it stood then.
        const gap = service.clockS[0] === 0 ? 0 : rows.atS[i] - service.clockS[0]
        const to = out.RoundOpened
        const r = addRow(to)
        to.standstillS[r] = gap > v.standstillAfterS ? gap : 0
        to.atS[r] = rows.atS[i]
      }
  },
  MatchFrames(state, rows, begin, end, { out, params: v, refuse }) {
    for (let i = begin; i < end; i++)
      if (rows.atS[i] < state.service.clockS[0]) refuse(i, "clock_runs_backwards")
      else if (!findMatch(state, v)) refuse(i, "nothing_to_match")
      else {
        const to = out.FramesAssigned
        const r = addRow(to)
        to.job[r] = found.job
        to.node[r] = found.node
        to.frames[r] = found.frames
        to.level[r] = found.level
        to.rerender[r] = found.rerender
        to.atS[r] = rows.atS[i]
      }
  },
  DeliverFrames(state, rows, begin, end, context) {
    const { node, service } = state
    const { out, refuse } = context
    for (let i = begin; i < end; i++) {
      const n = rows.node[i]
      const frames = rows.frames[i]
      const failed = rows.failed[i]
      if (rows.atS[i] < service.clockS[0]) refuse(i, "clock_runs_backwards")
      else if (n >= node.length || node.registered[n] === 0) refuse(i, "unknown_node")
      else if (node.connected[n] === 0) refuse(i, "not_connected")
      else if (node.job[n] === 0) refuse(i, "no_frames_in_work")
      else if (frames + failed === 0) refuse(i, "nothing_asked")
      else if (frames + failed > node.frames[n]) refuse(i, "more_than_assigned")
      else {
        const atS = rows.atS[i]
        const j = node.job[n] - 1
        if (frames > 0) {
          const to = out.FramesRendered
          const r = addRow(to)
          to.job[r] = j
          to.node[r] = n
          to.frames[r] = frames
          to.atS[r] = atS
        }
        if (failed > 0)
          reject(state, context, { job: j, node: n, delivery: 0, frames: failed, level: node.level[n], cause: BY_CHECK, atS })
      }
    }
  },
  ApproveFrames({ job, service }, rows, begin, end, { out, refuse }) {
    for (let i = begin; i < end; i++) {
      const j = rows.job[i]
      if (rows.atS[i] < service.clockS[0]) refuse(i, "clock_runs_backwards")
      else if (!isOpen(job, j)) refuse(i, "unknown_job")
      else if (job.rendered[j] === 0) refuse(i, "nothing_to_approve")
      else {
        const to = out.FramesApproved
        const r = addRow(to)
        to.job[r] = j
        to.uptoS[r] = rows.atS[i] - service.pausedS[0]
        to.frames[r] = job.rendered[j]
        to.microCredit[r] = job.rendered[j] * job.microCredit[j]
        to.cause[r] = BY_HAND
        to.atS[r] = rows.atS[i]
      }
    }
  },
  RejectFrames(state, rows, begin, end, context) {
    const { delivery, job, service } = state
    const { refuse } = context
    for (let i = begin; i < end; i++) {
      const j = rows.job[i]
      const d = rows.delivery[i]
      if (rows.atS[i] < service.clockS[0]) refuse(i, "clock_runs_backwards")
      else if (!isOpen(job, j)) refuse(i, "unknown_job")
      else if (!isOpen(delivery, d) || delivery.job[d] !== j + 1) refuse(i, "unknown_delivery")
      else if (rows.frames[i] === 0) refuse(i, "nothing_asked")
      else if (rows.frames[i] > delivery.frames[d]) refuse(i, "more_than_delivered")
      else
        reject(state, context, {
          job: j,
          node: delivery.node[d],
          delivery: d + 1,
          frames: rows.frames[i],
          level: delivery.level[d],
          cause: BY_ARTIST,
          atS: rows.atS[i],
        })
    }
  },
}
