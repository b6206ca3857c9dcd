/**
 * Which synchronous power grid feeds a place: the correlated failure domain of a blackout.
 *
 * Authored by hand; UNVERIFIED general knowledge except Iberia (facts/topology.md §4). A grid here is a synchronous area,
 * not a company or a market: a country split by direct-current links is split here too, where its cities can tell us.
 * Divisions are GeoNames first-order codes.
 */

/** Countries that lie in one grid as a whole, or whose rest does after the exceptions below. */
const WHOLE: Readonly<Record<string, string>> = {
  iberia: "ES PT",
  ce: "AD AL AT BA BE BG CH CZ DE DK EE FR GR HR HU IT LI LT LU LV MC MD ME MK NL PL RO RS SI SK SM UA VA XK",
  nordic: "AX FI NO SE",
  gb: "GB",
  ie: "IE",
  "ips-ups": "AZ BY GE KG KZ MN RU TJ UZ",
  "us-east": "US CA",
  siepac: "CR GT HN NI PA SV",
  mx: "MX",
  "br-sin": "BR",
  sadi: "AR UY",
  jp60: "JP",
  cn: "CN HK MO",
  in: "BT IN NP",
  kr: "KR",
  tw: "TW",
  "my-sg": "MY SG",
  tr: "TR",
  gcc: "AE BH KW OM QA",
  maghreb: "DZ MA TN",
  "za-sapp": "BW LS MZ NA SZ ZA ZM ZW",
  "au-nem": "AU",
}

/** Parts of a country that hang on another grid: "grid" → "country: divisions". An own island system is "other:CC-division". */
const PARTS: readonly (readonly [grid: string, country: string, divisions: string])[] = [
  // The Balearics hang on a direct-current cable, the Canaries, Ceuta and Melilla on their own plants; so do Madeira and the Azores.
  ["other:ES-07", "ES", "07"],
  ["other:ES-53", "ES", "53"],
  ["other:ES-CE", "ES", "CE"],
  ["other:ES-ML", "ES", "ML"],
  ["other:PT-10", "PT", "10"],
  ["other:PT-23", "PT", "23"],
  ["other:FR-94", "FR", "94"],
  ["other:IT-14", "IT", "14"],
  ["ie", "GB", "NIR"],
  // Denmark east of the Great Belt.
  ["nordic", "DK", "17 20"],
  ["ercot", "US", "TX"],
  ["us-west", "US", "AZ CA CO ID MT NM NV OR UT WA WY"],
  ["other:US-AK", "US", "AK"],
  ["other:US-HI", "US", "HI"],
  ["us-west", "CA", "01 02"],
  ["quebec", "CA", "10"],
  ["other:CA-12", "CA", "12"],
  ["other:CA-13", "CA", "13"],
  ["other:CA-14", "CA", "14"],
  ["us-west", "MX", "02"],
  ["other:MX-03", "MX", "03"],
  ["jp50", "JP", "02 03 04 08 10 14 16 19 24 29 34 38 40 44 46"],
  ["jp-hokkaido", "JP", "12"],
  ["other:JP-47", "JP", "47"],
  ["other:RU-23", "RU", "23"],
  ["ru-east", "RU", "05 30 59 63 64 89 92"],
  ["au-swis", "AU", "08"],
  ["other:AU-03", "AU", "03"],
  ["other:AU-06", "AU", "06"],
  ["other:MY-11", "MY", "11"],
  ["other:MY-15", "MY", "15"],
  ["other:MY-16", "MY", "16"],
]

const gridByCountry = new Map(
  Object.entries(WHOLE).flatMap(([grid, members]) => members.split(" ").map((country) => [country, grid] as const)),
)
const gridByPart = new Map(
  PARTS.flatMap(([grid, country, divisions]) =>
    divisions.split(" ").map((division) => [`${country}-${division}`, grid] as const),
  ),
)

/**
 * The grid id of a place, "other:CC" for a country not listed. `admin` is the GeoNames first-order division.
 * Known roughness: El Paso hangs on us-west but counts as ercot, because a state is all the table knows.
 */
export function gridOf(country: string, admin: string): string {
  return gridByPart.get(`${country}-${admin}`) ?? gridByCountry.get(country) ?? `other:${country}`
}
