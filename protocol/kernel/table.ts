/** Columns: a table is typed arrays side by side, and rows exist only as indexes into them. */
import type { StoreName, Unit } from "./unit.ts"
import { Wide } from "./wide.ts"

export type Shape = Readonly<Record<string, Unit>>

interface Stores {
  u8: Uint8Array
  u16: Uint16Array
  i16: Int16Array
  u32: Uint32Array
  i32: Int32Array
  safe: Float64Array
  real: Float64Array
  wide: Wide
}
export type Column<N extends StoreName> = Stores[N]
export type Columns<S extends Shape> = { [K in keyof S]: Column<S[K]["store"]> }

/** A table of `length` rows. `capacity` rows are allocated; `reserve` grows it. */
export type Table<S extends Shape = Shape> = Columns<S> & {
  length: number
  capacity: number
  /** Counts changes of tables that are hashed only when they change; see `touch`. */
  version: number
  /** Of a paged table, the changes of each page, and the rows of one; see `paged`. */
  pages?: Uint32Array
  pageRows?: number
  readonly shape: S
}

/** Any table, whatever its columns: what moves, grows, hashes or saves tables takes this. */
export interface AnyTable {
  length: number
  capacity: number
  version: number
  pages?: Uint32Array
  pageRows?: number
  readonly shape: Shape
}

/** Rows of a page where rows move one here, one there: a digest is not dear beside its bytes, nor one row's page. */
const PAGE_ROWS = 64

/** One row as a plain object; wide amounts are bigint. Of an unknown shape each cell may be either. */
export type Row<S extends Shape> = {
  readonly [K in keyof S]: S[K]["store"] extends "wide" ? bigint : "wide" extends S[K]["store"] ? number | bigint : number
}

const make = (store: StoreName, capacity: number): Stores[StoreName] => {
  switch (store) {
    case "u8":
      return new Uint8Array(capacity)
    case "u16":
      return new Uint16Array(capacity)
    case "i16":
      return new Int16Array(capacity)
    case "u32":
      return new Uint32Array(capacity)
    case "i32":
      return new Int32Array(capacity)
    case "safe":
    case "real":
      return new Float64Array(capacity)
    case "wide":
      return new Wide(capacity)
  }
}

/** An empty table with room for `capacity` rows. */
export function table<const S extends Shape>(shape: S, capacity: number): Table<S> {
  const own: Record<string, unknown> = { length: 0, capacity, version: 0, shape: null, pages: null, pageRows: 0 }
  for (const name of Object.keys(shape)) {
    if (name in own) throw new Error(`a column may not be called ${name}: the table uses that word itself`)
    own[name] = null
  }
  // An object that gets more than a dozen properties one by one becomes a dictionary, several times as slow to read. Parsed, it has
  // them all at once.
  const t = JSON.parse(JSON.stringify(own)) as Record<string, unknown>
  t.shape = shape
  t.pages = undefined
  for (const name of Object.keys(shape)) t[name] = make(shape[name].store, capacity)
  return t as Table<S>
}

/** A table whose `rows` rows exist from the start, all zero: one row a node, or one row for totals. */
export function filled<const S extends Shape>(shape: S, rows: number): Table<S> {
  const t = table(shape, rows)
  ;(t as { length: number }).length = rows
  return t
}

/** Makes room for `extra` more rows. Hoist columns out of a loop only after this call: it may replace them. */
export function reserve(t: AnyTable, extra: number): void {
  const needed = t.length + extra
  if (needed <= t.capacity) return
  const capacity = Math.max(needed, t.capacity * 2, 16)
  const columns = t as unknown as Record<string, Stores[StoreName]>
  for (const name of Object.keys(t.shape)) {
    const wider = make(t.shape[name].store, capacity)
    const old = columns[name]
    if (wider instanceof Wide) wider.copy(old as Wide)
    else wider.set(old as never)
    columns[name] = wider
  }
  t.capacity = capacity
  if (t.pages !== undefined) {
    const pages = new Uint32Array(Math.ceil(capacity / t.pageRows!))
    pages.set(t.pages)
    t.pages = pages
  }
}

/** Makes room for one row and gives its index. Columns are read from the table after this call, as it may replace them. */
export function addRow(t: AnyTable): number {
  if (t.length === t.capacity) reserve(t, 1)
  return t.length++
}

/**
 * Makes a large table hashed page by page: only pages that moved are hashed again. Its changes are told by row. Where long stretches
 * of rows move together, a page may be larger.
 */
