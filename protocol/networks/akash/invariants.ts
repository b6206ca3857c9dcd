/** What must hold after every epoch, and one broken state per promise. */
import type { Invariants, Report } from "../../kernel/invariant.ts"
import { isOpen, openSlot } from "../../kernel/slots.ts"
import { ledgerInvariants } from "../../ledger/invariants.ts"
import { balance, ISSUANCE } from "../../ledger/ledger.ts"
import {
  ACTIVE,
  LEASE_ACTIVE,
  LEASE_RECLAIMING,
  NO_LEASE,
  ORDER_ACTIVE,
  ORDER_OPEN,
  OVERDRAWN,
  type State,
  type Token,
} from "./state.ts"
import { UAKT, VALIDATORS_MAX } from "./units.ts"

const requireSum = (state: State, report: Report, token: Token, account: number, name: string, sum: bigint): void => {
  const held = balance(state.ledger, token, account)
  report.require(held === sum, () => `${name} holds ${held} ${token}, its rows say ${sum}`)
}

/** An exact sum of whole numbers from 0: in a double while it fits, so that a row costs no bigint. */
class Sum {
  #whole: bigint
  #run = 0
  constructor(from: bigint) {
    this.#whole = from
  }
  add(n: number): void {
    if (this.#run + n > Number.MAX_SAFE_INTEGER) {
      this.#whole += BigInt(this.#run)
      this.#run = 0
    }
    this.#run += n
  }
  get total(): bigint {
    return this.#whole + BigInt(this.#run)
  }
}

