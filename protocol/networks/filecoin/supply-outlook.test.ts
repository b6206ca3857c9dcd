/** Outlooks and backtests: what they promise of seeds, streams, anchors and errors. The bundled series is tested in simulation/study. */
import { describe, expect, test } from "vitest"
import { defaults } from "../../kernel/param.ts"
import { runBacktest } from "./supply-backtest.ts"
import { FIRST_DAY, type ObservedDay } from "./supply-history.ts"
import { OUTLOOK_SERIES, OutlookModel, runOutlook } from "./supply-outlook.ts"
import { supplyParams } from "./supply-params.ts"
import type { SupplyScenario } from "./supply-scenario.ts"

const PARAMS = defaults(supplyParams)

/** A small network that grows for a year and then stands still, in totals that fit one another. */
const ROWS: readonly ObservedDay[] = Array.from({ length: 60 }, (_, k): ObservedDay => {
  const day = FIRST_DAY + 51 + 10 * k
  const rawPib = Math.min(600 + 60 * k, 2400)
  return {
    day,
    rawPib,
    qaPib: 2 * rawPib,
    burntFil: 3e6 + 1e5 * k,
    circulatingFil: 8e6 + 5e6 * k,
    mintedFil: 6.7e6 + 1.2e6 * k,
    vestedFil: 1e6 + 4e6 * k,
    lockedFil: 12e6 + 5e5 * k,
    rewardPerWinFil: NaN,
    pledgePer32GibFil: NaN,
  }
})
const SCENARIO: SupplyScenario = {
  name: "small",
  question: "?",
  sources: [],
  years: 2,
  runs: 9,
  seed: 3,
  onboardPib: { low: 2, high: 6, yearlyPermille: { low: 800, high: 1200 } },
  renewalPermille: { low: 300, high: 800 },
  verifiedPermille: { low: 200, high: 900 },
  burnFil: { low: 5000, high: 10_000 },
  lockTargetPermille: { low: 300, high: 300 },
}
const take = (scenario: SupplyScenario, index: number): Readonly<Record<string, number>> => {
  const outlook = new OutlookModel(ROWS, PARAMS, 730)
  outlook.run(scenario, scenario.seed, index)
  const { days } = outlook.model
  const last = days.rawPib.length - 1
  return { raw: days.rawPib[last], qa: days.qaPib[last], burnt: days.burntFil[last], circulating: days.circulatingFil[last] }
}

