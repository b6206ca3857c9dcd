/**
 * Floating-point functions that give the same bits on every engine. The language leaves the last bits of its own
 * logarithm, sine and the like to the engine; here only + - * / and the square root are used, which IEEE 754 fixes.
 *
 * Every function takes and returns plain doubles, follows the special cases of its namesake in the language (NaN, infinities, signed
 * zero), and never throws. Relative error stays below about two units in the last place; angles are radians.
 */

import { addWords, fastSum, multiplyWords, productError, sumError } from "./double-double.ts"
import { reduceHugeAngle } from "./huge-angle.ts"

// ln 2 as a 42-bit head and a tail: an exponent (11 bits) times the head is then exact in 53 bits.
const LN2_HEAD = 0.6931471805598903
const LN2_TAIL = 5.497923018708371e-14
// ln 2 once more, as the nearest double and what is missing, for the double-double logarithm of `pow`.
const LN2 = 0.6931471805599453
const LN2_REST = 2.3190468138462996e-17
const LOG2_E = 1.4426950408889634
const LOG10_E = 0.4342944819032518
const LOG10_2_HEAD = 0.30102999566395283
const LOG10_2_TAIL = 2.8363394551044964e-14
const SQRT2 = 1.4142135623730951
const HALF_PI = 1.5707963267948966
const HALF_PI_REST = 6.123233995736766e-17
const PI = 3.141592653589793
const PI_REST = 1.2246467991473532e-16
// pi/2 in parts of 33 bits: a quarter-turn count below 2^20 times either of the first two is exact.
const HALF_PI_PART_1 = 1.5707963267341256
const HALF_PI_PART_2 = 6.077100506303966e-11
const HALF_PI_PART_3 = 2.0222662487959506e-21
const TWO_OVER_PI = 0.6366197723675814
const ANGLE_HUGE = 100_000
const THIRD_REST = 1.850371707708594e-17

const bits = new DataView(new ArrayBuffer(8))
/** The pieces of the last `splitExponent`: x = mantissa * 2^exponent, mantissa in [sqrt(1/2), sqrt 2). */
let exponent = 0

/** 2^n for -1022 <= n <= 1023, exactly. */
const powerOfTwo = (n: number): number => {
  bits.setUint32(0, (n + 1023) << 20)
  bits.setUint32(4, 0)
  return bits.getFloat64(0)
}

/** Splits a positive finite x; leaves the exponent in `exponent` and returns the mantissa. */
const splitExponent = (x: number): number => {
  let shift = 0
  if (x < 2.2250738585072014e-308) {
    x *= 18014398509481984 // 2^54 lifts a subnormal into the normal range
    shift = -54
  }
  bits.setFloat64(0, x)
  const high = bits.getUint32(0)
  bits.setUint32(0, (high & 0x000fffff) | 0x3ff00000)
  let mantissa = bits.getFloat64(0)
  exponent = (high >>> 20) - 1023 + shift
  if (mantissa > SQRT2) {
    mantissa *= 0.5
    exponent++
  }
  return mantissa
}

/** 2(z/3 + z^2/5 + ...) for z = s^2: what the series of ln((1+s)/(1-s))/s adds to 2. |s| <= 0.172 needs eleven terms. */
const atanhTail = (z: number): number => {
  let sum = 1 / 25
  for (let k = 23; k >= 3; k -= 2) sum = sum * z + 1 / k
  return 2 * z * sum
}

/** ln(1 + t) for 1 + t in [sqrt(1/2), sqrt 2), with t exact: t stays outside the rounding, only the correction is rounded. */
const logNearOne = (t: number, addend: number): number => {
  const s = t / (2 + t)
  return t - (s * (t - atanhTail(s * s)) - addend)
}

/** Natural logarithm. */
export const ln = (x: number): number => {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN
  if (x === Infinity) return x
  const t = splitExponent(x) - 1
  if (exponent === 0) return logNearOne(t, 0)
  return exponent * LN2_HEAD + logNearOne(t, exponent * LN2_TAIL)
}

/** Logarithm to base 2; exact for powers of two. */
export const log2 = (x: number): number => {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN
  if (x === Infinity) return x
  const t = splitExponent(x) - 1
  return exponent + logNearOne(t, 0) * LOG2_E
}

/** Logarithm to base 10; exact for the powers of ten that a double holds exactly (up to 10^22). */
export const log10 = (x: number): number => {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN
  if (x === Infinity) return x
  const t = splitExponent(x) - 1
  const value = exponent * LOG10_2_HEAD + (exponent * LOG10_2_TAIL + logNearOne(t, 0) * LOG10_E)
  const whole = Math.round(value)
  return whole >= 0 && whole <= 22 && powerOfTen(whole) === x ? whole : value
}

const powerOfTen = (n: number): number => {
  let power = 1
  for (let i = 0; i < n; i++) power *= 10
  return power
}

/** e^x - 1 - x over x^2, by its Taylor series; |x| <= 0.35 needs thirteen terms. */
const expTail = (x: number): number => {
  let sum = 1
  for (let k = 15; k >= 3; k--) sum = 1 + (x * sum) / k
  return 0.5 * sum
}

