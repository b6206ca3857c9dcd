/** Proof of data possession and the rails that pay for it (PDPVerifier, Filecoin Warm Storage Service, Filecoin Pay). */
import type { Decide } from "../../kernel/network.ts"
import { isOpen } from "../../kernel/slots.ts"
import { addRow } from "../../kernel/table.ts"
import { balance } from "../../ledger/ledger.ts"
import { epochAt, isInHistory } from "./chain-time.ts"
import type { Commands, Refusal } from "./commands.ts"
import { EPOCHS_PER_DAY } from "./epoch.ts"
import type { Events } from "./events.ts"
import { CLIENT } from "./events-deals.ts"
import type { FilecoinParams } from "./params.ts"
import { advanceLockup, isDelinquent, LOCKUP_EPOCHS } from "./pay-account.ts"
import { computeProofFee } from "./possession.ts"
import type { State } from "./state.ts"
import { accountOf, PERIODS_KEPT } from "./state-possession.ts"
import { computeRatePerEpoch, type PaymentRelease, releasePayment } from "./warm-storage.ts"

type Decisions = Decide<State, Commands, Events, FilecoinParams, Refusal>

export const PERIOD_EPOCHS = EPOCHS_PER_DAY
/** Epochs at a period's end in which it is proven. */
export const WINDOW_EPOCHS = 60
export const CHALLENGES_MIN = 5
/** Longest delay to a first challenge. */
const ACTIVATION_EPOCHS_MAX = 43_200

/** The period that a data set proves next. */
export const nextPeriodOf = ({ dataSet }: State, d: number): number =>
  (dataSet.deadlineEpoch[d] - dataSet.activationEpoch[d]) / PERIOD_EPOCHS - 1

/** What a settlement of rail `d` at `now` releases: as far as its end, its client's account, and its first open period. */
export function releaseAt(state: State, d: number, now: number): PaymentRelease {
  const { dataSet } = state
  const from = dataSet.settledEpoch[d]
  const end = dataSet.endEpoch[d]
  const to = Math.min(now, end > 0 ? end : advanceLockup(accountOf(state, dataSet.client[d]), now).lockedEpoch)
  if (to <= from) return { amount: 0n, settleUpto: from }
  const isProven = (period: number): boolean => {
    const bit = period - dataSet.firstPeriod[d]
    return bit >= 0 && bit < PERIODS_KEPT && ((dataSet.proven[d] >>> bit) & 1) === 1
  }
  const calendar = { activation: dataSet.activationEpoch[d], periodEpochs: PERIOD_EPOCHS }
  const release = releasePayment(calendar, isProven, from, to, now, dataSet.rateUsdfc.get(d) * BigInt(to - from))
  // A rule that starts at the activation may stand before it: nothing is due there.
  return release.settleUpto > to ? { ...release, settleUpto: to } : release
}

export const decidePossession: Pick<
  Decisions,
  "DepositPayment" | "WithdrawPayment" | "CreateDataSet" | "ProvePossession" | "SettleRail" | "TerminateDataSet"
