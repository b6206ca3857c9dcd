/**
 * Proofs that would not verify. The chain accepts a window proof without looking at it, unless it recovers sectors; for 1800
 * epochs after the deadline closed anyone may have it verified (FIP-0010, builtin-actors miner/src/lib.rs `dispute_windowed_post`).
 *
 * Whether bytes verify is a property of the bytes, as public as they are: it is recorded with them and read by nothing but a
 * dispute. Whether the data is there is not known here.
 */
import type { Decide } from "../../kernel/network.ts"
import { addRow } from "../../kernel/table.ts"
import { estimatesOf, capFee, unlockedOf } from "./books.ts"
import { epochAt, GENESIS_S, isInHistory, offsetEpochs, openDeadline, slotAt } from "./chain-time.ts"
import { countDeadline, deadlineRow, firstCohort, nextCohort, qaGibOf } from "./cohorts.ts"
import type { Commands, Refusal } from "./commands.ts"
import { computeDeadline, computeNextNotElapsed, computePeriodStart, isDisputable, PROVING_PERIOD_EPOCHS } from "./deadlines.ts"
import { EPOCH_SECONDS } from "./epoch.ts"
import type { Events } from "./events.ts"
import type { FilecoinParams } from "./params.ts"
import { computeDisputePenalty } from "./penalties.ts"
import type { State } from "./state.ts"
import { isHalted, roomFor } from "./tipsets.ts"

type Decisions = Decide<State, Commands, Events, FilecoinParams, Refusal>

const isMiner = ({ miner }: State, node: number): boolean => node < miner.length && miner.created[node] === 1

/** Quality-adjusted GiB of a deadline's active sectors. */
function activeQaGib(state: State, node: number, deadline: number): number {
  const { cohort } = state
  let gib = 0
  for (let c = firstCohort(state, node, deadline); c >= 0; c = nextCohort(state, c))
    gib += (cohort.sectors[c] - cohort.faulty[c] - cohort.unproven[c]) * qaGibOf(state, c)
  return gib
}

/** The half hour in which a deadline was last open before `epoch`: its instance that can be disputed, if any can. */
export const lastInstanceSlot = (offset: number, deadline: number, epoch: number): number => {
  const next = computeNextNotElapsed(computeDeadline(computePeriodStart(offsetEpochs(offset), epoch), deadline), epoch)
  const open = next.open - PROVING_PERIOD_EPOCHS
  return slotAt(GENESIS_S + open * EPOCH_SECONDS)
}

export const decideDisputes: Pick<Decisions, "SubmitUnsoundWindowPoSt" | "DisputeWindowPoSt"> = {
  SubmitUnsoundWindowPoSt(state, rows, begin, end, { out, params: v, refuse }) {
    const { miner } = state
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      const deadline = rows.deadline[i]
      const slot = slotAt(rows.atS[i])
      if (!isMiner(state, node)) refuse(i, "unknown_miner")
      else if (!isInHistory(rows.atS[i])) refuse(i, "before_genesis")
      else if (openDeadline(slot, miner.offset[node]) !== deadline) refuse(i, "deadline_not_open")
      else if (slot <= miner.provenSlot[node]) refuse(i, "already_proven")
      else if (roomFor(state, v, slot) < v.proofMegaGas) refuse(i, "no_room_in_blocks")
      else {
        const { live, faulty, recovering, unproven } = countDeadline(state, node, deadline)
        if (live - faulty + recovering === 0) refuse(i, "nothing_to_prove")
        else if (recovering > 0 || v.disputesOn === 0) refuse(i, "proof_is_invalid")
        else {
          const to = out.WindowPoStSubmitted
          const r = addRow(to)
          to.node[r] = node
          to.deadline[r] = deadline
          to.slot[r] = slot
          to.sectors[r] = live - faulty
          if (unproven > 0) {
            const powered = out.PowerActivated
            const p = addRow(powered)
            powered.node[p] = node
            powered.deadline[p] = deadline
            powered.recovered[p] = 0
            powered.activated[p] = unproven
          }
          const kept = out.UnsoundProofKept
          const k = addRow(kept)
          kept.node[k] = node
          kept.deadline[k] = deadline
          kept.slot[k] = slot
        }
      }
    }
  },

  DisputeWindowPoSt(state, rows, begin, end, { out, params: v, refuse }) {
    const { miner, unsound } = state
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      const deadline = rows.deadline[i]
      const epoch = epochAt(rows.atS[i])
      if (!isMiner(state, node)) refuse(i, "unknown_miner")
      else if (!isInHistory(rows.atS[i])) refuse(i, "before_genesis")
      else if (isHalted(state, v, slotAt(rows.atS[i]))) refuse(i, "chain_halted")
      else if (!isDisputable(computePeriodStart(offsetEpochs(miner.offset[node]), epoch), deadline, epoch))
        refuse(i, "dispute_window_closed")
      else {
        const slot = unsound.slot[deadlineRow(state, node, deadline)]
        const { active } = countDeadline(state, node, deadline)
        if (slot === 0 || active === 0 || slot !== lastInstanceSlot(miner.offset[node], deadline, epoch)) {
          refuse(i, "nothing_to_dispute")
          continue
        }
        const { totalAtto, rewardAtto } = computeDisputePenalty(
          estimatesOf(state),
          BigInt(activeQaGib(state, node, deadline)) << 30n,
        )
        const penalty = capFee(totalAtto)
        const debt = miner.feeDebtAtto.get(node) + penalty
        const locked = miner.lockedAtto.get(node)
        const unlocked = locked < debt ? locked : debt
        const reach = unlockedOf(state, node) + unlocked
        const paid = reach < debt ? reach : debt
        const reward = paid < rewardAtto ? paid : rewardAtto
        const to = out.ProofDisputed
        const r = addRow(to)
        to.node[r] = node
        to.disputer[r] = rows.disputer[i]
        to.deadline[r] = deadline
        to.sectors[r] = active
        to.epoch[r] = epoch
        to.penaltyAtto.set(r, penalty)
        to.unlockedAtto.set(r, unlocked)
        to.burntAtto.set(r, paid - reward)
        to.rewardAtto.set(r, reward)
      }
    }
  },
}
