/** How concentrated a network is, per domain: never one number for all domains. Spec: resilience-science §1 and §8. */
import * as decimal from "../../kernel/decimal.ts"

const DIGITS = 18

/** A share as a whole number of 10^-18: 16.7 + 16.6 + 16.7 must be 50, not almost. */
const exact = (share: number): bigint => decimal.toUnits(decimal.parse(plain(share)), DIGITS, "floor")
const plain = (x: number): string => {
  const text = String(x)
  return text.includes("e") ? x.toFixed(DIGITS) : text
}

/** The fewest holders that together hold strictly more than num/den of 100 %; null if those listed do not. */
export const computeNakamoto = (sharesPercent: readonly number[], thresholdNum: number, thresholdDen: number): number | null => {
  const shares = sharesPercent.map(exact).toSorted((a, b) => (a < b ? 1 : a > b ? -1 : 0))
  const threshold = exact(100) * exact(thresholdNum)
  const scale = exact(thresholdDen)
  let sum = 0n
  for (let i = 0; i < shares.length; i++) {
    sum += shares[i]
    if (sum * scale > threshold) return i + 1
  }
  return null
}

/** Effective number of holders from the sum of squared shares. */
export const computeEffectiveNumber = (hhi: number): number => 1 / hhi

/** Gini coefficient, 0 (equal, or nothing held) to 1. */
export const computeGini = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const total = sorted.reduce((sum, x) => sum + x, 0)
  if (total === 0) return 0
  return sorted.reduce((sum, x, i) => sum + (2 * (i + 1) - sorted.length - 1) * x, 0) / (sorted.length * total)
}

/** Does a chain that needs two thirds still finalise: exactly a third lost still does. */
export const finalises = (lostShare: number): boolean => 3 * lostShare <= 1

/** What is left when a fault hits the most common version. */
export const computeMonoculture = (versionShares: readonly number[]) => {
  const worst = versionShares.reduce((most, share) => Math.max(most, share), 0)
  return { worstCapacityLeft: 1 - worst, haltsAtTwoThirds: !finalises(worst) }
}
