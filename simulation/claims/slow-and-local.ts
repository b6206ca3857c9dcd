/** Claim 2: degradation is slow (service falls no faster than nodes) and local (what happens in a place is not felt outside it). */
import { computeGiantComponent } from "../../protocol/resilience/analytic/percolation.ts"
import type { Course } from "../study/course-job.ts"
import { atStep, DOMAIN_WORDS, domainsOf, scenarioOf, WARM, type Arena } from "./arena.ts"
import type { Ask } from "./ask.ts"
import { judged } from "./ask.ts"
import type { Boundary, Curve, Judged, Threshold } from "./claim.ts"
import { curveOf, ladderAsk, NOTHING, overShares, RANDOM, robustness, rungsOf, shareAt, type Rung } from "./ladder.ts"
import type { CourseAsk } from "./trials.ts"

/** Service in proportion to nodes has R = 1/2. */
const PROPORTION: Threshold = { at: 0.5, side: "above" }
/** What is lost outside the place that failed: less than one request in twenty. */
const OUTSIDE: Threshold = { at: 0.05, side: "below" }
const STEPS = WARM + 3
const DEGREE = 4

const localAsk = (arena: Arena, seed: number, fails: boolean): CourseAsk => {
  const where = { largest: { of: "country" as const, count: 1 } }
  return {
    network: arena.network,
    scenario: scenarioOf({
      arena,
      seed,
      steps: STEPS,
      timeline: fails
        ? [atStep(arena, WARM, "the largest country is gone", { verb: "kill", network: arena.network, where })]
        : [],
      more: {
        incident: { onset: { hours: WARM * arena.stepHours }, focus: { network: arena.network, where: [where] } },
      },
    }),
  }
}

/** Shares lost inside and outside the place from the fault on, of what the twin serves there. NaN where nothing was asked there. */
export function localityOf(course: Course, twin: Course): { readonly inside: number; readonly outside: number } {
  const shares = ({ epochs }: Course): readonly [number, number] => {
    let [askedIn, servedIn, asked, served] = [0, 0, 0, 0]
    for (const e of epochs.slice(WARM)) {
      askedIn += e.focusOffered
      servedIn += e.focusServed
      asked += e.offered
      served += e.served
    }
    return [askedIn > 0 ? servedIn / askedIn : NaN, asked > askedIn ? (served - servedIn) / (asked - askedIn) : NaN]
  }
  const [hit, whole] = [shares(course), shares(twin)]
  return { inside: 1 - hit[0] / whole[0], outside: 1 - hit[1] / whole[1] }
}

