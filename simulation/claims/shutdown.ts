/** Claim 5: nobody can shut it down. How many domains of each type must fall until half is gone, and how few hold a third of a ledger. */
import { computeNakamoto } from "../../protocol/resilience/analytic/concentration.ts"
import { concentration } from "../world/concentration.ts"
import type { DomainType } from "../world/placement.ts"
import { profileOf } from "../world/profiles.ts"
import { sampleNodes } from "../world/sampler.ts"
import { DOMAINS, DOMAIN_WORDS, domainsOf, placesOf } from "./arena.ts"
import { judged, type Ask } from "./ask.ts"
import type { Boundary, Judged, Threshold } from "./claim.ts"
import { curveOf, domainsTo, ladderAsk, NOTHING, over, overShares, rungsOf, shareAt } from "./ladder.ts"

/**
 * One of a kind is not enough: two or more must fall in the mean over worlds. A mean above one would let one be enough in most of them.
 */
const TWO: Threshold = { at: 2, side: "at least" }
const VALIDATORS = 1000
const SERVICE = "service: how many of the largest must fall until less than half is served"
const LEDGER = `a ledger that needs two thirds: how many until more than a third of ${VALIDATORS} validators is gone`
const CALENDAR = "2025-11-18"

/** Power of Filecoin's largest operators, per cent: filcensus.reiers.io, epoch 5992119 (facts/topology.md §5). */
const FILECOIN_OPERATORS = [11.18, 10.3, 10.12, 6.38, 5.13, 3.4, 3.08, 2.98, 1.83, 1.65, 1.64, 1.6, 1.48, 1.17]
/** Solana's stake by country and by host, epoch 685, October 2024 (same). */
const SOLANA_COUNTRIES = [18.3, 13.7, 13.7, 13.2]
const SOLANA_HOSTS = [24, 19]

