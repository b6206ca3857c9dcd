import { readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"
import { runVectors } from "./index.ts"
import { PENDING } from "./pending.ts"
import { render } from "./render.ts"

const file = JSON.parse(readFileSync("vectors/render.json", "utf8")) as { vectors: { fn: string }[] }

describe("Render's public vectors", () => {
  test("pass, all of them", () => {
    const report = runVectors(file)
    expect(report.failed).toEqual([])
    expect(report.passed).toBe(file.vectors.length)
  })
  test("name every function that is registered, and none of them is pending", () => {
    expect(Object.keys(render).sort()).toEqual([...new Set(file.vectors.map((v) => v.fn))].sort())
    expect([...PENDING.keys()].filter((fn) => fn.startsWith("render."))).toEqual([])
  })
})

describe("worked figures of the documents beyond the vectors", () => {
  test("RNP-001: burning more than is minted shrinks supply", () => {
    expect(render["render.netSupply"]({ mint: 10_000, burn: 15_000 })).toBe(-5000)
  })
  test("RNP-021: 100 H200 for 12 hours at an ask of 1.90, with a grant of 400", () => {
    expect(render["render.rental"]({ ask: "1.90", feeShare: "0.05", gpus: 100, hours: "12", grant: "400" })).toEqual({
      price: "2",
      total: "2400",
      burn: "2280",
      fee: "120",
      effectiveRate: "1.666667",
    })
  })
  test("RNP-021: an H200 at a multiplier of 5", () => {
    expect(
      render["render.subnetTotal"]({ base: "25", multiplier: "5", hours: "100", availPerEpoch: "2", uptime: "0.995" }),
    ).toBe("76.394762")
  })
  test("RNP-023: 5 % more price is 12.5 % more burnt than paid, on containers", () => {
    const { pctOverRewards } = render["render.saladBme"]({
      revenueUsd: "1000",
      burnShare: "0.60",
      rewardShare: "0.56",
      burnPrice: "2.00",
      rewardPrice: "2.10",
    })
    expect(pctOverRewards).toBe("12.5")
  })
  test("RNP-006: bands end where they say, and nothing is given beyond 230 million", () => {
    const total = (totalTokens: number) => render["render.upgradePointsTotal"]({ totalTokens })
    expect([0, 1, 39_999_999, 40_000_000].map(total)).toEqual([0, 5, 199_999_995, 199_999_999])
    expect(total(229_999_999)).toBe(total(10 ** 12))
  })
})

describe("at the edges", () => {
  test("nobody, nothing, no work: pools stay whole and shares are 0", () => {
    expect(render["render.poolShare"]({ pool: "100", work: [] })).toEqual([])
    expect(render["render.poolShare"]({ pool: "100", work: ["0", "0"] })).toEqual(["0", "0"])
    expect(render["render.computePool"]({ remaining: "10", monthsLeft: 0, nodes: 1, perNodeCap: "75" })).toBe("0")
    expect(
      render["render.upgradePoints"]({ userTokens: 0, totalTokens: 0, pointsPerToken: 5, pool: "1" }),
    ).toEqual({ userPoints: 0, totalPoints: 0, reward: "0" })
    expect(render["render.rental"]({ ask: "2", feeShare: "0.05", gpus: 0, hours: "5", grant: "0" }).effectiveRate).toBe("0")
  })
  test("works of unlike places are one pool, floored share by share", () => {
    expect(render["render.poolShare"]({ pool: "0.00000010", work: ["0.5", "0.25", "0.25"] })).toEqual(["5", "2", "2"])
    expect(render["render.poolShare"]({ pool: "15000", work: ["1e-3", "2"] })).toEqual(["749625187", "1499250374812"])
  })
  test("a price of 0 buys nothing: it throws rather than answers", () => {
    expect(() => render["render.burnForCredits"]({ usd: "5", priceUsd: "0" })).toThrow("division by zero")
    expect(() => render["render.impliedEurUsd"]({ creditsUsed: "0", burnedUsd: "1" })).toThrow()
  })
  test("a quotient that does not end keeps 28 digits, half to even", () => {
    expect(render["render.burnForCredits"]({ usd: "1", priceUsd: "3" }).burned).toBe("0.3333333333333333333333333333")
    expect(render["render.burnForCredits"]({ usd: "200", priceUsd: "3" }).burned).toBe("66.66666666666666666666666667")
    expect(render["render.burnForCredits"]({ usd: "-1", priceUsd: "300" }).burned).toBe("-0.003333333333333333333333333333")
  })
  test("values and averages of one or less have a logarithm of 0", () => {
    const same = { idle: 1, ob: 0, avgOb: 0, vramGb: 1, avgVramGb: 24, ageDays: 0, avgAgeDays: 100, walletNodes: 1 }
    expect(render["render.availabilityPoints"](same)).toBe(0)
    const penalised = { ...same, ob: 300, avgOb: 300, vramGb: 24, ageDays: 100, walletNodes: 5 }
    expect(render["render.availabilityPoints"](penalised)).toBeCloseTo(7 * Math.exp(-1.3), 12)
  })
  test("exactly 72 hours approve; three failed re-renders quarantine whatever is said", () => {
    const say = (silentHours: number, rejected: boolean, failedRerenders: number) =>
      render["render.frameState"]({ silentHours, rejected, failedRerenders })
    expect(say(72, false, 0)).toBe("approved")
    expect(say(71.999, false, 2)).toBe("pending")
    expect(say(100, true, 2)).toBe("rerender")
    expect(say(0, false, 3)).toBe("quarantined")
    expect(say(100, true, 4)).toBe("quarantined")
  })
})
