/** What only the world knows: how much is really away, and how few operators and countries hold the power. */
import type { Habitat } from "../../kernel/habitat.ts"
import type { State } from "./state.ts"

const PPM = 1_000_000

export const observes = {
  "sectors.away": {
    unit: "ppm of live sectors",
    because: "Whose provider does not run or cannot be reached, whatever the chain believes. Power follows within a day.",
  },
  "concentration.gini": { unit: "‰", because: "Gini coefficient of claimed power over providers: 0 when all are equal." },
  "concentration.operatorsThird": {
    unit: "operators",
    because: "The fewest operators that hold more than a third of claimed power: together they can stop F3.",
  },
  "concentration.operatorsHalf": {
    unit: "operators",
    because: "The fewest operators that hold more than half of claimed power (Nakamoto coefficient).",
  },
  "concentration.countriesThird": {
    unit: "countries",
    because: "The fewest countries whose providers hold more than a third of claimed power.",
  },
  "objects.held": { unit: "objects", because: "Objects once stored of which a provider really has a copy, reachable or not." },
  "objects.gone": {
    unit: "objects",
    because: "Objects once stored that nobody has any more, whether the chain knows it or not.",
  },
} as const
/** What this file observes itself; objects are counted by inhabit-deals.ts. */
type Observed = Readonly<Record<Exclude<keyof typeof observes, `objects.${string}`>, number>>

/** Gini coefficient in permille: (Σ (2i − n − 1) x_i) / (n Σ x) over rising x. Rounded to nearest; 0 when there is nothing. */
export function computeGini(values: Float64Array): number {
  const rising = values.toSorted()
  let weighted = 0
  let total = 0
  for (let i = 0; i < rising.length; i++) {
    weighted += (2 * (i + 1) - rising.length - 1) * rising[i]
    total += rising[i]
  }
  return total === 0 ? 0 : Math.round((weighted * 1000) / (rising.length * total))
}

/** How many of the largest it takes to hold more than `part` of all; 0 when there is nothing. */
export function computeFewest(holdings: Float64Array, part: number): number {
  const falling = holdings.toSorted().toReversed()
  const goal = falling.reduce((sum, x) => sum + x, 0) * part
  if (goal === 0) return 0
  let held = 0
  for (let i = 0; i < falling.length; i++) {
    held += falling[i]
    if (held > goal) return i + 1
  }
  return falling.length
}

/** Reads the truth beside public state; asked once an epoch. */
export function observer({ nodes, places, running, throughPermille }: Habitat, { miner }: State): () => Observed {
  const { operator, country } = places.domains
  const byOperator = new Float64Array(operator.names.length)
  const byCountry = new Float64Array(country.names.length)
  return () => {
    byOperator.fill(0)
    byCountry.fill(0)
    let live = 0
    let away = 0
    for (let node = 0; node < nodes; node++) {
      byOperator[operator.of[node]] += miner.qaGib[node]
      byCountry[country.of[node]] += miner.qaGib[node]
      live += miner.live[node]
      if (running[node] === 0 || throughPermille[node] === 0) away += miner.live[node]
    }
    return {
      "sectors.away": live === 0 ? 0 : Math.round((away * PPM) / live),
      "concentration.gini": computeGini(miner.qaGib.subarray(0, nodes)),
      "concentration.operatorsThird": computeFewest(byOperator, 1 / 3),
      "concentration.operatorsHalf": computeFewest(byOperator, 1 / 2),
      "concentration.countriesThird": computeFewest(byCountry, 1 / 3),
    }
  }
}
