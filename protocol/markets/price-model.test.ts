/** One interface to a token's price, whatever makes it. */
import { describe, expect, it } from "vitest"
import { RENDER_CLOSES } from "./closes.ts"
import { EVEN, winterSeasons } from "./demand-curve.ts"
import { CONSTANT, EXCHANGE, monthEndDay, priceModel, TABLE, WALK } from "./price-model.ts"

describe("one door to a price", () => {
  const model = (kind: number, beginS = Date.UTC(2025, 9, 1) / 1000) =>
    priceModel(5, "render", {
      kind,
      startMicroUsd: 2_000_000,
      walk: {
        sigmaPermille: 800,
        driftPermille: 0,
        jumpsMilliPerYear: 0,
        jumpMeanPermille: 0,
        jumpSdPermille: 0,
        marketLoadingPermille: 0,
      },
      exchange: { velocityPpm: 1400, speedPermille: 50 },
      closes: RENDER_CLOSES,
      beginS,
    })
  const on = (day: number) => ({ day, lastMicroUsd: 2_000_000, spendMicroUsdPerYear: 1e12, supplyTokens: 500_000_000 })
  it("months end when the calendar says", () => {
    for (const [month, day] of [
      ["1970-01", "1970-01-31"],
      ["2024-02", "2024-02-29"],
      ["2025-02", "2025-02-28"],
      ["2025-12", "2025-12-31"],
      ["2000-02", "2000-02-29"],
    ])
      expect(monthEndDay(month)).toBe(Date.parse(`${day}T00:00:00Z`) / 86_400_000)
  })
  it("the table is by calendar: closes on their days, straight lines between, the last for ever", () => {
    const path = model(TABLE)
    const october = (Date.UTC(2025, 9, 31) - Date.UTC(2025, 9, 1)) / 86_400_000
    expect(path(on(october))).toBe(2_231_000)
    expect(path(on(october + 30))).toBe(1_730_000)
    expect(path(on(october + 15))).toBe(2_231_000 - Math.floor((501_000 * 15) / 30))
    expect(path(on(100_000))).toBe(RENDER_CLOSES.at(-1)![1])
    expect(model(TABLE, 0)(on(0))).toBe(RENDER_CLOSES[0][1])
  })
  it("each number is its own path, and what is no number of a path stands still", () => {
    expect([CONSTANT, 9].map((kind) => model(kind)(on(40)))).toEqual([2_000_000, 2_000_000])
    expect(model(WALK)(on(0))).toBe(2_000_000)
    expect(model(WALK)(on(40))).not.toBe(2_000_000)
    expect(model(EXCHANGE)(on(0))).toBeLessThan(2_000_000)
  })
  it("December's season is the parameter, June's as much below one, and the year's mean is one", () => {
    const seasons = winterSeasons(1300)
    expect([seasons[11], seasons[5]]).toEqual([1300, 700])
    expect(seasons.reduce((a, b) => a + b, 0) / 12).toBeCloseTo(1000, -1)
    expect(winterSeasons(1000)).toEqual(EVEN)
  })
})
