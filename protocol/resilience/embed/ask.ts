/**
 * What a network's own rules and people may ask of the mechanisms, whatever the network: answers where they are embedded and on, and "no" where they are
 * not. A network's state need not know that they are there.
 */
import type { Values } from "../../kernel/param.ts"
import { DOWN, HEARD } from "../liveness.ts"
import { DECLARED } from "../outage.ts"
import { domainsOf, KINDS, since } from "../rows.ts"
import type { ResilienceParams } from "./params.ts"
import type { HasResilience } from "./state.ts"

type Maybe = Partial<HasResilience>
/** A network's own parameters, in its own type: the mechanisms' are among them where they are embedded. */
type V = object
const read = (v: V): Partial<Values<ResilienceParams>> => v
const of = (state: object): HasResilience["resilience"] | undefined => (state as Maybe).resilience

/** Is the node silent inside an outage that was declared of a domain it said it is in: what grace covers. */
export function isExcused(state: object, v: V, node: number): boolean {
  const r = of(state)
  if (r === undefined || (read(v).graceWaivedPermille ?? 0) === 0 || r.outages.total.declared[0] === 0) return false
  if (r.liveness.node.status[node] === HEARD) return false
  const { claim } = r.outages
  for (let c = 0; c < claim.length; c++)
    if (claim.status[c] === DECLARED && domainsOf(r.registry, claim.kind[c])[node] === claim.domain[c]) return true
  return false
}

/** Has the network held the node to be down for as long as repair waits. */
export function isWrittenOff(state: object, v: V, node: number, atS: number): boolean {
  const r = of(state)
  if (r === undefined || (read(v).repair ?? 0) === 0 || r.liveness.total.down[0] === 0) return false
  return r.liveness.node.status[node] === DOWN && since(r.liveness.node.downS[node], atS) >= (read(v).repairDelaySeconds ?? 0)
}

/** Did both nodes declare the same owner, or the same value of a domain that placement keeps apart. */
export function sharesDeclaredFate(state: object, v: V, a: number, b: number): boolean {
  const r = of(state)
  const kinds = read(v).placementAntiAffinity ?? 0
  if (r === undefined || kinds === 0 || r.registry.total.registered[0] === 0) return false
  for (let kind = 0; kind < KINDS.length; kind++) {
    if ((kinds & (1 << kind)) === 0) continue
    const domains = domainsOf(r.registry, kind)
    if (domains[a] !== 0 && domains[a] === domains[b]) return true
  }
  return false
}

/** Is anything kept apart at all. */
export const keepsApart = (v: V): boolean => (read(v).placementAntiAffinity ?? 0) > 0

/** Are lots weighed by how scarce the domains of those who draw them are. */
export const weighsLots = (v: V): boolean => (read(v).diversityBetaMilli ?? 0) > 0

/**
 * Does a lot that was drawn in proportion to work stand, or is it drawn again? It stands with the chance of its node's weight over the
 * heaviest there can be, so that lots fall in proportion to work times weight. `dice`: u32.
 */
export function standsLot(state: object, v: V, node: number, dice: number): boolean {
  const weight = of(state)?.standing.weightPermille[node] ?? 0
  const most = read(v).diversityWeightMaxPermille ?? 1000
  return dice * most < (weight === 0 ? 1000 : weight) * 0x1_0000_0000
}
