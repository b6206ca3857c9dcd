/** Family E on Akash's whole machine: providers that clog orders, promise what they lack, leave when it suits them, or let the meter run. */
import type { Wide } from "../../protocol/kernel/wide.ts"
import type { Capture, NetworkView, Order } from "./capture.ts"
import { outcome, type Entry } from "./entry.ts"
import { runStage, runTwin, split, type Stage, type Staged } from "./stage.ts"

const NODES = 40
const DAYS = 3
const STAGE: Stage = { network: "akash", nodes: NODES, days: DAYS, epochHours: 1 }
const HOUR = 3600
/** Interest on locked tokens: the fact sheet's 15 % a year. */
const PER_YEAR = 0.15
const MICRO = 1_000_000
const ORDER_OPEN = 1
const NO_LEASE = 0
const UNSTABLE = 10_000
const DECOMMISSION = 10_001

interface AkashState {
  readonly provider: { readonly earned: Wide; readonly leases: ArrayLike<number> }
  readonly group: {
    readonly length: number
    readonly order: ArrayLike<number>
    readonly bids: ArrayLike<number>
    readonly maxRate: ArrayLike<number>
    readonly lease: ArrayLike<number>
    readonly leaseS: ArrayLike<number>
    readonly node: ArrayLike<number>
    readonly windowS: ArrayLike<number>
    readonly deadlineS: ArrayLike<number>
    readonly deployment: ArrayLike<number>
  }
}
const stateOf = (view: NetworkView): AkashState => view.state as AkashState
const earned = (run: Staged): Float64Array => {
  const { earned: wide } = (run.state as AkashState).provider
  return Float64Array.from({ length: NODES }, (_, n) => Number(wide.get(n)))
}
/** What the deposits that all own providers hold cost in the run's days, in micro tokens of the market. */
const capital = (share: number, run: Staged): number =>
  (Math.round(share * NODES) * run.params.providerFundsAkt * MICRO * (run.params.aktNanoUsd / 1e9) * PER_YEAR * DAYS) / 365
const budget = (share: number) => ({ money: 0, identities: Math.round(share * NODES) })

/**
 * All providers have the same machines, so each costs what one earns on average in the twin. `hardware` is the part of that the adversary
 * really has.
 */
function told(run: Staged, twin: Staged, share: number, hardware: number): Parameters<typeof outcome>[0] {
  const now = split(earned(run), run.own)
  const then = split(earned(twin), run.own)
  const each = (then.own + then.others) / NODES
  const count = Math.round(share * NODES)
  const deposits = capital(share, run)
  return {
    income: now.own,
    cost: count * each * hardware + deposits,
    honestIncome: now.others,
    honestCost: (NODES - count) * each + (count === 0 ? 0 : (deposits * (NODES - count)) / count),
    paid: now.own + now.others,
    served: run.served,
    servedWithout: twin.served,
    horizonHours: DAYS * 24,
  }
}

const billOf = (run: Staged): number => earned(run).reduce((a, b) => a + b, 0)

const griefing: Entry = {
  id: "E2",
  name: "bid-slot griefing",
  family: "E",
  where: "akash",
  goal: "Orders that take no honest bid: their slots are filled first, and the highest price is paid.",
  view: "V0",
  knobs: {
    bids: { unit: "bids an order", range: [1, 21], tries: [2, 8, 21], because: "Twenty are allowed and twenty-one fit." },
  },
  cost: "Hardware at what it earns honestly, and 15 % a year on the deposits.",
  defence: {
    name: "a deposit of .5 AKT a bid, back when it loses",
    off: "bidDepositUakt 0",
    source: "AEP-79 asks for a fee or forfeiture",
  },
  seen: [{ figure: "21 bids locked for five minutes cost 1.5e-5 AKT of interest", source: "fact sheet, derived" }],
  omits: "Bids are placed ahead of the honest ones of the same block: the worst order of a block, not a measured one.",
  own: { name: "tenants' bill", unit: "of the twin's", because: "What leases paid, with the adversary over without." },
  aim: "own",
  share: 0.33,
  play({ seed, share, knobs, defended }) {
    const stage = { ...STAGE, change: defended ? { bidDepositUakt: 500_000 } : { bidDepositUakt: 0 } }
    const run = runStage(stage, seed, {
      id: "E2",
      share,
      takes: { CreateBid: "node" },
      budget: budget(share),
      policy: () => (view) => {
        const { group } = stateOf(view)
        const nodes = [...view.own.keys()].filter((n) => view.own[n] === 1).slice(0, knobs.bids)
        const orders: Order[] = []
        for (let g = 0; g < group.length; g++)
          if (group.order[g] === ORDER_OPEN && group.bids[g] === 0 && group.lease[g] === NO_LEASE)
            for (const node of nodes) orders.push(bid(view, g, node, group.maxRate[g]))
        return orders
      },
    })
    const twin = runTwin(stage, seed)
    return outcome({ ...told(run, twin, share, 1), own: billOf(run) / billOf(twin) })
  },
}
const bid = (view: NetworkView, group: number, node: number, rate: number): Order => ({
  type: "CreateBid",
  row: {
    group,
    node,
    rate: Math.max(1, Math.floor(rate)),
    windowS: view.params.reclamationOn === 1 ? view.params.windowSeconds : 0,
    atS: Math.ceil(view.fromS / 60) * 60,
  },
})

