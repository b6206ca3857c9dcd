/**
 * What stands between an oracle's mistake and the mint: the median of oracle reports and the windowed circuit breaker (HIP-77).
 * Source: helium/helium-program-library@145947ee programs/lazy-distributor distribute/common.rs, programs/circuit-breaker window.rs.
 */

import * as decimal from "../../kernel/decimal.ts"
import type { Decimal } from "../../kernel/decimal.ts"

/**
 * Payout from oracle reports of lifetime rewards, smallest units: the entry at floor(n/2) of the sorted reports, less what was
 * paid already, never below zero. Being cumulative, a missed claim loses nothing. Throws a RangeError without reports.
 */
export const computeLazyPayout = (reports: readonly bigint[], alreadyPaid: bigint): bigint => {
  if (reports.length === 0) throw new RangeError("a payout needs at least one oracle report")
  const sorted = reports.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  const due = sorted[Math.floor(sorted.length / 2)] - alreadyPaid
  return due > 0n ? due : 0n
}

/** State of a breaker: what counts against its window, in smallest units, and since when (Unix seconds). */
export interface BreakerWindow {
  readonly aggregated: bigint
  readonly lastS: number
}

export interface BreakerRule {
  /** Limit as a percent of the supply at the time of the mint. */
  readonly percent: Decimal
  readonly windowS: number
}

/**
 * The window after a mint of `amount` at `nowS`, or null when the breaker trips. The previous total decays linearly to zero over
 * the window, floored; more than percent of `supply` (before this mint) trips.
 */
export const enforceBreaker = (
  rule: BreakerRule,
  window: BreakerWindow,
  supply: bigint,
  nowS: number,
  amount: bigint,
): BreakerWindow | null => {
  const elapsed = Math.min(nowS - window.lastS, rule.windowS)
  const kept = (window.aggregated * BigInt(rule.windowS - elapsed)) / BigInt(rule.windowS)
  const limit = decimal.toUnits(decimal.mul(decimal.make(supply), decimal.mul(rule.percent, decimal.make(1n, 2))), 0, "floor")
  return kept + amount > limit ? null : { aggregated: kept + amount, lastS: nowS }
}

export type BreakerVerdict = "ok" | "CircuitBreakerTriggered"

/** Verdict on each mint in turn. An accepted mint grows the supply that the next limit is taken of; a refused one changes nothing. */
export const runBreaker = (
  rule: BreakerRule,
  supply: bigint,
  mints: readonly { readonly t: number; readonly amount: bigint }[],
): BreakerVerdict[] => {
  let window: BreakerWindow = { aggregated: 0n, lastS: 0 }
  return mints.map(({ t, amount }) => {
    const next = enforceBreaker(rule, window, supply, t, amount)
    if (next === null) return "CircuitBreakerTriggered"
    window = next
    supply += amount
    return "ok"
  })
}
