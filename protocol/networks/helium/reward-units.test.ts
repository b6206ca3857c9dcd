import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import * as decimal from "../../kernel/decimal.ts"
import { computeProposedUnits, computeRewardUnits, rewardUnitsE4 } from "./reward-units.ts"

const hip15 = { n: 4, r: decimal.parse("0.8"), cap: decimal.parse("2") }

describe("given HIP-15's parameters", () => {
  // The table of facts/helium.md section 2.4.
  test.each([
    [1, 2500, 10000],
    [2, 5000, 10000],
    [4, 10000, 10000],
    [5, 12000, 7600],
    [6, 13600, 6067],
    [7, 14880, 5017],
    [8, 15904, 4262],
    [10, 17379, 3262],
    [12, 18322, 2640],
    [14, 18926, 2220],
  ])("%i witnesses pay the beaconer %i and each witness %i (1e-4)", (w, beaconer, witness) => {
    const table = rewardUnitsE4(14, hip15)
    expect([table.beaconer[w], table.witness[w]]).toEqual([beaconer, witness])
  })
  test("nobody hears, nobody earns", () => {
    const table = rewardUnitsE4(0, hip15)
    expect([table.beaconer[0], table.witness[0]]).toEqual([0, 0])
  })
  test("the ceiling of 1 that held until chain variable 83 binds", () =>
    expect(decimal.format(computeRewardUnits(9, { ...hip15, cap: decimal.one }).beaconer)).toBe("1"))
  test("halves go to the even neighbour", () => {
    // 1/32 = 0.03125, 3/32 = 0.09375
    const rule = { ...hip15, n: 32 }
    expect([1, 3].map((w) => decimal.format(computeRewardUnits(w, rule).beaconer))).toEqual(["0.0312", "0.0938"])
  })
})

test("a beaconer gains and a witness loses with every further witness", () => {
  const table = rewardUnitsE4(60, hip15)
  for (let w = 1; w < 60; w++) {
    expect(table.beaconer[w + 1]).toBeGreaterThanOrEqual(table.beaconer[w])
    expect(table.witness[w + 1]).toBeLessThanOrEqual(table.witness[w])
  }
})

test("without invalid witnesses the proposal and the code agree", () =>
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), (w) => {
      const proposed = computeProposedUnits(w, 0, { n: 4, r: 0.8, cap: 2 })
      const paid = computeRewardUnits(w, hip15)
      expect(Math.abs(proposed.beaconer - decimal.toNumber(paid.beaconer))).toBeLessThan(0.00006)
      expect(Math.abs(proposed.witnessEach - decimal.toNumber(paid.witness))).toBeLessThan(0.00006)
    }),
  ))

test("in the proposal an invalid witness costs the beaconer and earns nothing", () =>
  expect(computeProposedUnits(4, 1, { n: 4, r: 0.8, cap: 2 })).toEqual({
    witnessEach: 1,
    witnessTotal: 3,
    beaconer: 0.75,
    total: 3.75,
  }))
