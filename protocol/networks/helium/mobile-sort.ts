/** Coverage entries in the order of their cells, by a radix sort over typed arrays: two million take a fifth of a second. */
import type { Table } from "../../kernel/table.ts"
import type { coverageShape, radioShape } from "./state-mobile.ts"

/** Entries by cell and kind of radio. Group g is entries [begin[g], begin[g + 1]). */
export interface CellEntries {
  readonly groups: number
  readonly begin: Uint32Array
  readonly cellHi: Uint32Array
  readonly cellLo: Uint32Array
  /** Kind of the radios of a group, 1 to 4. */
  readonly kind: Uint8Array
  /** Row in the radio table of each entry. */
  readonly radio: Uint32Array
  /** What ranks first: power outdoors, level indoors; higher is better. */
  readonly key: Int16Array
  readonly level: Uint8Array
  /** First group at or after a cell. */
  readonly find: (hexHi: number, hexLo: number) => number
}

const UNUSED_BITS = 9
const KIND_BITS = 2
/** Bits of the two keys, taken in passes: 25 of the low word (23 of digits, 2 of kind), then 20 of the high one. */
const PASSES = [
  { isHigh: false, shift: 0, bits: 13 },
  { isHigh: false, shift: 13, bits: 12 },
  { isHigh: true, shift: 0, bits: 10 },
  { isHigh: true, shift: 10, bits: 10 },
] as const

/** All live coverage entries, sorted by cell, then by kind of radio, then by radio. */
export function sortByCell(radio: Table<typeof radioShape>, coverage: Table<typeof coverageShape>): CellEntries {
  let entries = 0
  for (let r = 0; r < radio.length; r++) entries += radio.hexes[r]
  const of = new Uint32Array(entries)
  const row = new Uint32Array(entries)
  let low = new Uint32Array(entries)
  let high = new Uint32Array(entries)
  let order = new Uint32Array(entries)
  const { hexHi, hexLo } = coverage
  let n = 0
  for (let r = 0; r < radio.length; r++) {
    const kindBits = radio.kind[r] - 1
    const end = radio.hexBegin[r] + radio.hexes[r]
    for (let i = radio.hexBegin[r]; i < end; i++, n++) {
      of[n] = r
      row[n] = i
      low[n] = ((hexLo[i] >>> UNUSED_BITS) << KIND_BITS) | kindBits
      high[n] = hexHi[i] & 0xfffff
      order[n] = n
    }
  }
  let lowTo = new Uint32Array(entries)
  let highTo = new Uint32Array(entries)
  let orderTo = new Uint32Array(entries)
  for (const { isHigh, shift, bits } of PASSES) {
    const buckets = 1 << bits
    const mask = buckets - 1
    const from = isHigh ? high : low
    const at = new Uint32Array(buckets + 1)
    for (let i = 0; i < entries; i++) at[((from[i] >>> shift) & mask) + 1]++
    // One bucket holds everything: the pass would change nothing.
    if (entries > 0 && at[((from[0] >>> shift) & mask) + 1] === entries) continue
    for (let b = 0; b < buckets; b++) at[b + 1] += at[b]
    for (let i = 0; i < entries; i++) {
      const to = at[(from[i] >>> shift) & mask]++
      lowTo[to] = low[i]
      highTo[to] = high[i]
      orderTo[to] = order[i]
    }
    ;[low, lowTo] = [lowTo, low]
    ;[high, highTo] = [highTo, high]
    ;[order, orderTo] = [orderTo, order]
  }
  return group(radio, coverage, of, row, low, high, order)
}

function group(
  radio: Table<typeof radioShape>,
  coverage: Table<typeof coverageShape>,
  of: Uint32Array,
  row: Uint32Array,
  low: Uint32Array,
  high: Uint32Array,
  order: Uint32Array,
): CellEntries {
  const entries = order.length
  let groups = 0
  for (let i = 0; i < entries; i++) if (i === 0 || low[i] !== low[i - 1] || high[i] !== high[i - 1]) groups++
  const begin = new Uint32Array(groups + 1)
  const cellHi = new Uint32Array(groups)
  const cellLo = new Uint32Array(groups)
  const kind = new Uint8Array(groups)
  const sorted = new Uint32Array(entries)
  const key = new Int16Array(entries)
  const level = new Uint8Array(entries)
  let g = -1
  for (let i = 0; i < entries; i++) {
    const r = of[order[i]]
    const source = row[order[i]]
    if (i === 0 || low[i] !== low[i - 1] || high[i] !== high[i - 1]) {
      g++
      begin[g] = i
      cellHi[g] = coverage.hexHi[source]
      cellLo[g] = coverage.hexLo[source]
      kind[g] = radio.kind[r]
    }
    sorted[i] = r
    level[i] = coverage.level[source]
    // Indoors the level decides, High (0) first; outdoors the power.
    key[i] = (radio.kind[r] & 1) === 1 ? -coverage.level[source] : coverage.powerDdbm[source]
  }
  begin[groups] = entries
  const find = (hi: number, lo: number): number => {
    let a = 0
    let b = groups
    while (a < b) {
      const middle = (a + b) >>> 1
      if (cellHi[middle] < hi || (cellHi[middle] === hi && cellLo[middle] < lo)) a = middle + 1
      else b = middle
    }
    return a
  }
  return { groups, begin, cellHi, cellLo, kind, radio: sorted, key, level, find }
}
