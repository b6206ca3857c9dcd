import fc from "fast-check"
import { describe, expect, test } from "vitest"
import {
  computeProviderCollateralMin,
  computeSettlement,
  computeStorageFee,
  expireUnstartedDeal,
  terminateDeal,
} from "./deals.ts"
import { ATTO_PER_FIL } from "./minting.ts"

const amount = fc.bigInt(0n, 10n ** 20n)
const epoch = fc.nat(4_000_000)
const deal = fc
  .record({
    pricePerEpochAtto: amount,
    start: fc.nat(100_000),
    length: fc.integer({ min: 1, max: 3_000_000 }),
    providerCollateralAtto: amount,
    clientCollateralAtto: amount,
  })
  .map(({ length, ...d }) => ({ ...d, end: d.start + length }))

describe("a deal", () => {
  test("pays its price once, however often it is settled", () => {
    fc.assert(
      fc.property(deal, fc.array(epoch, { maxLength: 8 }), (d, times) => {
        let last = -1
        let paid = 0n
        for (const now of [...times.sort((a, b) => a - b), d.end]) {
          paid += computeSettlement(d, now, last)
          last = Math.max(last, now)
        }
        expect(paid).toBe(computeStorageFee(d))
      }),
    )
  })
  test("that ends early pays what was stored, refunds the rest and burns the collateral; at its end it burns nothing", () => {
    fc.assert(
      fc.property(deal, epoch, epoch, (d, a, b) => {
        const [settled, ended] = a < b ? [a, b] : [b, a]
        const before = computeSettlement(d, settled)
        const ending = terminateDeal(d, ended, settled)
        expect(before + ending.paymentAtto + ending.refundAtto).toBe(computeStorageFee(d))
        expect(ending.slashedAtto).toBe(ended < d.end ? d.providerCollateralAtto : 0n)
      }),
    )
  })
  test("costs nothing before its start, and its collateral when it never starts", () => {
    const d = { pricePerEpochAtto: 10n, start: 10, end: 576_010, providerCollateralAtto: 10n, clientCollateralAtto: 10n }
    expect(computeSettlement(d, 9)).toBe(0n)
    expect(terminateDeal(d, 6)).toEqual({ paymentAtto: 0n, slashedAtto: 10n, refundAtto: 5_760_000n })
    expect(terminateDeal(d, 15)).toEqual({ paymentAtto: 50n, slashedAtto: 10n, refundAtto: 5_759_950n })
    expect(expireUnstartedDeal(d)).toEqual({ burntAtto: 10n, clientUnlockedAtto: 5_760_010n })
  })
})

describe("the provider's collateral", () => {
  test("falls as power grows, and is never above 1% of the supply", () => {
    const bytes = fc.bigInt(1n, 1n << 66n)
    const supply = 728_270_000n * ATTO_PER_FIL
    fc.assert(
      fc.property(bytes, bytes, bytes, bytes, (piece, raw, baseline, more) => {
        const collateral = computeProviderCollateralMin(supply, piece, raw, baseline)
        expect(collateral <= supply / 100n).toBe(true)
        expect(computeProviderCollateralMin(supply, piece, raw + more, baseline + more) <= collateral).toBe(true)
      }),
    )
    expect(computeProviderCollateralMin(supply, 1n, 0n, 0n)).toBe(supply / 100n)
  })
})
