/** A table's memory as bytes and as words, column by column in the order of its shape: what hashing and logging read. */
import { bytesOf, rowBytes, type AnyTable } from "./table.ts"

export interface Layout {
  /** Wide columns are two. */
  readonly columns: readonly Uint8Array[]
  /** The same memory as u32, for columns whose cells are whole words; empty for the others. */
  readonly words: readonly Uint32Array[]
  /** Bytes of a cell of each column, and of a row. */
  readonly widths: readonly number[]
  readonly rowBytes: number
  readonly capacity: number
}

const kept = new WeakMap<AnyTable, Layout>()

/** Made once and kept until the table grows: `reserve` alone replaces columns. */
export function layoutOf(t: AnyTable): Layout {
  const known = kept.get(t)
  if (known !== undefined && known.capacity === t.capacity) return known
  const columns = Object.keys(t.shape).flatMap((name) => bytesOf(t, name, 0, t.capacity))
  const widths = columns.map((c) => (t.capacity === 0 ? 0 : c.length / t.capacity))
  const words = columns.map((c, i) =>
    widths[i] < 4 ? new Uint32Array(0) : new Uint32Array(c.buffer, c.byteOffset, c.length >>> 2),
  )
  const made = { columns, words, widths, rowBytes: rowBytes(t.shape), capacity: t.capacity }
  kept.set(t, made)
  return made
}

/**
 * Copies rows [begin, end) behind each other's columns to `at` of `view`, little-endian, and returns where they end. For few bytes: a loop over
 * words costs less than a view of each column.
 */
export function copyRows({ columns, words, widths }: Layout, begin: number, end: number, view: DataView, at: number): number {
  let to = at
  for (let c = 0; c < columns.length; c++) {
    const width = widths[c]
    if (width >= 4) {
      const column = words[c]
      const last = (end * width) >>> 2
      for (let i = (begin * width) >>> 2; i < last; i++) {
        view.setUint32(to, column[i], true)
        to += 4
      }
    } else {
      const column = columns[c]
      const last = end * width
      for (let i = begin * width; i < last; i++) view.setUint8(to++, column[i])
    }
  }
  return to
}