describe("an outlook", () => {
  test("goes on from the last observed day, and keeps the identity of supply on every later one", () => {
    const outlook = new OutlookModel(ROWS, PARAMS, 730)
    outlook.run(SCENARIO, 1, 0)
    const { model, historyDays } = outlook
    const d = model.days
    const at = historyDays - 1
    const last = ROWS[ROWS.length - 1]
    expect([d.circulatingFil[at], d.mintedFil[at], d.vestedFil[at], d.burntFil[at]]).toEqual([
      last.circulatingFil,
      last.mintedFil,
      last.vestedFil,
      last.burntFil,
    ])
    expect(d.lockedPledgeFil[at] + d.lockedRewardFil[at]).toBeCloseTo(last.lockedFil, 6)
    for (let i = at; i < d.rawPib.length; i++) {
      const locked = d.lockedPledgeFil[i] + d.lockedRewardFil[i]
      const sum = model.plan.reserveFil + d.mintedFil[i] + d.vestedFil[i] - locked - d.burntFil[i]
      expect(Math.abs(sum - d.circulatingFil[i])).toBeLessThan(1e-5)
      if (i > at) expect(d.mintedFil[i]).toBeGreaterThan(d.mintedFil[i - 1])
      // The first step is a day's, not a jump from one total to another.
      if (i > at) expect(Math.abs(d.circulatingFil[i] - d.circulatingFil[i - 1])).toBeLessThan(2e6)
    }
  })

  test("is a pure function of its seed, and a run does not depend on how many there are", () => {
    const [a, b] = [runOutlook(ROWS, SCENARIO, PARAMS), runOutlook(ROWS, SCENARIO, PARAMS)]
    expect(a).toEqual(b)
    expect(runOutlook(ROWS, { ...SCENARIO, seed: 4 }, PARAMS).series.circulating.p50).not.toEqual(a.series.circulating.p50)
    expect(take(SCENARIO, 4)).toEqual(take({ ...SCENARIO, runs: 100 }, 4))
  })

  test("has a stream for each driver: another range of one moves no other", () => {
    const [here, there] = [take(SCENARIO, 2), take({ ...SCENARIO, burnFil: { low: 50_000, high: 90_000 } }, 2)]
    expect([there.raw, there.qa]).toEqual([here.raw, here.qa])
    expect(there.burnt).toBeGreaterThan(here.burnt)
    // To the dust of sums: less burnt is as much less circulating, but for the pledge that follows the supply.
    expect(there.circulating).toBeLessThan(here.circulating)
  })

  test("orders its quantiles, and has no width without doubt", () => {
    const { series, days } = runOutlook(ROWS, SCENARIO, PARAMS)
    for (const name of OUTLOOK_SERIES)
      for (let d = 0; d < days; d++) {
        const { p05, p50, p95 } = series[name]
        expect(p05[d] <= p50[d] && p50[d] <= p95[d]).toBe(true)
      }
    const sure = (low: number) => ({ low, high: low })
    const fixed = {
      ...SCENARIO,
      onboardPib: sure(3),
      renewalPermille: sure(500),
      verifiedPermille: sure(500),
      burnFil: sure(7000),
    }
    const one = runOutlook(ROWS, fixed, PARAMS).series.circulating
    expect(one.p05).toEqual(one.p95)
  })

  test("a shock strikes on its days and in its share of runs", () => {
    const shock = { label: "none comes", day: 1, days: 730, onboardPermille: 0, renewalPermille: 0 }
    expect(take({ ...SCENARIO, shocks: [shock] }, 0).raw).toBeLessThan(take(SCENARIO, 0).raw)
    expect(take({ ...SCENARIO, shocks: [{ ...shock, chancePermille: 0 }] }, 0)).toEqual(take(SCENARIO, 0))
    expect(take({ ...SCENARIO, shocks: [{ ...shock, day: 731 }] }, 0)).toEqual(take(SCENARIO, 0))
    const rush = { label: "a rush", day: 1, days: 1, burnPermille: 100_000, chancePermille: 500 }
    const outlook = new OutlookModel(ROWS, PARAMS, 1)
    const burnt = (scenario: SupplyScenario, index: number) => {
      outlook.run(scenario, SCENARIO.seed, index)
      return outlook.model.days.burntFil.at(-1)
    }
    const struck = Array.from({ length: 200 }, (_, k) => burnt({ ...SCENARIO, shocks: [rush] }, k) !== burnt(SCENARIO, k)).filter(
      Boolean,
    )
    expect(struck.length).toBeGreaterThan(70)
    expect(struck.length).toBeLessThan(130)
  })

  test("needs a last row that says what there was", () => {
    const rows = [...ROWS.slice(0, -1), { ...ROWS[59], lockedFil: NaN }]
    expect(() => runOutlook(rows, SCENARIO, PARAMS)).toThrow("the last row has no lockedFil")
  })
})

describe("a backtest", () => {
  test("of a chain that does as the model is without error, and names what another would have to be", () => {
    const outlook = new OutlookModel(ROWS, PARAMS, 365)
    const { days } = outlook.model
    const rows = ROWS.map((r) => {
      const i = r.day - FIRST_DAY
      return { ...r, rewardPerWinFil: days.rewardFil[i] / 14_400, mintedFil: days.curveFil[i] * 0.95 }
    })
    const result = runBacktest(rows, PARAMS)
    const line = (name: string) => result.lines.find((l) => l.name === name)!
    expect(line("reward").median).toBeLessThan(1e-12)
    expect(line("minted").median).toBeCloseTo(0.972 / 0.95 - 1, 9)
    expect(result.impliedMissedShare).toBeCloseTo(0.05, 9)
    // Nobody observed a pledge.
    expect(result.lines.some((l) => l.name === "pledge")).toBe(false)
  })

  test("begins at a chosen row by solving for its network time", () => {
    const outlook = new OutlookModel(ROWS, PARAMS, 1)
    const { days } = outlook.model
    const rows = ROWS.map((r) => ({ ...r, rewardPerWinFil: days.rewardFil[r.day - FIRST_DAY] / 14_400 }))
    const reward = runBacktest(rows, PARAMS, rows[20].day).lines.find((l) => l.name === "reward")!
    expect(reward.rows).toBe(39)
    expect(reward.median).toBeLessThan(1e-6)
    expect(() => runBacktest(ROWS, PARAMS, ROWS[20].day)).toThrow("rewardPerWinFil")
    expect(() => runBacktest(rows, PARAMS, rows[20].day + 1)).toThrow("a row of that day")
  })
})
