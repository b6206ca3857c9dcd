/**
 * Which internet provider a home in a country is likely to use: the systems of asn-by-country.csv less what is not a home.
 *
 * Addresses are not users and registration is not location (data/README.md), so weights are proportions, nothing more.
 */
import { asnByCountryCsv } from "./data/asn-by-country.generated.ts"

export interface AccessNetworks {
  readonly asn: readonly number[]
  readonly name: readonly string[]
  /** Running total of the weights (parts per million of the country's addresses). */
  readonly cumulative: Float64Array
}

const numbers = (text: string): readonly number[] => text.split(" ").map(Number)

/** Clouds: facts/topology.md §3. Their nodes are drawn separately, by provider and region. */
export const CLOUD_ASNS: ReadonlySet<number> = new Set(
  numbers(
    "16509 14618 15169 396982 8075 24940 16276 14061 63949 20473 51167 45102 132203 31898 54825 396356 20326 60068 36352 197540 212238 29802 37963",
  ),
)

/** Government, vehicle and content networks: facts/topology.md §3, then our own judgement of the table's larger names. */
export const NOT_HOME_ASNS: ReadonlySet<number> = new Set([
  ...numbers("749 721 521 714 31399 13335 54113 20940 32934"),
  // research and education
  ...numbers(
    "786 680 1103 1101 1128 137 2200 1942 1715 1945 777 376 271 766 1930 5516 12816 1213 1916 2715 2018 7575 23859 24436 8308 1887 1237 7497 55824 3233 513 17717 611",
  ),
  // government and public bodies
  ...numbers("42952 3633 3766 2665 393952 42894 48037 37937 141468 132321 31313 199155 34511 37130 7633 17907"),
  // transit, business lines and backbones that sell to networks rather than homes
  ...numbers("3356 3549 174 2914 3257 702 703 8220 2686 6453 2828 13237 15830 39686 20485 37100 51964"),
  // companies' own networks
  ...numbers(
    "11003 209502 16236 9159 8217 12291 6878 15854 202893 60142 39647 6619 18071 2510 135348 135315 17766 196 8011 38816 24429 135354 29063 5540 18676 21079 6784 38495 45172 45946",
  ),
  // hosting that is not on the cloud list
  ...numbers(
    "35106 8070 16625 8560 12876 29447 47583 9009 60781 7979 8315 39855 16371 31034 12824 15967 49505 50340 200350 9123 45090 137718 23724 58593 150436 136907 134963 139341 21859 32613 55286 13768 25820 15395 61157 44558 42926 51559 34619 27715 7162 45671 61313 57043 136787 53667 57344 715",
  ),
])

/** Names that say what the system is: a second net under the lists, for countries whose rows nobody has read. */
const NOT_HOME_NAME =
  /universi|research|academ|educa|school|institut|polytechnic|ministr|governm|\bgov\b|egov|defen[cs]e|\barmy\b|\bbanks?\b|banco|hosting|\bhost(ing|royale|key|inger|opia)|cloud|data ?cent(er|re)|\bservers?\b|cnservers|akamai|amazon|microsoft|google|alibaba|tencent|oracle|\bIBM\b|datacamp|leaseweb|telehouse/i

/** Fields of one RFC 4180 line; the table has no quotation marks inside fields. */
function fields(line: string): readonly string[] {
  const quote = line.indexOf('"')
  if (quote < 0) return line.split(",")
  return [...line.slice(0, quote - 1).split(","), line.slice(quote + 1, -1)]
}

export function isHomeNetwork(asn: number, name: string): boolean {
  return !CLOUD_ASNS.has(asn) && !NOT_HOME_ASNS.has(asn) && !NOT_HOME_NAME.test(name)
}

function readTable(): ReadonlyMap<string, AccessNetworks> {
  const byCountry = new Map<string, { asn: number[]; name: string[]; total: number[] }>()
  const lines = asnByCountryCsv.split("\n")
  for (let i = 1; i < lines.length; i++) {
    const [country, asnText, weightText, name] = fields(lines[i])
    const asn = Number(asnText)
    if (!isHomeNetwork(asn, name)) continue
    let entry = byCountry.get(country)
    if (entry === undefined) byCountry.set(country, (entry = { asn: [], name: [], total: [] }))
    const before = entry.total.length === 0 ? 0 : entry.total[entry.total.length - 1]
    entry.asn.push(asn)
    entry.name.push(`AS${asn} ${name}`)
    entry.total.push(before + Number(weightText))
  }
  return new Map(
    [...byCountry].map(([country, { asn, name, total }]) => [country, { asn, name, cumulative: Float64Array.from(total) }]),
  )
}

let table: ReadonlyMap<string, AccessNetworks> | undefined

/**
 * The access networks of a country, largest first. A country outside the table (it holds 60) has one nameless network, with
 * AS number 0, so that its nodes still fail together: "AS0 access networks of LU".
 */
export function accessNetworks(country: string): AccessNetworks {
  table ??= readTable()
  return table.get(country) ?? { asn: [0], name: [`AS0 access networks of ${country}`], cumulative: Float64Array.of(1) }
}