export const invariants: Invariants<State> = {
  ...ledgerInvariants((state: State) => state.ledger),

  deployment_escrow_is_backed: {
    because: "The escrow module holds exactly what accounts can spend, what payments have accrued, and what was stranded.",
    check(state, report) {
      const { deployment, payment, chain, ledger: l } = state
      const akt = new Sum(chain.strandedUakt.get(0))
      const act = new Sum(chain.strandedUact.get(0))
      for (let d = 0; d < deployment.length; d++) {
        if (!isOpen(deployment, d)) continue
        ;(deployment.denom[d] === UAKT ? akt : act).add(deployment.funds[d])
        akt.add(deployment.fundsUakt[d])
      }
      for (let p = 0; p < payment.length; p++)
        if (isOpen(payment, p)) (deployment.denom[payment.deployment[p]] === UAKT ? akt : act).add(payment.balance[p])
      requireSum(state, report, "akt", l.account.deployment_escrow, "deployment escrow", akt.total)
      requireSum(state, report, "act", l.account.deployment_escrow, "deployment escrow", act.total)
    },
  },
  bid_escrow_is_backed: {
    because: "A bid's deposit is never slashed: what is held is what comes back.",
    check(state, report) {
      const { bid, group, ledger: l } = state
      const sum = new Sum(0n)
      for (let b = 0; b < bid.length; b++) if (isOpen(bid, b)) sum.add(bid.deposit[b])
      for (let g = 0; g < group.length; g++) if (isOpen(group, g)) sum.add(group.bidDeposit[g])
      requireSum(state, report, "akt", l.account.bid_escrow, "bid escrow", sum.total)
    },
  },
  no_lease_without_escrow: {
    because: "A lease that nothing pays for would be a gift of somebody's machine.",
    check({ deployment, group, payment }, report) {
      for (let g = 0; g < group.length; g++) {
        if (!isOpen(group, g) || group.lease[g] === NO_LEASE) continue
        const p = group.payment[g] - 1
        const isPaid = p >= 0 && isOpen(payment, p) && payment.group[p] === g + 1 && payment.deployment[p] === group.deployment[g]
        report.require(isPaid, () => `the lease of group ${g} has no payment of its own (${p})`)
        const d = group.deployment[g]
        report.require(
          isOpen(deployment, d) && deployment.state[d] === ACTIVE && deployment.funds[d] >= 0,
          () => `the lease of group ${g} hangs on deployment ${d}, which is not active`,
        )
      }
    },
  },
  orders_and_leases_exclude_each_other: {
    because: "An order is matched once: it takes bids or it has a lease, and a paused group has neither.",
    check({ group }, report) {
      for (let g = 0; g < group.length; g++) {
        if (!isOpen(group, g)) continue
        const isLeased = group.lease[g] === LEASE_ACTIVE || group.lease[g] === LEASE_RECLAIMING
        report.require(
          (group.order[g] === ORDER_ACTIVE) === isLeased,
          () => `group ${g} has order state ${group.order[g]} and lease state ${group.lease[g]}`,
        )
        report.require(
          group.order[g] === ORDER_OPEN || group.firstBid[g] === 0,
          () => `group ${g} has bids and order state ${group.order[g]}`,
        )
      }
    },
  },
  providers_use_what_is_leased: {
    because: "The sums by which capacity is judged must say what the leases say.",
    check({ chain, provider, group }, report) {
      const leases = new Uint32Array(provider.length)
      let open = 0
      let waiting = 0
      for (let g = 0; g < group.length; g++) {
        if (!isOpen(group, g)) continue
        if (group.lease[g] === NO_LEASE) waiting++
        else {
          leases[group.node[g]]++
          open++
        }
      }
      for (let node = 0; node < provider.length; node++)
        if (leases[node] !== provider.leases[node])
          report.require(false, () => `provider ${node} counts ${provider.leases[node]} leases, the rows ${leases[node]}`)
      report.require(chain.leasesOpen[0] === open, () => `${chain.leasesOpen[0]} leases are counted open, the rows say ${open}`)
      report.require(
        chain.waiting[0] === waiting,
        () => `${chain.waiting[0]} groups are counted waiting, the rows say ${waiting}`,
      )
    },
  },
  earnings_add_up: {
    because: "What providers earned and the pool took is what escrow paid out in the market's token.",
    check({ chain, provider }, report) {
      let sum = chain.taken.get(0)
      for (let node = 0; node < provider.length; node++) sum += provider.earned.get(node)
      const paid = chain.paidOut.get(0)
      report.require(sum === paid, () => `providers and pool have ${sum}, escrow paid ${paid}`)
    },
  },
  only_debtors_owe: {
    because: "An active account pays what is due or ends: debt stands on ended accounts only, and is above 0 there.",
    check({ deployment, payment }, report) {
      for (let p = 0; p < payment.length; p++) {
        if (!isOpen(payment, p)) continue
        const isDebtor = deployment.state[payment.deployment[p]] === OVERDRAWN
        report.require(
          isDebtor === payment.unsettled[p] > 0,
          () => `payment ${p} owes ${payment.unsettled[p]} on an account in state ${deployment.state[payment.deployment[p]]}`,
        )
      }
    },
  },
  burn_mint_is_backed: {
    because:
      "The vault covers its remint credits beside what waits; ACT is worth what was burnt for it, and nothing is minted twice.",
    check(state, report) {
      const { chain, request, ledger: l } = state
      let akt = 0n
      let act = 0n
      for (let q = 0; q < request.length; q++) {
        if (!isOpen(request, q)) continue
        if (request.from[q] === UAKT) akt += BigInt(request.amount[q])
        else act += BigInt(request.amount[q])
      }
      const [pendingAkt, pendingAct] = [chain.pendingUakt.get(0), chain.pendingUact.get(0)]
      report.require(pendingAkt === akt, () => `${pendingAkt} uakt are counted pending, the requests say ${akt}`)
      report.require(pendingAct === act, () => `${pendingAct} uact are counted pending, the requests say ${act}`)
      const vault = balance(l, "akt", l.account.bme) - pendingAkt
      const credits = chain.remintCredits.get(0)
      report.require(credits >= 0n && vault >= credits, () => `the vault has ${vault} uakt for ${credits} of credits`)
      const issued = -balance(l, "act", ISSUANCE)
      const net = chain.mintedUact.get(0) - chain.burntUact.get(0)
      report.require(issued === net, () => `${issued} uact exist, minted less burnt is ${net}`)
    },
  },
  no_token_from_nowhere: {
    because:
      "AKT come from inflation and from ACT burnt beyond the credits, and go by slashing; nothing else makes or unmakes any.",
    check({ chain, ledger: l }, report) {
      const exist = -balance(l, "akt", ISSUANCE)
      const told = chain.genesisUakt.get(0) + chain.inflatedUakt.get(0) + chain.mintedUakt.get(0) - chain.slashed.get(0)
      report.require(exist === told, () => `${exist} uakt exist, told are ${told}`)
    },
  },
  stake_is_backed: {
    because: "Staked AKT are the validators' and what is on its way out.",
    check(state, report) {
      const { validator, unbonding, ledger: l } = state
      let sum = 0n
      for (let v = 0; v < VALIDATORS_MAX; v++) sum += BigInt(validator.tokens[v])
      for (let row = 0; row < unbonding.length; row++) if (isOpen(unbonding, row)) sum += BigInt(unbonding.amount[row])
      requireSum(state, report, "akt", l.account.staked, "staking", sum)
    },
  },
}

