/**
 * Where a content network would put its points of presence: a rule over the city table, not a copy of anyone's list.
 *
 * 1. Cities by falling population (ties by table order); a city within `apartKm` of one already taken is its suburb and is
 *    passed over. 2. First the largest city of every country with at least `countryPopulation` inhabitants in the table.
 * 3. Then by population, at most `perCountry` in any country, until there are enough.
 * Assumption: population stands in for connectedness, because no open table of exchanges was at hand.
 */
import { cities } from "./cities.ts"
import { metresBetween } from "./earth.ts"

export interface MetroRule {
  /** How many. */
  readonly metros: number
  /** At most so many in one country; the exceptions name countries with unusually many exchanges. */
  readonly perCountry: number
  readonly perCountryExcept: Readonly<Record<string, number>>
  readonly apartKm: number
  /** Inhabitants, in the city table, that earn a country its first metro whatever their city's rank. */
  readonly countryPopulation: number
}

/** City indices, most important first. May be shorter than asked when the rule admits no more. */
export function metros(rule: MetroRule): Uint32Array {
  const all = cities()
  const order = Array.from(all.population.keys()).sort((a, b) => all.population[b] - all.population[a] || a - b)
  const taken: number[] = []
  const takenIn = new Map<string, number>()
  const isSuburb = (city: number): boolean =>
    taken.some(
      (other) => metresBetween(all.latE7[city], all.lngE7[city], all.latE7[other], all.lngE7[other]) < rule.apartKm * 1000,
    )
  const take = (city: number): void => {
    taken.push(city)
    takenIn.set(all.country[city], (takenIn.get(all.country[city]) ?? 0) + 1)
  }
  const isFirst = new Uint8Array(all.count)
  for (const { begin, population } of all.byCountry.values()) if (population >= rule.countryPopulation) isFirst[begin] = 1
  for (const city of order) {
    if (taken.length === rule.metros) break
    if (isFirst[city] === 1 && !isSuburb(city)) take(city)
  }
  for (const city of order) {
    if (taken.length === rule.metros) break
    const country = all.country[city]
    const most = rule.perCountryExcept[country] ?? rule.perCountry
    if ((takenIn.get(country) ?? 0) >= most || isSuburb(city)) continue
    take(city)
  }
  return Uint32Array.from(taken.sort((a, b) => all.population[b] - all.population[a] || a - b))
}
