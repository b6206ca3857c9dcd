/** Claim 3: those who contribute earn and those who don't, don't: nodes that are away, and every adversary of the catalogue, against honest ones. */
import { catalogue } from "../adversary/catalogue.ts"
import { FAMILIES, gridOf, type Entry, type Family } from "../adversary/entry.ts"
import { countPlays, playCatalogue, SWEEP_SEEDS, type Played, type Side } from "../adversary/play.ts"
import { meanInterval, type Estimate } from "../study/maths/estimate.ts"
import { atStep, scenarioOf, type Arena } from "./arena.ts"
import { judged, type Ask } from "./ask.ts"
import type { Boundary, Judged, Threshold, Tidy } from "./claim.ts"
import { CONFIDENCE, over, overShares } from "./ladder.ts"
import type { CourseAsk, Trials } from "./trials.ts"

/** Per node: what those away earned for each unit of what those there earned. */
const NOTHING: Threshold = { at: 0.01, side: "below" }
/** Share of those there that earned anything. */
const NEARLY_ALL: Threshold = { at: 0.95, side: "above" }
/** Income per cost of the adversary over an honest node's: the acceptance of the catalogue's fact sheet, 2.2. */
const NO_MORE: Threshold = { at: 1, side: "at most" }

/** Shares at which it is asked whether cheating pays; the catalogue's own page has more. */
const SHARES = [0.05, 0.1, 0.2, 0.33, 0.49] as const

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

/** Entries whose income per cost is what they are after; those that destroy or censor are measured by harm, on their own page. */
const earners = (all: readonly Entry[]): readonly Entry[] => all.filter((e) => e.aim === "rho")

/** The smallest share played from which the whole interval of the advantage lies above 1; NaN where it is at none. */
export const flipShare = (
  sweep: readonly { readonly share: number; readonly metrics: { readonly rho: Pick<Estimate, "mean" | "low"> } }[],
): number => sweep.toSorted((a, b) => a.share - b.share).find((s) => s.metrics.rho.low > 1 + 1e-9)?.share ?? NaN

/**
 * The largest mean of several, with an interval that holds it in 95 of 100: each mean has its own interval at 1 - 5 %/n (Bonferroni), the largest
 * mean lies between the largest lower and the largest upper end. Members without a figure are left out.
 */
export function largestOf(members: readonly (readonly number[])[]): { readonly at: number; readonly estimate: Estimate } {
  const each = members.map((values) => meanInterval(values, 1 - (1 - CONFIDENCE) / members.length))
  const known = each.filter((e) => e.mean === e.mean)
  const top = (of: (e: Estimate) => number): number => Math.max(...known.map((e) => (of(e) === of(e) ? of(e) : e.mean)))
  const at = each.findIndex((e) => e.mean === top((x) => x.mean))
  return { at, estimate: at < 0 ? over([]) : { ...each[at], low: top((e) => e.low), high: top((e) => e.high) } }
}

