/**
 * Rows that come and go, such as escrows, leases and jobs: a closed row is handed to the next that opens, so that a
 * table is as long as the most that ever stood open at once, and hashing it never grows with history.
 *
 * A row's number is an identity only while it is open: whoever closes it forgets the number.
 */
import { filled, reserve, type AnyTable, type Table, touchRow } from "./table.ts"
import { unit } from "./unit.ts"

const link = unit("next free row + 1; 0 ends the list; 2^32 − 1 is open", "u32")
const OPEN = 0xffff_ffff

/** Spread this column into the shape of a table whose rows come and go. */
export const slotShape = { link } as const
/** One row: the head of the list of free rows, and how many are open. */
const headShape = { free: unit("first free row + 1, or 0", "u32"), open: unit("count", "u32") } as const

/** Any table whose shape has the column. */
export interface Slotted extends AnyTable {
  readonly link: Uint32Array
}
export type SlotHead = Table<typeof headShape>

export const slotHead = (): SlotHead => filled(headShape, 1)

/** Opens a row and returns its number: the one freed last, else a new one. Its other columns are the caller's to set. */
export function openSlot(t: Slotted, head: SlotHead): number {
  let row = head.free[0] - 1
  if (row >= 0) head.free[0] = t.link[row]
  else {
    reserve(t, 1)
    row = t.length++
  }
  t.link[row] = OPEN
  head.open[0]++
  touchRow(t, row)
  return row
}

/** Frees an open row. Throws when it is not open: paying twice from one deposit begins like this. */
export function closeSlot(t: Slotted, head: SlotHead, row: number): void {
  assertOpen(t, row)
  t.link[row] = head.free[0]
  head.free[0] = row + 1
  head.open[0]--
  touchRow(t, row)
}

export const isOpen = (t: Slotted, row: number): boolean => row < t.length && t.link[row] === OPEN

export function assertOpen(t: Slotted, row: number): void {
  if (!isOpen(t, row)) throw new Error(`row ${row} is not open: it was closed before, or never opened`)
}
