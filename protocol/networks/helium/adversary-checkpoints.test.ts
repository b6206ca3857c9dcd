/** Checkpoints K09 and K10 of the adversaries fact sheet on Helium's own rules: what a clique earns, and what a farm does to the density scale. */
import { cellToChildren, cellToParent, gridDisk, latLngToCell } from "h3-js"
import { expect, test } from "vitest"
import { h3Geometry } from "../../boundary/geometry.ts"
import * as decimal from "../../kernel/decimal.ts"
import { computeBeaconUnits } from "../../resilience/adversary/identity.ts"
import { computeHexScales, HEX_COUNT_RES, HIP104_LEVELS } from "./hex-density.ts"
import { computeRewardUnits } from "./reward-units.ts"

test("K09 units of a beacon: a clique of five already reaches the most", () => {
  const rule = { n: 4, r: decimal.parse("0.8"), cap: decimal.parse(2) }
  const units = (w: number): number => {
    const { beaconer, witness } = computeRewardUnits(w, rule)
    return Number(decimal.format(beaconer)) + w * Number(decimal.format(witness))
  }
  for (const w of [1, 2, 3, 4]) expect(units(w)).toBe(computeBeaconUnits(w))
  for (const w of [5, 8]) expect(Math.abs(units(w) - computeBeaconUnits(w))).toBeLessThan(5e-4)
  // Rounded to four digits, fourteen make a little more.
  expect(units(14)).toBeCloseTo(5.0006, 10)
})

const HOME = latLngToCell(47.37, 8.54, 12)
const scalesOf = (hotspots: readonly string[]): readonly number[] => {
  const cells = hotspots.map((cell) => BigInt(`0x${cell}`))
  const scales = computeHexScales(cells, HIP104_LEVELS, HEX_COUNT_RES, h3Geometry)
  return cells.map((cell) => Number(decimal.format(scales.get(cell)!)))
}
const sum = (all: readonly number[]): number => all.reduce((a, b) => a + b, 0)

test("K10 eight in one cell of resolution 11 share one; apart they have one each", () => {
  const inside = cellToChildren(cellToParent(HOME, 11), 12)
  const crowd = scalesOf(Array.from({ length: 8 }, (_, i) => inside[i % inside.length]))
  expect(new Set(crowd)).toEqual(new Set([0.125]))
  expect(sum(crowd)).toBe(1)
  const apart = Array.from({ length: 8 }, (_, i) => latLngToCell(-40 + 11 * i, -120 + 31 * i, 12))
  expect(sum(scalesOf(apart))).toBe(8)
})

test("K10 one in each cell of resolution 8 over a disk: seven keep all, nineteen 17, thirty-seven 31", () => {
  const disk = (radius: number): readonly string[] =>
    gridDisk(latLngToCell(47.37, 8.54, 8), radius).map((cell) => cellToChildren(cell, 12)[0])
  expect([1, 2, 3].map((radius) => Math.round(sum(scalesOf(disk(radius))) * 1000) / 1000)).toEqual([7, 17, 31])
})
