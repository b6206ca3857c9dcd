/** The life of sectors but for their proofs: brought, announced, sealed, extended, terminated. */
import type { Decide } from "../../kernel/network.ts"
import { addRow } from "../../kernel/table.ts"
import { availableOf, capFee, circulatingOf, conditionsOf, estimatesOf, isInDebt } from "./books.ts"
import { epochAt, isInHistory, offsetEpochs, slotAt } from "./chain-time.ts"
import { writeSlashes } from "./deal-endings.ts"
import { countDeadline, firstCohort, nextCohort } from "./cohorts.ts"
import type { Commands, Refusal } from "./commands.ts"
import { assignDeadlines } from "./deadline-assignment.ts"
import { computePeriodStart, DEADLINES, isMutable } from "./deadlines.ts"
import { EPOCHS_PER_DAY } from "./epoch.ts"
import { ASKED, type Events } from "./events.ts"
import { computeExpectedReward } from "./expected-reward.ts"
import type { FilecoinParams } from "./params.ts"
import { computeTerminationFee } from "./penalties.ts"
import { computeInitialPledge, computePreCommitDeposit } from "./pledge.ts"
import { computeDailyFee } from "./proof-fee.ts"
import { computeMixQaGib } from "./quality.ts"
import { SECTOR_BYTES, type State } from "./state.ts"
import { isHalted } from "./tipsets.ts"

type Decisions = Decide<State, Commands, Events, FilecoinParams, Refusal>

export const LIFETIME_DAYS_MIN = 180
export const LIFETIME_DAYS_MAX = 1278
/** Epochs between an announcement and the seed of its proof (`PRE_COMMIT_CHALLENGE_DELAY`). */
export const SEAL_DELAY_EPOCHS = 150
/** Last epoch for the proof, after the announcement. */
export const SEAL_EPOCHS_MAX = 30 * EPOCHS_PER_DAY + SEAL_DELAY_EPOCHS
/** Sectors of 32 GiB in a partition. */
const PARTITION_SECTORS = 2349

const isMiner = ({ miner }: State, node: number): boolean => node < miner.length && miner.created[node] === 1
const isPunished = ({ miner }: State, node: number, epoch: number): boolean => epoch < miner.freeEpoch[node]

export const decideSectors: Pick<
  Decisions,
  "BringSectors" | "PreCommitSectors" | "ProveCommitSectors" | "ExtendSectors" | "TerminateSectors"
