/** Claim 3: those who contribute earn and those who don't, don't: nodes that are away, and every adversary of the catalogue, against honest ones. */
import { catalogue } from "../adversary/catalogue.ts"
import { gridOf, type Entry } from "../adversary/entry.ts"
import { playCatalogue, type Played } from "../adversary/play.ts"
import type { Estimate } from "../study/maths/estimate.ts"
import { atStep, scenarioOf, type Arena } from "./arena.ts"
import { judged, type Ask } from "./ask.ts"
import type { Boundary, Judged, Threshold } from "./claim.ts"
import { over, overShares } from "./ladder.ts"
import type { CourseAsk } from "./trials.ts"

/** Per node: what those away earned for each unit of what those there earned. */
const NOTHING: Threshold = { at: 0.01, side: "below" }
/** Share of those there that earned anything. */
const NEARLY_ALL: Threshold = { at: 0.95, side: "above" }
/** Income per cost of the adversary over an honest node's. */
const NO_MORE: Threshold = { at: 1, side: "below" }

/** What a node earns, and days long enough for it to be paid. Render pays by the week. */
const PAY: Readonly<Record<string, { readonly measure: string; readonly days: number }>> = {
  helium: { measure: "earnedBones", days: 3 },
  filecoin: { measure: "earnedMicroFil", days: 3 },
  render: { measure: "paidMicroRender", days: 9 },
  akash: { measure: "earned", days: 3 },
}
const AWAY = { permille: 200 }

const awayAsk = (arena: Arena, seed: number): CourseAsk => {
  const { measure, days } = PAY[arena.network]
  const steps = (days * 24) / arena.stepHours
  return {
    network: arena.network,
    nodes: [measure],
    scenario: scenarioOf({
      arena,
      seed,
      steps,
      timeline: [atStep(arena, 0, "a fifth never comes", { verb: "kill", network: arena.network, where: { share: AWAY } })],
    }),
  }
}

/** Entries whose income per cost is what they are after; those that destroy or censor are measured by harm, and judged on their own page. */
const earners = (all: readonly Entry[]): readonly Entry[] => all.filter((e) => e.aim === "rho")

/** The smallest share played from which the whole interval of the advantage lies above 1; NaN where it is at none. */
export const flipShare = (
  sweep: readonly { readonly share: number; readonly metrics: { readonly rho: Pick<Estimate, "mean" | "low"> } }[],
): number => sweep.toSorted((a, b) => a.share - b.share).find((s) => s.metrics.rho.low > 1)?.share ?? NaN

