/**
 * The settlements: every half hour each miner's deadline closes, every midnight UTC locked rewards move on. Both are exact in the
 * half hours of chain-time.ts; what the chain does each epoch within one is said in network-clock.ts.
 */
import { DAY } from "../../kernel/clock.ts"
import type { Cadence, Settle } from "../../kernel/network.ts"
import { addRow, reserve } from "../../kernel/table.ts"
import { Wide } from "../../kernel/wide.ts"
import { holderOf } from "../../ledger/ledger.ts"
import { capFee, estimatesOf, FEE_MAX, isInDebt, unlockedOf } from "./books.ts"
import { epochAt, isInHistory, openDeadline, slotAt, SLOT_S } from "./chain-time.ts"
import { nextCohort, qaGibOf } from "./cohorts.ts"
import { DEADLINES } from "./deadlines.ts"
import { writeSlashes } from "./deal-endings.ts"
import { SEAL_EPOCHS_MAX, writeTermination } from "./decide-sectors.ts"
import { EPOCHS_PER_DAY } from "./epoch.ts"
import { DETECTED, type Events, FROM_FREE, FROM_VESTING, OUTLASTED, OWED } from "./events.ts"
import { computeExpectedReward } from "./expected-reward.ts"
import { writeKpi } from "./network-clock.ts"
import type { FilecoinParams } from "./params.ts"
import { computePayableFee } from "./proof-fee.ts"
import { everyDue, fold_tipsets, isCatchingUp, pay_gas, share_tips, whenDue } from "./settle-chain.ts"
import { dealLines } from "./settle-deals.ts"
import { possessionLines } from "./settle-possession.ts"
import type { State } from "./state.ts"
import { vestedBy } from "./vesting-days.ts"

type Line = Settle<State, Events, FilecoinParams>

/** Epochs within a failed proof's deadline after which an unproven batch's deposit is burnt (`EXPIRED_PRE_COMMIT_CLEAN_UP_DELAY`). */
const CLEAN_UP_EPOCHS = EPOCHS_PER_DAY / 3
const TIGHT = 1e-6
const fee = new Wide(1)

/** The half hour of the day that ends at `at`: the phase of every deadline that closes then. */
const closingPhase = (at: number): number => (slotAt(at) - 1) % DEADLINES
/** The deadline of a miner that closes at `at`. */
const closing = ({ miner }: State, node: number, at: number): number => openDeadline(slotAt(at) - 1, miner.offset[node])

/**
 * What a fee comes out of: of a miner without debt, the rewards still vesting if they cover it, free funds if none vest, else it is
 * owed, and paid from both in the same settlement as far as they go (state.rs `repay_partial_debt_in_priority_order`).
 */
function payFee(state: State, node: number, fees: Wide, row: number): number {
  const { ledger, miner } = state
  // A settlement that closes more than one half hour counts what is there only once.
  if (isCatchingUp(state) || isInDebt(state, node)) return OWED
  const { hi, lo } = miner.lockedAtto
  if (miner.lockedAtto.covers(node, fees.hi[row], fees.lo[row])) return FROM_VESTING
  if (hi[node] !== 0 || lo[node] !== 0) return OWED
  const held = ledger.tokens.fil.balance.toNumber(holderOf(ledger, node))
  const free = held - miner.pledgeAtto.toNumber(node) - miner.depositAtto.toNumber(node)
  // Doubles decide where they are far from the edge, exact integers elsewhere.
  const isClear = free > fees.toNumber(row) + held * TIGHT
  return isClear || unlockedOf(state, node) >= fees.get(row) ? FROM_FREE : OWED
}

/** Owed fees are never more than all FIL there is: what estimates gone wild would add beyond that is let go. */
const isBeyond = ({ miner }: State, node: number, paid: number): boolean =>
  paid === OWED && miner.feeDebtAtto.hi[node] > 0 && miner.feeDebtAtto.get(node) > FEE_MAX