export function paged<T extends AnyTable>(t: T, pageRows = PAGE_ROWS): T {
  t.pageRows = pageRows
  t.pages = new Uint32Array(Math.ceil(t.capacity / pageRows))
  return t
}

/** Says that a table kept out of the hourly hash has changed, wherever. */
export function touch(t: AnyTable): void {
  t.version++
  if (t.pages !== undefined) for (let p = 0; p < t.pages.length; p++) t.pages[p]++
}

/** Says that row `i` of such a table has changed. */
export function touchRow(t: AnyTable, i: number): void {
  t.version++
  if (t.pages !== undefined) t.pages[(i / t.pageRows!) >>> 0]++
}

/** Says that rows [begin, end) have. */
export function touchRows(t: AnyTable, begin: number, end: number): void {
  t.version++
  if (t.pages !== undefined) for (let p = (begin / t.pageRows!) >>> 0; p * t.pageRows! < end; p++) t.pages[p]++
}

/** Bytes of rows [begin, end) of one column, as views on its memory (little-endian; wide columns give two). */
export function bytesOf(t: AnyTable, name: string, begin: number, end: number): readonly Uint8Array[] {
  const column = (t as unknown as Record<string, Stores[StoreName]>)[name]
  const view = (a: Exclude<Stores[StoreName], Wide>) =>
    new Uint8Array(a.buffer as ArrayBuffer, a.byteOffset + begin * a.BYTES_PER_ELEMENT, (end - begin) * a.BYTES_PER_ELEMENT)
  return column instanceof Wide ? [view(column.hi), view(column.lo)] : [view(column)]
}

const WIDTH: Readonly<Record<StoreName, number>> = { u8: 1, u16: 2, i16: 2, u32: 4, i32: 4, safe: 8, real: 8, wide: 16 }

/** Bytes of one row of a shape. */
export const rowBytes = (shape: Shape): number => Object.values(shape).reduce((sum, u) => sum + WIDTH[u.store], 0)

/** Reads row `i` as a plain object. For tests, the wire and people: never in a loop over rows. */
export function readRow<S extends Shape>(t: Table<S>, i: number): Row<S>
export function readRow(t: AnyTable, i: number): Row<Shape>
export function readRow(t: AnyTable, i: number): Row<Shape> {
  const row: Record<string, number | bigint> = {}
  for (const name of Object.keys(t.shape)) {
    const column = (t as unknown as Record<string, Stores[StoreName]>)[name]
    row[name] = column instanceof Wide ? column.get(i) : column[i]
  }
  return row
}

/** Appends one plain row. Throws a RangeError that names the column when a value does not fit its unit. */
export function appendRow<S extends Shape>(t: Table<S>, row: Row<S>): void
export function appendRow(t: AnyTable, row: Row<Shape>): void
export function appendRow(t: AnyTable, row: Row<Shape>): void {
  for (const name of Object.keys(t.shape)) {
    if (row[name] === undefined)
      throw new RangeError(`the row has no ${name} (${t.shape[name].unit}): every column needs a value`)
    assertFits(t.shape[name], name, row[name])
  }
  for (const name of Object.keys(row))
    if (!(name in t.shape)) throw new RangeError(`there is no column ${name}; the columns are ${Object.keys(t.shape).join(", ")}`)
  reserve(t, 1)
  const i = t.length++
  for (const name of Object.keys(t.shape)) {
    const column = (t as unknown as Record<string, Stores[StoreName]>)[name]
    if (column instanceof Wide) column.set(i, row[name] as bigint)
    else column[i] = row[name] as number
  }
}

/** Throws unless `value` is a whole number that the unit can hold: a bigint for wide columns, any finite one for real columns. */
export function assertFits(u: Unit, name: string, value: unknown): void {
  if (u.store === "wide") {
    if (typeof value !== "bigint" || value > Wide.MAX || value < -Wide.MAX)
      throw new RangeError(`${name} must be a bigint of ${u.unit} within ±2^101, got ${String(value)}`)
  } else if (u.store === "real") {
    // Minus zero equals zero and hashes otherwise: no column may hold it.
    if (!Number.isFinite(value) || (value as number) < u.min || (value as number) > u.max || Object.is(value, -0))
      throw new RangeError(`${name} must be a finite number of ${u.unit} from ${u.min} to ${u.max}, got ${String(value)}`)
  } else if (!Number.isInteger(value) || (value as number) < u.min || (value as number) > u.max || Object.is(value, -0))
    throw new RangeError(`${name} must be a whole number of ${u.unit} from ${u.min} to ${u.max}, got ${String(value)}`)
}
