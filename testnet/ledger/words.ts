/** 32 bytes as eight columns of 32 bits, `a0` … `a7`; and rows copied from events into tables. */
import { reserve, touchRow, type AnyTable } from "../../protocol/kernel/table.ts"
import { unit } from "../../protocol/kernel/unit.ts"

const word = unit("32 bits of a hash or key", "u32")
export const words = <const P extends string>(prefix: P): Record<`${P}${0 | 1 | 2 | 3 | 4 | 5 | 6 | 7}`, typeof word> =>
  Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`${prefix}${i}`, word])) as never

/** 32 bytes as the eight columns of a prefix, for a row. */
export function toWords(prefix: string, bytes: Uint8Array): Record<string, number> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, 32)
  return Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`${prefix}${i}`, view.getUint32(4 * i, true)]))
}
/** The 32 bytes in the eight columns of a row. */
export function fromWords(t: AnyTable, prefix: string, i: number): Uint8Array {
  const out = new Uint8Array(32)
  const view = new DataView(out.buffer)
  for (let k = 0; k < 8; k++) view.setUint32(4 * k, (t as unknown as Record<string, Uint32Array>)[`${prefix}${k}`][i], true)
  return out
}

type AnyColumn = Float64Array & { set(i: number, v: bigint): void; get?(i: number): bigint }

/** Copies the columns that both have into row `j`; those that only the table has are set by `rest`, or 0. */
export function putRow(to: AnyTable, j: number, rows: unknown, i: number, rest: Readonly<Record<string, number>>): void {
  const target = to as unknown as Record<string, AnyColumn>
  const source = rows as Record<string, Float64Array & { get?(i: number): bigint }>
  for (const name of Object.keys(to.shape)) {
    const from = source[name]
    if (to.shape[name].store === "wide") target[name].set(j, from?.get === undefined ? 0n : from.get(i))
    else target[name][j] = from === undefined ? (rest[name] ?? 0) : from[i]
  }
  touchRow(to, j)
}

/** Appends a row whose missing columns are set by `rest`, copying the columns both have. */
export function append(to: AnyTable, rows: unknown, i: number, rest: Readonly<Record<string, number>>): void {
  reserve(to, 1)
  putRow(to, to.length++, rows, i, rest)
}

/** Makes row `i` exist, all zero where it is new. */
export function extendTo(t: AnyTable, i: number): void {
  if (i < t.length) return
  reserve(t, i + 1 - t.length)
  const columns = t as unknown as Record<string, Float64Array & { set(i: number, v: bigint): void }>
  for (let j = t.length; j <= i; j++) {
    for (const name of Object.keys(t.shape))
      if (t.shape[name].store === "wide") columns[name].set(j, 0n)
      else columns[name][j] = 0
    t.length = j + 1
    touchRow(t, j)
  }
}
