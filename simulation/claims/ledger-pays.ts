/** Claim 6: the ledger keeps paying. Ledgers are halted for hours, and what is paid in the end is held against the same run without the halt. */
import type { Action } from "../../protocol/boundary/scenario.ts"
import { computeCommitteeHalt } from "../../protocol/resilience/analytic/correlated-failure.ts"
import { Dice } from "../../protocol/resilience/ensemble/dice.ts"
import { profileOf } from "../world/profiles.ts"
import type { Placement } from "../world/placement.ts"
import { sampleNodes } from "../world/sampler.ts"
import { scenarioOf, type Arena } from "./arena.ts"
import { judged, type Ask } from "./ask.ts"
import type { Boundary, Judged, Threshold } from "./claim.ts"
import { over, overShares } from "./ladder.ts"
import { measuredCases, measuredChoices, measuredTable, readPerturbed } from "./measured-validators.ts"
import type { CourseAsk } from "./trials.ts"

/** Of what the hours of a halt would have paid, less than one part in twenty is never paid. */
const CAUGHT_UP: Threshold = { at: 0.05, side: "below" }
/** A committee drawn at random does not halt in more than one draw of a hundred. */
const SELDOM: Threshold = { at: 0.01, side: "below" }

const HALTS_H = [6, 24] as const
const BEGIN_H = 24

interface Payer {
  readonly id: string
  readonly arena: string
  readonly metric: string
  readonly days: number
  readonly preset?: string
  /** Undefined: the network's own ledger is halted. */
  readonly facility?: string
  readonly what: string
}

const PAYERS: readonly Payer[] = [
  { id: "helium", arena: "helium", metric: "reward.paid", days: 5, what: "rewards on Solana, today’s rules" },
  {
    id: "helium-l1",
    arena: "helium",
    metric: "reward.paid",
    days: 5,
    preset: "L1-2020/2022-08-01",
    what: "rewards on its own chain, as in August 2022",
  },
  { id: "filecoin", arena: "filecoin", metric: "reward.minted", days: 5, what: "block rewards" },
  { id: "render", arena: "render-busy", metric: "reward.paid", days: 9, what: "the weekly schedule" },
  { id: "akash", arena: "akash", metric: "escrow.paid", days: 3, facility: "validators", what: "rent out of escrow" },
]

const COMMITTEES = [16, 43, 100, 400] as const
const VALIDATORS = 1000
const DRAWS = 2000
const DRAWS_A_YEAR = 8760
const CALENDAR = "2025-11-18"

const payerAsk = (p: Payer, arenas: readonly Arena[], haltH: number, seed: number): CourseAsk => {
  const arena: Arena = { ...arenas.find((a) => a.id === p.arena)!, stepHours: 1 }
  const { network } = arena
  const span = { hours: haltH }
  const todo: Action =
    p.facility === undefined
      ? { verb: "halt", network, for: span }
      : { verb: "hinder", network, facility: p.facility, serves: { permille: 0 }, for: span }
  return {
    network,
    metrics: [p.metric],
    scenario: scenarioOf({
      arena,
      seed,
      steps: p.days * 24,
      timeline: haltH === 0 ? [] : [{ at: { hours: BEGIN_H }, label: "the ledger halts", do: todo }],
      more: {
        networks: {
          [network]: { nodes: arena.nodes, change: arena.change, ...(p.preset === undefined ? {} : { preset: p.preset }) },
        },
      },
    }),
  }
}

/** Of what the halted hours would have paid at the run's mean rate, the part that was never paid; negative where more was paid. */
export const neverPaid = (whole: number, halted: number, haltH: number, lastsH: number): number =>
  whole === 0 ? NaN : (whole - halted) / ((whole * haltH) / lastsH)

/** Share of `draws` committees of `size` in which more than a third sits with the largest cloud, and that share of the validators. */
function drawCommittees(
  v: Placement,
  size: number,
  draws: number,
  seed: number,
): { readonly halted: number; readonly share: number } {
  const { of, names } = v.domains.provider
  const counts = new Uint32Array(names.length)
  for (const d of of) counts[d]++
  let most = -1
  for (let d = 0; d < counts.length; d++) if (names[d] !== "home" && (most < 0 || counts[d] > counts[most])) most = d
  const all = Uint32Array.from({ length: v.nodes }, (_, i) => i)
  const dice = new Dice(seed, `claims/committee/${size}`)
  const tolerated = Math.floor((size - 1) / 3)
  let halted = 0
  for (let k = 0; k < draws; k++) {
    dice.sample(all, size)
    let down = 0
    for (let i = 0; i < size; i++) if (of[all[i]] === most) down++
    if (down > tolerated) halted++
  }
  return { halted: halted / draws, share: counts[most] / v.nodes }
}

