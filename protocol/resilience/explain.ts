/**
 * Telling correlated failure from individual failure: which failure domains, if any, explain the nodes that went silent together.
 *
 * The domain with the largest excess over what happens outside it comes first; its nodes are then explained, and the rest is looked at
 * again. So an ASN inside a dark country is not declared a second time, and scattered failures remain what they are.
 */
import { REGISTERED, type Registry } from "../registry/registry.ts"
import { domainsOf, KINDS } from "./rows.ts"

export interface Rule {
  readonly sharePermille: number
  readonly lift: number
  readonly membersMin: number
  readonly operatorsMin: number
}

export interface Explanation {
  readonly kind: number
  readonly domain: number
  /** Nodes of the domain that count. */
  readonly members: number
  /** Those of them that are silent. */
  readonly silent: number
  /** Owners of the silent ones, counted up to what the rule asks. */
  readonly operators: number
}

const SILENT = 1
const EXPLAINED = 2

/** Nodes silent (1) or explained already (2), else 0; `watched` nodes alone count as members. */
export interface Sight {
  readonly silent: Uint8Array
  readonly watched: Uint8Array
}

/** Members, silent members and their operators of one domain, leaving out the nodes of `exceptOwner` (−1: nobody's). */
export function measureDomain(
  r: Registry,
  sight: Sight,
  kind: number,
  domain: number,
  exceptOwner: number,
  operatorsEnough: number,
): Explanation {
  const of = domainsOf(r, kind)
  const { owner, status } = r.nodes
  const owners = new Set<number>()
  let members = 0
  let silent = 0
  for (let node = 0; node < of.length && node < r.nodes.length; node++) {
    if (of[node] !== domain || status[node] !== REGISTERED || sight.watched[node] === 0 || owner[node] === exceptOwner) continue
    members++
    if (sight.silent[node] === 0) continue
    silent++
    if (owners.size < operatorsEnough) owners.add(owner[node])
  }
  return { kind, domain, members, silent, operators: owners.size }
}

/** The share of watched nodes outside a domain that are silent, as a ratio of two counts. */
export interface Outside {
  readonly members: number
  readonly silent: number
}

/** Does the domain stand out: share, size and operators as the rule asks, and `lift` times the rate outside. */
export function standsOut(e: Explanation, outside: Outside, rule: Rule): boolean {
  if (e.members < rule.membersMin || e.operators < rule.operatorsMin || e.silent === 0) return false
  if (e.silent * 1000 < e.members * rule.sharePermille) return false
  // silent/members ≥ lift · outside.silent/outside.members, in whole numbers
  return e.silent * outside.members >= rule.lift * outside.silent * e.members
}

/** Every domain that explains silence, strongest first. Changes `sight.silent`: explained nodes become 2. Linear in nodes per domain found. */
export function explainSilence(r: Registry, sight: Sight, rule: Rule): readonly Explanation[] {
  const found: Explanation[] = []
  for (;;) {
    const best = findStrongest(r, sight, rule)
    if (best === undefined) return found
    found.push(best)
    const of = domainsOf(r, best.kind)
    for (let node = 0; node < r.nodes.length; node++)
      if (of[node] === best.domain && sight.silent[node] === SILENT) sight.silent[node] = EXPLAINED
  }
}

function findStrongest(r: Registry, sight: Sight, rule: Rule): Explanation | undefined {
  const { status, length } = r.nodes
  let watched = 0
  let silent = 0
  for (let node = 0; node < length; node++) {
    if (status[node] !== REGISTERED || sight.watched[node] === 0) continue
    watched++
    if (sight.silent[node] === SILENT) silent++
  }
  if (silent === 0) return undefined
  let best: Explanation | undefined
  let bestExcess = 0
  for (let kind = 0; kind < KINDS.length; kind++) {
    const of = domainsOf(r, kind)
    let highest = 0
    for (let node = 0; node < length; node++) if (of[node] > highest && sight.watched[node] === 1) highest = of[node]
    if (highest === 0) continue
    // Domains are dense indexes; a few wild ones must not cost a gigabyte.
    if (highest > 64 * length + 65_536) continue
    const members = new Uint32Array(highest + 1)
    const quiet = new Uint32Array(highest + 1)
    for (let node = 0; node < length; node++) {
      if (status[node] !== REGISTERED || sight.watched[node] === 0) continue
      members[of[node]]++
      if (sight.silent[node] === SILENT) quiet[of[node]]++
    }
    for (let domain = 1; domain <= highest; domain++) {
      if (quiet[domain] === 0) continue
      const outside = { members: watched - members[domain], silent: silent - quiet[domain] }
      const rough = { kind, domain, members: members[domain], silent: quiet[domain], operators: rule.operatorsMin }
      if (!standsOut(rough, outside, rule)) continue
      const expected = outside.members === 0 ? 0 : (members[domain] * outside.silent) / outside.members
      const excess = quiet[domain] - expected
      if (excess <= bestExcess) continue
      const exact = measureDomain(
        r,
        { silent: onlyFresh(sight.silent), watched: sight.watched },
        kind,
        domain,
        -1,
        rule.operatorsMin,
      )
      if (exact.operators < rule.operatorsMin) continue
      best = exact
      bestExcess = excess
    }
  }
  return best
}

let fresh = new Uint8Array(0)
function onlyFresh(silent: Uint8Array): Uint8Array {
  if (fresh.length !== silent.length) fresh = new Uint8Array(silent.length)
  for (let i = 0; i < silent.length; i++) fresh[i] = silent[i] === SILENT ? 1 : 0
  return fresh
}
