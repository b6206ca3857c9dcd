/** The statistics against figures that others published or that follow from a formula. */
import { createHash } from "node:crypto"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { draw, stream } from "../../../protocol/kernel/random.ts"
import { latinHypercube, morrisTrajectories, saltelliRows, shuffled } from "./design.ts"
import { bootstrap, isPrecise, meanInterval, moments, pairedDifference, quantileOf } from "./estimate.ts"
import { aggregate, gini } from "./inequality.ts"
import { children, firstGeneration, frontOf, survivors, type Individual } from "./nsga.ts"
import { crowding, dominates, frontsOf } from "./pareto.ts"
import { screen, sobolIndices } from "./sensitivity.ts"
import { SOBOL_DIMENSIONS_MAX, sobolSequence } from "./sobol-sequence.ts"
import { incompleteBeta, lnGamma, studentCdf, studentQuantile } from "./student.ts"

const row = (all: Float64Array, i: number, width: number): readonly number[] => [...all.subarray(i * width, (i + 1) * width)]

describe("Sobol sequence", () => {
  test("begins as Joe and Kuo's does", () => {
    const points = sobolSequence(8, 3)
    expect(Array.from({ length: 8 }, (_, i) => row(points, i, 3))).toEqual([
      [0, 0, 0],
      [0.5, 0.5, 0.5],
      [0.75, 0.25, 0.25],
      [0.25, 0.75, 0.75],
      [0.375, 0.375, 0.625],
      [0.875, 0.875, 0.125],
      [0.625, 0.125, 0.875],
      [0.125, 0.625, 0.375],
    ])
  })

  test("is SciPy's in all 40 dimensions", () => {
    // scipy 1.17.1: qmc.Sobol(40, scramble=False, bits=32).random(1024) × 2^32, as little-endian 32-bit words.
    const words = new DataView(new ArrayBuffer(4 * 1024 * SOBOL_DIMENSIONS_MAX))
    sobolSequence(1024, SOBOL_DIMENSIONS_MAX).forEach((x, i) => words.setUint32(4 * i, x * 2 ** 32, true))
    expect(createHash("sha256").update(words).digest("hex")).toBe(
      "72f9758cbb0ff67beb5e9af3ad9309c49a07ce62a4488df81c8326dd22a045cc",
    )
  })

  test("every dimension puts one point into each of 256 slices, and no two dimensions are alike", () => {
    const points = sobolSequence(256, SOBOL_DIMENSIONS_MAX)
    const columns = Array.from({ length: SOBOL_DIMENSIONS_MAX }, (_, d) =>
      Array.from({ length: 256 }, (__, i) => Math.floor(points[i * SOBOL_DIMENSIONS_MAX + d] * 256)),
    )
    for (const column of columns) expect(new Set(column).size).toBe(256)
    expect(new Set(columns.map((c) => c.join())).size).toBe(SOBOL_DIMENSIONS_MAX)
  })

  test("integrates better than dice: a product of 8 coordinates", () => {
    const error = (points: Float64Array): number => {
      let sum = 0
      for (let i = 0; i < 4096; i++) sum += row(points, i, 8).reduce((p, x) => p * (0.5 + x), 1)
      return Math.abs(sum / 4096 - 1)
    }
    const s = stream(3, "dice")
    const dice = Float64Array.from({ length: 4096 * 8 }, (_, i) => draw(s, i) / 2 ** 32)
    expect(error(sobolSequence(4096, 8, 5))).toBeLessThan(0.002)
    expect(error(sobolSequence(4096, 8, 5))).toBeLessThan(error(dice))
  })

  test("a seed shifts it within the cube; more dimensions than the table has are refused", () => {
    const [a, b] = [sobolSequence(64, 4, 1), sobolSequence(64, 4, 2)]
    expect(a).not.toEqual(b)
    expect(a.every((x) => x > 0 && x < 1)).toBe(true)
    expect(() => sobolSequence(1, 41)).toThrow("41 dimensions")
  })
})

