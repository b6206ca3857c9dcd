import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { EPOCHS_PER_DAY } from "./epoch.ts"
import { computeExpectedReward, type NetworkEstimates } from "./expected-reward.ts"
import { ATTO_PER_FIL } from "./minting.ts"
import {
  computeConsensusFaultPenalty,
  computeDisputePenalty,
  computeFaultFee,
  computeTerminationFee,
  DISPUTE_EPOCHS,
  FAULT_FEE_EPOCHS,
  reportConsensusFault,
  TERMINATION_AGE_EPOCHS_MAX,
} from "./penalties.ts"
import { adjustDailyFee, computeDailyFee, computePayableFee } from "./proof-fee.ts"
import { makeEstimate } from "./smoothing.ts"

/** The source's harness: 10 FIL per epoch in a network of 1 PiB. */
const NETWORK: NetworkEstimates = {
  reward: makeEstimate(10n * ATTO_PER_FIL, 0n),
  networkQa: makeEstimate(1n << 50n, 0n),
}
const SECTOR = 32n << 30n
const atto = fc.bigInt(0n, 10n ** 24n)

describe("faults", () => {
  test("cost 3.51 days of reward for each further proving period, a disputed proof 5.51 days and 20 FIL", () => {
    expect([FAULT_FEE_EPOCHS, DISPUTE_EPOCHS]).toEqual([10_108, 15_868])
    expect(computeFaultFee(NETWORK, SECTOR)).toBe(3_084_716_796_875_000_000n)
    expect(computeFaultFee(NETWORK, 0n)).toBe(0n)
    expect(computeDisputePenalty(NETWORK, SECTOR)).toEqual({
      baseAtto: 24_842_529_296_875_000_000n,
      rewardAtto: 4n * ATTO_PER_FIL,
      totalAtto: 28_842_529_296_875_000_000n,
    })
  })
  test("cost more than the reward of the period they miss", () => {
    fc.assert(
      fc.property(fc.bigInt(1n << 30n, 1n << 50n), (qa) => {
        expect(computeFaultFee(NETWORK, qa) > 3n * computeExpectedReward(NETWORK, qa, EPOCHS_PER_DAY)).toBe(true)
      }),
    )
  })
})

describe("termination (FIP-0098)", () => {
  const age = fc.nat(5 * 365 * EPOCHS_PER_DAY)
  test("never costs less with age, nor with a larger fault fee", () => {
    fc.assert(
      fc.property(atto, age, age, atto, atto, (pledge, a, b, fee, more) => {
        expect(
          computeTerminationFee(pledge, Math.min(a, b), fee) <= computeTerminationFee(pledge, Math.max(a, b), fee + more),
        ).toBe(true)
      }),
    )
  })
  test("costs at least 2% of the pledge and 105% of a fault fee, and else at most 8.5%", () => {
    fc.assert(
      fc.property(atto, age, atto, (pledge, epochs, fee) => {
        const cost = computeTerminationFee(pledge, epochs, fee)
        const floor = (fee * 105n) / 100n
        expect(cost >= (pledge * 2n) / 100n && cost >= floor).toBe(true)
        expect(cost <= (pledge * 85n) / 1000n || cost === floor).toBe(true)
      }),
    )
  })
  test("stops growing after 140 days", () => {
    expect(computeTerminationFee(1024n, TERMINATION_AGE_EPOCHS_MAX, 0n)).toBe(87n)
    expect(computeTerminationFee(1024n, 2 * TERMINATION_AGE_EPOCHS_MAX, 0n)).toBe(87n)
    expect(computeTerminationFee(1024n, TERMINATION_AGE_EPOCHS_MAX / 2, 0n)).toBe(43n)
    expect(computeTerminationFee(1024n, 0, 0n)).toBe(20n)
    expect(computeTerminationFee(1024n, 0, 1024n)).toBe(1075n)
  })
})

describe("consensus faults", () => {
  test("cost one epoch's reward: a twentieth to the reporter, the rest burnt, nothing lost", () => {
    fc.assert(
      fc.property(atto, (reward) => {
        const { penaltyAtto, reporterAtto, burnAtto } = computeConsensusFaultPenalty(reward)
        expect(penaltyAtto).toBe(reward)
        expect(reporterAtto).toBe(reward / 20n)
        expect(burnAtto + reporterAtto).toBe(penaltyAtto)
      }),
    )
  })
  test("are punished once: a fault from before the punishment's end cannot be reported again", () => {
    const first = reportConsensusFault(-1, 333, 332)
    expect(first).toEqual({ result: "ok", consensusFaultElapsed: 1233 })
    expect(reportConsensusFault(first.consensusFaultElapsed, 334, 333)).toEqual({ ...first, result: "too old" })
    expect(reportConsensusFault(1233, 1300, 1232).result).toBe("too old")
    expect(reportConsensusFault(1233, 1300, 1233)).toEqual({ result: "ok", consensusFaultElapsed: 2200 })
    expect(() => reportConsensusFault(-1, 333, 333)).toThrow("not in the past")
  })
})

describe("the daily proof fee (FIP-0100)", () => {
  const bytes = fc.bigInt(0n, 1n << 60n)
  test("is what the FIP works out: 32 GiB at 680 million FIL", () => {
    expect(computeDailyFee(680_000_000n * ATTO_PER_FIL, SECTOR)).toBe(3_780_793_052_776n)
  })
  test("is never above half of the day's reward, nor above the fee", () => {
    fc.assert(
      fc.property(atto, atto, (fee, reward) => {
        const payable = computePayableFee(fee, reward)
        expect(payable <= fee && 2n * payable <= reward).toBe(true)
        expect(payable === fee || payable === reward / 2n).toBe(true)
      }),
    )
  })
  test("grows with power and supply; a changed quality changes it in proportion", () => {
    fc.assert(
      fc.property(atto, atto, bytes, bytes, (supply, more, qa, extra) => {
        expect(computeDailyFee(supply, qa) <= computeDailyFee(supply + more, qa + extra)).toBe(true)
      }),
    )
    expect(adjustDailyFee(2_779_994_891_747n, SECTOR, 10n * SECTOR)).toBe(27_799_948_917_470n)
    expect(adjustDailyFee(7n, 0n, 0n)).toBe(7n)
    expect(() => adjustDailyFee(7n, 0n, 1n)).toThrow(RangeError)
  })
})
