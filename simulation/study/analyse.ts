/** What a study's runs come to: estimates, paired differences, what decides, the best that can be had, and whether its claims hold. */
import type { StudyClaim } from "../../protocol/boundary/study.ts"
import { confidenceOf, type Course } from "./course.ts"
import type { Planned } from "./load.ts"
import { isMeant } from "./load.ts"
import { bootstrap, meanInterval, pairedDifference, quantileOf, type Estimate, type Paired } from "./maths/estimate.ts"
import { frontsOf } from "./maths/pareto.ts"
import { screen, sobolIndices, type Index, type Screened } from "./maths/sensitivity.ts"
import { designSeed, type Point } from "./points.ts"
import type { Results } from "./results.ts"

export const MEAN_METHOD = "mean of seeds, Student t"
export const MEDIAN_METHOD = "median of seeds, percentile bootstrap of 1000"
export const DIFFERENCE_METHOD = "mean of seed-by-seed differences, Student t"
export const MORRIS_METHOD = "Morris elementary effects per whole range, percentile bootstrap of 1000 over trajectories"
export const SOBOL_METHOD = "Saltelli 2010 (first), Jansen 1999 (total), percentile bootstrap of 1000 over rows"

export interface PointEstimate extends Estimate {
  readonly point: number
  readonly measure: string
  readonly median: number
  readonly medianLow: number
  readonly medianHigh: number
}
export interface PointDifference extends Paired {
  readonly point: number
  readonly against: number
  readonly measure: string
}
export interface Decider {
  readonly base: string
  readonly measure: string
  readonly parameter: string
  readonly screened?: Screened
  readonly index?: Index
}
export interface Judged {
  readonly claim: string
  readonly holds: boolean
  readonly figure: string
}

export interface Analysis {
  readonly confidence: number
  /** Of a sequential study: was the wanted precision met within its seeds? */
  readonly precise: boolean
  readonly deciders: readonly Decider[]
  /** Points that no other dominates, base by base; empty without a search. */
  readonly front: readonly number[]
  readonly claims: readonly Judged[]
}

/** Throws nothing: what cannot be said is NaN or does not hold. */
export function analyse(planned: Planned, course: Course, results: Results): Analysis {
  const { study } = planned
  const deciders = decide(planned, course, results)
  return {
    confidence: confidenceOf(study),
    precise: course.isPrecise(results),
    deciders,
    front: front(planned, course, results),
    claims: (study.claims ?? []).map((claim) => judge(claim, planned, course, results, deciders)),
  }
}

/** An estimate of every measure at every point, point after point. */
export function* estimates({ study }: Planned, course: Course, results: Results): Generator<PointEstimate> {
  const confidence = confidenceOf(study)
  for (const { point } of course.points)
    for (const [k, measure] of results.measures.entries()) {
      const values = course.valuesOf(point, k, results)
      const found = values.filter((x) => x === x)
      const sorted = found.toSorted()
      const median = bootstrap(
        found.length,
        (picked) => quantileOf(Float64Array.from(picked, (i) => found[i]).sort(), 0.5),
        confidence,
        study.seeds.from,
        `median/${point}/${measure}`,
        found.length < 2 ? 0 : undefined,
      )
      yield {
        point,
        measure,
        ...meanInterval(values, confidence),
        median: quantileOf(sorted, 0.5),
        medianLow: median.low,
        medianHigh: median.high,
      }
    }
}

/** What each point differs by from the first of its base, with shared luck. */
export function* differences({ study, design }: Planned, course: Course, results: Results): Generator<PointDifference> {
  if (design.ranges.length > 0 && (design.morris !== undefined || study.vary?.[0].by === "sobolIndices")) return
  if (design.search !== undefined || course.replicates < 2) return
  const confidence = confidenceOf(study)
  const firsts = new Map<string, number>()
  for (const p of course.points) {
    const first = firsts.get(p.base) ?? p.point
    firsts.set(p.base, first)
    // The first of another base is compared with the first of all: bases share their luck too.
    const against = first === p.point ? 0 : first
    if (against === p.point) continue
    for (const [k, measure] of results.measures.entries())
      yield {
        point: p.point,
        against,
        measure,
        ...pairedDifference(course.valuesOf(against, k, results), course.valuesOf(p.point, k, results), confidence),
      }
  }
}

function decide({ study, design, models }: Planned, course: Course, results: Results): readonly Decider[] {
  const v = study.vary?.[0]
  if (v === undefined || (v.by !== "morris" && v.by !== "sobolIndices")) return []
  const confidence = confidenceOf(study)
  return [...models.keys()].flatMap((base) => {
    const points = course.points.filter((p) => p.base === base)
    return results.measures.flatMap((measure, k) => {
      const outputs = points.map((p) => meanInterval(course.valuesOf(p.point, k, results), confidence).mean)
      const common = (parameter: string) => ({ base, measure, parameter })
      if (design.morris !== undefined) {
        const screened = screen(design.morris, outputs, confidence, designSeed(v))
        return design.ranges.map((r, i): Decider => ({ ...common(r.variable.name), screened: screened[i] }))
      }
      const indices = sobolIndices(outputs, design.ranges.length, confidence, designSeed(v))
      return design.ranges.map((r, i): Decider => ({ ...common(r.variable.name), index: indices[i] }))
    })
  })
}

