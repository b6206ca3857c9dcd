/** Commands of the market and its escrow become events or refusals: read, refuse, write. */
import type { Decide } from "../../kernel/network.ts"
import { isOpen } from "../../kernel/slots.ts"
import { addRow } from "../../kernel/table.ts"
import { canPay, holderOf } from "../../ledger/ledger.ts"
import { findPayment, settleAccount, writePayOut, writeSettled } from "./accounts.ts"
import { matchesRequirements } from "./attributes.ts"
import { heightAt, refuseTime } from "./chain-clock.ts"
import type { Commands, Refusal } from "./commands.ts"
import type { Events } from "./events.ts"
import { computeDeadline, INSUFFICIENT_FUNDS, OWNER, partyOf, UNSTABLE } from "./lease-rules.ts"
import { endLease, isLostCall, settleOrEnd, writeOrder } from "./lease-ends.ts"
import type { AkashParams } from "./params.ts"
import { ACTIVE, GROUP_PAUSED, LEASE_ACTIVE, LEASE_RECLAIMING, NO_LEASE, ORDER_OPEN, type State } from "./state.ts"

type MarketCommand = "CreateBid" | "CreateLease" | "WithdrawLease" | "CloseLease" | "CloseBid" | "StartReclaim" | "StartGroup"

const HOUR = 3600

const isLeased = (state: State, g: number): boolean => isOpen(state.group, g) && state.group.lease[g] !== NO_LEASE

