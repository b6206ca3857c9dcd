/**
 * What random challenges find, and what grinding makes of it: closed forms 5.1 to 5.4 of the adversaries fact sheet (2026-11-22).
 *
 * Shares are in [0, 1], amounts in any one unit, times in the period of the challenge. Doubles, the same on every engine.
 */
import { exp, ln, pow } from "../../kernel/real.ts"
import { atLeastOnce, expm1, lnHypergeometric, log1p } from "../analytic/special.ts"

/** 1 − (1 − f)^k: the chance that k challenges with replacement hit a missing share f (5.1; K01, K03, K04). */
export const computeDetection = (missing: number, challenges: number): number => atLeastOnce(missing, challenges)

/** 1 − C(N−m, k)/C(N, k): the same without replacement, m of N missing (5.1; K02). */
export const computeDetectionOf = (total: number, missing: number, challenges: number): number =>
  0 - expm1(lnHypergeometric(0, total, missing, challenges))

/** Fewest challenges that detect with probability p; Infinity where nothing is missing (5.1; K01). */
export const countChallenges = (missing: number, p: number): number =>
  missing <= 0 ? Infinity : missing >= 1 ? 1 : Math.ceil(log1p(-p) / log1p(-missing))

/** Mean periods until the first hit, geometric (5.1; K04). */
export const computeMeanPeriods = (missing: number, challenges: number): number => 1 / computeDetection(missing, challenges)

/** (1 − δ)^k: the chance that k challenges miss a bad share δ of a seal (5.2; K05). */
export const computeEscape = (bad: number, challenges: number): number => exp(challenges * log1p(-bad))

/** The bad share δ at which k challenges leave 2^−λ (5.2; K06). */
export const computeTolerated = (challenges: number, lambdaBits: number): number => 0 - expm1((-lambdaBits * ln(2)) / challenges)

/** 1 − (1 − 2^−λ)^t: one success in t tries at λ bits each (5.2; K07). */
export const computeGrinding = (lambdaBits: number, tries: number): number => atLeastOnce(pow(2, -lambdaBits), tries)

/** What a success costs where every failed try burns a deposit: deposit/(1−δ)^k (5.2). */
export const computeGrindingCost = (deposit: number, bad: number, challenges: number): number =>
  deposit / computeEscape(bad, challenges)

/** Expected loss a day, in days of reward, of keeping 1 − f of the data: P(f) · (penalty + lost power) (5.3; K08). */
export const computePartialLoss = (missing: number, challenges: number, penaltyDays: number): number =>
  computeDetection(missing, challenges) * penaltyDays

/** Honesty is best for every f iff the loss at f = 1 is at least the cost of storing (5.3). */
export const deterPartialStorage = (penaltyDays: number, rewardPerDay: number, storageCostPerDay: number): boolean =>
  penaltyDays * rewardPerDay >= storageCostPerDay

/** Days of reward paid for n periods missed in a row: the first is free (FIP-0002; B6). */
export const computeMissedPeriods = (periods: number, daysEach = 3.51): number => daysEach * Math.max(0, periods - 1)

/** The least stake that deters a gain g caught with probability p: g(1−p)/p where it is forfeited, g/p where it is kept (5.4). */
export const computeDeterringStake = (gain: number, caught: number, keepsGain: boolean): number =>
  keepsGain ? gain / caught : (gain * (1 - caught)) / caught

/** What is taken before detection at hazard h a period, g a period (5.4). */
export const computeExtraction = (gain: number, hazard: number): number => (gain * (1 - hazard)) / hazard

/** Nodes a generation attack must beat: it pays where regenerating what is challenged costs less than storing it (B2). */
export const computeRegenerationRatio = (regenerationCost: number, storageCost: number): number => regenerationCost / storageCost
