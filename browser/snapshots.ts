/** Snapshots of a run, kept within a budget of bytes: when they are too many every second one goes, and the rest lie twice as far apart. */
import { fromHex, toHex } from "../protocol/kernel/hash.ts"
import { loadTables, saveTables } from "../protocol/kernel/snapshot.ts"
import type { Simulation } from "../simulation/engine/simulation.ts"

/** A simulation as it stands between two epochs. */
export interface Snapshot {
  readonly epoch: number
  readonly atS: number
  readonly previous: string
  readonly rows: number
  readonly tables: Uint8Array
}

export const snapshotOf = (sim: Simulation): Snapshot => ({
  epoch: sim.epoch,
  atS: sim.atS,
  previous: toHex(sim.log.hash),
  rows: sim.log.rows,
  // The start is made anew, not restored.
  tables: sim.epoch === 0 ? new Uint8Array(0) : saveTables(sim.savedTables()),
})

/** Puts a simulation of the same past back to where the snapshot was taken. */
export function restore(sim: Simulation, { epoch, atS, previous, rows, tables }: Snapshot): void {
  loadTables(sim.savedTables(), tables)
  sim.continueFrom({ epoch, atS, previous: fromHex(previous), rows })
}

export class Snapshots {
  readonly #budget: number
  #kept: Snapshot[] = []
  #every: number
  #bytes = 0

  /** `epochs` of the whole run: about fifty snapshots are taken of it, if they fit. */
  constructor(epochs: number, budgetBytes = 256 * 2 ** 20) {
    this.#budget = budgetBytes
    this.#every = Math.max(1, Math.ceil(epochs / 50))
  }

  /** Epochs that have one, ascending. */
  get epochs(): readonly number[] {
    return this.#kept.map((s) => s.epoch)
  }

  /** Keeps the simulation as it stands, when it is time for one. The start is always kept. */
  consider(sim: Simulation): void {
    const { epoch } = sim
    if (epoch % this.#every !== 0 || this.#kept.some((s) => s.epoch === epoch)) return
    const taken = snapshotOf(sim)
    this.#kept.push(taken)
    this.#kept.sort((a, b) => a.epoch - b.epoch)
    this.#bytes += taken.tables.length
    while (this.#bytes > this.#budget && this.#kept.length > 2) this.#thin()
  }

  /** The latest one at or before `epoch`. */
  before(epoch: number): Snapshot {
    return this.#kept.findLast((s) => s.epoch <= epoch)!
  }

  /** Those of the past that two futures share. */
  until(epoch: number): readonly Snapshot[] {
    return this.#kept.filter((s) => s.epoch <= epoch)
  }
  adopt(shared: readonly Snapshot[]): void {
    this.#kept = [...shared]
    this.#bytes = shared.reduce((sum, s) => sum + s.tables.length, 0)
  }

  #thin(): void {
    this.#every *= 2
    this.#kept = this.#kept.filter((s) => s.epoch % this.#every === 0)
    this.#bytes = this.#kept.reduce((sum, s) => sum + s.tables.length, 0)
  }
}
