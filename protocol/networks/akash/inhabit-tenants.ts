/** Tenants in a simulated world: what they want, for how long, which bid they take, and when they notice that it is gone. */
import { DAY, HOUR } from "../../kernel/clock.ts"
import type { Domain } from "../../kernel/habitat.ts"
import type { Values } from "../../kernel/param.ts"
import { below, draw, stream, type Stream } from "../../kernel/random.ts"
import { ln } from "../../kernel/real.ts"
import {
  lumpPermille,
  multiplyPermille,
  seasonPermille,
  trendPermille,
  weekPermille,
  winterSeasons,
} from "../../markets/demand-curve.ts"
import { keepsApart, sharesDeclaredFate } from "../../resilience/embed/ask.ts"
import type { Spec } from "./inhabit-providers.ts"
import { SIZES } from "./params-world.ts"
import type { AkashParams } from "./params.ts"
import { NO_LEASE, type State } from "./state.ts"

const PARTS = 2 ** 32
const MIB_PER_GIB = 1024
const MILLI = 1000

export interface TenantDice {
  readonly arrival: Stream
  readonly lump: Stream
  readonly size: Stream
  readonly life: Stream
  readonly character: Stream
  readonly choice: Stream
  readonly notice: Stream
}
export const tenantDice = (seed: number): TenantDice => ({
  arrival: stream(seed, "akash/arrival"),
  lump: stream(seed, "akash/lump"),
  size: stream(seed, "akash/size"),
  life: stream(seed, "akash/life"),
  character: stream(seed, "akash/tenant"),
  choice: stream(seed, "akash/choice"),
  notice: stream(seed, "akash/notice"),
})

/** What tenants want on the day of `atS` over the mean, in permille: shock, season, week, growth and lumps. */
export function demandPermille(dice: TenantDice, v: Values<AkashParams>, beginS: number, atS: number): number {
  const day = Math.floor(atS / DAY)
  return multiplyPermille(
    v.demandPermille,
    seasonPermille(winterSeasons(v.winterPermille), day),
    trendPermille(v.demandGrowthPermille, day - Math.floor(beginS / DAY)),
    lumpPermille(dice.lump, Math.floor(day / 7), v.lumpSdPermille),
    weekPermille(v.weekendPermille, day),
  )
}

/** Deployments that arrive in the minute that begins at `atS`, when tenants want `permille` of the mean. */
export function countArrivals(dice: TenantDice, v: Values<AkashParams>, nodes: number, atS: number, permille: number): number {
  const aDay = (v.arrivalsPerProviderDay * nodes * permille) / 1000
  const whole = Math.floor(aDay / 1440)
  return whole + ((draw(dice.arrival, atS) / PARTS) * 1440 < aDay - whole * 1440 ? 1 : 0)
}

export function specOf(dice: TenantDice, v: Values<AkashParams>, number: number): Spec {
  const [threads, memoryGib, storageGib] = SIZES[below(dice.size, SIZES.length, number)]
  return {
    cpuMilli: threads * MILLI,
    memoryMib: memoryGib * MIB_PER_GIB,
    storageMib: storageGib * MIB_PER_GIB,
    gpus: below(dice.size, 1000, number, 1) < v.gpuTenantsPermille ? 1 : 0,
  }
}

/** How long a deployment is wanted, s: whole hours, geometric about the mean, at least one. */
export const lifeSeconds = (dice: TenantDice, v: Values<AkashParams>, number: number): number =>
  Math.max(1, Math.ceil(-v.meanHours * ln((draw(dice.life, number) + 0.5) / PARTS))) * HOUR

export const wantsAudit = (dice: TenantDice, v: Values<AkashParams>, number: number): boolean =>
  below(dice.character, 1000, number, 0) < v.auditedPermille
export const spreads = (dice: TenantDice, v: Values<AkashParams>, number: number): boolean =>
  below(dice.character, 1000, number, 1) < v.spreadPermille
export const drains = (dice: TenantDice, v: Values<AkashParams>, number: number): boolean =>
  below(dice.character, 1000, number, 2) < v.drainingPermille

/** From half to one and a half of the mean, keyed by what was lost and when. */
export const noticeSecondsOf = (dice: TenantDice, v: Values<AkashParams>, g: number, sinceS: number): number =>
  Math.floor(v.noticeSeconds / 2) + below(dice.notice, v.noticeSeconds + 1, g, sinceS)

/** True when the provider shares with a sibling's lease what this tenant wants its leases not to share. */
function isNear(state: State, v: Values<AkashParams>, asn: Domain | undefined, g: number, node: number): boolean {
  const { deployment, group } = state
  const isKept = keepsApart(v)
  if (v.antiAffinity === 0 && !isKept) return false
  for (let s = deployment.firstGroup[group.deployment[g]] - 1; s >= 0; s = group.next[s] - 1) {
    if (s === g || group.lease[s] === NO_LEASE) continue
    const other = group.node[s]
    if (other === node || (v.antiAffinity === 2 && asn !== undefined && asn.of[other] === asn.of[node])) return true
    if (isKept && sharesDeclaredFate(state, v, other, node)) return true
  }
  return false
}

/**
 * The bid a tenant takes, or −1: of those apart from its other leases, if there are any, the cheapest, or any by dice for
 * tenants who spread. Equal prices go to the lower provider, so that the order in which bids arrived never decides. A provider with
 * which the group lost its last lease comes behind all others; one of so many complaints is not taken at all.
 */
export function chooseBid(
  state: State,
  v: Values<AkashParams>,
  dice: TenantDice,
  asn: Domain | undefined,
  g: number,
  complaints?: ArrayLike<number>,
): number {
  const { deployment, group, bid } = state
  const isSpreading = spreads(dice, v, deployment.number[group.deployment[g]])
  const avoided = v.avoidsLast === 1 && group.lostS[g] > 0 ? group.node[g] : -1
  let best = -1
  let bestNear = 0
  let bestScore = 0
  for (let b = group.firstBid[g] - 1; b >= 0; b = bid.next[b] - 1) {
    const node = bid.node[b]
    if (v.shunAfter > 0 && complaints !== undefined && complaints[node] >= v.shunAfter) continue
    const near = (isNear(state, v, asn, g, node) ? 2 : 0) + (node === avoided ? 1 : 0)
    const score = isSpreading ? draw(dice.choice, node, group.orderS[g], deployment.number[group.deployment[g]]) : bid.rate[b]
    const isBetter =
      best < 0 || near < bestNear || (bestNear === near && (score < bestScore || (score === bestScore && node < bid.node[best])))
    if (!isBetter) continue
    best = b
    bestNear = near
    bestScore = score
  }
  return best
}