const HUGE = 2n ** 60n

/** One broken state per promise, so that a test sees each promise caught. */
export const sabotage: Readonly<Record<string, (state: State) => void>> = {
  debits_equal_credits: ({ ledger: l }) => l.tokens.akt.balance.addNumber(l.account.public, 1),
  only_issuance_is_negative: ({ ledger: l }) => {
    l.tokens.act.balance.set(l.account.community, -HUGE)
    l.tokens.act.balance.set(l.account.public, balance(l, "act", l.account.public) + HUGE)
  },
  escrow_is_backed: ({ ledger: l }) => l.tokens.akt.balance.addNumber(l.account.escrow, 1),
  vesting_is_backed: ({ ledger: l }) => l.tokens.akt.balance.addNumber(l.account.vesting, 1),
  deployment_escrow_is_backed: ({ chain }) => chain.strandedUact.addNumber(0, 1),
  bid_escrow_is_backed: ({ ledger: l }) => l.tokens.akt.balance.addNumber(l.account.bid_escrow, 1),
  no_lease_without_escrow: (state) => {
    const g = anyGroup(state)
    state.group.lease[g] = LEASE_ACTIVE
    state.group.payment[g] = 0
  },
  orders_and_leases_exclude_each_other: (state) => {
    const g = anyGroup(state)
    state.group.order[g] = ORDER_ACTIVE
    state.group.lease[g] = NO_LEASE
  },
  providers_use_what_is_leased: ({ provider }) => void provider.leases[0]++,
  earnings_add_up: ({ chain }) => chain.paidOut.addNumber(0, 1),
  only_debtors_owe: (state) => {
    const { payment } = state
    if (payment.length === 0) openSlot(payment, state.paymentHead)
    payment.link[0] = 0xffff_ffff
    payment.unsettled[0] = 1
    if (state.deployment.length === 0) openSlot(state.deployment, state.deploymentHead)
    payment.deployment[0] = 0
    state.deployment.state[0] = ACTIVE
  },
  burn_mint_is_backed: ({ chain }) => chain.pendingUact.addNumber(0, 1),
  no_token_from_nowhere: ({ chain }) => chain.inflatedUakt.addNumber(0, 1),
  stake_is_backed: ({ validator }) => void validator.tokens[0]++,
}

/** A row to break: an open one, or a new one where there is none. */
function anyGroup({ group, groupHead, deployment, deploymentHead }: State): number {
  for (let g = 0; g < group.length; g++) if (isOpen(group, g)) return g
  if (deployment.length === 0) openSlot(deployment, deploymentHead)
  return openSlot(group, groupHead)
}
