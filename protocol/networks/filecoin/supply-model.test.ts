/** The daily supply model: against the integer reward engine, and the laws that no scenario may break. */
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { floor } from "../../kernel/fixed.ts"
import { pow } from "../../kernel/real.ts"
import { EPOCHS_PER_DAY } from "./epoch.ts"
import { BASELINE_TOTAL_ATTO, computeBaselineSupplyQ128 } from "./minting.ts"
import { createRewardState, readTheta, updateNetworkKpi } from "./reward.ts"
import { inferFlows } from "./supply-flows.ts"
import { createChainPlan, endEpoch, FIRST_DAY, type ObservedDay } from "./supply-history.ts"
import { computePledgePerPib } from "./supply-locking.ts"
import {
  CHAIN_BASELINE_PIB,
  computeCappedPibDays,
  computeChainBaselinePib,
  computeNetworkDays,
  computeSimpleFil,
  inverseSixthRoot,
  mintDays,
  solveCappedPibDays,
} from "./supply-minting.ts"
import { SupplyModel } from "./supply-model.ts"
import { createDrivers, SECTORS_PER_PIB } from "./supply-plan.ts"

const PIB = 1n << 50n
const ASSUMED = { missedShare: 0.028, sectorDays: 540, renewalRate: 0.4, lockTarget: 0.3 }
const column = (days: number, of: (i: number) => number) => Float64Array.from({ length: days }, (_, i) => of(i))

/** An observed series every few days, of any shape the reader lets through. */
const series: fc.Arbitrary<ObservedDay[]> = fc
  .tuple(
    fc.integer({ min: 0, max: 60 }),
    fc.array(
      fc.record({
        gap: fc.integer({ min: 1, max: 31 }),
        raw: fc.double({ min: 0, max: 20_000, noNaN: true }),
        quality: fc.double({ min: 1, max: 10, noNaN: true }),
        burnt: fc.double({ min: 0, max: 1e6, noNaN: true }),
      }),
      { minLength: 2, maxLength: 30 },
    ),
  )
  .map(([first, steps]) => {
    let [day, burntFil] = [FIRST_DAY + first, 0]
    return steps.map(({ gap, raw, quality, burnt }) => {
      day += gap
      burntFil += burnt
      const nothing = { circulatingFil: NaN, mintedFil: NaN, vestedFil: NaN, lockedFil: NaN, rewardPerWinFil: NaN }
      return { day, rawPib: raw, qaPib: raw * quality, burntFil, ...nothing, pledgePer32GibFil: NaN }
    })
  })

