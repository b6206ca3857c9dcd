/**
 * The settlements: every half hour each miner's deadline closes, every midnight UTC locked rewards move on. Both are exact in the
 * half hours of chain-time.ts; what the chain does each epoch within one is said in network-clock.ts.
 */
import { DAY } from "../../kernel/clock.ts"
import type { Cadence, Settle } from "../../kernel/network.ts"
import { reserve } from "../../kernel/table.ts"
import { Wide } from "../../kernel/wide.ts"
import { holderOf } from "../../ledger/ledger.ts"
import { addRow } from "./add-row.ts"
import { capFee, estimatesOf, FEE_MAX, isInDebt, unlockedOf } from "./books.ts"
import { epochAt, isInHistory, openDeadline, slotAt, SLOT_S } from "./chain-time.ts"
import { countDeadline, firstCohort, nextCohort } from "./cohorts.ts"
import { SEAL_EPOCHS_MAX, writeTermination } from "./decide-sectors.ts"
import { EPOCHS_PER_DAY } from "./epoch.ts"
import { DETECTED, type Events, OUTLASTED } from "./events.ts"
import { computeExpectedReward } from "./expected-reward.ts"
import { writeKpi } from "./network-clock.ts"
import type { FilecoinParams } from "./params.ts"
import { computePayableFee } from "./proof-fee.ts"
import { everyDue, fold_tipsets, isCatchingUp, pay_gas, share_tips, whenDue } from "./settle-chain.ts"
import { SECTOR_GIB, type State, VERIFIED_SECTOR_GIB } from "./state.ts"
import { vestedBy } from "./vesting-days.ts"

type Line = Settle<State, Events, FilecoinParams>

/** Epochs within a failed proof's deadline after which an unproven batch's deposit is burnt (`EXPIRED_PRE_COMMIT_CLEAN_UP_DELAY`). */
const CLEAN_UP_EPOCHS = EPOCHS_PER_DAY / 3
const fee = new Wide(1)
const TIGHT = 1e-6

/** The deadline of a miner that closes at `at`. */
const closing = ({ miner }: State, node: number, at: number): number => openDeadline(slotAt(at) - 1, miner.offset[node])

/**
 * Fault fees for what was faulty before this close, and the daily fee of all that lives on, at most half of what it earns. Numbers
 * decide only where they are far from the edge; else exact integers do.
 */
const charge_fees: Line = (state, at, { out, params: v }) => {
  if (!isInHistory(at)) return
  const { cohort, ledger, miner } = state
  const epoch = epochAt(at)
  const estimates = estimatesOf(state)
  // A day's expected reward of a great deal of power, so that its quotient by that power is sharp.
  const perGib = Number(computeExpectedReward(estimates, 1n << 60n, EPOCHS_PER_DAY)) / 2 ** 30
  const to = out.DeadlineClosed
  for (let node = 0; node < miner.length; node++) {
    if (miner.live[node] === 0) continue
    const deadline = closing(state, node, at)
    fee.setNumber(0, 0)
    let faultyGib = 0
    let liveGib = 0
    for (let c = firstCohort(state, node, deadline); c >= 0; c = nextCohort(state, c)) {
      const gib = cohort.verified[c] === 1 ? VERIFIED_SECTOR_GIB : SECTOR_GIB
      faultyGib += cohort.faulty[c] * gib
      if (cohort.expirationEpoch[c] <= epoch) continue
      liveGib += cohort.sectors[c] * gib
      fee.add(0, cohort.dailyFeeAtto.hi[c], cohort.dailyFeeAtto.lo[c])
    }
    const nominal = fee.toNumber(0)
    if (nominal === 0 && faultyGib === 0) continue
    if (nominal > ((perGib * liveGib) / 2) * (1 - TIGHT))
      fee.set(0, computePayableFee(fee.get(0), computeExpectedReward(estimates, BigInt(liveGib) << 30n, EPOCHS_PER_DAY)))
    const faultFee = faultyGib === 0 ? 0n : capFee(computeExpectedReward(estimates, BigInt(faultyGib) << 30n, v.faultFeeEpochs))
    if (faultFee === 0n && fee.hi[0] === 0 && fee.lo[0] === 0) continue
    const r = addRow(to)
    to.node[r] = node
    to.deadline[r] = deadline
    to.faultFeeAtto.set(r, faultFee)
    to.dailyFeeAtto.hi[r] = fee.hi[0]
    to.dailyFeeAtto.lo[r] = fee.lo[0]
    const due = fee.toNumber(0) + Number(faultFee)
    const held = ledger.tokens.fil.balance.toNumber(holderOf(ledger, node))
    const free = held - miner.lockedAtto.toNumber(node) - miner.pledgeAtto.toNumber(node) - miner.depositAtto.toNumber(node)
    const isClear = free > due + held * TIGHT
    to.burnt[r] =
      !isInDebt(state, node) && !isCatchingUp(state) && (isClear || unlockedOf(state, node) >= fee.get(0) + faultFee) ? 1 : 0
    if (to.burnt[r] === 0 && miner.feeDebtAtto.get(node) > FEE_MAX) to.length--
  }
}

/** No proof came for what could have been proven: all of it is faulty, free of charge this once (FIP-0002). */
const detect_missed: Line = (state, at, { out }) => {
  if (!isInHistory(at)) return
  const { miner } = state
  const slot = slotAt(at) - 1
  const to = out.SectorsFaulted
  for (let node = 0; node < miner.length; node++) {
    if (miner.live[node] === 0 || miner.provenSlot[node] === slot) continue
    const deadline = closing(state, node, at)
    const { live, faulty, recovering } = countDeadline(state, node, deadline)
    if (live - faulty + recovering === 0) continue
    const r = addRow(to)
    to.node[r] = node
    to.deadline[r] = deadline
    to.sectors[r] = live - faulty
    to.epoch[r] = epochAt(at)
    to.cause[r] = DETECTED
  }
}

