/**
 * Two doubles as one number of about 100 bits: what a rounded operation loses is itself a double and can be kept
 * (Dekker 1971, Knuth). Used where `real` must not lose bits; valid while no step overflows or becomes subnormal.
 */

export type Words = [head: number, rest: number]

/** What `a + b` lost when it was rounded to `sum`. */
export const sumError = (a: number, b: number, sum: number): number => {
  const seenB = sum - a
  return a - (sum - seenB) + (b - seenB)
}

/** a + b in two words, for |a| >= |b|. */
export const fastSum = (a: number, b: number): Words => {
  const head = a + b
  return [head, b - (head - a)]
}

/** What `a * b` lost when it was rounded to `product`. |a| and |b| below 2^996, so that the split cannot overflow. */
export const productError = (a: number, b: number, product: number): number => {
  const aHigh = upperHalf(a)
  const aLow = a - aHigh
  const bHigh = upperHalf(b)
  const bLow = b - bHigh
  return aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow
}

/** The upper 26 bits of x: 2^27 + 1 pushes the lower ones out. */
const upperHalf = (x: number): number => {
  const spread = 134217729 * x
  return spread - (spread - x)
}

/** (a + aRest) + (b + bRest). */
export const addWords = (a: number, aRest: number, b: number, bRest: number): Words => {
  const sum = a + b
  return fastSum(sum, sumError(a, b, sum) + (aRest + bRest))
}

/** (a + aRest) * (b + bRest). */
export const multiplyWords = (a: number, aRest: number, b: number, bRest: number): Words => {
  const product = a * b
  return fastSum(product, productError(a, b, product) + (a * bRest + aRest * b))
}
