/** Growth and elasticity in whole numbers: e^x and x^k on Q.128, rounded down, the same on every engine. */
import { div, fromRatio, LN2, ln, mul, pow2Neg } from "../kernel/fixed.ts"

const E9 = 1_000_000_000n
/** e^±80 spans 70 decimal orders of magnitude; what lies outside is held at the end. */
const LOG_MAX_E9 = 80_000_000_000

/** e^(logE9 / 10^9) in Q.128; an argument beyond ±80 counts as ±80. Throws a RangeError unless it is a whole number. */
export function expE9(logE9: number): bigint {
  const held = Math.max(-LOG_MAX_E9, Math.min(LOG_MAX_E9, logE9))
  const x = div(fromRatio(BigInt(held), E9), LN2)
  // x = whole − rest with rest in [0, 1)
  const whole = -(-x >> 128n)
  const fraction = pow2Neg((whole << 128n) - x)
  return whole >= 0n ? fraction << whole : fraction >> -whole
}

/** ln(numerator / denominator) in billionths, rounding down. Throws a RangeError unless both are above 0. */
export const lnE9 = (numerator: number, denominator: number): number =>
  Number((ln(fromRatio(BigInt(numerator), BigInt(denominator))) * E9) >> 128n)

/** value · e^(logE9 / 10^9), rounding down, at most 2^53 − 1. */
export function growE9(value: number, logE9: number): number {
  const grown = mul(BigInt(value) << 128n, expE9(logE9)) >> 128n
  return grown > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(grown)
}

/**
 * (numerator / denominator)^(exponentPermille / 1000) in permille, rounding down, at most 2^53 − 1: an elasticity. A numerator or
 * denominator of 0 counts as 1, the least amount there is.
 */
export function powerPermille(numerator: number, denominator: number, exponentPermille: number): number {
  if (exponentPermille === 0 || numerator === denominator) return 1000
  const logE9 = lnE9(Math.max(1, numerator), Math.max(1, denominator))
  return growE9(1000, Math.round((logE9 * exponentPermille) / 1000))
}
