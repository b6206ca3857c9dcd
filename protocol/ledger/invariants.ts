/** What a ledger promises. Spread into a network's invariants; linear in holders and open rows, without allocation. */
import type { Invariants, Report } from "../kernel/invariant.ts"
import { isOpen } from "../kernel/slots.ts"
import { Wide } from "../kernel/wide.ts"
import { balance, ESCROW, holderName, ISSUANCE, VESTING, type Ledger } from "./ledger.ts"

export type LedgerPromise = "debits_equal_credits" | "only_issuance_is_negative" | "escrow_is_backed" | "vesting_is_backed"

/** The ledger's four promises about the ledger that `of` finds in the state. */
export const ledgerInvariants = <State>(of: (state: State) => Ledger): Record<LedgerPromise, Invariants<State>[string]> => ({
  debits_equal_credits: {
    because: "every posting takes from one account what it gives another, so a token's balances add up to zero",
    check: (state, report) => {
      const l = of(state)
      for (const token of l.tokenNames) {
        const { hi, lo } = l.tokens[token].balance
        // Issuance comes first and is the only negative one: the sum climbs from it to zero and never leaves a cell's range.
        const sum = new Wide(1)
        for (let i = 0; i < l.holders; i++) sum.add(0, hi[i], lo[i])
        report.require(sum.hi[0] === 0 && sum.lo[0] === 0, () => `balances of ${token} add up to ${sum.get(0)}, not 0`)
      }
    },
  },
  only_issuance_is_negative: {
    because: "nobody but the contra account can owe; an overdraft is refused before it is posted",
    check: (state, report) => {
      const l = of(state)
      for (const token of l.tokenNames) {
        const { hi } = l.tokens[token].balance
        for (let i = 1; i < l.holders; i++)
          if (hi[i] < 0) report.require(false, () => `${holderName(l, i)} has ${balance(l, token, i)} ${token}, below 0`)
        report.require(
          hi[ISSUANCE] <= 0 && balance(l, token, ISSUANCE) <= 0n,
          () => `issuance of ${token} is ${balance(l, token, ISSUANCE)}, above 0`,
        )
      }
    },
  },
  escrow_is_backed: {
    because: "the account escrow holds exactly what the open escrows have left",
    check: (state, report) => {
      const l = of(state)
      const sums = new Wide(l.tokenNames.length)
      const { left, token, length } = l.escrows
      for (let row = 0; row < length; row++) {
        if (!isOpen(l.escrows, row)) continue
        sums.add(token[row], left.hi[row], left.lo[row])
        if (left.isNegative(row)) report.require(false, () => `escrow ${row} has ${left.get(row)} left, below 0`)
      }
      requireBacked(l, report, ESCROW, sums)
    },
  },
  vesting_is_backed: {
    because: "the account vesting holds exactly what is granted and not yet released",
    check: (state, report) => {
      const l = of(state)
      const sums = new Wide(l.tokenNames.length)
      const { total, released, token, length } = l.grants
      for (let row = 0; row < length; row++) {
        if (!isOpen(l.grants, row)) continue
        const before = sums.hi[token[row]]
        const beforeLo = sums.lo[token[row]]
        sums.add(token[row], total.hi[row], total.lo[row])
        sums.subtract(token[row], released.hi[row], released.lo[row])
        if (sums.hi[token[row]] < before || (sums.hi[token[row]] === before && sums.lo[token[row]] < beforeLo))
          report.require(false, () => `grant ${row} has released ${released.get(row)} of ${total.get(row)}`)
      }
      requireBacked(l, report, VESTING, sums)
    },
  },
})

function requireBacked(l: Ledger, report: Report, account: number, sums: Wide): void {
  for (let k = 0; k < l.tokenNames.length; k++) {
    const token = l.tokenNames[k]
    const { hi, lo } = l.tokens[token].balance
    report.require(
      hi[account] === sums.hi[k] && lo[account] === sums.lo[k],
      () => `${l.accounts[account]} has ${balance(l, token, account)} ${token}, its open rows ${sums.get(k)}`,
    )
  }
}
