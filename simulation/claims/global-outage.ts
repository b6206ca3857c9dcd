/** Claim 1: no single fault is a global outage. Every single failure domain and every shared facility is taken away, one at a time. */
import type { Action, Moment } from "../../protocol/boundary/scenario.ts"
import { networkOf } from "../../protocol/networks/index.ts"
import type { Course } from "../study/course-job.ts"
import { atStep, DOMAIN_WORDS, domainsOf, scenarioOf, WARM, type Arena } from "./arena.ts"
import { type Boundary, type Judged, type Threshold } from "./claim.ts"
import { flipOf, type Grid } from "./flip.ts"
import { ladderAsk, NOTHING, overShares, RANDOM, rungsOf, servedBeside, shareAt } from "./ladder.ts"
import { judged, type Ask } from "./ask.ts"
import type { CourseAsk } from "./trials.ts"

/** A global outage: in its worst step less than half of what was asked was served. */
const HALF: Threshold = { at: 0.5, side: "below" }
const FAULT = 3
const AFTER = 2
const SHARES = [0, 250, 500, 750, 1000] as const

interface Fault {
  readonly label: string
  readonly group: string
  readonly todo: readonly Action[]
}

/** Single faults of a network: a tenth at random, the largest of each domain, a bad push to its largest version, each facility away. */
export function faultsOf(arena: Arena): readonly Fault[] {
  const { network, stepHours } = arena
  const span = { hours: FAULT * stepHours }
  const domains = domainsOf(arena)
    .filter((d) => d !== "client")
    .map((of): Fault => ({
      label: `largest ${DOMAIN_WORDS[of]}`,
      group: "one failure domain",
      todo: [{ verb: "kill", network, where: { largest: { of: of as "country", count: 1 } }, for: span }],
    }))
  return [
    {
      label: "a tenth at random",
      group: "one failure domain",
      todo: [{ verb: "kill", network, where: { share: { permille: 100 } }, for: span }],
    },
    ...domains,
    {
      label: "bad push, largest client version",
      group: "one failure domain",
      todo: [{ verb: "push", network, where: { largest: { of: "client", count: 1 } }, for: span }],
    },
    ...networkOf(network)!.inhabit.facilities.map((f): Fault => ({
      label: `${f.name} away`,
      group: "one shared facility",
      todo: [{ verb: "hinder", network, facility: f.name, serves: { permille: 0 }, for: span }],
    })),
  ]
}

const NO_FAULT: Fault = { label: "nothing", group: "twin", todo: [] }

const faultAsk = (arena: Arena, { todo }: Fault, seed: number): CourseAsk => {
  const timeline = todo.map((t, k): Moment => atStep(arena, WARM, `fault ${k + 1}`, t))
  return { network: arena.network, scenario: scenarioOf({ arena, seed, steps: WARM + FAULT + AFTER, timeline }) }
}

/** Share lost in the worst step from the fault on, of what the twin without it serves; NaN where nothing was ever asked. */
export function worstOf(course: Course, twin: Course): number {
  const lost = course.epochs.flatMap((_, k) => (k < WARM ? [] : [1 - servedBeside(course, twin, k)])).filter((x) => x === x)
  return lost.length === 0 ? NaN : Math.max(...lost)
}

/** A provider that serves nobody, with so much of the network behind it. */
function behindAsk(arena: Arena, axis: "nodes" | "users", permille: number, seed: number): CourseAsk {
  const none = { permille: 0 }
  const behind = { permille }
  return {
    network: arena.network,
    scenario: scenarioOf({
      arena,
      seed,
      steps: WARM + FAULT + AFTER,
      timeline: [
        atStep(arena, WARM, "the provider serves nobody", {
          verb: "hinder",
          network: "cdn",
          facility: "edge",
          serves: { permille: 0 },
          for: { hours: FAULT * arena.stepHours },
        }),
      ],
      more: {
        networks: { cdn: { nodes: 30 } },
        dependsOn: {
          [arena.network]: {
            on: "cdn",
            nodes: axis === "nodes" ? behind : none,
            users: axis === "users" ? behind : none,
            because: "the share is what is searched",
          },
        },
      },
    }),
  }
}

