/** Taking a network away rung by rung, at random or domain by domain, the largest first, and nobody comes back: what is served is measured on each. */
import type { Action } from "../../protocol/boundary/scenario.ts"
import type { Course } from "../study/course-job.ts"
import { meanInterval, type Estimate } from "../study/maths/estimate.ts"
import { atStep, scenarioOf, WARM, type Arena } from "./arena.ts"
import type { Curve } from "./claim.ts"
import type { CourseAsk } from "./trials.ts"

/** Domains gone by each rung. */
export const COUNTS = [1, 2, 3, 4, 5, 6, 8, 10, 13, 21, 34, 55, 89] as const
/** Share of the survivors that each rung of a random ladder takes: 5, 10, 20 … 90, 95 % are gone. */
export const PERMILLES = [50, 53, 111, 125, 143, 167, 200, 250, 333, 500, 500] as const

export const CONFIDENCE = 0.95
export const RANDOM = "random"
/** The twin of every ladder: the same seed and length, and nothing is taken. */
export const NOTHING = "nothing"

/** The scenario of one ladder: step 0 is whole, step k has taken rung k. */
export function ladderAsk(arena: Arena, domain: string, seed: number): CourseAsk {
  const { network } = arena
  const actions: readonly Action[] =
    domain === NOTHING
      ? []
      : domain === RANDOM
        ? PERMILLES.map((permille) => ({ verb: "kill", network, where: { share: { permille } } }))
        : COUNTS.map((count) => ({ verb: "kill", network, where: { largest: { of: domain as "country", count } } }))
  return {
    network,
    scenario: scenarioOf({
      arena,
      seed,
      steps: (domain === RANDOM ? PERMILLES : COUNTS).length + WARM,
      timeline: actions.map((todo, k) => atStep(arena, k + WARM, `rung ${k + 1}`, todo)),
    }),
  }
}
export interface Rung {
  /** Domains taken by now; NaN on a random ladder. */
  readonly count: number
  readonly removed: number
  readonly served: number
}

/** Share served in a step, of what the twin without the fault serves in it; NaN where nothing was asked. */
export function servedBeside(course: Course, twin: Course, step: number): number {
  const share = ({ offered, served }: Readonly<Record<string, number>>): number => (offered > 0 ? served / offered : NaN)
  const whole = share(twin.epochs[step])
  return whole > 0 ? Math.min(1, share(course.epochs[step]) / whole) : NaN
}

/** Rungs of a run, the whole network first. A step in which nothing was asked has no figure and is left out. */
export function rungsOf(course: Course, twin: Course, arena: Arena, domain: string): readonly Rung[] {
  const rungs: Rung[] = [{ count: domain === RANDOM ? NaN : 0, removed: 0, served: 1 }]
  for (let k = WARM; k < course.epochs.length; k++) {
    const served = servedBeside(course, twin, k)
    if (served !== served) continue
    rungs.push({ count: domain === RANDOM ? NaN : COUNTS[k - WARM], removed: 1 - course.epochs[k].running / arena.nodes, served })
  }
  return rungs
}

/** Served at a removed share, in a straight line between rungs; NaN beyond the last. */
export function servedAt(rungs: readonly Rung[], removed: number): number {
  for (let k = 1; k < rungs.length; k++) {
    const [a, b] = [rungs[k - 1], rungs[k]]
    if (removed > b.removed) continue
    if (b.removed === a.removed) return b.served
    return a.served + ((removed - a.removed) / (b.removed - a.removed)) * (b.served - a.served)
  }
  return NaN
}

/** The removed share at which service first falls below `level`; NaN where it never does. */
export function shareAt(rungs: readonly Rung[], level: number): number {
  for (let k = 1; k < rungs.length; k++) {
    const [a, b] = [rungs[k - 1], rungs[k]]
    if (b.served >= level) continue
    if (a.served <= b.served) return b.removed
    return a.removed + ((a.served - level) / (a.served - b.served)) * (b.removed - a.removed)
  }
  return NaN
}

/** Domains gone on the first rung that serves less than `level`, exact up to 6, then at most that many; NaN where it never does. */
export const domainsTo = (rungs: readonly Rung[], level: number): number => rungs.find((r) => r.served < level)?.count ?? NaN

/**
 * Area under what is served against what is gone, from nothing to everything: 1/2 is service in proportion to nodes, more is better than that,
 * 0 is a network that stops with its first node (the integral R of Schneider et al. 2011, over share instead of rank). Beyond the last rung the
 * line goes straight to nothing left.
 */
export function robustness(rungs: readonly Rung[]): number {
  const closed = [...rungs, { count: NaN, removed: 1, served: 0 }]
  let area = 0
  for (let k = 1; k < closed.length; k++)
    area += ((closed[k].removed - closed[k - 1].removed) * (closed[k].served + closed[k - 1].served)) / 2
  return area
}

/** Mean with its 95 % interval over seeds (Student). */
export const over = (values: readonly number[]): Estimate => meanInterval(values, CONFIDENCE)
/** The same of shares: an interval does not reach beyond none and all. */
export const overShares = (values: readonly number[]): Estimate => {
  const e = over(values)
  return { ...e, low: Math.max(0, e.low), high: Math.min(1, e.high) }
}

/** Mean served of many runs at every twentieth of the nodes, with its interval, as far as half of the runs go. */
export function curveOf(runs: readonly (readonly Rung[])[], network: string, label: string): Curve {
  const points = Array.from({ length: 21 }, (_, i) => i / 20).flatMap((x) => {
    const served = runs.map((r) => servedAt(r, x)).filter((s) => s === s)
    if (served.length < Math.max(2, runs.length / 2)) return []
    const e = over(served)
    return [{ x, y: e.mean, low: e.low, high: e.high }]
  })
  return { network, label, points }
}
