/** Events of the market and its escrow change the state: total, silent, and blind to anything but their rows. */
import type { Evolve } from "../../kernel/network.ts"
import { closeSlot, openSlot } from "../../kernel/slots.ts"
import { touch } from "../../kernel/table.ts"
import { holderOf, post } from "../../ledger/ledger.ts"
import { advance } from "./chain-clock.ts"
import { freeBid, freePayment } from "./evolve-escrow.ts"
import type { Events } from "./events.ts"
import { INSUFFICIENT_FUNDS, OWNER, UNSTABLE } from "./lease-rules.ts"
import {
  ACTIVE,
  GROUP_OPEN,
  GROUP_PAUSED,
  LEASE_ACTIVE,
  LEASE_RECLAIMING,
  NO_LEASE,
  NO_ORDER,
  ORDER_ACTIVE,
  ORDER_OPEN,
  tokenOf,
  type State,
} from "./state.ts"
import { AUDITORS } from "./units.ts"
import { addWaiting, removeWaiting } from "./waiting.ts"

const HOUR = 3600
type MarketEvent =
  | "ProviderRegistered"
  | "AttributesSigned"
  | "DeploymentCreated"
  | "BidCreated"
  | "BidClosed"
  | "LeaseCreated"
  | "LeaseReclaimStarted"
  | "LeaseClosed"
  | "GroupPaused"
  | "OrderCreated"
  | "IncidentDetected"

function openOrder(state: State, g: number, atS: number): void {
  const { chain, group } = state
  group.state[g] = GROUP_OPEN
  group.order[g] = ORDER_OPEN
  group.orderS[g] = atS
  group.oseq[g]++
  group.firstBid[g] = 0
  group.bids[g] = 0
  chain.orders[0]++
}

