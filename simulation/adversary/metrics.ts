/**
 * The metrics of the adversaries fact sheet (2.1) from the plays of many seeds, each with its 95 % interval over seeds, and its acceptance
 * rows (2.2). A figure is NaN where there was nothing to be measured.
 */
import { meanInterval, type Estimate } from "../study/maths/estimate.ts"
import type { Outcome } from "./entry.ts"

const CONFIDENCE = 0.95

export interface Metrics {
  /** (income/cost) of the adversary over the same of honest nodes. */
  readonly rho: Estimate
  /** L: value paid for nothing, of all value paid. */
  readonly leakage: Estimate
  /** F: value delivered and not paid, of all value delivered. */
  readonly denial: Estimate
  /** H: one less service with the adversary over service without it. */
  readonly harm: Estimate
  /** P(h): identities with an irrevocable loss by the horizon. */
  readonly found: Estimate
  /** Median hours to it by Kaplan and Meier; NaN where fewer than half were found. */
  readonly medianHours: number
  readonly horizonHours: number
  /** E: of the adversary's income, per identity. */
  readonly extraction: Estimate
  /** K: honest units of all penalised. */
  readonly collateral: Estimate
  readonly own: Estimate
}

const ratio = (a: number, b: number): number => (b === 0 ? NaN : a / b)

/** Income per cost of the adversary over that of honest nodes, at one seed. */
export const advantageOf = (o: Outcome): number => ratio(ratio(o.income, o.cost), ratio(o.honestIncome, o.honestCost))
export const leakageOf = (o: Outcome): number => ratio(o.paidForNothing, o.paid)
export const denialOf = (o: Outcome): number => ratio(o.unpaid, o.delivered)
export const harmOf = (o: Outcome): number => (o.servedWithout === 0 ? NaN : 1 - o.served / o.servedWithout)
export const collateralOf = (o: Outcome): number => ratio(o.penalisedHonest, o.penalised)
const foundOf = (o: Outcome): number => ratio(o.foundHours.filter((h) => h === h).length, o.foundHours.length)
const extractionOf = (o: Outcome): number => (o.foundHours.length === 0 ? NaN : o.extracted / o.foundHours.length)

export function summarise(outcomes: readonly Outcome[]): Metrics {
  const over = (of: (o: Outcome) => number): Estimate => meanInterval(Float64Array.from(outcomes, of), CONFIDENCE)
  const horizonHours = outcomes[0]?.horizonHours ?? NaN
  return {
    rho: over(advantageOf),
    leakage: over(leakageOf),
    denial: over(denialOf),
    harm: over(harmOf),
    found: over(foundOf),
    medianHours: medianSurvival(
      outcomes.flatMap((o) => o.foundHours.map((h) => ({ hours: h === h ? h : o.horizonHours, isFound: h === h }))),
    ),
    horizonHours,
    extraction: over(extractionOf),
    collateral: over(collateralOf),
    own: over((o) => o.own),
  }
}

export interface Life {
  readonly hours: number
  /** False: censored, still undetected when last looked at. */
  readonly isFound: boolean
}
export interface Step {
  readonly hours: number
  /** Share still undetected from here on. */
  readonly alive: number
}

/** Kaplan and Meier's estimate: the share of identities undetected after so many hours, though some were never found. */
export function survival(lives: readonly Life[]): readonly Step[] {
  const sorted = lives.toSorted((a, b) => a.hours - b.hours)
  const steps: Step[] = []
  let alive = 1
  for (let i = 0; i < sorted.length;) {
    const { hours } = sorted[i]
    const atRisk = sorted.length - i
    let found = 0
    for (; i < sorted.length && sorted[i].hours === hours; i++) if (sorted[i].isFound) found++
    if (found === 0) continue
    alive *= 1 - found / atRisk
    steps.push({ hours, alive })
  }
  return steps
}
/** Hours by which half were found; NaN where they never were. */
export const medianSurvival = (lives: readonly Life[]): number => survival(lives).find((s) => s.alive <= 0.5)?.hours ?? NaN

export type Verdict = "holds" | "open" | "breaks" | "not measured"
export interface Row {
  readonly rule: "rho" | "leakage" | "denial" | "collateral"
  readonly limit: number
}
/** Acceptance (2.2), for shares up to a third. */
export const ACCEPTANCE: readonly Row[] = [
  { rule: "rho", limit: 1 },
  { rule: "leakage", limit: 0.01 },
  { rule: "denial", limit: 0.001 },
  { rule: "collateral", limit: 0.05 },
]

/** Holds: the upper bound keeps to the limit. Breaks: the lower bound does not. Open: the interval holds the limit. */
export function judge(e: Estimate, limit: number): Verdict {
  if (e.runs === 0) return "not measured"
  // Without spread, or with one run, the mean is all there is.
  const low = e.low === e.low ? e.low : e.mean
  const high = e.high === e.high ? e.high : e.mean
  const eps = 1e-9
  return high <= limit + eps ? "holds" : low > limit + eps ? "breaks" : "open"
}
