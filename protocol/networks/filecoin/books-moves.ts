/** Moves of money that more than one event makes. Called from evolve. */
import type { Wide } from "../../kernel/wide.ts"
import { holderOf, postCell } from "../../ledger/ledger.ts"
import type { State } from "./state.ts"

export const addTo = (to: Wide, i: number, from: Wide, row: number): void => to.add(i, from.hi[row], from.lo[row])
export const takeFrom = (to: Wide, i: number, from: Wide, row: number): void => to.subtract(i, from.hi[row], from.lo[row])

/** Amount of `row` becomes debt. */
export function owe({ miner, network }: State, node: number, amounts: Wide, row: number): void {
  addTo(miner.feeDebtAtto, node, amounts, row)
  addTo(network.feeDebtAtto, 0, amounts, row)
}

/** Amount of `row` goes from the miner to f099. */
export function burn(state: State, node: number, amounts: Wide, row: number): void {
  const { ledger, network } = state
  postCell(ledger, "fil", holderOf(ledger, node), ledger.account.burnt, amounts, row)
  addTo(network.burntAtto, 0, amounts, row)
}