export const slowAndLocal: Ask = async ({ arenas, trials }) => {
  const { seeds } = trials
  const plans = arenas.flatMap((arena) => [RANDOM, ...domainsOf(arena)].map((domain) => ({ arena, domain })))
  trials.expect(seeds.length * (plans.length + 3 * arenas.length))
  const courses = await trials.courses(seeds.flatMap((seed) => plans.map(({ arena, domain }) => ladderAsk(arena, domain, seed))))
  const twins = await trials.courses(seeds.flatMap((seed) => arenas.map((a) => ladderAsk(a, NOTHING, seed))))
  const rungs = plans.map(({ arena, domain }, p) =>
    seeds.map((_, s) => rungsOf(courses[s * plans.length + p], twins[s * arenas.length + arenas.indexOf(arena)], arena, domain)),
  )
  const local = await trials.courses(
    seeds.flatMap((seed) => arenas.flatMap((a) => [localAsk(a, seed, true), localAsk(a, seed, false)])),
  )
  const places = arenas.map((_, a) =>
    seeds.map((_s, s) => localityOf(local[2 * (s * arenas.length + a)], local[2 * (s * arenas.length + a) + 1])),
  )

  const slow = plans.map(({ arena, domain }, p): Judged =>
    judged(
      arena,
      `removal by ${DOMAIN_WORDS[domain]}`,
      overShares(rungs[p].map(robustness)),
      PROPORTION,
      "slow: area under served against removed",
    ),
  )
  const near = arenas.map((arena, a): Judged =>
    judged(
      arena,
      "lost outside the largest country",
      overShares(places[a].map((x) => x.outside)),
      OUTSIDE,
      "local: lost outside the place",
      "share",
    ),
  )
  const boundary = plans.map(({ arena, domain }, p): Boundary => ({
    axis: `share removed by ${DOMAIN_WORDS[domain]} from which a tenth of what is asked is lost`,
    network: arena.id,
    at: overShares(rungs[p].map((r) => tenth(r))),
    unit: "share",
    how: "interpolated between rungs, each seed by itself",
  }))
  const worst = slow.filter((c) => !c.isReference).reduce((a, b) => (b.estimate.mean < a.estimate.mean ? b : a))
  return {
    id: "slow-and-local",
    words: "… but degrade slowly and locally",
    question: "Does service fall no faster than nodes go, and does a place that fails take only its own users along?",
    experiment: `Removal at random (11 rungs) and by six failure domains, the largest first (13 rungs), nobody coming back; and the largest country gone, users inside and outside told apart; ${arenas.length} arenas`,
    rule: "Slow: the area under what is served against what is removed, R, lies above 1/2 with its whole interval: 1/2 is service in proportion to nodes. Local: with the largest country gone, less than 5 % of what is asked elsewhere is lost, whole interval. R is judged against 1/2, loss outside against 5 %; both kinds of cases count.",
    figure: {
      what: `area under the curve of ${worst.network}, ${worst.label}: the lowest of all (1/2 is proportion)`,
      estimate: worst.estimate,
      unit: "ratio",
    },
    threshold: PROPORTION,
    measured: "R for slow, share lost outside for local",
    unit: "ratio",
    cases: [...slow, ...near],
    boundary,
    panels: arenas.map((arena) => ({
      title: arena.id,
      x: "share of nodes removed",
      y: "served",
      curves: plans
        .flatMap(({ arena: a, domain }, p) => (a === arena ? [curveOf(rungs[p], arena.network, DOMAIN_WORDS[domain])] : []))
        .concat(theory()),
    })),
    tables: [
      {
        name: "ladders",
        because: "One row a network, kind of removal, seed and rung.",
        columns: [
          { name: "arena", unit: "name", because: "Network and its setting." },
          { name: "by", unit: "name", because: "Random nodes, or domains of this type, the largest first." },
          { name: "seed", unit: "number", because: "Shared by all kinds of removal." },
          { name: "domains_gone", unit: "domains", because: "Empty on a random ladder." },
          { name: "removed", unit: "share", because: "Share of the nodes that no longer run." },
          { name: "served", unit: "share", because: "Share of what was asked in the step that was served." },
        ],
        rows: plans.flatMap(({ arena, domain }, p) =>
          rungs[p].flatMap((run, s) => run.map((r) => [arena.id, domain, seeds[s], r.count, r.removed, r.served])),
        ),
      },
      {
        name: "locality",
        because: "One row a network and seed: the largest country gone.",
        columns: [
          { name: "arena", unit: "name", because: "Network and its setting." },
          { name: "seed", unit: "number", because: "As in the other tables." },
          { name: "lost_inside", unit: "share", because: "Of what is asked near the nodes of that country." },
          { name: "lost_outside", unit: "share", because: "Of what is asked everywhere else." },
        ],
        rows: arenas.flatMap((arena, a) => places[a].map((x, s) => [arena.id, seeds[s], x.inside, x.outside])),
      },
    ],
    choices: [
      `The dashed line is the closed form of percolation: the giant part of a random graph of mean degree ${DEGREE} after random removal, which breaks at ${Math.round((1 - 1 / DEGREE) * 100)} %. It speaks of what hangs together, not of what is served: no network here is such a graph, and it is drawn to compare shapes.`,
      "A network that stands in one domain alone (a content network has one operator) loses everything on the first rung and has R = 1/2 by definition: it counts as not above. Homes are in no cloud, so there is no such rung for them.",
      "Slow in time is not claimed: a fault takes what it takes at once. Slow is said of service against nodes.",
      "Served is of what the twin serves in the same step: the same seed without a fault. Render's frames due within a step were asked for up to a deadline before it: its curve lags by that.",
    ],
    sources: [
      "Albert, Jeong and Barabási 2000, Cohen et al. 2000, 2001 (facts/resilience-science.md §4)",
      "Schneider et al. 2011, integral R",
    ],
  }
}

const tenth = (rungs: readonly Rung[]): number => shareAt(rungs, 0.9)

const theory = (): Curve => ({
  network: "other",
  label: `percolation, mean degree ${DEGREE}`,
  isTheory: true,
  points: Array.from({ length: 41 }, (_, i) => {
    const x = i / 40
    const y = computeGiantComponent(DEGREE, x)
    return { x, y, low: y, high: y }
  }),
})
