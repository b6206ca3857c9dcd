/**
 * Exact decimal numbers: `units / 10^scale`, on bigint, for rules that state their rounding in decimal places. Nothing is
 * ever rounded without being told how. Imported as a whole: `import * as decimal from "../../kernel/decimal.ts"`.
 */

export interface Decimal {
  readonly units: bigint
  /** Decimal places, 0 or more. */
  readonly scale: number
}

/** How a quotient becomes whole; `half_up` takes halves away from zero, `half_even` to the even neighbour. */
export type Rounding = "floor" | "ceil" | "trunc" | "half_even" | "half_up"

const PATTERN = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,6}))?$/

export const make = (units: bigint, scale = 0): Decimal => ({ units, scale })
export const zero = make(0n)
export const one = make(1n)

/**
 * The number that the text writes: digits with an optional sign, point and exponent ("-12.5", "1e-7", ".5"). A JavaScript
 * number is taken as its shortest text. Throws a RangeError for anything else.
 */
export const parse = (input: string | number | bigint): Decimal => {
  const text = String(input).trim()
  const match = PATTERN.exec(text)
  if (match === null || (match[2] === "" && (match[3] ?? "") === "")) {
    throw new RangeError(`"${text}" is not a decimal number; write digits such as 12.5 or -3e-7`)
  }
  const fraction = match[3] ?? ""
  const magnitude = BigInt((match[2] ?? "") + fraction)
  const units = match[1] === "-" ? -magnitude : magnitude
  const scale = fraction.length - Number(match[4] ?? 0)
  return scale >= 0 ? make(units, scale) : make(units * tenTo(-scale), 0)
}

/** Plain digits, no exponent and no trailing zeros behind the point. */
export const format = (a: Decimal): string => {
  const { units, scale } = trim(a)
  if (scale === 0) return units.toString()
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, "0")
  return `${units < 0n ? "-" : ""}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

/** Exactly `decimals` places, rounded as told: `formatFixed(parse("2.5"), 4, "trunc")` is "2.5000". */
export const formatFixed = (a: Decimal, decimals: number, rounding: Rounding): string => {
  const units = toUnits(a, decimals, rounding)
  if (decimals === 0) return units.toString()
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, "0")
  return `${units < 0n ? "-" : ""}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
}

/** The nearest double. */
export const toNumber = (a: Decimal): number => Number(format(a))

export const add = (a: Decimal, b: Decimal): Decimal => {
  const scale = Math.max(a.scale, b.scale)
  return make(a.units * tenTo(scale - a.scale) + b.units * tenTo(scale - b.scale), scale)
}

export const sub = (a: Decimal, b: Decimal): Decimal => add(a, make(-b.units, b.scale))

export const mul = (a: Decimal, b: Decimal): Decimal => make(a.units * b.units, a.scale + b.scale)

/** a / b to `decimals` places. Throws a RangeError when b is zero. */
export const div = (a: Decimal, b: Decimal, decimals: number, rounding: Rounding): Decimal => {
  if (b.units === 0n) throw new RangeError("division by zero")
  const shift = b.scale - a.scale + decimals
  const above = shift > 0 ? a.units * tenTo(shift) : a.units
  const below = shift < 0 ? b.units * tenTo(-shift) : b.units
  return make(divideWhole(above, below, rounding), decimals)
}

/** a with at most `decimals` places. */
export const round = (a: Decimal, decimals: number, rounding: Rounding): Decimal =>
  a.scale <= decimals ? a : make(divideWhole(a.units, tenTo(a.scale - decimals), rounding), decimals)

/** a * 10^decimals as a whole number, rounded as told. */
export const toUnits = (a: Decimal, decimals: number, rounding: Rounding): bigint =>
  a.scale <= decimals ? a.units * tenTo(decimals - a.scale) : divideWhole(a.units, tenTo(a.scale - decimals), rounding)

/** a^n for a whole n >= 0, exactly. */
export const pow = (a: Decimal, n: number): Decimal => make(a.units ** BigInt(n), a.scale * n)

/** Negative, zero or positive as a < b, a = b, a > b. */
export const compare = (a: Decimal, b: Decimal): number => {
  const gap = sub(a, b).units
  return gap < 0n ? -1 : gap > 0n ? 1 : 0
}

export const min = (a: Decimal, b: Decimal): Decimal => (compare(a, b) <= 0 ? a : b)
export const max = (a: Decimal, b: Decimal): Decimal => (compare(a, b) >= 0 ? a : b)

/** above / below as a whole number, rounded as told; below is not zero. */
export const divideWhole = (above: bigint, below: bigint, rounding: Rounding): bigint => {
  if (below < 0n) {
    above = -above
    below = -below
  }
  const quotient = above / below
  const rest = above % below
  if (rest === 0n) return quotient
  const away = above < 0n ? -1n : 1n
  const twice = (rest < 0n ? -rest : rest) * 2n
  switch (rounding) {
    case "trunc":
      return quotient
    case "floor":
      return above < 0n ? quotient - 1n : quotient
    case "ceil":
      return above < 0n ? quotient : quotient + 1n
    case "half_up":
      return twice >= below ? quotient + away : quotient
    case "half_even":
      return twice > below || (twice === below && quotient % 2n !== 0n) ? quotient + away : quotient
  }
}

/** The same value with the fewest places. */
const trim = (a: Decimal): Decimal => {
  let { units, scale } = a
  while (scale > 0 && units % 10n === 0n) {
    units /= 10n
    scale--
  }
  return make(units, scale)
}

const POWERS: bigint[] = [1n]

/** 10^n for a whole n >= 0. */
export const tenTo = (n: number): bigint => {
  for (let i = POWERS.length; i <= n; i++) POWERS.push(POWERS[i - 1] * 10n)
  return POWERS[n]
}
