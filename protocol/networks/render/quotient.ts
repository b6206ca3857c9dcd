/** Division of exact decimals where a document names no rounding. */
import * as decimal from "../../kernel/decimal.ts"
import type { Decimal } from "../../kernel/decimal.ts"

/** Digits kept of a quotient that does not end, and the most places tried for one that does. */
const DIGITS = 28
const PLACES_MAX = 120

/**
 * a / b, exact where it ends; else to 28 significant digits, half to even (the habit of decimal libraries). Throws a RangeError
 * when b is 0.
 */
export function quotient(a: Decimal, b: Decimal): Decimal {
  if (b.units === 0n) throw new RangeError("division by zero")
  const exact = decimal.div(a, b, PLACES_MAX, "trunc")
  if (decimal.compare(decimal.mul(exact, b), a) === 0) return decimal.parse(decimal.format(exact))
  const whole = decimal.format(decimal.div(a, b, 0, "trunc")).replace("-", "")
  const leading = whole === "0" ? -leadingZeros(exact) : whole.length
  return decimal.div(a, b, Math.max(0, DIGITS - leading), "half_even")
}

/** Zeros behind the point before the first digit that is none. */
const leadingZeros = (a: Decimal): number => /^-?0\.(0*)/.exec(decimal.format(a))?.[1].length ?? 0