describe("minting by the day", () => {
  test("is the integer engine's, below, above and across the baseline", () => {
    const days = 150
    const rawOf = (i: number) => Math.round(i < 50 ? 12 * i : i < 100 ? 3500 : 5200 - 40 * (i - 100))
    const rawPib = column(days, rawOf)
    const minted = { cappedPibDays: column(days, () => 0), curveFil: column(days, () => 0), rewardFil: column(days, () => 0) }
    const days0 = { rawPib, ...minted, mintedFil: column(days, () => 0) }
    mintDays(
      {
        simpleFil: column(days, (i) => computeSimpleFil(i + 1)),
        baselinePib: column(days, (i) => computeChainBaselinePib((i + 0.5) * EPOCHS_PER_DAY)),
        initialBaselinePib: CHAIN_BASELINE_PIB,
        cappedBeforePibDays: 0,
        curveBeforeFil: 0,
        paidShare: 1,
        mintedOffsetFil: 0,
      },
      days0,
      0,
    )
    let state = createRewardState(0n)
    for (let i = 0; i < days; i++) {
      const before = readTheta(state)
      state = updateNetworkKpi(state, BigInt(rawPib[i]) * PIB, (i + 1) * EPOCHS_PER_DAY - 1)
      expect(readTheta(state) >= before).toBe(true)
      const simple = BigInt(Math.round(computeSimpleFil(i + 1) * 1e6)) * 10n ** 12n
      const exact = Number((floor(computeBaselineSupplyQ128(readTheta(state), BASELINE_TOTAL_ATTO)) + simple) / 10n ** 12n) / 1e6
      // Half an epoch of network time, by which the sum of epochs and the integral differ, is 42 FIL of millions.
      expect(Math.abs(minted.curveFil[i] - exact)).toBeLessThan(100)
    }
  })

  test("the root is that of pow, however far yesterday lies", () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 1e6, noNaN: true }), fc.double({ min: 0.5, max: 2, noNaN: true }), (x, step) => {
        const root = inverseSixthRoot(x, pow(x * step, -1 / 6))
        expect(Math.abs(root / pow(x, -1 / 6) - 1)).toBeLessThan(2e-15)
      }),
    )
  })

  test("network time and capped power undo each other, and a day's reward finds its network time", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 10, max: 4000, noNaN: true }),
        fc.double({ min: 500, max: 50_000, noNaN: true }),
        (time, raw) => {
          const capped = computeCappedPibDays(time, CHAIN_BASELINE_PIB)
          expect(Math.abs(computeNetworkDays(capped, CHAIN_BASELINE_PIB) / time - 1)).toBeLessThan(1e-11)
          const left = (c: number) => pow((Math.LN2 / 365 / CHAIN_BASELINE_PIB) * c + 1, -1 / 6)
          const reward = 770e6 * (left(capped) - left(capped + raw)) + 40_000
          const found = solveCappedPibDays(reward, 40_000, raw, 1e9)
          expect(Math.abs(found / capped - 1)).toBeLessThan(1e-5)
        },
      ),
    )
    expect(() => solveCappedPibDays(1e12, 40_000, 500, 1e9)).toThrow("no network time gives")
    expect(() => solveCappedPibDays(39_000, 40_000, 500, 1e9)).toThrow("no network time gives")
  })
})

describe("flows read back from standing power", () => {
  const power = fc.array(fc.double({ min: 0, max: 1e5, noNaN: true }), { minLength: 2, maxLength: 80 })
  test("add up to it on every day that nothing ends early, and are never below 0", () => {
    fc.assert(
      fc.property(power, fc.integer({ min: 1, max: 40 }), fc.double({ min: 0, max: 1, noNaN: true }), (pib, life, rate) => {
        const p = Float64Array.from(pib)
        const flows = inferFlows(p, life, rate, 0)
        for (let i = 0; i < p.length; i++) {
          expect(flows.onboardedPib[i]).toBeGreaterThanOrEqual(0)
          expect(flows.renewedPib[i]).toBeGreaterThanOrEqual(0)
          expect(flows.renewalRate[i]).toBeGreaterThanOrEqual(0)
          expect(flows.renewalRate[i]).toBeLessThanOrEqual(1 + 1e-9)
          if (i === 0 || flows.survival[i] < flows.survival[i - 1]) continue
          const due = flows.renewalRate[i] > 0 ? flows.renewedPib[i] / flows.renewalRate[i] : NaN
          if (!(due > 0) || rate === 0) continue
          const sum = p[i - 1] + flows.onboardedPib[i] - due + flows.renewedPib[i]
          expect(Math.abs(sum - p[i])).toBeLessThan(1e-6 * (1 + p[i] + p[i - 1] + due))
        }
      }),
    )
  })
  test("of power that never changes are what expires, and all of it comes due again", () => {
    const flows = inferFlows(new Float64Array(100).fill(500), 50, 0.4, 500)
    for (let i = 1; i < 100; i++) {
      expect(flows.onboardedPib[i]).toBeCloseTo(6, 9)
      expect(flows.renewedPib[i]).toBeCloseTo(4, 9)
    }
    expect(flows.laterPib.reduce((a, b) => a + b)).toBeCloseTo(500, 9)
  })
})

