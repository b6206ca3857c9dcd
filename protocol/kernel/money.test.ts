import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  divCeil,
  divFloor,
  divHalfEven,
  mulDivCeil,
  mulDivCeilBig,
  mulDivFloor,
  mulDivFloorBig,
  mulDivHalfEven,
  mulDivHalfEvenBig,
  splitLargestRemainder,
  splitProRata,
  splitProRataWide,
} from "./money.ts"
import { Wide } from "./wide.ts"

const SAFE = Number.MAX_SAFE_INTEGER
/** Whole numbers of every size: a uniform draw would almost never be small. */
const whole = fc.oneof(fc.maxSafeNat(), fc.nat(), fc.nat(100), fc.constantFrom(0, 1, SAFE, SAFE - 1, 2 ** 50, 2 ** 50 + 1))
const positive = whole.map((n) => Math.max(1, n))
const big = fc.bigInt(-(2n ** 200n), 2n ** 200n)

describe("mulDiv on numbers", () => {
  const same = (ours: (a: number, b: number, c: number) => number, theirs: (a: bigint, b: bigint, c: bigint) => bigint) =>
    fc.assert(
      fc.property(whole, whole, positive, (a, b, c) => {
        const exact = theirs(BigInt(a), BigInt(b), BigInt(c))
        if (exact > BigInt(SAFE)) expect(() => ours(a, b, c)).toThrow(RangeError)
        else expect(BigInt(ours(a, b, c))).toBe(exact)
      }),
      { numRuns: 5000 },
    )

  it("floors as bigint does", () => same(mulDivFloor, (a, b, c) => (a * b) / c))
  it("rounds up as bigint does", () => same(mulDivCeil, (a, b, c) => (a * b + c - 1n) / c))
  it("rounds half to even as bigint does", () =>
    same(mulDivHalfEven, (a, b, c) => {
      const [q, r] = [(a * b) / c, (a * b) % c]
      return 2n * r > c || (2n * r === c && q % 2n === 1n) ? q + 1n : q
    }))

  it("is right beside every whole quotient", () => {
    fc.assert(
      fc.property(positive, positive, fc.integer({ min: -2, max: 2 }), (q, c, off) => {
        // a · 1 / c just under, at and over a multiple of c
        const a = q * c + off
        if (Number.isSafeInteger(q * c) && a >= 0 && a <= SAFE) expect(BigInt(mulDivFloor(a, 1, c))).toBe(BigInt(a) / BigInt(c))
      }),
    )
  })

  it("ties go to the even", () => {
    expect([1, 3, 5, 7].map((n) => mulDivHalfEven(n, 1, 2))).toEqual([0, 2, 2, 4])
  })

  it("refuses what is not a whole number from 0, and a divisor of 0", () => {
    for (const f of [mulDivFloor, mulDivCeil, mulDivHalfEven])
      for (const [a, b, c] of [
        [-1, 1, 1],
        [1, -1, 1],
        [1, 1, 0],
        [1, 1, -1],
        [0.5, 1, 1],
        [NaN, 1, 1],
        [2 ** 53, 1, 2],
        [-3, -3, 1],
      ])
        expect(() => f(a, b, c), `${a} ${b} ${c}`).toThrow(RangeError)
  })
})

describe("division of bigint", () => {
  it("floors towards minus infinity (filecoin.divFloor.pos)", () => {
    expect(divFloor(200n, 3n)).toBe(66n)
    expect(divFloor(-200n, 3n)).toBe(-67n)
    expect(divFloor(200n, -3n)).toBe(-67n)
    expect(divFloor(-200n, -3n)).toBe(66n)
    expect(() => divFloor(1n, 0n)).toThrow(RangeError)
  })

  it("floor ≤ exact ≤ ceil, and half-even is within a half", () => {
    fc.assert(
      fc.property(
        big,
        big.filter((b) => b !== 0n),
        (a, b) => {
          const [f, c, h] = [divFloor(a, b), divCeil(a, b), divHalfEven(a, b)]
          const sign = b < 0n ? -1n : 1n
          expect(f * b * sign <= a * sign && a * sign < (f + 1n) * b * sign).toBe(true)
          expect(c).toBe(a % b === 0n ? f : f + 1n)
          const twice = 2n * (a - h * b)
          const [far, size] = [twice < 0n ? -twice : twice, b * sign]
          expect(far < size || (far === size && h % 2n === 0n)).toBe(true)
        },
      ),
    )
  })

  it("mulDiv…Big divide the product", () => {
    expect(mulDivFloorBig(-7n, 1n, 2n)).toBe(-4n)
    expect(mulDivCeilBig(-7n, 1n, 2n)).toBe(-3n)
    expect(mulDivHalfEvenBig(-5n, 1n, 2n)).toBe(-2n)
  })
})

