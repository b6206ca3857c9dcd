/**
 * New AKT: the stock mint module of the Cosmos SDK (cosmos-sdk@02c23409 x/mint/types/minter.go), which mainnet runs, and the decay
 * curve of an early inflation module that was in the code of v0.16.4 and never took effect.
 */
import * as decimal from "../../kernel/decimal.ts"
import { fromRatio, ONE as ONE_Q128, pow2Neg } from "../../kernel/fixed.ts"
import * as dec from "./legacy-dec.ts"
import type { Dec } from "./legacy-dec.ts"

export interface MintRules {
  readonly rateChange: Dec
  readonly goalBonded: Dec
  readonly blocksPerYear: number
}

/** How far inflation moves in one block: (1 − bonded / goal) · change of a year / blocks of a year. */
export const computeStep = (bonded: Dec, { rateChange, goalBonded, blocksPerYear }: MintRules): Dec =>
  dec.quo(dec.mul(dec.ONE - dec.quo(bonded, goalBonded), rateChange), dec.fromWhole(blocksPerYear))

export const clamp = (value: Dec, low: Dec, high: Dec): Dec => (value > high ? high : value < low ? low : value)

/** Inflation of the next block. */
export const computeNextInflation = (inflation: Dec, bonded: Dec, low: Dec, high: Dec, rules: MintRules): Dec =>
  clamp(inflation + computeStep(bonded, rules), low, high)

/** Whole micro-units minted in one block, toward zero. */
export const computeProvision = (annual: Dec, blocksPerYear: number): bigint =>
  dec.truncate(dec.quoWhole(annual, BigInt(blocksPerYear)))

/** 365.25 days. */
const YEAR_S = 31_557_600n
const COEFFICIENT_PLACES = 6

/** 2^(−t / half) of the decay curve, cut to 6 places. `half` is a decimal number of years above 0. */
export const computeCoefficient = (elapsedS: number, halfYears: string): Dec => {
  const { units, scale } = decimal.parse(halfYears)
  if (units <= 0n) throw new RangeError(`a half-life of ${halfYears} years is not above 0`)
  const seconds = BigInt(elapsedS)
  const exponent = fromRatio((seconds < 0n ? -seconds : seconds) * decimal.tenTo(scale), units * YEAR_S)
  const decay = pow2Neg(exponent)
  // Before genesis the curve grows: 2^x is one over 2^−x.
  const value = seconds < 0n ? (ONE_Q128 * ONE_Q128) / decay : decay
  const cut = (value * decimal.tenTo(COEFFICIENT_PLACES)) / ONE_Q128
  return dec.quo(dec.fromWhole(cut), dec.fromWhole(decimal.tenTo(COEFFICIENT_PLACES)))
}

export interface Band {
  readonly coefficient: Dec
  readonly ideal: Dec
  readonly low: Dec
  readonly high: Dec
}

/** The band in which the early module kept inflation: `variance` around the ideal, never below 0. In the unit of `initial`. */
export const computeBand = (elapsedS: number, initial: Dec, halfYears: string, variance: Dec): Band => {
  const coefficient = computeCoefficient(elapsedS, halfYears)
  const ideal = dec.mul(initial, coefficient)
  const around = dec.mul(ideal, variance)
  return { coefficient, ideal, low: dec.max(0n, ideal - around), high: ideal + around }
}
