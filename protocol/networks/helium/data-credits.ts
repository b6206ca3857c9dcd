/**
 * Data credits: one is 0.00001 USD for ever, minted by burning HNT at the day's price and spent on traffic.
 * Sources: helium/helium-program-library@145947ee programs/data-credits mint_data_credits_v0.rs (minting);
 * helium/oracles@824f7724 iot_verifier/src/reward_share.rs (conversion for rewards); HIP-10 (ceiling on data rewards).
 */

import * as decimal from "../../kernel/decimal.ts"
import type { Decimal } from "../../kernel/decimal.ts"

/** Bones in one HNT. */
export const BONES_PER_HNT = 100_000_000n
/** Decimals of HNT. */
export const HNT_DECIMALS = 8
/** Powers of ten between a dollar and a data credit: $1 buys 10^5. */
export const DC_PER_USD_EXPONENT = 5
/** USD per data credit. */
export const USD_PER_DC: Decimal = decimal.parse("0.00001")
/** Decimal places of a data-credit value in bones (`DEFAULT_PREC`). */
export const DC_VALUE_DECIMALS = 15

/** A price as its feed publishes it: integers of 10^exponent USD, average and confidence. */
export interface FeedPrice {
  readonly emaPrice: bigint
  readonly confidence: bigint
  readonly exponent: number
}

/**
 * Lower end of the price, average minus twice the confidence, as an integer of the feed. Throws a RangeError when the average
 * or that lower end is not positive: nothing can be minted at such a price.
 */
export const computeLowPrice = ({ emaPrice, confidence }: FeedPrice): bigint => {
  const low = emaPrice - 2n * confidence
  if (emaPrice <= 0n || low <= 0n) throw new RangeError(`price ${emaPrice} ± ${confidence} is not usable`)
  return low
}

/** 10^(8 - exponent - 5): what turns data credits times a feed price into bones, and back. */
export const computeDecimalsFactor = (exponent: number): bigint => {
  const power = HNT_DECIMALS - exponent - DC_PER_USD_EXPONENT
  if (power < 0) throw new RangeError(`a feed exponent of ${exponent} is out of range`)
  return decimal.tenTo(power)
}

/** Data credits minted for `hntBones` burned, floored. */
export const computeDataCreditsMinted = (hntBones: bigint, price: FeedPrice): bigint =>
  (hntBones * computeLowPrice(price)) / computeDecimalsFactor(price.exponent)

/** Bones to burn for `dc` data credits, floored. */
export const computeHntForDataCredits = (dc: bigint, price: FeedPrice): bigint =>
  (dc * computeDecimalsFactor(price.exponent)) / computeLowPrice(price)

/** Value of data credits in bones at `pricePerBone` USD, rounded up at 15 decimals. */
export const computeDcValueBones = (dc: Decimal, pricePerBone: Decimal): Decimal =>
  decimal.div(decimal.mul(dc, USD_PER_DC), pricePerBone, DC_VALUE_DECIMALS, "ceil")

/** Whole data credits that an amount of bones is worth at `pricePerBone` USD, floored. */
export const computeBonesInDc = (bones: Decimal, pricePerBone: Decimal): bigint =>
  decimal.toUnits(decimal.div(decimal.mul(bones, pricePerBone), USD_PER_DC, 0, "floor"), 0, "floor")

/** HIP-10: HNT that traffic may earn at most, the value of its data credits. Prices in USD; doubles, unrounded. */
export const computeDataRewardMaxHnt = (dc: number, hntUsd: number, dcUsd: number): number => (dc * dcUsd) / hntUsd
