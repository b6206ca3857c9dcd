/** Mechanism 10: who earns more, what splitting and squatting bring, where free entry ends, and what evenness costs. */
import { describe, expect, test } from "vitest"
import { defaults } from "../kernel/param.ts"
import { registry, REGISTERED } from "../registry/registry.ts"
import { computeEntryShares, measureSpread, splitByDiversity } from "./diversity.ts"
import { Dice } from "./ensemble/dice.ts"
import { diversityParams as params } from "./params.ts"

describe("diversity-weighted reward", () => {
  const book = registry(100)
  for (let node = 0; node < 100; node++) {
    book.nodes.status[node] = REGISTERED
    book.nodes.owner[node] = node
    book.nodes.country[node] = node < 70 ? 1 : node < 90 ? 2 : node < 99 ? 3 : 0
  }
  const pay = (work: (node: number) => number, changes: Readonly<Record<string, number>> = {}) => {
    const weights = new Float64Array(100)
    const into = new Float64Array(100)
    const dust = splitByDiversity(
      book,
      1_000_000,
      Float64Array.from({ length: 100 }, (_, n) => work(n)),
      { ...defaults(params), diversityKinds: 1, ...changes },
      weights,
      into,
    )
    expect(into.reduce((a, b) => a + b, 0) + dust).toBe(1_000_000)
    return into
  }
  test("the scarce earn more from the same pool; who does not say where earns least; presence alone earns nothing", () => {
    const p = pay(() => 60)
    expect(p[95]).toBeGreaterThan(p[80])
    expect(p[80]).toBeGreaterThan(p[0])
    expect(p[99]).toBeLessThan(p[0])
    expect(pay((n) => (n === 95 ? 0 : 60))[95]).toBe(0)
    const flat = pay(() => 60, { diversityBetaMilli: 0 })
    expect(flat[95]).toBe(flat[0])
  })
  test("splitting a node's work over many names changes nothing", () => {
    const before = pay((n) => (n === 0 ? 60 : n === 1 ? 0 : 60))
    const after = pay((n) => (n < 2 ? 30 : 60))
    expect(Math.abs(before[0] - (after[0] + after[1]))).toBeLessThanOrEqual(2)
  })
  test("free entry ends where the closed form says, and β buys evenness at a price", () => {
    expect(computeEntryShares([1, 1.5], 0.5)[0]).toBeCloseTo(0.6923, 4)
    expect(computeEntryShares([1, 1.5], 1)[0]).toBeCloseTo(0.6, 4)
    expect(computeEntryShares([1, 1.5], 2)[0]).toBeCloseTo(0.5505, 4)
    const costs = [1, 1.1, 1.3, 1.6, 2]
    const spreads = [0, 0.25, 0.5, 1].map((beta) => measureSpread(computeEntryShares(costs, beta), costs))
    for (let i = 1; i < spreads.length; i++) {
      expect(spreads[i].effectiveDomains).toBeGreaterThan(spreads[i - 1].effectiveDomains)
      expect(spreads[i].overhead).toBeGreaterThan(spreads[i - 1].overhead)
      expect(spreads[i].largest).toBeLessThan(spreads[i - 1].largest)
    }
    expect(spreads[0]).toMatchObject({ effectiveDomains: 1, overhead: 1 })
  })
  test("entrants who follow the money arrive there too", () => {
    const costs = [1, 1.5]
    const r = registry(1000)
    for (let n = 0; n < 1000; n++) {
      r.nodes.status[n] = REGISTERED
      r.nodes.country[n] = n % 10 === 0 ? 2 : 1
    }
    const work = new Float64Array(1000).fill(1000)
    const weights = new Float64Array(1000)
    const into = new Float64Array(1000)
    const dice = new Dice(1, "test/entry")
    for (let round = 0; round < 3000; round++) {
      splitByDiversity(
        r,
        1_000_000_000,
        work,
        {
          ...defaults(params),
          diversityKinds: 1,
          diversityBetaMilli: 1000,
          diversityWeightMinPermille: 1,
          diversityWeightMaxPermille: 100_000,
        },
        weights,
        into,
      )
      const one = r.nodes.country.indexOf(1)
      const two = r.nodes.country.indexOf(2)
      const better = into[two] / costs[1] > into[one] / costs[0] ? 2 : 1
      r.nodes.country[dice.below(1000)] = better
    }
    const share = r.nodes.country.reduce((n, c) => n + (c === 1 ? 1 : 0), 0) / 1000
    expect(share).toBeCloseTo(0.6, 1)
  })
})
