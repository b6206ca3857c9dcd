import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import * as decimal from "./decimal.ts"
import type { Rounding } from "./decimal.ts"

const anyDecimal = fc.record({ units: fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), scale: fc.nat(20) })
const ROUNDINGS: Rounding[] = ["floor", "ceil", "trunc", "half_even", "half_up"]

describe("text", () => {
  test.each([
    ["0", "0"],
    ["-12.50", "-12.5"],
    ["1e-7", "0.0000001"],
    ["1.25E+3", "1250"],
    [".5", "0.5"],
    ["-0.00001", "-0.00001"],
    ["007", "7"],
  ])("%s reads as %s", (text, expected) => expect(decimal.format(decimal.parse(text))).toBe(expected))
  test.each(["", "-", ".", "1.2.3", "0x10", "NaN", "Infinity", "1e9999999", "1 2"])("%j is refused", (text) =>
    expect(() => decimal.parse(text)).toThrow(RangeError),
  )
  test("a number reads as its shortest text", () => expect(decimal.format(decimal.parse(0.1))).toBe("0.1"))
  test("fixed places", () => {
    expect(decimal.formatFixed(decimal.parse("2.5"), 4, "trunc")).toBe("2.5000")
    expect(decimal.formatFixed(decimal.parse("-0.00005"), 4, "half_even")).toBe("0.0000")
    expect(decimal.formatFixed(decimal.parse("41"), 0, "trunc")).toBe("41")
  })
  test("text → number → text is the identity", () =>
    fc.assert(
      fc.property(anyDecimal, (a) => {
        expect(decimal.compare(decimal.parse(decimal.format(a)), a)).toBe(0)
      }),
    ))
})

describe("rounding a half and its neighbours", () => {
  const table: [string, Record<Rounding, string>][] = [
    ["2.5", { floor: "2", ceil: "3", trunc: "2", half_even: "2", half_up: "3" }],
    ["3.5", { floor: "3", ceil: "4", trunc: "3", half_even: "4", half_up: "4" }],
    ["-2.5", { floor: "-3", ceil: "-2", trunc: "-2", half_even: "-2", half_up: "-3" }],
    ["2.51", { floor: "2", ceil: "3", trunc: "2", half_even: "3", half_up: "3" }],
    ["-0.4", { floor: "-1", ceil: "0", trunc: "0", half_even: "0", half_up: "0" }],
  ]
  for (const [text, expected] of table)
    for (const rounding of ROUNDINGS)
      test(`${text} ${rounding}`, () => {
        expect(decimal.format(decimal.round(decimal.parse(text), 0, rounding))).toBe(expected[rounding])
        expect(decimal.format(decimal.div(decimal.parse(text), decimal.parse("-1"), 0, rounding))).toBe(
          decimal.format(decimal.round(decimal.mul(decimal.parse(text), decimal.parse("-1")), 0, rounding)),
        )
      })
})

describe("laws", () => {
  test("sum, difference and product are those of the ring", () =>
    fc.assert(
      fc.property(anyDecimal, anyDecimal, anyDecimal, (a, b, c) => {
        expect(decimal.compare(decimal.sub(decimal.add(a, b), b), a)).toBe(0)
        const left = decimal.mul(a, decimal.add(b, c))
        expect(decimal.compare(left, decimal.add(decimal.mul(a, b), decimal.mul(a, c)))).toBe(0)
      }),
    ))
  test("a quotient lies within one unit of the exact one, on the side its rounding names", () =>
    fc.assert(
      fc.property(anyDecimal, anyDecimal, fc.nat(18), fc.constantFrom(...ROUNDINGS), (a, b, places, rounding) => {
        fc.pre(b.units !== 0n)
        const quotient = decimal.div(a, b, places, rounding)
        // gap = a - quotient * b, compared with b * 10^-places
        const gap = decimal.sub(a, decimal.mul(quotient, b))
        const unit = decimal.mul(b, decimal.make(1n, places))
        const size = (x: decimal.Decimal) => decimal.make(x.units < 0n ? -x.units : x.units, x.scale)
        const limit = rounding.startsWith("half") ? decimal.mul(size(unit), decimal.make(5n, 1)) : size(unit)
        expect(decimal.compare(size(gap), limit)).toBeLessThanOrEqual(0)
        const above = gap.units > 0n === b.units > 0n && gap.units !== 0n
        if (rounding === "floor") expect(gap.units === 0n || above).toBe(true)
        if (rounding === "ceil") expect(gap.units === 0n || !above).toBe(true)
      }),
    ))
  test("division by zero is refused", () => expect(() => decimal.div(decimal.one, decimal.zero, 2, "floor")).toThrow(RangeError))
})
