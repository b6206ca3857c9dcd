/**
 * Who exists where: a population of nodes with their places and typed failure domains, from a profile and a seed.
 *
 * Each attribute draws from its own named stream, counted by what it belongs to (node, community or operator), so changing
 * one attribute's shares leaves every other column as it was. Node i depends on nodes before it only through the filling of
 * fleets, never on how many follow: the first n rows of a larger sample are the sample of n. Time and memory are linear.
 * Not modelled: coasts and borders (a node may be scattered over one), and local ISPs (every system serves its whole country).
 */
import type { Stream } from "../../protocol/kernel/random.ts"
import { below, block, draw, multiplyHigh, stream } from "../../protocol/kernel/random.ts"
import type { Calendar } from "./cities.ts"
import { cities, cumulateCities, pick } from "./cities.ts"
import { cloudProviders } from "./clouds.ts"
import { bellMetres, eastOf, northOf } from "./earth.ts"
import { hallAsn, hallName, hallsOf, hostName, rankedName, siteOfNode, type Halls, type Ranked } from "./halls.ts"
import { accessNetworks } from "./isps.ts"
import { metros } from "./metros.ts"
import type { DomainType, Domain, Placement } from "./placement.ts"
import { DomainColumn } from "./placement.ts"
import { checkProfile, cumulate } from "./profile.ts"
import type { Backup, NodeProfile, Ownership, Settlement } from "./profile.ts"
import type { Site } from "./site.ts"
import { siteOfCity, siteOfRegion } from "./site.ts"

export interface SampleOptions {
  /** The day whose UTC offsets hold; default the Cloudflare outage's. */
  readonly calendar?: Calendar
}

/** 2^32 over the golden ratio: its multiples spread evenly over the circle, however many are taken. */
const GOLDEN = 0x9e3779b1

type Communities = Extract<Settlement, { kind: "communities" }>
type Metros = Extract<Settlement, { kind: "metros" }>

interface Spot {
  readonly site: Site
  readonly latE7: number
  readonly lngE7: number
  readonly spreadMetres: number
  /** What a community-bound fleet is bound to. */
  readonly group: string
}

interface Housed {
  readonly spot: Spot
  readonly asn: string
  readonly host: number
  readonly owner: string
}

/** Finds the spot of node i when it lives in a community, or alone. */
function settleInCommunities(profile: NodeProfile, rule: Communities, seed: number): (node: number) => Spot {
  const all = cities()
  const { names, cumulative } = cumulate(`profile "${profile.name}": countries`, profile.countries.value)
  const countryStream = stream(seed, "world.community.country")
  const lonelyCountryStream = stream(seed, "world.lonely.country")
  const cityStream = stream(seed, "world.community.city")
  const lonelyCityStream = stream(seed, "world.lonely.city")
  const centreStream = stream(seed, "world.community.centre")
  const spreadStream = stream(seed, "world.community.spread")
  const memberStream = stream(seed, "world.community.member")
  const lonelyStream = stream(seed, "world.lonely")
  const words = new Uint32Array(4)
  const founded: Spot[] = []

  const weighted = new Map(
    names.map((country) => {
      const range = all.byCountry.get(country)
      if (range === undefined) throw new RangeError(`profile "${profile.name}": no city is known in country "${country}"`)
      const rows = Array.from({ length: range.end - range.begin }, (_, i) => range.begin + i)
      return [country, { begin: range.begin, totals: cumulateCities(rows, rule.populationPowerPermille) }]
    }),
  )
  const cityIn = (country: string, s: Stream, counter: number): number => {
    const { begin, totals } = weighted.get(country)!
    return begin + pick(totals, below(s, totals[totals.length - 1], counter))
  }

  const found = (community: number): Spot => {
    // Evenly spread rather than independent, so that a few hundred communities already meet the countries' shares.
    const turn = (draw(countryStream, 0) + Math.imul(community, GOLDEN)) >>> 0
    const city = cityIn(names[pick(cumulative, multiplyHigh(turn, 1000) >>> 0)], cityStream, community)
    // A community of a big city lies anywhere in it: about 5 km from the middle at a million inhabitants, 16 km at ten million.
    const cityMetres = Math.round(Math.sqrt(all.population[city]) * 5)
    block(centreStream, words, community)
    const latE7 = northOf(all.latE7[city], bellMetres(words[0], words[1], cityMetres))
    return {
      site: siteOfCity(city),
      latE7,
      lngE7: eastOf(all.lngE7[city], latE7, bellMetres(words[2], words[3], cityMetres)),
      spreadMetres: rule.spreadMetresMin + below(spreadStream, rule.spreadMetresMax - rule.spreadMetresMin + 1, community),
      group: `community ${community}`,
    }
  }

  return (node) => {
    if (below(lonelyStream, 1000, node) < rule.lonelyPermille) {
      const country = names[pick(cumulative, below(lonelyCountryStream, 1000, node))]
      const city = cityIn(country, lonelyCityStream, node)
      const latE7 = all.latE7[city]
      const lngE7 = all.lngE7[city]
      return { site: siteOfCity(city), latE7, lngE7, spreadMetres: rule.lonelySpreadMetres, group: `lonely ${country}` }
    }
    // One community opens every nodesPerCommunity nodes; a node joins one of the latest few, so neighbours are near in order too.
    const open = Math.floor(node / rule.nodesPerCommunity) + 1
    const first = Math.max(0, open - rule.openCommunities)
    const community = first + below(memberStream, open - first, node)
    while (founded.length <= community) founded.push(found(founded.length))
    return founded[community]
  }
}

