/**
 * What tenants get: truth, integrated between the instants at which a lease or the world changes.
 *
 * A tenant has service while the provider of at least one of its leases runs and is connected. It has a claim to service from
 * twice an auction's length after it came. Whoever could not deploy at all is missed for a while, as inhabit.ts tells.
 */
import type { Habitat, ServiceMeasure } from "../../kernel/habitat.ts"
import { seconds, unit } from "../../kernel/unit.ts"
import { isCounted, lostShape, type LossBook } from "./inhabit-lost.ts"
import { operatorShape } from "./inhabit-operators.ts"
import { NO_LEASE, type State } from "./state.ts"

const MINUTE = 60

/** What Akash's actors remember: one row a provider, and the neighbourhood of the same number. */
export const memoryShape = {
  /** Since when a provider's machines are down, as far as anybody has looked; 0 when they are up. */
  downSinceS: seconds,
  /** Tenant seconds without service in this neighbourhood since the beginning. */
  lostSeconds: unit("s", "safe", 0),
  /** Tenants of this neighbourhood who could not deploy, since the beginning, and those of them who would still be there · 1000. */
  turnedAway: unit("tenants", "safe", 0),
  missingMilli: unit("tenants · 1000", "safe", 0),
  /** Leases of a provider that its tenants ended for want of a workload, or that it ended on them: all tenants know the number. */
  complaints: unit("complaints", "safe", 0),
  ...operatorShape,
  /** In the first row: 1000 and the margin of the last day in permille of cost. */
  dayMargin: unit("‰", "safe", 0),
  ...lostShape,
  /** In the first row: what the market pays for an AKT, where that is not a parameter. */
  nanoUsd: unit("1e-9 USD", "safe", 0),
} as const

/** What tenants get, for the table of epochs. */
export const serviceObserves = {
  "tenants.served": {
    unit: "tenants",
    because: "Tenants with a lease whose provider runs and is connected, at the end of the epoch.",
  },
  "tenants.without": { unit: "tenants", because: "Tenants whose workload was placed once and runs nowhere now." },
  "tenants.turnedAway": {
    unit: "tenants",
    because: "Tenants who wanted to deploy and could not, since the beginning: no console, no chain, or no ACT to be had.",
  },
  "tenants.lostMinutes": { unit: "tenant minutes", because: "Time without service, summed over tenants, since the beginning." },
} as const

export class ServiceMeter {
  readonly #habitat: Habitat
  readonly #state: State
  readonly #offered: Float64Array
  readonly #served: Float64Array
  /** Columns of the actors' memory by neighbourhood: tenant seconds without service, and tenants missed · 1000. */
  readonly #memory: () => { readonly lostSeconds: Float64Array; readonly missingMilli: Float64Array }
  readonly #auctionSeconds: () => number
  #toS = 0
  /** Tenants with a claim to service, and those without it, at the last look. */
  tenants = 0
  without = 0

  readonly #runs: (node: number) => boolean
  readonly #losses: LossBook

  constructor({
    habitat,
    state,
    memory,
    auctionSeconds,
    runs,
    losses,
  }: {
    readonly habitat: Habitat
    readonly state: State
    readonly memory: () => { readonly lostSeconds: Float64Array; readonly missingMilli: Float64Array }
    readonly auctionSeconds: () => number
    /** False of providers that run nothing, whatever they signed. */
    readonly runs: (node: number) => boolean
    readonly losses: LossBook
  }) {
    this.#habitat = habitat
    this.#state = state
    this.#offered = new Float64Array(habitat.nodes)
    this.#served = new Float64Array(habitat.nodes)
    this.#memory = memory
    this.#auctionSeconds = auctionSeconds
    this.#runs = runs
    this.#losses = losses
  }

  /** Counting begins here; what lies before was never asked about. */
  begin(fromS: number): void {
    this.#toS = fromS
  }

  /** Counts up to `toS` with the leases as they stand: call it before a lease changes and at the end of a slice. */
  integrate(toS: number): void {
    const fromS = this.#toS
    if (toS <= fromS) return
    this.#toS = toS
    const { deployment, group } = this.#state
    const { nodes, running, throughPermille, userThroughPermille } = this.#habitat
    const losses = this.#losses
    const runs = this.#runs
    const offered = this.#offered
    const served = this.#served
    const { firstGroup, createdS, tenant, length } = deployment
    const { next, leaseS, lease, node: nodeOf } = group
    const grace = 2 * this.#auctionSeconds()
    const all = toS - fromS
    this.tenants = 0
    this.without = 0
    for (let d = 0; d < length; d++) {
      if (!isCounted(this.#state, d)) continue
      let best = 0
      let hasBegun = false
      for (let g = firstGroup[d] - 1; g >= 0; g = next[g] - 1) {
        if (leaseS[g] > 0) hasBegun = true
        if (lease[g] === NO_LEASE) continue
        const node = nodeOf[g]
        if (running[node] === 1 && throughPermille[node] > best && runs(node)) best = throughPermille[node]
      }
      const seconds = hasBegun ? all : toS - Math.max(fromS, createdS[d] + grace)
      if (seconds <= 0) continue
      const place = tenant[d] % nodes
      const share = best === 1000 ? userThroughPermille[place] : (best * userThroughPermille[place]) / 1000
      this.tenants++
      if (best === 0) this.without++
      offered[place] += seconds
      served[place] += share === 1000 ? seconds : (seconds * share) / 1000
      const lost = share === 1000 ? 0 : Math.floor((seconds * (1000 - share)) / 1000)
      losses.add(d, lost)
      // The book grows the memory, so columns are read after it.
      if (lost > 0) this.#memory().lostSeconds[place] += lost
    }
    const { missingMilli } = this.#memory()
    for (let place = 0; place < nodes; place++) offered[place] += (all * missingMilli[place]) / 1000
  }

  /** What was counted since the last call, in lease minutes · 1000. */
  take(byNode?: { offered: Float64Array; served: Float64Array }): ServiceMeasure {
    let offeredMilli = 0
    let servedMilli = 0
    for (let node = 0; node < this.#offered.length; node++) {
      const offered = Math.floor((this.#offered[node] * 1000) / MINUTE)
      const served = Math.min(offered, Math.floor((this.#served[node] * 1000) / MINUTE))
      offeredMilli += offered
      servedMilli += served
      if (byNode !== undefined) {
        byNode.offered[node] += offered
        byNode.served[node] += served
      }
    }
    this.#offered.fill(0)
    this.#served.fill(0)
    return { offeredMilli, servedMilli, degradedMilli: 0 }
  }
}