> = {
  DepositPayment({ ledger, miner }, rows, begin, end, { out, refuse }) {
    for (let i = begin; i < end; i++) {
      const sent = rows.amountUsdfc.get(i)
      if (rows.node[i] >= miner.length) refuse(i, "unknown_node")
      else if (sent <= 0n) refuse(i, "amount_not_positive")
      else if (balance(ledger, "usdfc", ledger.account.circulation) < sent) refuse(i, "usdfc_too_small")
      else {
        const to = out.PaymentDeposited
        const r = addRow(to)
        to.node[r] = rows.node[i]
        to.amountUsdfc.set(r, sent)
      }
    }
  },

  WithdrawPayment(state, rows, begin, end, { out, refuse }) {
    for (let i = begin; i < end; i++) {
      const wanted = rows.amountUsdfc.get(i)
      if (rows.node[i] >= state.miner.length) refuse(i, "unknown_node")
      else if (!isInHistory(rows.atS[i])) refuse(i, "before_genesis")
      else if (wanted <= 0n) refuse(i, "amount_not_positive")
      else {
        const { funds, lockup } = advanceLockup(accountOf(state, rows.node[i]), epochAt(rows.atS[i]))
        if (funds - lockup < wanted) {
          refuse(i, "funds_locked")
          continue
        }
        const to = out.PaymentWithdrawn
        const r = addRow(to)
        to.node[r] = rows.node[i]
        to.amountUsdfc.set(r, wanted)
      }
    }
  },

  CreateDataSet(state, rows, begin, end, { out, params: v, refuse }) {
    const { miner } = state
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      const now = epochAt(rows.atS[i])
      const activation = epochAt(rows.activationS[i])
      if (v.pdpOn === 0) refuse(i, "pdp_is_off")
      else if (rows.client[i] >= miner.length) refuse(i, "unknown_node")
      else if (node >= miner.length || miner.created[node] === 0) refuse(i, "unknown_miner")
      else if (!isInHistory(rows.atS[i]) || !isInHistory(rows.activationS[i])) refuse(i, "before_genesis")
      else if (rows.gib[i] === 0) refuse(i, "data_set_empty")
      else if (activation < now || activation > now + ACTIVATION_EPOCHS_MAX) refuse(i, "activation_out_of_range")
      else {
        const rate = computeRatePerEpoch(BigInt(rows.gib[i]) << 30n)
        const account = advanceLockup(accountOf(state, rows.client[i]), now)
        if (isDelinquent(account, now)) refuse(i, "client_is_delinquent")
        else if (account.funds - account.lockup < rate * BigInt(LOCKUP_EPOCHS)) refuse(i, "lockup_not_covered")
        else {
          const to = out.DataSetCreated
          const r = addRow(to)
          to.client[r] = rows.client[i]
          to.node[r] = node
          to.gib[r] = rows.gib[i]
          // Told late, it begins where the account already stands.
          to.epoch[r] = account.lockedEpoch
          to.activationEpoch[r] = Math.max(activation, account.lockedEpoch)
          to.rateUsdfc.set(r, rate)
        }
      }
    }
  },

  ProvePossession(state, rows, begin, end, { out, refuse }) {
    const { dataSet, ledger } = state
    for (let i = begin; i < end; i++) {
      const d = rows.dataSet[i]
      const epoch = epochAt(rows.atS[i])
      if (!isOpen(dataSet, d) || dataSet.node[d] !== rows.node[i]) refuse(i, "unknown_data_set")
      else if (!isInHistory(rows.atS[i])) refuse(i, "before_genesis")
      else if (rows.challenges[i] < CHALLENGES_MIN) refuse(i, "too_few_challenges")
      else if (epoch < dataSet.deadlineEpoch[d] - WINDOW_EPOCHS || epoch > dataSet.deadlineEpoch[d]) refuse(i, "window_not_open")
      else if (nextPeriodOf(state, d) - dataSet.firstPeriod[d] >= PERIODS_KEPT) refuse(i, "rail_is_full")
      else {
        const fee = computeProofFee(BigInt(dataSet.gib[d]) << 30n)
        if (balance(ledger, "fil", ledger.account.circulation) < fee) {
          refuse(i, "circulation_too_small")
          continue
        }
        const to = out.PossessionProven
        const r = addRow(to)
        to.dataSet[r] = d
        to.feeAtto.set(r, fee)
      }
    }
  },

  SettleRail(state, rows, begin, end, { out, refuse }) {
    const { dataSet } = state
    for (let i = begin; i < end; i++) {
      const d = rows.dataSet[i]
      const now = epochAt(rows.atS[i])
      if (!isOpen(dataSet, d)) refuse(i, "unknown_data_set")
      else if (!isInHistory(rows.atS[i])) refuse(i, "before_genesis")
      else {
        const { amount, settleUpto } = releaseAt(state, d, now)
        if (settleUpto <= dataSet.settledEpoch[d]) {
          refuse(i, "nothing_to_settle")
          continue
        }
        const to = out.RailSettled
        const r = addRow(to)
        to.dataSet[r] = d
        to.epoch[r] = now
        to.settledEpoch[r] = settleUpto
        to.paidUsdfc.set(r, amount)
      }
    }
  },

  TerminateDataSet(state, rows, begin, end, { out, refuse }) {
    const { dataSet } = state
    for (let i = begin; i < end; i++) {
      const d = rows.dataSet[i]
      const now = epochAt(rows.atS[i])
      if (!isOpen(dataSet, d)) refuse(i, "unknown_data_set")
      else if (!isInHistory(rows.atS[i])) refuse(i, "before_genesis")
      else if (dataSet.endEpoch[d] > 0) refuse(i, "already_terminated")
      else {
        const account = advanceLockup(accountOf(state, dataSet.client[d]), now)
        const isClient = rows.side[i] === CLIENT
        if (isClient && isDelinquent(account, now)) refuse(i, "client_is_delinquent")
        else if (!isClient && !isDelinquent(account, now)) refuse(i, "client_is_funded")
        else {
          const to = out.DataSetTerminated
          const r = addRow(to)
          to.dataSet[r] = d
          to.epoch[r] = now
          to.endEpoch[r] = account.lockedEpoch + LOCKUP_EPOCHS
        }
      }
    }
  },
}
