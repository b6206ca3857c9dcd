/**
 * Short distances on the globe from integer coordinates (1e-7 degree), with no function whose last bit differs between
 * engines: a cosine table, multiplication, division and square root only.
 */

/** Units of 1e-7 degree of latitude in a metre, on a sphere of 6,371.0 km. */
export const E7_PER_METRE = 89.932161
/** 360 degrees. */
export const TURN_E7 = 3_600_000_000

/** cos of whole degrees, in millionths. Between them a straight line errs by at most 4e-5. */
const COS_MICRO = [
  1000000, 999848, 999391, 998630, 997564, 996195, 994522, 992546, 990268, 987688, 984808, 981627, 978148, 974370, 970296, 965926,
  961262, 956305, 951057, 945519, 939693, 933580, 927184, 920505, 913545, 906308, 898794, 891007, 882948, 874620, 866025, 857167,
  848048, 838671, 829038, 819152, 809017, 798636, 788011, 777146, 766044, 754710, 743145, 731354, 719340, 707107, 694658, 681998,
  669131, 656059, 642788, 629320, 615661, 601815, 587785, 573576, 559193, 544639, 529919, 515038, 500000, 484810, 469472, 453990,
  438371, 422618, 406737, 390731, 374607, 358368, 342020, 325568, 309017, 292372, 275637, 258819, 241922, 224951, 207912, 190809,
  173648, 156434, 139173, 121869, 104528, 87156, 69756, 52336, 34899, 17452, 0,
]

/** cos(latitude) as a fraction, from a latitude in 1e-7 degree; error at most 4e-5. */
export function cosine(latE7: number): number {
  const size = latE7 < 0 ? -latE7 : latE7
  if (size >= 900_000_000) return 0
  const degree = Math.floor(size / 10_000_000)
  const rest = size - degree * 10_000_000
  return (COS_MICRO[degree] + ((COS_MICRO[degree + 1] - COS_MICRO[degree]) * rest) / 10_000_000) / 1_000_000
}

/**
 * Metres between two points, to the nearest metre: the equirectangular approximation at the middle latitude. Against the
 * great circle it errs by less than 0.5 % for points within 100 km and 75 degrees of latitude (a test measures it).
 * Symmetrical to the bit.
 */
export function metresBetween(latA: number, lngA: number, latB: number, lngB: number): number {
  const north = (latA - latB) / E7_PER_METRE
  let turn = lngA > lngB ? lngA - lngB : lngB - lngA
  if (turn > TURN_E7 / 2) turn = TURN_E7 - turn
  const east = (turn * cosine((latA + latB) / 2)) / E7_PER_METRE
  return Math.round(Math.sqrt(north * north + east * east))
}

/** A latitude moved north by whole metres, kept off the poles, in 1e-7 degree. */
export function northOf(latE7: number, metres: number): number {
  const moved = Math.round(latE7 + metres * E7_PER_METRE)
  return moved > 890_000_000 ? 890_000_000 : moved < -890_000_000 ? -890_000_000 : moved
}

/** A longitude moved east by whole metres at a latitude, wrapped into [-180, 180) degrees, in 1e-7 degree. */
export function eastOf(lngE7: number, latE7: number, metres: number): number {
  const moved = Math.round(lngE7 + (metres * E7_PER_METRE) / cosine(latE7))
  if (moved >= TURN_E7 / 2) return moved - TURN_E7
  return moved < -TURN_E7 / 2 ? moved + TURN_E7 : moved
}

/** A roughly normal whole number of metres with the given standard deviation, from 64 random bits: the sum of four uniforms. */
export function bellMetres(wordA: number, wordB: number, sigmaMetres: number): number {
  const sum = (wordA & 0xffff) + (wordA >>> 16) + (wordB & 0xffff) + (wordB >>> 16) - 2 * 0xffff
  // The sum of four uniforms on 0..65535 has a standard deviation of 37,837.
  return Math.round((sum * sigmaMetres) / 37_837)
}