> = {
  BringSectors(state, rows, begin, end, { out, params: v, refuse }) {
    const { miner, network } = state
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      const each = rows.sectorsPerDeadline[i]
      const epoch = epochAt(rows.atS[i])
      if (!isMiner(state, node)) refuse(i, "unknown_miner")
      else if (!isInHistory(rows.atS[i])) refuse(i, "before_genesis")
      else if (network.nowS[0] !== 0) refuse(i, "network_has_begun")
      else if (miner.live[node] !== 0) refuse(i, "already_has_sectors")
      else if (each === 0) refuse(i, "no_sectors")
      else {
        const conditions = conditionsOf(state, v, network.epoch[0])
        const n = BigInt(each)
        const plainPledge = n * computeInitialPledge(conditions, SECTOR_BYTES)
        const verifiedQaGib = computeMixQaGib(rows.verifiedPermille[i])
        const verifiedBytes = BigInt(verifiedQaGib) << 30n
        const verifiedPledge = n * computeInitialPledge(conditions, verifiedBytes)
        const verified = BigInt(rows.verifiedDeadlines[i])
        if (availableOf(state, node) < verified * verifiedPledge + (BigInt(DEADLINES) - verified) * plainPledge) {
          refuse(i, "insufficient_funds")
          continue
        }
        const fee = v.dailyFeeOn === 1 ? n : 0n
        const to = out.SectorsBrought
        const r = addRow(to)
        to.node[r] = node
        to.sectorsPerDeadline[r] = each
        to.verifiedDeadlines[r] = rows.verifiedDeadlines[i]
        to.verifiedQaGib[r] = verifiedQaGib
        to.activationEpoch[r] = Math.max(0, epoch - rows.ageDays[i] * EPOCHS_PER_DAY)
        to.expirationEpoch[r] = epoch + rows.firstExpiryDays[i] * EPOCHS_PER_DAY
        to.spreadEpochs[r] = rows.spreadDays[i] * EPOCHS_PER_DAY
        to.plainPledgeAtto.set(r, plainPledge)
        to.verifiedPledgeAtto.set(r, verifiedPledge)
        to.plainFeeAtto.set(r, fee * computeDailyFee(conditions.circulatingAtto, SECTOR_BYTES))
        to.verifiedFeeAtto.set(r, fee * computeDailyFee(conditions.circulatingAtto, verifiedBytes))
      }
    }
  },

  PreCommitSectors(state, rows, begin, end, { out, params: v, refuse }) {
    const { miner } = state
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      const epoch = epochAt(rows.atS[i])
      if (!isMiner(state, node)) refuse(i, "unknown_miner")
      else if (!isInHistory(rows.atS[i])) refuse(i, "before_genesis")
      else if (rows.sectors[i] === 0) refuse(i, "no_sectors")
      else if (isHalted(state, v, slotAt(rows.atS[i]))) refuse(i, "chain_halted")
      else if (miner.pendingSectors[node] > 0) refuse(i, "batch_is_pending")
      else if (isPunished(state, node, epoch)) refuse(i, "consensus_fault_active")
      else if (isInDebt(state, node)) refuse(i, "fee_debt")
      else {
        const deposit = BigInt(rows.sectors[i]) * computePreCommitDeposit(estimatesOf(state), SECTOR_BYTES)
        if (availableOf(state, node) < deposit) {
          refuse(i, "insufficient_funds")
          continue
        }
        const to = out.SectorsPreCommitted
        const r = addRow(to)
        to.node[r] = node
        to.sectors[r] = rows.sectors[i]
        to.epoch[r] = epoch
        to.depositAtto.set(r, deposit)
      }
    }
  },

  ProveCommitSectors(state, rows, begin, end, { out, params: v, refuse }) {
    const { miner } = state
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      const epoch = epochAt(rows.atS[i])
      const life = rows.lifetimeDays[i]
      if (!isMiner(state, node)) refuse(i, "unknown_miner")
      else if (!isInHistory(rows.atS[i])) refuse(i, "before_genesis")
      else if (isHalted(state, v, slotAt(rows.atS[i]))) refuse(i, "chain_halted")
      else if (miner.pendingSectors[node] === 0) refuse(i, "no_pre_commit")
      else if (epoch <= miner.pendingEpoch[node] + SEAL_DELAY_EPOCHS) refuse(i, "too_soon")
      else if (epoch > miner.pendingEpoch[node] + SEAL_EPOCHS_MAX) refuse(i, "too_late")
      else if (life < LIFETIME_DAYS_MIN || life > LIFETIME_DAYS_MAX) refuse(i, "lifetime_out_of_range")
      else {
        const conditions = conditionsOf(state, v, epoch)
        const n = BigInt(miner.pendingSectors[node])
        const qaGib = computeMixQaGib(rows.verifiedPermille[i])
        const qaBytes = BigInt(qaGib) << 30n
        const pledge = n * computeInitialPledge(conditions, qaBytes)
        if (availableOf(state, node) + miner.depositAtto.get(node) < pledge) {
          refuse(i, "insufficient_funds")
          continue
        }
        const to = out.SectorsProven
        const r = addRow(to)
        to.node[r] = node
        to.deadline[r] = leastLoaded(state, node, epoch)
        to.sectors[r] = miner.pendingSectors[node]
        to.qaGib[r] = qaGib
        to.activationEpoch[r] = epoch
        to.expirationEpoch[r] = epoch + life * EPOCHS_PER_DAY
        to.pledgeAtto.set(r, pledge)
        to.dailyFeeAtto.set(r, v.dailyFeeOn === 1 ? n * computeDailyFee(circulatingOf(state), qaBytes) : 0n)
      }
    }
  },

  ExtendSectors(state, rows, begin, end, { out, params: v, refuse }) {
    const { cohort } = state
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      const deadline = rows.deadline[i]
      if (!isMiner(state, node)) refuse(i, "unknown_miner")
      else if (!isInHistory(rows.atS[i])) refuse(i, "before_genesis")
      else if (isHalted(state, v, slotAt(rows.atS[i]))) refuse(i, "chain_halted")
      else {
        const { live, faulty } = countDeadline(state, node, deadline)
        const expiration = epochAt(rows.atS[i]) + rows.days[i] * EPOCHS_PER_DAY
        let latest = 0
        for (let c = firstCohort(state, node, deadline); c >= 0; c = nextCohort(state, c))
          latest = Math.max(latest, cohort.expirationEpoch[c])
        if (live === 0) refuse(i, "no_sectors")
        else if (faulty > 0) refuse(i, "faulty_sectors")
        else if (rows.days[i] < LIFETIME_DAYS_MIN || rows.days[i] > LIFETIME_DAYS_MAX || expiration <= latest)
          refuse(i, "lifetime_out_of_range")
        else {
          const to = out.SectorsExtended
          const r = addRow(to)
          to.node[r] = node
          to.deadline[r] = deadline
          to.expirationEpoch[r] = expiration
        }
      }
    }
  },

  TerminateSectors(state, rows, begin, end, { out, params: v, refuse }) {
    const { cohort, miner } = state
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      const deadline = rows.deadline[i]
      const epoch = epochAt(rows.atS[i])
      if (!isMiner(state, node)) refuse(i, "unknown_miner")
      else if (!isInHistory(rows.atS[i])) refuse(i, "before_genesis")
      else if (firstCohort(state, node, deadline) < 0) refuse(i, "no_sectors")
      else if (isHalted(state, v, slotAt(rows.atS[i]))) refuse(i, "chain_halted")
      else if (!isMutable(computePeriodStart(offsetEpochs(miner.offset[node]), epoch), deadline, epoch))
        refuse(i, "deadline_is_immutable")
      else
        for (let c = firstCohort(state, node, deadline); c >= 0; c = nextCohort(state, c)) {
          writeTermination(state, c, cohort.sectors[c], epoch, ASKED, v.faultFeeEpochs, out.SectorsTerminated)
          writeSlashes(state, c, cohort.sectors[c], epoch, out.DealsSlashed)
        }
    }
  },
}