export const decideMarket: Pick<Decide<State, Commands, Events, AkashParams, Refusal>, MarketCommand> = {
  CreateBid(state, rows, begin, end, { out, params, refuse }) {
    const { provider, group, ledger: l } = state
    const to = out.BidCreated
    const first = to.length
    const deposit = params.bidDepositUakt
    for (let i = begin; i < end; i++) {
      const g = rows.group[i]
      const node = rows.node[i]
      const windowS = rows.windowS[i]
      const wrong = refuseTime(state, rows.atS[i])
      if (wrong !== undefined) refuse(i, wrong)
      else if (!isOpen(group, g)) refuse(i, "unknown_group")
      // > and not >=: one more than the parameter fits, as on chain.
      else if (group.bids[g] + (to.length - first) > params.orderMaxBids) refuse(i, "too_many_bids")
      else if (group.order[g] !== ORDER_OPEN) refuse(i, "order_not_open")
      else if (rows.rate[i] === 0 || rows.rate[i] > group.maxRate[g]) refuse(i, "price_too_high")
      else if (node >= provider.length || provider.registered[node] === 0) refuse(i, "unknown_provider")
      else if (!matchesRequirements(state, node, group.attributes[g], group.allOf[g], group.anyOf[g]))
        refuse(i, "attributes_mismatch")
      else if (hasBid(state, g, node) || isAmong(to.node, first, to.length, node)) refuse(i, "bid_exists")
      else if (!canPay(l, "akt", holderOf(l, node), deposit)) refuse(i, "insufficient_balance")
      else if (windowS > 0 && params.reclamationOn === 0) refuse(i, "reclamation_not_available")
      else if (group.minWindowS[g] > 0 && windowS === 0) refuse(i, "reclamation_required")
      else if (group.minWindowS[g] > 0 && windowS < group.minWindowS[g]) refuse(i, "reclamation_too_short")
      else if (windowS > 0 && (windowS < params.reclamationMinSeconds || windowS > params.reclamationMaxSeconds))
        refuse(i, "reclamation_window_invalid")
      else {
        const r = addRow(to)
        to.group[r] = g
        to.node[r] = node
        to.rate[r] = rows.rate[i]
        to.windowS[r] = windowS
        to.deposit[r] = deposit
        to.atS[r] = rows.atS[i]
      }
    }
  },

  CreateLease(state, rows, begin, end, { out, params, refuse }) {
    const { deployment, group, bid } = state
    for (let i = begin; i < end; i++) {
      const g = rows.group[i]
      const b = rows.bid[i]
      const atS = rows.atS[i]
      const wrong = refuseTime(state, atS)
      if (wrong !== undefined) {
        refuse(i, wrong)
        continue
      }
      if (!isOpen(group, g)) {
        refuse(i, "unknown_group")
        continue
      }
      if (group.order[g] !== ORDER_OPEN) {
        refuse(i, "order_not_open")
        continue
      }
      if (!isOpen(bid, b) || bid.group[b] !== g) {
        refuse(i, "bid_not_found")
        continue
      }
      const d = group.deployment[g]
      const height = heightAt(state, atS)
      const s = settleAccount(state, d, height)
      if (s.isOverdrawn || deployment.state[d] !== ACTIVE) {
        refuse(i, "account_overdrawn")
        continue
      }
      writeSettled(out, s, height, atS, params.trapsOn === 1)
      const to = out.LeaseCreated
      const r = addRow(to)
      to.group[r] = g
      to.bid[r] = b
      to.height[r] = height
      to.atS[r] = atS
    }
  },

  WithdrawLease(state, rows, begin, end, { out, params, refuse }) {
    const { group } = state
    for (let i = begin; i < end; i++) {
      const g = rows.group[i]
      const atS = rows.atS[i]
      const wrong = refuseTime(state, atS)
      if (wrong !== undefined) refuse(i, wrong)
      else if (!isLeased(state, g)) refuse(i, "lease_not_active")
      else {
        const d = group.deployment[g]
        const at = { height: heightAt(state, atS), atS }
        if (isLostCall(params, settleAccount(state, d, at.height))) refuse(i, "payment_not_found")
        else {
          const s = settleOrEnd(state, params, out, d, at, g, INSUFFICIENT_FUNDS)
          if (!s.isOverdrawn) writePayOut(state, params, out, s, findPayment(s, group.payment[g] - 1))
        }
      }
    }
  },

  CloseLease(state, rows, begin, end, { out, params, refuse }) {
    for (let i = begin; i < end; i++) {
      const g = rows.group[i]
      const atS = rows.atS[i]
      const wrong = refuseTime(state, atS)
      if (wrong !== undefined) refuse(i, wrong)
      else if (!isLeased(state, g)) refuse(i, "lease_not_active")
      else if (endLease(state, params, out, g, OWNER, atS)) writeOrder(out, g, heightAt(state, atS), atS)
    }
  },

  CloseBid(state, rows, begin, end, { out, params, refuse }) {
    const { chain, group, bid } = state
    for (let i = begin; i < end; i++) {
      const g = rows.group[i]
      const node = rows.node[i]
      const reason = rows.reason[i]
      const atS = rows.atS[i]
      const wrong = refuseTime(state, atS)
      if (wrong !== undefined) {
        refuse(i, wrong)
        continue
      }
      if (!isOpen(group, g)) {
        refuse(i, "unknown_group")
        continue
      }
      let open = group.order[g] === ORDER_OPEN ? group.firstBid[g] - 1 : -1
      while (open >= 0 && bid.node[open] !== node) open = bid.next[open] - 1
      if (open >= 0) {
        const to = out.BidClosed
        const r = addRow(to)
        to.bid[r] = open
        to.atS[r] = atS
        continue
      }
      const isIts = group.lease[g] !== NO_LEASE && group.node[g] === node
      if (!isIts) refuse(i, "not_its_bid")
      else if (partyOf(reason) !== "provider") refuse(i, "wrong_reason")
      else if (group.lease[g] === LEASE_ACTIVE && group.windowS[g] > 0) refuse(i, "reclamation_not_started")
      else if (group.lease[g] === LEASE_RECLAIMING && atS < group.deadlineS[g]) refuse(i, "reclamation_window_not_elapsed")
      else {
        if (endLease(state, params, out, g, reason, atS)) {
          const to = out.GroupPaused
          const r = addRow(to)
          to.group[r] = g
          to.atS[r] = atS
        }
        const inHour = Math.floor(atS / HOUR) === chain.unstableHour[0] ? chain.unstableInHour[0] : 0
        if (reason === UNSTABLE && inHour + 1 === params.alarmUnstable) {
          const to = out.IncidentDetected
          const r = addRow(to)
          to.unstable[r] = inHour + 1
          to.atS[r] = atS
        }
      }
    }
  },

  StartReclaim(state, rows, begin, end, { out, refuse }) {
    const { group } = state
    for (let i = begin; i < end; i++) {
      const g = rows.group[i]
      const atS = rows.atS[i]
      const wrong = refuseTime(state, atS)
      if (wrong !== undefined) refuse(i, wrong)
      else if (!isLeased(state, g)) refuse(i, "lease_not_active")
      else if (group.lease[g] === LEASE_RECLAIMING) refuse(i, "already_reclaiming")
      else if (group.windowS[g] === 0) refuse(i, "lease_not_reclaimable")
      else if (partyOf(rows.reason[i]) !== "provider") refuse(i, "wrong_reason")
      else {
        const to = out.LeaseReclaimStarted
        const r = addRow(to)
        to.group[r] = g
        to.reason[r] = rows.reason[i]
        to.deadlineS[r] = computeDeadline(atS, group.windowS[g])
        to.height[r] = heightAt(state, atS)
        to.atS[r] = atS
      }
    }
  },

  StartGroup(state, rows, begin, end, { out, refuse }) {
    const { group } = state
    for (let i = begin; i < end; i++) {
      const g = rows.group[i]
      const atS = rows.atS[i]
      const wrong = refuseTime(state, atS)
      if (wrong !== undefined) refuse(i, wrong)
      else if (!isOpen(group, g)) refuse(i, "unknown_group")
      else if (group.state[g] !== GROUP_PAUSED) refuse(i, "group_not_paused")
      else writeOrder(out, g, heightAt(state, atS), atS)
    }
  },
}

function hasBid({ group, bid }: State, g: number, node: number): boolean {
  for (let b = group.firstBid[g] - 1; b >= 0; b = bid.next[b] - 1) if (bid.node[b] === node) return true
  return false
}

function isAmong(column: Uint32Array, begin: number, end: number, value: number): boolean {
  for (let i = begin; i < end; i++) if (column[i] === value) return true
  return false
}
