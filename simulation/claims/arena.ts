/** Where claims are tested: each network at a stated size, its default rules, and steps long enough for its service to be measured in each. */
import type { Action, Moment, Scenario } from "../../protocol/boundary/scenario.ts"
import { networkOf } from "../../protocol/networks/index.ts"
import type { DomainType, Placement } from "../world/placement.ts"
import { profileOf } from "../world/profiles.ts"
import { sampleNodes } from "../world/sampler.ts"

export interface Arena {
  readonly id: string
  readonly network: string
  readonly nodes: number
  readonly stepHours: number
  readonly change: Readonly<Record<string, number>>
  readonly because: string
  /** The centralised comparator. */
  readonly isReference: boolean
}

const arena = (id: string, nodes: number, stepHours: number, because: string, more: Partial<Arena> = {}): Arena => ({
  id,
  network: id,
  nodes,
  stepHours,
  change: {},
  because,
  isReference: false,
  ...more,
})

export const ARENAS: readonly Arena[] = [
  arena("helium", 500, 1, "about 20 communities of hotspots: enough for domains to differ, small enough for 30 seeds"),
  arena("filecoin", 267, 1, "as many providers as operators were counted on 2026-06-18 (filcensus.reiers.io)"),
  arena(
    "render",
    300,
    6,
    "artists give three hours and a step is six, so that a step shows its own fault; demand as the network's own default, which leaves most machines idle",
    {
      change: { deadlineHours: 3 },
    },
  ),
  arena("render-busy", 300, 6, "the same with 60 % of capacity in use, as in scenarios/outages/render-us-blackout-12h", {
    network: "render",
    change: { framesPerNodeDay: 100, deadlineHours: 3 },
  }),
  arena("akash", 60, 1, "58 active providers in the first quarter of 2026 (Messari, as quoted)"),
  arena("cdn", 330, 1, "about 330 cities, one operator: the centralised comparator", { isReference: true }),
]

/** Steps before anything is done: where frames come due hours after they are asked for, the first steps are not yet like the others. */
export const WARM = 3

/** Failure domains a claim goes through; a network that stands in one alone (no clouds, one operator) is told so by its figures. */
export const DOMAINS: readonly DomainType[] = ["country", "asn", "provider", "grid", "operator", "client"]
export const DOMAIN_WORDS: Readonly<Record<string, string>> = {
  random: "random nodes",
  country: "country",
  asn: "autonomous system",
  provider: "cloud or host",
  grid: "power grid",
  operator: "operator",
  client: "client version",
}

export const BEGINS = "2026-03-02T00:00:00Z"
const BEGIN_S = Date.parse(BEGINS) / 1000

const CALENDAR = "2025-11-18"

/** Where the nodes of an arena stand at a seed: the places its runs stand in. */
export const placesOf = (a: Arena, seed: number): Placement =>
  sampleNodes(profileOf(networkOf(a.network)!.inhabit.profile), seed, a.nodes, { calendar: CALENDAR })

/** Domain types in which an arena's nodes can fail together. Homes are in no cloud: "home" is not a provider. */
export const domainsOf = (a: Arena): readonly DomainType[] => {
  const { names } = placesOf(a, 1).domains.provider
  return DOMAINS.filter((d) => d !== "provider" || names.length > 1 || names[0] !== HOME)
}
const HOME = "home"

export const sized = (a: Arena, nodes: number | undefined): Arena => (nodes === undefined || a.isReference ? a : { ...a, nodes })

/** A moment at the beginning of a step, counted from 0. */
export const atStep = (a: Arena, step: number, label: string, todo: Action): Moment => ({
  at: step === 0 ? BEGINS : { hours: step * a.stepHours },
  label,
  do: todo,
})

export interface Play {
  readonly arena: Arena
  readonly seed: number
  readonly steps: number
  readonly timeline: readonly Moment[]
  readonly more?: Partial<Scenario>
}

/** A scenario of so many steps, each one epoch. */
export const scenarioOf = ({ arena: a, seed, steps, timeline, more = {} }: Play): Scenario => ({
  question: "-",
  begins: BEGINS,
  lasts: { hours: steps * a.stepHours },
  seed,
  epoch: { hours: a.stepHours },
  timeline,
  ...more,
  networks: { [a.network]: { nodes: a.nodes, change: a.change }, ...more.networks },
})

/** As scenarios write an instant. */
export const instantAt = (a: Arena, step: number): string =>
  new Date((BEGIN_S + step * a.stepHours * 3600) * 1000).toISOString().replace(".000Z", "Z")