/** Node i of a content network: one for each metro in turn of importance, then by the metros' inhabitants. */
function settleInMetros(rule: Metros, seed: number): (node: number) => Spot {
  const all = cities()
  const chosen = metros(rule.rule)
  const cumulative = cumulateCities(chosen, rule.populationPowerPermille)
  const total = cumulative[cumulative.length - 1]
  const spots = Array.from(chosen, (city): Spot => {
    const latE7 = all.latE7[city]
    const lngE7 = all.lngE7[city]
    return { site: siteOfCity(city), latE7, lngE7, spreadMetres: rule.spreadMetres, group: `metro ${city}` }
  })
  const metroStream = stream(seed, "world.metro")
  return (node) => spots[node < spots.length ? node : pick(cumulative, below(metroStream, total, node))]
}

/** Node i of a population in halls, with its host and its owner: see halls.ts. A hall stands in a city of its country. */
function settleInHalls(profile: NodeProfile, rule: Halls, owners: Ranked, seed: number): (node: number) => Housed {
  const { byCountry } = cities()
  const cityStream = stream(seed, "world.hall.city")
  const spots = hallsOf(profile, rule).map((hall) => {
    const range = byCountry.get(hall.country)
    if (range === undefined) throw new RangeError(`profile "${profile.name}": no city is known in country "${hall.country}"`)
    const rows = Array.from({ length: range.end - range.begin }, (_, i) => range.begin + i)
    const totals = cumulateCities(rows, rule.populationPowerPermille)
    const site = siteOfCity(rows[pick(totals, below(cityStream, totals[totals.length - 1], hall.host))])
    const spot: Spot = { site, latE7: site.latE7, lngE7: site.lngE7, spreadMetres: rule.spreadMetres, group: hallName(hall.host) }
    return { hall, spot, asn: hallAsn(rule, hall.host) }
  })
  const siteOf = siteOfNode(
    spots.map((s) => s.hall),
    owners,
    seed,
  )
  return (node) => {
    const { hall, operator } = siteOf(node)
    const { spot, asn, hall: at } = spots[hall]
    return { spot, asn, host: at.host, owner: rankedName(operator) }
  }
}

/** Finds the owner of node i, called in node order: fleets fill up one after the other within their group. */
function own(owners: Ownership, seed: number): (node: number, spot: Spot) => string {
  if (owners.kind === "one") return () => owners.name
  if (owners.kind === "ranked") throw new RangeError("ranked operators come with their halls")
  const fleetStream = stream(seed, "world.operator")
  const { classes } = owners
  const cumulative = new Float64Array(classes.length)
  let total = 0
  classes.forEach((fleet, i) => (cumulative[i] = total += fleet.permille))
  const open = new Map<string, { name: string; left: number }>()
  let founded = 0
  return (node, spot) => {
    const i = pick(cumulative, below(fleetStream, 1000, node))
    const size = classes[i].nodes
    if (size === 1) return `operator ${founded++}`
    const group = { community: spot.group, country: spot.site.country, world: "world" }[classes[i].within]
    const key = `${i} ${group}`
    let fleet = open.get(key)
    if (fleet === undefined || fleet.left === 0) open.set(key, (fleet = { name: `operator ${founded++}`, left: size }))
    fleet.left--
    return fleet.name
  }
}

function backupMinutes(backup: Backup, s: Stream, node: number): number {
  if (below(s, 1000, node, 0) >= backup.permille) return 0
  return backup.quantileMinutes[below(s, backup.quantileMinutes.length, node, 1)]
}

/**
 * Places `nodes` nodes (a whole number from 1 to 2^31) of a profile. The same profile, seed, count and calendar give equal
 * columns on every engine. Throws RangeError for a profile whose shares do not sum to 1000 permille or name unknown places.
 */