/** Bids on every open order at a discount, whether it could serve or not. */
const lowBids = (view: NetworkView, discount: number): Order[] => {
  const { group } = stateOf(view)
  const nodes = [...view.own.keys()].filter((n) => view.own[n] === 1)
  const orders: Order[] = []
  for (let g = 0; g < group.length; g++)
    if (group.order[g] === ORDER_OPEN && group.bids[g] === 0)
      orders.push(bid(view, g, nodes[g % nodes.length], group.maxRate[g] * (1 - discount)))
  return orders
}

const phantom: Entry = {
  id: "E3",
  name: "phantom provider",
  family: "E",
  where: "akash",
  goal: "Rent for machines that do not exist: registration costs nothing, the lowest bid wins, nothing is ever sent.",
  view: "V0",
  knobs: {
    discount: { unit: "of the highest price", range: [0, 0.9], tries: [0.5, 0.7, 0.9], because: "The cheapest bid wins." },
  },
  cost: "15 % a year on the deposits; there is no hardware.",
  defence: {
    name: "every tenant asks for an audited provider",
    off: "nobody does",
    source: "audited attributes; AEP-86 (Draft) adds bonds",
  },
  seen: [
    { figure: "io.net, April 2024: ≈ 1.8 million fake GPUs tried to join, ≈ 12,000 were usable", source: "press reports" },
    { figure: "tenants lose the manifest wait of five minutes, and time", source: "AEP-86" },
  ],
  omits: "Phantoms stay registered for ever; tenants do not remember providers that failed them. Auditors are honest here (E4).",
  aim: "rho",
  share: 0.1,
  control: "hardware that costs nothing",
  play({ seed, share, knobs, defended }) {
    const stage = { ...STAGE, change: { auditedPermille: defended ? 1000 : 0 } }
    const run = runStage(stage, seed, {
      id: "E3",
      share,
      takes: { CreateBid: "node", SignAttributes: "node" },
      darkFromS: 0,
      budget: budget(share),
      policy: () => (view) => (view.moment === "CreateBid" ? lowBids(view, knobs.discount) : []),
    })
    const twin = runTwin(stage, seed)
    const all = told(run, twin, share, 0)
    return outcome({ ...all, paidForNothing: all.income! })
  },
}