describe("designs", () => {
  test("Latin hypercube: each slice of each axis holds one point", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 6 }), fc.nat(1e6), (n, d, seed) => {
        const points = latinHypercube(n, d, seed)
        for (let k = 0; k < d; k++)
          expect(new Set(Array.from({ length: n }, (_, i) => Math.floor(points[i * d + k] * n))).size).toBe(n)
      }),
      { numRuns: 40 },
    )
  })

  test("Morris: each step moves one axis by the step it says, and each axis moves once", () => {
    const { points, axis, step } = morrisTrajectories(20, 5, 4, 7)
    for (let t = 0; t < 20; t++) {
      expect(new Set(axis.subarray(t * 5, t * 5 + 5)).size).toBe(5)
      for (let s = 0; s < 5; s++) {
        const [a, b] = [row(points, t * 6 + s, 5), row(points, t * 6 + s + 1, 5)]
        const moved = b.flatMap((x, k) => (x === a[k] ? [] : [k]))
        expect(moved).toEqual([axis[t * 5 + s]])
        expect(b[moved[0]] - a[moved[0]]).toBeCloseTo(step[t * 5 + s], 12)
        for (const x of b) expect(x >= 0 && x <= 1).toBe(true)
      }
    }
  })

  test("Saltelli: AB_k is A with one coordinate of B", () => {
    const points = saltelliRows(4, 3, 1)
    const [a, b, ab1] = [0, 1, 3].map((i) => row(points, 5 + i, 3))
    expect(ab1).toEqual([a[0], b[1], a[2]])
  })

  test("shuffling is even: each of 4 lands first about as often", () => {
    const first = [0, 0, 0, 0]
    for (let k = 0; k < 4000; k++) first[shuffled(4, 1, "even", k)[0]]++
    for (const n of first) expect(Math.abs(n - 1000)).toBeLessThan(120)
  })
})

describe("Student", () => {
  test("quantiles as printed in tables", () => {
    for (const [p, df, t] of [
      [0.975, 1, 12.7062047362],
      [0.975, 2, 4.30265272991],
      [0.975, 4, 2.7764451052],
      [0.975, 9, 2.2621571628],
      [0.975, 29, 2.04522964213],
      [0.95, 5, 2.01504837333],
      [0.995, 10, 3.1692726726169],
      [0.975, 1000, 1.9623390808264],
    ] as const)
      expect(studentQuantile(p, df)).toBeCloseTo(t, 8)
  })
  test("its parts: Γ, the beta function, and symmetry", () => {
    expect(lnGamma(5)).toBeCloseTo(3.1780538303479458, 12)
    expect(lnGamma(0.5)).toBeCloseTo(0.5723649429247001, 12)
    expect(incompleteBeta(0.3, 2, 3)).toBeCloseTo(0.3483, 10)
    expect([incompleteBeta(0, 2, 3), incompleteBeta(1, 2, 3)]).toEqual([0, 1])
    expect(studentCdf(1.5, 7) + studentCdf(-1.5, 7)).toBeCloseTo(1, 14)
  })
})

describe("estimates", () => {
  test("a mean with its interval; what is NaN is counted apart", () => {
    const e = meanInterval([2, 4, NaN, 4, 6], 0.95)
    expect(e).toMatchObject({ mean: 4, runs: 4, missing: 1 })
    expect(e.high - e.mean).toBeCloseTo((3.18244630528 * Math.sqrt(8 / 3)) / 2, 8)
  })
  test("one run has no interval, none has no mean", () => {
    expect(meanInterval([3], 0.95).low).toBeNaN()
    expect(meanInterval([], 0.95).mean).toBeNaN()
  })
  test("intervals of a mean and of bootstraps hold the truth about as often as they say", () => {
    const s = stream(11, "cover")
    let [t, b] = [0, 0]
    for (let k = 0; k < 400; k++) {
      // Sums of 12 uniforms are near enough to normal.
      const sample = Float64Array.from({ length: 20 }, (_, i) => {
        let sum = -6
        for (let u = 0; u < 12; u++) sum += draw(s, k, i, u) / 2 ** 32
        return sum
      })
      const e = meanInterval(sample, 0.9)
      if (e.low <= 0 && e.high >= 0) t++
      const { low, high } = bootstrap(20, (picked) => moments(Array.from(picked, (i) => sample[i])).mean, 0.9, k, "cover", 300)
      if (low <= 0 && high >= 0) b++
    }
    expect(t / 400).toBeGreaterThan(0.86)
    expect(t / 400).toBeLessThan(0.94)
    // A percentile bootstrap of 20 is known to be a little short.
    expect(b / 400).toBeGreaterThan(0.82)
  })
  test("shared luck narrows a difference", () => {
    const luck = Float64Array.from({ length: 30 }, (_, i) => draw(stream(1, "luck"), i) / 2 ** 32)
    const d = pairedDifference(
      luck,
      luck.map((x, i) => x + 0.1 + 0.001 * (i % 3)),
      0.95,
    )
    expect(d.low).toBeGreaterThan(0.1)
    expect(d.high).toBeLessThan(0.102)
    expect(d.gain).toBeGreaterThan(1000)
  })
  test("precise: in the measure's unit, or of its mean", () => {
    const e = meanInterval([9, 10, 11, 10], 0.95)
    const half = (e.high - e.low) / 2
    expect(isPrecise(e, { halfWidth: half * 1.01 })).toBe(true)
    expect(isPrecise(e, { halfWidth: half * 0.99 })).toBe(false)
    expect(isPrecise(e, { relative: half / 9.9 })).toBe(true)
    expect(isPrecise(meanInterval([5], 0.95), { relative: 1 })).toBe(false)
    expect(isPrecise(meanInterval([0, 0, 0], 0.95), { relative: 0.01 })).toBe(true)
  })
  test("quantiles between neighbours", () => {
    expect(quantileOf([1, 2, 3, 4], 0.5)).toBe(2.5)
    expect(quantileOf([], 0.5)).toBeNaN()
  })
})

