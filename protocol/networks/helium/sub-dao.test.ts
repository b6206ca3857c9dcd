import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import * as decimal from "../../kernel/decimal.ts"
import { computeBonesInDc, computeDataCreditsMinted, computeDcValueBones, computeHntForDataCredits } from "./data-credits.ts"
import { computeLazyPayout, runBreaker } from "./issuance-safety.ts"
import { computeSmoothedShare, computeTreasuryPrice, computeUtilityScore, splitHst } from "./sub-dao.ts"
import { computeHip51Power, computeVehntPower } from "./vehnt.ts"

describe("utility and shares", () => {
  test("every factor is at least one", () => expect(computeUtilityScore(0, 0, 0)).toEqual({ a: 1, d: 1, utility: 1 }))
  test("HIP-88's worked factors", () => {
    expect(computeUtilityScore(0, 50, 1_600_000)).toEqual({ a: 2.6591479484724942, d: 4, utility: 10.636591793889977 })
  })
  test("a share comes closer to the stake by a thirtieth each epoch", () => {
    expect(computeSmoothedShare(0.8, 0.9, 1)).toBeCloseTo(0.8033333333333333, 14)
    expect(computeSmoothedShare(0.8, 0.9, 1000)).toBeCloseTo(0.9, 12)
  })
  test("security tokens, treasury, escrow and delegators: nothing is created", () => {
    const percent = fc.integer({ min: 0, max: 100 }).map(decimal.parse)
    const amount = fc.bigInt({ min: 0n, max: 10n ** 18n })
    fc.assert(
      fc.property(amount, amount, percent, percent, (hnt, dnt, hst, delegators) => {
        const split = splitHst(hnt, dnt, hst, delegators)
        expect(hnt - split.treasury - split.hst).toBeLessThanOrEqual(1n)
        expect(hnt - split.treasury - split.hst).toBeGreaterThanOrEqual(0n)
        expect(split.escrow + split.delegators).toBe(dnt)
      }),
    )
  })
  test("HIP-52's redemption price", () =>
    expect(decimal.format(computeTreasuryPrice(decimal.parse("2025000"), decimal.parse("3500000000")))).toBe("0.00057857142"))
})

describe("voting power", () => {
  test("HIP-51: 1x at six months, 50.5x in the middle, 100x at four years and beyond", () =>
    expect([5, 6, 27, 48, 60].map((months) => computeHip51Power(1000, months))).toEqual([0, 1000, 50_500, 100_000, 100_000]))
  test("on chain the extra saturates and the landrush triples", () => {
    const lock = { amountHnt: 10_000, remainingDays: 2000, saturationDays: 1460, baseline: 0, extra: 100, genesis: 3 }
    expect(computeVehntPower(lock)).toBe(3_000_000)
    expect(computeVehntPower({ ...lock, remainingDays: 0, baseline: 1 })).toBe(30_000)
  })
})

describe("data credits", () => {
  const price = { emaPrice: 250_000_000n, confidence: 0n, exponent: -8 }
  test("at $2.50 one HNT is 250,000 credits, and back", () => {
    expect(computeDataCreditsMinted(100_000_000n, price)).toBe(250_000n)
    expect(computeHntForDataCredits(250_000n, price)).toBe(100_000_000n)
  })
  test("an unsure price counts for less", () =>
    expect(computeDataCreditsMinted(100_000_000n, { ...price, confidence: 25_000_000n })).toBe(200_000n))
  test("a price below twice its confidence mints nothing", () =>
    expect(() => computeDataCreditsMinted(1n, { ...price, confidence: 125_000_000n })).toThrow(RangeError))
  test("the value of credits, taken back, is at least those credits", () =>
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 12n }), fc.bigInt({ min: 1n, max: 10n ** 11n }), (dc, units) => {
        const perBone = decimal.make(units, 16)
        expect(computeBonesInDc(computeDcValueBones(decimal.make(dc), perBone), perBone)).toBe(dc)
      }),
    ))
})

describe("issuance safety", () => {
  test("one lying oracle of three changes nothing, and an overpaid account waits", () => {
    expect(computeLazyPayout([100n, 10n ** 18n, 100n], 40n)).toBe(60n)
    expect(computeLazyPayout([10n, 20n], 0n)).toBe(20n)
    expect(computeLazyPayout([10n], 40n)).toBe(0n)
    expect(() => computeLazyPayout([], 0n)).toThrow(RangeError)
  })
  test("a breaker refuses what exceeds its share of the grown supply, and forgets with time", () => {
    const rule = { percent: decimal.parse(50), windowS: 10 }
    const mint = (t: number, amount: bigint) => ({ t, amount })
    // After 50 the supply is 250 and the limit 125: 75 more fit exactly.
    expect(runBreaker(rule, 200n, [mint(0, 50n), mint(0, 76n), mint(0, 75n)])).toEqual(["ok", "CircuitBreakerTriggered", "ok"])
    // Half the window later half of the 50 is forgotten.
    expect(runBreaker(rule, 200n, [mint(0, 50n), mint(5, 101n), mint(5, 100n)])).toEqual(["ok", "CircuitBreakerTriggered", "ok"])
  })
})
