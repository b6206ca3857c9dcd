/** What ends a lease writes: the settlement, what is paid out, and, when an account cannot pay, the end of its whole deployment. */
import type { Values } from "../../kernel/param.ts"
import type { Tables } from "../../kernel/row-type.ts"
import { addRow } from "../../kernel/table.ts"
import { findPayment, settleAccount, settleByAkt, writePayOut, writeSettled, type SettledAccount } from "./accounts.ts"
import { heightAt } from "./chain-clock.ts"
import type { Events } from "./events.ts"
import { INSUFFICIENT_FUNDS } from "./lease-rules.ts"
import type { AkashParams } from "./params.ts"
import { NO_LEASE, type State } from "./state.ts"

type Out = Tables<Events>
type Rules = Values<AkashParams>

export function writeLeaseClosed(out: Out, group: number, reason: number, stays: boolean, height: number, atS: number): void {
  const to = out.LeaseClosed
  const r = addRow(to)
  to.group[r] = group
  to.reason[r] = reason
  to.paymentStays[r] = stays ? 1 : 0
  to.height[r] = height
  to.atS[r] = atS
}
export function writeOrder(out: Out, group: number, height: number, atS: number): void {
  const to = out.OrderCreated
  const r = addRow(to)
  to.group[r] = group
  to.height[r] = height
  to.atS[r] = atS
}
export function writeDeploymentClosed(out: Out, d: number, isOverdrawn: boolean, atS: number): void {
  const to = out.DeploymentClosed
  const r = addRow(to)
  to.deployment[r] = d
  to.isOverdrawn[r] = isOverdrawn ? 1 : 0
  to.atS[r] = atS
}

/** Every lease of a deployment ends; `first` for a reason of its own, the others for `reason`. */
export function writeLeasesClosed(
  { deployment, group }: State,
  out: Out,
  d: number,
  reason: number,
  first: number,
  firstReason: number,
  at: { readonly height: number; readonly atS: number },
): void {
  for (let g = deployment.firstGroup[d] - 1; g >= 0; g = group.next[g] - 1)
    if (group.lease[g] !== NO_LEASE) writeLeaseClosed(out, g, g === first ? firstReason : reason, false, at.height, at.atS)
}

/** Settles the account of group `g` with all it can; true when it cannot pay, and then the whole deployment ends. */
export function settleOrEnd(
  state: State,
  params: Rules,
  out: Out,
  d: number,
  at: { readonly height: number; readonly atS: number },
  g: number,
  reason: number,
): SettledAccount {
  const s = settleAccount(state, d, at.height)
  settleByAkt(state, params, d, s, at.atS)
  writeSettled(out, s, at.height, at.atS)
  if (s.isOverdrawn) {
    for (let k = 0; k < s.payments; k++) writePayOut(state, params, out, s, k)
    writeLeasesClosed(state, out, d, INSUFFICIENT_FUNDS, g, reason, at)
    writeDeploymentClosed(out, d, true, at.atS)
  }
  return s
}

/** In the escrow code a second call in one block finds no payment of the account. */
export const isLostCall = (params: Rules, s: SettledAccount): boolean => params.trapsOn === 1 && s.blocks === 0

/** Ends one lease; false when its deployment ended with it, for want of funds. */
export function endLease(state: State, params: Rules, out: Out, g: number, reason: number, atS: number): boolean {
  const { group } = state
  const at = { height: heightAt(state, atS), atS }
  const s = settleOrEnd(state, params, out, group.deployment[g], at, g, reason)
  if (s.isOverdrawn) return false
  const isLost = isLostCall(params, s)
  if (!isLost) writePayOut(state, params, out, s, findPayment(s, group.payment[g] - 1))
  writeLeaseClosed(out, g, reason, isLost, at.height, atS)
  return true
}
