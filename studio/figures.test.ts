/** Figures, sliders and verdicts: what the page says must follow from what it was given. */
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { params as economyParams } from "../browser/economy/params.ts"
import { CUT_OFF, STOPPED } from "../browser/messages.ts"
import { Session } from "../browser/session.ts"
import { readScenario, type Scenario } from "../protocol/boundary/scenario.ts"
import type { Param } from "../protocol/kernel/param.ts"
import { networks } from "../protocol/networks/index.ts"
import { resolve } from "../simulation/engine/resolve.ts"
import { ticks } from "./chart.ts"
import { contrast } from "./colour.ts"
import { gini, histogram, lorenz, plainUnit, quantile, short, sum } from "./figures.ts"
import { kindOf } from "./life-panel.ts"
import { countSteps } from "./map.ts"
import { previewOf } from "./preview.ts"
import { picksOf } from "./scenarios.ts"
import { answers, groupsOf, placeOf, valueAt, wordsOf } from "./sliders.ts"
import { verdictOfOne, verdictOfTwo, type Outcome } from "./verdict.ts"

const incomes = fc
  .array(fc.integer({ min: 0, max: 1e9 }), { minLength: 1, maxLength: 60 })
  .map((v) => Float64Array.from(v).sort())

test("inequality: nought when all have the same, near one when one has all; the curve ends at one and never bends up", () => {
  expect(gini([5, 5, 5, 5])).toBeCloseTo(0)
  expect(gini([0, 0, 0, 10])).toBeCloseTo(0.75)
  fc.assert(
    fc.property(incomes, (v) => {
      const curve = lorenz(v, 20)
      expect(curve.at(-1)).toBeCloseTo(1)
      for (let i = 1; i < curve.length; i++) expect(curve[i]).toBeGreaterThanOrEqual(curve[i - 1] - 1e-12)
      expect(gini(v)).toBeGreaterThanOrEqual(-1e-9)
      expect(gini(v)).toBeLessThan(1)
      expect(sum(histogram(v, quantile(v, 0.9)))).toBe(v.length)
    }),
  )
})

test("numbers as people write them", () => {
  expect([0, 5, 0.052, 104.3, 12_345, 1_234_567, 2.5e13, -3e6].map((n) => short(n))).toEqual([
    "0",
    "5",
    "0.052",
    "104",
    "12,345",
    "1.23 million",
    "25 trillion",
    "-3 million",
  ])
  expect(plainUnit(2_500_000, "microUSD a month")).toEqual({ value: 2.5, unit: "USD a month" })
  expect(plainUnit(3e8, "bones (1e-8 HNT)")).toEqual({ value: 3, unit: "HNT" })
  expect(plainUnit(5, "nodes")).toEqual({ value: 5, unit: "nodes" })
  expect(ticks(0, 1)).toEqual([0, 0.5, 1])
})

describe("sliders", () => {
  const all: readonly (readonly [string, Param])[] = [economyParams, ...Object.values(networks).map((n) => n.params)].flatMap(
    (params) => Object.entries(params as Record<string, Param>),
  )

  test("every parameter of every network: both ends are reached, every place is a whole number in range, and places ascend", () => {
    expect(all.length).toBeGreaterThan(300)
    for (const [name, param] of all) {
      const [min, max] = param.range
      const last = Math.min(1000, max - min)
      expect([valueAt(param, 0), valueAt(param, last)], name).toEqual([min, max])
      let before = -Infinity
      for (let place = 0; place <= last; place += 7) {
        const value = valueAt(param, place)
        if (!(Number.isSafeInteger(value) && value >= min && value <= max && value >= before))
          expect(value, name).toBe("a whole number in range")
        before = value
      }
      const place = placeOf(param, param.default)
      expect(place >= 0 && place <= last, name).toBe(true)
    }
  })

  test("groups hold every parameter once, and a search finds it by name, words or reason", () => {
    const { params } = networks.helium
    const names = Object.keys(params)
    const groups = groupsOf(params)
    expect([...groups.values()].flat().sort()).toEqual(names.toSorted())
    expect(groups.get("Resilience: diversity bonus")).toContain("diversityBetaMilli")
    // Those without a topic: by the first word of their names, and the others together at the end.
    const bare = Object.fromEntries(names.map((name) => [name, { ...params[name as keyof typeof params], topic: undefined }]))
    const byName = groupsOf(bare as unknown as typeof params)
    expect([...byName.values()].flat().sort()).toEqual(names.toSorted())
    expect(byName.get("density")).toHaveLength(23)
    expect([...byName.keys()].at(-1)).toBe("other")
    expect(wordsOf("emissionTokensPerDay")).toBe("emission tokens per day")
    expect(answers("witnessesMax", params.witnessesMax, "witnesses max")).toBe(true)
    expect(answers("witnessesMax", params.witnessesMax, "zebra")).toBe(false)
  })
})

