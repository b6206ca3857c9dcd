/**
 * The Sobol sequence: points that fill a cube evenly, whatever their number. Direction numbers are those of Joe and Kuo
 * (new-joe-kuo-6.21201, 2008), the first 40 dimensions; points come in Gray-code order, as in their paper.
 */
import { draw, stream } from "../../../protocol/kernel/random.ts"

export const SOBOL_DIMENSIONS_MAX = 40
const BITS = 32
const WORD = 2 ** 32

/** Of each dimension after the first: the inner coefficients of its primitive polynomial, and its first direction numbers. */
const JOE_KUO: readonly (readonly [a: number, ...m: number[]])[] = [
  [0, 1],
  [1, 1, 3],
  [1, 1, 3, 1],
  [2, 1, 1, 1],
  [1, 1, 1, 3, 3],
  [4, 1, 3, 5, 13],
  [2, 1, 1, 5, 5, 17],
  [4, 1, 1, 5, 5, 5],
  [7, 1, 1, 7, 11, 19],
  [11, 1, 1, 5, 1, 1],
  [13, 1, 1, 1, 3, 11],
  [14, 1, 3, 5, 5, 31],
  [1, 1, 3, 3, 9, 7, 49],
  [13, 1, 1, 1, 15, 21, 21],
  [16, 1, 3, 1, 13, 27, 49],
  [19, 1, 1, 1, 15, 7, 5],
  [22, 1, 3, 1, 15, 13, 25],
  [25, 1, 1, 5, 5, 19, 61],
  [1, 1, 3, 7, 11, 23, 15, 103],
  [4, 1, 3, 7, 13, 13, 15, 69],
  [7, 1, 1, 3, 13, 7, 35, 63],
  [8, 1, 3, 5, 9, 1, 25, 53],
  [14, 1, 3, 1, 13, 9, 35, 107],
  [19, 1, 3, 1, 5, 27, 61, 31],
  [21, 1, 1, 5, 11, 19, 41, 61],
  [28, 1, 3, 5, 3, 3, 13, 69],
  [31, 1, 1, 7, 13, 1, 19, 1],
  [32, 1, 3, 7, 5, 13, 19, 59],
  [37, 1, 1, 3, 9, 25, 29, 41],
  [41, 1, 3, 5, 13, 23, 1, 55],
  [42, 1, 3, 7, 3, 13, 59, 17],
  [50, 1, 3, 1, 3, 5, 53, 69],
  [55, 1, 1, 5, 5, 23, 33, 13],
  [56, 1, 1, 7, 7, 1, 61, 123],
  [59, 1, 1, 7, 9, 13, 61, 49],
  [62, 1, 3, 3, 5, 3, 55, 33],
  [14, 1, 3, 1, 15, 31, 13, 49, 245],
  [21, 1, 3, 5, 15, 31, 59, 63, 97],
  [22, 1, 3, 1, 11, 11, 11, 77, 249],
]

/** The 32 direction numbers of one dimension, 0 the first. */
export function directions(dimension: number): Uint32Array {
  const v = new Uint32Array(BITS)
  if (dimension === 0) {
    for (let i = 0; i < BITS; i++) v[i] = 0x8000_0000 >>> i
    return v
  }
  const [a, ...m] = JOE_KUO[dimension - 1]
  const degree = m.length
  for (let i = 0; i < BITS; i++) {
    if (i < degree) {
      v[i] = m[i] << (BITS - 1 - i)
      continue
    }
    let word = v[i - degree] ^ (v[i - degree] >>> degree)
    for (let k = 1; k < degree; k++) if ((a >>> (degree - 1 - k)) & 1) word ^= v[i - k]
    v[i] = word
  }
  return v
}

/**
 * `count` points in [0, 1)^dimensions, row after row. With a seed every dimension is shifted by random bits of its own (a random
 * digital shift), so that the sequence is unbiased and no point lies in the corner; without one it is the plain sequence.
 * Throws a RangeError beyond 40 dimensions.
 */
export function sobolSequence(count: number, dimensions: number, seed?: number): Float64Array {
  if (dimensions > SOBOL_DIMENSIONS_MAX)
    throw new RangeError(
      `a Sobol sequence of ${dimensions} dimensions: the table of direction numbers has ${SOBOL_DIMENSIONS_MAX}`,
    )
  const out = new Float64Array(count * dimensions)
  for (let d = 0; d < dimensions; d++) {
    const v = directions(d)
    const shift = seed === undefined ? 0 : draw(stream(seed, "study.sobol.shift"), d)
    // With a shift, half a step keeps a point off the cube's edge.
    const half = seed === undefined ? 0 : 0.5
    let word = 0
    for (let i = 0; i < count; i++) {
      out[i * dimensions + d] = (((word ^ shift) >>> 0) + half) / WORD
      // The lowest zero bit of i says which direction comes next.
      word ^= v[31 - Math.clz32(~i & (i + 1))]
    }
  }
  return out
}
