/**
 * Special functions that the closed forms of resilience need, on top of the reproducible functions of kernel/real.ts: the same bits on
 * every engine. Relative error below about 1e-13 in the ranges used here.
 */
import { exp, ln, sin } from "../../kernel/real.ts"

const PI = Math.PI
const HALF_LN_2PI = 0.9189385332046727
export const LN10 = 2.302585092994046

/** ln(1 + x) without the loss that forming 1 + x brings for small x. */
export const log1p = (x: number): number => {
  const u = 1 + x
  if (u === 1) return x
  // Kahan's correction: the rounding of 1 + x cancels between numerator and denominator.
  return u === Infinity || u <= 0 ? ln(u) : (ln(u) * x) / (u - 1)
}

/** e^x − 1 without cancellation for small x. */
export const expm1 = (x: number): number => {
  if (Math.abs(x) > 0.5) return exp(x) - 1
  let term = x
  let sum = x
  for (let k = 2; k < 30 && Math.abs(term) > Math.abs(sum) * 1e-18; k++) {
    term *= x / k
    sum += term
  }
  return sum
}

/** 1 − (1 − p)^n for p in [0, 1]: the chance of at least one hit in n tries, exact for tiny p. */
export const atLeastOnce = (p: number, n: number): number => (n === 0 || p === 0 ? 0 : p >= 1 ? 1 : 0 - expm1(n * log1p(-p)))

/** Stirling's correction to ln Γ(x), x ≥ 10. */
const stirlingTail = (x: number): number => {
  const z = 1 / (x * x)
  return (1 / 12 - z * (1 / 360 - z * (1 / 1260 - z * (1 / 1680 - z * (1 / 1188 - z * (691 / 360360)))))) / x
}

/** ln Γ(x) for x > 0. */
export const lnGamma = (x: number): number => {
  let shift = 1
  let y = x
  // Γ(x) = Γ(x + n) / (x (x+1) … (x+n−1)): the series is good from 10 on.
  while (y < 10) shift *= y++
  return (y - 0.5) * ln(y) - y + HALF_LN_2PI + stirlingTail(y) - ln(shift)
}

/** Γ(x); by reflection below zero. Infinite at 0 and the negative whole numbers. */
export const gamma = (x: number): number => {
  if (x <= 0) return Number.isInteger(x) ? Infinity : PI / (sin(PI * x) * gamma(1 - x))
  if (Number.isInteger(x) && x < 23) {
    let product = 1
    for (let i = 2; i < x; i++) product *= i
    return product
  }
  return exp(lnGamma(x))
}

/** What Stirling's formula misses of ln n!; n a whole number from 0. */
const stirlingError = (n: number): number => {
  if (n >= 16) return stirlingTail(n)
  let factorial = 1
  for (let i = 2; i <= n; i++) factorial *= i
  return n === 0 ? 0 : ln(factorial) - (n + 0.5) * ln(n) + n - HALF_LN_2PI
}

/** x ln(x/m) + m − x, without cancellation where x is near m (Loader 2000, "Fast and accurate computation of binomial probabilities"). */
const deviance = (x: number, m: number): number => {
  if (x === 0) return m
  const v = (x - m) / (x + m)
  if (Math.abs(v) >= 0.1) return x * ln(x / m) + m - x
  let sum = (x - m) * v
  let term = 2 * x * v
  for (let j = 1; j < 60; j++) {
    term *= v * v
    const next = sum + term / (2 * j + 1)
    if (next === sum) break
    sum = next
  }
  return sum
}

/** ln P(X = x) for X ~ Binomial(n, p); −∞ where it cannot happen. */
export const lnBinomial = (x: number, n: number, p: number): number => {
  if (x < 0 || x > n) return -Infinity
  if (p <= 0) return x === 0 ? 0 : -Infinity
  if (p >= 1) return x === n ? 0 : -Infinity
  if (x === 0) return n * log1p(-p)
  if (x === n) return n * ln(p)
  const form = stirlingError(n) - stirlingError(x) - stirlingError(n - x) - deviance(x, n * p) - deviance(n - x, n * (1 - p))
  return form + 0.5 * (ln(n) - ln(x) - ln(n - x)) - HALF_LN_2PI
}

