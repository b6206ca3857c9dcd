/**
 * Time without service, tenant by tenant: who lost how much, as a distribution.
 *
 * The book stands in the actors' memory below the rows of the providers: first one row a class of lost time, which counts tenants that
 * are gone, then one row a deployment's row, which keeps what its present tenant has lost. So a snapshot holds it.
 */
import { isOpen } from "../../kernel/slots.ts"
import { reserve, type AnyTable } from "../../kernel/table.ts"
import { count, unit } from "../../kernel/unit.ts"
import { ACTIVE, type State } from "./state.ts"

const MINUTE = 60
/** Classes of a minute up to an hour, of ten minutes up to ten hours, of an hour up to ten days, and one beyond. */
const EDGES: readonly number[] = [
  ...Array.from({ length: 61 }, (_, i) => i),
  ...Array.from({ length: 54 }, (_, i) => 70 + 10 * i),
  ...Array.from({ length: 230 }, (_, i) => 660 + 60 * i),
]
/** Class k holds losses of more than EDGES[k − 1] and at most EDGES[k] minutes; the last is open. */
export const LOSS_CLASSES = EDGES.length + 1

/** The class of a loss, and the most minutes that class holds (of the last one the least). */
export function lossClass(seconds: number): number {
  const minutes = seconds / MINUTE
  let [low, high] = [0, EDGES.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (EDGES[middle] >= minutes) high = middle
    else low = middle + 1
  }
  return low
}
export const lossMinutes = (k: number): number => EDGES[Math.min(k, EDGES.length - 1)]

/** Least class that `permille` of the counted tenants do not exceed; −1 without tenants. */
export function lossQuantile(counts: ArrayLike<number>, permille: number): number {
  let all = 0
  for (let k = 0; k < counts.length; k++) all += counts[k]
  if (all === 0) return -1
  const rank = Math.max(1, Math.ceil((all * permille) / 1000))
  let upTo = 0
  for (let k = 0; k < counts.length; k++) {
    upTo += counts[k]
    if (upTo >= rank) return k
  }
  return counts.length - 1
}

export const lostShape = {
  /** Rows of classes: tenants that are gone and had lost so much. */
  goneTenants: count,
  /** Rows of deployments: number + 1 of the deployment whose tenant this is about, and its seconds without service. */
  lostBy: count,
  lostS: unit("s", "safe", 0),
} as const
type Book = AnyTable & {
  goneTenants: Float64Array
  lostBy: Float64Array
  lostS: Float64Array
}

export const lostObserves = {
  "tenant.lostShare": { unit: "‰ of tenants", because: "Of all tenants so far, those who lost any service." },
  "tenant.lostMedian": {
    unit: "min",
    because: "Half of all tenants so far lost no more (classes of 1 to 60 minutes, upper edge).",
  },
  "tenant.lost90": { unit: "min", because: "Nine in ten tenants so far lost no more." },
  "tenant.lost99": { unit: "min", because: "Ninety-nine in a hundred tenants so far lost no more." },
  "tenant.lostMost": { unit: "min", because: "What the tenant lost who lost most, by its class." },
} as const

export class LossBook {
  readonly #state: State
  readonly #memory: Book
  readonly #first: number

  /** `memory` has one row a provider, `nodes` of them, and `lostShape` among its columns. */
  constructor(state: State, memory: AnyTable, nodes: number) {
    this.#state = state
    this.#memory = memory as Book
    this.#first = nodes
  }

  /** A tenant with deployment row `d` was without service for so many seconds, weighed by how far it was. 0 books it as a tenant. */
  add(d: number, seconds: number): void {
    const t = this.#memory
    const row = this.#first + LOSS_CLASSES + d
    if (row >= t.length) {
      reserve(t, row + 1 - t.length)
      ;(t as { length: number }).length = row + 1
    }
    const who = this.#state.deployment.number[d] + 1
    if (t.lostBy[row] !== who) {
      if (t.lostBy[row] > 0) t.goneTenants[this.#first + lossClass(t.lostS[row])]++
      t.lostBy[row] = who
      t.lostS[row] = 0
    }
    t.lostS[row] += seconds
  }

  /** Tenants so far by class of lost time: those gone and those there. */
  counts(): Float64Array {
    const t = this.#memory
    const counts = new Float64Array(LOSS_CLASSES)
    for (let k = 0; k < LOSS_CLASSES && this.#first + k < t.length; k++) counts[k] = t.goneTenants[this.#first + k]
    for (let row = this.#first + LOSS_CLASSES; row < t.length; row++) if (t.lostBy[row] > 0) counts[lossClass(t.lostS[row])]++
    return counts
  }

  observe(): Readonly<Record<keyof typeof lostObserves, number>> {
    const counts = this.counts()
    let all = 0
    let most = 0
    for (let k = 0; k < counts.length; k++) {
      all += counts[k]
      if (counts[k] > 0) most = k
    }
    const at = (permille: number): number => (all === 0 ? 0 : lossMinutes(lossQuantile(counts, permille)))
    return {
      "tenant.lostShare": all === 0 ? 0 : Math.round(((all - counts[0]) / all) * 1000),
      "tenant.lostMedian": at(500),
      "tenant.lost90": at(900),
      "tenant.lost99": at(990),
      "tenant.lostMost": all === 0 ? 0 : lossMinutes(most),
    }
  }
}

/** True of deployments whose tenants count. */
export const isCounted = ({ deployment }: State, d: number): boolean => isOpen(deployment, d) && deployment.state[d] === ACTIVE