export function sampleNodes(profile: NodeProfile, seed: number, nodes: number, options: SampleOptions = {}): Placement {
  checkProfile(profile)
  if (!Number.isInteger(nodes) || nodes < 1) throw new RangeError(`nodes is ${nodes}: it must be a whole number from 1`)
  const offsets = cities().zones.offsetMinutes[options.calendar ?? "2025-11-18"]
  const settlement = profile.settlement.value
  const cloudPermille = profile.cloudPermille.value
  const owners = profile.operators.value
  const settle =
    settlement.kind === "communities"
      ? settleInCommunities(profile, settlement, seed)
      : settlement.kind === "metros"
        ? settleInMetros(settlement, seed)
        : undefined
  const housed =
    settlement.kind === "halls" && owners.kind === "ranked" ? settleInHalls(profile, settlement, owners, seed) : undefined
  const ownerOf = housed === undefined ? own(owners, seed) : undefined
  const hosts = cloudPermille > 0 ? cumulate("providers", profile.providers.value) : { names: [], cumulative: new Float64Array() }
  const hosted = hosts.names.map((name) => {
    const host = cloudProviders.get(name)
    if (host === undefined) throw new RangeError(`profile "${profile.name}": no cloud provider "${name}" is known`)
    return { ...host, sites: host.regions.map(siteOfRegion) }
  })
  const clients = cumulate("clients", profile.clients.value)
  const hardware = cumulate("hardware", profile.hardware.value)

  const cloudStream = stream(seed, "world.cloud")
  const providerStream = stream(seed, "world.provider")
  const regionStream = stream(seed, "world.region")
  const scatterStream = stream(seed, "world.scatter")
  const asnStream = stream(seed, "world.asn")
  const clientStream = stream(seed, "world.client")
  const hardwareStream = stream(seed, "world.hardware")
  const backupStream = stream(seed, "world.backup")
  const words = new Uint32Array(4)

  const latE7 = new Int32Array(nodes)
  const lngE7 = new Int32Array(nodes)
  const utcOffsetMinutes = new Int16Array(nodes)
  const backups = new Uint16Array(nodes)
  const column = (): DomainColumn => new DomainColumn(nodes)
  const columns: Record<DomainType, DomainColumn> = {
    country: column(),
    continent: column(),
    timeZone: column(),
    city: column(),
    asn: column(),
    provider: column(),
    region: column(),
    grid: column(),
    client: column(),
    hardware: column(),
    operator: column(),
  }

  for (let node = 0; node < nodes; node++) {
    const isCloud = below(cloudStream, 1000, node) < cloudPermille
    let spot: Spot
    let asn: string
    let provider = "home"
    let region = "home"
    let owner: string | undefined
    // What shares a generator runs out together: a hall; elsewhere each node has its own.
    let supply = node
    if (housed !== undefined) {
      const at = housed(node)
      spot = at.spot
      asn = at.asn
      owner = at.owner
      provider = hostName(at.host)
      region = hallName(at.host)
      supply = at.host
    } else if (isCloud) {
      const host = hosted[pick(hosts.cumulative, below(providerStream, 1000, node))]
      const site = host.sites[below(regionStream, host.sites.length, node)]
      // The buildings of a region lie some kilometres apart.
      spot = { site, latE7: site.latE7, lngE7: site.lngE7, spreadMetres: 5000, group: site.region }
      asn = host.asnName
      provider = host.name
      region = site.region
    } else {
      spot = settle!(node)
      if (settlement.kind === "metros") {
        asn = settlement.asnName
        provider = "own machines"
        region = spot.site.city
      } else {
        const networks = accessNetworks(spot.site.country)
        const weight = networks.cumulative[networks.cumulative.length - 1]
        asn = networks.name[pick(networks.cumulative, below(asnStream, weight, node))]
      }
    }
    const { site } = spot
    block(scatterStream, words, node)
    latE7[node] = northOf(spot.latE7, bellMetres(words[0], words[1], spot.spreadMetres))
    lngE7[node] = eastOf(spot.lngE7, latE7[node], bellMetres(words[2], words[3], spot.spreadMetres))
    utcOffsetMinutes[node] = offsets[site.zone]
    const isHome = provider === "home"
    backups[node] = backupMinutes(isHome ? profile.homeBackup.value : profile.datacentreBackup.value, backupStream, supply)
    columns.country.put(node, site.country)
    columns.continent.put(node, site.continent)
    columns.timeZone.put(node, site.timeZone)
    columns.city.put(node, site.city)
    columns.grid.put(node, site.grid)
    columns.asn.put(node, asn)
    columns.provider.put(node, provider)
    columns.region.put(node, region)
    const operator = columns.operator.put(node, owner ?? ownerOf!(node, spot))
    columns.client.put(node, clients.names[pick(clients.cumulative, below(clientStream, 1000, operator))])
    // Half of the operators buy one make for all their nodes, the others what is to be had.
    const turn = below(hardwareStream, 2, operator, 2)
    columns.hardware.put(
      node,
      hardware.names[pick(hardware.cumulative, below(hardwareStream, 1000, turn === 0 ? operator : node, turn))],
    )
  }
  const domains = Object.fromEntries(
    Object.entries(columns).map(([type, { of, names }]): [string, Domain] => [type, { of, names }]),
  ) as Record<DomainType, Domain>
  return { nodes, latE7, lngE7, utcOffsetMinutes, backupMinutes: backups, domains }
}
