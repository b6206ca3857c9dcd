import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { expNeg, ln, ONE } from "../../kernel/fixed.ts"
import { expNegQ128, expNegQ256, lnQ128 } from "./curves.ts"

const ONE_Q256 = 1n << 256n

describe("the chain's curves", () => {
  test("agree bit for bit with the kernel's wherever that one answers", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 20n * ONE), (x) => {
        expect(expNegQ128(x)).toBe(expNeg(x))
      }),
    )
    fc.assert(
      fc.property(fc.bigInt(1n, 2n ** 220n), (x) => {
        expect(lnQ128(x)).toBe(ln(x))
      }),
    )
  })

  test("in Q.256 are those in Q.128 with more places", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 5n * ONE), (x) => {
        const gap = (expNegQ256(x << 128n) >> 128n) - expNegQ128(x)
        // The last bits of Horner's 21 floored products.
        expect(gap >= -(1n << 20n) && gap <= 1n << 20n, `${gap}`).toBe(true)
      }),
    )
    expect(expNegQ256(0n)).toBe(ONE_Q256)
  })

  test("answer outside their domain as the chain does, where the kernel refuses", () => {
    expect(() => ln(0n)).toThrow(RangeError)
    // 0 has no bits: k is -129 and the fraction is that at 0.
    const atZero = (-1563932590352680681114104005183375350999n << 128n) / ONE - 1n
    expect(lnQ128(0n) - (-129n * 235865763225513294137944142764154484399n + atZero)).toBeLessThanOrEqual(1n)
    expect(typeof lnQ128(-3n * ONE)).toBe("bigint")
    expect(typeof expNegQ128(-ONE)).toBe("bigint")
  })
})
