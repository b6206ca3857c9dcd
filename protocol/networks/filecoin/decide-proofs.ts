/** Proofs of storage, and what is declared about faults. */
import type { Decide } from "../../kernel/network.ts"
import { addRow } from "./add-row.ts"
import { isInDebt } from "./books.ts"
import { epochAt, isInHistory, nextDeadline, openDeadline, slotAt } from "./chain-time.ts"
import { countDeadline } from "./cohorts.ts"
import type { Commands, Refusal } from "./commands.ts"
import { isCutoffPassed } from "./deadlines.ts"
import { DECLARED, type Events } from "./events.ts"
import type { FilecoinParams } from "./params.ts"
import type { State } from "./state.ts"
import { isHalted, roomFor } from "./tipsets.ts"

type Decisions = Decide<State, Commands, Events, FilecoinParams, Refusal>

const isMiner = ({ miner }: State, node: number): boolean => node < miner.length && miner.created[node] === 1

const isTooLate = ({ miner }: State, node: number, deadline: number, epoch: number): boolean =>
  isCutoffPassed(nextDeadline(miner.offset[node], deadline, epoch), epoch)

export const decideProofs: Pick<Decisions, "SubmitWindowPoSt" | "DeclareFaults" | "DeclareRecoveries"> = {
  SubmitWindowPoSt(state, rows, begin, end, { out, params: v, refuse }) {
    const { miner } = state
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      const deadline = rows.deadline[i]
      const skipped = rows.skipped[i]
      const slot = slotAt(rows.atS[i])
      if (!isMiner(state, node)) refuse(i, "unknown_miner")
      else if (!isInHistory(rows.atS[i])) refuse(i, "before_genesis")
      else if (openDeadline(slot, miner.offset[node]) !== deadline) refuse(i, "deadline_not_open")
      else if (slot <= miner.provenSlot[node]) refuse(i, "already_proven")
      else if (roomFor(state, v, slot) < v.proofMegaGas) refuse(i, "no_room_in_blocks")
      else {
        const { live, active, faulty, recovering, unproven } = countDeadline(state, node, deadline)
        const provable = live - faulty + recovering
        if (provable === 0) refuse(i, "nothing_to_prove")
        else if (skipped > active || skipped === provable) refuse(i, "too_many_skipped")
        else {
          const to = out.WindowPoStSubmitted
          const r = addRow(to)
          to.node[r] = node
          to.deadline[r] = deadline
          to.slot[r] = slot
          to.sectors[r] = provable - skipped
          to.skipped[r] = skipped
          to.recovered[r] = recovering
          to.activated[r] = unproven
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