export const globalOutage: Ask = async ({ arenas, trials }) => {
  const { seeds } = trials
  const opens = arenas.filter((a) => !a.isReference).length
  const plans = arenas.flatMap((arena) => faultsOf(arena).map((fault) => ({ arena, fault })))
  trials.expect(seeds.length * (plans.length + 3 * arenas.length + (2 * SHARES.length - 1) * opens))
  const courses = await trials.courses(seeds.flatMap((seed) => plans.map(({ arena, fault }) => faultAsk(arena, fault, seed))))
  const twins = await trials.courses(seeds.flatMap((seed) => arenas.map((arena) => faultAsk(arena, NO_FAULT, seed))))
  const worst = plans.map(({ arena }, p) =>
    seeds.map((_, s) => worstOf(courses[s * plans.length + p], twins[s * arenas.length + arenas.indexOf(arena)])),
  )
  const cases = plans.map(({ arena, fault }, p): Judged => judged(arena, fault.label, overShares(worst[p]), HALF, fault.group))

  const open = arenas.filter((a) => !a.isReference)
  const grid = open.flatMap((arena) =>
    (["nodes", "users"] as const).flatMap((axis) => SHARES.map((permille) => ({ arena, axis, permille }))),
  )
  const behind = await trials.courses(seeds.flatMap((seed) => grid.map((g) => behindAsk(g.arena, g.axis, g.permille, seed))))
  const whole = await trials.courses(seeds.flatMap((seed) => arenas.map((a) => ladderAsk(a, NOTHING, seed))))
  const ladders = await trials.courses(seeds.flatMap((seed) => arenas.map((a) => ladderAsk(a, RANDOM, seed))))
  const searched: readonly Grid[] = open.flatMap((arena) =>
    (["nodes", "users"] as const).map((axis) => ({
      arena,
      label: axis === "nodes" ? "share of nodes behind one provider" : "share of users behind one provider",
      x: SHARES.map((p) => p / 1000),
      // The twin has nobody behind the provider.
      y: seeds.map((_s, s) => {
        const at = (permille: number): Course =>
          behind[s * grid.length + grid.findIndex((g) => g.arena === arena && g.axis === axis && g.permille === permille)]
        return SHARES.map((permille) => worstOf(at(permille), at(SHARES[0])))
      }),
    })),
  )
  const boundary: Boundary[] = [
    ...arenas.map((arena, a): Boundary => ({
      axis: "share of nodes that fail together, wherever they stand",
      network: arena.id,
      at: overShares(
        seeds.map((_s, s) => {
          const run = s * arenas.length + a
          return shareAt(rungsOf(ladders[run], whole[run], arena, RANDOM), 0.5)
        }),
      ),
      unit: "share",
      how: "nodes that fail together: interpolated between rungs of 5 to 10 % of the nodes, each seed by itself",
    })),
    ...searched.map((g) => flipOf(g, 0.5)),
  ]
  const worstOpen = cases.filter((c) => !c.isReference && c.group === "one failure domain")
  const deepest = worstOpen.reduce((a, b) => (b.estimate.mean > a.estimate.mean ? b : a))
  return {
    id: "no-global-outage",
    words: "a network of thousands of independent nodes does not go down …",
    question: "Does any single fault take half or more of the service for an hour?",
    experiment: `${plans.length} single faults of ${FAULT} steps on ${arenas.length} arenas, and a provider that fails with 0 to 100 % of nodes or of users behind it`,
    rule: `A global outage is a step (an hour; on Render six) in which less than half is served of what the same step serves without the fault (the twin: same seed, same places, same luck). A case holds where the whole interval of the mean loss in the worst step lies below 50 %, and fails where it lies at or above. Shared facilities count: they are part of the network as it runs.`,
    figure: {
      what: `lost in the worst step on ${deepest.network} by ${deepest.label}: the most of all single failure domains`,
      estimate: deepest.estimate,
      unit: "share",
    },
    threshold: HALF,
    measured: "share lost in the worst step",
    unit: "share",
    cases,
    boundary,
    panels: (["nodes", "users"] as const).map((axis) => ({
      title: `One provider fails, with so many of the ${axis} behind it`,
      x: `share of ${axis} behind the provider`,
      y: "lost in the worst step",
      curves: searched
        .filter((g) => g.label.includes(axis))
        .map((g) => ({
          network: g.arena.network,
          label: g.arena.id,
          points: g.x.map((x, k) => {
            const e = overShares(g.y.map((run) => run[k]))
            return { x, y: e.mean, low: e.low, high: e.high }
          }),
        })),
    })),
    tables: [
      {
        name: "faults",
        because: "One row a network, fault and seed.",
        columns: [
          { name: "arena", unit: "name", because: "Network and its setting." },
          { name: "fault", unit: "name", because: "What was taken away." },
          { name: "seed", unit: "number", because: "Shared by all faults: the same places and the same luck." },
          {
            name: "worst_lost",
            unit: "share",
            because: "Lost in the worst step, of what the twin without the fault serves in it.",
          },
        ],
        rows: plans.flatMap(({ arena, fault }, p) => seeds.map((seed, s) => [arena.id, fault.label, seed, worst[p][s]])),
      },
      {
        name: "behind_provider",
        because: "One row a network, axis, share and seed: the provider serves nobody.",
        columns: [
          { name: "arena", unit: "name", because: "Network and its setting." },
          { name: "axis", unit: "name", because: "What stands behind the provider: nodes or users." },
          { name: "behind", unit: "share", because: "How much of it." },
          { name: "seed", unit: "number", because: "Shared by all shares." },
          { name: "worst_lost", unit: "share", because: "Share lost in the worst step." },
        ],
        rows: searched.flatMap((g) =>
          g.y.flatMap((run, s) => run.map((lost, k) => [g.arena.id, g.label, g.x[k], seeds[s], lost])),
        ),
      },
    ],
    choices: [
      "What is asked of a network, who stands where and who is behind whom are the world's profiles: for Helium and Render no published split by country exists (UNVERIFIED).",
      "A facility is what the model makes shared. That it can fail as a whole is possible, not observed, where no incident in the library says so.",
      `Sizes are ${arenas.map((a) => `${a.id} ${a.nodes}`).join(", ")} nodes: as large as 30 seeds allow, not thousands. --nodes asks the same of any size.`,
      "Two faults at once are not in this table; the ladders of the second claim take more and more.",
    ],
    sources: ["facts/outages.md", "facts/topology.md §5", "facts/resilience-science.md §1, §2"],
  }
}