/** The deadline that the chain's rule gives one more sector now: a whole batch goes there. */
function leastLoaded(state: State, node: number, epoch: number): number {
  const offset = offsetEpochs(state.miner.offset[node])
  const loads = Array.from({ length: DEADLINES }, (_, d) =>
    isMutable(computePeriodStart(offset, epoch), d, epoch) ? { live: countDeadline(state, node, d).live, dead: 0 } : null,
  )
  return assignDeadlines(loads, 1, PARTITION_SECTORS)[0]
}

/** Writes the termination of `sectors` of a cohort: their part of pledge and daily fee (floored, all for the last), and FIP-0098's fee. */
export function writeTermination(
  state: State,
  c: number,
  sectors: number,
  epoch: number,
  cause: number,
  faultFeeEpochs: number,
  to: Parameters<Decisions["TerminateSectors"]>[4]["out"]["SectorsTerminated"],
): void {
  const { cohort } = state
  const part = (of: bigint): bigint => (sectors === cohort.sectors[c] ? of : (of * BigInt(sectors)) / BigInt(cohort.sectors[c]))
  const pledge = part(cohort.pledgeAtto.get(c))
  const qaGib = sectors * cohort.qaGib[c]
  const faultFee = computeExpectedReward(estimatesOf(state), BigInt(qaGib) << 30n, faultFeeEpochs)
  const age = Math.max(0, epoch - cohort.activationEpoch[c])
  const r = addRow(to)
  to.cohort[r] = c
  to.node[r] = cohort.node[c]
  to.sectors[r] = sectors
  to.pledgeAtto.set(r, pledge)
  to.feeAtto.set(r, capFee(computeTerminationFee(pledge, age, faultFee)))
  to.dailyFeeAtto.set(r, part(cohort.dailyFeeAtto.get(c)))
  to.cause[r] = cause
}
