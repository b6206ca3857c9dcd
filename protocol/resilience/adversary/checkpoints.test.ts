/** The checkpoints K01 to K34 of the adversaries fact sheet: computed with scipy, equal to the digits printed there. */
import { describe, expect, test } from "vitest"
import * as identity from "./identity.ts"
import * as incentive from "./incentive.ts"
import * as market from "./market.ts"
import * as quorum from "./quorum.ts"
import * as sampling from "./sampling.ts"

/** Equal to the digits printed: half a unit of the last one, or a relative 1e-10 where all of them are. */
const is = (got: number, printed: number, digits?: number): void => {
  const off = Math.abs(got - printed)
  const allowed = digits === undefined ? Math.abs(printed) * 1e-10 : 0.5 * 10 ** -digits * 1.0001
  expect(off, `${got} against ${printed}`).toBeLessThanOrEqual(allowed)
}

describe("sampling", () => {
  test("K01 a hundred challenges of a hundredth", () => {
    is(sampling.computeDetection(0.01, 100), 0.6339676587267709)
    expect(sampling.countChallenges(0.01, 0.99)).toBe(459)
  })
  test("K02 without replacement", () => is(sampling.computeDetectionOf(1000, 10, 100), 0.653072285207994))
  test("K03 five a day", () => {
    is(sampling.computeDetection(0.01, 150), 0.7785482127611391)
    expect([0.95, 0.99].map((p) => Math.ceil(sampling.countChallenges(0.01, p) / 5))).toEqual([60, 92])
  })
  test("K04 ten a day", () => {
    is(sampling.computeDetection(0.1, 10), 0.6513215599)
    is(sampling.computeDetection(0.01, 10), 0.09561792499119559)
    is(sampling.computeMeanPeriods(0.01, 10), 10.458290117591226)
  })
  test("K05 FIP-0059's 3.9 %", () => {
    is(sampling.computeEscape(0.039, 176), 0.0009105760633532389)
    expect(sampling.computeEscape(0.039, 176)).toBeLessThan(2 ** -10)
  })
  test("K06 what a seal tolerates", () => {
    is(sampling.computeTolerated(176, 10), 0.03861791937676995)
    is(sampling.computeTolerated(2253, 128), 0.03861455830040972)
    is(2253 / 176, 12.8011, 4)
  })
  test("K07 a thousand tries at ten bits", () => is(sampling.computeGrinding(10, 1000), 0.623576201943276))
  test("K08 partial storage", () => {
    is(sampling.computePartialLoss(0.01, 10, 4.51), 0.43123684, 8)
    is(sampling.computePartialLoss(0.1, 10, 4.51), 2.93746024, 8)
    is(sampling.computePartialLoss(1, 10, 4.51), 4.51)
    expect(sampling.deterPartialStorage(4.51, 1, 4.51)).toBe(true)
    expect(sampling.deterPartialStorage(4.51, 1, 4.52)).toBe(false)
  })
  test("nothing missing is never found, everything at once; a first missed period is free", () => {
    expect([sampling.computeDetection(0, 10), sampling.computeDetection(1, 1), sampling.countChallenges(0, 0.9)]).toEqual([
      0,
      1,
      Infinity,
    ])
    is(sampling.computeMissedPeriods(2), 3.51)
    is(sampling.computeMissedPeriods(7), 21.06)
    expect(sampling.computeMissedPeriods(1)).toBe(0)
  })
  test("5.4 deterrence: who keeps the gain needs a larger stake", () => {
    is(sampling.computeDeterringStake(1, 0.1, true), 10)
    is(sampling.computeDeterringStake(1, 0.1, false), 9)
    is(sampling.computeExtraction(1, 0.1), 9)
    is(sampling.computeGrindingCost(1, 0.039, 176), 1 / 0.0009105760633532389)
  })
})

