/** Claim 4: cost is real. What each network charges, what centralised ones charge for the same on a stated date, and what it costs from the bottom up. */
import { comparators, comparatorMicroUsd } from "../../protocol/markets/comparators.ts"
import { Dice } from "../../protocol/resilience/ensemble/dice.ts"
import { quantileOf } from "../study/maths/estimate.ts"
import type { Estimate } from "../study/maths/estimate.ts"
import { judged, type Ask } from "./ask.ts"
import type { Boundary, Judged, Threshold } from "./claim.ts"
import { COSTS, OFFERS, type Offer } from "./prices.ts"

/** A user pays less than at the centralised one. */
const CHEAPER: Threshold = { at: 1, side: "below" }
/** What a user pays covers what it costs to provide: nobody else pays for it. */
const COVERS: Threshold = { at: 1, side: "above" }
const DRAWS = 2000

/** Median and 95 % of a cost over draws from the ranges of its parts; one stream a service. */
export function costOf(service: string, [few, many]: readonly [number, number] = [1, 1], draws = DRAWS, seed = 1): Estimate {
  const { parts, of } = COSTS[service]
  const names = Object.keys(parts)
  const dice = new Dice(seed, `claims/cost/${service}`)
  const found = Array.from({ length: draws }, () => {
    const drawn = Object.fromEntries(
      names.map((n) => {
        const { low, high } = parts[n]
        return [n, low + (high - low) * dice.unit()]
      }),
    )
    return of(drawn) * (few + (many - few) * dice.unit())
  }).toSorted((a, b) => a - b)
  return {
    mean: quantileOf(found, 0.5),
    low: quantileOf(found, 0.025),
    high: quantileOf(found, 0.975),
    deviation: NaN,
    runs: draws,
    missing: 0,
  }
}

const point = (x: number): Estimate => ({ mean: x, low: NaN, high: NaN, deviation: NaN, runs: 1, missing: 0 })

/** Price over cost: the dearest cost gives the lowest factor. */
const factor = (usd: number, cost: Estimate): Estimate => ({
  ...cost,
  mean: usd / cost.mean,
  low: usd / cost.high,
  high: usd / cost.low,
})

const offers = (): readonly Offer[] => [
  ...OFFERS,
  ...comparators
    .filter((c) => c.unit === "H100 hour")
    .map((c): Offer => ({
      who: c.who,
      network: c.kind === "hyperscaler" || c.kind === "host" ? "centralised" : "marketplace",
      service: "H100 hour",
      usd: comparatorMicroUsd(c) / 1e6,
      date: c.date,
      source: c.source,
    })),
]

