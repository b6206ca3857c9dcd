/**
 * The one door to a token's price: constant, walked, exchanged or read from a table, by number, as scenarios and sweeps name them.
 * What a network knows of its own token (its jumps, its closes) it hands in; inhabitants call it once a day.
 */
import { DAY } from "../kernel/clock.ts"
import type { Close } from "./closes.ts"
import { constantPrice, exchangePrice, tablePrice, walkPrice, type Exchange, type PricePath, type Walk } from "./price-path.ts"

export const CONSTANT = 0
export const WALK = 1
export const EXCHANGE = 2
export const TABLE = 3
/** For a parameter's unit. */
export const PRICE_MODELS = "0 constant, 1 walk, 2 exchange, 3 table of month-end closes"

export interface PriceModel {
  /** `CONSTANT`, `WALK`, `EXCHANGE` or `TABLE`. */
  readonly kind: number
  /** Millionths of a dollar: the constant, and where the walk and the exchange begin. */
  readonly startMicroUsd: number
  readonly walk: Omit<Walk, "startMicroUsd">
  readonly exchange: Omit<Exchange, "startMicroUsd">
  readonly closes: readonly Close[]
  /** Unix seconds of the path's day 0: the table is by calendar. */
  readonly beginS: number
}

/** Unix day of the last day of a month, "2025-10". */
export const monthEndDay = (month: string): number => {
  const [year, m] = month.split("-").map(Number)
  // Days from civil (H. Hinnant): of the first day of the month after, less one.
  const [y, next] = m === 12 ? [year + 1, 1] : [year, m + 1]
  const shifted = next <= 2 ? y - 1 : y
  const era = Math.floor(shifted / 400)
  const ofEra = shifted - era * 400
  const ofYear = Math.floor((153 * (next + (next > 2 ? -3 : 9)) + 2) / 5)
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468 - 1
}

/** Throws a RangeError for a table without rows. An unknown number is a constant. */
export function priceModel(seed: number, token: string, m: PriceModel): PricePath {
  switch (m.kind) {
    case WALK:
      return walkPrice(seed, token, { startMicroUsd: m.startMicroUsd, ...m.walk })
    case EXCHANGE:
      return exchangePrice({ startMicroUsd: m.startMicroUsd, ...m.exchange })
    case TABLE: {
      const first = Math.floor(m.beginS / DAY)
      return tablePrice(m.closes.map(([month, microUsd]) => [monthEndDay(month) - first, microUsd] as const))
    }
    default:
      return constantPrice(m.startMicroUsd)
  }
}
