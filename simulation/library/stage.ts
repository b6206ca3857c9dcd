/** Which networks a record is played on, how many nodes each has, and which of them is the one it happened to. */
import type { AnyNetwork } from "../../protocol/kernel/network.ts"
import { networks } from "../../protocol/networks/index.ts"
import { parseInstant, sayInstant } from "../../protocol/boundary/instant.ts"
import { facilityOf } from "../faults/part.ts"
import { profileOf } from "../world/profiles.ts"
import { causeOf, isOfLedger, namedNetwork, type Cause } from "./cause.ts"
import { placeOf } from "./place.ts"
import type { Incident } from "./record.ts"
import { NODES, YEAR_S } from "./settings.ts"

export interface Stage {
  readonly cause: Cause
  readonly victim: AnyNetwork
  /** The victim first. */
  readonly networks: readonly AnyNetwork[]
  readonly assumptions: readonly string[]
}

const all = Object.values(networks) as unknown as readonly AnyNetwork[]
/** One operator, no ledger: the centralised comparator. */
export const isComparator = (n: AnyNetwork): boolean => profileOf(n.inhabit.profile).operators.value.kind === "one"
const isPlaced = (n: AnyNetwork): boolean => profileOf(n.inhabit.profile).settlement.value.kind === "halls"
/** Networks whose life a record can be told by: the comparator, and those that say what their heartbeat is. */
const isTold = (n: AnyNetwork): boolean => isComparator(n) || n.pulse !== undefined
/** Machines of people, where people live: none of them rents a cloud. */
const isHome = (n: AnyNetwork): boolean => !isPlaced(n) && Object.keys(profileOf(n.inhabit.profile).providers.value).length === 0
const hasChain = (n: AnyNetwork): boolean =>
  n.pulse !== undefined && /ledger|chain|consensus/u.test(facilityOf("ledger", n.inhabit.facilities) ?? "")

export function stageOf(i: Incident): Stage {
  const open = all.filter((n) => !isComparator(n))
  const comparator = all.find(isComparator)!
  const named = namedNetwork(i, open)
  // A record that does not say so is of an open network when it names one that halted; one that says nothing, when it names one or a ledger.
  const isDecentralised =
    i.isDecentralised ||
    (named !== undefined && (i.isKindUnsaid || i.domains.some((d) => /consensus|halt/u.test(d.type)))) ||
    (i.isKindUnsaid && isOfLedger(i))
  const cause = causeOf(i, isDecentralised, all)
  const assumptions: string[] = []
  const standIn = named ?? open.find(hasChain) ?? open.find((n) => n.pulse !== undefined) ?? open[0]
  const standsIn = (who: AnyNetwork, why: string): AnyNetwork => {
    assumptions.push(`${who.name} stands in for ${i.name}: ${why}`)
    return who
  }
  switch (cause) {
    case "halt":
    case "oracle":
    case "operator":
    case "seizure":
    case "economy":
    case "version": {
      if (cause === "version" && !isDecentralised)
        return done(
          standsIn(comparator, "a fleet under one administration; what is measured is how many of its machines run"),
          [],
        )
      const victim =
        named ??
        standsIn(standIn, "it is not among the networks here, and what is asked is what the same failure does to one that is")
      return done(victim, [])
    }
    case "grid":
    case "access":
    case "country":
    case "cable": {
      const there = all.filter((n) => placeOf(i, n) !== undefined)
      // Homes first: an access network's customers, a grid's consumers.
      const victim = there.find((n) => !isComparator(n) && isHome(n)) ?? there.find((n) => !isComparator(n)) ?? there[0]
      return done(
        victim,
        there.filter((n) => n !== victim && isTold(n)),
      )
    }
    case "provider":
      standsIn(comparator, isDecentralised ? "the one door that users went through" : "one operator, one control plane")
      return done(comparator, open.filter(isTold))
  }

  function done(victim: AnyNetwork, others: readonly AnyNetwork[]): Stage {
    return { cause, victim, networks: [victim, ...others], assumptions }
  }
}

export function nodesOf(n: AnyNetwork, cause: Cause): number {
  if (isComparator(n)) return NODES.comparator
  if (isPlaced(n)) return NODES.halls
  if (!isHome(n)) return NODES.rented
  return cause === "access" || cause === "country" || cause === "grid" ? NODES.homesInPlace : NODES.homes
}

/** Failures of what lies under a network, whatever its rules: they are asked of the rules of today. */
const UNDERNEATH: readonly Cause[] = ["grid", "access", "country", "cable", "provider"]

/** The dated regime in force on the day, or undefined for the default one. */
export function presetAt(n: AnyNetwork, atS: number, cause: Cause): string | undefined {
  if (UNDERNEATH.includes(cause)) return undefined
  const day = sayInstant(atS).slice(0, 10)
  const dated = Object.entries(n.presets).filter(
    ([, p]) => p.from !== undefined && p.from <= day && (p.to === undefined || day <= p.to),
  )
  return dated.toSorted(([, a], [, b]) => (a.from! < b.from! ? 1 : -1))[0]?.[0]
}

/** How much later a record must be played for every ledger on stage to have rules: whole years of 52 weeks, in seconds. */
export function laterS({ cause, networks }: Stage, onsetS: number): number {
  const begins = networks.flatMap((n) => {
    if (n.pulse === undefined || presetAt(n, onsetS, cause) !== undefined) return []
    const { from } = n.presets[n.defaultPreset]
    const fromS = from === undefined ? undefined : parseInstant(from)
    return fromS === undefined || fromS <= onsetS ? [] : [fromS]
  })
  return begins.length === 0 ? 0 : Math.ceil((Math.max(...begins) - onsetS) / YEAR_S) * YEAR_S
}
