/** Events of escrow change the state: deposits, payments, debts, and what goes back when a deployment ends. */
import type { Evolve } from "../../kernel/network.ts"
import { closeSlot } from "../../kernel/slots.ts"
import { holderOf, post } from "../../ledger/ledger.ts"
import { advance } from "./chain-clock.ts"
import type { Events } from "./events.ts"
import { ACTIVE, OVERDRAWN, tokenOf, type State } from "./state.ts"
import { UAKT } from "./units.ts"
import { removeWaiting } from "./waiting.ts"

type EscrowEvent =
  | "DeploymentFunded"
  | "PaymentSettled"
  | "DebtPaidInAkt"
  | "PaymentPaidOut"
  | "DeploymentClosed"
  | "DebtForgotten"

/** Gives a bid's deposit back and frees its row; the list it hangs in is the caller's. */
export function freeBid({ provider, bid, bidHead, ledger: l }: State, b: number): void {
  const node = bid.node[b]
  if (bid.deposit[b] > 0) post(l, "akt", l.account.bid_escrow, holderOf(l, node), bid.deposit[b])
  provider.bids[node]--
  closeSlot(bid, bidHead, b)
}

function freeBids(state: State, g: number): void {
  const { group, bid } = state
  for (let b = group.firstBid[g] - 1; b >= 0;) {
    const next = bid.next[b] - 1
    freeBid(state, b)
    b = next
  }
  group.firstBid[g] = 0
}

/** Takes a payment from its account; what it still holds belongs to nobody (only with trapsOn is that anything). */
export function freePayment(state: State, p: number): void {
  const { deployment, payment, paymentHead } = state
  const d = payment.deployment[p]
  strand(state, deployment.denom[d], payment.balance[p])
  if (deployment.firstPayment[d] === p + 1) deployment.firstPayment[d] = payment.next[p]
  else {
    let before = deployment.firstPayment[d] - 1
    while (payment.next[before] !== p + 1) before = payment.next[before] - 1
    payment.next[before] = payment.next[p]
  }
  closeSlot(payment, paymentHead, p)
}

const strand = ({ chain }: State, denom: number, amount: number): void => {
  const stranded = denom === UAKT ? chain.strandedUakt : chain.strandedUact
  if (amount > 0) stranded.addNumber(0, amount)
}

/** Frees groups, payments without debt, and the row itself when nothing is owed; what is left goes back to the tenant. */
function endDeployment(state: State, d: number): void {
  const { deployment, deploymentHead, group, groupHead, payment, ledger: l } = state
  for (let g = deployment.firstGroup[d] - 1; g >= 0;) {
    const next = group.next[g] - 1
    freeBids(state, g)
    removeWaiting(state, g)
    closeSlot(group, groupHead, g)
    g = next
  }
  deployment.firstGroup[d] = 0
  for (let p = deployment.firstPayment[d] - 1; p >= 0;) {
    const next = payment.next[p] - 1
    if (payment.unsettled[p] === 0) freePayment(state, p)
    p = next
  }
  const { deployment_escrow, public: everybody } = l.account
  if (deployment.funds[d] > 0) post(l, tokenOf(deployment.denom[d]), deployment_escrow, everybody, deployment.funds[d])
  if (deployment.fundsUakt[d] > 0) post(l, "akt", deployment_escrow, everybody, deployment.fundsUakt[d])
  deployment.funds[d] = 0
  deployment.fundsUakt[d] = 0
  if (deployment.firstPayment[d] === 0) closeSlot(deployment, deploymentHead, d)
  else deployment.state[d] = OVERDRAWN
}

export const evolveEscrow: Pick<Evolve<State, Events>, EscrowEvent> = {
  DeploymentFunded(state, rows, begin, end) {
    const { deployment, ledger: l } = state
    for (let i = begin; i < end; i++) {
      const d = rows.deployment[i]
      if (rows.denom[i] === deployment.denom[d]) deployment.funds[d] += rows.amount[i]
      else deployment.fundsUakt[d] += rows.amount[i]
      post(l, tokenOf(rows.denom[i]), l.account.public, l.account.deployment_escrow, rows.amount[i])
      advance(state, rows.atS[i])
    }
  },

  PaymentSettled(state, rows, begin, end) {
    const { deployment, payment } = state
    for (let i = begin; i < end; i++) {
      const p = rows.payment[i]
      const d = payment.deployment[p]
      payment.balance[p] += rows.paid[i]
      payment.unsettled[p] = rows.unsettled[i]
      deployment.funds[d] -= rows.paid[i] + rows.stranded[i]
      strand(state, deployment.denom[d], rows.stranded[i])
      // An account in debt keeps the height at which it ran dry.
      if (deployment.state[d] === ACTIVE) deployment.settledHeight[d] = rows.height[i]
      advance(state, rows.atS[i])
    }
  },

  DebtPaidInAkt(state, rows, begin, end) {
    const { deployment, payment, ledger: l } = state
    for (let i = begin; i < end; i++) {
      const p = rows.payment[i]
      payment.unsettled[p] -= rows.settled[i]
      deployment.fundsUakt[payment.deployment[p]] -= rows.uakt[i]
      post(l, "akt", l.account.deployment_escrow, holderOf(l, payment.node[p]), rows.uakt[i])
    }
  },

  PaymentPaidOut(state, rows, begin, end) {
    const { chain, provider, deployment, payment, ledger: l } = state
    for (let i = begin; i < end; i++) {
      const p = rows.payment[i]
      const { deployment_escrow, community } = l.account
      const token = tokenOf(deployment.denom[payment.deployment[p]])
      payment.balance[p] -= rows.amount[i]
      post(l, token, deployment_escrow, holderOf(l, payment.node[p]), rows.amount[i] - rows.fee[i])
      if (rows.fee[i] > 0) post(l, token, deployment_escrow, community, rows.fee[i])
      provider.earned.addNumber(payment.node[p], rows.amount[i] - rows.fee[i])
      chain.paidOut.addNumber(0, rows.amount[i])
      chain.taken.addNumber(0, rows.fee[i])
    }
  },

  DeploymentClosed(state, rows, begin, end) {
    const { deployment } = state
    for (let i = begin; i < end; i++) {
      const d = rows.deployment[i]
      if (rows.isOverdrawn[i] === 1) deployment.endedS[d] = rows.atS[i]
      endDeployment(state, d)
      advance(state, rows.atS[i])
    }
  },

  DebtForgotten(state, rows, begin, end) {
    const { deployment, deploymentHead, payment } = state
    for (let i = begin; i < end; i++) {
      const d = rows.deployment[i]
      while (deployment.firstPayment[d] > 0) freePayment(state, deployment.firstPayment[d] - 1)
      payment.version++
      closeSlot(deployment, deploymentHead, d)
      advance(state, rows.atS[i])
    }
  },
}
