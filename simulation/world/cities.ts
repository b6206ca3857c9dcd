/** The cities a node may live in, read once from the generated table (GeoNames, CC BY 4.0; see data/README.md). */
import { pow } from "../../protocol/kernel/real.ts"
import { cityRows, zoneRows } from "./data/cities.generated.ts"

/** The two days whose UTC offsets the table holds: the Cloudflare outage and the Iberian blackout. */
export type Calendar = "2025-11-18" | "2025-04-28"

export interface Zones {
  readonly names: readonly string[]
  readonly indexOf: ReadonlyMap<string, number>
  /** Minutes ahead of UTC on each day, by zone. */
  readonly offsetMinutes: Readonly<Record<Calendar, Int16Array>>
}

/** The cities of one country: rows `begin`..`end`, and their inhabitants together. */
export interface CountryCities {
  readonly begin: number
  readonly end: number
  readonly population: number
}

export interface Cities {
  readonly count: number
  readonly name: readonly string[]
  readonly country: readonly string[]
  readonly admin: readonly string[]
  readonly latE7: Int32Array
  readonly lngE7: Int32Array
  readonly population: Uint32Array
  readonly zone: Uint16Array
  readonly byCountry: ReadonlyMap<string, CountryCities>
  readonly zones: Zones
}

function readZones(): Zones {
  const rows = zoneRows.split("\n")
  const names: string[] = []
  const november = new Int16Array(rows.length)
  const april = new Int16Array(rows.length)
  rows.forEach((row, index) => {
    const [name, inNovember, inApril] = row.split("\t")
    names.push(name)
    november[index] = Number(inNovember)
    april[index] = Number(inApril)
  })
  const indexOf = new Map(names.map((name, index) => [name, index]))
  return { names, indexOf, offsetMinutes: { "2025-11-18": november, "2025-04-28": april } }
}

function readCities(): Cities {
  const rows = cityRows.split("\n")
  const count = rows.length
  const name: string[] = []
  const country: string[] = []
  const admin: string[] = []
  const latE7 = new Int32Array(count)
  const lngE7 = new Int32Array(count)
  const population = new Uint32Array(count)
  const zone = new Uint16Array(count)
  const byCountry = new Map<string, CountryCities>()
  for (let i = 0; i < count; i++) {
    const field = rows[i].split("\t")
    name.push(field[0])
    latE7[i] = Number(field[1]) * 100
    lngE7[i] = Number(field[2]) * 100
    country.push(field[3])
    admin.push(field[4])
    population[i] = Number(field[5])
    zone[i] = Number(field[6])
  }
  for (let begin = 0; begin < count;) {
    let end = begin
    while (end < count && country[end] === country[begin]) end++
    let total = 0
    for (let i = begin; i < end; i++) total += population[i]
    byCountry.set(country[begin], { begin, end, population: total })
    begin = end
  }
  return { count, name, country, admin, latE7, lngE7, population, zone, byCountry, zones: readZones() }
}

let table: Cities | undefined

/** The whole table; parsed on first use (about 10 ms) so that importing a module costs nothing. */
export function cities(): Cities {
  return (table ??= readCities())
}

/** A unique readable key: "Madrid, ES-29" (country and GeoNames first-order division). */
export function cityName(index: number): string {
  const all = cities()
  return `${all.name[index]}, ${all.country[index]}-${all.admin[index]}`
}

/**
 * Running totals of whole weights, inhabitants to a power in permille (1000 is the inhabitants themselves), over cities.
 * The last total stays below 2^32, as a weighted draw needs.
 */
export function cumulateCities(chosen: readonly number[] | Uint32Array, powerPermille: number): Float64Array {
  const { population } = cities()
  const cumulative = new Float64Array(chosen.length)
  let total = 0
  for (let i = 0; i < chosen.length; i++) {
    const inhabitants = population[chosen[i]]
    total += powerPermille === 1000 ? inhabitants : Math.max(1, Math.round(pow(inhabitants, powerPermille / 1000)))
    cumulative[i] = total
  }
  return cumulative
}

/** The first position whose running total exceeds `ticket`; `ticket` must be below the last total. */
export function pick(cumulative: Float64Array, ticket: number): number {
  let low = 0
  let high = cumulative.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (cumulative[middle] <= ticket) low = middle + 1
    else high = middle
  }
  return low
}
