/**
 * e^-x and ln x as the chain computes them: ratios of two polynomials in fixed point, evaluated by Horner's method with every
 * product shifted back and floored. Total, as the source is: outside their domain they give what the chain would get, not an
 * error.
 * Sources: filecoin-project/builtin-actors@b0a3bdd6 actors/reward/src/expneg.rs and
 * runtime/src/builtin/reward/smooth/smooth_func.rs (Q.128); filecoin-project/lotus@b835fab7 chain/types/electionproof.go
 * (Q.256). kernel/fixed.ts holds the same curves in Q.128 for all networks, guarded against such input.
 */

import { divFloor } from "../../kernel/money.ts"
import { EXP_DENOMINATOR, EXP_NUMERATOR, LN2, LN_DENOMINATOR, LN_NUMERATOR, PRECISION } from "../../kernel/fixed.ts"

const ELECTION_PRECISION = 256n
const EXP_NUMERATOR_Q256 = EXP_NUMERATOR.map((c) => c << (ELECTION_PRECISION - PRECISION))
const EXP_DENOMINATOR_Q256 = EXP_DENOMINATOR.map((c) => c << (ELECTION_PRECISION - PRECISION))

/** e^-x of x in Q.128, in Q.128: the minting curve's. Good to 5e-15 up to x = 5. */
export const expNegQ128 = (x: bigint): bigint => ratio(EXP_NUMERATOR, EXP_DENOMINATOR, x, PRECISION)

/** e^-x of x in Q.256, in Q.256: the election's. Good to 5e-15 up to x = 5, beyond which no miner's expectation lies. */
export const expNegQ256 = (x: bigint): bigint => ratio(EXP_NUMERATOR_Q256, EXP_DENOMINATOR_Q256, x, ELECTION_PRECISION)

/**
 * Natural logarithm of x in Q.128, in Q.128. For x <= 0, which the chain reaches when an extrapolated power falls through 0, it
 * is the source's fraction at that argument, of no meaning but the same everywhere.
 */
export const lnQ128 = (x: bigint): bigint => {
  const k = bitLength(x < 0n ? -x : x) - 1n - PRECISION
  return k * LN2 + ratio(LN_NUMERATOR, LN_DENOMINATOR, x >> k, PRECISION)
}

const ratio = (numerator: readonly bigint[], denominator: readonly bigint[], x: bigint, precision: bigint): bigint =>
  divFloor(horner(numerator, x, precision) << precision, horner(denominator, x, precision))

const horner = (coefficients: readonly bigint[], x: bigint, precision: bigint): bigint => {
  let sum = coefficients[0]
  for (let i = 1; i < coefficients.length; i++) sum = ((sum * x) >> precision) + coefficients[i]
  return sum
}

/** Bits of n >= 0; 0 has none. */
const bitLength = (n: bigint): bigint => {
  if (n === 0n) return 0n
  const hex = n.toString(16)
  return BigInt(4 * (hex.length - 1) + 32 - Math.clz32(parseInt(hex[0], 16)))
}
