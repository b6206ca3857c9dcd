import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import * as real from "./real.ts"

const CLOSE = 1e-14
const near = (actual: number, expected: number, what: string): void => {
  if (Object.is(actual, expected)) return
  if (Number.isNaN(actual) && Number.isNaN(expected)) return
  const gap = Math.abs(actual - expected)
  // Below the smallest normal double there are no 53 bits to compare.
  if (gap <= CLOSE * Math.abs(expected) || gap < 1e-300) return
  throw new Error(`${what}: ${actual} instead of ${expected}`)
}
const real64 = (limits: { min: number; max: number }) => fc.double({ ...limits, noNaN: true })
const positive = fc.oneof(real64({ min: 1e-300, max: 1e300 }), real64({ min: 0.25, max: 4 }), real64({ min: 1e-9, max: 1e9 }))
const angle = fc.oneof(
  real64({ min: -10, max: 10 }),
  real64({ min: -1e5, max: 1e5 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
)

describe("agrees with Math to 1e-14", () => {
  const law = (name: string, input: fc.Arbitrary<number>, mine: (x: number) => number, engine: (x: number) => number) =>
    test(name, () =>
      fc.assert(
        fc.property(input, (x) => near(mine(x), engine(x), `${name}(${x})`)),
        { numRuns: 5000 },
      ),
    )
  law("ln", positive, real.ln, Math.log)
  law("log2", positive, real.log2, Math.log2)
  law("log10", positive, real.log10, Math.log10)
  law("exp", real64({ min: -745, max: 710 }), real.exp, Math.exp)
  law("sin", angle, real.sin, Math.sin)
  law("cos", angle, real.cos, Math.cos)
  law("tan", angle, real.tan, Math.tan)
  law("atan", fc.oneof(real64({ min: -3, max: 3 }), fc.double()), real.atan, Math.atan)
  law("asin", real64({ min: -1, max: 1 }), real.asin, Math.asin)

  test("atan2", () => {
    const side = fc.oneof(real64({ min: -2, max: 2 }), fc.double(), fc.constantFrom(0, -0, Infinity, -Infinity))
    fc.assert(
      fc.property(side, side, (y, x) => near(real.atan2(y, x), Math.atan2(y, x), `atan2(${y}, ${x})`)),
      { numRuns: 5000 },
    )
  })
  test("pow", () => {
    const base = fc.oneof(real64({ min: 0, max: 10 }), real64({ min: 1e-30, max: 1e30 }), real64({ min: -5, max: 5 }))
    const power = fc.oneof(real64({ min: -5, max: 5 }), real64({ min: -60, max: 60 }), fc.integer({ min: -40, max: 40 }))
    fc.assert(
      fc.property(base, power, (x, y) => near(real.pow(x, y), Math.pow(x, y), `pow(${x}, ${y})`)),
      { numRuns: 5000 },
    )
  })
  test("pow of special values", () => {
    const special = [NaN, Infinity, -Infinity, 0, -0, 1, -1, 2, -2, 0.5, -0.5, 3, -3, 1e308, 5e-324, 1e20, 9007199254740993]
    for (const x of special) for (const y of special) near(real.pow(x, y), Math.pow(x, y), `pow(${x}, ${y})`)
  })
})

describe("exact identities", () => {
  test("whole powers that fit are exact", () => {
    for (let n = 0; n <= 22; n++) expect(real.pow(10, n)).toBe(Number(`1e${n}`))
    for (let n = -1022; n <= 1023; n++) expect(real.log2(Number(2n ** BigInt(Math.abs(n))) ** Math.sign(n || 1))).toBe(n)
    for (let n = -32; n <= 32; n++) expect(real.pow(2, n)).toBe(2 ** n)
    for (let n = 0; n <= 22; n++) expect(real.log10(Number(`1e${n}`))).toBe(n)
    expect(real.pow(0.8, 2)).toBe(0.8 * 0.8)
  })
  test("fixed points", () => {
    expect([real.ln(1), real.exp(0), real.sin(0), real.cos(0), real.atan(0), real.asin(0)]).toEqual([0, 1, 0, 1, 0, 0])
    expect([real.exp(1), real.ln(2), real.atan(1) * 4, real.asin(1) * 2]).toEqual([Math.E, Math.LN2, Math.PI, Math.PI])
    expect(real.sin(-0)).toBe(-0)
  })
  test("edges", () => {
    expect([real.ln(0), real.ln(-1), real.ln(Infinity), real.ln(5e-324)]).toEqual([-Infinity, NaN, Infinity, Math.log(5e-324)])
    expect([real.exp(Infinity), real.exp(-Infinity), real.exp(710), real.exp(-746)]).toEqual([Infinity, 0, Infinity, 0])
    expect([real.sin(Infinity), real.cos(-Infinity), real.tan(NaN), real.asin(1.1)]).toEqual([NaN, NaN, NaN, NaN])
  })
  test("sine is odd, cosine is even, and the squares add up", () => {
    fc.assert(
      fc.property(angle, (x) => {
        expect(real.sin(-x)).toBe(-real.sin(x))
        expect(real.cos(-x)).toBe(real.cos(x))
        expect(Math.abs(real.sin(x) ** 2 + real.cos(x) ** 2 - 1)).toBeLessThan(1e-15)
      }),
    )
  })
})

/** The bits are the promise: the sum over a fixed walk must never change, on any engine. */
test("the same bits everywhere", () => {
  let hash = 0
  const word = new DataView(new ArrayBuffer(8))
  const feed = (value: number): void => {
    word.setFloat64(0, value)
    hash = (Math.imul(hash ^ word.getUint32(0), 0x01000193) ^ word.getUint32(4)) >>> 0
  }
  for (let i = 1; i <= 2000; i++) {
    const x = i * 0.37
    for (const f of [real.ln, real.log2, real.log10, real.sin, real.cos, real.tan, real.atan]) feed(f(x))
    feed(real.exp(x / 10))
    feed(real.pow(x, 1.7))
    feed(real.asin(x / 741))
    feed(real.atan2(x, 3))
  }
  expect(hash).toBe(1377278054)
})
