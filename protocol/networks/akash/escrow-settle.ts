/**
 * How one escrow account pays its payments over some blocks: the sequential rule in force since v1.0 (x/escrow/keeper
 * accountSettleFullBlocks, node@3efe26bf), and the rule of whole blocks up to v0.38 (node@58411565).
 *
 * The first serves payments one after another, so that the later one bears the whole shortfall. It is no bug of ours: the
 * chain's own test asserts it.
 */
import * as dec from "./legacy-dec.ts"
import type { Dec } from "./legacy-dec.ts"

/** What a payment is owed for `blocks` at `rate` per block: a whole number of units, toward zero. */
export const computeDue = (rate: Dec, blocks: number): Dec => dec.truncateDec(dec.mul(rate, dec.fromWhole(blocks)))

export interface Drawn {
  /** Taken from the deposits. */
  readonly drawn: Dec
  /** What no deposit covered. */
  readonly missing: Dec
  /** Deposits afterwards, in the same order, empty ones gone. */
  readonly deposits: readonly Dec[]
}

/** Takes `amount` from deposits in the order of their arrival. */
export const drawFirstIn = (deposits: readonly Dec[], amount: Dec): Drawn => {
  let missing = amount
  const left: Dec[] = []
  for (const deposit of deposits) {
    const taken = dec.min(deposit, missing)
    missing -= taken
    if (deposit !== taken) left.push(deposit - taken)
  }
  return { drawn: amount - missing, missing, deposits: left }
}

export interface Settlement {
  /** Deposits less what was drawn, less what was missing: below 0 is debt. */
  readonly funds: Dec
  readonly paid: readonly Dec[]
  readonly unsettled: readonly Dec[]
  readonly isOverdrawn: boolean
  readonly transferred: Dec
  readonly deposits: readonly Dec[]
}

/** Pays each of `due` in turn from the deposits. `funds` is what the account says it has. */
export const settlePayments = (funds: Dec, deposits: readonly Dec[], due: readonly Dec[]): Settlement => {
  const paid: Dec[] = []
  const unsettled: Dec[] = []
  let left = deposits
  let transferred = 0n
  let after = funds
  for (const amount of due) {
    const { drawn, missing, deposits: rest } = drawFirstIn(left, amount)
    left = rest
    paid.push(drawn)
    unsettled.push(missing)
    transferred += drawn
    after -= drawn + missing
  }
  return { funds: after, paid, unsettled, isOverdrawn: unsettled.some((u) => u > 0n), transferred, deposits: left }
}

/** Open payments over `blocks`. Nothing is due, and nothing looked at, when no block has passed. */
export const settleFullBlocks = (deposits: readonly Dec[], rates: readonly Dec[], blocks: number): Settlement => {
  const funds = deposits.reduce((sum, d) => sum + d, 0n)
  if (blocks === 0)
    return {
      ...settlePayments(
        funds,
        [],
        rates.map(() => 0n),
      ),
      deposits,
    }
  return settlePayments(
    funds,
    deposits,
    rates.map((rate) => computeDue(rate, blocks)),
  )
}

export interface LegacySettlement {
  readonly balance: Dec
  readonly funds: Dec
  readonly paid: readonly Dec[]
  /** To be shared by `distributeWeighted` when overdrawn. */
  readonly remaining: Dec
  readonly isOverdrawn: boolean
}

/** Up to v0.38: as many whole blocks as all payments together can afford. Granted `funds` go before the own `balance`. */
export const settleLegacy = (balance: Dec, funds: Dec, rates: readonly Dec[], blocks: number): LegacySettlement => {
  const perBlock = rates.reduce((sum, r) => sum + r, 0n)
  // Nothing to pay: the chain does not get here without a payment, and a rate of 0 is refused.
  const affordable = perBlock === 0n ? BigInt(blocks) : dec.truncate(dec.quo(balance + funds, perBlock))
  const full = affordable > BigInt(blocks) ? BigInt(blocks) : affordable
  const whole = dec.fromWhole(full)
  const paid = rates.map((rate) => dec.mul(rate, whole))
  const granted = funds - dec.mul(perBlock, whole)
  const balanceEnd = granted < 0n ? balance + granted : balance
  const fundsEnd = granted < 0n ? 0n : granted
  if (full === BigInt(blocks)) return { balance: balanceEnd, funds: fundsEnd, paid, remaining: 0n, isOverdrawn: false }
  const remaining = balanceEnd + fundsEnd
  return { balance: remaining, funds: 0n, paid, remaining, isOverdrawn: true }
}

/** Up to v0.38: shares what an overdrawn account has left in proportion to the rates; each share is amount · rate / Σ rates. */
export const distributeWeighted = (amount: Dec, rates: readonly Dec[]): { paid: readonly Dec[]; remaining: Dec } => {
  const perBlock = rates.reduce((sum, r) => sum + r, 0n)
  const paid = rates.map((rate) => (perBlock === 0n ? 0n : dec.quo(dec.mul(amount, rate), perBlock)))
  return { paid, remaining: amount - paid.reduce((sum, p) => sum + p, 0n) }
}

/** Up to v0.38: one account with one payment whose provider collects after `blocks`. Overdrawn means balance 0, never a debt. */
export const settleLegacyAccount = (
  deposit: Dec,
  rate: Dec,
  blocks: number,
): { readonly isOverdrawn: boolean; readonly balance: Dec; readonly transferred: Dec; readonly withdrawn: bigint } => {
  const { paid, balance, remaining, isOverdrawn } = settleLegacy(deposit, 0n, [rate], blocks)
  const shared = isOverdrawn ? distributeWeighted(remaining, [rate]) : { paid: [0n], remaining: balance }
  const transferred = paid[0] + shared.paid[0]
  return { isOverdrawn, balance: shared.remaining, transferred, withdrawn: dec.truncate(transferred) }
}
