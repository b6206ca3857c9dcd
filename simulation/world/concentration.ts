/** How concentrated a population is, by failure domain: what one outage can take, before anything has failed. */
import type { DomainType, Placement } from "./placement.ts"
import { domainTypes } from "./placement.ts"

export interface Concentration {
  readonly domain: DomainType
  /** Distinct domains that hold a node. */
  readonly domains: number
  readonly largest: string
  /** The largest domain's share of the nodes, 0 to 1. */
  readonly largestShare: number
  /** Herfindahl-Hirschman index: the sum of squared shares, 0 to 1. */
  readonly hhi: number
  /** 1 / hhi: so many equal domains would be as concentrated. */
  readonly effective: number
  /** Nakamoto coefficients: the fewest domains that together hold more than a third, and more than a half, of the nodes. */
  readonly nakamotoThird: number
  readonly nakamotoHalf: number
}

function fewestAbove(descending: readonly number[], part: number): number {
  let sum = 0
  for (let i = 0; i < descending.length; i++) {
    sum += descending[i]
    if (sum > part) return i + 1
  }
  return descending.length
}

/** The concentration in one domain type. Equal sizes are ordered by first appearance. */
export function concentration(placement: Placement, type: DomainType): Concentration {
  const { nodes, domains } = placement
  const { of, names } = domains[type]
  const counts = new Uint32Array(names.length)
  for (let node = 0; node < nodes; node++) counts[of[node]]++
  let most = 0
  let squares = 0
  for (let i = 0; i < counts.length; i++) {
    if (counts[i] > counts[most]) most = i
    squares += counts[i] * counts[i]
  }
  const descending = Array.from(counts).sort((a, b) => b - a)
  const hhi = squares / (nodes * nodes)
  return {
    domain: type,
    domains: names.length,
    largest: names[most],
    largestShare: counts[most] / nodes,
    hhi,
    effective: 1 / hhi,
    nakamotoThird: fewestAbove(descending, nodes / 3),
    nakamotoHalf: fewestAbove(descending, nodes / 2),
  }
}

/** One row a domain type: report the coefficient by domain, never one number for a network. */
export function summary(placement: Placement): readonly Concentration[] {
  return domainTypes.map((type) => concentration(placement, type))
}
