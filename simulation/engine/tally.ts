/** What a run records as it goes: one row per epoch, one row per node, in tables, so that a snapshot keeps them too. */
import type { ServiceMeasure } from "../../protocol/kernel/habitat.ts"
import type { Machine } from "../../protocol/kernel/machine.ts"
import type { AnyNetwork } from "../../protocol/kernel/network.ts"
import { filled, reserve, table, type Shape, type Table, type AnyTable } from "../../protocol/kernel/table.ts"
import { count, unit } from "../../protocol/kernel/unit.ts"

const serviceMilli = unit("service unit × 1000", "safe")
const seconds = unit("s", "u32")

const base = {
  epoch: unit("epoch", "u32"),
  /** End of the epoch. */
  endS: unit("s (Unix)", "u32"),
  seconds,
  offeredMilli: serviceMilli,
  servedMilli: serviceMilli,
  degradedMilli: serviceMilli,
  running: unit("nodes", "u32"),
  refused: count,
} as const

/** Column of a metric: `coverage.proved` → `coverageProved`. */
export const metricColumn = (name: string): string => name.replace(/[._-](\w)/g, (_, c: string) => c.toUpperCase())

/** Requests near the nodes of a scenario's focus since genesis, and the share of those nodes that is there. */
export interface FocusReading {
  readonly offered: number
  readonly served: number
  readonly presentPermille: number
}

/** Columns of a focus, in the epochs of its network. */
const focused = {
  focusOfferedMilli: serviceMilli,
  focusServedMilli: serviceMilli,
  focusPresent: unit("‰ of the nodes in focus", "u32"),
} as const

/** Counters are recorded as what the epoch added, gauges as they stand at its end. */
export class EpochTable {
  readonly rows: AnyTable
  readonly #network: AnyNetwork
  readonly #names: readonly string[]
  readonly #observed: readonly string[]
  /** Columns of the metrics and of what is observed, in their order. */
  readonly #columns: readonly string[]
  readonly #observedColumns: readonly string[]
  readonly #last: number[]
  #lastRefused = 0
  #offered = 0
  #served = 0
  #degraded = 0

  constructor(network: AnyNetwork, hasFocus = false) {
    this.#network = network
    this.#names = Object.keys(network.metrics)
    this.#observed = Object.keys(network.inhabit.observes ?? {})
    const shape: Record<string, Shape[string]> = { ...base, ...(hasFocus ? focused : {}) }
    this.#columns = this.#names.map(metricColumn)
    this.#observedColumns = this.#observed.map(metricColumn)
    this.#names.forEach((name, k) => (shape[this.#columns[k]] = unit(network.metrics[name].unit, "safe")))
    this.#observed.forEach((name, k) => (shape[this.#observedColumns[k]] = unit(network.inhabit.observes![name].unit, "safe")))
    this.rows = table(shape, 64)
    this.#last = this.#names.map(() => 0)
  }

  open(): void {
    this.#offered = this.#served = this.#degraded = 0
  }

  add(m: ServiceMeasure): void {
    this.#offered += m.offeredMilli
    this.#served += m.servedMilli
    this.#degraded += m.degradedMilli
  }

  close(
    epoch: number,
    fromS: number,
    toS: number,
    state: unknown,
    up: number,
    refused: Float64Array,
    observed: Readonly<Record<string, number>> = {},
    focus?: FocusReading,
  ): void {
    reserve(this.rows, 1)
    const t = this.rows as unknown as Record<string, Float64Array>
    const i = this.rows.length++
    t.epoch[i] = epoch
    t.endS[i] = toS
    t.seconds[i] = toS - fromS
    t.offeredMilli[i] = this.#offered
    t.servedMilli[i] = this.#served
    t.degradedMilli[i] = this.#degraded
    t.running[i] = up
    if (focus !== undefined) {
      // What the epochs before added is what stood at the end of the last one.
      let [offered, served] = [focus.offered, focus.served]
      for (let k = 0; k < i; k++) {
        offered -= t.focusOfferedMilli[k]
        served -= t.focusServedMilli[k]
      }
      t.focusOfferedMilli[i] = offered
      t.focusServedMilli[i] = served
      t.focusPresent[i] = focus.presentPermille
    }
    const all = refused.reduce((sum, n) => sum + n, 0)
    t.refused[i] = all - this.#lastRefused
    this.#lastRefused = all
    this.#names.forEach((name, k) => {
      const { kind, of } = this.#network.metrics[name]
      const now = of(state)
      t[this.#columns[k]][i] = kind === "counter" ? now - this.#last[k] : now
      this.#last[k] = now
    })
    this.#observed.forEach((name, k) => (t[this.#observedColumns[k]][i] = observed[name] ?? 0))
  }

  /** After a restore: counters go on from where the state stands. */
  resume(state: unknown): void {
    this.#names.forEach((name, k) => (this.#last[k] = this.#network.metrics[name].of(state)))
    this.#lastRefused = 0
    const { refused } = this.rows as unknown as Record<string, Float64Array>
    for (let i = 0; i < this.rows.length; i++) this.#lastRefused += refused[i]
  }

  lastServedPermille(): number {
    const i = this.rows.length - 1
    const t = this.rows as unknown as Record<string, Float64Array>
    return i < 0 || t.offeredMilli[i] === 0 ? 1000 : Math.floor((t.servedMilli[i] * 1000) / t.offeredMilli[i])
  }
}

const nodeShape = {
  offered: serviceMilli,
  served: serviceMilli,
  windowOffered: serviceMilli,
  windowServed: serviceMilli,
  /** Not running; and not running or without any way to the internet. */
  downS: count,
  awayS: count,
} as const

/** Per node over the whole run, and over the incident's window. */
export class NodeTally {
  readonly table: Table<typeof nodeShape>
  readonly #whole: { offered: Float64Array; served: Float64Array }
  readonly #window: { offered: Float64Array; served: Float64Array }
  #refused: AnyTable | undefined

  constructor(nodes: number) {
    this.table = filled(nodeShape, nodes)
    this.#whole = { offered: this.table.offered, served: this.table.served }
    this.#window = { offered: this.table.windowOffered, served: this.table.windowServed }
  }

  get rows(): AnyTable {
    return this.table
  }

  /** Where a slice's service is added: to the window's columns inside it, else to the rest's. */
  slice(windowed: boolean): { offered: Float64Array; served: Float64Array } {
    return windowed ? this.#window : this.#whole
  }

  /** Totals include the window. */
  totals(node: number): { offered: number; served: number } {
    return {
      offered: this.table.offered[node] + this.table.windowOffered[node],
      served: this.table.served[node] + this.table.windowServed[node],
    }
  }

  away(running: Uint8Array, throughPermille: Uint16Array, forS: number): void {
    const { downS, awayS } = this.table
    for (let i = 0; i < running.length; i++) {
      if (running[i] === 0) downS[i] += forS
      if (running[i] === 0 || throughPermille[i] === 0) awayS[i] += forS
    }
  }

  /** Refusal counts as a table, for snapshots. */
  refusedTable(machine: Machine): AnyTable {
    this.#refused ??= filled({ count: unit("refusals", "safe") }, machine.refused.length)
    ;(this.#refused as unknown as { count: Float64Array }).count.set(machine.refused)
    return this.#refused
  }
  restoreRefused(machine: Machine): void {
    if (this.#refused !== undefined)
      machine.refused.set((this.#refused as unknown as { count: Float64Array }).count.subarray(0, machine.refused.length))
  }
}
