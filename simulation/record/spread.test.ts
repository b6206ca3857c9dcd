/** How evenly incomes are spread, on figures that can be worked out by hand. */
import { expect, test } from "vitest"
import { spreadOf } from "./spread.ts"

test("all alike: no inequality, and the top tenth has a tenth", () =>
  expect(spreadOf(new Float64Array(100).fill(7))).toEqual({
    nodes: 100,
    earners: 100,
    total: 700,
    giniPpm: 0,
    top1Ppm: 10_000,
    top10Ppm: 100_000,
  }))
test("one has all: (n - 1) / n", () => {
  const incomes = new Float64Array(100)
  incomes[31] = 5
  expect(spreadOf(incomes)).toMatchObject({ earners: 1, giniPpm: 990_000, top1Ppm: 1_000_000, top10Ppm: 1_000_000 })
})
test("1, 2, 3, 4: a quarter", () => expect(spreadOf(Float64Array.of(4, 1, 3, 2)).giniPpm).toBe(250_000))
test("nobody earned", () =>
  expect(spreadOf(new Float64Array(3))).toMatchObject({ earners: 0, total: 0, giniPpm: 0, top10Ppm: 0 }))
