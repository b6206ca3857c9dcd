/**
 * Exact whole-number maths. Money is whole numbers of a token's smallest unit; every division here says which way it
 * rounds, and every split hands its dust back, so that the caller posts it to an account it names.
 *
 * Functions on numbers take and give safe integers from 0 to 2^53 − 1 and allocate nothing up to a divisor of 2^50.
 * Those that end in `Big` take bigint of either sign.
 */
import type { Wide } from "./wide.ts"

const SAFE = Number.MAX_SAFE_INTEGER
/** Below this divisor the exact remainder of a first guess, wrong by at most a few, is itself a safe integer. */
const GUESS_MAX = 2 ** 50
/** Veltkamp's constant: cuts a double into two halves of 26 bits, whose products are exact. */
const SPLITTER = 2 ** 27 + 1

/** The remainder of the last `divide`: a typed cell, because a module-level double would be boxed at every write. */
const rest = new Float64Array(1)

/** floor(a · b / c), rounding down. Throws a RangeError unless a, b ≥ 0 and c > 0 are safe integers and so is the result. */
export function mulDivFloor(a: number, b: number, c: number): number {
  const product = a * b
  // Exact: of two whole numbers below 2^53 the rounded quotient never reaches the next whole number.
  if (product <= SAFE && c > 0 && Number.isInteger(product) && a >= 0 && b >= 0) return Math.floor(product / c)
  return divide(a, b, c)
}

/** ceil(a · b / c), rounding up. Throws a RangeError as `mulDivFloor` does. */
export function mulDivCeil(a: number, b: number, c: number): number {
  const quotient = divide(a, b, c)
  return rest[0] > 0 ? assertSafe(quotient + 1) : quotient
}

/** a · b / c rounded to the nearest, ties to the even. Throws a RangeError as `mulDivFloor` does. */
export function mulDivHalfEven(a: number, b: number, c: number): number {
  const quotient = divide(a, b, c)
  // remainder against c − remainder, not twice the remainder against c: doubling could leave the safe integers
  const over = rest[0] - (c - rest[0])
  return over > 0 || (over === 0 && quotient % 2 === 1) ? assertSafe(quotient + 1) : quotient
}

/** floor(a / b), rounding towards minus infinity. Throws a RangeError when b is 0. */
export function divFloor(a: bigint, b: bigint): bigint {
  const quotient = a / b
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient
}

/** ceil(a / b), rounding towards plus infinity. Throws a RangeError when b is 0. */
export const divCeil = (a: bigint, b: bigint): bigint => -divFloor(-a, b)

/** a / b rounded to the nearest, ties to the even. Throws a RangeError when b is 0. */
export function divHalfEven(a: bigint, b: bigint): bigint {
  const quotient = divFloor(a, b)
  // |a − quotient · b| against the half of |b|; the remainder has b's sign
  const remainder = a - quotient * b
  const over = 2n * (remainder < 0n ? -remainder : remainder) - (b < 0n ? -b : b)
  return over > 0n || (over === 0n && (quotient & 1n) === 1n) ? quotient + 1n : quotient
}

/** floor(a · b / c), rounding towards minus infinity. */
export const mulDivFloorBig = (a: bigint, b: bigint, c: bigint): bigint => divFloor(a * b, c)
/** ceil(a · b / c), rounding towards plus infinity. */
export const mulDivCeilBig = (a: bigint, b: bigint, c: bigint): bigint => divCeil(a * b, c)
/** a · b / c rounded to the nearest, ties to the even. */
export const mulDivHalfEvenBig = (a: bigint, b: bigint, c: bigint): bigint => divHalfEven(a * b, c)

/** Sum of whole non-negative weights. Throws a RangeError when one is not, or when the sum is not safe. */
export function sumWeights(weights: Float64Array): number {
  let total = 0
  for (let i = 0; i < weights.length; i++) {
    const w = weights[i]
    // The sum may round once above 2^53, and then it is refused below; it cannot come back down.
    if (!(w >= 0 && Number.isInteger(w))) throw new RangeError(`weight ${i} is ${w}, not a whole number from 0`)
    total += w
  }
  return assertSafe(total)
}

/**
 * Splits `pool` by `weights` (whole, from 0): `into[i] = floor(pool · weights[i] / Σ weights)`, rounding down.
 *
 * Returns the dust: what the floors left, fewer units than there are weights, or the whole pool when every weight is 0.
 * The dust has no owner here; the caller posts it to an account it names, or keeps it for the next epoch.
 * Throws a RangeError when the weights' sum or a share is not a safe integer (`splitProRataWide` has room).
 */
