import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { fromWhole, ONE } from "../../kernel/fixed.ts"
import {
  BASELINE_BEFORE_BYTES,
  BASELINE_INITIAL_BYTES,
  computeBaselineBytesAfter,
  computeTheta,
  nextBaselineBytes,
} from "./baseline.ts"
import { EPOCHS_PER_YEAR } from "./epoch.ts"
import {
  BASELINE_TOTAL_ATTO,
  computeBaselineSupplyQ128,
  computeEpochReward,
  computeSimpleRewardQ128,
  EXP_LAMBDA_LESS_ONE,
  LAMBDA,
  MAINNET_ALLOCATION,
  SIMPLE_TOTAL_ATTO,
} from "./minting.ts"
import { awardBlockReward, createRewardState, readTheta, type RewardState, updateNetworkKpi } from "./reward.ts"

const rawBytes = fc.bigInt(0n, 8n * BASELINE_INITIAL_BYTES)

describe("the baseline", () => {
  test("begins one epoch before genesis and comes to its start but for a floor", () => {
    expect(BASELINE_BEFORE_BYTES).toBe(2_888_886_975_106_048_385n)
    expect(BASELINE_INITIAL_BYTES - nextBaselineBytes(BASELINE_BEFORE_BYTES)).toBe(1n)
  })
  test("doubles in a year within one part in 1e8, never above", () => {
    const year = computeBaselineBytesAfter(BASELINE_INITIAL_BYTES, EPOCHS_PER_YEAR)
    const short = 2n * BASELINE_INITIAL_BYTES - year
    expect(short >= 0n && short * 100_000_000n < year).toBe(true)
  })
  test("theta lies in the last epoch before its ceiling", () => {
    expect(computeTheta(0, 1n, 5n, 9n)).toBe(0n)
    expect(computeTheta(1, 4096n, 4096n, 6144n)).toBe(ONE / 2n)
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 ** 7 }),
        fc.bigInt(1n, 2n ** 66n),
        fc.bigInt(0n, 2n ** 80n),
        (ceiling, at, realised) => {
          fc.pre(realised > 0n)
          const short = realised % at
          const theta = computeTheta(ceiling, at, realised, realised + short)
          expect(theta <= fromWhole(BigInt(ceiling)) && theta > fromWhole(BigInt(ceiling - 1))).toBe(true)
        },
      ),
    )
  })
})

describe("minting", () => {
  const far = 60 * EPOCHS_PER_YEAR
  test("the first epoch of simple minting", () => {
    expect(computeEpochReward(0, 0n, 0n, MAINNET_ALLOCATION)).toBe(36_266_264_293_777_134_739n)
  })
  test("the simple part never grows, and beyond epoch 0 it is the decay of one epoch", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: far / 2 }), (epoch) => {
        expect(computeSimpleRewardQ128(epoch, SIMPLE_TOTAL_ATTO) <= computeSimpleRewardQ128(epoch - 1, SIMPLE_TOTAL_ATTO)).toBe(
          true,
        )
      }),
    )
    // Together the epochs give total * e^lambda: the chain's epoch 0 comes on top of the decay, one part in nine million.
    expect((EXP_LAMBDA_LESS_ONE - LAMBDA) * 1_000_000n < LAMBDA).toBe(true)
  })
  test("the baseline part grows with network time and never passes its allocation", () => {
    fc.assert(
      fc.property(fc.nat(far), fc.nat(far), (a, b) => {
        const [low, high] = a < b ? [a, b] : [b, a]
        const supply = (epochs: number) => computeBaselineSupplyQ128(fromWhole(BigInt(epochs)), BASELINE_TOTAL_ATTO)
        expect(supply(low) <= supply(high)).toBe(true)
        expect(supply(low) >= 0n && supply(high) <= fromWhole(BASELINE_TOTAL_ATTO)).toBe(true)
      }),
    )
  })
  test("half of each allocation is minted after six years", () => {
    const six = fromWhole(BigInt(6 * EPOCHS_PER_YEAR))
    const gap = computeBaselineSupplyQ128(six, BASELINE_TOTAL_ATTO) - fromWhole(BASELINE_TOTAL_ATTO / 2n)
    expect((gap < 0n ? -gap : gap) * 10n ** 12n < fromWhole(BASELINE_TOTAL_ATTO)).toBe(true)
  })
})

