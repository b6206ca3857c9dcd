import fc from "fast-check"
import { describe, expect, test } from "vitest"
import {
  BASE_FEE_MIN,
  BLOCK_GAS_LIMIT,
  BLOCK_GAS_TARGET,
  computeEffectivePremium,
  computePremiumPercentile,
  nextBaseFeeByGas,
  nextBaseFeeByPremium,
  PREMIUM_GAS_INDEX,
} from "./base-fee.ts"

const fee = fc.bigInt(BASE_FEE_MIN, 10n ** 14n)
const blocks = fc.integer({ min: 1, max: 15 })

describe("the base fee by gas used", () => {
  test("moves by an eighth at most, and only away from the minimum", () => {
    fc.assert(
      fc.property(
        fee,
        blocks,
        fc.bigInt(0n, 15n * BLOCK_GAS_LIMIT),
        fc.constantFrom<("floor" | "trunc")[]>("floor", "trunc"),
        (f, n, gas, rounding) => {
          const next = nextBaseFeeByGas(f, gas, n, rounding)
          expect(next >= BASE_FEE_MIN).toBe(true)
          expect(8n * (next - f) <= f && 8n * (f - next) <= f + 7n).toBe(true)
        },
      ),
    )
  })
  test("stands still at the target, falls below, rises above", () => {
    expect(nextBaseFeeByGas(10n ** 8n, BLOCK_GAS_TARGET, 1)).toBe(10n ** 8n)
    expect(nextBaseFeeByGas(10n ** 8n, 0n, 5)).toBe(87_500_000n)
    expect(nextBaseFeeByGas(10n ** 8n, 2n * BLOCK_GAS_LIMIT, 2)).toBe(112_500_000n)
    expect(nextBaseFeeByGas(10n ** 8n, (BLOCK_GAS_LIMIT * 15n) / 10n, 2)).toBe(106_250_000n)
  })
  test("the chain floors a fall, the shared vectors truncate it", () => {
    expect(nextBaseFeeByGas(1001n, 0n, 1)).toBe(875n)
    expect(nextBaseFeeByGas(1001n, 0n, 1, "trunc")).toBe(876n)
  })
})

describe("the base fee by premium (FIP-0115)", () => {
  test("moves by an eighth rounded up at most, and never falls with a higher premium", () => {
    fc.assert(
      fc.property(fee, fc.bigInt(0n, 10n ** 14n), fc.bigInt(0n, 10n ** 14n), (f, a, b) => {
        const step = (f + 7n) / 8n
        const low = nextBaseFeeByPremium(f, a < b ? a : b)
        const high = nextBaseFeeByPremium(f, a < b ? b : a)
        expect(low <= high).toBe(true)
        expect(low >= BASE_FEE_MIN && low >= f - step && high <= f + step).toBe(true)
      }),
    )
  })
  test("keeps its level when the premium is an eighth of it", () => expect(nextBaseFeeByPremium(800n, 100n)).toBe(800n))
})

describe("premiums", () => {
  const bids = fc.array(fc.record({ premium: fc.bigInt(0n, 20n), gasLimit: fc.bigInt(0n, 3_000_000_000n) }), { maxLength: 12 })
  test("the percentile leaves at most 80% of a block above it, and more than that with it", () => {
    fc.assert(
      fc.property(bids, (all) => {
        const premium = computePremiumPercentile(all)
        const gas = (keep: (p: bigint) => boolean) => all.reduce((sum, bid) => (keep(bid.premium) ? sum + bid.gasLimit : sum), 0n)
        expect(gas((p) => p > premium) <= PREMIUM_GAS_INDEX).toBe(true)
        if (premium > 0n) expect(gas((p) => p >= premium) > PREMIUM_GAS_INDEX).toBe(true)
      }),
    )
  })
  test("the percentile does not depend on the order of messages", () => {
    fc.assert(
      fc.property(bids, (all) => {
        expect(computePremiumPercentile(all.toReversed())).toBe(computePremiumPercentile(all))
      }),
    )
  })
  test.each([
    [8n, 8n, 8n, 0n],
    [8n, 16n, 7n, 7n],
    [8n, 16n, 9n, 8n],
    [8n, 7n, 5n, 0n],
  ])("base fee %s, cap %s, premium %s pays %s", (base, cap, premium, paid) =>
    expect(computeEffectivePremium(base, cap, premium)).toBe(paid),
  )
})
