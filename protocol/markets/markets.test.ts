/** Prices, operators, demand and comparators: what each promises, and laws over many draws. */
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { stream } from "../kernel/random.ts"
import { unitsForMicroUsd } from "./burn.ts"
import { comparatorMicroUsd, comparators, comparatorsOf, medianMicroUsd } from "./comparators.ts"
import {
  EVEN,
  lumpPermille,
  multiplyPermille,
  nextLoyaltyPermille,
  pricePermille,
  seasonPermille,
  trendPermille,
  weekPermille,
} from "./demand-curve.ts"
import { normalE9 } from "./draws.ts"
import { expE9, growE9, lnE9, powerPermille } from "./exponent.ts"
import { churns, dailyCostMicroUsd, ENTER, imposedPermille, LEAVE, marginPermille, STAY, weighDay } from "./operator-economics.ts"
import {
  constantPrice,
  exchangeMicroUsd,
  exchangePrice,
  PRICE_MAX_MICRO_USD,
  tablePrice,
  walkPrice,
  walkStepE9,
  withShock,
  withSupplyPressure,
  type MarketView,
  type Walk,
} from "./price-path.ts"

const view = (day: number, more: Partial<MarketView> = {}): MarketView => ({
  day,
  lastMicroUsd: 0,
  spendMicroUsdPerYear: 0,
  supplyTokens: 500_000_000,
  ...more,
})
const days = (n: number) => Array.from({ length: n }, (_, i) => i)
const mean = (xs: readonly number[]) => xs.reduce((a, b) => a + b, 0) / xs.length
const sd = (xs: readonly number[]) => {
  const m = mean(xs)
  return Math.sqrt(mean(xs.map((x) => (x - m) ** 2)))
}

/** facts/prices-and-demand.md §6.4. */
const RENDER: Walk = {
  startMicroUsd: 1_870_000,
  sigmaPermille: 1000,
  driftPermille: 0,
  jumpsMilliPerYear: 8000,
  jumpMeanPermille: 100,
  jumpSdPermille: 290,
  marketLoadingPermille: 580,
}

describe("growth", () => {
  it("agrees with the engine's exponential and logarithm far beyond a price's digits", () => {
    for (const x of [-40, -3.5, -0.25, 0, 0.25, 1, 7.75, 33]) {
      const ours = Number(expE9(x * 1e9)) / 2 ** 128
      expect(Math.abs(ours / Math.exp(x) - 1)).toBeLessThan(1e-12)
    }
    expect(lnE9(2, 1)).toBe(693_147_180)
    expect(growE9(1_000_000, 693_147_180)).toBe(1_999_999)
  })
  it("holds what lies outside, and never leaves safe numbers", () => {
    expect(growE9(1_000_000, 1e15)).toBe(Number.MAX_SAFE_INTEGER)
    expect(growE9(1_000_000, -1e15)).toBe(0)
  })
  it("raises to powers: halves by −1 at twice, is silent at 0", () => {
    expect(powerPermille(2, 1, -1000)).toBeGreaterThanOrEqual(499)
    expect(powerPermille(2, 1, -1000)).toBeLessThanOrEqual(500)
    expect(powerPermille(7, 3, 0)).toBe(1000)
    expect(powerPermille(0, 0, 500)).toBe(1000)
  })
})

describe("normal draws", () => {
  it("have mean 0 and deviation 1", () => {
    const s = stream(1, "test")
    const xs = days(20_000).map((i) => normalE9(s, i) / 1e9)
    expect(Math.abs(mean(xs))).toBeLessThan(0.03)
    expect(Math.abs(sd(xs) - 1)).toBeLessThan(0.02)
  })
})