describe("the reward state", () => {
  const consistent = (state: RewardState) => {
    expect(state.cumsumRealised <= state.cumsumBaseline || state.effectiveNetworkTime === 0).toBe(true)
    if (state.effectiveNetworkTime > 0)
      expect(state.cumsumBaseline - state.cumsumRealised < state.effectiveBaselineBytes).toBe(true)
  }
  test("network time follows power: it runs with time above the baseline, slower below, and never back", () => {
    fc.assert(
      fc.property(rawBytes, fc.array(rawBytes, { minLength: 1, maxLength: 40 }), (start, powers) => {
        let state = createRewardState(start)
        powers.forEach((power, epoch) => {
          const next = updateNetworkKpi(state, power, epoch)
          consistent(next)
          expect(readTheta(next) >= readTheta(state)).toBe(true)
          expect(next.effectiveNetworkTime).toBeLessThanOrEqual(next.epoch + 1)
          expect(next.thisEpochRewardAtto >= computeEpochReward(next.epoch, 0n, 0n, MAINNET_ALLOCATION)).toBe(true)
          state = next
        })
      }),
      { numRuns: 40 },
    )
  })
  test("null epochs move network time as if they had been, and mint nothing", () => {
    fc.assert(
      fc.property(rawBytes, fc.integer({ min: 1, max: 60 }), (power, nulls) => {
        let stepped = createRewardState(power)
        for (let epoch = 0; epoch <= nulls; epoch++) stepped = updateNetworkKpi(stepped, power, epoch)
        const caught = updateNetworkKpi(createRewardState(power), power, nulls)
        const { rewardEstimate: _stepped, ...a } = stepped
        const { rewardEstimate: _caught, ...b } = caught
        expect(b).toEqual(a)
      }),
      { numRuns: 30 },
    )
  })
  test("does not change the state it is given", () => {
    const state = createRewardState(1n << 50n)
    const copy = { ...state }
    updateNetworkKpi(state, 1n << 51n, 500)
    expect(state).toEqual(copy)
  })
})

describe("a block's award", () => {
  test("is a fifth per win, with gas, and three times the penalty", () => {
    expect(awardBlockReward(36_266_264_293_777_134_739n, 1, 200n, 100n, 10n ** 27n)).toEqual({
      rewardAtto: 7_253_252_858_755_427_147n,
      mintedAtto: 7_253_252_858_755_426_947n,
      penaltyAtto: 300n,
    })
  })
  test("never pays more than the actor has, however long blocks go on", () => {
    fc.assert(
      fc.property(
        fc.bigInt(0n, 10n ** 6n),
        fc.array(fc.tuple(fc.integer({ min: 1, max: 15 }), fc.bigInt(0n, 1000n)), { maxLength: 60 }),
        fc.bigInt(0n, 10n ** 6n),
        (allocated, blocks, epochReward) => {
          let balance = allocated
          let minted = 0n
          for (const [wins, gas] of blocks) {
            const award = awardBlockReward(epochReward, wins, gas, 0n, balance + gas)
            expect(award.mintedAtto >= 0n).toBe(true)
            minted += award.mintedAtto
            balance += gas - award.rewardAtto
            expect(balance >= 0n && balance === allocated - minted).toBe(true)
          }
        },
      ),
    )
  })
  test("aborts as the chain does", () => {
    expect(() => awardBlockReward(1n, 0, 0n, 0n, 1n)).toThrow("no block")
    expect(() => awardBlockReward(1n, 1, -1n, 0n, 1n)).toThrow(RangeError)
    expect(() => awardBlockReward(1n, 1, 0n, -1n, 1n)).toThrow(RangeError)
    expect(() => awardBlockReward(1n, 1, 2n, 0n, 1n)).toThrow("gas reward")
  })
})