describe("incentives", () => {
  test("K12 washing", () => {
    is(incentive.computeBestWash(100, 1), 9)
    is(incentive.computeWashProfit(100, 1, 9), 81)
    is(incentive.computeBestWash(60, 10), 14.494897, 6)
    is(incentive.computeWashProfit(60, 10, incentive.computeBestWash(60, 10)), 21.010205, 6)
    is(incentive.computeWashProfit(60, 10, 10, 3), 20)
    // A peg of one to one removes it.
    expect(incentive.computeWashProfit(60, 10, 10, 1)).toBe(0)
    expect(incentive.computeBestWash(1, 10)).toBe(0)
  })
  test("K13 HIP-57's numbers", () => {
    is(incentive.computeBreakEven(50, 1.8), 27.7778, 4)
    is(incentive.computeBreakEven(50, 1.8, 0.1, 15), 41.2778, 4)
    // Cheap enough to pay while throttled.
    is(incentive.computeBreakEven(1.8, 1.8, 0.1, 15), 10)
  })
  test("K14 escrow and throttle", () => {
    is(incentive.computeCycleIncome(1.8, 14), 25.2)
    is(incentive.computeEscrowedIncome(1, 14, 30) / 14, 0.11731916609425078)
    is(incentive.computeEscrowedIncome(1, 14, 60) / 14, 0.013763786733050402)
    is(incentive.computeThrottledIncome(1.8, 14, 0.1, 15), 10.288327633510272)
  })
  test("K15 the verifier's dilemma", () => {
    const game = incentive.computeInspection(10, 90, 1, 20, 10)
    is(game.checked, 0.1)
    is(game.cheats, 0.05)
    is(game.each, 0.010480741793785553)
    is(game.idle, 0.9)
    is(incentive.computeJackpot(1, 0.005), 200)
    expect([1, 2, 3, 4, 5].map((k) => incentive.computeJackpotShare(1, k))).toEqual([1, 1, 0.75, 0.5, 0.3125])
    // More checkers do not help: all are idle as often.
    is(incentive.computeInspection(10, 90, 1, 20, 1000).idle, 0.9)
  })
  test("K16 Storj's held-back pay", () =>
    expect([3, 6, 9, 12, 15, 16].map(incentive.computeStorjReceived)).toEqual([0.25, 0.375, 0.5, 0.625, 0.7, 0.859375]))
  test("K23 the bond behind grace", () => is(incentive.computeGraceBond(48, 0.5, 1, 0.2, 0.1), 336))
  test("K31 forging", () => {
    is(incentive.computeForgingBound(0.3), 0.3)
    is(incentive.computeForgingBound(0.3, 5), 0.05)
    is(incentive.computeCaught(0.1, 0.9, 20), 0.848355087, 9)
  })
  test("E2 twenty-one bids locked for five minutes; C7 spends nothing; D7, E4, F3", () => {
    is(incentive.computeLockCost(21, 0.5, 0.15, 300), 1.5e-5, 7)
    expect(incentive.computeBribe(10, 1, 0.1)).toEqual({ held: 11, spent: 0 })
    is(incentive.computeReputationBound(0.2, 0.01), 20)
    expect(incentive.isAuditorDeterred(0.1, 1000, 10, 10)).toBe(true)
    expect(incentive.isAuditorDeterred(0.1, 1000, 10, 11)).toBe(false)
    expect(incentive.isSelfOutageUnprofitable(2, 10, 0.5, 1, 10, 4)).toBe(true)
    expect(incentive.isSelfOutageUnprofitable(2, 10.1, 0.5, 1, 10, 4)).toBe(false)
  })
})

