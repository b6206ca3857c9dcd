import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { Wide } from "./wide.ts"

const HALF = 2n ** 100n
const value = fc.oneof(
  fc.bigInt(-HALF, HALF),
  fc.bigInt(-1000n, 1000n),
  fc.constantFrom(0n, 2n ** 48n, 2n ** 48n - 1n, -(2n ** 48n), HALF),
)
const number = fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -3, max: 3 }), fc.constantFrom(2 ** 48, -(2 ** 48), 2 ** 48 - 1))

describe("a wide cell is an exact integer", () => {
  it("keeps every value to ±2^101 and refuses the next", () => {
    const w = new Wide(1)
    fc.assert(
      fc.property(fc.bigInt(-Wide.MAX, Wide.MAX), (n) => {
        w.set(0, n)
        expect(w.get(0)).toBe(n)
        expect(w.isNegative(0)).toBe(n < 0n)
        expect(w.lo[0] >= 0 && w.lo[0] < 2 ** 48).toBe(true)
      }),
    )
    for (const n of [Wide.MAX, -Wide.MAX]) {
      w.set(0, n)
      expect(w.get(0)).toBe(n)
      expect(() => w.set(0, n + (n > 0n ? 1n : -1n))).toThrow(RangeError)
    }
  })

  it("adds and subtracts as bigint does", () => {
    fc.assert(
      fc.property(value, value, number, (a, b, n) => {
        const w = new Wide(2)
        w.set(0, a)
        w.set(1, b)
        w.add(0, w.hi[1], w.lo[1])
        expect(w.get(0)).toBe(a + b)
        w.subtract(0, w.hi[1], w.lo[1])
        expect(w.get(0)).toBe(a)
        w.addNumber(0, n)
        expect(w.get(0)).toBe(a + BigInt(n))
        w.setNumber(0, n)
        expect(w.get(0)).toBe(BigInt(n))
        expect(w.toNumber(0)).toBe(n)
      }),
    )
  })

  it("one value has one form: equal amounts hash alike however they came about", () => {
    fc.assert(
      fc.property(value, number, (a, n) => {
        const w = new Wide(2)
        w.set(0, a)
        w.addNumber(0, n)
        w.set(1, a + BigInt(n))
        expect(Object.is(w.hi[0], w.hi[1]) && Object.is(w.lo[0], w.lo[1])).toBe(true)
      }),
    )
    const w = new Wide(1)
    w.setNumber(0, -0)
    expect(Object.is(w.hi[0], 0) && Object.is(w.lo[0], 0)).toBe(true)
  })

  it("copies into a longer column", () => {
    const [short, long] = [new Wide(1), new Wide(2)]
    short.set(0, 5n)
    long.copy(short)
    expect([long.get(0), long.get(1)]).toEqual([5n, 0n])
  })
})