describe("the pledge", () => {
  test("of 2025-05-24 on mainnet is 0.128 FIL per 32 GiB", () => {
    const gamma = 1 - 0.3 * (185 / 365)
    const pib = computePledgePerPib(5.83 * 14_400, 728.27e6, 22.38 * 1024, 67.6 * 1024, 0.3, gamma, SECTORS_PER_PIB)
    expect(pib / 2 ** 15).toBeCloseTo(0.1281, 3)
  })
  test("is at most 1 FIL per 32 GiB, also of a network without power or supply", () => {
    expect(computePledgePerPib(1e6, 1e9, 0, 100, 0.3, 1, SECTORS_PER_PIB)).toBe(SECTORS_PER_PIB)
    expect(computePledgePerPib(1e6, 1e9, 1e-9, 100, 0.3, 0.7, SECTORS_PER_PIB)).toBe(SECTORS_PER_PIB)
    expect(computePledgePerPib(0, -5, 100, 100, 0.3, 1, SECTORS_PER_PIB)).toBe(0)
  })
})

describe("every run", () => {
  test("keeps the identity of supply, mints ever more and never locks less than nothing", () => {
    fc.assert(
      fc.property(series, fc.integer({ min: 1, max: 400 }), fc.double({ min: 0, max: 1, noNaN: true }), (rows, ahead, rate) => {
        const plan = createChainPlan(rows, FIRST_DAY, ahead, { ...ASSUMED, sectorDays: 180 })
        const model = new SupplyModel(plan)
        const drivers = createDrivers(plan)
        drivers.onboardPib.fill(5 * rate)
        drivers.renewalRate.fill(rate)
        drivers.verifiedShare.fill(1 - rate)
        drivers.burnFil.fill(7000)
        drivers.lockTarget.fill(0.3)
        model.run(drivers)
        const d = model.days
        for (let i = 1; i < plan.days; i++) {
          const sum =
            plan.reserveFil + d.mintedFil[i] + d.vestedFil[i] - d.lockedPledgeFil[i] - d.lockedRewardFil[i] - d.burntFil[i]
          expect(Math.abs(sum - d.circulatingFil[i])).toBeLessThan(1e-5)
          expect(d.mintedFil[i]).toBeGreaterThan(d.mintedFil[i - 1])
          expect(d.vestedFil[i]).toBeGreaterThanOrEqual(d.vestedFil[i - 1])
          expect(d.burntFil[i]).toBeGreaterThanOrEqual(d.burntFil[i - 1])
          expect(d.lockedPledgeFil[i]).toBeGreaterThan(-1)
          expect(d.lockedRewardFil[i]).toBeGreaterThan(-1)
          expect(d.rawPib[i]).toBeGreaterThan(-1e-6)
          expect(d.mintedFil[i]).toBeLessThan(1.1e9)
        }
      }),
      { numRuns: 60 },
    )
  })

  test("is the same from a later day, whatever future was run before it", () => {
    fc.assert(
      fc.property(series, (rows) => {
        const plan = createChainPlan(rows, FIRST_DAY, 200, { ...ASSUMED, sectorDays: 180 })
        const [fresh, used] = [new SupplyModel(plan), new SupplyModel(plan)]
        const [mine, other] = [createDrivers(plan), createDrivers(plan)]
        mine.onboardPib.fill(3)
        mine.renewalRate.fill(0.5)
        mine.lockTarget.fill(0.3)
        other.onboardPib.fill(9)
        other.lockTarget.fill(0.3)
        fresh.run(mine)
        used.run(other)
        used.run(mine, plan.historyDays)
        // The window of vesting rewards is summed anew at the seam: equal but for the order of additions.
        const last = plan.days - 1
        for (const name of ["rawPib", "qaPib", "mintedFil", "lockedPledgeFil", "lockedRewardFil", "circulatingFil"] as const)
          expect(Math.abs(used.days[name][last] - fresh.days[name][last])).toBeLessThan(1e-3)
      }),
      { numRuns: 30 },
    )
  })

  test("a day ends where the chain's does", () => {
    expect(endEpoch(FIRST_DAY)).toBe(240 + EPOCHS_PER_DAY)
    // 2024-11-20T23:00Z is epoch 4,461,240 (lotus, nv24).
    expect(endEpoch(20_047)).toBe(4_461_240 + 120)
  })
})