describe("inequality", () => {
  test("known Gini figures", () => {
    expect(gini([1, 1, 1, 1])).toBe(0)
    expect(gini([0, 0, 0, 1])).toBeCloseTo(0.75, 12)
    expect(aggregate(Float64Array.of(4, 1, 3, 2), "gini")).toBeCloseTo(0.25, 12)
    expect(gini([0, 0])).toBeNaN()
    expect(gini([-1, 2])).toBeNaN()
  })
  test("other figures, whatever the order", () => {
    const x = Float64Array.from({ length: 20 }, (_, i) => (i * 7) % 20)
    expect(["mean", "total", "lowest", "highest", "p50", "topTenth"].map((as) => aggregate(x, as as never))).toEqual([
      9.5,
      190,
      0,
      19,
      9.5,
      37 / 190,
    ])
    expect(aggregate(new Float64Array(0), "mean")).toBeNaN()
  })
})

// Ishigami (a = 7, b = 0.1) on [-π, π]³ and Sobol's G: both have indices in closed form.
const TAU = 2 * Math.PI
const ishigami = (u: readonly number[]): number => {
  const [a, b] = u.map((x) => Math.sin(TAU * x - Math.PI))
  const z = TAU * u[2] - Math.PI
  return a + 7 * b * b + 0.1 * z ** 4 * a
}
const V1 = 0.5 * (1 + (0.1 * Math.PI ** 4) / 5) ** 2
const V2 = 49 / 8
const V13 = (0.01 * Math.PI ** 8 * 8) / 225
const V = V1 + V2 + V13
const G = [0, 1, 4.5, 9, 99, 99]
const sobolG = (u: readonly number[]): number => u.reduce((p, x, k) => (p * (Math.abs(4 * x - 2) + G[k])) / (1 + G[k]), 1)
const gParts = G.map((a) => 1 / (3 * (1 + a) ** 2))
const gV = gParts.reduce((p, v) => p * (1 + v), 1) - 1

const outputs = (design: Float64Array, axes: number, of: (u: readonly number[]) => number): Float64Array =>
  Float64Array.from({ length: design.length / axes }, (_, i) => of(row(design, i, axes)))

