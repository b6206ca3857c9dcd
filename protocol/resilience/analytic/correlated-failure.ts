/** Failures that come together: k-of-n groups, common causes, domain outages and committees. Spec: resilience-science §2. */
import { exp } from "../../kernel/real.ts"
import {
  atLeastOnce,
  binomialAtLeast,
  expm1,
  LN10,
  lnBinomialAtLeast,
  lnBinomialBelow,
  lnHypergeometric,
  lnSum,
  log1p,
} from "./special.ts"
import { pow } from "../../kernel/real.ts"

/** Chance that at least k of n independent parts are up, each with chance p. */
export const computeKOfN = (k: number, n: number, p: number): number => (k > n ? 0 : k <= 0 ? 1 : binomialAtLeast(k, n, p))

/** log10 of the chance that fewer than k of n parts are up: in logarithms, because one minus a sum loses everything. −∞ if impossible. */
export const computeKOfNLossLog10 = (k: number, n: number, p: number): number => lossLn(k, n, p) / LN10

function lossLn(k: number, n: number, p: number): number {
  if (k <= 0) return -Infinity
  // Where loss is almost certain, the small side is the other one.
  const below = lnBinomialBelow(k, n, p)
  return below < -0.5 ? below : log1p(-exp(lnBinomialAtLeast(k, n, p)))
}

/** Chance that all replicas of an item sit in one domain when placement ignores domains. */
export const computeSameDomainProbability = (shares: readonly number[], replicas: number): number =>
  shares.reduce((sum, share) => sum + pow(share, replicas), 0)

/** Chance that a stripe of `pieces` placed uniformly keeps fewer than `needed` when `down` of `nodes` nodes are out. Hypergeometric. */
export const computeDomainOutageLoss = (nodes: number, down: number, pieces: number, needed: number): number => {
  if (needed <= 0) return 0
  if (needed > pieces) return 1
  const up = nodes - down
  const side = (from: number, to: number) => lnSum(from, to, (i) => lnHypergeometric(i, nodes, up, pieces))
  return (pieces * up) / nodes > needed ? exp(side(0, needed - 1)) : 0 - expm1(Math.min(0, side(needed, pieces)))
}

/** The largest number of a stripe's pieces per domain that survives one domain, and how many domains a given cap survives. */
export const computePlacementCap = (pieces: number, needed: number, cap: number) => {
  const spare = Math.max(0, pieces - needed)
  return { maxCap: spare, domainsSurvived: cap > 0 ? Math.floor(spare / cap) : null }
}

/** Chance that a group of n, of which k are needed, fails: beta of each part's failures hit all at once. */
export const computeBetaFactor = (p: number, beta: number, n: number, k: number) => {
  const common = beta * p
  const group = computeGroupFailure(k, n, (1 - beta) * p)
  return { pFail: common + group - common * group, pFailIndependent: computeGroupFailure(k, n, p) }
}

/** Chance that fewer than k of n are up, each failing with chance q. */
const computeGroupFailure = (k: number, n: number, q: number): number =>
  k <= 0 ? 0 : k > n ? 1 : binomialAtLeast(n - k + 1, n, q)

/** Chance that both parts of a mirrored pair have failed after `years`, rates per year, beta of them common. */
export const computeBetaFactorMirror = (lambdaPerYear: number, beta: number, years: number): number => {
  const own = 0 - expm1(-(1 - beta) * lambdaPerYear * years)
  const common = 0 - expm1(-beta * lambdaPerYear * years)
  return common + own * own - common * own * own
}

/** Chance that in at least one of `draws` committees of n more than f members sit on a provider that holds `share` and is down. */
export const computeCommitteeHalt = (n: number, f: number, share: number, draws: number): number =>
  atLeastOnce(binomialAtLeast(f + 1, n, share), draws)
