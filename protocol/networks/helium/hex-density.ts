/**
 * Transmit scale by hotspot density (HIP-17, parameters of HIP-104): a hotspot in a crowded hex earns less for the same beacon.
 * This is the rule as it reads; `hex-density-batch.ts` is the same rule over a whole fleet in typed arrays.
 * Sources: HIP-17, HIP-104; helium/oracles@824f7724 iot_verifier/src/hex_density.rs; parameters of HIP-17 at
 * helium/oracles@a548e061, same file.
 */

import * as decimal from "../../kernel/decimal.ts"
import type { Decimal } from "../../kernel/decimal.ts"
import { parentCell, resolutionOf, type Geometry } from "../../kernel/geometry.ts"

/** What one H3 resolution allows. */
export interface HexLevel {
  readonly res: number
  /** Cells of the one-ring that must be occupied before the limit grows (N). */
  readonly n: number
  /** Hotspots per cell that always count; also what makes a cell "occupied". */
  readonly target: number
  /** Hotspots per cell that can count at most. */
  readonly max: number
}

const level = (res: number, n: number, target: number, max: number): HexLevel => ({ res, n, target, max })

/** HIP-17 as the oracles ran it until 2024-01-26 (helium/oracles@a548e061). */
export const HIP17_LEVELS: readonly HexLevel[] = [
  level(10, 2, 1, 1),
  level(9, 2, 1, 2),
  level(8, 2, 1, 4),
  level(7, 2, 5, 20),
  level(6, 1, 25, 100),
  level(5, 1, 100, 400),
  level(4, 1, 250, 800),
]

/** HIP-104, from 2024-01-26 (helium/oracles@824f7724). */
export const HIP104_LEVELS: readonly HexLevel[] = [
  level(10, 2, 1, 1),
  level(9, 2, 1, 1),
  level(8, 2, 1, 1),
  level(7, 4, 5, 10),
  level(6, 4, 25, 50),
  level(5, 4, 100, 200),
  level(4, 2, 500, 1000),
]

/** Resolution at which hotspots are counted one by one (`MAX_RES`). */
export const HEX_COUNT_RES = 11
/** Scale of a hotspot whose hex is not in the map, in 1e-4 (iot_verifier default of 0.20). */
export const HEX_SCALE_MISSING_E4 = 2000
/** Scales are kept to four decimals, half-even. */
export const HEX_SCALE_DECIMALS = 4

/** Hotspots of a cell that still count: min(max, target * max(occupied - n + 1, 1)). HIP-17. */
export const computeHexLimit = (rule: Pick<HexLevel, "n" | "target" | "max">, occupied: number): number =>
  Math.min(rule.max, rule.target * Math.max(occupied - rule.n + 1, 1))

export interface HexCount {
  unclipped: number
  clipped: number
}

/**
 * Counts hotspots at `countRes`, then level by level up: a parent holds the clipped counts of its children, and is clipped in
 * turn by how many cells of its one-ring are occupied. Cells are visited in order of first appearance; where every max is at
 * least its target (all known parameters) the result does not depend on that order. Cells coarser than `countRes` are left out.
 */
export const countHexes = (
  hotspots: Iterable<bigint>,
  levels: readonly HexLevel[],
  countRes: number,
  geometry: Pick<Geometry, "gridDisk1">,
): Map<bigint, HexCount> => {
  const counts = new Map<bigint, HexCount>()
  const addTo = (cell: bigint, amount: number): void => {
    const count = counts.get(cell)
    if (count === undefined) counts.set(cell, { unclipped: amount, clipped: amount })
    else {
      count.unclipped += amount
      count.clipped += amount
    }
  }
  for (const hotspot of hotspots) if (resolutionOf(hotspot) >= countRes) addTo(parentCell(hotspot, countRes), 1)

  let cells = [...counts.keys()]
  for (const rule of descending(levels, countRes)) {
    for (const child of cells) addTo(parentCell(child, rule.res), counts.get(child)!.clipped)
    cells = [...new Set(cells.map((child) => parentCell(child, rule.res)))]
    for (const cell of cells) {
      const isOccupied = (near: bigint): boolean => (counts.get(near)?.clipped ?? 0) >= rule.target
      const occupied = geometry.gridDisk1(cell).filter(isOccupied).length
      const count = counts.get(cell)!
      count.clipped = Math.min(computeHexLimit(rule, occupied), count.unclipped)
    }
  }
  return counts
}

/** Levels coarser than the counting resolution, finest first. */
export const descending = (levels: readonly HexLevel[], countRes: number): HexLevel[] =>
  levels.filter(({ res }) => res < countRes).toSorted((a, b) => b.res - a.res)

/** Product of clipped/unclipped over levels, unrounded, in doubles; an empty level changes nothing. HIP-17's worked chain. */
export const computeScaleProduct = (levels: readonly Readonly<HexCount>[]): number =>
  levels.reduce((scale, { clipped, unclipped }) => (unclipped === 0 ? scale : (scale * clipped) / unclipped), 1)

/**
 * Transmit scale of every hotspot cell: the exact product of clipped/unclipped over its ancestors, rounded half-even to four
 * decimals. In: hotspot cells (duplicates count). Out: cell -> scale in (0, 1].
 */
export const computeHexScales = (
  hotspots: readonly bigint[],
  levels: readonly HexLevel[],
  countRes: number,
  geometry: Pick<Geometry, "gridDisk1">,
): Map<bigint, Decimal> => {
  const counts = countHexes(hotspots, levels, countRes, geometry)
  const resolutions = [countRes, ...descending(levels, countRes).map(({ res }) => res)]
  const scales = new Map<bigint, Decimal>()
  for (const hotspot of new Set(hotspots)) {
    if (resolutionOf(hotspot) < countRes) continue
    let clipped = 1n
    let unclipped = 1n
    for (const res of resolutions) {
      const count = counts.get(parentCell(hotspot, res))!
      clipped *= BigInt(count.clipped)
      unclipped *= BigInt(count.unclipped)
    }
    const scaled = decimal.divideWhole(clipped * decimal.tenTo(HEX_SCALE_DECIMALS), unclipped, "half_even")
    scales.set(hotspot, decimal.make(scaled, HEX_SCALE_DECIMALS))
  }
  return scales
}
