/**
 * How concentrated storage is, as published: who holds how much, at how many hosts, in how many countries. Shares in parts per
 * million, each list falling and summing to a million. `profiles.ts` says where the figures were read and what is assumed.
 */

const MILLION = 1_000_000

/** Whole parts per million of falling weights; what rounding leaves over goes to the largest, one part each. */
function inPpm(weights: readonly number[]): readonly number[] {
  const total = weights.reduce((sum, w) => sum + w, 0)
  const ppm = weights.map((w) => Math.floor((w * MILLION) / total))
  const left = MILLION - ppm.reduce((sum, p) => sum + p, 0)
  return ppm.map((p, i) => (i < left ? p + 1 : p))
}

/** `count` weights, each `ratio` times the one before; multiplied one by one, so that every engine gets the same. */
function falling(first: number, ratio: number, count: number): readonly number[] {
  const weights: number[] = []
  for (let i = 0, weight = first; i < count; i++, weight *= ratio) weights.push(weight)
  return weights
}

/**
 * Operators of 18 June 2026: 267 hold everything, 83 hold 90 %, 7 hold half. Per cent of raw power.
 *
 * - Ranks 1 to 3 are published: 11.73, 11.39, 7.08.
 * - Ranks 5 to 16 are those of the list of April (97.6, 64.7, 58.7, 56.7, 34.9, 31.4, 31.1, 30.5, 28.1, 22.3, 16.2, 15.5 PiB),
 *   taken as unchanged and divided by June's 1,720 PiB (= 201.8 PiB / 11.73 %).
 * - Rank 4 closes the sum: 50 - (11.73 + 11.39 + 7.08) - (5.67 + 3.76 + 3.41) = 6.96 at least, 7.08 at most; 7.00 is taken.
 * - Ranks 17 to 83 fall by 3.03 % each from 0.85 %: 0.85 * (1 - 0.9697^67) / 0.0303 = 24.5, which closes 90 % (65.55 + 24.5).
 * - Ranks 84 to 267 fall by 0.85 % each from 0.1074 %: 0.1074 * (1 - 0.9915^184) / 0.0085 = 10.0, the rest.
 */
const OPERATOR_HEAD = [11.73, 11.39, 7.08, 7.0, 5.67, 3.76, 3.41, 3.3, 2.03, 1.83, 1.81, 1.77, 1.63, 1.3, 0.94, 0.9]
export const OPERATOR_PPM = inPpm([...OPERATOR_HEAD, ...falling(0.85, 0.9697, 67), ...falling(0.1074, 0.9915, 184)])

/**
 * Hosting organisations of November 2025: 116, the largest three 21 % together, Herfindahl-Hirschman index 0.024. Per cent.
 *
 * - 8 + 7 + 6 = 21, whose squares sum to 0.0149: how the 21 divide is an assumption.
 * - The other 113 fall by 2.63 % each from 2.19 %: they sum to 79 and their squares to 0.0091.
 */
export const HOST_PPM = inPpm([8, 7, 6, ...falling(2.19, 0.9737, 113)])

/**
 * Countries of November 2025, permille: 24, the largest 24 %, index 0.137. Which countries, and which is the largest, is not
 * published there; the order is an assumption that follows the only regional shares found (second quarter of 2022, of those who
 * said where they are: Asia 32 of 46, North America 14 of 46).
 */
export const STORAGE_COUNTRIES = {
  CN: 240,
  US: 203,
  HK: 155,
  SG: 80,
  KR: 50,
  JP: 40,
  CA: 35,
  DE: 30,
  NL: 25,
  GB: 20,
  TW: 18,
  AU: 15,
  FR: 14,
  VN: 12,
  MY: 10,
  TH: 9,
  IN: 8,
  CH: 7,
  FI: 6,
  PL: 6,
  SE: 5,
  NO: 4,
  BR: 4,
  ES: 4,
} as const
