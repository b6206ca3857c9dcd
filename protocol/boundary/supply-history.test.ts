/** An observed series as CSV: what is read, and every way in which a file can be none. */
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { ScenarioProblem } from "./problem.ts"
import { GAP_DAYS_MAX, HISTORY_COLUMNS, readSupplyHistory, sayDay } from "./supply-history.ts"

const FIRST = 18_499
const HEAD = "date,qaPowerEiB,rawPowerEiB,burntMFil,lockedMFil,rewardPerWinFil"
const read = (...lines: readonly string[]) => readSupplyHistory(lines.join("\n"), "my.csv", FIRST)
const GOOD = [HEAD, "2020-10-14,0.56,0.56,-3.54,-12.08,10.87", "2020-10-16,0.58,0.58,-3.55,-12.39,10.98"] as const

describe("a series", () => {
  test("becomes rows in PiB and FIL, outflows without their sign, silence as NaN", () => {
    const [first, second] = read(...GOOD)
    expect(first).toMatchObject({
      day: 18_549,
      qaPib: 0.56 * 1024,
      burntFil: 3.54e6,
      lockedFil: 12.08e6,
      rewardPerWinFil: 10.87,
      mintedFil: NaN,
    })
    expect(sayDay(second.day)).toBe("2020-10-16")
    expect(read(HEAD, "2020-10-14,1,1,1,,", GOOD[2])[0].lockedFil).toBeNaN()
  })
  test("may have quotation marks, a byte order mark, other line ends, comments, empty lines, columns in any order", () => {
    const rows = readSupplyHistory(
      '\uFEFF# mine\r\n"rawPowerEiB",burntMFil,date,qaPowerEiB\r\n\r\n1,2,"2021-01-01",3\r\n1,2,2021-01-02,3\r\n',
      "x",
      FIRST,
    )
    expect(rows.map((r) => [r.day, r.rawPib, r.qaPib, r.burntFil])).toEqual([
      [18_628, 1024, 3072, 2e6],
      [18_629, 1024, 3072, 2e6],
    ])
  })
})

describe("is refused in one sentence with its line, its column and a way out", () => {
  const cases: [string, readonly string[], RegExp][] = [
    ["an empty file", [""], /^my\.csv is empty: it needs a line that names date, qaPowerEiB, rawPowerEiB, burntMFil/],
    ["a head alone", [HEAD], /^my\.csv has no day after its head/],
    ["one day", GOOD.slice(0, 2), /^my\.csv has one day only: a series needs two lines or more$/],
    [
      "an unknown column",
      ["date,qaPowerEib,rawPowerEiB,burntMFil"],
      /^my\.csv, line 1: there is no column "qaPowerEib"; did you mean qaPowerEiB\?/,
    ],
    ["a column twice", [`${HEAD},burntMFil`], /^my\.csv, line 1: the column burntMFil is there twice; keep one$/],
    ["a missing column", ["date,qaPowerEiB,burntMFil"], /^my\.csv, line 1: the column rawPowerEiB is missing/],
    ["too few cells", [...GOOD, "2020-10-17,1,1"], /^my\.csv, line 4: there are 3 cells, and the head names 6 columns/],
    [
      "no day",
      [...GOOD, "17.10.2020,1,1,-4,-1,1"],
      /^my\.csv, line 4, column date: "17\.10\.2020" is no day; write one such as 2025-05-24$/,
    ],
    ["a day that is none", [...GOOD, "2021-02-29,1,1,-4,-1,1"], /^my\.csv, line 4, column date: "2021-02-29" is no day/],
    ["a day twice", [...GOOD, GOOD[2]], /^my\.csv, line 4, column date: 2020-10-16 is there twice; keep one line a day$/],
    [
      "days out of order",
      [...GOOD, "2020-10-15,1,1,-4,-1,1"],
      /^my\.csv, line 4, column date: 2020-10-15 comes after 2020-10-16; sort the lines by date$/,
    ],
    [
      "missing days",
      [...GOOD, "2020-12-01,1,1,-4,-1,1"],
      /^my\.csv, line 4, column date: 45 days are missing between 2020-10-16 and 2020-12-01; add a line at least every 31 days$/,
    ],
    [
      "before the network",
      [HEAD, "2020-08-01,1,1,-4,-1,1", GOOD[2]],
      /^my\.csv, line 2, column date: 2020-08-01 is before 2020-08-25/,
    ],
    [
      "no number",
      [...GOOD, "2020-10-17,1,1,-4,n/a,1"],
      /^my\.csv, line 4, column lockedMFil: "n\/a" is no number; write million FIL with a point/,
    ],
    ["a decimal comma", [...GOOD, "2020-10-17,1,1,-4,1,1,5"], /^my\.csv, line 4: there are 7 cells/],
    ["an infinity", [...GOOD, "2020-10-17,1e999,1,-4,-1,1"], /column qaPowerEiB: "1e999" is no number/],
    [
      "an empty cell that is needed",
      [...GOOD, "2020-10-17,1,,-4,-1,1"],
      /^my\.csv, line 4, column rawPowerEiB: the cell is empty; write a number of EiB$/,
    ],
    ["a power below 0", [...GOOD, "2020-10-17,1,-1,-4,-1,1"], /^my\.csv, line 4, column rawPowerEiB: "-1" is below 0/],
    [
      "another unit",
      [...GOOD, "2020-10-17,1,1e18,-4,-1,1"],
      /column rawPowerEiB: "1e18" is more than 1000000000 EiB; check the unit$/,
    ],
    [
      "a burn undone",
      [...GOOD, "2020-10-17,1,1,-3.5,-1,1"],
      /^my\.csv, line 4, column burntMFil: -3\.5 is less than the line before has burnt/,
    ],
  ]
  test.each(cases)("%s", (_, lines, sentence) => {
    expect(() => read(...lines)).toThrow(sentence)
    expect(() => read(...lines)).toThrow(ScenarioProblem)
  })
})

