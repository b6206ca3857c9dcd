/**
 * Escrow accounts of the market, settled lazily: what is due is computed when somebody acts, from the blocks since the last
 * time. The rule is that of escrow-settle.ts; here amounts are whole micro-tokens, as what is due always is, in exact doubles.
 */
import { mulDivFloor } from "../../kernel/money.ts"
import type { Values } from "../../kernel/param.ts"
import type { Tables } from "../../kernel/row-type.ts"
import { addRow, reserve, type AnyTable } from "../../kernel/table.ts"
import type { Events } from "./events.ts"
import * as dec from "./legacy-dec.ts"
import type { AkashParams } from "./params.ts"
import { breakerOf, priceAt, vaultOf } from "./price-of-akt.ts"
import { OVERDRAWN, STATUS_HALT_CR, type State } from "./state.ts"
import { supply } from "../../ledger/ledger.ts"

const RATE_ONE = 1_000_000
const MINUTE = 60

/** What an account's payments get, in the order they are served; good until the next `settleAccount`. */
export interface SettledAccount {
  payments: number
  isOverdrawn: boolean
  blocks: number
  payment: Uint32Array
  paid: Float64Array
  unsettled: Float64Array
  uakt: Float64Array
  settledByAkt: Float64Array
}
const scratch: SettledAccount = {
  payments: 0,
  isOverdrawn: false,
  blocks: 0,
  payment: new Uint32Array(64),
  paid: new Float64Array(64),
  unsettled: new Float64Array(64),
  uakt: new Float64Array(64),
  settledByAkt: new Float64Array(64),
}

function grow(s: SettledAccount): void {
  const twice = <T extends Uint32Array | Float64Array>(a: T): T => {
    const wider = new (a.constructor as new (n: number) => T)(a.length * 2)
    wider.set(a as never)
    return wider
  }
  s.payment = twice(s.payment)
  s.paid = twice(s.paid)
  s.unsettled = twice(s.unsettled)
  s.uakt = twice(s.uakt)
  s.settledByAkt = twice(s.settledByAkt)
}

/**
 * Computes, without changing anything, what each payment of an account gets by `height`: in turn, until funds run out.
 * An account in debt owes what it owes and no more. `extra` is added to its funds first.
 */
export function settleAccount({ deployment, payment }: State, d: number, height: number, extra = 0): SettledAccount {
  const s = scratch
  const isDebtor = deployment.state[d] === OVERDRAWN
  s.blocks = isDebtor ? 0 : height - deployment.settledHeight[d]
  s.payments = 0
  s.isOverdrawn = false
  let funds = deployment.funds[d] + extra
  for (let p = deployment.firstPayment[d] - 1; p >= 0; p = payment.next[p] - 1) {
    const k = s.payments++
    if (k === s.payment.length) grow(s)
    const due = isDebtor ? payment.unsettled[p] : mulDivFloor(payment.rate[p], s.blocks, RATE_ONE)
    const paid = due < funds ? due : funds
    funds -= paid
    s.payment[k] = p
    s.paid[k] = paid
    s.unsettled[k] = due - paid
    s.uakt[k] = 0
    s.settledByAkt[k] = 0
    if (due > paid) s.isOverdrawn = true
  }
  return s
}

/**
 * Where an overdrawn account holds AKT and collateral is short, its debts are paid in AKT at the oracle's price, one after
 * another. Whole uakt are paid and whole units cleared, toward zero, but a debt that is covered is cleared whole.
 */
export function settleByAkt(
  state: State,
  params: Values<AkashParams>,
  d: number,
  s: SettledAccount,
  atS: number,
  extraUakt = 0,
): void {
  let left = state.deployment.fundsUakt[d] + extraUakt
  if (!s.isOverdrawn || left === 0) return
  const price = priceAt(state, params, atS)
  if (price === null) return
  if (breakerOf(params, price, vaultOf(state), supply(state.ledger, "act")).status < STATUS_HALT_CR) return
  s.isOverdrawn = false
  for (let k = 0; k < s.payments; k++) {
    if (s.unsettled[k] === 0) continue
    const needed = dec.quo(dec.fromWhole(s.unsettled[k]), price)
    if (needed <= dec.fromWhole(left)) {
      s.uakt[k] = Number(dec.truncate(needed))
      s.settledByAkt[k] = s.unsettled[k]
    } else {
      s.uakt[k] = left
      s.settledByAkt[k] = Math.min(s.unsettled[k], Number(dec.truncate(dec.mul(dec.fromWhole(left), price))))
    }
    left -= s.uakt[k]
    if (s.settledByAkt[k] < s.unsettled[k]) s.isOverdrawn = true
  }
}

/** Writes what `settleAccount` found. With `isLost` nothing that was paid reaches a payment. */
export function writeSettled(to: Tables<Events>, s: SettledAccount, height: number, atS: number, isLost = false): void {
  const settled = to.PaymentSettled as AnyTable & Tables<Events>["PaymentSettled"]
  reserve(settled, s.payments)
  for (let k = 0; k < s.payments; k++) {
    const r = settled.length++
    settled.payment[r] = s.payment[k]
    settled.paid[r] = isLost ? 0 : s.paid[k]
    settled.unsettled[r] = s.unsettled[k]
    settled.stranded[r] = isLost ? s.paid[k] : 0
    settled.height[r] = height
    settled.atS[r] = atS
  }
  for (let k = 0; k < s.payments; k++) {
    if (s.settledByAkt[k] === 0) continue
    const byAkt = to.DebtPaidInAkt
    const r = addRow(byAkt)
    byAkt.payment[r] = s.payment[k]
    byAkt.uakt[r] = s.uakt[k]
    byAkt.settled[r] = s.settledByAkt[k]
  }
}

/** Pays out what payment `k` of a settlement has: its balance and what it just got. */
export function writePayOut(state: State, params: Values<AkashParams>, to: Tables<Events>, s: SettledAccount, k: number): void {
  const p = s.payment[k]
  const amount = state.payment.balance[p] + s.paid[k]
  if (amount === 0) return
  const out = to.PaymentPaidOut
  const r = addRow(out)
  out.payment[r] = p
  out.amount[r] = amount
  out.fee[r] = mulDivFloor(amount, params.takePermille, 1000)
}

/** The place of a payment in a settlement, or −1. */
export const findPayment = (s: SettledAccount, payment: number): number => {
  for (let k = 0; k < s.payments; k++) if (s.payment[k] === payment) return k
  return -1
}

/** Blocks for which an account's funds last, at all its payments' rates; 2^53 − 1 when nothing is charged. */
export function blocksLeft({ deployment, payment }: State, d: number): number {
  let rate = 0
  for (let p = deployment.firstPayment[d] - 1; p >= 0; p = payment.next[p] - 1) rate += payment.rate[p]
  return rate === 0 ? Number.MAX_SAFE_INTEGER : Math.floor((deployment.funds[d] * RATE_ONE) / rate)
}

/** Micro-tokens that `rate` costs over `seconds` of blocks, rounded up to a whole one a block run. */
export const costOf = (rate: number, seconds: number, blockMs: number): number =>
  Math.ceil((rate / RATE_ONE) * Math.ceil((seconds * 1000) / blockMs))

export const isOldDebt = (endedS: number, atS: number, keptDays: number): boolean => atS - endedS >= keptDays * 24 * 60 * MINUTE