/** e^(x + rest), where rest is far smaller than x. */
const expOfSum = (x: number, rest: number): number => {
  if (x > 709.8) return Infinity
  if (x < -745.2) return 0
  const k = Math.round(x * LOG2_E)
  const head = x - k * LN2_HEAD
  const tail = k * LN2_TAIL - rest
  const r = head - tail
  // 1 + head is rounded once and its error kept, so that only the small rest is rounded beside it.
  const whole = 1 + head
  const value = whole + (head - (whole - 1) - (tail - r * r * expTail(r)))
  // In two steps, because 2^k itself may be subnormal or overflow where the result is not.
  const half = Math.trunc(k / 2)
  return value * powerOfTwo(half) * powerOfTwo(k - half)
}

/** e^x. */
export const exp = (x: number): number => (x !== x ? NaN : expOfSum(x, 0))

/**
 * x^y. Whole exponents up to 32 in size are multiplied out in double-double, so that a representable power comes out exact;
 * others go through a double-double logarithm. Special cases are the language's: x^0 is 1 even for NaN, and 1^NaN is NaN.
 */
export const pow = (x: number, y: number): number => {
  if (y === 0) return 1
  if (x !== x || y !== y) return NaN
  const whole = Math.trunc(y) === y
  const odd = whole && Math.abs(y) <= 9007199254740991 && Math.abs(y) % 2 === 1
  const size = Math.abs(x)
  const sign = odd && (x < 0 || Object.is(x, -0)) ? -1 : 1
  if (Math.abs(y) === Infinity) return size === 1 ? NaN : size > 1 === y > 0 ? Infinity : 0
  if (size === 0 || size === Infinity) return sign * ((size === 0) === y > 0 ? 0 : Infinity)
  if (x < 0 && !whole) return NaN
  if (y === 1) return x
  if (size === 1) return sign
  if (y === 0.5) return Math.sqrt(x)
  if (whole && Math.abs(y) <= 32) {
    const product = multiplyOut(size, Math.abs(y))
    if (product === product) return sign * (y > 0 ? product : reciprocal)
  }
  return sign * powByLogarithm(size, y)
}

/** 1 over the last product of `multiplyOut`, rounded once. */
let reciprocal = 0

/** size^n for 1 <= n <= 32, or NaN where a step leaves the range in which the error terms are exact. */
const multiplyOut = (size: number, n: number): number => {
  let head = 1
  let rest = 0
  let squareHead = size
  let squareRest = 0
  for (let left = n; ;) {
    if (left % 2 === 1) {
      const product = head * squareHead
      if (!(product > 1e-250 && product < 1e250)) return NaN
      const error = productError(head, squareHead, product) + (head * squareRest + rest * squareHead)
      head = product + error
      rest = error - (head - product)
    }
    left = Math.trunc(left / 2)
    if (left === 0) break
    const square = squareHead * squareHead
    if (!(square > 1e-250 && square < 1e250)) return NaN
    const error = productError(squareHead, squareHead, square) + 2 * squareHead * squareRest
    squareHead = square + error
    squareRest = error - (squareHead - square)
  }
  const inverse = 1 / head
  const back = inverse * head
  reciprocal = inverse + inverse * (1 - back - productError(inverse, head, back) - inverse * rest)
  return head
}

/** size^y by e^(y ln size), the logarithm and the product carried in two doubles (about 100 bits). */
const powByLogarithm = (size: number, y: number): number => {
  const t = splitExponent(size) - 1
  const k = exponent
  // s = t / (2 + t) in two words.
  const below = 2 + t
  const belowRest = sumError(2, t, below)
  const s = t / below
  const back = s * below
  const sRest = (t - back - productError(s, below, back) - s * belowRest) / below
  // ln(1 + t) = 2s + (2/3) s^3 + ...: the cube in two words, the rest of the series in one.
  const z = s * s
  const zRest = productError(s, s, z) + 2 * s * sRest
  const third = multiplyWords(z, zRest, 1 / 3, THIRD_REST)
  const cube = multiplyWords(third[0], third[1], s, sRest)
  const further = s * (atanhTail(z) / 2 - z / 3)
  const half = addWords(s, sRest, cube[0], cube[1] + further)
  const two = multiplyWords(k, 0, LN2, LN2_REST)
  const log = addWords(two[0], two[1], 2 * half[0], 2 * half[1])
  const product = y * log[0]
  if (!(Math.abs(product) < 800)) return product > 0 ? Infinity : 0
  const [head, rest] = fastSum(product, productError(y, log[0], product) + y * log[1])
  return expOfSum(head, rest)
}

/** sin(x + rest) for |x| <= pi/4. */
const sinKernel = (x: number, rest: number): number => {
  const z = x * x
  let sum = 1
  for (let k = 18; k >= 4; k -= 2) sum = 1 - (z * sum) / (k * (k + 1))
  return x + (rest * (1 - 0.5 * z) - (x * z * sum) / 6)
}

