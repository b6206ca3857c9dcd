/** What AKT is worth: per source a time-weighted average, their mean, and how far they may differ (x/oracle/keeper, node@3efe26bf). */
import * as dec from "./legacy-dec.ts"
import type { Dec } from "./legacy-dec.ts"

export const DEVIATION_BPS_MAX = 150
const BPS = 10_000n

export interface PricePoint {
  /** Nanoseconds. */
  readonly atNs: bigint
  readonly price: Dec
}

/**
 * Average of one source over its window. Points come newest first, the oldest moved to the start of the window; each counts
 * from its time to the next newer one. With no time at all: the plain mean. Throws a RangeError without a point.
 */
export const computeTwap = (nowNs: bigint, points: readonly PricePoint[]): Dec => {
  if (points.length === 0) throw new RangeError("a price needs at least one point")
  let sum = 0n
  let weight = 0n
  let newer = nowNs
  for (const { atNs, price } of points) {
    const ns = newer - atNs
    sum += dec.mul(price, dec.fromWhole(ns))
    weight += ns
    newer = atNs
  }
  if (weight !== 0n) return dec.quo(sum, dec.fromWhole(weight))
  return dec.quo(
    points.reduce((all, { price }) => all + price, 0n),
    dec.fromWhole(points.length),
  )
}

/** Spread of the sources in basis points of the lowest, toward zero; 0 when the lowest is 0. */
export const computeDeviationBps = (low: Dec, high: Dec): number => {
  if (low === 0n) return 0
  const bps = dec.truncate(dec.quo(dec.mul(high - low, dec.fromWhole(BPS)), low))
  return Number(bps < 0n ? -bps : bps)
}
