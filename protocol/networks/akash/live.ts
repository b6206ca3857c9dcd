/** Akash run by real nodes: providers bid for sites and serve them; tenants' standing orders take the cheapest and end what fails. */
import type { Access, LeaseDoor, Live } from "../../kernel/live.ts"
import { isOpen } from "../../kernel/slots.ts"
import { DECOMMISSION } from "./lease-rules.ts"
import { ACTIVE, NO_LEASE, ORDER_OPEN, type State } from "./state.ts"

const own: Access = { own: "node" }
const MICRO = 1_000_000
/** A static site needs little: a tenth of a thread, 64 MiB of memory, 64 MiB of disk. */
const SPEC = { cpuMilli: 100, memoryMib: 64, storageMib: 64, gpus: 0, attributes: 0, allOf: 0, anyOf: 0, minWindowS: 0 } as const

const column = (row: Readonly<Record<string, number | string>>, name: string): number => Number(row[name])
const ofTenant = ({ deployment }: State, d: number): number => (isOpen(deployment, d) ? deployment.tenant[d] : -1)

const lease: LeaseDoor<State> = {
  because:
    "On mainnet a tenant's own software picks a bid, watches its workload and ends a lease that fails; here it leaves that to the chain as a standing order, so that a site outlives its tenant's computer too.",
  auctionSeconds: 120,
  // Three windows of three minutes: about the eight minutes after which a provider's watchdog gives up on mainnet.
  failedWindows: 3,
  barredSeconds: 3600,
  probers: 3,
  newest({ chain, deployment }) {
    const number = chain.deployments[0] - 1
    for (let d = 0; d < deployment.length; d++)
      if (isOpen(deployment, d) && deployment.number[d] === number) return { deployment: d, number }
    return { deployment: -1, number: -1 }
  },
  numberOf: ({ deployment }, d) => (isOpen(deployment, d) && deployment.state[d] === ACTIVE ? deployment.number[d] : undefined),
  groups({ deployment, group, payment }, d) {
    const found = []
    if (!isOpen(deployment, d)) return []
    for (let g = deployment.firstGroup[d] - 1; g >= 0; g = group.next[g] - 1) {
      const isLeased = group.lease[g] !== NO_LEASE
      found.push({
        group: g,
        node: isLeased ? group.node[g] : -1,
        rate: isLeased ? payment.rate[group.payment[g] - 1] : 0,
        orderS: group.order[g] === ORDER_OPEN ? group.orderS[g] : 0,
      })
    }
    return found
  },
  bids({ group, bid }, g) {
    const found = []
    for (let b = isOpen(group, g) ? group.firstBid[g] - 1 : -1; b >= 0; b = bid.next[b] - 1)
      found.push({ bid: b, node: bid.node[b], rate: bid.rate[b] })
    return found
  },
  view({ bid, group, payment, provider }, node) {
    if (node >= provider.length || provider.registered[node] === 0) return { joined: false, orders: [], leases: [] }
    const orders = []
    const leases = []
    for (let g = 0; g < group.length; g++) {
      if (!isOpen(group, g)) continue
      const deployment = group.deployment[g]
      if (group.lease[g] !== NO_LEASE && group.node[g] === node)
        leases.push({ group: g, deployment, rate: payment.rate[group.payment[g] - 1] })
      if (group.order[g] !== ORDER_OPEN) continue
      let b = group.firstBid[g] - 1
      while (b >= 0 && bid.node[b] !== node) b = bid.next[b] - 1
      if (b < 0) orders.push({ group: g, deployment, maxRate: group.maxRate[g] })
    }
    return { joined: true, orders, leases }
  },
  asks: {
    join: (node, stake) => ({ type: "RegisterProvider", row: { node, attributes: 0, fundsUakt: Number(stake), atS: 0 } }),
    bid: (node, group, rate) => ({ type: "CreateBid", row: { group, node, rate, windowS: 0, atS: 0 } }),
    collect: (group) => ({ type: "WithdrawLease", row: { group, atS: 0 } }),
    giveUp: (node, group) => ({ type: "CloseBid", row: { group, node, reason: DECOMMISSION, atS: 0 } }),
    deploy: (tenant, deposit, groups, maxRate) => ({
      type: "CreateDeployment",
      row: { tenant, deposit: Number(deposit), groups, ...SPEC, maxRate, note: 0, atS: 0 },
    }),
    close: (deployment) => ({ type: "CloseDeployment", row: { deployment, atS: 0 } }),
  },
  accept: (group, bid) => ({ type: "CreateLease", row: (atS) => ({ group, bid, atS }) }),
  end: (group) => ({ type: "CloseLease", row: (atS) => ({ group, atS }) }),
}

export const live: Live<State> = {
  because:
    "Providers register, bid, collect and give up by themselves; tenants deploy and close. Prices and validators are the authority's.",
  windowSeconds: 180,
  access: {
    RegisterProvider: { ...own, stake: "fundsUakt", fixed: { attributes: 0 } },
    CreateBid: own,
    CloseBid: own,
    WithdrawLease: {
      owner: ({ group }: State, row) => {
        const g = column(row, "group")
        return isOpen(group, g) && group.lease[g] !== NO_LEASE ? group.node[g] : -1
      },
    },
    CreateDeployment: { own: "tenant", stake: "deposit", evidence: "site", fixed: { ...SPEC, note: 0 } },
    CloseDeployment: { owner: (state: State, row) => ofTenant(state, column(row, "deployment")) },
    // A group that its provider gave up waits for its tenant.
    StartGroup: {
      owner: (state: State, row) => {
        const g = column(row, "group")
        return isOpen(state.group, g) ? ofTenant(state, state.group.deployment[g]) : -1
      },
    },
  },
  begin: [{ type: "StartChain", row: (atS) => ({ atS }) }],
  lease,
  // A chain of a handful of nodes has no oracle: leases are paid in AKT, as on mainnet until 2026-03.
  params: { paidInAct: 0, bmeOn: 0 },
  speed: 60,
  // 200 AKT: a provider's bids, or a tenant's deposit for some days.
  grant: 200n * BigInt(MICRO),
  income: "earnedMicro",
  coin: { word: "AKT", stakeWord: "AKT", by: MICRO, stakeBy: BigInt(MICRO) },
}