export const evolveMarket: Pick<Evolve<State, Events>, MarketEvent> = {
  ProviderRegistered(state, rows, begin, end) {
    const { provider, ledger: l } = state
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      provider.registered[node] = 1
      provider.attributes[node] = rows.attributes[i]
      post(l, "akt", l.account.public, holderOf(l, node), rows.fundsUakt[i])
      advance(state, rows.atS[i])
    }
  },

  AttributesSigned(state, rows, begin, end) {
    const { audit } = state
    for (let i = begin; i < end; i++) {
      const row = rows.node[i] * AUDITORS + rows.auditor[i]
      audit.signed[row] = 1
      audit.attributes[row] = rows.attributes[i]
      advance(state, rows.atS[i])
    }
    touch(audit)
  },

  DeploymentCreated(state, rows, begin, end) {
    const { chain, deployment, group, ledger: l } = state
    for (let i = begin; i < end; i++) {
      const atS = rows.atS[i]
      const d = openSlot(deployment, state.deploymentHead)
      deployment.tenant[d] = rows.tenant[i]
      deployment.denom[d] = rows.denom[i]
      deployment.state[d] = ACTIVE
      deployment.funds[d] = rows.deposit[i]
      deployment.fundsUakt[d] = 0
      deployment.settledHeight[d] = rows.height[i]
      deployment.firstGroup[d] = 0
      deployment.firstPayment[d] = 0
      deployment.note[d] = rows.note[i]
      deployment.number[d] = chain.deployments[0]++
      deployment.createdS[d] = atS
      deployment.endedS[d] = 0
      post(l, tokenOf(rows.denom[i]), l.account.public, l.account.deployment_escrow, rows.deposit[i])
      let last = -1
      for (let gseq = 1; gseq <= rows.groups[i]; gseq++) {
        const g = openSlot(group, state.groupHead)
        group.deployment[g] = d
        group.next[g] = 0
        group.gseq[g] = gseq
        group.oseq[g] = 0
        group.cpuMilli[g] = rows.cpuMilli[i]
        group.memoryMib[g] = rows.memoryMib[i]
        group.storageMib[g] = rows.storageMib[i]
        group.gpus[g] = rows.gpus[i]
        group.maxRate[g] = rows.maxRate[i]
        group.attributes[g] = rows.attributes[i]
        group.allOf[g] = rows.allOf[i]
        group.anyOf[g] = rows.anyOf[i]
        group.minWindowS[g] = rows.minWindowS[i]
        group.lease[g] = NO_LEASE
        group.node[g] = 0
        group.payment[g] = 0
        group.bidDeposit[g] = 0
        group.windowS[g] = 0
        group.deadlineS[g] = 0
        group.leaseHeight[g] = 0
        group.leaseS[g] = 0
        group.lostS[g] = 0
        openOrder(state, g, atS)
        addWaiting(state, g)
        if (last < 0) deployment.firstGroup[d] = g + 1
        else group.next[last] = g + 1
        last = g
      }
      advance(state, atS)
    }
  },

  BidCreated(state, rows, begin, end) {
    const { chain, provider, group, bid, bidHead, ledger: l } = state
    for (let i = begin; i < end; i++) {
      const g = rows.group[i]
      const node = rows.node[i]
      const b = openSlot(bid, bidHead)
      bid.group[b] = g
      bid.node[b] = node
      bid.rate[b] = rows.rate[i]
      bid.windowS[b] = rows.windowS[i]
      bid.deposit[b] = rows.deposit[i]
      bid.next[b] = group.firstBid[g]
      group.firstBid[g] = b + 1
      group.bids[g]++
      provider.bids[node]++
      chain.bids[0]++
      post(l, "akt", holderOf(l, node), l.account.bid_escrow, rows.deposit[i])
      advance(state, rows.atS[i])
    }
  },

  BidClosed(state, rows, begin, end) {
    const { group, bid } = state
    for (let i = begin; i < end; i++) {
      const b = rows.bid[i]
      const g = bid.group[b]
      if (group.firstBid[g] === b + 1) group.firstBid[g] = bid.next[b]
      else {
        let before = group.firstBid[g] - 1
        while (bid.next[before] !== b + 1) before = bid.next[before] - 1
        bid.next[before] = bid.next[b]
      }
      // Closed bids still count toward the order's limit.
      freeBid(state, b)
      advance(state, rows.atS[i])
    }
  },

  LeaseCreated(state, rows, begin, end) {
    const { chain, provider, deployment, group, bid, bidHead, payment, paymentHead } = state
    for (let i = begin; i < end; i++) {
      const g = rows.group[i]
      const b = rows.bid[i]
      const atS = rows.atS[i]
      const node = bid.node[b]
      const d = group.deployment[g]
      const p = openSlot(payment, paymentHead)
      payment.deployment[p] = d
      payment.group[p] = g + 1
      payment.node[p] = node
      payment.rate[p] = bid.rate[b]
      payment.balance[p] = 0
      payment.unsettled[p] = 0
      const key = (group.gseq[g] << 16) | group.oseq[g]
      payment.key[p] = key
      let before = -1
      let after = deployment.firstPayment[d] - 1
      while (after >= 0 && payment.key[after] < key) {
        before = after
        after = payment.next[after] - 1
      }
      payment.next[p] = after + 1
      if (before < 0) deployment.firstPayment[d] = p + 1
      else payment.next[before] = p + 1
      deployment.settledHeight[d] = rows.height[i]

      group.windowS[g] = bid.windowS[b]
      group.bidDeposit[g] = bid.deposit[b]
      // The winner's deposit stays until its lease ends; those of all others go back.
      for (let other = group.firstBid[g] - 1; other >= 0;) {
        const next = bid.next[other] - 1
        if (other !== b) freeBid(state, other)
        other = next
      }
      group.firstBid[g] = 0
      provider.bids[node]--
      closeSlot(bid, bidHead, b)

      group.order[g] = ORDER_ACTIVE
      group.lease[g] = LEASE_ACTIVE
      group.node[g] = node
      group.payment[g] = p + 1
      group.deadlineS[g] = 0
      group.leaseHeight[g] = rows.height[i]
      group.leaseS[g] = atS
      if (group.lostS[g] > 0) {
        const waited = atS - group.lostS[g]
        chain.replaced[0]++
        chain.replacedSeconds[0] += waited
        if (waited > chain.replacedSecondsMax[0]) chain.replacedSecondsMax[0] = waited
        group.lostS[g] = 0
      }
      removeWaiting(state, g)
      provider.cpuMilli[node] += group.cpuMilli[g]
      provider.memoryMib[node] += group.memoryMib[g]
      provider.storageMib[node] += group.storageMib[g]
      provider.gpus[node] += group.gpus[g]
      provider.leases[node]++
      provider.leasesWon[node]++
      chain.leases[0]++
      chain.leasesOpen[0]++
      advance(state, atS)
    }
  },

  LeaseReclaimStarted(state, rows, begin, end) {
    const { group } = state
    for (let i = begin; i < end; i++) {
      group.lease[rows.group[i]] = LEASE_RECLAIMING
      group.deadlineS[rows.group[i]] = rows.deadlineS[i]
      advance(state, rows.atS[i])
    }
  },

  LeaseClosed(state, rows, begin, end) {
    const { chain, provider, group, payment, ledger: l } = state
    for (let i = begin; i < end; i++) {
      const g = rows.group[i]
      const atS = rows.atS[i]
      const reason = rows.reason[i]
      const node = group.node[g]
      const p = group.payment[g] - 1
      payment.group[p] = 0
      // A payment with debt stays for its account's end; one without is done.
      if (rows.paymentStays[i] === 0 && payment.unsettled[p] === 0) freePayment(state, p)
      if (group.bidDeposit[g] > 0) post(l, "akt", l.account.bid_escrow, holderOf(l, node), group.bidDeposit[g])
      group.bidDeposit[g] = 0
      group.payment[g] = 0
      group.order[g] = NO_ORDER
      group.lease[g] = NO_LEASE
      group.lostS[g] = atS
      addWaiting(state, g)
      provider.cpuMilli[node] -= group.cpuMilli[g]
      provider.memoryMib[node] -= group.memoryMib[g]
      provider.storageMib[node] -= group.storageMib[g]
      provider.gpus[node] -= group.gpus[g]
      provider.leases[node]--
      chain.leasesOpen[0]--
      if (reason === OWNER) chain.closedByOwner[0]++
      else if (reason === INSUFFICIENT_FUNDS) chain.closedForFunds[0]++
      else if (reason === UNSTABLE) {
        chain.closedUnstable[0]++
        provider.unstable[node]++
        const hour = Math.floor(atS / HOUR)
        if (hour !== chain.unstableHour[0]) chain.unstableInHour[0] = 0
        chain.unstableHour[0] = hour
        chain.unstableInHour[0]++
      } else chain.closedByProvider[0]++
      advance(state, atS)
    }
  },

  GroupPaused(state, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      state.group.state[rows.group[i]] = GROUP_PAUSED
      advance(state, rows.atS[i])
    }
  },

  OrderCreated(state, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      openOrder(state, rows.group[i], rows.atS[i])
      advance(state, rows.atS[i])
    }
  },

  IncidentDetected({ chain }, rows, begin, end) {
    for (let i = begin; i < end; i++) chain.detectedS[0] = rows.atS[i]
  },
}