const expire_sectors: Line = (state, at, { out }) => {
  if (!isInHistory(at)) return
  const { cohort, miner } = state
  const epoch = epochAt(at)
  const to = out.SectorsExpired
  for (let node = 0; node < miner.length; node++) {
    if (miner.live[node] === 0) continue
    for (let c = firstCohort(state, node, closing(state, node, at)); c >= 0; c = nextCohort(state, c)) {
      if (cohort.expirationEpoch[c] > epoch) continue
      const r = addRow(to)
      to.cohort[r] = c
      to.node[r] = node
      to.sectors[r] = cohort.sectors[c]
      to.pledgeAtto.hi[r] = cohort.pledgeAtto.hi[c]
      to.pledgeAtto.lo[r] = cohort.pledgeAtto.lo[c]
    }
  }
}

const terminate_faulty: Line = (state, at, { out, params: v }) => {
  if (!isInHistory(at)) return
  const { cohort, miner } = state
  const epoch = epochAt(at)
  for (let node = 0; node < miner.length; node++) {
    if (miner.faulty[node] === 0) continue
    for (let c = firstCohort(state, node, closing(state, node, at)); c >= 0; c = nextCohort(state, c))
      if (cohort.faulty[c] > 0 && cohort.faultEpoch[c] + v.faultyDaysMax * EPOCHS_PER_DAY <= epoch)
        writeTermination(state, c, cohort.faulty[c], epoch, OUTLASTED, v.faultFeeEpochs, out.SectorsTerminated)
  }
}

const burn_expired_deposits: Line = ({ miner }, at, { out }) => {
  if (!isInHistory(at)) return
  const epoch = epochAt(at)
  const to = out.PreCommitExpired
  for (let node = 0; node < miner.length; node++) {
    if (miner.pendingSectors[node] === 0 || miner.pendingEpoch[node] + SEAL_EPOCHS_MAX + CLEAN_UP_EPOCHS > epoch) continue
    const r = addRow(to)
    to.node[r] = node
    to.sectors[r] = miner.pendingSectors[node]
    to.depositAtto.hi[r] = miner.depositAtto.hi[node]
    to.depositAtto.lo[r] = miner.depositAtto.lo[node]
  }
}

/** From locked rewards first, soonest first, then from free funds; never from pledge (state.rs `repay_partial_debt_in_priority_order`). */
const repay_debts: Line = (state, at, { out }) => {
  if (!isInHistory(at)) return
  const { miner } = state
  const to = out.DebtRepaid
  for (let node = 0; node < miner.length; node++) {
    if (!isInDebt(state, node)) continue
    const debt = miner.feeDebtAtto.get(node)
    const locked = miner.lockedAtto.get(node)
    const unlocked = locked < debt ? locked : debt
    const reach = unlockedOf(state, node) + unlocked
    if (reach === 0n) continue
    const r = addRow(to)
    to.node[r] = node
    to.unlockedAtto.set(r, unlocked)
    to.burntAtto.set(r, reach < debt ? reach : debt)
  }
}

const keep_power: Line = (_state, at, { out }) => {
  if (!isInHistory(at)) return
  const to = out.PowerTableKept
  to.slot[addRow(to)] = slotAt(at)
}

const update_network: Line = (state, at, { out, params: v }) => {
  if (isInHistory(at)) writeKpi(state, at, v, out.NetworkKpiUpdated)
}

const vest_rewards: Line = (state, at, { out }) => {
  const { miner } = state
  const day = at / DAY
  if (day <= state.network.vestedDay[0]) return
  const to = out.RewardsVested
  for (let node = 0; node < miner.length; node++) {
    if (miner.created[node] === 0) continue
    const due = vestedBy(state, node, day)
    if (due === undefined) continue
    const r = addRow(to)
    to.node[r] = node
    to.day[r] = day
    to.amountAtto.hi[r] = due.hi[0]
    to.amountAtto.lo[r] = due.lo[0]
  }
}

const close_day: Line = ({ network }, at, { out }) => {
  if (at / DAY <= network.vestedDay[0]) return
  const to = out.DayVested
  to.day[addRow(to)] = at / DAY
}

const lock_rewards: Line = ({ miner }, _at, { out }) => {
  const to = out.RewardsLocked
  reserve(to, miner.length)
  for (let node = 0; node < miner.length; node++) {
    if (miner.lockedTodayAtto.hi[node] === 0 && miner.lockedTodayAtto.lo[node] === 0) continue
    const r = to.length++
    to.node[r] = node
    to.amountAtto.hi[r] = miner.lockedTodayAtto.hi[node]
    to.amountAtto.lo[r] = miner.lockedTodayAtto.lo[node]
  }
}

export const cadences: Readonly<Record<"halfHour" | "day", Cadence<State, Events, FilecoinParams>>> = {
  halfHour: {
    because: "A deadline lasts 60 epochs; with proving periods that begin on half hours, one of every provider closes at each.",
    everySeconds: SLOT_S,
    lines: {
      fold_tipsets,
      charge_fees: everyDue(charge_fees),
      detect_missed: everyDue(detect_missed),
      expire_sectors: everyDue(expire_sectors),
      terminate_faulty: everyDue(terminate_faulty),
      burn_expired_deposits: whenDue(burn_expired_deposits),
      repay_debts: whenDue(repay_debts),
      keep_power,
      update_network: whenDue(update_network),
    },
  },
  day: {
    because: "Locked rewards come free in daily steps; on the chain in half-day slots of each provider's own period.",
    everySeconds: DAY,
    lines: { vest_rewards, close_day, lock_rewards, pay_gas, share_tips },
  },
}
