/**
 * Angles too large to be reduced in floating point: whole quarter turns are taken off in integers, with as many digits of pi
 * as the largest double needs. Slow (tens of microseconds) and rarely called.
 */

// The largest double is below 2^1024 and pi/2 must still be right to 2^-160 after being multiplied by it.
const PI_BITS = 1200n
let halfPiScaled: bigint | undefined

/** arctan(1/n) * 2^PI_BITS, by its series. */
const arctanOfInverse = (n: bigint): bigint => {
  let term = (1n << PI_BITS) / n
  let sum = term
  for (let k = 3n; term !== 0n; k += 2n) {
    term /= -(n * n)
    sum += term / k
  }
  return sum
}

/** pi/2 * 2^PI_BITS, by Machin's formula: pi/4 = 4 arctan(1/5) - arctan(1/239). */
const halfPi = (): bigint => (halfPiScaled ??= 2n * (4n * arctanOfInverse(5n) - arctanOfInverse(239n)))

/** A finite x as a whole number times 2^-PI_BITS, exactly (|x| >= 1, so no bit falls below the scale). */
const toScaled = (x: number): bigint => {
  let shift = 0n
  while (Math.abs(x) >= 9007199254740992) {
    x /= 4294967296
    shift += 32n
  }
  // 52 more binary places make any double of that size whole.
  const whole = BigInt(Math.trunc(x))
  const fraction = BigInt((x - Math.trunc(x)) * 4503599627370496)
  return ((whole << 52n) + fraction) << (PI_BITS - 52n + shift)
}

/** scaled * 2^-PI_BITS as the nearest double. */
const toNumber = (scaled: bigint): number => {
  const size = scaled < 0n ? -scaled : scaled
  // Sixty-four leading bits are enough for one rounding to 53.
  const drop = Math.max(0, size.toString(2).length - 64)
  let value = Number(size >> BigInt(drop))
  let places = Number(PI_BITS) - drop
  for (; places >= 32; places -= 32) value /= 4294967296
  for (; places > 0; places--) value /= 2
  return scaled < 0n ? -value : value
}

/** Quarter turns in x modulo 4 and the rest, |angle| <= pi/4. x finite, |x| >= 1. */
export const reduceHugeAngle = (x: number): { quarters: number; angle: number } => {
  const scaled = toScaled(x)
  const quarter = halfPi()
  let turns = scaled / quarter
  let left = scaled - turns * quarter
  if (2n * left > quarter) {
    turns++
    left -= quarter
  } else if (-2n * left > quarter) {
    turns--
    left += quarter
  }
  return { quarters: Number(((turns % 4n) + 4n) % 4n), angle: toNumber(left) }
}
