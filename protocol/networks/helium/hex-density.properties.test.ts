import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import * as decimal from "../../kernel/decimal.ts"
import { parentCell, resolutionOf } from "../../kernel/geometry.ts"
import { computeHexScalesE4, planHexDensity } from "./hex-density-batch.ts"
import { computeHexLimit, computeHexScales, countHexes, HIP104_LEVELS, HIP17_LEVELS, type HexLevel } from "./hex-density.ts"

/** A made-up grid: a cell's ring is its parent's seven children. The laws hold for any symmetric ring. */
const siblings = {
  gridDisk1(cell: bigint): bigint[] {
    const res = resolutionOf(cell)
    const shift = 3n * BigInt(15 - res)
    const family = cell & ~(7n << shift)
    return [0n, 1n, 2n, 3n, 4n, 5n, 6n].map((digit) => family | (digit << shift))
  },
}

/** A resolution-12 cell of base cell 20 from its digits. */
const cellOf = (digits: number[]): bigint => {
  let cell = (1n << 59n) | (12n << 52n) | (20n << 45n)
  for (let res = 1; res <= 15; res++) cell |= BigInt(res <= 12 ? digits[res - 1] : 7) << (3n * BigInt(15 - res))
  return cell
}

// Few digits in the coarse places, so that fleets are crowded.
const crowdedCell = fc
  .tuple(
    fc.constant([0, 1, 2]),
    fc.array(fc.nat(1), { minLength: 5, maxLength: 5 }),
    fc.array(fc.nat(6), { minLength: 4, maxLength: 4 }),
  )
  .map((parts) => cellOf(parts.flat()))
const fleet = fc.array(crowdedCell, { minLength: 1, maxLength: 300 })
const levelsOf = (target: number, max: number): HexLevel[] =>
  [4, 5, 6, 7, 8, 9, 10].map((res) => ({ res, n: 2, target, max: Math.max(target, max) }))
const levels = fc.oneof(
  fc.constantFrom(HIP17_LEVELS, HIP104_LEVELS),
  fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 12 })).map(([target, max]) => levelsOf(target, max)),
)

describe("the batch equals the rule", () => {
  test("for every hotspot of a whole fleet", () =>
    fc.assert(
      fc.property(fleet, levels, (cells, rule) => {
        const scales = computeHexScales(cells, rule, 11, siblings)
        const batch = new Int32Array(cells.length)
        computeHexScalesE4(planHexDensity(cells, rule, 11, siblings), batch)
        expect(Array.from(batch)).toEqual(cells.map((cell) => Number(scales.get(cell)!.units)))
      }),
      { numRuns: 60 },
    ))
  test("and for any part of it that is active, the rest at the default", () =>
    fc.assert(
      fc.property(fleet, levels, fc.infiniteStream(fc.nat(1)), (cells, rule, coins) => {
        const isActive = Uint8Array.from(cells, () => coins.next().value!)
        const scales = computeHexScales(
          cells.filter((_, i) => isActive[i] === 1),
          rule,
          11,
          siblings,
        )
        const batch = new Int32Array(cells.length)
        const plan = planHexDensity(cells, rule, 11, siblings)
        computeHexScalesE4(plan, batch)
        computeHexScalesE4(plan, batch, isActive, 2000)
        expect(Array.from(batch)).toEqual(cells.map((cell) => Number(scales.get(cell)?.units ?? 2000n)))
      }),
      { numRuns: 60 },
    ))
})

describe("laws of the map", () => {
  test("no cell counts more than it holds, nor more than its level allows", () =>
    fc.assert(
      fc.property(fleet, levels, (cells, rule) => {
        const counts = countHexes(cells, rule, 11, siblings)
        for (const [cell, { clipped, unclipped }] of counts) {
          expect(clipped).toBeGreaterThan(0)
          expect(clipped).toBeLessThanOrEqual(unclipped)
          const max = rule.find(({ res }) => res === resolutionOf(cell))?.max
          if (max !== undefined) expect(clipped).toBeLessThanOrEqual(max)
        }
      }),
      { numRuns: 40 },
    ))
  test("the order of hotspots does not matter", () =>
    fc.assert(
      fc.property(fleet, levels, (cells, rule) => {
        const there = computeHexScales(cells, rule, 11, siblings)
        const back = computeHexScales(cells.toReversed(), rule, 11, siblings)
        for (const [cell, scale] of there) expect(back.get(cell)).toEqual(scale)
      }),
      { numRuns: 40 },
    ))
  test("the limit never falls as neighbours fill", () =>
    fc.assert(
      fc.property(fc.record({ n: fc.nat(5), target: fc.nat(50), max: fc.nat(500) }), fc.nat(6), (rule, occupied) => {
        expect(computeHexLimit(rule, occupied + 1)).toBeGreaterThanOrEqual(computeHexLimit(rule, occupied))
      }),
    ))
})

test("a hotspot alone keeps its full scale", () =>
  expect(decimal.format([...computeHexScales([cellOf(Array(12).fill(0))], HIP104_LEVELS, 11, siblings).values()][0])).toBe("1"))

test("given a cell coarser than the counting resolution, then it is left out, and the batch gives it the default", () => {
  const coarse = parentCell(cellOf(Array(12).fill(1)), 9)
  expect(computeHexScales([coarse], HIP104_LEVELS, 11, siblings).size).toBe(0)
  const batch = new Int32Array(1)
  computeHexScalesE4(planHexDensity([coarse], HIP104_LEVELS, 11, siblings), batch)
  expect(batch[0]).toBe(2000)
})

test("a level whose result would depend on the order of cells is refused", () =>
  expect(() => planHexDensity([], [{ res: 8, n: 2, target: 4, max: 2 }], 11, siblings)).toThrow(RangeError))