export const contribution: Ask = async ({ arenas, trials }) => {
  const { seeds } = trials
  const stages = arenas.filter((a) => PAY[a.network] !== undefined && a.id === a.network).map((a) => ({ ...a, stepHours: 6 }))
  const courses = await trials.courses(seeds.flatMap((seed) => stages.map((a) => awayAsk(a, seed))))
  const splits = stages.map((a, k) => seeds.map((_, s) => courses[s * stages.length + k].split[PAY[a.network].measure]))
  const perNode = stages.map((_, k) => splits[k].map((x) => x.absent / x.absentNodes / (x.present / x.presentNodes)))
  const withAny = stages.map((_, k) => splits[k].map((x) => x.presentWithAny / x.presentNodes))
  const presence: readonly Judged[] = stages.flatMap((a, k) => [
    judged(
      a,
      "income of nodes that are away, for one of a node that is there",
      over(perNode[k]),
      NOTHING,
      "those who don't contribute, don't earn",
      "ratio",
    ),
    judged(
      a,
      `nodes that are there and earned anything in ${PAY[a.network].days} days`,
      overShares(withAny[k]),
      NEARLY_ALL,
      "those who contribute earn",
      "share",
    ),
  ])

  const entries = earners(catalogue)
  const engine = trials.engine()
  let played: readonly Played[]
  try {
    played = await playCatalogue(entries, { seeds: seeds.length, sweep: true }, engine)
  } finally {
    await engine.close()
  }
  const name = ({ entry, share }: Played): string => `${entry.id} ${entry.name} at ${Math.round(share * 1000) / 10} %`
  const nodeOf = (p: Played) => ({ id: p.entry.where, isReference: false })
  const defended = played.map((p): Judged =>
    judged(nodeOf(p), name(p), p.defended.metrics.rho, NO_MORE, "adversaries, with the defence", "ratio"),
  )
  const undefended = played.map((p): Judged => ({
    ...judged(
      nodeOf(p),
      name(p),
      p.undefended.metrics.rho,
      NO_MORE,
      "the same without it: positive controls, which do not count",
      "ratio",
    ),
    isReference: true,
  }))
  const boundary = played.map((p): Boundary => {
    const share = flipShare([...p.sweep, { share: p.share, metrics: p.defended.metrics }])
    return {
      axis: `${p.entry.id} ${p.entry.name}: smallest share of the scarce resource at which cheating pays`,
      network: p.entry.where,
      at: {
        mean: share,
        low: NaN,
        high: NaN,
        deviation: NaN,
        runs: share === share ? p.seeds : 0,
        missing: share === share ? 0 : p.seeds,
      },
      unit: "share",
      how: "swept over .05 to .49 at six seeds with the knobs the search found; the entry’s own share at all",
    }
  })
  const best = [...defended]
    .filter((c) => c.estimate.mean === c.estimate.mean)
    .reduce((a, b) => (b.estimate.mean > a.estimate.mean ? b : a))
  return {
    id: "contribution-earns",
    words: "those who contribute earn and those who don't, don't",
    question:
      "Do nodes that are away earn nothing, do those that are there earn, and does any known way to cheat pay more per cost than honesty?",
    experiment: `A fifth of the nodes never comes, on ${stages.length} networks; and ${entries.length} adversaries of the catalogue that are after income, each with its knobs searched (the best of ${entries.reduce((n, e) => n + gridOf(e).length, 0)} settings in all), with its defence and without`,
    rule: "Away: less than 1 % of what a node that is there earns, per node, whole interval. There: more than 95 % earned something. Adversaries: income per cost of all their identities below an honest node’s, whole interval, with the defence on and the most damaging knobs found. The same without the defence are positive controls and do not count.",
    figure: {
      what: `income per cost of ${best.label} (${best.network}) for an honest node’s one: the best-paid of all with its defence on`,
      estimate: best.estimate,
      unit: "ratio",
    },
    threshold: NO_MORE,
    measured: "ratio of incomes, or share of nodes",
    unit: "ratio",
    cases: [...presence, ...defended, ...undefended],
    boundary,
    panels: [],
    tables: [
      {
        name: "presence",
        because: "One row a network and seed.",
        columns: [
          { name: "arena", unit: "name", because: "The network, at its default size and rules." },
          { name: "seed", unit: "number", because: "Places and luck." },
          { name: "present_nodes", unit: "nodes", because: "Running at the end." },
          { name: "absent_nodes", unit: "nodes", because: "Killed in the first second, never back." },
          { name: "present_income", unit: "the network’s own token unit", because: "Of all that are there." },
          { name: "absent_income", unit: "the network’s own token unit", because: "Of all that are away." },
          { name: "present_with_any", unit: "nodes", because: "There, and paid anything at all." },
          { name: "absent_with_any", unit: "nodes", because: "Away, and paid anything at all." },
        ],
        rows: stages.flatMap((a, k) =>
          splits[k].map((x, s) => [
            a.id,
            seeds[s],
            x.presentNodes,
            x.absentNodes,
            x.present,
            x.absent,
            x.presentWithAny,
            x.absentWithAny,
          ]),
        ),
      },
      {
        name: "adversaries",
        because: "One row an entry, side and share.",
        columns: [
          { name: "entry", unit: "id", because: "As in facts/adversaries.md." },
          { name: "where", unit: "name", because: "The network it is played on, or an arena of its own." },
          { name: "side", unit: "name", because: "With its defence, or without." },
          { name: "share", unit: "share", because: "Of the scarce resource." },
          { name: "rho", unit: "ratio", because: "Income per cost over an honest node’s." },
          { name: "low", unit: "ratio", because: "Lower end of the 95 % interval over seeds." },
          { name: "high", unit: "ratio", because: "Upper end." },
          { name: "runs", unit: "seeds", because: "That gave a figure." },
        ],
        rows: played.flatMap((p) => {
          const row = (side: string, share: number, e: Estimate) => [
            p.entry.id,
            p.entry.where,
            side,
            share,
            e.mean,
            e.low,
            e.high,
            e.runs,
          ]
          return [
            row("defended", p.share, p.defended.metrics.rho),
            row("undefended", p.share, p.undefended.metrics.rho),
            ...p.sweep.map((s) => row("defended, swept", s.share, s.metrics.rho)),
          ]
        }),
      },
    ],
    choices: [
      "Costs of an adversary are what its entry says: hardware by the income it would have honestly (free entry), plus stake, fees and bribes.",
      "Seeds of adversaries are 1 to the number of seeds, whatever the first seed: the runner numbers them so.",
      "A provider on Filecoin that wins no election in three days is there and earns nothing: the share with any income depends on the days, which are short.",
      "Adversaries that destroy, censor or deny are measured by harm on the catalogue’s own page (blackstart adversaries).",
    ],
    sources: ["facts/adversaries.md §1, §2", "adversaries catalogue: blackstart adversaries --list"],
  }
}
