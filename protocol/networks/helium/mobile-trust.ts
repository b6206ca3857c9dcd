/**
 * Location trust: how far a radio says it is from where its owner asserted it, scored per heartbeat and averaged over the day.
 * Sources: HIP-98, HIP-119, HRP-20250909, HRP-20251107; helium/oracles@21935653 coverage_point_calculator/src/location.rs and
 * @c90e2968, same file; mobile_verifier/src/heartbeats/mod.rs (order of the gates).
 */
import * as decimal from "../../kernel/decimal.ts"
import type { Decimal } from "../../kernel/decimal.ts"
import { isIndoor, isWifi, type RadioType } from "./mobile-radio.ts"

/** Metres up to which a heartbeat scores 1, and up to which it still scores a quarter; both limits included. */
export interface TrustLimits {
  readonly fullMetres: number
  readonly quarterMetres: number
}
export interface TrustRule {
  readonly indoor: TrustLimits
  readonly outdoor: TrustLimits
}
export const TRUST_RULES = {
  "HIP-119": { indoor: { fullMetres: 200, quarterMetres: 300 }, outdoor: { fullMetres: 75, quarterMetres: 100 } },
  "HRP-20250909": { indoor: { fullMetres: 300, quarterMetres: 400 }, outdoor: { fullMetres: 100, quarterMetres: 150 } },
  "HRP-20251107": { indoor: { fullMetres: 300, quarterMetres: 400 }, outdoor: { fullMetres: 300, quarterMetres: 400 } },
} as const satisfies Readonly<Record<string, TrustRule>>

/** Quarters a distance scores: 4, 1 or 0. */
export const computeDistanceQuarters = (metres: number, limits: TrustLimits): number =>
  metres <= limits.fullMetres ? 4 : metres <= limits.quarterMetres ? 1 : 0

export interface HeartbeatPlace {
  readonly metresToAsserted: number
  /** A location service confirmed the place within the last 24 hours, or the last confirmed place still stands in. */
  readonly isValidated: boolean
  /** The furthest hex of its coverage object lies nearer than the limit. */
  readonly isWithinReach: boolean
}

/** Quarters of trust one heartbeat earns. CBRS radios carry a GPS of their own and are always trusted. */
export const computeTrustQuarters = (radio: RadioType, place: HeartbeatPlace, rule: TrustRule): number => {
  if (!isWifi(radio)) return 4
  if (!place.isValidated || !place.isWithinReach) return 0
  return computeDistanceQuarters(place.metresToAsserted, isIndoor(radio) ? rule.indoor : rule.outdoor)
}

/** One heartbeat's score (0 to 1) and distance. */
export interface TrustSample {
  readonly score: Decimal
  readonly distanceM: number
}

/** A mean kept exact: sum over count. `count` 0 means nothing was heard, and nothing is trusted. */
export interface Mean {
  readonly sum: Decimal
  readonly count: number
}

/** Mean trust of a day's heartbeats; 1 for CBRS. */
export const computeTrustMean = (radio: RadioType, samples: readonly TrustSample[]): Mean =>
  isWifi(radio)
    ? { sum: samples.reduce((sum, s) => decimal.add(sum, s.score), decimal.zero), count: samples.length }
    : { sum: decimal.one, count: 1 }

/** Wi-Fi trust a boost needs at least (HIP-93), and metres of mean distance it allows at most (HIP-119). */
export const BOOST_TRUST_MIN = decimal.parse("0.75")
export const BOOST_DISTANCE_MAX_M = 50

/**
 * May this radio have hex boosts? It needs subscribers (three phones of a megabyte, HIP-84; over 25 connections, HIP-140), and
 * Wi-Fi needs trust and nearness as well. Without a heartbeat nothing is trusted.
 */
export const isBoostEligible = (radio: RadioType, hasSubscribers: boolean, samples: readonly TrustSample[]): boolean => {
  if (!hasSubscribers) return false
  if (!isWifi(radio)) return true
  if (samples.length === 0) return false
  const count = decimal.make(BigInt(samples.length))
  const trust = computeTrustMean(radio, samples).sum
  const metres = samples.reduce((sum, s) => decimal.add(sum, decimal.parse(s.distanceM)), decimal.zero)
  return (
    decimal.compare(trust, decimal.mul(BOOST_TRUST_MIN, count)) >= 0 &&
    decimal.compare(metres, decimal.mul(decimal.make(BigInt(BOOST_DISTANCE_MAX_M)), count)) <= 0
  )
}
