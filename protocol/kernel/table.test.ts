import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { appendFact, command, event, factAt, tables } from "./row-type.ts"
import { appendRow, assertFits, bytesOf, filled, readRow, reserve, rowBytes, table, touch, type Row } from "./table.ts"
import { amount, count, flag, nodeIndex, unit } from "./unit.ts"

const shape = {
  a: flag,
  b: unit("x", "u16"),
  c: unit("x", "i16"),
  d: nodeIndex,
  e: unit("x", "i32"),
  f: unit("x", "safe"),
  g: amount,
  h: unit("x", "real"),
} as const
const whole = (min: number, max: number) => fc.integer({ min, max })
const row: fc.Arbitrary<Row<typeof shape>> = fc.record({
  a: whole(0, 1),
  b: whole(0, 0xffff),
  c: whole(-0x8000, 0x7fff),
  d: whole(0, 0xffff_ffff),
  e: whole(-0x8000_0000, 0x7fff_ffff),
  f: fc.maxSafeInteger(),
  g: fc.bigInt(-(2n ** 101n), 2n ** 101n),
  h: fc.double({ noNaN: true, noDefaultInfinity: true }).filter((x) => !Object.is(x, -0)),
})

describe("tables", () => {
  it("give back every row that was put in, through any growth", () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 50 }), fc.nat(4), (rows, capacity) => {
        const t = table(shape, capacity)
        for (const r of rows) appendRow(t, r)
        expect(rows.map((_, i) => readRow(t, i))).toEqual(rows)
        expect(t.length <= t.capacity).toBe(true)
      }),
    )
  })

  it("reserve keeps rows and room that is there already", () => {
    const t = table({ n: count }, 2)
    appendRow(t, { n: 1 })
    const { n } = t
    reserve(t, 1)
    expect(t.n).toBe(n)
    reserve(t, 2)
    expect([t.n === n, t.n[0], t.length, t.capacity >= 3]).toEqual([false, 1, 1, true])
  })

  it("filled rows exist and are zero", () => {
    expect(readRow(filled({ n: count, w: amount }, 3), 2)).toEqual({ n: 0, w: 0n })
  })

  it("bytes are the rows as they lie in memory, of the width the shape says", () => {
    const t = table(shape, 0)
    for (const d of [1, 2, 3]) appendRow(t, { a: 1, b: 2, c: -1, d, e: -5, f: 6, g: -7n, h: 0.5 })
    const bytes = Object.keys(shape).flatMap((name) => bytesOf(t, name, 1, 3))
    expect(bytes.reduce((sum, b) => sum + b.length, 0)).toBe(2 * rowBytes(shape))
    expect([...bytesOf(t, "d", 1, 3)[0]]).toEqual([2, 0, 0, 0, 3, 0, 0, 0])
    expect([...bytesOf(t, "c", 0, 1)[0]]).toEqual([0xff, 0xff])
    expect(bytesOf(t, "g", 0, 1)).toHaveLength(2)
  })

  it("touch counts changes", () => {
    const t = filled({ n: count }, 1)
    touch(t)
    expect(t.version).toBe(1)
  })

  it.each([
    ["a", 2],
    ["b", -1],
    ["c", 0x8000],
    ["d", 2 ** 32],
    ["e", 0.5],
    ["f", 2 ** 53],
    ["f", -0],
    ["g", 7],
    ["g", 2n ** 101n + 1n],
    ["h", NaN],
    ["h", -0],
    ["d", undefined],
  ] as const)("a %s of %s does not fit, and the message says which column", (name, value) => {
    expect(() => assertFits(shape[name], name, value)).toThrow(new RegExp(`^${name} must be`))
  })

  it("a column may not take a word the table uses, nor a row a column that is not there", () => {
    expect(() => table({ length: count }, 0)).toThrow("may not be called length")
    expect(() => appendRow(table({ n: count }, 0), { n: 1, m: 2 } as never)).toThrow("there is no column m; the columns are n")
  })

  it("a refused row leaves no trace", () => {
    const t = table({ n: count, m: flag }, 0)
    expect(() => appendRow(t, { n: 1, m: 9 })).toThrow(RangeError)
    expect(t.length).toBe(0)
  })
})

describe("declared types", () => {
  const events = { Seen: event("a thing was seen", { node: nodeIndex, value: amount }) }

  it("fact → row → fact is identity", () => {
    const t = tables(events, 0)
    appendFact(t, { type: "Seen", node: 3, value: 2n ** 90n })
    expect(factAt("Seen", t.Seen as never, 0)).toEqual({ type: "Seen", node: 3, value: 2n ** 90n })
    expect(() => appendFact(t, { type: "Unseen" } as never)).toThrow("there is no Unseen; there are Seen")
  })

  it("a command decides row by row unless it says otherwise", () => {
    expect(command("look", {}, []).unity).toBe("row")
  })
})
