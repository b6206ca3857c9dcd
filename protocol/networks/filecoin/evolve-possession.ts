/** Event → state of warm storage. */
import type { Evolve } from "../../kernel/network.ts"
import { closeSlot, openSlot } from "../../kernel/slots.ts"
import { touch } from "../../kernel/table.ts"
import { holderOf, postCell } from "../../ledger/ledger.ts"
import type { Events } from "./events.ts"
import type { possessionEvents } from "./events-possession.ts"
import { nextPeriodOf, PERIOD_EPOCHS } from "./decide-possession.ts"
import { advanceLockup, LOCKUP_EPOCHS } from "./pay-account.ts"
import type { State } from "./state.ts"
import { accountOf, PERIODS_KEPT } from "./state-possession.ts"

/** Brings a client's account up to `epoch`, and changes what it locks and what its rails take. */
function bring(state: State, client: number, epoch: number, lockupBy: bigint, rateBy: bigint): void {
  const { payer } = state
  const account = advanceLockup(accountOf(state, client), epoch)
  payer.lockupUsdfc.set(client, account.lockup + lockupBy)
  payer.rateUsdfc.set(client, account.rate + rateBy)
  payer.lockedEpoch[client] = account.lockedEpoch
  touch(payer)
}

export const evolvePossession: Pick<Evolve<State, Events>, keyof typeof possessionEvents> = {
  PaymentDeposited({ ledger, payer, possessionTotals }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      const { hi, lo } = rows.amountUsdfc
      postCell(ledger, "usdfc", ledger.account.circulation, ledger.account.filecoin_pay, rows.amountUsdfc, i)
      payer.fundsUsdfc.add(rows.node[i], hi[i], lo[i])
      possessionTotals.fundsUsdfc.add(0, hi[i], lo[i])
    }
    touch(payer)
  },
  PaymentWithdrawn({ ledger, payer, possessionTotals }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      const { hi, lo } = rows.amountUsdfc
      postCell(ledger, "usdfc", ledger.account.filecoin_pay, ledger.account.circulation, rows.amountUsdfc, i)
      payer.fundsUsdfc.subtract(rows.node[i], hi[i], lo[i])
      possessionTotals.fundsUsdfc.subtract(0, hi[i], lo[i])
    }
    touch(payer)
  },
  DataSetCreated(state, rows, begin, end) {
    const { dataSet, dataSetHead, possessionTotals } = state
    for (let i = begin; i < end; i++) {
      const d = openSlot(dataSet, dataSetHead)
      const rate = rows.rateUsdfc.get(i)
      for (const name of ["client", "node", "gib", "activationEpoch"] as const) dataSet[name][d] = rows[name][i]
      dataSet.deadlineEpoch[d] = rows.activationEpoch[i] + PERIOD_EPOCHS
      dataSet.settledEpoch[d] = rows.epoch[i]
      dataSet.proven[d] = dataSet.firstPeriod[d] = dataSet.endEpoch[d] = 0
      dataSet.rateUsdfc.set(d, rate)
      possessionTotals.gib[0] += rows.gib[i]
      bring(state, rows.client[i], rows.epoch[i], rate * BigInt(LOCKUP_EPOCHS), rate)
    }
  },
  PossessionProven(state, rows, begin, end) {
    const { dataSet, ledger, miner, network, possessionTotals } = state
    for (let i = begin; i < end; i++) {
      const d = rows.dataSet[i]
      dataSet.proven[d] = (dataSet.proven[d] | (1 << (nextPeriodOf(state, d) - dataSet.firstPeriod[d]))) >>> 0
      dataSet.deadlineEpoch[d] += PERIOD_EPOCHS
      possessionTotals.proven[0]++
      const { hi, lo } = rows.feeAtto
      postCell(ledger, "fil", ledger.account.circulation, ledger.account.burnt, rows.feeAtto, i)
      // Paid from its owner's pocket: as if it had come in first (books.ts `burntOf`).
      miner.fundedAtto.add(dataSet.node[d], hi[i], lo[i])
      network.burntAtto.add(0, hi[i], lo[i])
      possessionTotals.feesAtto.add(0, hi[i], lo[i])
    }
    touch(dataSet)
  },
  PeriodsFaulted({ dataSet, possessionTotals }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      dataSet.deadlineEpoch[rows.dataSet[i]] += rows.periods[i] * PERIOD_EPOCHS
      possessionTotals.faulted[0] += rows.periods[i]
    }
    touch(dataSet)
  },
  RailSettled(state, rows, begin, end) {
    const { dataSet, dataSetHead, ledger, payer, possessionTotals } = state
    for (let i = begin; i < end; i++) {
      const d = rows.dataSet[i]
      const client = dataSet.client[d]
      const upto = rows.settledEpoch[i]
      const { hi, lo } = rows.paidUsdfc
      // The whole of it was locked; what faulted periods would have cost is free again.
      bring(state, client, rows.epoch[i], -dataSet.rateUsdfc.get(d) * BigInt(upto - dataSet.settledEpoch[d]), 0n)
      payer.fundsUsdfc.subtract(client, hi[i], lo[i])
      possessionTotals.fundsUsdfc.subtract(0, hi[i], lo[i])
      possessionTotals.paidUsdfc.add(0, hi[i], lo[i])
      postCell(ledger, "usdfc", ledger.account.filecoin_pay, holderOf(ledger, dataSet.node[d]), rows.paidUsdfc, i)
      dataSet.settledEpoch[d] = upto
      const first = Math.max(dataSet.firstPeriod[d], Math.floor((upto - dataSet.activationEpoch[d]) / PERIOD_EPOCHS))
      const by = first - dataSet.firstPeriod[d]
      dataSet.proven[d] = by < PERIODS_KEPT ? dataSet.proven[d] >>> by : 0
      dataSet.firstPeriod[d] = first
      if (upto !== dataSet.endEpoch[d]) continue
      possessionTotals.gib[0] -= dataSet.gib[d]
      closeSlot(dataSet, dataSetHead, d)
    }
    touch(dataSet)
  },
  DataSetTerminated(state, rows, begin, end) {
    const { dataSet, possessionTotals } = state
    for (let i = begin; i < end; i++) {
      const d = rows.dataSet[i]
      bring(state, dataSet.client[d], rows.epoch[i], 0n, -dataSet.rateUsdfc.get(d))
      dataSet.endEpoch[d] = rows.endEpoch[i]
      possessionTotals.terminated[0]++
    }
    touch(dataSet)
  },
}
