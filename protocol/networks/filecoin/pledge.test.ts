import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { EPOCHS_PER_DAY } from "./epoch.ts"
import { computeExpectedReward, computeExpectedRewardAtLeastOne } from "./expected-reward.ts"
import { ATTO_PER_FIL } from "./minting.ts"
import {
  computeCreateMinerDeposit,
  computeGammaPermille,
  computeInitialPledge,
  computePreCommitDeposit,
  CREATE_MINER_QA_BYTES,
  PLEDGE_ATTO_PER_BYTE_MAX,
  type PledgeConditions,
  RAMP_EPOCHS,
} from "./pledge.ts"
import { makeEstimate } from "./smoothing.ts"

const EIB = 1n << 60n
const SECTOR = 32n << 30n
/** Chain data of 2025-05-24, rounded, when 0.1281 FIL per 32 GiB was observed. */
const MAY_2025: PledgeConditions = {
  reward: makeEstimate(29_150_000_000_000_000_000n, 0n),
  networkQa: makeEstimate(25_802_383_273_101_234_176n, 0n),
  baselineBytes: 77_937_493_711_422_849_024n,
  circulatingAtto: 728_270_000n * ATTO_PER_FIL,
  epochsSinceRampStart: 185 * EPOCHS_PER_DAY,
  rampEpochs: RAMP_EPOCHS,
}
const conditions = fc
  .record({
    reward: fc.bigInt(0n, 200n * ATTO_PER_FIL),
    network: fc.bigInt(1n << 40n, 64n * EIB),
    drift: fc.bigInt(-1000n, 10n ** 12n),
    baseline: fc.bigInt(1n, 200n * EIB),
    supply: fc.bigInt(0n, 2_000_000_000n * ATTO_PER_FIL),
    since: fc.integer({ min: -1000, max: 2 * RAMP_EPOCHS }),
  })
  .map((v): PledgeConditions => ({
    reward: makeEstimate(v.reward, 0n),
    networkQa: makeEstimate(v.network, v.drift),
    baselineBytes: v.baseline,
    circulatingAtto: v.supply,
    epochsSinceRampStart: v.since,
    rampEpochs: RAMP_EPOCHS,
  }))
const bytes = fc.bigInt(1n, 1n << 45n)

describe("expected reward", () => {
  test("is proportional to power and time while nothing moves", () => {
    const expected = computeExpectedReward(MAY_2025, SECTOR, 2880)
    expect(expected).toBe((SECTOR * 2880n * 29_150_000_000_000_000_000n) / 25_802_383_273_101_234_176n)
  })
  test("grows with power and with time", () => {
    fc.assert(
      fc.property(
        conditions,
        bytes,
        bytes,
        fc.integer({ min: 1, max: 60_000 }),
        fc.integer({ min: 1, max: 60_000 }),
        (at, a, b, s, t) => {
          const [small, large] = a < b ? [a, b] : [b, a]
          const [short, long] = s < t ? [s, t] : [t, s]
          expect(computeExpectedReward(at, small, short) <= computeExpectedReward(at, large, long)).toBe(true)
        },
      ),
    )
  })
  test("is the whole epoch's reward in a network without power, and 0 when the estimate falls through 0", () => {
    expect(computeExpectedReward({ reward: makeEstimate(7n, 0n), networkQa: makeEstimate(0n, 5n) }, 1n, 10)).toBe(7n)
    const falling = { reward: makeEstimate(1n << 50n, 0n), networkQa: makeEstimate(1024n, -1024n) }
    expect(computeExpectedReward(falling, 1n << 36n, 4)).toBe(0n)
    expect(computeExpectedRewardAtLeastOne(falling, 1n << 36n, 4)).toBe(1n)
  })
})

describe("the initial pledge", () => {
  test("of May 2025 is what the chain took", () => expect(computeInitialPledge(MAY_2025, SECTOR)).toBe(128_138_275_798_687_053n))
  test("grows with power, is at least 1 attoFIL and at most the cap", () => {
    fc.assert(
      fc.property(conditions, bytes, bytes, (at, a, b) => {
        const [small, large] = a < b ? [a, b] : [b, a]
        const [less, more] = [computeInitialPledge(at, small), computeInitialPledge(at, large)]
        expect(less <= more).toBe(true)
        expect(less >= 1n && more <= PLEDGE_ATTO_PER_BYTE_MAX * large).toBe(true)
      }),
    )
  })
  test("grows along the ramp while the baseline lies above the network, but for the two floors", () => {
    fc.assert(
      fc.property(conditions, bytes, fc.nat(RAMP_EPOCHS), (at, qa, since) => {
        const before = computeInitialPledge({ ...at, epochsSinceRampStart: -1 }, qa)
        const during = computeInitialPledge({ ...at, epochsSinceRampStart: since }, qa)
        expect(during >= before - 1n).toBe(true)
      }),
    )
  })
  test("blends in thousandths: all baseline before the ramp, 70% after it", () => {
    expect(
      [-1, 0, 1, RAMP_EPOCHS / 2, RAMP_EPOCHS - 1, RAMP_EPOCHS, 10 * RAMP_EPOCHS].map((e) =>
        computeGammaPermille(e, RAMP_EPOCHS),
      ),
    ).toEqual([1000, 1000, 1000, 850, 701, 700, 700])
    expect(computeGammaPermille(0, 0)).toBe(700)
    expect(computeGammaPermille(-1, 0)).toBe(1000)
  })
  test("is refused nowhere but where nothing has power", () => {
    expect(() => computeInitialPledge({ ...MAY_2025, networkQa: makeEstimate(0n, 0n), baselineBytes: 0n }, 0n)).toThrow(
      RangeError,
    )
  })
})

describe("deposits", () => {
  test("of a pre-commit are for ten times its size, whatever it holds", () => {
    fc.assert(
      fc.property(conditions, bytes, (at, size) => {
        expect(computePreCommitDeposit(at, size)).toBe(computeExpectedRewardAtLeastOne(at, 10n * size, 20 * EPOCHS_PER_DAY))
      }),
    )
  })
  test("of a new miner are the pledge of 1 TiB", () => {
    expect(CREATE_MINER_QA_BYTES).toBe(1n << 40n)
    expect(computeCreateMinerDeposit(MAY_2025)).toBe(4_100_424_825_557_985_761n)
  })
})