export const shutdown: Ask = async ({ arenas, trials }) => {
  const { seeds } = trials
  const plans = arenas.flatMap((arena) => domainsOf(arena).map((domain) => ({ arena, domain })))
  trials.expect(seeds.length * (plans.length + arenas.length))
  const courses = await trials.courses(seeds.flatMap((seed) => plans.map(({ arena, domain }) => ladderAsk(arena, domain, seed))))
  const twins = await trials.courses(seeds.flatMap((seed) => arenas.map((a) => ladderAsk(a, NOTHING, seed))))
  const rungs = plans.map(({ arena, domain }, p) =>
    seeds.map((_, s) => rungsOf(courses[s * plans.length + p], twins[s * arenas.length + arenas.indexOf(arena)], arena, domain)),
  )
  const half = plans.map((_, p) => rungs[p].map((r) => domainsTo(r, 0.5)))
  const service = plans.map(({ arena, domain }, p): Judged => {
    const counts = half[p].map((k) => (k === k ? k : SURVIVES))
    return judged(arena, `by ${DOMAIN_WORDS[domain]}`, over(counts), TWO, SERVICE)
  })
  const validators = seeds.map((seed) => sampleNodes(profileOf("cloud"), seed, VALIDATORS, { calendar: CALENDAR }))
  const ledger = DOMAINS.map((domain): Judged =>
    judged(
      { id: "ledger", isReference: false },
      `by ${DOMAIN_WORDS[domain]}`,
      over(validators.map((v) => concentration(v, domain).nakamotoThird)),
      TWO,
      LEDGER,
    ),
  )
  const placed = arenas.map((arena) => seeds.map((seed) => placesOf(arena, seed)))
  const places = plans.map(({ arena, domain }) => ({
    arena,
    domain,
    of: placed[arenas.indexOf(arena)].map((p) => concentration(p, domain)),
  }))
  const boundary: Boundary[] = [
    ...plans.map(({ arena, domain }, p): Boundary => ({
      axis: `share of nodes gone when half the service is, by ${DOMAIN_WORDS[domain]}`,
      network: arena.id,
      at: overShares(rungs[p].map((r) => shareAt(r, 0.5))),
      unit: "share",
      how: "shares gone: whole domains of one kind, the largest first, interpolated between rungs, each seed by itself",
    })),
    ...places.map(({ arena, domain, of }): Boundary => ({
      axis: `Nakamoto coefficient by ${DOMAIN_WORDS[domain]}`,
      network: arena.id,
      at: over(of.map((c) => c.nakamotoThird)),
      unit: "domains",
      how: "Nakamoto coefficient: the fewest that hold more than a third of the nodes, counted in the places of each seed; one for each kind, never one number",
    })),
  ]
  const own = service.filter((c) => !c.isReference)
  const least = own.reduce((a, b) => (b.estimate.mean < a.estimate.mean ? b : a))
  const published = (shares: readonly number[]): string => {
    const third = computeNakamoto(shares, 1, 3)
    return third === null ? `more than the ${shares.length} listed` : String(third)
  }
  return {
    id: "cannot-be-shut-down",
    words: "nobody can shut it down",
    question:
      "Is there one country, autonomous system, cloud, grid, operator or client version whose fall alone halves service or stops a ledger?",
    experiment: `Six failure domains, the largest first, on ${arenas.length} arenas; and ${VALIDATORS} validators placed as Ethereum's were in August 2022 (profile "cloud")`,
    rule: `A case is for the claim where two or more domains must fall in the mean over seeds, whole interval; against it where the whole interval lies below two: then one is enough in some of the worlds drawn, as no single country, host or version may be. That two are enough is for the claim by this rule, and little comfort: the number is beside it. Counts are exact up to 6, then the rung's number; a ladder whose last rung (89) still serves half counts as ${SURVIVES}.`,
    figure: {
      what: `of the largest must fall until less than half is served on ${least.network}, ${least.label}: the fewest of all`,
      estimate: least.estimate,
      unit: "count",
    },
    threshold: TWO,
    measured: "domains that must fall",
    unit: "count",
    cases: [...service, ...ledger],
    boundary,
    panels: arenas.map((arena) => ({
      title: arena.id,
      x: "share of nodes removed, the largest domains first",
      y: "served",
      curves: plans.flatMap(({ arena: a, domain }, p) =>
        a === arena ? [curveOf(rungs[p], arena.network, DOMAIN_WORDS[domain])] : [],
      ),
    })),
    tables: [
      {
        name: "domains",
        because: "One row a network, domain type and seed.",
        columns: [
          { name: "arena", unit: "name", because: "Network and its setting." },
          { name: "domain", unit: "name", because: "Type of failure domain." },
          { name: "seed", unit: "number", because: "Places and luck." },
          { name: "domains_to_half", unit: "domains", because: "Gone when service fell below half; empty where it never did." },
          { name: "removed_at_half", unit: "share", because: "Share of nodes gone when service crossed one half." },
          { name: "nakamoto_third", unit: "domains", because: "Fewest that hold more than a third of the nodes." },
          { name: "nakamoto_half", unit: "domains", because: "Fewest that hold more than half." },
          { name: "largest_share", unit: "share", because: "Of the nodes, in the largest domain." },
        ],
        rows: plans.flatMap(({ arena, domain }, p) =>
          seeds.map((seed, s) => {
            const c = places[p].of[s]
            return [
              arena.id,
              domain,
              seed,
              half[p][s],
              shareAt(rungs[p][s], 0.5),
              c.nakamotoThird,
              c.nakamotoHalf,
              c.largestShare,
            ]
          }),
        ),
      },
      {
        name: "validators",
        because: "One row a domain type and seed: who holds a third of a ledger placed like Ethereum's nodes.",
        columns: [
          { name: "domain", unit: "name", because: "Type of failure domain." },
          { name: "seed", unit: "number", because: "Places." },
          { name: "nakamoto_third", unit: "domains", because: "Fewest that hold more than a third." },
          { name: "largest_share", unit: "share", because: "Of the validators, in the largest domain." },
        ],
        rows: DOMAINS.flatMap((domain: DomainType) =>
          validators.map((v, s) => {
            const c = concentration(v, domain)
            return [domain, seeds[s], c.nakamotoThird, c.largestShare]
          }),
        ),
      },
    ],
    choices: [
      "The shared facilities of the first claim are ways to shut a network down too, and are judged there.",
      `Published, not simulated: of Filecoin's power ${published(FILECOIN_OPERATORS)} operators hold more than a third (filcensus.reiers.io, epoch 5992119); of Solana's stake ${published(SOLANA_COUNTRIES)} countries and ${published(SOLANA_HOSTS)} hosts do (epoch 685, October 2024).`,
      "Seizure is taken to be whole: everybody in a country or with a host obeys. Users who move elsewhere are not modelled.",
      "Node counts prove nothing here: a coefficient is told for each type of domain and never as one number.",
    ],
    sources: ["facts/topology.md §5", "facts/resilience-science.md §1, §10.4"],
  }
}

/** A ladder that never fell below half: more than its last rung. */
const SURVIVES = 90