/** Continued-fault fee of what was faulty before this close: 3.51 days of expected reward (FIP-0002). */
const charge_fault_fees: Line = (state, at, { out, params: v }) => {
  if (!isInHistory(at)) return
  const { deadline: all, miner, network } = state
  if (network.faulty[0] === 0) return
  const estimates = estimatesOf(state)
  const first = closingPhase(at) * miner.length
  const to = out.FaultFeeCharged
  let seenGib = 0
  let seenFee = 0n
  const { faultyQaGib } = all
  const { length: nodes } = miner
  for (let node = 0; node < nodes; node++) {
    const gib = faultyQaGib[first + node]
    if (gib === 0) continue
    if (gib !== seenGib) {
      seenGib = gib
      seenFee = capFee(computeExpectedReward(estimates, BigInt(gib) << 30n, v.faultFeeEpochs))
    }
    if (seenFee === 0n) continue
    const r = addRow(to)
    to.node[r] = node
    to.deadline[r] = closing(state, node, at)
    to.feeAtto.set(r, seenFee)
    to.paid[r] = payFee(state, node, to.feeAtto, r)
    if (isBeyond(state, node, to.paid[r])) to.length--
  }
}

/** The daily fee of a deadline whose first cohort has come to its end: of those that live on. */
function readFee(state: State, d: number, epoch: number): number {
  const { cohort, deadline } = state
  let liveGib = 0
  fee.setNumber(0, 0)
  for (let c = deadline.cohort[d] - 1; c >= 0; c = nextCohort(state, c)) {
    if (cohort.expirationEpoch[c] <= epoch) continue
    liveGib += cohort.sectors[c] * qaGibOf(state, c)
    fee.add(0, cohort.dailyFeeAtto.hi[c], cohort.dailyFeeAtto.lo[c])
  }
  return liveGib
}

/** The daily fee of all that lives on, at most half of what it earns (FIP-0100). */
const charge_daily_fees: Line = (state, at, { out }) => {
  if (!isInHistory(at)) return
  const { deadline: all, miner } = state
  const { hi, lo } = all.dailyFeeAtto
  const n = miner.length
  const epoch = epochAt(at)
  const estimates = estimatesOf(state)
  // A day's expected reward of a great deal of power, so that its quotient by that power is sharp.
  const perGib = Number(computeExpectedReward(estimates, 1n << 60n, EPOCHS_PER_DAY)) / 2 ** 30
  const clearPerGib = (perGib / 2) * (1 - TIGHT)
  const first = closingPhase(at) * n
  const to = out.DailyFeeCharged
  reserve(to, n)
  const { feeAtto } = to
  const { expirationEpoch, qaGib } = all
  const { offset } = miner
  const phase = closingPhase(at)
  const { hi: lockedHi, lo: lockedLo } = miner.lockedAtto
  const { hi: debtHi, lo: debtLo } = miner.feeDebtAtto
  const isSingle = !isCatchingUp(state)
  for (let node = 0; node < n; node++) {
    const d = first + node
    let feeHi = hi[d]
    let feeLo = lo[d]
    if (feeHi === 0 && feeLo === 0) continue
    let liveGib = qaGib[d]
    if (expirationEpoch[d] <= epoch) {
      liveGib = readFee(state, d, epoch)
      feeHi = fee.hi[0]
      feeLo = fee.lo[0]
    }
    if (feeHi * Wide.BASE + feeLo > clearPerGib * liveGib) {
      const expected = computeExpectedReward(estimates, BigInt(liveGib) << 30n, EPOCHS_PER_DAY)
      fee.set(0, computePayableFee(BigInt(feeHi) * BigInt(Wide.BASE) + BigInt(feeLo), expected))
      feeHi = fee.hi[0]
      feeLo = fee.lo[0]
    }
    if (feeHi === 0 && feeLo === 0) continue
    const r = to.length++
    to.node[r] = node
    to.deadline[r] = phase < offset[node] ? phase + DEADLINES - offset[node] : phase - offset[node]
    feeAtto.hi[r] = feeHi
    feeAtto.lo[r] = feeLo
    // The common case of payFee, without a call.
    if (
      isSingle &&
      debtHi[node] === 0 &&
      debtLo[node] === 0 &&
      (lockedHi[node] > feeHi || (lockedHi[node] === feeHi && lockedLo[node] >= feeLo))
    ) {
      to.paid[r] = FROM_VESTING
      continue
    }
    to.paid[r] = payFee(state, node, feeAtto, r)
    if (isBeyond(state, node, to.paid[r])) to.length--
  }
}

/** No proof came for what could have been proven: all of it is faulty, free of charge this once (FIP-0002). */
const detect_missed: Line = (state, at, { out }) => {
  if (!isInHistory(at)) return
  const { live, faulty, recovering } = state.deadline
  const { provenSlot, length: nodes } = state.miner
  const slot = slotAt(at) - 1
  const first = closingPhase(at) * nodes
  const to = out.SectorsFaulted
  for (let node = 0; node < nodes; node++) {
    const d = first + node
    if (provenSlot[node] === slot || live[d] - faulty[d] + recovering[d] === 0) continue
    const r = addRow(to)
    to.node[r] = node
    to.deadline[r] = closing(state, node, at)
    to.sectors[r] = live[d] - faulty[d]
    to.epoch[r] = epochAt(at)
    to.cause[r] = DETECTED
  }
}

