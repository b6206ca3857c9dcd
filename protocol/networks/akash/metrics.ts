/** Numbers read from Akash's state at the end of every epoch. */
import type { ChartDeclaration } from "../../kernel/chart.ts"
import type { Metric, NodeMeasure } from "../../kernel/network.ts"
import { balance, supply } from "../../ledger/ledger.ts"
import { heightAt } from "./chain-clock.ts"
import type { State } from "./state.ts"
import { vaultOf } from "./price-of-akt.ts"

const MICRO = 1_000_000
const whole = (micro: bigint): number => Number(micro / BigInt(MICRO))

const gauge = (unit: string, because: string, of: (state: State) => number): Metric<State> => ({
  unit,
  because,
  kind: "gauge",
  of,
})
const counter = (unit: string, because: string, of: (state: State) => number): Metric<State> => ({
  unit,
  because,
  kind: "counter",
  of,
})

export const metrics = {
  "leases.open": gauge("leases", "Leases in force, whether their providers serve or not.", ({ chain }) => chain.leasesOpen[0]),
  "leases.created": counter("leases", "Bids accepted.", ({ chain }) => chain.leases[0]),
  "groups.waiting": gauge("groups", "Groups without a lease: ordered, or paused.", ({ chain }) => chain.waiting[0]),
  orders: counter("orders", "Orders opened.", ({ chain }) => chain.orders[0]),
  bids: counter("bids", "Bids made.", ({ chain }) => chain.bids[0]),
  deployments: counter("deployments", "Deployments created.", ({ chain }) => chain.deployments[0]),
  "closed.owner": counter("leases", "Leases ended by their tenants.", ({ chain }) => chain.closedByOwner[0]),
  "closed.unstable": counter("leases", "Leases closed by a watchdog (10000).", ({ chain }) => chain.closedUnstable[0]),
  "closed.provider": counter("leases", "Leases ended by providers for other reasons.", ({ chain }) => chain.closedByProvider[0]),
  "closed.funds": counter("leases", "Leases ended because escrow ran dry (20000).", ({ chain }) => chain.closedForFunds[0]),
  "leases.replaced": counter("leases", "Leases made for groups that had lost one.", ({ chain }) => chain.replaced[0]),
  "leases.replacedSeconds": counter(
    "s",
    "From the end of a lease to the next of the same group, summed: as the chain sees it.",
    ({ chain }) => chain.replacedSeconds[0],
  ),
  "leases.replacedSecondsMax": gauge("s", "The longest of those waits.", ({ chain }) => chain.replacedSecondsMax[0]),
  "escrow.paid": counter("tokens", "Paid out to providers and the community pool.", ({ chain }) => whole(chain.paidOut.get(0))),
  "escrow.held": gauge("ACT", "What accounts and payments hold in ACT.", ({ ledger: l }) =>
    whole(balance(l, "act", l.account.deployment_escrow)),
  ),
  "take.taken": counter("tokens", "The community pool's cut.", ({ chain }) => whole(chain.taken.get(0))),
  "chain.height": counter("blocks", "Blocks counted, hourly.", ({ chain }) => chain.height[0]),
  "chain.blocks": counter("blocks", "Blocks made by the time of the last transaction: stands while the chain does.", (state) =>
    state.chain.started[0] === 0 ? 0 : heightAt(state, state.chain.nowS[0]),
  ),
  "chain.halted": gauge("0 or 1", "Whether no block is made.", ({ chain }) => chain.halted[0]),
  "chain.haltedSeconds": counter("s", "Time without blocks, over halts that ended.", ({ chain }) => chain.haltedSeconds[0]),
  "mint.status": gauge("1 healthy, 2 warning, 3 halt_cr, 4 halt_oracle", "The circuit breaker.", ({ chain }) => chain.status[0]),
  "mint.vault": gauge("AKT", "Collateral in the vault.", (state) => whole(vaultOf(state))),
  "mint.outstanding": gauge("ACT", "ACT in existence.", ({ ledger: l }) => whole(supply(l, "act"))),
  "mint.executed": counter("requests", "Burn-mint requests carried out.", ({ chain }) => chain.executed[0]),
  "mint.cancelled": counter("requests", "Burn-mint requests given up.", ({ chain }) => chain.cancelled[0]),
  "akt.supply": gauge("AKT", "AKT in existence.", ({ ledger: l }) => whole(supply(l, "akt"))),
} as const satisfies Readonly<Record<string, Metric<State>>>

export const nodeMeasures: Readonly<Record<string, NodeMeasure<State>>> = {
  leases: { unit: "leases", because: "Leases in force at the end.", of: ({ provider }, node) => provider.leases[node] },
  leasesWon: {
    unit: "leases",
    because: "Bids of this provider that tenants accepted.",
    of: ({ provider }, node) => provider.leasesWon[node],
  },
  unstable: { unit: "leases", because: "Leases its watchdog closed.", of: ({ provider }, node) => provider.unstable[node] },
  earned: {
    unit: "tokens",
    because: "Paid out to it by its leases since the beginning, in ACT, or in AKT before 2026.",
    isIncome: true,
    of: ({ provider }, node) => whole(provider.earned.get(node)),
  },
  earnedMicro: {
    unit: "micro-token",
    because: "The same to the smallest unit: what a single small lease pays is less than a token for long.",
    of: ({ provider }, node) => Number(provider.earned.get(node)),
  },
  akt: {
    unit: "AKT",
    because: "AKT it holds at the end.",
    of: ({ ledger: l }, node) => whole(balance(l, "akt", l.accounts.length + node)),
  },
}

export const charts: readonly ChartDeclaration[] = [
  {
    kind: "panels",
    word: "the market",
    panels: [
      {
        word: "two vCPU and 8 GiB for a month",
        unit: "USD",
        by: MICRO,
        lines: [
          { metric: "pair.paid", word: "Akash" },
          { metric: "pair.hyperscaler", word: "hyperscalers", isComparator: true },
          { metric: "pair.host", word: "a budget host", isComparator: true },
        ],
      },
      { word: "price of AKT", unit: "USD", by: MICRO, lines: [{ metric: "price.akt", word: "AKT" }] },
      {
        word: "tenants",
        unit: "tenants",
        by: 1,
        lines: [
          { metric: "tenants.served", word: "served" },
          { metric: "tenants.without", word: "without service" },
        ],
      },
      {
        word: "providers",
        unit: "providers",
        by: 1,
        lines: [
          { metric: "providers.there", word: "there" },
          { metric: "operator.away", word: "gone" },
        ],
      },
      {
        word: "leases ended by others than tenants",
        unit: "leases",
        by: 1,
        lines: [
          { metric: "closed.unstable", word: "by watchdogs", counted: "at a time" },
          { metric: "closed.funds", word: "no funds", counted: "at a time" },
        ],
      },
      {
        word: "time without service, tenant by tenant",
        unit: "min",
        by: 1,
        lines: [
          { metric: "tenant.lost90", word: "nine in ten lost less" },
          { metric: "tenant.lost99", word: "99 in 100" },
          { metric: "tenant.lostMost", word: "most" },
        ],
      },
      { word: "ACT in existence", unit: "ACT", by: 1, lines: [{ metric: "mint.outstanding", word: "ACT" }] },
    ],
  },
  { kind: "spread", measure: "earned", word: "earnings", unit: "tokens", by: 1 },
]
