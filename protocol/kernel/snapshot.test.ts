import fc from "fast-check"
import { createHash } from "node:crypto"
import { describe, expect, it } from "vitest"
import { hashTable, toHex } from "./hash.ts"
import { loadTables, saveTables } from "./snapshot.ts"
import { appendRow, readRow, table, type AnyTable } from "./table.ts"
import { amount, count, flag, nodeIndex } from "./unit.ts"

const shape = { up: flag, node: nodeIndex, n: count, held: amount } as const
const empty = () => ({ first: table(shape, 1), second: table({ n: count }, 0) })
type Pair = ReturnType<typeof empty>
const named = (p: Pair) => p as Record<string, AnyTable>
const hashOf = (t: AnyTable) =>
  toHex(
    hashTable(() => {
      const h = createHash("sha256")
      return { update: (b) => void h.update(b), digest: () => h.digest() }
    }, t),
  )
const pair = fc
  .array(fc.record({ up: fc.nat(1), node: fc.nat(), n: fc.maxSafeNat(), held: fc.bigInt(-(2n ** 101n), 2n ** 101n) }), {
    maxLength: 20,
  })
  .map((rows) => {
    const p = empty()
    for (const r of rows) appendRow(p.first, r)
    for (const r of rows.slice(1)) appendRow(p.second, { n: r.n })
    p.second.version = rows.length
    return p
  })

describe("snapshots", () => {
  it("come back as they were, into tables that held anything before", () => {
    fc.assert(
      fc.property(pair, pair, (from, to) => {
        loadTables(named(to), saveTables(named(from)))
        expect(to.second.version).toBe(from.second.version)
        for (const name of ["first", "second"] as const) {
          expect(to[name].length).toBe(from[name].length)
          for (let i = 0; i < from[name].length; i++)
            expect(readRow(to[name] as AnyTable, i)).toEqual(readRow(from[name] as AnyTable, i))
          expect(hashOf(to[name])).toBe(hashOf(from[name]))
        }
      }),
    )
  })

  it("are refused when cut short anywhere, or too long", () => {
    fc.assert(
      fc.property(pair, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (from, cut) => {
        const bytes = saveTables(named(from))
        expect(() => loadTables(named(empty()), bytes.subarray(0, Math.floor(cut * bytes.length)))).toThrow(RangeError)
        expect(() => loadTables(named(empty()), Uint8Array.of(...bytes, 0))).toThrow("1 bytes too many")
      }),
    )
  })

  it.each([-1, 0.5, NaN, 2 ** 40])("are refused when they claim %s rows", (rows) => {
    const bytes = saveTables(named(empty()))
    new DataView(bytes.buffer).setFloat64(0, rows, true)
    expect(() => loadTables(named(empty()), bytes)).toThrow("rows of table first")
  })

  it("may lie anywhere in a larger buffer", () => {
    const from = empty()
    appendRow(from.first, { up: 1, node: 2, n: 3, held: -4n })
    const bytes = saveTables(named(from))
    const larger = new Uint8Array(bytes.length + 3)
    larger.set(bytes, 3)
    const to = empty()
    loadTables(named(to), larger.subarray(3))
    expect(readRow(to.first, 0)).toEqual({ up: 1, node: 2, n: 3, held: -4n })
  })
})
