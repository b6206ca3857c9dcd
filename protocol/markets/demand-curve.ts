/**
 * How much users ask for on a day, relative to the mean: seasons, week, trend, lumps, shocks, price and patience. Whole permille,
 * so that a year is the same on every engine. Hours of the day are the world's own (Habitat.demand).
 */
import { mulDivFloor } from "../kernel/money.ts"
import type { Stream } from "../kernel/random.ts"
import { normalE9 } from "./draws.ts"
import { growE9, powerPermille } from "./exponent.ts"

const DAYS_OF_YEAR = 365
const MONTHS = 12
/** 1970-01-01 was a Thursday; Monday is 0. */
const EPOCH_WEEKDAY = 3
/** A day has 24 parts and a month 730, so that the middles of months are whole. */
const DAY_PARTS = 2 * MONTHS
const MONTH_PARTS = 2 * DAYS_OF_YEAR

/** Permille of the mean by month, January first; their mean should be 1000. */
export type Seasons = readonly number[]
/** No seasons. */
export const EVEN: Seasons = [1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000]

/** Down from December to June and up again in a straight line, around a mean of one: `winterPermille` is December's. */
export const winterSeasons = (winterPermille: number): Seasons =>
  EVEN.map(
    (_, m) => 1000 + Math.floor(((winterPermille - 1000) * (3 - Math.min((m + 1) % MONTHS, MONTHS - ((m + 1) % MONTHS)))) / 3),
  )

/**
 * The season of a day since 1970, by straight lines between the middles of equal months, rounded down. A year is 365 days from
 * 1 January 1970: leap days shift the seasons by two weeks in 2025, which no season here is sharp enough to feel.
 */
export function seasonPermille(seasons: Seasons, unixDay: number): number {
  const day = ((unixDay % DAYS_OF_YEAR) + DAYS_OF_YEAR) % DAYS_OF_YEAR
  const at = (day * DAY_PARTS - DAYS_OF_YEAR + MONTHS * MONTH_PARTS) % (MONTHS * MONTH_PARTS)
  const month = Math.floor(at / MONTH_PARTS)
  const within = at - month * MONTH_PARTS
  const [from, to] = [seasons[month], seasons[(month + 1) % MONTHS]]
  return Math.floor((from * (MONTH_PARTS - within) + to * within) / MONTH_PARTS)
}

/** Saturday and Sunday count `weekendPermille`, the other days as much more that the week's mean is 1000 (rounded down). */
export function weekPermille(weekendPermille: number, unixDay: number): number {
  const weekday = (((unixDay + EPOCH_WEEKDAY) % 7) + 7) % 7
  return weekday >= 5 ? weekendPermille : Math.floor((7000 - 2 * weekendPermille) / 5)
}

/** Growth: e^(yearly log growth · days / 365), in permille, rounded down. */
export const trendPermille = (logPermillePerYear: number, days: number): number =>
  logPermillePerYear === 0 ? 1000 : growE9(1000, Math.round((logPermillePerYear * days * 1e6) / DAYS_OF_YEAR))

/** Lumps: a lognormal of mean one, drawn once per `period` (a week, say), with this standard deviation of its logarithm. */
export function lumpPermille(dice: Stream, period: number, sdPermille: number): number {
  if (sdPermille === 0) return 1000
  const logE9 = (sdPermille * normalE9(dice, period)) / 1000 - (sdPermille * sdPermille * 1000) / 2
  return growE9(1000, Math.round(logE9))
}

/** Users' answer to the price: (price / usual)^elasticity in permille, rounded down; elasticity is negative, 0 turns it off. */
export const pricePermille = (microUsd: number, usualMicroUsd: number, elasticityPermille: number): number =>
  powerPermille(microUsd, usualMicroUsd, elasticityPermille)

/** Product of factors in permille, rounded down after each. */
export const multiplyPermille = (value: number, ...factors: readonly number[]): number => {
  let product = value
  for (const f of factors) product = mulDivFloor(product, f, 1000)
  return product
}

/**
 * Loyalty: what is left of demand after a day whose service was `servedPermille`, from `loyaltyPermille` before. Each day that part
 * of the missing service is lost, and of what had been lost, `returnPermille` comes back when service is whole.
 */
export function nextLoyaltyPermille(
  loyaltyPermille: number,
  servedPermille: number,
  rule: { readonly lossPermille: number; readonly returnPermille: number },
): number {
  const lost = mulDivFloor(mulDivFloor(loyaltyPermille, 1000 - servedPermille, 1000), rule.lossPermille, 1000)
  const regained = mulDivFloor(mulDivFloor(1000 - loyaltyPermille, servedPermille, 1000), rule.returnPermille, 1000)
  return Math.max(0, Math.min(1000, loyaltyPermille - lost + regained))
}
