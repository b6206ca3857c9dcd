/** Durability of coded and replicated data, and the traffic of repair. Spec: resilience-science §3 (Storj whitepaper, Backblaze, Tahoe). */
import { exp, ln, log10 } from "../../kernel/real.ts"
import { atLeastOnce, binomialAtLeast, expm1, lnPoisson, lnSum } from "./special.ts"

const DAYS_PER_YEAR = 365
/** So many deviations beyond the larger of mean and threshold nothing is left that a double could hold; and more terms, for small means. */
const POISSON_DEVIATIONS = 40
const POISSON_TERMS_MIN = 400

/** Chance that more than n − k of n pieces are lost when each is lost with chance p: Poisson overstates it, binomial is what real nodes do. */
export const computeStripeLoss = (k: number, n: number, p: number, model: "poisson" | "binomial"): number => {
  if (k <= 0) return 0
  if (model === "binomial") return k > n ? 1 : binomialAtLeast(n - k + 1, n, p)
  if (k > n) return 1
  const mean = p * n
  const from = n - k + 1
  const term = (i: number) => lnPoisson(i, mean)
  if (from <= mean) return 0 - expm1(lnSum(0, from - 1, term))
  const terms = Math.max(POISSON_TERMS_MIN, Math.ceil(POISSON_DEVIATIONS * Math.sqrt(from)))
  return exp(lnSum(from, from + terms, term))
}

/** Monthly durability of a stripe in percent under the Poisson model. */
export const computePoissonDurability = (k: number, n: number, p: number): number =>
  100 * (1 - computeStripeLoss(k, n, p, "poisson"))

/** Repair traffic a month as a share of what is stored: alpha (n − m + k) / (k ln(n/m)). */
export const computeRepairBandwidth = (mttfMonths: number, k: number, n: number, m: number): number =>
  (n - m + k) / (mttfMonths * k * ln(n / m))

/** Months until a stripe of n falls to its repair threshold m: ln(m/n) / (a ln(1 − p/a)), a checks a month. */
export const computeTimeToRepair = (n: number, m: number, p: number, checksPerMonth: number): number =>
  ln(m / n) / (checksPerMonth * ln(1 - p / checksPerMonth))

/** A shard fails within the period with chance 1 − e^(−afr·days/365). Chance to lose a stripe in one replacement period and in a year of them; whole nines of the year. */
export const computeShardAnnualLoss = (shards: number, lostToFail: number, afr: number, replacementDays: number) => {
  const perPeriod = binomialAtLeast(lostToFail, shards, -expm1((-afr * replacementDays) / DAYS_PER_YEAR))
  const annual = atLeastOnce(perPeriod, DAYS_PER_YEAR / replacementDays)
  return { perPeriod, annual, nines: annual > 0 ? Math.floor(-log10(annual)) : null }
}

/** Chance to lose a peer within a repair interval, and a file of n shares of which k are needed. */
export const computePeerLoss = (failuresPerMillionHours: number, intervalHours: number, k: number, n: number) => {
  const pPeerLost = 0 - expm1((-failuresPerMillionHours * intervalHours) / 1e6)
  // Lost, not kept, is what is counted: 1 − p would lose the digits of a rare loss.
  return { pPeerLost, pFileLost: k <= 0 ? 0 : k > n ? 1 : binomialAtLeast(n - k + 1, n, pPeerLost) }
}

/** Mean hours until all replicas are gone, one repair at a time: the exact chain, from all replicas down. */
export const computeReplicaMttdl = (replicas: number, lambdaPerHour: number, muPerHour: number): number => {
  let step = 0
  let total = 0
  // Time from i replicas to i − 1: a failure ends it, a repair sends it through i + 1 first; with all replicas there is nothing to repair.
  for (let i = replicas; i >= 1; i--) {
    step = (1 + (i < replicas ? muPerHour * step : 0)) / (i * lambdaPerHour)
    total += step
  }
  return total
}

/** Replicas made at a constant rate and failing independently: Poisson(theta). */
export const computeBirthDeathReplicas = (theta: number) => ({ mean: theta, pZero: exp(-theta) })
