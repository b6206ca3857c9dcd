/** What a diversity bonus buys: where the same pool goes at once, and where nodes go if operators may choose. */
import { computeEntryShares, measureSpread, type Spread } from "../../protocol/resilience/diversity.ts"
import type { Scenario } from "../../scenarios/vocabulary.ts"

export interface DiversitySettings {
  readonly hotspots: number
  /** Weight ∝ share^(−β), thousandths; 0 is off. */
  readonly betaMilli: number
}
export const DIVERSITY: DiversitySettings = { hotspots: 200, betaMilli: 500 }
const COUNTRIES_COUNT = 1

/** Four days of hotspots; on the third the country with the most of them is cut off for six hours. */
export function diversityOf(settings: Partial<DiversitySettings> = {}): Scenario {
  const { hotspots, betaMilli } = { ...DIVERSITY, ...settings }
  return {
    question: "What does a diversity bonus pay, to whom, and what does it keep?",
    begins: "2025-11-10T00:00:00Z",
    lasts: { days: 4 },
    seed: 149,
    epoch: { hours: 2 },
    networks: {
      helium: {
        nodes: hotspots,
        preset: "SOL-HNT",
        change: { diversityBetaMilli: betaMilli, diversityKinds: COUNTRIES_COUNT, claimEveryDays: 0 },
      },
    },
    timeline: [
      {
        at: "2025-11-12T12:00:00Z",
        label: "the country with the most hotspots is cut off",
        do: {
          verb: "disconnect",
          network: "helium",
          where: { largest: { of: "country", count: 1 } },
          for: { hours: 6 },
        },
      },
    ],
  }
}

export interface CountryPay {
  readonly country: string
  readonly hotspots: number
  /** Of all hotspots, and of all pay, 0 to 1. */
  readonly nodeShare: number
  readonly payShare: number
}

/** Countries by hotspots, the most first. */
export function payByCountry(of: Uint32Array, names: readonly string[], earned: Float64Array): readonly CountryPay[] {
  const nodes = names.map(() => 0)
  const pay = names.map(() => 0)
  let all = 0
  earned.forEach((bones, node) => {
    nodes[of[node]]++
    pay[of[node]] += bones
    all += bones
  })
  return names
    .map((country, k) => ({
      country,
      hotspots: nodes[k],
      nodeShare: nodes[k] / earned.length,
      payShare: all === 0 ? 0 : pay[k] / all,
    }))
    .filter(({ hotspots }) => hotspots > 0)
    .toSorted((a, b) => b.hotspots - a.hotspots)
}

/** Ten places to be, the dearest costing `dearestPermille` of the cheapest, the others evenly between: an assumption. */
export const costsOf = (dearestPermille: number): readonly number[] =>
  Array.from({ length: 10 }, (_, k) => 1 + ((dearestPermille / 1000 - 1) * k) / 9)

/** Where free entry ends with that β: shares of the places, and what they are worth. */
export function entryAt(betaMilli: number, costs: readonly number[]): Spread {
  return measureSpread(computeEntryShares(costs, betaMilli / 1000), costs)
}
