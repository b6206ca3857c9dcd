/**
 * The daily proof fee: a burnt charge on power, fixed per sector when it is activated and capped at half of what it earns.
 * Sources: FIP-0100; filecoin-project/builtin-actors@b0a3bdd6 actors/miner/src/policy.rs, runtime/src/runtime/policy.rs.
 */

import { divFloor } from "../../kernel/money.ts"

/** 1.61817e-25 of the circulating supply per byte and day. */
const SUPPLY_SHARE = 161_817n
const SUPPLY_SHARE_DIVISOR = 10n ** 30n
/** One over the share of a day's expected reward that the fee may take. */
const REWARD_CAP_DIVISOR = 2n

/** attoFIL per day for a sector of `qaBytes`, floored. */
export const computeDailyFee = (circulatingAtto: bigint, qaBytes: bigint): bigint =>
  divFloor(SUPPLY_SHARE * circulatingAtto * qaBytes, SUPPLY_SHARE_DIVISOR)

/**
 * The fee after a sector's quality-adjusted bytes changed: in proportion, floored. Throws a RangeError when there were none
 * before.
 */
export const adjustDailyFee = (dailyFeeAtto: bigint, oldQaBytes: bigint, newQaBytes: bigint): bigint =>
  oldQaBytes === newQaBytes ? dailyFeeAtto : divFloor(dailyFeeAtto * newQaBytes, oldQaBytes)

/**
 * What a deadline pays when it closes: its sectors' fees, at most half (floored) of the day's expected reward of all its live
 * power, faulty and unproven included. All in attoFIL.
 */
export const computePayableFee = (dailyFeeAtto: bigint, dayRewardAtto: bigint): bigint => {
  const cap = divFloor(dayRewardAtto, REWARD_CAP_DIVISOR)
  return cap < dailyFeeAtto ? cap : dailyFeeAtto
}
