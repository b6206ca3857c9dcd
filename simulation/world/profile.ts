/** What a network's nodes look like as a population: the shape of a profile and what makes one valid. */
import type { MetroRule } from "./metros.ts"

/** A value, where it comes from and why it is this one. `source` is "assumption" when nothing published supports it. */
export interface Claimed<T> {
  readonly value: T
  readonly source: string
  readonly because: string
}

/** Permille by name; a profile's shares sum to 1000. */
export type Shares = Readonly<Record<string, number>>

/** How nodes that are not in a cloud find their place. */
export type Settlement =
  | {
      readonly kind: "communities"
      /** Mean number of nodes in a community: a patch of one city. */
      readonly nodesPerCommunity: number
      /** How many communities fill at the same time; it bounds how far apart in node order two neighbours are. */
      readonly openCommunities: number
      /** A city's weight is its inhabitants to this power (permille): 1000 follows population, less spreads to small towns. */
      readonly populationPowerPermille: number
      /** Standard deviation of a node's distance from its community's centre, per axis; drawn between the two. */
      readonly spreadMetresMin: number
      readonly spreadMetresMax: number
      /** Nodes that join no community and live this far around a city. */
      readonly lonelyPermille: number
      readonly lonelySpreadMetres: number
    }
  | {
      readonly kind: "metros"
      readonly rule: MetroRule
      /** As above, for nodes beyond the first in each metro. */
      readonly populationPowerPermille: number
      readonly asnName: string
      readonly spreadMetres: number
    }
  | {
      readonly kind: "halls"
      /** Hosting companies by size, parts per million of all nodes; each has one hall. See halls.ts. */
      readonly hostPpm: readonly number[]
      /** A host's system has this number plus its rank: private-use numbers, where nobody said which systems they are. */
      readonly asnBase: number
      /** As above, for the cities that halls stand in. */
      readonly populationPowerPermille: number
      readonly spreadMetres: number
    }

/** Who owns nodes. A fleet is filled in node order within its group. */
export type Ownership =
  | { readonly kind: "one"; readonly name: string }
  | { readonly kind: "fleets"; readonly classes: readonly FleetClass[] }
  /** "operator 1" is the largest; parts per million of all nodes. Only for nodes that stand in halls. */
  | { readonly kind: "ranked"; readonly ppm: readonly number[] }

export interface FleetClass {
  readonly nodes: number
  /** Share of all nodes that belong to fleets of this size. */
  readonly permille: number
  /** Whether one fleet stays in one community, one country, or goes anywhere. */
  readonly within: "community" | "country" | "world"
}

/** How long nodes stay up without the grid: a share that has any backup, and equally likely durations for that share. */
export interface Backup {
  readonly permille: number
  readonly quantileMinutes: readonly number[]
}

export interface NodeProfile {
  readonly name: string
  readonly because: string
  /** Share of nodes in a rented cloud. */
  readonly cloudPermille: Claimed<number>
  /** Over cloud providers, for the share in a cloud. */
  readonly providers: Claimed<Shares>
  /** Over countries, for nodes that settle in communities or halls. */
  readonly countries: Claimed<Shares>
  readonly settlement: Claimed<Settlement>
  readonly operators: Claimed<Ownership>
  /** Over client versions, by operator: an operator upgrades all its nodes together. */
  readonly clients: Claimed<Shares>
  /** Over makes of machine, node by node: what one bad batch, one flaw or one recall would take. */
  readonly hardware: Claimed<Shares>
  readonly homeBackup: Claimed<Backup>
  readonly datacentreBackup: Claimed<Backup>
}

function checkPermille(what: string, value: number): void {
  if (!Number.isInteger(value) || value < 0 || value > 1000)
    throw new RangeError(`${what} is ${value}: it must be a whole number from 0 to 1000 permille`)
}

/** The running total of a set of shares, in the order they are written; throws RangeError unless it ends at 1000. */
export function cumulate(what: string, shares: Shares): { names: readonly string[]; cumulative: Float64Array } {
  const names = Object.keys(shares)
  const cumulative = new Float64Array(names.length)
  let total = 0
  names.forEach((name, i) => {
    checkPermille(`${what} "${name}"`, shares[name])
    cumulative[i] = total += shares[name]
  })
  if (total !== 1000) throw new RangeError(`${what} sum to ${total} permille, not to 1000`)
  return { names, cumulative }
}

/** Throws RangeError unless parts per million fall, are positive and sum to a million. */
function checkPpm(what: string, ppm: readonly number[]): void {
  const wrong = ppm.findIndex((p, i) => !Number.isInteger(p) || p < 1 || (i > 0 && p > ppm[i - 1]))
  if (wrong >= 0)
    throw new RangeError(`${what}: number ${wrong + 1} is ${ppm[wrong]}: shares fall and are whole parts per million`)
  const total = ppm.reduce((sum, p) => sum + p, 0)
  if (total !== 1_000_000) throw new RangeError(`${what} sum to ${total} parts per million, not to 1000000`)
}

/** Throws RangeError with the offending value if a profile cannot be sampled. */
export function checkProfile(profile: NodeProfile): void {
  const where = `profile "${profile.name}":`
  checkPermille(`${where} cloudPermille`, profile.cloudPermille.value)
  if (profile.cloudPermille.value > 0) cumulate(`${where} providers`, profile.providers.value)
  const settlement = profile.settlement.value
  if (settlement.kind !== "metros") cumulate(`${where} countries`, profile.countries.value)
  cumulate(`${where} clients`, profile.clients.value)
  cumulate(`${where} hardware`, profile.hardware.value)
  const owners = profile.operators.value
  if ((settlement.kind === "halls") !== (owners.kind === "ranked"))
    throw new RangeError(`${where} ranked operators stand in halls, and only they do`)
  if (settlement.kind === "halls") {
    checkPpm(`${where} hosts`, settlement.hostPpm)
    if (profile.cloudPermille.value > 0)
      throw new RangeError(`${where} who stands in halls rents no cloud: cloudPermille must be 0`)
  }
  if (owners.kind === "ranked") checkPpm(`${where} operators`, owners.ppm)
  if (owners.kind === "fleets")
    cumulate(`${where} fleets`, Object.fromEntries(owners.classes.map((fleet) => [`of ${fleet.nodes}`, fleet.permille])))
  for (const backup of [profile.homeBackup, profile.datacentreBackup]) {
    checkPermille(`${where} backup`, backup.value.permille)
    if (backup.value.quantileMinutes.some((minutes) => !Number.isInteger(minutes) || minutes < 0 || minutes > 65_535))
      throw new RangeError(`${where} backup minutes must be whole numbers from 0 to 65535`)
  }
}
