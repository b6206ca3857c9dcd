import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { div, expNeg, floor, fromRatio, fromWhole, ln, LN2, mul, ONE, pow2Neg } from "./fixed.ts"

/** Cases copied from shared/vectors/filecoin.json, by id. */
const vectors = {
  expNeg: [
    ["filecoin.expNegQ128.0", 0n, 340282366920938463463374607431768211456n],
    ["filecoin.expNegQ128.1", 6672203272959577714968129557485651205n, 333675151952254443967925531155694867881n],
    ["filecoin.expNegQ128.64", 427021009469412973757960291679081677120n, 97015795272061396138134776650468096807n],
    ["filecoin.expNegQ128.200", 1334440654591915542993625911497130241000n, 6740992278627568590540596424197210338n],
  ],
  lnFloor: [
    ["filecoin.lnQ128Floor.0", 340282366920938463463374607431768211456n, 0n],
    ["filecoin.lnQ128Floor.2", 34028236692093846346337460743176821145600000000000000000000n, 46n],
    ["filecoin.lnQ128Floor.4", 204169000000000000000000000000000000n, -8n],
  ],
} as const

describe("vectors of filecoin", () => {
  it.each(vectors.expNeg)("%s", (_, x, expected) => expect(expNeg(x)).toBe(expected))
  it.each(vectors.lnFloor)("%s", (_, x, expected) => expect(floor(ln(x))).toBe(expected))
})

describe("laws", () => {
  const number = fc.bigInt(-(2n ** 200n), 2n ** 200n)
  const upTo = (max: bigint) => fc.bigInt(0n, max * ONE)
  const near = (a: bigint, b: bigint, within: bigint) => expect(a - b <= within && b - a <= within, `${a} and ${b}`).toBe(true)
  /** A number as the nearest double, for comparing with Math. */
  const toDouble = (x: bigint) => Number(x) / Number(ONE)

  it("mul, div and floor round down", () => {
    fc.assert(
      fc.property(
        number,
        number.filter((y) => y !== 0n),
        (x, y) => {
          const product = mul(x, y)
          expect(product * ONE <= x * y && x * y < (product + 1n) * ONE).toBe(true)
          const [quotient, sign] = [div(x, y), y < 0n ? -1n : 1n]
          expect(quotient * y * sign <= x * ONE * sign && x * ONE * sign < (quotient + 1n) * y * sign).toBe(true)
          expect(floor(x) * ONE <= x && x < (floor(x) + 1n) * ONE).toBe(true)
        },
      ),
    )
  })

  it("expNeg and ln agree with Math where doubles reach, and expNeg falls", () => {
    fc.assert(
      fc.property(upTo(4n), fc.bigInt(ONE >> 40n, ONE), (x, more) => {
        expect(toDouble(expNeg(x))).toBeCloseTo(Math.exp(-toDouble(x)), 12)
        // Steps of 1e-12 and more: the last bits of Horner's rule wobble.
        expect(expNeg(x + more) < expNeg(x)).toBe(true)
      }),
    )
    fc.assert(
      fc.property(fc.bigInt(1n, 2n ** 220n), (x) => {
        expect(toDouble(ln(x))).toBeCloseTo(Math.log(Number(x)) - 128 * Math.LN2, 11)
      }),
    )
  })

  it("ln turns products into sums and powers of two into multiples of ln 2", () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 2n ** 90n), fc.bigInt(1n, 2n ** 90n), (a, b) => {
        near(ln(fromWhole(a * b)), ln(fromWhole(a)) + ln(fromWhole(b)), ONE >> 52n)
      }),
    )
    for (const k of [-120n, -1n, 0n, 1n, 7n, 90n]) near(ln(k < 0n ? ONE >> -k : ONE << k), k * LN2, ONE >> 52n)
  })

  it("pow2Neg halves exactly at whole numbers, and stays right where expNeg strays", () => {
    for (let k = 0n; k < 128n; k++) expect(pow2Neg(fromWhole(k))).toBe(ONE >> k)
    expect(pow2Neg(fromWhole(200n))).toBe(0n)
    fc.assert(
      fc.property(upTo(60n), (x) => {
        const exact = 2 ** -toDouble(x)
        expect(Math.abs(toDouble(pow2Neg(x)) - exact)).toBeLessThanOrEqual(1e-12 * exact)
      }),
    )
  })

  it("refuses what has no answer", () => {
    expect(() => expNeg(-1n)).toThrow(RangeError)
    expect(() => pow2Neg(-1n)).toThrow(RangeError)
    expect(() => ln(0n)).toThrow(RangeError)
    expect(() => fromRatio(1n, 0n)).toThrow(RangeError)
    expect(fromRatio(-1n, 3n)).toBe(-113427455640312821154458202477256070486n)
  })
})