describe("splits", () => {
  const weightsOf = fc
    .array(fc.oneof(fc.nat(1000), fc.integer({ min: 0, max: 2 ** 45 })), { maxLength: 40 })
    .map((w) => Float64Array.from(w))

  it("pro rata: every share is floored and nothing is lost", () => {
    fc.assert(
      fc.property(whole, weightsOf, (pool, weights) => {
        const into = new Float64Array(weights.length)
        const dust = splitProRata(pool, weights, into)
        const total = weights.reduce((a, b) => a + b, 0)
        if (total === 0) return void expect(dust).toBe(pool)
        into.forEach((share, i) => expect(BigInt(share)).toBe((BigInt(pool) * BigInt(weights[i])) / BigInt(total)))
        expect(into.reduce((a, b) => a + BigInt(b), 0n) + BigInt(dust)).toBe(BigInt(pool))
        expect(dust).toBeLessThan(weights.length)
      }),
    )
  })

  it("a bigint pool gives the same shares, in numbers while they are safe and in a wide column always", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 100n), weightsOf, (pool, weights) => {
        const total = BigInt(weights.reduce((a, b) => a + b, 0))
        const wide = new Wide(weights.length)
        const dust = splitProRataWide(pool, weights, wide)
        let sum = dust
        let largest = 0n
        for (let i = 0; i < weights.length; i++) {
          if (total > 0n) expect(wide.get(i)).toBe((pool * BigInt(weights[i])) / total)
          sum += wide.get(i)
          if (wide.get(i) > largest) largest = wide.get(i)
        }
        expect(sum).toBe(pool)
        const into = new Float64Array(weights.length)
        if (largest > BigInt(SAFE)) return void expect(() => splitProRata(pool, weights, into)).toThrow(RangeError)
        expect(splitProRata(pool, weights, into)).toBe(dust)
        into.forEach((share, i) => expect(BigInt(share)).toBe(wide.get(i)))
      }),
    )
  })

  it("by largest remainder: no dust, nobody a unit or more off, ties to the lower index", () => {
    const into = new Float64Array(3)
    expect(splitLargestRemainder(11, Float64Array.of(1, 1, 1), into)).toBe(0)
    expect([...into]).toEqual([4, 4, 3])
    fc.assert(
      fc.property(whole, weightsOf, (pool, weights) => {
        const shares = new Float64Array(weights.length)
        const floors = new Float64Array(weights.length)
        const dust = splitLargestRemainder(pool, weights, shares)
        splitProRata(pool, weights, floors)
        if (weights.every((w) => w === 0)) return void expect(dust).toBe(pool)
        expect(dust).toBe(0)
        expect(shares.reduce((a, b) => a + BigInt(b), 0n)).toBe(BigInt(pool))
        shares.forEach((s, i) => expect(s - floors[i] === 0 || (s - floors[i] === 1 && weights[i] > 0)).toBe(true))
      }),
    )
  })

  it("refuses weights that are not whole, a sum or pool out of range, and too little room", () => {
    const into = new Float64Array(2)
    expect(() => splitProRata(1, Float64Array.of(0.5, 1), into)).toThrow("weight 0 is 0.5")
    expect(() => splitProRata(1, Float64Array.of(-1, 1), into)).toThrow(RangeError)
    expect(() => splitProRata(1, Float64Array.of(SAFE, 1), into)).toThrow(RangeError)
    expect(() => splitProRata(-1, Float64Array.of(1, 1), into)).toThrow(RangeError)
    expect(() => splitProRata(-1n, Float64Array.of(1, 1), into)).toThrow(RangeError)
    expect(() => splitProRataWide(-1n, Float64Array.of(1, 1), new Wide(2))).toThrow(RangeError)
    expect(() => splitProRata(1, Float64Array.of(1, 1, 1), into)).toThrow("3 weights do not fit 2 shares")
  })
})