describe("whatever the text", () => {
  const cell = fc.oneof(
    { weight: 6, arbitrary: fc.double({ min: -10, max: 1e4, noNaN: true }).map(String) },
    { weight: 2, arbitrary: fc.constantFrom("", "NaN", "-", "1,5", '"', "1e400", "0x10", "Infinity", "٣", " 7 ", "#") },
    { weight: 1, arbitrary: fc.string({ maxLength: 8 }) },
  )
  const date = fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: FIRST, max: FIRST + 200 }).map(sayDay) },
    { weight: 1, arbitrary: fc.constantFrom("", "2021-13-01", "0000-00-00", "2021-1-1", "9999-12-31") },
  )
  const names = fc.uniqueArray(fc.constantFrom(...Object.keys(HISTORY_COLUMNS)), { maxLength: 12 })
  const file = fc
    .tuple(
      names,
      fc.boolean(),
      fc.array(fc.tuple(date, fc.array(cell, { minLength: 12, maxLength: 12 })), { maxLength: 12 }),
      fc.boolean(),
    )
    .map(([some, whole, body, sorted]) => {
      const columns = [...new Set([...(whole ? ["qaPowerEiB", "rawPowerEiB", "burntMFil"] : []), ...some])]
      const lines = body.map(([day, cells]) => [day, ...cells.slice(0, columns.length)].join(","))
      return [["date", ...columns].join(","), ...(sorted ? lines.toSorted() : lines)].join("\n")
    })

  const holds = (text: string) => {
    let rows
    try {
      rows = readSupplyHistory(text, "any.csv", FIRST)
    } catch (cause) {
      expect(cause).toBeInstanceOf(ScenarioProblem)
      expect((cause as Error).message).toMatch(/^any\.csv/)
      expect((cause as Error).message).not.toContain("\n")
      return
    }
    expect(rows.length).toBeGreaterThan(1)
    rows.forEach((row, i) => {
      for (const name of ["rawPib", "qaPib", "burntFil"] as const) expect(row[name]).toBeGreaterThanOrEqual(0)
      for (const value of Object.values(row)) expect(Number.isNaN(value) || (value >= 0 && value < Infinity)).toBe(true)
      if (i === 0) return
      expect(row.day - rows[i - 1].day).toBeGreaterThan(0)
      expect(row.day - rows[i - 1].day).toBeLessThanOrEqual(GAP_DAYS_MAX)
      expect(row.burntFil).toBeGreaterThanOrEqual(rows[i - 1].burntFil)
    })
  }
  test("it is a sound series or one sentence", () => void fc.assert(fc.property(file, holds), { numRuns: 2000 }))
  test("so it is for any text, and for a good file with one character changed", () => {
    fc.assert(fc.property(fc.string({ maxLength: 300, unit: "binary" }), holds))
    const good = GOOD.join("\n")
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.string({ maxLength: 2, unit: "binary" }), (at, by) =>
        holds(good.slice(0, at) + by + good.slice(at + 1)),
      ),
      { numRuns: 1000 },
    )
  })
  test("written out again it is the same", () => {
    const value = fc.integer({ min: 0, max: 10_000 }).map((n) => n / 100)
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 31 }), value, value, value), { minLength: 2, maxLength: 20 }),
        (steps) => {
          let [day, burnt] = [FIRST, 0]
          const wanted = steps.map(([gap, raw, qa, more]) => ({ day: (day += gap), raw, qa, burnt: (burnt += more) }))
          const text = [
            "date,rawPowerEiB,qaPowerEiB,burntMFil",
            ...wanted.map((w) => [sayDay(w.day), w.raw, w.qa, -w.burnt].join(",")),
          ].join("\n")
          const rows = readSupplyHistory(text, "x", FIRST)
          expect(rows.map((r) => [r.day, r.rawPib, r.qaPib, r.burntFil])).toEqual(
            wanted.map((w) => [w.day, w.raw * 1024, w.qa * 1024, w.burnt * 1e6]),
          )
        },
      ),
    )
  })
})