test("every scenario that can be picked can be run", () => {
  for (const network of Object.keys(networks))
    for (const { name, scenario } of picksOf(network)) expect(() => resolve(readScenario(scenario)), name).not.toThrow()
})

test("a node's byte is one step of the legend", () => {
  expect(countSteps(Uint8Array.of(0, 1, 2, 25, 26, 125, 126, 225, 226, 250, CUT_OFF, STOPPED))).toEqual([2, 2, 2, 2, 2, 1, 1])
})

test("black on white has the contrast it has", () => {
  expect(contrast("#000", "rgb(255, 255, 255)")).toBeCloseTo(21)
  expect(contrast("#767676", "#ffffff")).toBeCloseTo(4.54, 1)
})

test("what an event is to its node", () => {
  const kind = (type: string, row = {}, side: "protocol" | "world" | "refusal" = "protocol") => kindOf({ type, row, side })
  expect(kind("RewardPaid", { node: 3, beacon: 7 })).toBe("reward")
  expect(kind("RewardPaid", { node: 3, beacon: 0 })).toBe("other")
  expect(kind("FaultFeeCharged", { node: 3, paid: 5 })).toBe("penalty")
  expect(kind("WindowPoStSubmitted")).toBe("proof")
  expect(kind("beacon_too_soon", {}, "refusal")).toBe("penalty")
  expect(kind("NodeStopped", {}, "world")).toBe("other")
})

describe("verdicts", () => {
  const outcome = (income: readonly number[], served: readonly number[], extra: Partial<Outcome> = {}): Outcome => ({
    nodeWord: "node",
    nodes: income.length,
    offered: served.map(() => 100),
    served,
    income: Float64Array.from(income),
    incomeUnit: "tokens",
    ...extra,
  })

  test("of one run", () => {
    expect(verdictOfOne(outcome([1, 2, 3, 0], [100, 50]))).toEqual([
      "Users got 75% of what they asked for; in the worst epoch 50%.",
      "The node in the middle was paid 2 tokens; the best tenth have 50% of it all (Gini 0.42), and 1 of 4 got nothing.",
    ])
    expect(verdictOfOne(outcome([], []))).toEqual(["Nothing has run yet."])
  })

  test("of two: node by node, and silent about what is the same", () => {
    const a = outcome([1, 2, 3], [100], { supply: { word: "supply", last: 100 } })
    expect(verdictOfTwo(a, a)).toEqual(["Users are served alike: 100% in both.", "Every node is paid the same in both."])
    expect(verdictOfTwo(a, outcome([2, 4, 1], [90], { supply: { word: "supply", last: 110 } }))).toEqual([
      "Users are served worse in B: 90% against 100% in A.",
      "Of 3 nodes, 2 are paid more in B, 1 less; all together 16.7% more. Income is less equal: Gini 0.29 against 0.22.",
      "At the end supply is 10% higher in B.",
    ])
  })
})

describe("a preview", () => {
  const run = (networks: Scenario["networks"]): Scenario => ({
    name: "p",
    question: "q",
    begins: "2026-01-01T00:00:00Z",
    lasts: { days: 2 },
    seed: 1,
    epoch: { days: 1 },
    networks,
  })
  test("has fewer nodes and the same rules; a small run has none", () => {
    const big = run({ helium: { nodes: 10_000, change: { witnessesMax: 9 } }, cdn: { nodes: 50 } })
    expect(previewOf(big)?.networks).toEqual({
      helium: { nodes: 200, change: { witnessesMax: 9 } },
      cdn: { nodes: 50 },
    })
    expect(previewOf(run({ helium: { nodes: 200 } }))).toBeUndefined()
  })
  test("its nodes stand where the first ones of the full run stand", () => {
    for (const network of ["helium", "filecoin", "render", "akash"]) {
      const full = run({ [network]: { nodes: 1000 } })
      const [few, all] = [previewOf(full)!, full].map((s) => new Session(s, { hasSnapshots: false }).about().networks[0])
      expect(few.nodes).toBeLessThan(all.nodes)
      expect(few.latE7).toEqual(all.latE7.slice(0, few.nodes))
      expect(few.lngE7).toEqual(all.lngE7.slice(0, few.nodes))
    }
  })
})