describe("identities", () => {
  test("K09 a clique of five reaches the most", () =>
    expect([1, 2, 3, 4, 5, 8, 14].map(identity.computeBeaconUnits)).toEqual([1.25, 2.5, 3.75, 5, 5, 5, 5]))
  test("K11 HIP-44", () => is(identity.computeWitnessDecay(20), 12.668364965907838))
  test("K17 a geometric series per owner", () => {
    is(identity.computeGeometricGain(4, 0.7), 1.5791551519936833)
    is(identity.computeGeometricGain(10, 0.7), 3.0872059262738483)
    is(identity.computeGeometricGain(10, 0.95), 1.2460653593454878)
    expect(identity.computeGeometricGain(10, 1)).toBe(1)
  })
  test("K18 RNP-015's wallets", () => {
    const printed = [1, 2, 3, 2.0881831, 1.362659, 0.8536444]
    printed.forEach((p, i) => is(identity.computeWalletIncome(i + 1), p, 7))
    is(identity.computeWalletIncome(9), 0.1821772, 7)
    is(identity.computeWalletGain(9, 3), 49.402449, 6)
  })
  test("7.1 and 7.2: concave, cell, pledge, correlation, ICP's means, nearness", () => {
    is(identity.computeConcaveGain(10, 0.5), 3.162278, 6)
    is(identity.computeConcaveGain(10, 0.8), 1.584893, 6)
    is(identity.computeCellGain(9, 1), 1.8)
    expect(identity.computeCellGain(9, 0)).toBe(1)
    is(identity.computePledgeGain(2, 1), 0.884615, 6)
    is(identity.computePledgeGain(2, 0.2), 0.971698, 6)
    expect([0.01, 0.05, 0.1, 0.2, 0.9].map(identity.computeCorrelationFactor)).toEqual([4, 20, 39, 77, 128])
    is(10_000 * identity.computeIcpMean([0.95, 0.8, 0.95, 0.8], 2), 8936.25, 2)
    is(10_000 * identity.computeIcpMean([0.95, 0.8, 0.95, 0.8], 1), 8276.37, 2)
    expect(identity.computeLeastRoundTrip(3000)).toBe(30)
    expect(identity.computeReach(30)).toBe(3000)
    expect(identity.isSplittingUnprofitable(3, 10, 10, 2.3)).toBe(true)
    expect(identity.isSplittingUnprofitable(3, 10, 10, 2.2)).toBe(false)
    expect(identity.isSpoofUnprofitable(1, 10, 2, 0.1, 80)).toBe(true)
    expect(identity.isSpoofUnprofitable(1, 10.1, 2, 0.1, 80)).toBe(false)
  })
})

describe("quorums", () => {
  test("K19 capture of 21 observers", () => {
    is(quorum.computeCapture(10_000, 2000, 21, 14), 4.384067339e-6, 15)
    is(quorum.computeCapture(10_000, 3000, 21, 14), 5.589466676e-4, 13)
    is(quorum.computeCapture(10_000, 4000, 21, 14), 0.01221471703, 11)
  })
  test("K20 blocking them", () => {
    const printed = [0.04288074259, 0.27683404788, 0.65063438495]
    ;[2000, 3000, 4000].forEach((a, i) => is(quorum.computeBlocking(10_000, a, 21, 14), printed[i], 11))
    is(quorum.computeCapture(10_000, 2000, 9, 6), 0.00305234408, 11)
    is(quorum.computeBlocking(10_000, 2000, 9, 6), 0.08554919899, 11)
  })
  test("K21 HIP-40's list (.1998700244475…, printed …0245)", () => {
    const printed = [0.0152696875, 0.1998700245, 0.4913259037, 0.98420144]
    ;[0.5, 0.6, 0.66, 0.8].forEach((x, i) => is(quorum.computeCapture(3600, 3600 * x, 43, 29), printed[i], 9))
  })
  // The sheet prints .2130442545; by exact fractions it is .21304425467: one of its last digits is cut, not rounded.
  test("K22 Spark's committees", () => {
    const printed = [0.0024193599, 0.0743515568, 0.2130442547]
    ;[0.3, 0.4, 0.45].forEach((a, i) => is(quorum.computeCaptureShare(a, 40, 21), printed[i], 10))
    is(quorum.computeCaptureShare(0.4, 100, 51), 0.0167616865, 10)
  })
  test("K25 where n-split begins to pay", () => {
    const printed = [0.4328567096, 0.1964021794, 0.0999876605]
    ;[1, 5, 10].forEach((m, i) => is(quorum.computeSplitThreshold(m), printed[i], 10))
  })
  test("K26 growing into control: FIP-0056's 33 % and 51 % are of the honest, not of all", () => {
    is(quorum.computeTakeoverDays(19_456, 25, 15, 0.33), 320.2234, 4)
    is(quorum.computeTakeoverDays(19_456, 25, 15, 0.5), 555.8857, 4)
    is(quorum.computeTakeoverDays(19_456, 25, 15, 0.51 / 0.49), 2157.0783, 4)
    expect(quorum.computeTakeoverDays(19_456, 12.5, 15, 1)).toBe(Infinity)
  })
  test("K27 tenfold quality", () => {
    is(quorum.computeQualityShare(0.05, 1, 0.1156), 0.2050541753, 10)
    is(quorum.computeQualityShare(0.05, 1, 0.83), 0.058503481, 10)
    const { ofRaw, ofPower } = quorum.computeTenfoldShares(11.24, 22.93)
    is(100 * ofRaw, 11.556, 3)
    is(100 * ofPower, 56.646, 3)
  })
  test("K29 censorship", () => {
    is(quorum.computeCensorship(0.3, 10), 5.9049e-6)
    is(quorum.computeExclusion(0.9, 60), 9.3576e-14, 18)
    is(quorum.computeExclusion(0.5, 1), 0.0820849986, 10)
  })
  test("K30 the last revealer; C6 eclipse; C2 selfish mining", () => {
    is(quorum.computeRevealBias(0.2, 1), 0.36)
    is(quorum.computeRevealBias(0.2, 3), 0.83222784)
    is(quorum.computeEclipse(0.5, 6), 1 / 64)
    is(quorum.computeSelfishRevenue(0.3, 0.5), 0.3269, 4)
    is(quorum.computeSelfishRevenue(0.4, 0), 0.4837, 4)
    is(quorum.computeSelfishRevenue(0.25, 0.5), 0.25, 10)
  })
})