export function splitProRata(pool: number, weights: Float64Array, into: Float64Array): number
export function splitProRata(pool: bigint, weights: Float64Array, into: Float64Array): bigint
export function splitProRata(pool: number | bigint, weights: Float64Array, into: Float64Array): number | bigint {
  assertRoom(weights, into.length)
  const total = sumWeights(weights)
  if (total === 0) {
    into.fill(0, 0, weights.length)
    return pool
  }
  const { quotient, remainder } = quotientOf(pool, total)
  if (typeof pool === "number") {
    let paid = 0
    for (let i = 0; i < weights.length; i++) {
      const w = weights[i]
      const share = quotient * w + mulDivFloor(remainder, w, total)
      into[i] = share
      paid += share
    }
    return pool - paid
  }
  // A big pool: the shares are safe but their sum need not be, so add up what each floor left instead.
  let paid = 0n
  let run = 0
  for (let i = 0; i < weights.length; i++) {
    const w = weights[i]
    const share = assertSafe(quotient * w + mulDivFloor(remainder, w, total))
    into[i] = share
    if (run + share > SAFE) {
      paid += BigInt(run)
      run = 0
    }
    run += share
  }
  return pool - paid - BigInt(run)
}

/** `splitProRata` for shares beyond 2^53: writes cells [0, weights.length) of a wide column, rounding down; returns the dust. */
export function splitProRataWide(pool: bigint, weights: Float64Array, into: Wide): bigint {
  assertRoom(weights, into.lo.length)
  if (pool < 0n) throw new RangeError(`a pool of ${pool} cannot be split: it is below 0`)
  const total = BigInt(sumWeights(weights))
  let paid = 0n
  for (let i = 0; i < weights.length; i++) {
    const share = total === 0n ? 0n : (pool * BigInt(weights[i])) / total
    into.set(i, share)
    paid += share
  }
  return pool - paid
}

/**
 * Splits `pool` by `weights` without dust: floors first, then one unit more to each of the largest remainders, ties to
 * the lower index (Hamilton's method). Returns 0, or the whole pool when every weight is 0. Allocates; not for hot loops.
 */
export function splitLargestRemainder(pool: number, weights: Float64Array, into: Float64Array): number {
  const dust = splitProRata(pool, weights, into)
  const total = sumWeights(weights)
  if (dust === 0 || total === 0) return dust
  const remainders = new Float64Array(weights.length)
  for (let i = 0; i < weights.length; i++) {
    divide(pool % total, weights[i], total)
    remainders[i] = rest[0]
  }
  const order = Uint32Array.from(weights.keys()).sort((a, b) => remainders[b] - remainders[a] || a - b)
  for (let k = 0; k < dust; k++) into[order[k]]++
  return 0
}

/** floor(a · b / c) with the remainder left in `rest`, exact for all safe integers. */
function divide(a: number, b: number, c: number): number {
  if (!(a >= 0 && b >= 0 && c > 0 && Number.isSafeInteger(a) && Number.isSafeInteger(b) && Number.isSafeInteger(c)))
    throw new RangeError(`${a} · ${b} / ${c}: all must be whole numbers from 0 to 2^53 − 1, and the divisor not 0`)
  // a = whole · c + part, so that what is left to divide, part · b, has a quotient below b
  const whole = Math.floor(a / c)
  const part = a - whole * c
  const product = part * b
  let quotient: number
  if (product <= SAFE) {
    quotient = Math.floor(product / c)
    rest[0] = product - quotient * c
  } else if (c <= GUESS_MAX) {
    quotient = Math.floor(product / c)
    let left = differenceOfProducts(part, b, quotient, c)
    while (left < 0) {
      left += c
      quotient--
    }
    while (left >= c) {
      left -= c
      quotient++
    }
    rest[0] = left
  } else {
    const exact = BigInt(part) * BigInt(b)
    const divisor = BigInt(c)
    quotient = Number(exact / divisor)
    rest[0] = Number(exact % divisor)
  }
  return assertSafe(whole * b + quotient)
}

/**
 * a · b − c · d, exact when the two products nearly agree and the difference is safe: each product becomes its double
 * and that double's error (Dekker 1971), and both differences are exact.
 */
function differenceOfProducts(a: number, b: number, c: number, d: number): number {
  const first = a * b
  const second = c * d
  return first - second + (productError(a, b, first) - productError(c, d, second))
}

function productError(a: number, b: number, product: number): number {
  const ta = SPLITTER * a
  const ah = ta - (ta - a)
  const al = a - ah
  const tb = SPLITTER * b
  const bh = tb - (tb - b)
  const bl = b - bh
  return al * bl - (product - ah * bh - al * bh - ah * bl)
}

function assertSafe(value: number): number {
  if (value > SAFE) throw new RangeError(`the result ${value} is beyond 2^53 − 1: use the bigint version`)
  return value
}

function assertRoom(weights: Float64Array, room: number): void {
  if (room < weights.length) throw new RangeError(`${weights.length} weights do not fit ${room} shares`)
}

/** pool = quotient · total + remainder, as numbers. Throws when the quotient is not safe, for then no share would be. */
function quotientOf(pool: number | bigint, total: number): { quotient: number; remainder: number } {
  if (typeof pool === "bigint") {
    if (pool < 0n) throw new RangeError(`a pool of ${pool} cannot be split: it is below 0`)
    return { quotient: assertSafe(Number(pool / BigInt(total))), remainder: Number(pool % BigInt(total)) }
  }
  if (!Number.isSafeInteger(pool) || pool < 0) throw new RangeError(`a pool of ${pool} is not a whole number from 0 to 2^53 − 1`)
  return { quotient: Math.floor(pool / total), remainder: pool % total }
}