const bait: Entry = {
  id: "E5",
  name: "bait and close",
  family: "E",
  where: "akash",
  goal: "Win cheaply, then leave the tenant when it suits: the lease is closed as unstable, and its group waits.",
  view: "V0",
  knobs: {
    discount: { unit: "of its own price", range: [0, 0.9], tries: [0, 0.3], because: "Bait." },
    stay: { unit: "h", range: [0, 48], tries: [1, 6, 24], because: "How long a lease is kept." },
  },
  cost: "Hardware at what it earns honestly, and 15 % a year on the deposits.",
  defence: { name: "tenants demand a day's notice", off: "no notice periods", source: "AEP-82, 2026-06-11" },
  seen: [],
  omits:
    "The better tenant for whom it leaves. What a lease costs its provider is not modelled, so a discount looks free and the advantage is not reported: the harm is.",
  own: { name: "leases closed", unit: "leases", because: "By the adversary, over the run." },
  aim: "harm",
  share: 0.2,
  play({ seed, share, knobs, defended }) {
    const change: Readonly<Record<string, number>> = defended
      ? { reclamationOn: 1, demandsNotice: 1, windowSeconds: 24 * HOUR }
      : { demandsNotice: 0 }
    const stage = { ...STAGE, change }
    let closed = 0
    const capture: Capture = {
      id: "E5",
      share,
      takes: { CreateBid: "node" },
      ticks: true,
      budget: budget(share),
      policy: () => {
        const noticed = new Set<string>()
        return (view) => {
          const { group } = stateOf(view)
          if (view.moment === "CreateBid")
            return view.intended.map((row, instead) => ({
              type: view.moment,
              row: { ...row, rate: Math.max(1, Math.floor(Number(row.rate) * (1 - knobs.discount))) },
              instead,
            }))
          const orders: Order[] = []
          for (let g = 0; g < group.length; g++) {
            const node = group.node[g]
            if (group.lease[g] === NO_LEASE || view.own[node] === 0 || view.fromS < group.leaseS[g] + knobs.stay * HOUR) continue
            const key = `${g}/${group.leaseS[g]}`
            if (group.windowS[g] > 0 && !noticed.has(key)) {
              noticed.add(key)
              orders.push({ type: "StartReclaim", row: { group: g, reason: DECOMMISSION, atS: view.fromS } })
              continue
            }
            if (group.windowS[g] > 0 && view.fromS < group.deadlineS[g]) continue
            closed++
            orders.push({ type: "CloseBid", row: { group: g, node, reason: UNSTABLE, atS: view.fromS } })
          }
          return orders
        }
      },
    }
    const run = runStage(stage, seed, capture)
    return outcome({ ...told(run, runTwin(stage, seed), share, 1), income: 0, cost: 0, own: closed })
  },
}

/** Rent is counted when it is withdrawn, up to a day late: a longer run makes that small. */
const METER_DAYS = 8
const meter: Entry = {
  id: "E6",
  name: "meter abuse",
  family: "E",
  where: "akash",
  goal: "Rent while the machines are off: the watchdog is muted and the escrow pays by the block.",
  view: "V1",
  knobs: { fromHour: { unit: "h after the start", range: [1, 192], tries: [24, 96, 168], because: "Leases must be won first." } },
  cost: "Hardware at what it earns honestly for as long as it runs, and 15 % a year on the deposits.",
  defence: {
    name: "tenants look after ten minutes on average",
    off: "after a day",
    source: "assumption: noticeSeconds; there is no proof of service",
  },
  seen: [{ figure: "an honest watchdog closes after about eight minutes", source: "provider@akash, retries" }],
  omits:
    "Rent counts when withdrawn, up to a day late: a few per cent in favour of who is closed. Tenants' mirror of it: open with the least deposit, let it run dry, repeat.",
  aim: "rho",
  share: 0.1,
  play({ seed, share, knobs, defended }) {
    // Tenants who take any bid spread themselves evenly, so that the adversary has leases to let run.
    const stage = { ...STAGE, days: METER_DAYS, change: { noticeSeconds: defended ? 600 : 24 * HOUR, spreadPermille: 1000 } }
    const run = runStage(stage, seed, {
      id: "E6",
      share,
      takes: { CloseBid: "node", CreateBid: "node" },
      darkFromS: knobs.fromHour * HOUR,
      budget: budget(share),
      policy: () => (view) =>
        // Bids are placed as its software would; a lease is never given up.
        view.moment === "CloseBid" ? [] : view.intended.map((row, instead) => ({ type: view.moment, row, instead })),
    })
    const twin = runTwin(stage, seed)
    const all = told(run, twin, share, knobs.fromHour / (METER_DAYS * 24))
    const lit = split(earned(twin), run.own).own * (knobs.fromHour / (METER_DAYS * 24))
    return outcome({ ...all, horizonHours: METER_DAYS * 24, paidForNothing: Math.max(0, all.income! - lit) })
  },
}

export const leases: readonly Entry[] = [griefing, phantom, bait, meter]
