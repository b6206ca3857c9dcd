/**
 * Escrow: a payer's deposit from which a payee is paid bit by bit, and whose rest goes back. All by postings through
 * the account "escrow", which at any time holds exactly what the open escrows have left.
 *
 * A stake is an escrow too: the payee is whoever a slash goes to, `settleEscrow` is the slash, `closeEscrow` the return.
 */
import { assertOpen, closeSlot, openSlot } from "../kernel/slots.ts"
import type { Wide } from "../kernel/wide.ts"
import { ESCROW, postEither, postWide, type Ledger } from "./ledger.ts"

/**
 * Opens an escrow of `amount` (from 0) paid in by `payer`, and returns its row: an identity until it is closed, and
 * then handed to another. Throws on an overdraft.
 */
export function openEscrow<T extends string>(
  l: Ledger<T>,
  payer: number,
  payee: number,
  token: T,
  amount: number | bigint,
): number {
  postEither(l, token, payer, ESCROW, amount)
  const row = openSlot(l.escrows, l.escrowHead)
  const { escrows } = l
  escrows.payer[row] = payer
  escrows.payee[row] = payee
  escrows.token[row] = l.tokenNames.indexOf(token)
  escrows.left.set(row, BigInt(amount))
  escrows.paid.setNumber(row, 0)
  return row
}

/** Adds `amount` from the payer. Throws on an overdraft, or when the escrow is not open. */
export function fundEscrow<T extends string>(l: Ledger<T>, row: number, amount: number | bigint): void {
  assertOpen(l.escrows, row)
  postEither(l, tokenAt(l, row), l.escrows.payer[row], ESCROW, amount)
  addEither(l.escrows.left, row, amount)
  l.escrows.version++
}

/** Pays `amount` to the payee, or to another holder such as a fee's. Throws when the escrow has less, or is not open. */
export function settleEscrow<T extends string>(
  l: Ledger<T>,
  row: number,
  amount: number | bigint,
  to = l.escrows.payee[row],
): void {
  assertOpen(l.escrows, row)
  const { left, paid } = l.escrows
  if (!holds(left, row, amount))
    throw new Error(`escrow ${row} has ${left.get(row)} left, too little to pay ${amount}; decide should have refused`)
  postEither(l, tokenAt(l, row), ESCROW, to, amount)
  addEither(left, row, -amount)
  addEither(paid, row, amount)
  l.escrows.version++
}

/** Returns what is left to the payer, ends the escrow, and says how much it was. The row number means nothing from then on. */
export function closeEscrow<T extends string>(l: Ledger<T>, row: number): bigint {
  assertOpen(l.escrows, row)
  const left = escrowLeft(l, row)
  postWide(l, tokenAt(l, row), ESCROW, l.escrows.payer[row], left)
  l.escrows.left.setNumber(row, 0)
  closeSlot(l.escrows, l.escrowHead, row)
  return left
}

/** What escrow `row` still holds. */
export const escrowLeft = (l: Ledger, row: number): bigint => l.escrows.left.get(row)

/** True when escrow `row` can pay `amount`: what `decide` asks before an event says so. */
export const escrowCovers = (l: Ledger, row: number, amount: number | bigint): boolean => holds(l.escrows.left, row, amount)

const tokenAt = <T extends string>(l: Ledger<T>, row: number): T => l.tokenNames[l.escrows.token[row]]

const holds = (column: Wide, row: number, amount: number | bigint): boolean =>
  // Balances below 2^53 compare exactly as numbers; hi is 0 to 31 for them.
  typeof amount === "number" && column.hi[row] < 32 ? column.toNumber(row) >= amount : column.get(row) >= BigInt(amount)

function addEither(column: Wide, row: number, amount: number | bigint): void {
  if (typeof amount === "number") column.addNumber(row, amount)
  else column.set(row, column.get(row) + amount)
}
