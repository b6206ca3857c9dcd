/** Student's t: its distribution and its quantiles, by the incomplete beta function; the same bits on every engine. */
import { exp, ln } from "../../../protocol/kernel/real.ts"

const LANCZOS = [
  676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905, -0.13857109526572012,
  9.9843695780195716e-6, 1.5056327351493116e-7,
]
const HALF_LN_2PI = 0.9189385332046728

/** ln Γ(x) for x > 0 (Lanczos, g = 7). */
export function lnGamma(x: number): number {
  const y = x - 1
  let sum = 0.99999999999980993
  for (let i = 0; i < LANCZOS.length; i++) sum += LANCZOS[i] / (y + i + 1)
  const t = y + LANCZOS.length - 0.5
  return HALF_LN_2PI + (y + 0.5) * ln(t) - t + ln(sum)
}

const TINY = 1e-300
const TERMS_MAX = 500

/** The regularised incomplete beta function I_x(a, b), by its continued fraction. */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a)
  const front = exp(a * ln(x) + b * ln(1 - x) + lnGamma(a + b) - lnGamma(a) - lnGamma(b)) / a
  let c = 1
  let d = 1 - ((a + b) * x) / (a + 1)
  d = 1 / (Math.abs(d) < TINY ? TINY : d)
  let sum = d
  for (let m = 1; m < TERMS_MAX; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 + even * d
    d = 1 / (Math.abs(d) < TINY ? TINY : d)
    c = 1 + even / c
    if (Math.abs(c) < TINY) c = TINY
    sum *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 + odd * d
    d = 1 / (Math.abs(d) < TINY ? TINY : d)
    c = 1 + odd / c
    if (Math.abs(c) < TINY) c = TINY
    const factor = d * c
    sum *= factor
    if (Math.abs(factor - 1) < 1e-15) break
  }
  return front * sum
}

/** P(T <= t) with `df` degrees of freedom. */
export function studentCdf(t: number, df: number): number {
  const tail = incompleteBeta(df / (df + t * t), df / 2, 0.5) / 2
  return t > 0 ? 1 - tail : tail
}

const known = new Map<string, number>()

/** The t that a share `p` (0.5 to 1) of the distribution lies below; by halving, so to the last bits. */
export function studentQuantile(p: number, df: number): number {
  const key = `${p}/${df}`
  const found = known.get(key)
  if (found !== undefined) return found
  let low = 0
  let high = 2
  while (studentCdf(high, df) < p && high < 1e12) high *= 2
  for (let i = 0; i < 200 && low < high; i++) {
    const middle = low + (high - low) / 2
    if (middle === low || middle === high) break
    if (studentCdf(middle, df) < p) low = middle
    else high = middle
  }
  known.set(key, high)
  return high
}