export const realCost: Ask = async () => {
  const all = offers()
  const open = all.filter((o) => o.network !== "centralised" && o.network !== "marketplace")
  const pairs = open.flatMap((o) =>
    all.filter((c) => c.service === o.service && c.network === "centralised").map((c) => ({ o, c })),
  )
  const cheaper = pairs.map(({ o, c }): Judged =>
    judged(
      { id: o.network, isReference: false },
      `over ${c.who}: ${o.service}, ${o.who}`,
      point(o.usd / c.usd),
      CHEAPER,
      "price over the centralised one",
      "ratio",
    ),
  )
  const costs = Object.keys(COSTS)
  const covered = all
    .filter((o) => costs.includes(o.service) && (COSTS[o.service].isShared || open.includes(o)))
    .map((o): Judged =>
      judged(
        {
          id: o.network === "marketplace" ? "other" : o.network === "centralised" ? "cdn" : o.network,
          isReference: o.network === "centralised" || o.network === "marketplace",
        },
        `${o.who}: ${o.service}`,
        factor(o.usd, costOf(o.service, o.copies)),
        COVERS,
        "price over bottom-up cost",
        "ratio",
      ),
    )
  const boundary = open.flatMap((o): readonly Boundary[] => {
    const rivals = all.filter((c) => c.service === o.service && c.network === "centralised").toSorted((a, b) => a.usd - b.usd)
    if (rivals.length === 0) return []
    const dearer = rivals.filter((c) => c.usd > o.usd).length
    return [
      {
        axis: `${o.service}: the price of ${o.who} over the cheapest centralised one named here (${rivals[0].who}); it is below ${dearer} of ${rivals.length}`,
        network: o.network,
        at: point(rivals[0].usd > 0 ? o.usd / rivals[0].usd : NaN),
        unit: "ratio",
        how: "list prices of the dates in the table",
      },
    ]
  })
  const median = [...cheaper]
    .map((c) => c.estimate.mean)
    .filter((x) => Number.isFinite(x))
    .toSorted((a, b) => a - b)
  return {
    id: "cost-is-real",
    words: "cost is real and not imposed",
    question: "Do users of open networks pay less than at a centralised one, and does what they pay cover what it costs?",
    experiment: `${open.length} prices of open networks against ${all.length - open.length} of others for the same unit, and ${costs.length} costs from the bottom up over ${DRAWS} draws of their parts' ranges. No run of a simulation: list prices are read, not simulated, so there are no seeds`,
    rule: "Cheaper: the price over the centralised one lies below 1; a list price has no interval, so each pair is judged by itself. Covers its cost: price over bottom-up cost above 1 with the whole 95 % range of the cost’s parts; below it somebody else pays (issuance, a voluntary burn, an owner’s loss) and the cost is not real to the user. Centralised prices over the same cost stand beside as reference: how much of them is imposed.",
    figure: {
      what: `median price of an open network over a centralised one for the same unit, of ${median.length} pairs`,
      range: "the range is from the lower to the upper quarter of the pairs, no interval over seeds",
      estimate: {
        mean: quantileOf(median, 0.5),
        low: quantileOf(median, 0.25),
        high: quantileOf(median, 0.75),
        deviation: NaN,
        runs: median.length,
        missing: 0,
      },
      unit: "ratio",
    },
    threshold: CHEAPER,
    measured: "ratio of prices, or of price to cost",
    unit: "ratio",
    bars: "A list price has no interval and no bar; a bar on price over cost goes over 95 % of the draws of the cost’s parts",
    cases: [...cheaper, ...covered],
    boundary,
    panels: [],
    tables: [
      {
        name: "prices",
        because: "One row a price: as listed, with its day.",
        columns: [
          { name: "who", unit: "name", because: "Who sells." },
          { name: "kind", unit: "name", because: "The open network it belongs to, centralised, or marketplace." },
          { name: "service", unit: "name", because: "What is sold, with its unit." },
          { name: "usd", unit: "US dollar per unit", because: "Euros at 1.1133 (facts/prices-and-demand.md §1.4, 2026-10-28)." },
          { name: "date", unit: "date", because: "When it was read or took effect." },
          { name: "source", unit: "name", because: "Where." },
        ],
        rows: all.map((o) => [o.who, o.network, o.service, o.usd, o.date, o.source]),
      },
      {
        name: "costs",
        because: "One row a part of a cost: its range.",
        columns: [
          { name: "service", unit: "name", because: "What is provided." },
          { name: "part", unit: "name", because: "Parameter of its cost." },
          { name: "low", unit: "as named", because: "Lower end." },
          { name: "high", unit: "as named", because: "Upper end." },
          { name: "source", unit: "name", because: "Where; assumption where it is one." },
        ],
        rows: Object.entries(COSTS).flatMap(([service, { parts }]) =>
          Object.entries(parts).map(([n, p]) => [service, n, p.low, p.high, p.source]),
        ),
      },
    ],
    choices: [
      "A price without a date is worthless: each is as of the day beside it, most from excerpts of vendors’ pages (UNVERIFIED where the fact sheet says so).",
      "Storage is per usable TiB: two copies on Filecoin, 1.2 to 1.5 at centralised stores (UNVERIFIED), 2.76 on Storj; the cost is of as many raw copies.",
      "A network of sensors or access points costs what its owners spend on it, whoever pays: per sensor or GB served today, and less when more is served. Other technologies (cellular) are not held against that cost.",
      "Costs leave out profit and the cost of finding customers; parts are drawn evenly and independently from their ranges.",
      "Quality is not the same: Filecoin’s measured retrieval success was 13 % in 2025, a hyperscaler sells an SLA with credits, and an Akash tenant pays on while a machine is down.",
      "Old Filecoin deals cost users nothing: their price over cost is 0 and they are left out of the ratios; the subsidy is the revenue.",
    ],
    sources: ["facts/prices-and-demand.md §1, §2, §6.2", "protocol/markets/comparators.ts"],
  }
}
