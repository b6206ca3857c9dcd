import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import * as decimal from "../../kernel/decimal.ts"
import * as emission from "./emission.ts"

describe("HIP-20", () => {
  test("halves every two years and stays below 240 million", () => {
    expect(emission.computeHntSchedule(1)).toEqual({ minted: 60_000_000, supplyAtStart: 0 })
    expect(emission.computeHntSchedule(5)).toEqual({ minted: 15_000_000, supplyAtStart: 180_000_000 })
    expect(emission.computeHntSchedule(60).supplyAtStart).toBeLessThan(240_000_000)
    expect(() => emission.computeHntSchedule(0)).toThrow(RangeError)
  })
  test("categories always sum to a hundred", () => {
    for (let year = 1; year <= 30; year++) {
      const { poc, data, founders, consensus } = emission.computeCategoryPercents(year)
      expect(poc + data + founders + consensus).toBe(100)
      expect(poc).toBeGreaterThanOrEqual(0)
    }
    expect(emission.computeCategoryPercents(21)).toEqual({ poc: 0, data: 79, founders: 15, consensus: 6 })
  })
})

describe("tokens per day, as the chain's tables have them", () => {
  const on = (token: emission.HeliumToken, text: string): string => {
    const [year, month, day] = text.split("-").map(Number)
    return decimal.formatFixed(emission.computeDailyEmission(token, { year, month, day }), token === "hnt" ? 8 : 6, "half_even")
  }
  test.each([
    ["hnt", "2023-04-18", "82191.78082192"],
    ["hnt", "2023-08-02", "82191.78082192"],
    ["hnt", "2023-08-03", "40983.60655738"],
    ["hnt", "2024-07-31", "40983.60655738"],
    ["hnt", "2024-08-01", "41095.89041096"],
    ["hnt", "2025-08-01", "20547.94520548"],
    ["hnt", "2027-07-31", "20547.94520548"],
    ["hnt", "2027-08-01", "10245.90163934"],
    ["iot", "2024-01-08", "88797814.207650"],
    ["iot", "2024-08-01", "89041095.890411"],
    ["iot", "2025-08-01", "44520547.945206"],
    ["iot", "2027-08-01", "22199453.551913"],
    ["mobile", "2024-01-08", "81967213.114754"],
    ["mobile", "2024-08-01", "82191780.821918"],
    ["mobile", "2025-08-01", "41095890.410959"],
    ["mobile", "2027-08-01", "20491803.278689"],
  ] as const)("%s on %s: %s", (token, date, expected) => expect(on(token, date)).toBe(expected))
  test("nothing was minted by the day before the Solana era", () => expect(() => on("iot", "2022-07-31")).toThrow(RangeError))
})

describe("net emissions", () => {
  test("the first epoch keeps 257 of 300 bones", () =>
    expect(emission.computeNetEmissions(100n, 300n, 0n, 1000n)).toEqual({ smoothed: 257n, totalRewards: 357n }))
  test("re-emit at most the cap, and never more than was burned or kept", () => {
    const amount = fc.bigInt({ min: 0n, max: 10n ** 15n })
    fc.assert(
      fc.property(amount, amount, amount, amount, (schedule, previous, burned, cap) => {
        const { smoothed, totalRewards } = emission.computeNetEmissions(schedule, previous, burned, cap)
        expect(totalRewards - schedule <= cap).toBe(true)
        expect(smoothed * 7n <= previous * 6n + burned).toBe(true)
        // Two floors lose less than two bones.
        expect((smoothed + 2n) * 7n > previous * 6n + burned).toBe(true)
      }),
    )
  })
})
