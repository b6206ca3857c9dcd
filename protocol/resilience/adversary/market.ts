/**
 * Rings, gates, pumped oracles and runs: closed form 5.8 and checkpoints K24, K28, K33, K34 of the adversaries fact sheet (2026-11-22),
 * and the power of a variance test (K32). Prices and amounts in any one unit.
 */
import { exp, ln, pow } from "../../kernel/real.ts"
import { lnGamma } from "../analytic/special.ts"

/** Mean price of a reverse auction of n costs uniform on [0, 1], reserve 1, at the lowest losing bid; m collude (5.8; K24). */
export const computeRingPrice = (bidders: number, ring: number): number =>
  ring >= bidders ? 1 : ((bidders + 1) / (bidders - ring + 1) + (bidders - ring) / bidders) / (bidders + 1)

/** FIP-0118 (Draft): the quarterly volume of gate i (from 0): $3,500·2.7^i; and what it unlocks over it (B10; K28). */
export const computeGateTarget = (gate: number): number => 3500 * pow(2.7, gate)
export const computeGateValue = (gate: number, unlocked = 250_000): number => unlocked / computeGateTarget(gate)

/** What a pump by m for t of a window w does to the mean: 1 + (m−1)t/w; a median of sources takes a majority of them (E7; K33). */
export const computePumpedMean = (factor: number, seconds: number, window: number): number =>
  1 + ((factor - 1) * seconds) / window
/** The pump from which minting alone can trip a halt at CR, with a spread (E7; K33). */
export const computeCriticalPump = (halt: number, spread: number): number => 1 / (halt * (1 - spread))

export interface Push {
  readonly akt: number
  /** In dollars at the true price. */
  readonly profit: number
}
/** How much a pumped mint takes until the true ratio falls to `halt`, and what it earns; undefined below the critical pump (E7; K33). */
export function computePush(
  vault: number,
  price: number,
  outstanding: number,
  pump: number,
  spread: number,
  halt: number,
): Push | undefined {
  const perDollar = pump * (1 - spread)
  const drain = halt * perDollar - 1
  if (drain <= 0) return undefined
  const akt = (vault * price - halt * outstanding) / (price * drain)
  return { akt, profit: akt * price * (perDollar - 1) }
}

/** What is left for the others a dollar when a share x is redeemed at par at a ratio CR: (CR−x)/(1−x) (E8; K34). */
export const computeRunRemainder = (ratio: number, redeemed: number): number => (ratio - redeemed) / (1 - redeemed)

const TINY = 1e-300
/** The regularised incomplete beta function, by Lentz's continued fraction. */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a)
  const front = exp(a * ln(x) + b * ln(1 - x) + lnGamma(a + b) - lnGamma(a) - lnGamma(b)) / a
  const safe = (y: number): number => (Math.abs(y) < TINY ? TINY : y)
  let c = 1
  let d = 1 / safe(1 - ((a + b) * x) / (a + 1))
  let f = d
  for (let m = 1; m < 1000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / safe(1 + even * d)
    c = safe(1 + even / c)
    f *= c * d
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / safe(1 + odd * d)
    c = safe(1 + odd / c)
    f *= c * d
    if (Math.abs(c * d - 1) < 1e-15) break
  }
  return front * f
}
/** P(F ≤ x) for a ratio of two variances of n degrees of freedom each. */
export const computeVarianceRatioCdf = (x: number, n: number): number => (x <= 0 ? 0 : incompleteBeta(x / (1 + x), n / 2, n / 2))

/** The ratio that such a test rejects above, at this level. */
export function computeCriticalRatio(n: number, level = 0.05): number {
  let low = 1
  let high = 2
  while (computeVarianceRatioCdf(high, n) < 1 - level) high *= 2
  for (let i = 0; i < 200; i++) {
    const middle = low + (high - low) / 2
    if (middle === low || middle === high) break
    if (computeVarianceRatioCdf(middle, n) < 1 - level) low = middle
    else high = middle
  }
  return high
}
/** Power of re-rendering m pixels against a share σ of the samples ordered: noise variance grows as 1/σ, Gaussian (D2; K32). */
export const computeShavingPower = (pixels: number, samples: number, level = 0.05): number =>
  1 - computeVarianceRatioCdf(samples * computeCriticalRatio(pixels, level), pixels)
