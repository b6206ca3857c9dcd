/**
 * Does a coverage object stay within reach of its radio? Its furthest hex must lie nearer than a limit, or the radio's location is
 * not trusted. And cells of resolution 12 as two words, checked without a bigint: coverage comes by the million.
 * Source: helium/oracles@21935653 mobile_verifier/src/heartbeats/mod.rs, settings.rs `max_distance_from_coverage` (2 km).
 */
import { greatCircleMetres, isCell, type Geometry } from "../../kernel/geometry.ts"

/** Coverage is told in cells of this resolution (HIP-74). */
export const COVERAGE_RESOLUTION = 12

const MODE_AND_RESOLUTION = 0x08c // bits 20 to 31 of the high word: cell mode, nothing reserved, resolution 12
const UNUSED = 0x1ff // the digits below resolution 12
const BASE_CELLS = 122
const PENTAGONS: readonly number[] = [4, 14, 24, 38, 49, 58, 63, 72, 83, 97, 107, 117]
/** By base cell. */
const IS_PENTAGON = Uint8Array.from({ length: 128 }, (_, base) => (PENTAGONS.includes(base) ? 1 : 0))

export const cellOf = (hexHi: number, hexLo: number): bigint => (BigInt(hexHi) << 32n) | BigInt(hexLo)

/** True when two words are an H3 cell of resolution 12. */
export const isCoverageCell = (hexHi: number, hexLo: number): boolean => {
  if (hexHi >>> 20 !== MODE_AND_RESOLUTION || (hexLo & UNUSED) !== UNUSED) return false
  const base = (hexHi >>> 13) & 0x7f
  if (base >= BASE_CELLS) return false
  if (IS_PENTAGON[base] === 1) return isCell(cellOf(hexHi, hexLo))
  // Twelve digits of three bits, of which none may be 7: thirteen bits in the high word, then the low one.
  for (let digits = (hexHi << 2) | (hexLo >>> 30), k = 0; k < 5; k++, digits >>>= 3) if ((digits & 7) === 7) return false
  for (let digits = hexLo >>> 9, k = 0; k < 7; k++, digits >>>= 3) if ((digits & 7) === 7) return false
  return true
}

/** High word of the ancestor at resolution 9 and its low word: the digits below it say "unused". */
export const RESOLUTION_9_UNUSED = 0x3ffff
export const parent9Hi = (hexHi: number): number => ((hexHi & 0xff0fffff) | (9 << 20)) >>> 0
export const parent9Lo = (hexLo: number): number => (hexLo | RESOLUTION_9_UNUSED) >>> 0

/** No cell of resolution 12 lies farther from the centre of its ancestor at resolution 9 than this, in metres. */
const BLOCK_METRES = 350

type Centres = Pick<Geometry, "centreRadians">

/** Metres between the centres of two cells, rounded. */
export const computeMetres = (a: bigint, b: bigint, geometry: Centres): number =>
  Math.round(greatCircleMetres(geometry.centreRadians(a), geometry.centreRadians(b)))

/**
 * True when every cell [begin, end) lies nearer to `from` than `limitMetres`, to the rounded metre. Cells of one resolution-9 block
 * that is clearly inside or outside are judged together, so that two hundred cost a handful of distances.
 */
export const isWithinReach = (
  from: bigint,
  hexHi: ArrayLike<number>,
  hexLo: ArrayLike<number>,
  begin: number,
  end: number,
  limitMetres: number,
  geometry: Centres,
): boolean => {
  const centre = geometry.centreRadians(from)
  const metresTo = (cell: bigint): number => Math.round(greatCircleMetres(centre, geometry.centreRadians(cell)))
  let blockHi = -1
  let blockLo = -1
  let isInside = false
  for (let i = begin; i < end; i++) {
    const hi = parent9Hi(hexHi[i])
    const lo = parent9Lo(hexLo[i])
    if (hi !== blockHi || lo !== blockLo) {
      blockHi = hi
      blockLo = lo
      const metres = metresTo(cellOf(hi, lo))
      if (metres - BLOCK_METRES >= limitMetres) return false
      isInside = metres + BLOCK_METRES < limitMetres
    }
    if (!isInside && metresTo(cellOf(hexHi[i], hexLo[i])) >= limitMetres) return false
  }
  return true
}