/** ln P(X = x) for X hits among `drawn` of `total` without replacement, `marked` of which are hits. */
export const lnHypergeometric = (x: number, total: number, marked: number, drawn: number): number => {
  if (x < Math.max(0, drawn - (total - marked)) || x > Math.min(drawn, marked)) return -Infinity
  if (drawn === 0 || drawn === total) return 0
  const p = drawn / total
  return lnBinomial(x, marked, p) + lnBinomial(drawn - x, total - marked, p) - lnBinomial(drawn, total, p)
}

/** ln P(X = x) for X ~ Poisson(mean). */
export const lnPoisson = (x: number, mean: number): number => {
  if (mean <= 0) return x === 0 ? 0 : -Infinity
  return x === 0 ? -mean : -stirlingError(x) - deviance(x, mean) - 0.5 * ln(x) - HALF_LN_2PI
}

/** ln of the sum of e^(term(i)) for i from `from` to `to`, both included; −∞ for an empty range. */
export const lnSum = (from: number, to: number, term: (i: number) => number): number => {
  let largest = -Infinity
  for (let i = from; i <= to; i++) largest = Math.max(largest, term(i))
  if (largest === -Infinity) return -Infinity
  let sum = 0
  for (let i = from; i <= to; i++) sum += exp(term(i) - largest)
  return largest + ln(sum)
}

/** ln P(X ≥ k), X ~ Binomial(n, p): the tail itself is summed, so that it keeps its digits however small it is. */
export const lnBinomialAtLeast = (k: number, n: number, p: number): number =>
  k <= 0
    ? 0
    : Math.min(
        0,
        lnSum(Math.ceil(k), n, (i) => lnBinomial(i, n, p)),
      )
/** ln P(X < k), X ~ Binomial(n, p). */
export const lnBinomialBelow = (k: number, n: number, p: number): number =>
  k > n
    ? 0
    : Math.min(
        0,
        lnSum(0, Math.ceil(k) - 1, (i) => lnBinomial(i, n, p)),
      )

/** P(X ≥ k): through its complement where that is the smaller side. */
export const binomialAtLeast = (k: number, n: number, p: number): number =>
  k > n * p ? exp(lnBinomialAtLeast(k, n, p)) : 0 - expm1(lnBinomialBelow(k, n, p))
export const binomialBelow = (k: number, n: number, p: number): number =>
  k > n * p ? 0 - expm1(lnBinomialAtLeast(k, n, p)) : exp(lnBinomialBelow(k, n, p))

/** ln of the standard normal's upper tail, P(Z > y): a series near the middle, a continued fraction in the tail. */
export const lnNormalTail = (y: number): number => {
  if (y < 0) return log1p(-exp(lnNormalTail(-y)))
  const density = -0.5 * y * y - HALF_LN_2PI
  if (y < 2.5) {
    // Φ(y) − 1/2 = φ(y) (y + y³/3 + y⁵/15 + …)
    let term = y
    let sum = y
    for (let k = 3; term > sum * 1e-18; k += 2) {
      term *= (y * y) / k
      sum += term
    }
    return ln(0.5 - exp(density) * sum)
  }
  let fraction = 0
  for (let k = 200; k >= 1; k--) fraction = k / (y + fraction)
  return density - ln(y + fraction)
}

/** The root of an increasing function on [low, high], by bisection down to neighbouring doubles. */
export const bisect = (low: number, high: number, f: (x: number) => number): number => {
  for (let i = 0; i < 2000; i++) {
    const middle = low + (high - low) / 2
    if (middle <= low || middle >= high) break
    if (f(middle) < 0) low = middle
    else high = middle
  }
  return low + (high - low) / 2
}
