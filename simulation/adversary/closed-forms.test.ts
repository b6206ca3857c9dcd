/** Arenas against the closed forms of the fact sheet: what is played must come to what is derived, within what luck allows. */
import { describe, expect, test } from "vitest"
import { computeEscrowedIncome, computeWashProfit } from "../../protocol/resilience/adversary/incentive.ts"
import { computeCellGain, computeGeometricGain } from "../../protocol/resilience/adversary/identity.ts"
import {
  computePush,
  computeRingPrice,
  computeRunRemainder,
  computeShavingPower,
} from "../../protocol/resilience/adversary/market.ts"
import {
  computeCaptureShare,
  computeCensorship,
  computeEclipse,
  computeQualityShare,
  computeRevealBias,
  computeSelfishRevenue,
  computeSplitThreshold,
} from "../../protocol/resilience/adversary/quorum.ts"
import { computeDetection } from "../../protocol/resilience/adversary/sampling.ts"
import { entryOf } from "./catalogue.ts"
import type { Setting } from "./entry.ts"
import { advantageOf } from "./metrics.ts"

const SEEDS = 6
/** Mean of the entry's own metric over a few seeds. */
const own = (id: string, setting: Omit<Setting, "seed">): number => {
  let sum = 0
  for (let seed = 1; seed <= SEEDS; seed++) sum += entryOf(id).play({ seed, ...setting }).own
  return sum / SEEDS
}
const off = { defended: false }
const on = { defended: true }

describe("played as derived", () => {
  test("A6 income per identity: r·T, and r·T·e^(−W/T) behind escrow", () => {
    const knobs = { leaveAfter: 999, hardware: 1, identityCost: 10 }
    // By whole days, and with the lives that the horizon of 180 days cuts off: up to a tenth less.
    const plain = own("A6", { share: 0.4, knobs, ...off }) / computeEscrowedIncome(1.8, 14, 0)
    expect(plain).toBeGreaterThan(0.88)
    expect(plain).toBeLessThan(1)
    const behind = own("A6", { share: 0.4, knobs, ...on })
    expect(Math.abs(behind / computeEscrowedIncome(1.8, 14, 30) - 1)).toBeLessThan(0.25)
  })
  test("B1 sectors skipped: 1 − (1 − f)^10, on Filecoin's own machine", () => {
    const { own: skipped } = entryOf("B1").play({ seed: 1, share: 0.1, knobs: { missing: 0.03 }, ...on })
    expect(Math.abs(skipped / computeDetection(0.03, 10) - 1)).toBeLessThan(0.06)
  })
  test("B8 share of power of tenfold bytes (K27), on Filecoin's own machine", () => {
    const setting = { seed: 1, share: 0.05, knobs: { tenfold: 1 } }
    expect(Math.abs(entryOf("B8").play({ ...setting, ...off }).own - computeQualityShare(0.05, 1, 0.116))).toBeLessThan(0.005)
    expect(Math.abs(entryOf("B8").play({ ...setting, ...on }).own - computeQualityShare(0.05, 1, 0.83))).toBeLessThan(0.002)
  })
  test("C3 finality stands still above a third of power, and not below", () => {
    const certified = (share: number): number => {
      const o = entryOf("C3").play({ seed: 1, share, knobs: {}, ...on })
      return o.served / o.servedWithout
    }
    expect([certified(0.2), certified(0.49)]).toEqual([1, 0])
  })
  test("B12 a committee outvoted (K22)", () => {
    const got = own("B12", { share: 0.45, knobs: { ids: 1 }, ...on })
    expect(Math.abs(got - computeCaptureShare(0.45, 40, 21))).toBeLessThan(0.03)
  })
  test.each([1, 5, 10])("C1 above the threshold of K25 the private chain wins, below it loses (m = %i)", (blocks) => {
    const at = computeSplitThreshold(blocks)
    expect(own("C1", { share: at + 0.08, knobs: { blocks }, ...off })).toBe(1)
    expect(own("C1", { share: at - 0.08, knobs: { blocks }, ...off })).toBe(0)
  })
  test.each([
    [0.33, 0.5],
    [0.4, 0],
  ])("C2 selfish mining's revenue (α = %f, γ = %f)", (share, gamma) => {
    const got = own("C2", { share, knobs: { gamma }, ...off })
    expect(Math.abs(got - computeSelfishRevenue(share, gamma))).toBeLessThan(0.012)
  })
  test("C3b censorship by delay: a^d", () => {
    expect(Math.abs(own("C3b", { share: 0.4, knobs: { slots: 3 }, ...off }) - computeCensorship(0.4, 3))).toBeLessThan(0.02)
  })
  test.each([1, 3])("C4 the last of %i reveals (K30)", (held) => {
    const got = own("C4", { share: 0.1, knobs: { held, good: 0.2 }, ...off })
    expect(Math.abs(got - computeRevealBias(0.2, held))).toBeLessThan(0.03)
  })
  test("C6 eclipse: a^D_out where inbound is forced", () => {
    const got = own("C6", { share: 0.4, knobs: { dials: 1 }, ...on })
    expect(Math.abs(got - computeEclipse(0.4, 4))).toBeLessThan(0.008)
  })
  test("D2 shaved samples are found with the power of the F test (K32)", () => {
    const got = own("D2", { share: 0.4, knobs: { samples: 0.8 }, ...on })
    expect(Math.abs(got - computeShavingPower(256, 0.8))).toBeLessThan(0.06)
  })
  test("E1 a ring of five in ten (K24), and the competitive price", () => {
    const price = own("E1", { share: 0.5, knobs: { bidders: 10 }, ...off })
    expect(Math.abs(price - computeRingPrice(10, 5))).toBeLessThan(0.004)
    expect(Math.abs(own("E1", { share: 0.1, knobs: { bidders: 10 }, ...off }) - computeRingPrice(10, 1))).toBeLessThan(0.004)
  })
  test("E8 what a run leaves (K34)", () => {
    const got = own("E8", { share: 0.5, knobs: { ratio: 0.9 }, ...off })
    expect(got).toBeCloseTo(computeRunRemainder(0.9, 0.5), 10)
  })
  test("G1 and G4: a split owner's gain (K17) and a crowded cell (7.2)", () => {
    const names = { names: 10, ratioMilli: 700 }
    expect(own("G1", { share: 0.1, knobs: names, ...off })).toBeCloseTo(computeGeometricGain(10, 0.7), 10)
    const many = entryOf("G4").play({ seed: 1, share: 0.5, knobs: { names: 9 }, ...off })
    const one = entryOf("G4").play({ seed: 1, share: 0.5, knobs: { names: 1 }, ...off })
    expect(many.income / one.income).toBeCloseTo(computeCellGain(9, 1), 10)
  })
})

