/** Proofs of storage, and what is declared about faults. */
import type { Decide } from "../../kernel/network.ts"
import { addRow, reserve } from "../../kernel/table.ts"
import { isInDebt } from "./books.ts"
import { epochAt, isInHistory, nextDeadline, slotAt, SLOT_S } from "./chain-time.ts"
import { countDeadline } from "./cohorts.ts"
import type { Commands, Refusal } from "./commands.ts"
import { DEADLINES, isCutoffPassed } from "./deadlines.ts"
import { DECLARED, type Events, SKIPPED } from "./events.ts"
import type { FilecoinParams } from "./params.ts"
import type { State } from "./state.ts"
import { isHalted, roomFor } from "./tipsets.ts"

type Decisions = Decide<State, Commands, Events, FilecoinParams, Refusal>

const isMiner = ({ miner }: State, node: number): boolean => node < miner.length && miner.created[node] === 1

const isTooLate = ({ miner }: State, node: number, deadline: number, epoch: number): boolean =>
  isCutoffPassed(nextDeadline(miner.offset[node], deadline, epoch), epoch)

export const decideProofs: Pick<Decisions, "SubmitWindowPoSt" | "DeclareFaults" | "DeclareRecoveries"> = {
  SubmitWindowPoSt(state, rows, begin, end, { out, params: v, refuse }) {
    const { live, faulty, recovering, unproven } = state.deadline
    const { created, offset, provenSlot, length: nodes } = state.miner
    const proven = out.WindowPoStSubmitted
    reserve(proven, end - begin)
    const accepted = proven.length
    let atS = -1
    let slot = 0
    let known = false
    let phase = 0
    let room = 0
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      const deadline = rows.deadline[i]
      if (rows.atS[i] !== atS) {
        atS = rows.atS[i]
        slot = slotAt(atS)
        known = isInHistory(atS)
        phase = slot % DEADLINES
        // Proofs of this run that are accepted, but not yet counted by the state, need room too.
        room = roomFor(state, v, slot) - v.proofMegaGas * (proven.length - accepted)
      }
      const isOpen = node < nodes && (deadline + offset[node] === phase || deadline + offset[node] === phase + DEADLINES)
      if (node >= nodes || created[node] === 0) refuse(i, "unknown_miner")
      else if (!known) refuse(i, "before_genesis")
      else if (!isOpen) refuse(i, "deadline_not_open")
      else if (slot <= provenSlot[node]) refuse(i, "already_proven")
      else if (room < v.proofMegaGas) refuse(i, "no_room_in_blocks")
      else {
        // What is open in a half hour lies together.
        const d = phase * nodes + node
        const skipped = rows.skipped[i]
        const provable = live[d] - faulty[d] + recovering[d]
        if (provable === 0) refuse(i, "nothing_to_prove")
        else if (skipped > 0 && (skipped > live[d] - faulty[d] - unproven[d] || skipped === provable))
          refuse(i, "too_many_skipped")
        else {
          const r = proven.length++
          proven.node[r] = node
          proven.deadline[r] = deadline
          proven.slot[r] = slot
          proven.sectors[r] = provable - skipped
          room -= v.proofMegaGas
          if (skipped > 0) {
            const to = out.SectorsFaulted
            const f = addRow(to)
            to.node[f] = node
            to.deadline[f] = deadline
            to.sectors[f] = skipped
            to.epoch[f] = epochAt(slot * SLOT_S)
            to.cause[f] = SKIPPED
          }
          if (recovering[d] + unproven[d] > 0) {
            const to = out.PowerActivated
            const a = addRow(to)
            to.node[a] = node
            to.deadline[a] = deadline
            to.recovered[a] = recovering[d]
            to.activated[a] = unproven[d]
          }
        }
      }
    }
  },

  DeclareFaults(state, rows, begin, end, { out, params: v, refuse }) {
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      const deadline = rows.deadline[i]
      const epoch = epochAt(rows.atS[i])
      if (!isMiner(state, node)) refuse(i, "unknown_miner")
      else if (!isInHistory(rows.atS[i])) refuse(i, "before_genesis")
      else if (rows.sectors[i] === 0) refuse(i, "no_sectors")
      else if (isHalted(state, v, slotAt(rows.atS[i]))) refuse(i, "chain_halted")
      else if (isTooLate(state, node, deadline, epoch)) refuse(i, "cutoff_passed")
      else if (rows.sectors[i] > countDeadline(state, node, deadline).active) refuse(i, "not_that_many_active")
      else {
        const to = out.SectorsFaulted
        const r = addRow(to)
        to.node[r] = node
        to.deadline[r] = deadline
        to.sectors[r] = rows.sectors[i]
        to.epoch[r] = epoch
        to.cause[r] = DECLARED
      }
    }
  },

  DeclareRecoveries(state, rows, begin, end, { out, params: v, refuse }) {
    const { miner } = state
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      const deadline = rows.deadline[i]
      const epoch = epochAt(rows.atS[i])
      if (!isMiner(state, node)) refuse(i, "unknown_miner")
      else if (!isInHistory(rows.atS[i])) refuse(i, "before_genesis")
      else if (isHalted(state, v, slotAt(rows.atS[i]))) refuse(i, "chain_halted")
      else if (epoch < miner.freeEpoch[node]) refuse(i, "consensus_fault_active")
      else if (isInDebt(state, node)) refuse(i, "fee_debt")
      else if (isTooLate(state, node, deadline, epoch)) refuse(i, "cutoff_passed")
      else {
        const { faulty, recovering } = countDeadline(state, node, deadline)
        if (faulty === recovering) refuse(i, "nothing_to_recover")
        else {
          const to = out.RecoveryDeclared
          const r = addRow(to)
          to.node[r] = node
          to.deadline[r] = deadline
          to.sectors[r] = faulty - recovering
        }
      }
    }
  },
}
