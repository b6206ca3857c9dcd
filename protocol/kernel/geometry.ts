/**
 * H3 cells as the protocol sees them: 64-bit indexes as bigint. What needs the globe's icosahedron (distances on the grid,
 * neighbours, centres) is handed in as a `Geometry`; what is bit arithmetic on the index is done here.
 *
 * Index layout (H3 core library, "H3 cell indexing"): 4 bits of mode from bit 59, 4 bits of resolution from bit 52, 7 bits of
 * base cell from bit 45, then fifteen 3-bit digits, finest last; digits below the resolution hold 7.
 */

import { asin, cos, sin } from "./real.ts"

export interface Geometry {
  /** Steps between two cells of one resolution, or -1 where the grid names no distance (too far apart, or across a pentagon). */
  gridDistance(a: bigint, b: bigint): number
  /** The cell and its neighbours: seven cells, six for a pentagon. */
  gridDisk1(cell: bigint): bigint[]
  /** The ancestor at a coarser resolution. */
  parent(cell: bigint, res: number): bigint
  /** Centre in 1e-7 degree, rounded: for state and for maps. */
  centre(cell: bigint): { latE7: number; lngE7: number }
  /** Centre in radians at full precision: for distances that are rounded to metres. */
  centreRadians(cell: bigint): { lat: number; lng: number }
}

/** Mean Earth radius of the H3 library, in metres (h3-js `greatCircleDistance`, h3o `LatLng::distance_m`). */
export const EARTH_RADIUS_M = 6_371_007.180918475

const RESOLUTION_SHIFT = 52n
const RESOLUTION_MASK = 15n << RESOLUTION_SHIFT
const DIGIT_BITS = 3n
const RES_MAX = 15

/** Resolution of a cell, 0 (coarsest) to 15. */
export const resolutionOf = (cell: bigint): number => Number((cell >> RESOLUTION_SHIFT) & 15n)

// The bits that say "unused" below each resolution, and the resolution itself.
const UNUSED: bigint[] = []
const STAMP: bigint[] = []
for (let res = 0; res <= RES_MAX; res++) {
  UNUSED.push((1n << (DIGIT_BITS * BigInt(RES_MAX - res))) - 1n)
  STAMP.push(BigInt(res) << RESOLUTION_SHIFT)
}

/** Ancestor of a cell at `res`, or the cell itself at its own resolution. Throws a RangeError where the cell is coarser. */
export const parentCell = (cell: bigint, res: number): bigint => {
  if (!(res >= 0 && res <= resolutionOf(cell))) {
    throw new RangeError(`cell ${cell} of resolution ${resolutionOf(cell)} has no ancestor at resolution ${res}`)
  }
  return (cell & ~RESOLUTION_MASK) | STAMP[res] | UNUSED[res]
}

const CELL_MODE = 1n
const BASE_CELLS = 122n
/** Base cells that are pentagons (H3 core library): under them no index may begin its digits with 1. */
const PENTAGONS: ReadonlySet<bigint> = new Set([4n, 14n, 24n, 38n, 49n, 58n, 63n, 72n, 83n, 97n, 107n, 117n])

/** True when the 64 bits are a cell of H3: mode, base cell, digits, and nothing where nothing may stand. */
export const isCell = (cell: bigint): boolean => {
  if (cell >> 59n !== CELL_MODE || ((cell >> 56n) & 7n) !== 0n) return false
  const base = (cell >> 45n) & 127n
  if (base >= BASE_CELLS) return false
  const res = resolutionOf(cell)
  let isLeading = true
  for (let r = 1; r <= RES_MAX; r++) {
    const digit = (cell >> (DIGIT_BITS * BigInt(RES_MAX - r))) & 7n
    if (r > res ? digit !== 7n : digit === 7n) return false
    if (isLeading && digit !== 0n && r <= res) {
      if (digit === 1n && PENTAGONS.has(base)) return false
      isLeading = false
    }
  }
  return true
}

/** Great-circle distance in metres between two points in radians, by the haversine formula. */
export const greatCircleMetres = (a: { lat: number; lng: number }, b: { lat: number; lng: number }): number => {
  const sinLat = sin((b.lat - a.lat) / 2)
  const sinLng = sin((b.lng - a.lng) / 2)
  const haversine = sinLat * sinLat + sinLng * sinLng * cos(a.lat) * cos(b.lat)
  return 2 * EARTH_RADIUS_M * asin(Math.min(1, Math.sqrt(haversine)))
}
