/** The schedule against what was published and paid (facts/render.md §A5). */
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { nextReputationE6, nextTier } from "./books.ts"
import { isEpochDue } from "./close-epoch.ts"
import { BME_BEGIN_S, epochAt, epochBeginS, monthlyUnits, SUPPLY_CAP_RENDER, UNITS, weeklyEmission, yearAt } from "./emission.ts"
import { GPUS, gpuOf } from "./gpu.ts"
import { T2, T3 } from "./units.ts"

const day = (text: string): number => Date.parse(`${text}T00:00:00Z`) / 1000
const pools = (text: string) => weeklyEmission(day(text), 945)

describe("the schedule", () => {
  test("epochs are weeks from Wednesday 2023-12-20, and years from that day", () => {
    expect([epochAt(BME_BEGIN_S - 1), epochAt(BME_BEGIN_S), epochAt(day("2024-06-05"))]).toEqual([0, 1, 25])
    expect(epochBeginS(epochAt(day("2025-10-29")))).toBe(day("2025-10-29"))
    expect([yearAt(day("2024-12-19")), yearAt(day("2024-12-20")), yearAt(day("2026-12-19"))]).toEqual([1, 2, 3])
  })

  test("pools are those that were paid: 39,787.30 in epoch 1, 43,758.7068 by epoch 24, 15,000 from epoch 25", () => {
    expect(pools("2023-12-20").job).toBe(3_978_730_000_000)
    expect(Math.floor(pools("2024-05-29").job / 10_000)).toBe(437_587_068)
    expect(pools("2024-06-05")).toMatchObject({ job: 15_000 * UNITS, availability: 2908.5 * UNITS })
    expect(Math.floor(pools("2025-10-29").availability / 100)).toBe(2_884_615_384)
    expect(pools("2023-12-20").availability).toBe(0)
  })

  test("a year is what was published, within the week's rounding: 9.13 and 5.9 million", () => {
    const year = (from: string) => {
      const { job, availability, reserve, grants, operations } = pools(from)
      return ((job + availability + reserve + grants + operations) * 52) / UNITS
    }
    expect(year("2024-01-10")).toBeCloseTo(9_126_804, 3)
    expect(year("2025-06-04")).toBeCloseTo(5_905_584, 3)
    expect(year("2026-06-03")).toBeCloseTo(5_905_584, 3)
    const { job, availability, reserve, grants, operations } = pools("2025-06-04")
    expect(job + availability + reserve).toBeCloseTo(grants, -1)
    expect(operations).toBeGreaterThanOrEqual(2 * grants)
  })

  test("before the equilibrium nothing is minted; later years are damped, and reach the cap in year 37 or about 60", () => {
    expect(weeklyEmission(BME_BEGIN_S - 1, 945)).toEqual({ job: 0, availability: 0, reserve: 0, grants: 0, operations: 0 })
    expect(monthlyUnits(4, 945)).toBe(Math.floor(492_132 * UNITS * 0.945))
    // The cap ends emission (see `within` in close-epoch.ts): at 0.945 a year it is reached in year 37. RNP-023 says about year 60,
    // which takes 0.938: the table is not public, and the two do not agree.
    const capYear = (damping: number): number => {
      let left = SUPPLY_CAP_RENDER - 536_870_912
      let y = 0
      while (left > 0) left -= (12 * monthlyUnits(++y, damping)) / UNITS
      return y
    }
    expect(capYear(945)).toBe(37)
    expect(capYear(938)).toBeGreaterThan(55)
    expect(capYear(938)).toBeLessThan(65)
  })

  test("no part is ever below 0, and parts never exceed the whole", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), fc.integer({ min: 500, max: 1000 }), (atS, damping) => {
        const parts = Object.values(weeklyEmission(atS, damping)) as number[]
        expect(parts.every((p) => p >= 0 && Number.isSafeInteger(p))).toBe(true)
        const whole = Math.floor((monthlyUnits(yearAt(atS), damping) * 12) / 52)
        if (epochAt(atS) >= 1) expect(parts.reduce((a, b) => a + b, 0)).toBe(whole)
      }),
    )
  })

  test("an epoch is due once its boundary is passed, for weeks and for days", () => {
    expect(isEpochDue(BME_BEGIN_S, BME_BEGIN_S + 7 * 86_400 - 1, 7)).toBe(false)
    expect(isEpochDue(BME_BEGIN_S, BME_BEGIN_S + 7 * 86_400, 7)).toBe(true)
    expect(isEpochDue(BME_BEGIN_S + 3600, BME_BEGIN_S + 86_400, 1)).toBe(true)
    expect(isEpochDue(0, BME_BEGIN_S, 7)).toBe(false)
  })
})

describe("reputation and tier", () => {
  test("half the old and half the epoch's, unchanged without a judgement, between 0 and 1", () => {
    expect(nextReputationE6(900_000, 10, 0)).toBe(950_000)
    expect(nextReputationE6(900_000, 0, 10)).toBe(450_000)
    expect(nextReputationE6(123_456, 0, 0)).toBe(123_456)
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.nat(1e9), fc.nat(1e9), (was, approved, rejected) => {
        const is = nextReputationE6(was, approved, rejected)
        expect(is >= 0 && is <= 1_000_000).toBe(true)
      }),
    )
  })
  test("promotion needs reputation and strength, and there is a gap before demotion", () => {
    const rule = { promotePermille: 950, demotePermille: 800, tier2ObMin: 600 }
    expect(nextTier(T3, 950_000, 600, rule)).toBe(T2)
    expect(nextTier(T3, 950_000, 599, rule)).toBe(T3)
    expect([nextTier(T3, 900_000, 700, rule), nextTier(T2, 900_000, 700, rule)]).toEqual([T3, T2])
    expect(nextTier(T2, 799_999, 700, rule)).toBe(T3)
  })
})

test("cards are shared out whole", () => {
  expect(GPUS.reduce((sum, g) => sum + g.sharePermille, 0)).toBe(1000)
  expect(gpuOf(0)).toBe(GPUS[0])
  expect(gpuOf(999)).toBe(GPUS.at(-1))
})