describe("prices", () => {
  it("constant and table say what they were told", () => {
    expect(constantPrice(5)(view(99))).toBe(5)
    expect(constantPrice(0)(view(0))).toBe(1)
    const table = tablePrice([
      [10, 100],
      [20, 200],
      [30, 50],
    ])
    expect([0, 10, 15, 20, 25, 30, 99].map((d) => table(view(d)))).toEqual([100, 100, 150, 200, 125, 50, 50])
    expect(() => tablePrice([])).toThrow(RangeError)
    expect(() =>
      tablePrice([
        [1, 1],
        [1, 2],
      ]),
    ).toThrow("does not come after")
  })

  it("a walk is a function of seed, token and day, in whatever order it is asked", () => {
    const forward = walkPrice(7, "render", RENDER)
    const late = walkPrice(7, "render", RENDER)
    expect(late(view(300))).toBe(days(301).map((d) => forward(view(d)))[300])
    expect(walkPrice(8, "render", RENDER)(view(300))).not.toBe(forward(view(300)))
    expect(forward(view(0))).toBe(RENDER.startMicroUsd)
  })

  it("a walk has the volatility and the drift it was given", () => {
    const calm: Walk = { ...RENDER, jumpsMilliPerYear: 0, driftPermille: -1100 }
    const xs = days(8000).map((d) => walkStepE9(3, "render", calm)(d + 1) / 1e9)
    expect(Math.abs(sd(xs) * Math.sqrt(365) - 1)).toBeLessThan(0.03)
    expect(Math.abs(mean(xs) * 365 + 1.1)).toBeLessThan(0.25)
  })

  it("jumps come as often as they should and do not move the mean", () => {
    const only: Walk = { ...RENDER, sigmaPermille: 0 }
    const xs = days(40_000).map((d) => walkStepE9(3, "render", only)(d + 1) / 1e9)
    const quiet = xs.filter((x) => Math.abs(x + 0.8 / 365) < 1e-8)
    const perYear = (365 * (xs.length - quiet.length)) / xs.length
    expect(Math.abs(perYear - 8)).toBeLessThan(0.9)
    expect(Math.abs(mean(xs) * 365)).toBeLessThan(0.4)
  })

  it("tokens of one seed share the market: correlation is the product of their loadings", () => {
    const a: Walk = { ...RENDER, jumpsMilliPerYear: 0, marketLoadingPermille: 800 }
    const xs = days(6000).map((d) => walkStepE9(5, "a", a)(d))
    const ys = days(6000).map((d) => walkStepE9(5, "b", a)(d))
    const [mx, my] = [mean(xs), mean(ys)]
    const covariance = mean(xs.map((x, i) => (x - mx) * (ys[i] - my)))
    expect(Math.abs(covariance / (sd(xs) * sd(ys)) - 0.64)).toBeLessThan(0.04)
  })

  it("exchange: twice the spending is twice the price, twice the supply half, and it goes there by its speed", () => {
    expect(exchangeMicroUsd(1_400_000_000_000, 500_000_000, 1400)).toBe(2_000_000)
    expect(exchangeMicroUsd(2_800_000_000_000, 500_000_000, 1400)).toBe(4_000_000)
    expect(exchangeMicroUsd(1_400_000_000_000, 1_000_000_000, 1400)).toBe(1_000_000)
    expect(exchangeMicroUsd(1, 0, 1400)).toBe(0)
    const path = exchangePrice({ startMicroUsd: 1_000_000, velocityPpm: 1400, speedPermille: 100 })
    const seen = { spendMicroUsdPerYear: 1_400_000_000_000 }
    expect(path(view(0, seen))).toBe(1_000_000)
    expect(path(view(1, { ...seen, lastMicroUsd: 1_000_000 }))).toBe(1_100_000)
    expect(path(view(1, { ...seen, lastMicroUsd: 3_000_000 }))).toBe(2_900_000)
    expect(path(view(1, { lastMicroUsd: 1 }))).toBe(1)
  })

  it("pressure and shock bend any path, and turn off", () => {
    const flat = constantPrice(1_000_000)
    expect(withSupplyPressure(flat, 500_000_000, 0)(view(1, { supplyTokens: 1 }))).toBe(1_000_000)
    expect(withSupplyPressure(flat, 500_000_000, 1000)(view(1, { supplyTokens: 1_000_000_000 }))).toBe(499_000)
    const crash = withShock(flat, 10, 12, 400)
    expect([9, 10, 11, 12].map((d) => crash(view(d)))).toEqual([1_000_000, 400_000, 400_000, 1_000_000])
  })

  it("no path leaves its range, whatever it is told", () => {
    fc.assert(
      fc.property(
        fc.nat(400),
        fc.maxSafeNat(),
        fc.nat(2_000_000_000),
        fc.integer({ min: 0, max: 5000 }),
        (day, spend, supply, k) => {
          const paths = [
            withSupplyPressure(walkPrice(1, "x", { ...RENDER, sigmaPermille: 3000 }), 500_000_000, k),
            exchangePrice({ startMicroUsd: 1, velocityPpm: 1, speedPermille: 1000 }),
          ]
          for (const path of paths) {
            const price = path(view(day, { lastMicroUsd: 1 + day, spendMicroUsdPerYear: spend, supplyTokens: supply }))
            expect(Number.isSafeInteger(price) && price >= 1 && price <= PRICE_MAX_MICRO_USD).toBe(true)
          }
        },
      ),
    )
  })
})

