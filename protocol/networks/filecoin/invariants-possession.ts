/** The promises of warm storage and its rails, and a broken state for each. Walked only when a table moved. */
import type { Invariants } from "../../kernel/invariant.ts"
import { isOpen } from "../../kernel/slots.ts"
import { touch } from "../../kernel/table.ts"
import { balance } from "../../ledger/ledger.ts"
import { LOCKUP_EPOCHS } from "./pay-account.ts"
import type { State } from "./state.ts"
import { accountOf } from "./state-possession.ts"
import { unlessPassed } from "./sums.ts"

const NOTHING = { lockup: 0n, rate: 0n } as const

export const possessionInvariants: Invariants<State> = {
  filecoin_pay_holds_its_funds: {
    because: "Filecoin Pay holds exactly what clients paid in and rails have not paid out.",
    check({ ledger, payer, possessionTotals }, report) {
      const held = balance(ledger, "usdfc", ledger.account.filecoin_pay)
      const counted = possessionTotals.fundsUsdfc.get(0)
      report.require(held === counted, () => `Filecoin Pay holds ${held}, ${counted} is counted`)
      unlessPassed("funds", payer, ledger.tokens.usdfc, () => {
        let sum = 0n
        for (let n = 0; n < payer.length; n++)
          if (payer.fundsUsdfc.hi[n] !== 0 || payer.fundsUsdfc.lo[n] !== 0) sum += payer.fundsUsdfc.get(n)
        report.require(sum === counted, () => `the clients have ${sum}, ${counted} is counted`)
        return sum === counted
      })
    },
  },
  rails_are_locked_for: {
    because:
      "An account locks what its rails are owed and 30 days more, or the days to a rail's end; it never locks what it lacks.",
    check(state, report) {
      const { dataSet, payer } = state
      unlessPassed("rails", payer, dataSet, () => {
        const sums = new Map<number, { readonly lockup: bigint; readonly rate: bigint }>()
        for (let d = 0; d < dataSet.length; d++) {
          if (!isOpen(dataSet, d)) continue
          const client = dataSet.client[d]
          const rate = dataSet.rateUsdfc.get(d)
          const end = dataSet.endEpoch[d]
          const epochs = (end > 0 ? end : payer.lockedEpoch[client] + LOCKUP_EPOCHS) - dataSet.settledEpoch[d]
          const before = sums.get(client) ?? NOTHING
          sums.set(client, { lockup: before.lockup + rate * BigInt(epochs), rate: before.rate + (end > 0 ? 0n : rate) })
        }
        let holds = true
        for (let n = 0; n < payer.length; n++) {
          const sum = sums.get(n)
          if (sum === undefined && payer.lockedEpoch[n] === 0 && payer.lockupUsdfc.lo[n] === 0) continue
          const { funds, lockup, rate } = accountOf(state, n)
          const wanted = sum ?? NOTHING
          if (lockup === wanted.lockup && rate === wanted.rate && lockup <= funds) continue
          holds = false
          report.require(
            false,
            () =>
              `client ${n} has locked ${lockup} of ${funds} at ${rate} an epoch, its rails take ${wanted.lockup} at ${wanted.rate}`,
          )
        }
        return holds
      })
    },
  },
}

export const possessionSabotage: Readonly<Record<keyof typeof possessionInvariants, (s: State) => void>> = {
  filecoin_pay_holds_its_funds: ({ possessionTotals }) => possessionTotals.fundsUsdfc.addNumber(0, 1),
  rails_are_locked_for: ({ payer }) => {
    payer.lockupUsdfc.addNumber(0, 1)
    touch(payer)
  },
}
