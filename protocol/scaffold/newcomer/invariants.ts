/** What newcomer promises after every epoch, and a broken state for each promise, so that the exam sees it caught. */
import type { Invariants } from "../../kernel/invariant.ts"
import { ledgerInvariants } from "../../ledger/invariants.ts"
import { balance, post } from "../../ledger/ledger.ts"
import type { State } from "./state.ts"

export const invariants: Invariants<State> = {
  ...ledgerInvariants((state: State) => state.ledger),
  totals_are_of_rows: {
    because: "Metrics and the alarm are read from kept sums: they must be those of the rows.",
    check({ node: nodes, total }, report) {
      for (const name of ["joined", "silent", "proofs", "dayProofs"] as const) {
        let rows = 0
        for (let node = 0; node < nodes.length; node++) rows += nodes[name][node]
        report.require(total[name][0] === rows, () => `${total[name][0]} ${name} are counted, the rows say ${rows}`)
      }
    },
  },
  only_members_prove: {
    because: "A node that never joined can be neither heard nor silent.",
    check({ node: nodes }, report) {
      for (let node = 0; node < nodes.length; node++)
        if (nodes.joined[node] === 0 && (nodes.proofs[node] > 0 || nodes.silent[node] === 1))
          report.require(false, () => `node ${node} never joined, and has ${nodes.proofs[node]} proofs`)
    },
  },
  pool_is_shared_out: {
    because: "What is minted for a day reaches the nodes or the treasury on that day.",
    check({ ledger: l }, report) {
      const left = balance(l, "token", l.account.rewards)
      report.require(left === 0n, () => `${left} of a day's pool is neither paid nor in the treasury`)
    },
  },
}

export const sabotage: Readonly<Record<string, (s: State) => void>> = {
  debits_equal_credits: ({ ledger: l }) => l.tokens.token.balance.addNumber(l.account.treasury, 1),
  only_issuance_is_negative: ({ ledger: l }) => l.tokens.token.balance.setNumber(l.account.treasury, -1),
  escrow_is_backed: ({ ledger: l }) => post(l, "token", l.account.issuance, l.account.escrow, 1),
  vesting_is_backed: ({ ledger: l }) => post(l, "token", l.account.issuance, l.account.vesting, 1),
  totals_are_of_rows: ({ total }) => void total.proofs[0]++,
  only_members_prove: ({ node: nodes }) => {
    nodes.joined[0] = 0
    nodes.proofs[0] = 1
  },
  pool_is_shared_out: ({ ledger: l }) => post(l, "token", l.account.issuance, l.account.rewards, 1),
}
