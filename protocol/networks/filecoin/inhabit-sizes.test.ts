/** Unequal providers: sizes as published, a fixed sum, and the figures that say how concentrated power is. */
import * as fc from "fast-check"
import { expect, test } from "vitest"
import { drawSizes } from "./inhabit-sizes.ts"
import { computeFewest, computeGini } from "./inhabit-truth.ts"

const PUBLISHED = 1529

test("0 makes all equal", () => {
  expect([...drawSizes(1, 5, 233, 0)]).toEqual([233, 233, 233, 233, 233])
})

test("the published spread: three quarters of providers below four parts in 4.6 of the mean, 1 % above eleven", () => {
  const sizes = drawSizes(7, 40_000, 10_000, PUBLISHED)
  // Fitted in PiB: mean exp(0.355 + 1.529^2 / 2) = 4.59, so 4, 20 and 50 PiB are these multiples of the mean.
  const above = (pib: number) => sizes.filter((s) => s > (10_000 * pib) / 4.59).length / sizes.length
  expect(above(4)).toBeGreaterThan(0.23)
  expect(above(4)).toBeLessThan(0.28)
  expect(above(20)).toBeGreaterThan(0.03)
  expect(above(20)).toBeLessThan(0.055)
  expect(above(50)).toBeGreaterThan(0.006)
  expect(above(50)).toBeLessThan(0.013)
  // Gini of a lognormal: 2 Φ(1.529 / √2) - 1 = 0.72.
  expect(Math.abs(computeGini(Float64Array.from(sizes)) - 720)).toBeLessThan(25)
})

test("concentration moves power between providers and never changes what they bring together", () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 50, max: 2000 }),
      fc.nat(3000),
      (seed, nodes, mean, spread) => {
        const sizes = drawSizes(seed, nodes, mean, spread)
        const sum = sizes.reduce((a, b) => a + b, 0)
        expect(Math.min(...sizes)).toBeGreaterThanOrEqual(1)
        // Half a sector of rounding each, and those who would have none have one.
        expect(Math.abs(sum - nodes * mean)).toBeLessThanOrEqual(nodes)
        expect(drawSizes(seed, nodes, mean, spread)).toEqual(sizes)
      },
    ),
  )
})

test("Gini and the fewest that hold a part are what their definitions say", () => {
  expect(computeGini(Float64Array.of(5, 5, 5))).toBe(0)
  expect(computeGini(Float64Array.of(0, 0, 0, 1))).toBe(750)
  expect(computeGini(Float64Array.of(3, 1))).toBe(250)
  expect(computeGini(new Float64Array(4))).toBe(0)
  expect([1 / 3, 1 / 2, 0.9].map((part) => computeFewest(Float64Array.of(1, 4, 3, 2), part))).toEqual([1, 2, 4])
  // Exactly a half is not more than it.
  expect(computeFewest(Float64Array.of(5, 5), 1 / 2)).toBe(2)
  expect(computeFewest(new Float64Array(3), 1 / 2)).toBe(0)
})