function front({ design, models }: Planned, course: Course, results: Results): readonly number[] {
  const { search } = design
  if (search === undefined) return []
  return [...models.keys()].flatMap((base) => {
    // Points of equal values are one.
    const points = [
      ...new Map(course.points.filter((p) => p.base === base).map((p) => [JSON.stringify(p.values), p] as const)).values(),
    ]
    const goals = points.map((p) =>
      search.goals.map(({ measure, want }) => {
        const { mean } = meanInterval(course.valuesOf(p.point, results.measures.indexOf(measure), results), 0.95)
        return want === "least" ? mean : -mean
      }),
    )
    const fronts = frontsOf(goals)
    return points.filter((_, i) => fronts[i] === 0 && goals[i].every((g) => g === g)).map((p) => p.point)
  })
}

const digits = (x: number): string => (x === x ? String(Number(x.toPrecision(4))) : "nothing measured")
const range = (e: { readonly mean: number; readonly low: number; readonly high: number }): string =>
  `${digits(e.mean)} (${digits(e.low)} to ${digits(e.high)})`

function judge(
  c: StudyClaim,
  { study, recorded }: Planned,
  course: Course,
  results: Results,
  deciders: readonly Decider[],
): Judged {
  const confidence = confidenceOf(study)
  const k = results.measures.indexOf(c.measure)
  const { unit } = recorded[c.measure]
  const say = (at: Readonly<Record<string, unknown>>): string =>
    Object.entries(at)
      .map(([name, value]) => `${name} = ${String(value)}`)
      .join(", ")
  const meant = (at: Readonly<Record<string, number | string>>): readonly Point[] => course.points.filter((p) => isMeant(p, at))
  switch (c.claim) {
    case "within": {
      const [least, most] = [c.atLeast ?? -Infinity, c.atMost ?? Infinity]
      const points = meant(c.at ?? {})
      const all = points.map((p) => meanInterval(course.valuesOf(p.point, k, results), confidence))
      const isOutside = (e: Estimate): boolean => !(e.low >= least && e.high <= most)
      // Of many the one that is told is the worst: what was not measured, or what comes nearest to a bound, or goes farthest beyond.
      const room = (e: Estimate): number => (e.low === e.low ? Math.min(e.low - least, most - e.high) : -Infinity)
      const worst = all.reduce((a, e, i) => (room(e) < room(all[a]) ? i : a), 0)
      const bounds = [
        ...(c.atLeast === undefined ? [] : [`at least ${c.atLeast}`]),
        ...(c.atMost === undefined ? [] : [`at most ${c.atMost}`]),
      ]
      return {
        claim: `${c.measure} is ${bounds.join(" and ")} ${unit}${c.at === undefined ? "" : ` where ${say(c.at)}`}`,
        holds: !all.some(isOutside),
        figure: `${range(all[worst])}${all.length === 1 ? "" : ` where it is worst: ${points[worst].label}`}`,
      }
    }
    case "more": {
      const by = c.by ?? 0
      const d = pairedDifference(
        course.valuesOf(meant(c.than)[0].point, k, results),
        course.valuesOf(meant(c.at)[0].point, k, results),
        confidence,
      )
      return {
        claim: `${c.measure} is more${by === 0 ? "" : ` by ${by} ${unit}`} where ${say(c.at)} than where ${say(c.than)}`,
        holds: d.low > by,
        figure: `by ${range(d)} ${unit}`,
      }
    }
    case "decides": {
      const own = deciders.filter((d) => d.measure === c.measure)
      const of = (d: Decider): { readonly mean: number; readonly low: number; readonly high: number } =>
        d.index === undefined
          ? { mean: d.screened!.muStar, low: d.screened!.muStarLow, high: d.screened!.muStarHigh }
          : { mean: d.index.total, low: d.index.totalLow, high: d.index.totalHigh }
      const bases = [...new Set(own.map((d) => d.base))]
      const holds = bases.every((base) => {
        const here = own.filter((d) => d.base === base)
        const named = of(here.find((d) => d.parameter === c.parameter)!)
        return here.every((d) => d.parameter === c.parameter || named.low > of(d).mean)
      })
      const named = of(own.find((d) => d.parameter === c.parameter)!)
      return { claim: `${c.parameter} decides ${c.measure} more than anything else varied`, holds, figure: range(named) }
    }
  }
}