describe("positive controls", () => {
  const rho = (id: string, setting: Omit<Setting, "seed">): number => advantageOf(entryOf(id).play({ seed: 2, ...setting }))
  test.each<readonly [string, number, Readonly<Record<string, number>>]>([
    ["A6", 0.1, { leaveAfter: 90, hardware: 0.1, identityCost: 10 }],
    ["B4", 0.1, { copies: 10 }],
    ["B8", 0.05, { tenfold: 1 }],
    ["B10", 0.1, { gate: 0 }],
    ["C2", 0.4, { gamma: 0.5 }],
    ["C4", 0.33, { held: 3, good: 0.2 }],
    ["D1", 0.1, {}],
    ["D2", 0.2, { samples: 0.1 }],
    ["D5", 0.1, { names: 100 }],
    ["E1", 0.5, { bidders: 10 }],
    ["E3", 0.1, { discount: 0.5 }],
    ["E7", 0.33, { pump: 3, seconds: 300, akt: 500_000 }],
    ["E8", 0.33, { ratio: 0.9 }],
    ["E9", 0.1, { hours: 1 }],
    ["F2", 0.1, { resold: 0.9 }],
    ["F5", 0.2, { down: 1, up: 1 }],
    ["F6", 0.2, { dropped: 1 }],
    ["F7", 0.2, { phantom: 1 }],
    ["G1", 0.1, { names: 10, ratioMilli: 700 }],
    ["G3", 0.1, { betaMilli: 1000 }],
  ])("%s pays without its defence, and less with it", (id, share, knobs) => {
    const without = rho(id, { share, knobs, ...off })
    expect(without).toBeGreaterThan(1)
    expect(rho(id, { share, knobs, ...on })).toBeLessThan(without)
  })
  test("RNP-015's wallets, washing and a pumped oracle, in closed form", () => {
    expect(computeWashProfit(100, 1, 9)).toBeGreaterThan(0)
    expect(computePush(300_000, 1.14, 300_000, 1.25, 0.0025, 0.9)!.profit).toBeGreaterThan(0)
  })
})

test("every play is a pure function of its setting, and without an adversary nobody cheats", () => {
  for (const id of ["A2", "B5", "D4", "F6", "G2", "E5"]) {
    const e = entryOf(id)
    const knobs = Object.fromEntries(Object.entries(e.knobs).map(([name, k]) => [name, k.tries[0]]))
    const setting = { seed: 3, share: 0.2, knobs, defended: true }
    expect(e.play(setting)).toEqual(e.play(setting))
    const none = e.play({ ...setting, share: 0 })
    expect([none.income, none.paidForNothing], id).toEqual([0, 0])
  }
})