/** The share of validators on one provider at which a committee halts with chance `p` in so many draws: bisected on the closed form. */
export function shareToHalt(size: number, draws: number, p: number): number {
  let [low, high] = [0, 1]
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2
    if (computeCommitteeHalt(size, Math.floor((size - 1) / 3), middle, draws) < p) low = middle
    else high = middle
  }
  return (low + high) / 2
}

export const ledgerPays: Ask = async ({ arenas, trials }) => {
  const { seeds } = trials
  const plans = PAYERS.flatMap((payer) => [0, ...HALTS_H].map((haltH) => ({ payer, haltH })))
  const courses = await trials.courses(
    seeds.flatMap((seed) => plans.map(({ payer, haltH }) => payerAsk(payer, arenas, haltH, seed))),
  )
  const at = (p: Payer, haltH: number, s: number) =>
    courses[s * plans.length + plans.findIndex((x) => x.payer === p && x.haltH === haltH)]
  const paid = (p: Payer, haltH: number, s: number): number => at(p, haltH, s).epochs.reduce((sum, e) => sum + e[p.metric], 0)
  const served = (p: Payer, haltH: number, s: number): number => {
    const halted = at(p, haltH, s).epochs.slice(BEGIN_H, BEGIN_H + haltH)
    const asked = halted.reduce((sum, e) => sum + e.offered, 0)
    return asked === 0 ? NaN : halted.reduce((sum, e) => sum + e.served, 0) / asked
  }
  const runs = PAYERS.flatMap((p) => HALTS_H.map((haltH) => ({ p, haltH })))
  const lost = runs.map(({ p, haltH }) => seeds.map((_, s) => neverPaid(paid(p, 0, s), paid(p, haltH, s), haltH, p.days * 24)))
  const going = runs.map(({ p, haltH }) => seeds.map((_, s) => served(p, haltH, s)))
  const node = (p: Payer) => ({ id: p.id, isReference: false })
  const pays = runs.map(({ p, haltH }, r): Judged =>
    judged(
      node(p),
      `halt of ${haltH} h, ${p.what}`,
      over(lost[r]),
      CAUGHT_UP,
      "pay of the halted hours that never comes",
      "share",
    ),
  )
  const validators = seeds.map((seed) => sampleNodes(profileOf("cloud"), seed, VALIDATORS, { calendar: CALENDAR }))
  const drawn = COMMITTEES.map((size) => seeds.map((seed, s) => drawCommittees(validators[s], size, DRAWS, seed)))
  const committees = COMMITTEES.map((size, c): Judged =>
    judged(
      { id: "committee", isReference: false },
      `${size} of ${VALIDATORS} validators`,
      overShares(drawn[c].map((d) => d.halted)),
      SELDOM,
      "draws of a random committee that halt with the largest cloud down",
      "share",
    ),
  )
  const boundary: Boundary[] = COMMITTEES.flatMap((size) => [
    closed(
      `committee of ${size}: share of validators with one provider at which 1 draw in 100 halts`,
      shareToHalt(size, 1, 0.01),
    ),
    closed(
      `committee of ${size}: share at which a year of hourly draws halts once with chance 1/2`,
      shareToHalt(size, DRAWS_A_YEAR, 0.5),
    ),
  ])
  const perturbed = readPerturbed()
  const worst = pays.reduce((a, b) => (b.estimate.mean > a.estimate.mean ? b : a))
  return {
    id: "ledger-keeps-paying",
    words: "the ledger keeps paying",
    question:
      "When a ledger halts, is what the halted hours would have paid paid afterwards, and how seldom does a committee halt?",
    experiment: `Halts of ${HALTS_H.join(" and ")} hours on ${PAYERS.length} ledgers against the same seed without a halt, paid in all by ${[...new Set(PAYERS.map((p) => p.days))].toSorted((a, b) => a - b).join(", ")} days; and ${DRAWS} committees a seed drawn of ${VALIDATORS} validators that stand as Ethereum's did in August 2022; and four real validators, one in trouble at a time`,
    rule: "Pay: the part of the halted hours’ pay (at the run’s mean rate) that never comes lies below 5 %, whole interval. Committees: fewer than one draw in a hundred halts with the largest cloud down, whole interval. Real validators: nodes were paid while one of four was in trouble. Nothing is ever paid twice: that is a promise checked after every epoch of every run, and a run that breaks it fails.",
    figure: {
      what: `of the pay of the halted hours (at the run’s mean rate) never comes on ${worst.network}, ${worst.label}: the most of all`,
      estimate: worst.estimate,
      unit: "share",
    },
    threshold: CAUGHT_UP,
    measured: "share never paid, or share of draws that halt",
    unit: "share",
    bars: "Bars are 95 % intervals over seeds; what was measured once on real validators has none",
    cases: [...pays, ...committees, ...measuredCases(perturbed)],
    boundary,
    panels: [
      {
        title: "Committees by the closed form; what was simulated is in the table beside",
        x: "share of validators with the provider that is down",
        y: "draws that halt",
        curves: COMMITTEES.map((size) => ({
          network: "other",
          label: `committee of ${size}, closed form`,
          points: Array.from({ length: 61 }, (_, i) => {
            const y = computeCommitteeHalt(size, Math.floor((size - 1) / 3), i / 60, 1)
            return { x: i / 60, y, low: y, high: y }
          }),
        })),
      },
    ],
    tables: [
      {
        name: "halts",
        because: "One row a ledger, halt and seed.",
        columns: [
          { name: "ledger", unit: "name", because: "The network and its regime." },
          { name: "halt", unit: "h", because: "How long its ledger stood still, from the 24th hour on." },
          { name: "seed", unit: "number", because: "Shared with the run without a halt." },
          { name: "paid", unit: "the network’s own token unit", because: "In the whole run with the halt." },
          { name: "paid_whole", unit: "the network’s own token unit", because: "In the same run without it." },
          { name: "never_paid", unit: "share", because: "Of what the halted hours would have paid at the run's mean rate." },
          { name: "served", unit: "share", because: "Of what users asked for in the halted hours." },
        ],
        rows: runs.flatMap(({ p, haltH }, r) =>
          seeds.map((seed, s) => [p.id, haltH, seed, paid(p, haltH, s), paid(p, 0, s), lost[r][s], going[r][s]]),
        ),
      },
      {
        name: "committees",
        because: "One row a size and seed: simulated draws beside the closed form at the same share.",
        columns: [
          { name: "size", unit: "seats", because: "Of the committee; it tolerates (size − 1)/3 away, rounded down." },
          { name: "seed", unit: "number", because: "Places and draws." },
          { name: "share", unit: "share", because: "Of the validators with the largest cloud." },
          { name: "halted", unit: "share", because: "Of the draws." },
          { name: "closed_form", unit: "probability", because: "Binomial, members independent (computeCommitteeHalt)." },
        ],
        rows: COMMITTEES.flatMap((size, c) =>
          drawn[c].map((d, s) => [
            size,
            seeds[s],
            d.share,
            d.halted,
            computeCommitteeHalt(size, Math.floor((size - 1) / 3), d.share, 1),
          ]),
        ),
      },
      measuredTable(perturbed),
    ],
    choices: [
      `While ledgers stood still users were served ${sayRange(going)} of what they asked for (mean of the least and of the most served ledger): the two planes fail apart.`,
      "What nobody mints during a halt is not lost to anyone who holds the token: it is lost to those who worked. It is counted as never paid.",
      "Akash charges rent by the block, so hours without blocks are free to tenants and lost to providers. More than all of them is lost, because new leases cannot be made either, and rent grows over the run while the mean rate is taken.",
      "Render pays by the week: a halt that ends before the payout delays nothing. A run of nine days has one whole payout.",
      "The committee is arithmetic over measured places, not a measurement of a live ledger.",
      ...measuredChoices(perturbed),
    ],
    sources: [
      "facts/resilience-science.md §2 (committee of 43, f = 14)",
      "facts/outages.md §7",
      "scenarios/outages/helium-2022-10-19",
    ],
  }
}

const closed = (axis: string, share: number): Boundary => ({
  axis,
  network: "committee",
  at: { mean: share, low: NaN, high: NaN, deviation: NaN, runs: 0, missing: 0 },
  unit: "share",
  how: "bisected on the closed form",
})

const sayRange = (all: readonly (readonly number[])[]): string => {
  const means = all.map((x) => over(x).mean).filter((m) => m === m)
  return means.length === 0 ? "–" : `${Math.round(Math.min(...means) * 100)} to ${Math.round(Math.max(...means) * 100)} %`
}
