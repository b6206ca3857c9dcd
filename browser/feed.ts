/** What of an epoch is worth telling: each kind of event that happened a few times, with its reason. Routine in thousands is counted elsewhere. */
import type { Source } from "../protocol/kernel/log.ts"
import { readRow, type AnyTable } from "../protocol/kernel/table.ts"
import type { Simulation } from "../simulation/engine/simulation.ts"
import type { FeedItem } from "./messages.ts"

/** Rows of one type beyond which it is routine. */
const FEW = 4
/** Items told of one epoch and source. */
const TOLD = 6

/** Epochs a kind of event must have had before it can be routine, and the share of all epochs that makes it so. */
const ROUTINE_FROM = 8
const ROUTINE_PERMILLE = 150

/** Routine is told again when there is so many times as much of it as usual, and at least so many rows. */
const SURGE_TIMES = 4
const SURGE_FROM = 20

/** What happened so far, by kind: how many epochs had it, and rows in all. */
export type Told = Map<string, { readonly epochs: number; readonly rows: number }>

/** The epoch's rows are still there: this runs before they are hashed and forgotten. What most epochs have is not told again. */
export function feedOf(sim: Simulation, sources: readonly Source[], before: Told): readonly FeedItem[] {
  const items: FeedItem[] = []
  for (const n of sim.networks)
    for (const [machine, kind] of [
      [n.machine, "event"],
      [n.world, "world"],
    ] as const) {
      if (!sources.includes(machine)) continue
      let told = 0
      for (let type = 0; type < machine.types.length && told < TOLD; type++) {
        const rows = machine.rowsOf[type]
        if (rows.length === 0) continue
        const name = machine.types[type]
        const key = `${n.name}/${name}`
        const seen = before.get(key) ?? { epochs: 0, rows: 0 }
        before.set(key, { epochs: seen.epochs + 1, rows: seen.rows + rows.length })
        const isRoutine = rows.length > FEW || (seen.epochs >= ROUTINE_FROM && seen.epochs * 1000 > sim.epoch * ROUTINE_PERMILLE)
        const isSurge =
          seen.epochs >= ROUTINE_FROM && rows.length >= SURGE_FROM && rows.length * seen.epochs > SURGE_TIMES * seen.rows
        if (kind === "event" && isRoutine && !isSurge) continue
        told++
        items.push({
          atS: sim.atS,
          network: n.name,
          type: name,
          because: machine.network.events[name]?.because ?? "A rule was changed.",
          count: rows.length,
          ...(rows.length <= FEW ? { row: plainRow(rows, 0) } : {}),
          kind,
        })
      }
    }
  return items
}

/** A row whose wide amounts are text: as a message carries it. */
export const plainRow = (rows: AnyTable, i: number): Record<string, number | string> =>
  Object.fromEntries(Object.entries(readRow(rows, i)).map(([k, v]) => [k, typeof v === "bigint" ? String(v) : v]))
