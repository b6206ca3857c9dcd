/** A place as failure domains see it: a city of the table, or a cloud region. */
import { cities, cityName } from "./cities.ts"
import type { Region } from "./clouds.ts"
import { continentOf } from "./continents.ts"
import { gridOf } from "./grids.ts"

export interface Site {
  readonly latE7: number
  readonly lngE7: number
  readonly country: string
  readonly continent: string
  /** "Madrid, ES-29" */
  readonly city: string
  readonly grid: string
  /** A cloud region's name; "home" for a city. */
  readonly region: string
  /** Index into the city table's zones. */
  readonly zone: number
  /** The zone's IANA name. */
  readonly timeZone: string
}

/** Cities already looked at: most samples touch a few hundred of them, most of them often. */
const known = new Map<number, Site>()

/** The site of a row of the city table. */
export function siteOfCity(city: number): Site {
  const before = known.get(city)
  if (before !== undefined) return before
  const all = cities()
  const country = all.country[city]
  const site: Site = {
    latE7: all.latE7[city],
    lngE7: all.lngE7[city],
    country,
    continent: continentOf(country),
    city: cityName(city),
    grid: gridOf(country, all.admin[city]),
    region: "home",
    zone: all.zone[city],
    timeZone: all.zones.names[all.zone[city]],
  }
  known.set(city, site)
  return site
}

/** The site of a cloud region; throws RangeError if its zone is not in the zone table. */
export function siteOfRegion(region: Region): Site {
  const zone = cities().zones.indexOf.get(region.zone)
  if (zone === undefined) throw new RangeError(`region "${region.name}" names an unknown zone "${region.zone}"`)
  return {
    latE7: region.latE7,
    lngE7: region.lngE7,
    country: region.country,
    continent: continentOf(region.country),
    city: region.city,
    grid: gridOf(region.country, region.admin),
    region: region.name,
    zone,
    timeZone: region.zone,
  }
}
