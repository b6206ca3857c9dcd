import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { fromWhole } from "../../kernel/fixed.ts"
import { alphaBetaNext, extrapolatedCumSumOfRatio, makeEstimate, readEstimate, STILL_SQUARED_MAX } from "./smoothing.ts"

const power = fc.bigInt(1n, 2n ** 65n)

describe("the alpha-beta filter", () => {
  test("floors where truncation would differ (a case of the source)", () => {
    const before = {
      position: 12340768897043811082913117521041414330876498465539749838848n,
      velocity: -37396269384748225153347462373739139597454335279104n,
    }
    expect(alphaBetaNext(before, 36266252337034982540n, 3)).toEqual({
      position: 12340768782449774548722755900999027209659079673176744001536n,
      velocity: -37396515542149801792802995707072472930787668612438n,
    })
  })

  test("stays where it is when it sees what it expects", () => {
    fc.assert(
      fc.property(power, fc.integer({ min: 1, max: 100_000 }), (observed, epochs) => {
        const still = makeEstimate(observed, 0n)
        expect(alphaBetaNext(still, observed, epochs)).toEqual(still)
      }),
    )
  })

  test("moves towards what it sees, and over a thousand steps most of the way", () => {
    let estimate = makeEstimate(1_000_000n, 0n)
    for (let i = 0; i < 2000; i++) {
      const next = alphaBetaNext(estimate, 2_000_000n, 1)
      expect(next.position > estimate.position).toBe(true)
      estimate = next
    }
    expect(readEstimate(estimate)).toBeGreaterThan(1_850_000n)
  })

  test("needs an epoch to pass", () => expect(() => alphaBetaNext(makeEstimate(1n, 0n), 1n, 0)).toThrow(RangeError))
})

describe("the integral of a ratio", () => {
  test("the linear and the logarithm branch (cases of the source)", () => {
    const linear = extrapolatedCumSumOfRatio(1000, 0, makeEstimate(4_000_000n, 0n), makeEstimate(1n, 0n))
    expect(linear).toBe(1361129467683753853853498429727072845824000000000n)
    const logarithm = extrapolatedCumSumOfRatio(10_000, 0, makeEstimate(111n, 12n), makeEstimate(3456n, 8n))
    expect(logarithm).toBe(4417142212803610380822249204603875445461932n)
  })

  test("agrees with a trapezoid sum within 350 parts in a million, as the source asks", () => {
    fc.assert(
      fc.property(
        fc.record({
          n: fc.bigInt(10n ** 6n, 10n ** 12n),
          dn: fc.bigInt(0n, 10n ** 4n),
          d: fc.bigInt(10n ** 6n, 10n ** 12n),
          dd: fc.bigInt(1n, 10n ** 4n),
        }),
        fc.integer({ min: 0, max: 500 }),
        ({ n, dn, d, dd }, start) => {
          const epochs = 400
          const integral = extrapolatedCumSumOfRatio(epochs, start, makeEstimate(n, dn), makeEstimate(d, dd))
          let doubled = 0n
          for (let i = start; i <= start + epochs; i++) {
            const ratio = fromWhole(n + dn * BigInt(i)) / (d + dd * BigInt(i))
            doubled += i === start || i === start + epochs ? ratio : 2n * ratio
          }
          const gap = 2n * integral - doubled
          expect((gap < 0n ? -gap : gap) * 1_000_000n <= 350n * doubled).toBe(true)
        },
      ),
      { numRuns: 60 },
    )
  })

  test("does not jump where the branches meet", () => {
    // The largest velocity that counts as standing still: squared, it is just the limit.
    let velocity = 1n
    while (((velocity * 2n) ** 2n) >> 128n <= STILL_SQUARED_MAX) velocity *= 2n
    const num = makeEstimate(10n ** 18n, 0n)
    const at = (v: bigint) => extrapolatedCumSumOfRatio(2880, 0, num, { position: fromWhole(10n ** 15n), velocity: v })
    const [still, moving] = [at(velocity), at(velocity * 2n)]
    const gap = still > moving ? still - moving : moving - still
    expect(gap * 1_000_000n < still).toBe(true)
  })

  test("has no answer for a still denominator of 0, but one when it falls through 0", () => {
    expect(() => extrapolatedCumSumOfRatio(10, 0, makeEstimate(1n, 0n), makeEstimate(0n, 0n))).toThrow(RangeError)
    expect(typeof extrapolatedCumSumOfRatio(4, 0, makeEstimate(1n << 50n, 0n), makeEstimate(1024n, -1024n))).toBe("bigint")
  })
})
