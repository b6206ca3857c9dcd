/**
 * Nodes that stand in the halls of hosting companies: which operator has how much in which hall.
 *
 * Only the sums are published: so much per operator, per host, per country. Hosts are given to countries largest first, each to
 * the country with most room; then operators, in an order drawn by the seed, are laid end to end along the halls, grouped by
 * country. Where an operator's stretch overlaps a hall's, it has a site. All three sums are met, an operator's sites are
 * neighbours, mostly in one country, and there are fewer sites than operators and hosts together.
 */
import { below, stream } from "../../protocol/kernel/random.ts"
import { pick } from "./cities.ts"
import type { NodeProfile, Ownership, Settlement } from "./profile.ts"
import { cumulate } from "./profile.ts"

export type Halls = Extract<Settlement, { kind: "halls" }>
export type Ranked = Extract<Ownership, { kind: "ranked" }>

/** One hosting company's only hall. */
export interface Hall {
  /** From 1, by size. */
  readonly host: number
  readonly country: string
  /** Parts per million of all nodes. */
  readonly ppm: number
}

/** What an operator has in a hall. */
export interface HallSite {
  readonly hall: number
  /** From 1, by size. */
  readonly operator: number
}

const MILLION = 1_000_000

export const hostName = (host: number): string => `host ${host}`
export const hallName = (host: number): string => `hall ${host}`
/** The private-use numbers of RFC 6996: who the hosts are is not published, so no real company is named. */
export const hallAsn = (rule: Halls, host: number): string => `AS${rule.asnBase + host} ${hostName(host)}`
export const rankedName = (operator: number): string => `operator ${operator}`

/** The halls, country by country; a country's halls sum to its share. The same for every seed. */
export function hallsOf(profile: NodeProfile, rule: Halls): readonly Hall[] {
  const { names, cumulative } = cumulate(`profile "${profile.name}": countries`, profile.countries.value)
  const share = names.map((_, c) => (cumulative[c] - (c === 0 ? 0 : cumulative[c - 1])) * 1000)
  const room = [...share]
  const of = rule.hostPpm.map((ppm) => {
    let best = 0
    for (let c = 1; c < room.length; c++) if (room[c] > room[best]) best = c
    room[best] -= ppm
    return best
  })
  return names.flatMap((country, c) => {
    const hosts = of.flatMap((at, i) => (at === c ? [i] : []))
    if (hosts.length === 0) throw new RangeError(`profile "${profile.name}": no host is left for ${country}`)
    // What the country has more or less than its hosts is spread over them in proportion.
    const sum = share[c] - room[c]
    const ppm = hosts.map((i) => Math.floor((rule.hostPpm[i] * share[c]) / sum))
    ppm[0] += share[c] - ppm.reduce((all, p) => all + p, 0)
    return hosts.map((i, k): Hall => ({ host: i + 1, country, ppm: ppm[k] }))
  })
}

/** The sites of a seed: node → site by a draw of its own, so that a larger sample begins with the smaller one. */
export function siteOfNode(halls: readonly Hall[], owners: Ranked, seed: number): (node: number) => HallSite {
  const order = owners.ppm.map((_, i) => i)
  const shuffle = stream(seed, "world.hall.order")
  for (let i = order.length - 1; i > 0; i--) {
    const j = below(shuffle, i + 1, i)
    const moved = order[i]
    order[i] = order[j]
    order[j] = moved
  }
  const sites: HallSite[] = []
  const ends: number[] = []
  for (let at = 0, hall = 0, rank = 0, hallEnd = halls[0].ppm, ownEnd = owners.ppm[order[0]]; at < MILLION;) {
    const end = Math.min(hallEnd, ownEnd)
    if (end > at) {
      sites.push({ hall, operator: order[rank] + 1 })
      ends.push(end)
    }
    at = end
    if (at === hallEnd && hall + 1 < halls.length) hallEnd += halls[++hall].ppm
    if (at === ownEnd && rank + 1 < order.length) ownEnd += owners.ppm[order[++rank]]
  }
  const cumulative = Float64Array.from(ends)
  const site = stream(seed, "world.hall.site")
  return (node) => sites[pick(cumulative, below(site, MILLION, node))]
}