const expire_sectors: Line = (state, at, { out }) => {
  if (!isInHistory(at)) return
  const { cohort, deadline: all, miner } = state
  const epoch = epochAt(at)
  const first = closingPhase(at) * miner.length
  const to = out.SectorsExpired
  const { expirationEpoch } = all
  const end = first + miner.length
  for (let d = first; d < end; d++) {
    if (expirationEpoch[d] > epoch || all.cohort[d] === 0) continue
    for (let c = all.cohort[d] - 1; c >= 0; c = nextCohort(state, c)) {
      if (cohort.expirationEpoch[c] > epoch) continue
      const r = addRow(to)
      to.cohort[r] = c
      to.node[r] = cohort.node[c]
      to.sectors[r] = cohort.sectors[c]
      to.pledgeAtto.hi[r] = cohort.pledgeAtto.hi[c]
      to.pledgeAtto.lo[r] = cohort.pledgeAtto.lo[c]
    }
  }
}

const terminate_faulty: Line = (state, at, { out, params: v }) => {
  if (!isInHistory(at)) return
  const { cohort, deadline: all, miner } = state
  const epoch = epochAt(at)
  const first = closingPhase(at) * miner.length
  const { faulty } = all
  const end = first + miner.length
  for (let d = first; d < end; d++) {
    if (faulty[d] === 0) continue
    for (let c = all.cohort[d] - 1; c >= 0; c = nextCohort(state, c))
      if (cohort.faulty[c] > 0 && cohort.faultEpoch[c] + v.faultyDaysMax * EPOCHS_PER_DAY <= epoch) {
        writeTermination(state, c, cohort.faulty[c], epoch, OUTLASTED, v.faultFeeEpochs, out.SectorsTerminated)
        writeSlashes(state, c, cohort.faulty[c], epoch, out.DealsSlashed)
      }
  }
}

const burn_expired_deposits: Line = ({ miner }, at, { out }) => {
  if (!isInHistory(at)) return
  const epoch = epochAt(at)
  const to = out.PreCommitExpired
  const { pendingSectors, length: nodes } = miner
  for (let node = 0; node < nodes; node++) {
    if (pendingSectors[node] === 0 || miner.pendingEpoch[node] + SEAL_EPOCHS_MAX + CLEAN_UP_EPOCHS > epoch) continue
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
  const { miner, network } = state
  if (network.feeDebtAtto.hi[0] === 0 && network.feeDebtAtto.lo[0] === 0) return
  const { hi, lo } = miner.feeDebtAtto
  const to = out.DebtRepaid
  for (let node = 0; node < miner.length; node++) {
    if (hi[node] === 0 && lo[node] === 0) continue
    const r = addRow(to)
    to.node[r] = node
    if (miner.lockedAtto.covers(node, hi[node], lo[node]) && unlockedOf(state, node) >= 0n) {
      to.unlockedAtto.hi[r] = to.burntAtto.hi[r] = hi[node]
      to.unlockedAtto.lo[r] = to.burntAtto.lo[r] = lo[node]
      continue
    }
    const debt = miner.feeDebtAtto.get(node)
    const locked = miner.lockedAtto.get(node)
    const unlocked = locked < debt ? locked : debt
    const reach = unlockedOf(state, node) + unlocked
    if (reach === 0n) {
      to.length--
      continue
    }
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
      charge_fault_fees: everyDue(charge_fault_fees),
      charge_daily_fees: everyDue(charge_daily_fees),
      detect_missed: everyDue(detect_missed),
      expire_sectors: everyDue(expire_sectors),
      terminate_faulty: everyDue(terminate_faulty),
      burn_expired_deposits: whenDue(burn_expired_deposits),
      repay_debts: whenDue(repay_debts),
      keep_power,
      update_network: whenDue(update_network),
      ...possessionLines,
    },
  },
  day: {
    because: "Locked rewards come free in daily steps; on the chain in half-day slots of each provider's own period.",
    everySeconds: DAY,
    lines: { vest_rewards, close_day, lock_rewards, pay_gas, share_tips, ...dealLines },
  },
}