const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`
const nameOf = ({ entry, share }: Played): string => `${entry.id} ${entry.name} at ${percent(share)}`
const nodeOf = (p: Played) => ({ id: p.entry.where, isReference: true })

/** A case a family: the best-paid of its members, whichever it is. */
function familyCases(played: readonly Played[]): readonly Judged[] {
  return (Object.keys(FAMILIES) as Family[]).flatMap((family) => {
    const members = played.filter((p) => p.entry.family === family)
    if (members.length === 0) return []
    const { at, estimate } = largestOf(members.map((p) => p.defended.rhos))
    const best = members[at]
    return [
      judged(
        { id: best.entry.where, isReference: false },
        `${nameOf(best)}, ${members.length === 1 ? "alone" : `best-paid of ${members.length}`} in ${FAMILIES[family].toLowerCase()}`,
        estimate,
        NO_MORE,
        "adversaries by family, with their defence on",
        "ratio",
      ),
    ]
  })
}

const byIncome = (side: "defended" | "undefended") => (a: Played, b: Played) =>
  b[side].metrics.rho.mean - a[side].metrics.rho.mean

const flipOf = (p: Played): number =>
  flipShare([...p.sweep.filter((s) => s.share !== p.share), { share: p.share, metrics: p.defended.metrics }])

/** Where cheating begins to pay: only those of which a share was found, the smallest first. */
function boundaryOf(played: readonly Played[]): readonly Boundary[] {
  return played
    .flatMap((p): readonly Boundary[] => {
      const share = flipOf(p)
      if (share !== share) return []
      const seeds = share === p.share ? p.seeds : Math.min(SWEEP_SEEDS, p.seeds)
      return [
        {
          axis: `${p.entry.id} ${p.entry.name}: smallest share played at which it pays better than honest work`,
          network: p.entry.where,
          at: { mean: share, low: NaN, high: NaN, deviation: NaN, runs: seeds, missing: 0 },
          unit: "share",
          how: `one of ${[...new Set([...SHARES, p.share])]
            .toSorted((a, b) => a - b)
            .map((x) => Math.round(x * 100))
            .join(", ")} %, whole interval above 1 over ${seeds} seeds`,
        },
      ]
    })
    .toSorted((a, b) => a.at.mean - b.at.mean)
}

async function playAll(trials: Trials, entries: readonly Entry[]): Promise<readonly Played[]> {
  const { seeds } = trials
  const engine = trials.engine()
  try {
    return await playCatalogue(entries, { seeds: seeds.length, seedsFrom: seeds[0], shares: SHARES }, engine)
  } finally {
    await engine.close()
  }
}

export const contribution: Ask = async ({ arenas, trials }) => {
  const { seeds } = trials
  const stages = arenas.filter((a) => PAY[a.network] !== undefined && a.id === a.network).map((a) => ({ ...a, stepHours: 6 }))
  const entries = earners(catalogue)
  trials.expect(seeds.length * stages.length + countPlays(entries, { seeds: seeds.length, shares: SHARES }))
  const courses = await trials.courses(seeds.flatMap((seed) => stages.map((a) => awayAsk(a, seed))))
  const splits = stages.map((a, k) => seeds.map((_, s) => courses[s * stages.length + k].split[PAY[a.network].measure]))
  const perNode = stages.map((_, k) => splits[k].map((x) => x.absent / x.absentNodes / (x.present / x.presentNodes)))
  const withAny = stages.map((_, k) => splits[k].map((x) => x.presentWithAny / x.presentNodes))
  const days = (a: Arena): string => `${PAY[a.network].days} days`
  const presence: readonly Judged[] = [
    ...stages.map((a, k) =>
      judged(
        a,
        `away for ${days(a)}`,
        over(perNode[k]),
        NOTHING,
        "those who don't contribute: income of a node that is away, for one of a node that is there",
        "ratio",
      ),
    ),
    ...stages.map((a, k) =>
      judged(
        a,
        `there for ${days(a)}`,
        overShares(withAny[k]),
        NEARLY_ALL,
        "those who contribute: share of the nodes that are there that earned anything",
        "share",
      ),
    ),
  ]

  const played = await playAll(trials, entries)
  const families = familyCases(played)
  const each = (side: "defended" | "undefended", group: string, role: "member" | "control"): readonly Judged[] =>
    played
      .toSorted(byIncome(side))
      .map((p) => ({ ...judged(nodeOf(p), nameOf(p), p[side].metrics.rho, NO_MORE, group, "ratio"), role }))
  const weak = played.filter((p) => !(p.undefended.metrics.rho.low > 1 + 1e-9))
  const fixed = played.filter((p) => p.defended.rhos.every((x) => x === p.defended.rhos[0]))
  const large = played.filter((p) => p.share > 1 / 3)
  const best = families.reduce((a, b) => (b.estimate.mean > a.estimate.mean ? b : a))
  return {
    id: "contribution-earns",
    words: "those who contribute earn and those who don't, don't",
    question:
      "Do nodes that are away earn nothing, do those that are there earn, and does any known way to cheat pay more per cost than honesty?",
    experiment: `A fifth of the nodes never comes, on ${stages.length} networks at their default rules, for three days (Render, which pays by the week: nine); and ${entries.length} adversaries of the catalogue that are after income, each with its knobs searched (${entries.reduce((n, e) => n + gridOf(e).length, 0)} settings in all, with the defence and without), judged on ${seeds.length} seeds that the search did not see`,
    rule: "Away: less than 1 % of what a node that is there earns, per node, whole interval. There: more than 95 % earned something. Adversaries: a case a family, the best-paid of its members with the defence on, at most an honest node’s income per cost; its interval is simultaneous over the members (Bonferroni), so that the largest of many is not called large by luck. The members one by one, and the same without the defence, are shown and do not count.",
    figure: {
      what: `income per cost for an honest node’s one, of the best-paid adversary of all with its defence on: ${best.label} (${best.network === "ensemble" ? "an arena of its own, no whole network" : best.network})`,
      estimate: best.estimate,
      unit: "ratio",
    },
    threshold: NO_MORE,
    measured: "ratio of incomes, or share of nodes",
    unit: "ratio",
    cases: [
      ...presence,
      ...families,
      ...each("defended", "the same adversaries one by one, with their defence on", "member"),
      ...each("undefended", "positive controls: the same without the defence", "control"),
    ],
    boundary: boundaryOf(played),
    panels: [],
    tables: [presenceTable(stages, seeds, splits), playsTable(played), adversaryTable(played)],
    choices: [
      "On Filecoin about one provider in twenty is there and earns nothing, in 21 days as in three: it is below the consensus minimum of 10 TiB, under which nobody is elected. Sizes are drawn from a lognormal fitted to 2022 (assumption), so the share is the model’s.",
      "Income per cost rests on costs that are assumed: hardware at what it earns honestly at the same seed (free entry), plus the stake, fees and bribes each entry states. So an honest node’s ratio is 1 by construction, and whether honest work pays its bills is another claim (cost-is-real).",
      `Selection: knobs are chosen on seeds ${played[0].searchFrom} to ${played[0].searchFrom + Math.min(SWEEP_SEEDS, seeds.length) - 1}, for each side by itself; every figure is of seeds ${seeds[0]} to ${seeds.at(-1)}. A grid of a few settings an entry is not the best that a clever adversary would find: ratios are lower bounds of what cheating can earn.`,
      `${weak.length} of ${played.length} adversaries do not pay better than honesty even without their defence (${weak.map((p) => p.entry.id).join(", ")}): what they earn says that the cheat is poor, and nothing about the defence.`,
      `${fixed.length} come to the same figure at every seed (${fixed.map((p) => p.entry.id).join(", ")}): they are arithmetic on a small arena, their interval has no width, and seeds add nothing.`,
      ...(large.length === 0
        ? []
        : [
            `Played at more than the third up to which the catalogue’s acceptance is asked: ${large.map((p) => `${p.entry.id} at ${percent(p.share)}${flipOf(p) <= 1 / 3 ? `, which pays from ${percent(flipOf(p))} on as well` : ""}`).join("; ")}.`,
          ]),
      "Arenas of their own (“ensemble”, “resilience”) attack what no network run models; they follow the rules they name, and are no measurement of a network. B10 attacks a draft rule (FIP-0118), family G a reward that no network pays today.",
      "Adversaries that destroy, censor or deny are after harm, not income, and are measured on the catalogue’s own page (npx blackstart adversaries --out runs/adversaries).",
      "Not decided: how common any of these cheats is on a live network; the fact sheet found no measurement of it.",
    ],
    sources: [
      "facts/adversaries.md §1, §2, §4",
      "docs/reference/adversaries.md: every entry with its rules, costs and what it leaves out",
    ],
  }
}

type Split = { readonly presentNodes: number; readonly absentNodes: number } & Readonly<
  Record<"present" | "absent" | "presentWithAny" | "absentWithAny", number>
>
const presenceTable = (stages: readonly Arena[], seeds: readonly number[], splits: readonly (readonly Split[])[]): Tidy => ({
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
})

/** With each play's seed: `blackstart adversaries` plays any of them again. */
const playsTable = (played: readonly Played[]): Tidy => ({
  name: "plays",
  because: "One row a play that a figure rests on.",
  columns: [
    { name: "entry", unit: "id", because: "As in the catalogue." },
    { name: "side", unit: "name", because: "With its defence, or without." },
    { name: "share", unit: "share", because: "Of the scarce resource." },
    { name: "seed", unit: "number", because: "Shared by both sides and all shares: luck is the same." },
    { name: "rho", unit: "ratio", because: "Income per cost over an honest node’s." },
  ],
  rows: played.flatMap((p) => {
    const rows = (side: string, share: number, rhos: readonly number[]) =>
      rhos.map((rho, i) => [p.entry.id, side, share, p.seedsFrom + i, rho])
    return [
      ...rows("defended", p.share, p.defended.rhos),
      ...rows("undefended", p.share, p.undefended.rhos),
      ...p.sweep.filter((s) => s.share !== p.share).flatMap((s) => rows("defended", s.share, s.rhos)),
    ]
  }),
})

const adversaryTable = (played: readonly Played[]): Tidy => ({
  name: "adversaries",
  because: "One row an entry, side and share.",
  columns: [
    { name: "entry", unit: "id", because: "As in the catalogue." },
    { name: "where", unit: "name", because: "The network it is played on, or an arena of its own." },
    { name: "side", unit: "name", because: "With its defence, or without." },
    { name: "share", unit: "share", because: "Of the scarce resource." },
    { name: "knobs", unit: "JSON", because: "Found by the search." },
    { name: "searched", unit: "ratio", because: "Mean over the search’s own seeds: what is above rho was luck of the choice." },
    { name: "rho", unit: "ratio", because: "Income per cost over an honest node’s." },
    { name: "low", unit: "ratio", because: "Lower end of its own 95 % interval over seeds." },
    { name: "high", unit: "ratio", because: "Upper end." },
    { name: "runs", unit: "seeds", because: "That gave a figure." },
  ],
  rows: played.flatMap((p) => {
    const row = (name: string, share: number, side: Pick<Side, "knobs" | "searched">, e: Estimate) => [
      p.entry.id,
      p.entry.where,
      name,
      share,
      JSON.stringify(side.knobs),
      side.searched,
      e.mean,
      e.low,
      e.high,
      e.runs,
    ]
    return [
      row("defended", p.share, p.defended, p.defended.metrics.rho),
      row("undefended", p.share, p.undefended, p.undefended.metrics.rho),
      ...p.sweep
        .filter((s) => s.share !== p.share)
        .map((s) => row("defended", s.share, { ...p.defended, searched: NaN }, s.metrics.rho)),
    ]
  }),
})