describe("sensitivity", () => {
  test.each([
    ["Ishigami", 3, ishigami, [V1 / V, V2 / V, 0], [(V1 + V13) / V, V2 / V, V13 / V]],
    [
      "Sobol's G",
      6,
      sobolG,
      gParts.map((v) => v / gV),
      gParts.map((v, k) => (v * gParts.reduce((p, w, j) => (j === k ? p : p * (1 + w)), 1)) / gV),
    ],
  ] as const)("%s: first and total indices are the analytic ones, and lie in their intervals", (_, axes, f, first, total) => {
    const found = sobolIndices(outputs(saltelliRows(2048, axes, 1), axes, f), axes, 0.99, 1)
    for (let k = 0; k < axes; k++) {
      expect(found[k].first).toBeCloseTo(first[k], 1.4)
      expect(found[k].total).toBeCloseTo(total[k], 1.4)
      expect(found[k].firstLow - 0.005).toBeLessThanOrEqual(first[k])
      expect(found[k].firstHigh + 0.005).toBeGreaterThanOrEqual(first[k])
      expect(found[k].totalLow - 0.005).toBeLessThanOrEqual(total[k])
      expect(found[k].totalHigh + 0.005).toBeGreaterThanOrEqual(total[k])
      expect(found[k].firstHigh - found[k].firstLow).toBeLessThan(0.2)
    }
  })

  test("a constant has no indices, and rows with a hole are left out", () => {
    const design = saltelliRows(64, 2, 1)
    expect(sobolIndices(new Float64Array(256).fill(3), 2, 0.95, 1)[0].first).toBeNaN()
    const y = outputs(design, 2, (u) => u[0])
    y[5] = NaN
    const [a, b] = sobolIndices(y, 2, 0.95, 1)
    expect(a.total).toBeCloseTo(1, 1)
    expect(b.total).toBeCloseTo(0, 8)
  })

  test("Morris: a line has μ* its slope and no σ; a bend has σ; an idle input has neither", () => {
    const design = morrisTrajectories(40, 4, 4, 3)
    const y = outputs(design.points, 4, ([a, b, c]) => 3 * a - 5 * b + 8 * (c - 0.5) * (c - 0.5) * a)
    const [a, b, c, d] = screen(design, y, 0.95, 1)
    expect(b).toMatchObject({ muStar: expect.closeTo(5, 10), mu: expect.closeTo(-5, 10), sigma: expect.closeTo(0, 8) })
    expect(d).toMatchObject({ muStar: 0, sigma: 0 })
    expect(a.sigma).toBeGreaterThan(0.3)
    expect(c.sigma).toBeGreaterThan(1)
    expect(c.muStarLow).toBeLessThanOrEqual(c.muStar)
    expect(c.muStarHigh).toBeGreaterThanOrEqual(c.muStar)
  })

  test("Morris ranks Ishigami's inputs: all three act, the third only through the first", () => {
    const design = morrisTrajectories(100, 3, 6, 2)
    const found = screen(design, outputs(design.points, 3, ishigami), 0.95, 1)
    expect(Math.min(...found.map((s) => s.muStar))).toBeGreaterThan(1)
    expect(Math.abs(found[2].mu)).toBeLessThan(found[2].muStar)
  })
})

describe("several goals", () => {
  test("dominance, fronts and crowding", () => {
    expect(dominates([1, 2], [1, 3])).toBe(true)
    expect(dominates([1, 2], [1, 2])).toBe(false)
    expect(dominates([1, 4], [2, 3])).toBe(false)
    expect(dominates([1, 1], [NaN, 1])).toBe(true)
    const goals = [
      [1, 4],
      [2, 2],
      [4, 1],
      [3, 3],
      [5, 5],
    ]
    expect([...frontsOf(goals)]).toEqual([0, 0, 0, 1, 2])
    expect([...crowding(goals, [0, 1, 2])].slice(0, 3)).toEqual([Infinity, 2, Infinity])
  })

  test("no point of a front is dominated, and every other point is", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(9), fc.nat(9), fc.nat(9)), { minLength: 1, maxLength: 40 }), (goals) => {
        const fronts = frontsOf(goals)
        goals.forEach((g, i) => expect(goals.some((h) => dominates(h, g))).toBe(fronts[i] !== 0))
      }),
    )
  })

  test("the search finds ZDT1's front: f2 = 1 - √f1", () => {
    const zdt1 = (x: Float64Array): readonly number[] => {
      const g = 1 + (9 * x.slice(1).reduce((a, b) => a + b, 0)) / (x.length - 1)
      return [x[0], g * (1 - Math.sqrt(x[0] / g))]
    }
    const asked = (x: Float64Array): Individual => ({ x, goals: zdt1(x) })
    let alive: readonly Individual[] = firstGeneration(40, 6, 1).map(asked)
    for (let g = 1; g <= 80; g++) alive = survivors([...alive, ...children(alive, g, 1).map(asked)], 40)
    const front = frontOf(alive)
    expect(front.length).toBeGreaterThan(30)
    for (const { goals } of front) expect(goals[1] - (1 - Math.sqrt(goals[0]))).toBeLessThan(0.05)
    const f1 = front.map((i) => i.goals[0])
    expect(Math.max(...f1) - Math.min(...f1)).toBeGreaterThan(0.9)
    expect(children(alive, 3, 1)).toEqual(children(alive, 3, 1))
  })
})
