import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import * as l1 from "./l1.ts"

describe("Erlang's round", () => {
  test.each([
    [0.5, 1],
    [-0.5, -1],
    [2.5, 3],
    [0.49999999999999994, 0],
    [4503599627370497.5, 4503599627370498],
    [9007199254740991, 9007199254740991],
  ])("%d becomes %d", (x, expected) => expect(l1.roundHalfAway(x) + 0).toBe(expected))
})

describe("payouts follow the doubles, not the decimals", () => {
  test("a pool of 150 pays 151 (38 + 38 + 75)", () => expect(l1.splitL1Pool(150, [1, 1, 2])).toEqual([38, 38, 75]))
  test("three credits at a dollar are worth 3001 bones, not 3000", () =>
    expect(l1.computeL1DcValueBones(3, 100_000_000)).toBe(3001))
  test("30,000 credits at 30 cents are worth a bone more than one HNT (dc_to_hnt_test)", () =>
    expect(l1.computeL1DcValueBones(30_000, 30_000_000)).toBe(100_000_001))
})

describe("data credits after HIP-10 (dc_rewards_v3_test, dc_rewards_v3_spillover_test)", () => {
  test("unspent money is handed on", () =>
    expect(l1.computeL1DcRewards(100_000, 0.05, [1, 2], 100_000_000)).toEqual({ rewards: [1000, 2001], remainder: 1999 }))
  test("and shared by challengees and witnesses", () => {
    const fractions = { challengees: 0.2, challengers: 0.15, witnesses: 0.15 }
    expect(l1.computeL1Spillover(100_000, 1999, fractions)).toEqual({
      challengers: 15_000,
      challengees: 21_142,
      witnesses: 15_857,
    })
  })
  test("demand beyond the pool is paid pro rata and leaves nothing", () =>
    expect(l1.computeL1DcRewards(100_000, 0.05, [1000, 3000], 100_000_000)).toEqual({ rewards: [1250, 3750], remainder: 0 }))
  test("without a price the whole pool is paid", () =>
    expect(l1.computeL1DcRewards(100_000, 0.3, [1, 3], 0)).toEqual({ rewards: [7500, 22_500], remainder: 0 }))
})

test("a pool is paid to within half a bone per holder", () =>
  fc.assert(
    fc.property(fc.nat(10 ** 12), fc.array(fc.nat(1000), { minLength: 1, maxLength: 30 }), (pool, shares) => {
      const paid = l1.splitL1Pool(pool, shares).reduce((a, b) => a + b, 0)
      const isShared = shares.some((share) => share > 0)
      if (isShared) expect(Math.abs(paid - pool)).toBeLessThanOrEqual(shares.length / 2 + pool * 1e-13)
      else expect(paid).toBe(0)
    }),
  ))

describe("proposals around witnesses", () => {
  test("HIP-44: twenty events are worth 12.67 units, five 4.92", () => {
    expect(l1.computeHip44Units(20, 0.08, 4)).toBeCloseTo(12.668364965907838, 9)
    expect(l1.computeHip44Units(5, 0.08, 4)).toBeCloseTo(4.923116346386636, 9)
    expect(l1.computeHip44Units(0, 0.08, 4)).toBe(0)
  })
  test("HIP-44 as coded, switched off, is a plain split", () =>
    expect(l1.computeHip44Rewards([3, 1], null, 4, 100)).toEqual([75, 25]))
  test("HIP-28: an epoch of fifty blocks pays thirty-five", () => {
    const epoch = { monthlyRewardHnt: 43_200, blockTimeMs: 60_000, electionInterval: 30, restartInterval: 5, startBlock: 1 }
    expect(l1.computeHip28Reward({ ...epoch, endBlock: 30 })).toBe(30)
    expect(l1.computeHip28Reward({ ...epoch, endBlock: 50 })).toBe(35)
  })
  test("an unconfigured ceiling clips at 1", () => {
    expect([l1.capRewardUnit(1.8, null), l1.capRewardUnit(1.8, 2), l1.capRewardUnit(2.5, 2)]).toEqual([1, 1.8, 2])
  })
})