describe("operators", () => {
  const cost = { watts: 450, idleWatts: 50, microUsdPerKwh: 187_000, otherMicroUsdPerDay: 0 }
  it("pay for what is drawn: an RTX 4090 at a US home, a day flat out, costs 2.02 dollars", () => {
    expect(dailyCostMicroUsd(cost, 86_400)).toBe(2_019_600)
    expect(dailyCostMicroUsd(cost, 0)).toBe(224_400)
    expect(dailyCostMicroUsd(cost, 1e9)).toBe(2_019_600)
  })
  it("margins: from −1000, and a thousandfold for what is free", () => {
    expect(marginPermille(0, 100)).toBe(-1000)
    expect(marginPermille(150, 100)).toBe(500)
    expect(marginPermille(5, 0)).toBe(1_000_000)
    expect(marginPermille(0, 0)).toBe(0)
    expect(imposedPermille(90_000, 1000)).toBe(90_000)
    expect(imposedPermille(1, 0)).toBe(0)
  })

  const patience = { exitBelowPermille: 0, exitAfterDays: 3, enterAbovePermille: 200, enterAfterDays: 2 }
  const memory = () => ({ lossDays: new Uint16Array(1), gainDays: new Uint16Array(1) })
  it("leave on the third bad day in a row, and a good day starts the count anew", () => {
    const m = memory()
    const said = [-1, -1, 0, -1, -1, -1].map((margin) => weighDay(m, 0, true, margin, patience))
    expect(said).toEqual([STAY, STAY, STAY, STAY, STAY, LEAVE])
  })
  it("come back only above the higher margin: between the two nothing moves", () => {
    const m = memory()
    expect([100, 100, 100].map((x) => weighDay(m, 0, false, x, patience))).toEqual([STAY, STAY, STAY])
    expect([200, 199, 200, 200].map((x) => weighDay(m, 0, false, x, patience))).toEqual([STAY, STAY, STAY, ENTER])
    expect([100, 100, 100, 100].map((x) => weighDay(m, 0, true, x, patience))).toEqual([STAY, STAY, STAY, STAY])
  })
  it("churn by their own dice, at its rate", () => {
    const dice = stream(1, "churn")
    const gone = days(100_000).filter((i) => churns(dice, i, 4, 20_000)).length
    expect(Math.abs(gone - 2000)).toBeLessThan(200)
    expect(churns(dice, 1, 1, 0)).toBe(false)
  })
})

describe("demand", () => {
  const winter = [1300, 1200, 1000, 900, 900, 800, 700, 800, 900, 1000, 1200, 1300]
  it("follows its seasons, without a jump and with the year's mean", () => {
    const year = days(365).map((d) => seasonPermille(winter, d))
    expect(Math.abs(mean(year) - 1000)).toBeLessThan(2)
    expect(seasonPermille(winter, 15)).toBeGreaterThan(1290)
    expect(seasonPermille(winter, 195)).toBeLessThan(720)
    for (const d of days(400)) expect(Math.abs(seasonPermille(winter, d + 1) - seasonPermille(winter, d))).toBeLessThan(9)
    expect(days(365).every((d) => seasonPermille(EVEN, d) === 1000)).toBe(true)
  })
  it("knows a Saturday: 1970-01-03 was one", () => {
    expect(days(7).map((d) => weekPermille(500, d))).toEqual([1200, 1200, 500, 500, 1200, 1200, 1200])
  })
  it("grows, comes in lumps of mean one, and answers prices", () => {
    expect(trendPermille(693, 365)).toBeGreaterThan(1996)
    expect(trendPermille(0, 365)).toBe(1000)
    const lumps = days(20_000).map((w) => lumpPermille(stream(2, "weeks"), w, 600))
    expect(Math.abs(mean(lumps) - 1000)).toBeLessThan(25)
    expect(Math.abs(sd(lumps.map((x) => Math.log(x))) - 0.6)).toBeLessThan(0.01)
    expect(lumpPermille(stream(2, "weeks"), 1, 0)).toBe(1000)
    expect(pricePermille(4, 1, -500)).toBeGreaterThanOrEqual(499)
    expect(multiplyPermille(10, 1500, 500)).toBe(7)
  })
  it("loyalty is lost with bad service and regained with good, and stays a share", () => {
    const rule = { lossPermille: 100, returnPermille: 20 }
    expect(nextLoyaltyPermille(1000, 1000, rule)).toBe(1000)
    expect(nextLoyaltyPermille(1000, 500, rule)).toBe(950)
    expect(nextLoyaltyPermille(500, 1000, rule)).toBe(510)
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(1000), fc.nat(1000), fc.nat(1000), (loyalty, served, lossPermille, returnPermille) => {
        const next = nextLoyaltyPermille(loyalty, served, { lossPermille, returnPermille })
        expect(next >= 0 && next <= 1000).toBe(true)
      }),
    )
  })
})

describe("burn and mint", () => {
  it("never burns more than was paid for, and less than one unit less", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 18n), fc.integer({ min: 1, max: 10 ** 12 }), (microUsd, price) => {
        const unit = 100_000_000n
        const bought = unitsForMicroUsd(microUsd, price, unit)
        expect(bought * BigInt(price) <= microUsd * unit).toBe(true)
        expect((bought + 1n) * BigInt(price) > microUsd * unit).toBe(true)
      }),
    )
  })
})

describe("comparators", () => {
  it("each says who, when and where it was read", () => {
    for (const c of comparators) {
      expect(c.micro).toBeGreaterThan(0)
      expect(c.date).toMatch(/\d{4}/)
      expect(c.source).toContain("facts/")
    }
  })
  it("euros become dollars, and a median is one of the prices", () => {
    expect(comparatorMicroUsd(comparatorsOf("OBh")[0], 1_100_000)).toBe(8800)
    expect(medianMicroUsd("H100 hour", "hyperscaler")).toBe(10_980_000)
    expect(medianMicroUsd("RTX 4090 hour", "farm")).toBe(0)
  })
})
