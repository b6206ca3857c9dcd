/**
 * What is minted when: HIP-20's schedule and categories, the daily amounts of the Solana era, and net emissions.
 * Sources: HIP-20 (helium/HIP@6f6d0ba0 0020); helium/helium-program-library@145947ee packages/helium-admin-cli/emissions/*.json
 * and programs/helium-sub-daos calculate_utility_score_v0.rs. Network year 1 begins on 2019-08-01.
 */

import * as decimal from "../../kernel/decimal.ts"
import type { Decimal } from "../../kernel/decimal.ts"

/** HNT of network years 1 and 2; halved every two years. */
export const HNT_FIRST_YEAR = 60_000_000
const FIRST_CALENDAR_YEAR = 2019
const AUGUST = 8

/** Nominal emission of a network year and supply at its start, in HNT. Year 1 or later, else a RangeError. */
export const computeHntSchedule = (year: number): { minted: number; supplyAtStart: number } => {
  if (!(Number.isInteger(year) && year >= 1)) throw new RangeError(`network years begin at 1, not ${year}`)
  let minted = HNT_FIRST_YEAR
  let supplyAtStart = 0
  for (let y = 1; y < year; y++) {
    supplyAtStart += minted
    if (y % 2 === 0) minted /= 2
  }
  return { minted, supplyAtStart }
}

/** Percent of each category in a network year (HIP-20): the drift stops when proof of coverage reaches 0, after year 20. */
export const computeCategoryPercents = (year: number): { poc: number; data: number; founders: number; consensus: number } => {
  const drift = year - 1
  if (year > 20) return { poc: 0, data: 79, founders: 15, consensus: 6 }
  return { poc: 29 - 1.5 * drift, data: 30 + 2.5 * drift, founders: 35 - drift, consensus: 6 }
}

export type HeliumToken = "hnt" | "iot" | "mobile"

/** A day of the Gregorian calendar; month 1 to 12. */
export interface CivilDate {
  readonly year: number
  readonly month: number
  readonly day: number
}

/** Whole tokens of network year 4 (August 2022 to July 2023): HIP-20, HIP-52; MOBILE by halving back from the chain's table. */
const YEAR_FOUR: Record<HeliumToken, bigint> = { hnt: 30_000_000n, iot: 65_000_000_000n, mobile: 60_000_000_000n }
const TOKEN_DECIMALS: Record<HeliumToken, number> = { hnt: 8, iot: 6, mobile: 6 }
/** The HNT table of the chain began year 5 two days late. */
const HNT_YEAR_FIVE_DAY = 3

/** The one row of the chain's tables that is not its year's amount over its days, rounded: it was rounded up. */
const IOT_YEARS_7_8 = "44520547.945206"

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)

/** Network year of a date: it turns on 1 August (HNT's year 5: on 3 August 2023). */
const toNetworkYear = (token: HeliumToken, { year, month, day }: CivilDate): number => {
  const first = token === "hnt" && year === 2023 ? HNT_YEAR_FIVE_DAY : 1
  const turned = month > AUGUST || (month === AUGUST && day >= first)
  return year - FIRST_CALENDAR_YEAR + (turned ? 1 : 0)
}

/**
 * Tokens minted for one 24-hour epoch of a date of the Solana era: the network year's amount over its days (366 when it holds a
 * 29 February), to the token's decimals. Throws a RangeError before August 2022. From 2027 on HNT follows the rule: the chain
 * holds no row yet.
 */
export const computeDailyEmission = (token: HeliumToken, date: CivilDate): Decimal => {
  const year = toNetworkYear(token, date)
  if (year < 4) throw new RangeError(`${token} had no daily emission in ${date.year}-${date.month}-${date.day}`)
  if (token === "iot" && (year === 7 || year === 8)) return decimal.parse(IOT_YEARS_7_8)
  // HNT halves after even years (4 | 5 6 | 7 8 | ...), and so do the others from year 5 on.
  const halvings = Math.ceil((year - 4) / 2)
  const amount = decimal.div(decimal.make(YEAR_FOUR[token]), decimal.make(2n ** BigInt(halvings)), 40, "half_even")
  const days = isLeap(FIRST_CALENDAR_YEAR + year) ? 366n : 365n
  return decimal.div(amount, decimal.make(days), TOKEN_DECIMALS[token], "half_even")
}

/** Epochs over which burned HNT is smoothed (`SMOOTHING_FACTOR`, HRP-20250312). */
export const BURN_SMOOTHING_EPOCHS = 7n
/** What the smoothed burn started from, in bones; the program also puts it in place of a stored 0. */
export const SMOOTHED_BURN_START_BONES = 300n
/** Ceiling on re-emission per day, in bones: 600,000 HNT a year over 365 days, floored. */
export const NET_EMISSIONS_CAP_BONES = 164_383_561_643n
/** HIP-138's payment to the MOBILE treasury per day (2.9M HNT over 237 days), in bones. */
export const HIP138_TREASURY_BONES = 1_223_628_691_983n

/** Smoothed burn and rewards of one epoch, in bones; both sevenths are floored separately. */
export const computeNetEmissions = (
  scheduleBones: bigint,
  previousSmoothed: bigint,
  burned: bigint,
  cap: bigint,
): { smoothed: bigint; totalRewards: bigint } => {
  const kept = ((BURN_SMOOTHING_EPOCHS - 1n) * previousSmoothed) / BURN_SMOOTHING_EPOCHS
  const smoothed = kept + burned / BURN_SMOOTHING_EPOCHS
  return { smoothed, totalRewards: scheduleBones + (smoothed < cap ? smoothed : cap) }
}