describe("markets", () => {
  test("K24 bid rings", () => {
    const printed: readonly (readonly [number, number, number])[] = [
      [10, 1, 0.1818182],
      [10, 2, 0.1838384],
      [10, 5, 0.2121212],
      [10, 9, 0.509_090_9],
      [10, 10, 1],
      [20, 10, 0.1147186],
    ]
    for (const [n, m, price] of printed) is(market.computeRingPrice(n, m), price, 7)
  })
  test("K28 FIP-0118's gates", () => {
    const printed = [3500, 9450, 25_515, 68_891, 186_004, 502_212, 1_355_972, 3_661_124]
    expect(printed.map((_, i) => Math.round(market.computeGateTarget(i)))).toEqual(printed)
    is(market.computeGateValue(0), 71.43, 2)
    is(market.computeGateValue(7), 0.0683, 4)
  })
  test("K32 shaved samples", () => {
    is(market.computeShavingPower(64, 0.5), 0.86635, 3)
    is(market.computeShavingPower(256, 0.5), 0.99995, 3)
    is(market.computeShavingPower(256, 0.8), 0.55452, 3)
    is(market.computeShavingPower(256, 0.9), 0.21068, 3)
    is(market.computeShavingPower(64, 1), 0.05, 10)
  })
  test("K33 pushing an oracle", () => {
    is(market.computePumpedMean(3, 12, 300), 1.08)
    is(market.computeCriticalPump(0.9, 0.0025), 1.1138958507, 10)
    is(market.computeCriticalPump(0.95, 0.0025), 1.0552697533, 10)
    const push = market.computePush(300_000, 1.14, 300_000, 1.25, 0.0025, 0.9)!
    is(push.akt, 516_893.26, 0)
    is(push.profit, 145_473, 0)
    expect(market.computePush(300_000, 1.14, 300_000, 1.11, 0.0025, 0.9)).toBe(undefined)
  })
  test("K34 a run", () => {
    const printed = [0.8888889, 0.8, 0.5]
    ;[0.1, 0.5, 0.8].forEach((x, i) => is(market.computeRunRemainder(0.9, x), printed[i], 7))
  })
})