/** cos(x + rest) for |x| <= pi/4; what 1 - x^2/2 loses to rounding is put back. */
const cosKernel = (x: number, rest: number): number => {
  const z = x * x
  let sum = 1
  for (let k = 17; k >= 5; k -= 2) sum = 1 - (z * sum) / (k * (k + 1))
  const halfSquare = 0.5 * z
  const head = 1 - halfSquare
  return head + (1 - head - halfSquare + ((z * z * sum) / 24 - x * rest))
}

/** The remainder of the last `reduceAngle`, in two words. */
let angle = 0
let angleRest = 0

/** Takes whole quarter turns off a finite x; leaves what is left in `angle` and returns the count modulo 4. */
const reduceAngle = (x: number): number => {
  if (Math.abs(x) <= HALF_PI / 2) {
    angle = x
    angleRest = 0
    return 0
  }
  if (Math.abs(x) > ANGLE_HUGE) {
    const reduced = reduceHugeAngle(x)
    angle = reduced.angle
    angleRest = 0
    return reduced.quarters
  }
  const k = Math.round(x * TWO_OVER_PI)
  const first = x - k * HALF_PI_PART_1
  const step = -k * HALF_PI_PART_2
  const second = first + step
  const rest = sumError(first, step, second) - k * HALF_PI_PART_3
  angle = second + rest
  angleRest = rest - (angle - second)
  return ((k % 4) + 4) % 4
}

/** Sine of x radians. */
export const sin = (x: number): number => {
  if (!(Math.abs(x) < Infinity)) return NaN
  if (x === 0) return x
  const quarters = reduceAngle(x)
  const value = quarters % 2 === 0 ? sinKernel(angle, angleRest) : cosKernel(angle, angleRest)
  return quarters < 2 ? value : -value
}

/** Cosine of x radians. */
export const cos = (x: number): number => {
  if (!(Math.abs(x) < Infinity)) return NaN
  const quarters = reduceAngle(x)
  const value = quarters % 2 === 0 ? cosKernel(angle, angleRest) : sinKernel(angle, angleRest)
  return quarters === 0 || quarters === 3 ? value : -value
}

/** Tangent of x radians. */
export const tan = (x: number): number => {
  if (!(Math.abs(x) < Infinity)) return NaN
  if (x === 0) return x
  const quarters = reduceAngle(x)
  const s = sinKernel(angle, angleRest)
  const c = cosKernel(angle, angleRest)
  return quarters % 2 === 0 ? s / c : -c / s
}

// atan(i/8) as the nearest double and what is missing.
const ATAN_EIGHTHS = [
  0, 0.12435499454676144, 0.24497866312686414, 0.35877067027057225, 0.4636476090008061, 0.5585993153435624, 0.6435011087932844,
  0.7188299996216245, 0.7853981633974483,
]
const ATAN_EIGHTHS_REST = [
  0, -3.1253241424539383e-18, 1.0698755618734451e-17, -2.4623815582638635e-17, 2.2698777452961687e-17, -5.4556305485916264e-18,
  1.5834785051444286e-17, -2.1478388444456983e-17, 3.061616997868383e-17,
]

/** atan(x) for 0 <= x <= 1, by the nearest eighth and a short series around it, plus a small addend. */
const atanUpToOne = (x: number): number => {
  const i = Math.round(x * 8)
  const near = i / 8
  const t = i === 0 ? x : (x - near) / (1 + x * near)
  const z = t * t
  let sum = 1 / 17
  for (let k = 15; k >= 3; k -= 2) sum = 1 / k - z * sum
  return ATAN_EIGHTHS[i] + (t - (t * z * sum - ATAN_EIGHTHS_REST[i]))
}

/** Arc tangent, in [-pi/2, pi/2]. */
export const atan = (x: number): number => {
  const size = Math.abs(x)
  if (x !== x || size === 0) return x
  const value = size <= 1 ? atanUpToOne(size) : HALF_PI - (atanUpToOne(1 / size) - HALF_PI_REST)
  return x < 0 ? -value : value
}

/** Angle of the point (x, y) from the positive x axis, in [-pi, pi]. Mind the order: y first. */
export const atan2 = (y: number, x: number): number => {
  if (x !== x || y !== y) return NaN
  const below = y < 0 || Object.is(y, -0)
  const left = x < 0 || Object.is(x, -0)
  const height = Math.abs(y)
  const width = Math.abs(x)
  let value: number
  if (height === 0) value = 0
  else if (height === Infinity && width === Infinity) value = HALF_PI / 2
  else if (height <= width) value = atanUpToOne(height / width)
  else value = HALF_PI - (atanUpToOne(width / height) - HALF_PI_REST)
  if (left) value = PI - (value - PI_REST)
  return below ? -value : value
}

/** Arc sine, in [-pi/2, pi/2]; NaN outside [-1, 1]. */
export const asin = (x: number): number => {
  if (!(Math.abs(x) <= 1)) return NaN
  // (1 - x)(1 + x) keeps the digits that 1 - x*x would lose near the ends.
  return x === 0 ? x : atan2(x, Math.sqrt((1 - x) * (1 + x)))
}
