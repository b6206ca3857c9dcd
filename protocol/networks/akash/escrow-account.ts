/**
 * The life of one escrow account with one payment, as x/escrow has it since v1.0 (node@3efe26bf), without the traps that the
 * fact sheet names. A refused step changes nothing. Amounts are decimals; what leaves the account is whole.
 */
import { computeDue, settlePayments } from "./escrow-settle.ts"
import * as dec from "./legacy-dec.ts"
import type { Dec } from "./legacy-dec.ts"
import { computeFee } from "./take.ts"

export type EscrowState = "open" | "closed" | "overdrawn"
export type EscrowRefusal =
  | "ErrAccountClosed"
  | "ErrAccountOverdrawn"
  | "ErrPaymentExists"
  | "ErrPaymentNotFound"
  | "ErrPaymentRateZero"
  | "ErrPaymentClosed"

interface Payment {
  readonly state: EscrowState
  readonly rate: Dec
  readonly balance: Dec
  readonly unsettled: Dec
}

export interface EscrowAccount {
  readonly state: EscrowState
  readonly deposits: readonly Dec[]
  /** Below 0: debt. */
  readonly funds: Dec
  readonly settledAt: number
  readonly transferred: Dec
  /** Null until it is created. */
  readonly payment: Payment | null
  /** Running totals of what left the account, whole. */
  readonly received: bigint
  readonly fees: bigint
  readonly refunded: bigint
}

export interface EscrowStep {
  readonly error: EscrowRefusal | null
  readonly account: EscrowAccount
}

export const openEscrowAccount = (deposit: Dec, height: number): EscrowAccount => ({
  state: "open",
  deposits: deposit > 0n ? [deposit] : [],
  funds: deposit,
  settledAt: height,
  transferred: 0n,
  payment: null,
  received: 0n,
  fees: 0n,
  refunded: 0n,
})

const done = (account: EscrowAccount): EscrowStep => ({ error: null, account })
const refused = (account: EscrowAccount, error: EscrowRefusal): EscrowStep => ({ error, account })

/** Pays the provider the whole part of the payment's balance, less the fee. */
const payOut = (a: EscrowAccount, takeRate: Dec): EscrowAccount => {
  if (a.payment === null) return a
  const earned = dec.truncate(a.payment.balance)
  if (earned === 0n) return a
  const fee = computeFee(earned, takeRate)
  return {
    ...a,
    payment: { ...a.payment, balance: a.payment.balance - dec.fromWhole(earned) },
    received: a.received + earned - fee,
    fees: a.fees + fee,
  }
}

/** Returns every deposit's whole part; the account's funds lose all of it. */
const refund = (a: EscrowAccount): EscrowAccount => ({
  ...a,
  funds: a.funds - a.deposits.reduce((sum, d) => sum + d, 0n),
  refunded: a.refunded + a.deposits.reduce((sum, d) => sum + dec.truncate(d), 0n),
  deposits: [],
})

/** Charges the blocks since the last time. An account in debt stays as it is. */
const settle = (
  a: EscrowAccount,
  height: number,
  takeRate: Dec,
): { readonly account: EscrowAccount; readonly isOverdrawn: boolean } => {
  if (a.funds < 0n) return { account: a, isOverdrawn: true }
  const isDebtPaid = a.state === "overdrawn"
  const blocks = isDebtPaid ? 0 : height - a.settledAt
  const account: EscrowAccount = isDebtPaid ? a : { ...a, settledAt: height }
  const { payment } = account
  if (payment === null || payment.state === "closed" || (payment.state === "open" && blocks === 0))
    return { account, isOverdrawn: false }
  const due = payment.state === "overdrawn" ? payment.unsettled : computeDue(payment.rate, blocks)
  const { funds, deposits, paid, unsettled, isOverdrawn, transferred } = settlePayments(account.funds, account.deposits, [due])
  const settled: EscrowAccount = {
    ...account,
    funds,
    deposits,
    transferred: account.transferred + transferred,
    state: isOverdrawn ? "overdrawn" : account.state,
    payment: {
      ...payment,
      balance: payment.balance + paid[0],
      unsettled: unsettled[0],
      state: isOverdrawn ? "overdrawn" : "open",
    },
  }
  return { account: isOverdrawn ? refund(payOut(settled, takeRate)) : settled, isOverdrawn }
}

const closePayment = (a: EscrowAccount, takeRate: Dec): EscrowAccount =>
  a.payment === null || a.payment.state === "closed" ? a : payOut({ ...a, payment: { ...a.payment, state: "closed" } }, takeRate)

export const createPayment = (a: EscrowAccount, height: number, rate: Dec, takeRate: Dec): EscrowStep => {
  if (a.state === "closed") return refused(a, "ErrAccountClosed")
  const { account, isOverdrawn } = settle(a, height, takeRate)
  if (isOverdrawn) return refused(a, "ErrAccountOverdrawn")
  if (rate === 0n) return refused(a, "ErrPaymentRateZero")
  if (a.payment !== null) return refused(a, "ErrPaymentExists")
  return done({ ...account, payment: { state: "open", rate, balance: 0n, unsettled: 0n } })
}

export const withdrawPayment = (a: EscrowAccount, height: number, takeRate: Dec): EscrowStep => {
  if (a.payment === null) return refused(a, "ErrPaymentNotFound")
  if (a.payment.state === "closed") return refused(a, "ErrPaymentClosed")
  if (a.payment.state === "overdrawn") return done(a)
  const { account, isOverdrawn } = settle(a, height, takeRate)
  return done(isOverdrawn ? account : payOut(account, takeRate))
}

export const closeEscrowPayment = (a: EscrowAccount, height: number, takeRate: Dec): EscrowStep => {
  if (a.payment === null) return refused(a, "ErrPaymentNotFound")
  if (a.payment.state === "closed") return refused(a, "ErrPaymentClosed")
  if (a.payment.state === "overdrawn") return done(a)
  const { account, isOverdrawn } = settle(a, height, takeRate)
  return done(isOverdrawn ? account : closePayment(account, takeRate))
}

export const closeEscrowAccount = (a: EscrowAccount, height: number, takeRate: Dec): EscrowStep => {
  if (a.state === "closed") return refused(a, "ErrAccountClosed")
  if (a.state === "overdrawn") return done(a)
  const { account, isOverdrawn } = settle(a, height, takeRate)
  return done(isOverdrawn ? account : refund(closePayment({ ...account, state: "closed" }, takeRate)))
}

/** A top-up. On an overdrawn account it pays the debt, and if it covers it, ends the account and returns the rest. */
export const depositToAccount = (a: EscrowAccount, height: number, amount: Dec, takeRate: Dec): EscrowStep => {
  if (a.state === "closed") return refused(a, "ErrAccountClosed")
  const funded: EscrowAccount = {
    ...a,
    funds: (a.funds < 0n ? 0n : a.funds) + amount,
    deposits: amount > 0n ? [...a.deposits, amount] : a.deposits,
  }
  if (a.state === "open") return done(funded)
  const { account, isOverdrawn } = settle(funded, height, takeRate)
  return done(isOverdrawn ? account : refund(closePayment({ ...account, state: "closed" }, takeRate)))
}

/** A deposit drawn from a grant comes back to its giver, and the grant's limit grows again by what came back. */
export const restoreGrant = (limit: Dec, deposit: Dec, spent: Dec): { readonly refund: Dec; readonly limitAfter: Dec } => {
  const back = dec.max(0n, deposit - spent)
  return { refund: back, limitAfter: limit - deposit + back }
}
