/**
 * The chain's decimal: a whole number of 1e-18, on bigint (cosmossdk.io/math LegacyDec). Products and quotients round half to
 * even, `truncate` goes toward zero. Rule files take and give these; `parse` and `format` are for the boundary.
 */
import * as decimal from "../../kernel/decimal.ts"
import { divHalfEven } from "../../kernel/money.ts"

/** A number in units of 1e-18. */
export type Dec = bigint

const PLACES = 18
export const ONE: Dec = 10n ** 18n

export const fromWhole = (n: bigint | number): Dec => BigInt(n) * ONE

/** Throws a RangeError for text that is no decimal, or has more than 18 places, as the chain does. */
export const parse = (text: string | number): Dec => {
  const value = decimal.parse(text)
  const units = decimal.toUnits(value, PLACES, "trunc")
  if (decimal.compare(decimal.make(units, PLACES), value) !== 0)
    throw new RangeError(`${text} has more than ${PLACES} decimal places`)
  return units
}

/** Plain digits without trailing zeros. */
export const format = (a: Dec): string => decimal.format(decimal.make(a, PLACES))

/** a · b, half to even. */
export const mul = (a: Dec, b: Dec): Dec => divHalfEven(a * b, ONE)

/** a / b, half to even. Throws a RangeError when b is 0. */
export const quo = (a: Dec, b: Dec): Dec => divHalfEven(a * ONE, b)

/** a / n for a whole n, toward zero. */
export const quoWhole = (a: Dec, n: bigint): Dec => a / n

/** The whole part, toward zero. */
export const truncate = (a: Dec): bigint => a / ONE

/** The same number without its fraction, toward zero. */
export const truncateDec = (a: Dec): Dec => truncate(a) * ONE

/** The nearest whole number, half to even. */
export const round = (a: Dec): bigint => divHalfEven(a, ONE)

/** a^n for a whole n from 0, by squaring; every product rounds half to even, in the order the chain multiplies. */
export const power = (a: Dec, n: number): Dec => {
  if (n === 0) return ONE
  let base = a
  let rest = ONE
  for (let i = n; i > 1; i = Math.floor(i / 2)) {
    if (i % 2 !== 0) rest = mul(rest, base)
    base = mul(base, base)
  }
  return mul(base, rest)
}

export const min = (a: Dec, b: Dec): Dec => (a < b ? a : b)
export const max = (a: Dec, b: Dec): Dec => (a > b ? a : b)
