/** What has happened to deals and to what clients keep. Amounts are attoFIL of the whole row unless said otherwise. */
import { event } from "../../kernel/row-type.ts"
import { amount, flag, nodeIndex, unit } from "../../kernel/unit.ts"
import { cohortIndex, epochUnit, sectorQaGib } from "./units.ts"

/** Deals that fit a sector of 32 GiB (`DEAL_LIMIT_DENOMINATOR`, 2^27). */
export const DEALS_PER_SECTOR = 256
export const dealIndex = unit("deal", "u32")
export const repairIndex = unit("repair", "u32")
export const bundleMask = unit("bundles, a bit each", "u32")
export const bundleSize = unit("deals a bundle", "u16")
export const pieceMib = unit("MiB", "u32")
/** Whose money in the market. */
export const CLIENT = 0
export const PROVIDER = 1
export const marketSide = unit("0 client, 1 provider", "u8", 0, 1)

export const dealEvents = {
  MarketFunded: event("FIL was put into the market's escrow.", { node: nodeIndex, side: marketSide, amountAtto: amount }),
  MarketWithdrawn: event("FIL that no deal locks was taken out of the market.", {
    node: nodeIndex,
    side: marketSide,
    amountAtto: amount,
  }),
  DealsPublished: event("A client and a provider agreed on deals: the whole price and both collaterals are locked.", {
    client: nodeIndex,
    node: nodeIndex,
    deals: bundleMask,
    each: bundleSize,
    pieceMib,
    verified: flag,
    kept: flag,
    startEpoch: epochUnit,
    endEpoch: epochUnit,
    claimEpoch: epochUnit,
    /** Of one deal: per epoch, and the collaterals. */
    priceAtto: amount,
    providerCollateralAtto: amount,
    clientCollateralAtto: amount,
  }),
  DealsActivated: event("Published deals lie in proven sectors; verified ones raise their quality, for more pledge and fee.", {
    deal: dealIndex,
    cohort: cohortIndex,
    /** What a sector of the cohort counts from now on, and what that adds to the cohort's pledge and daily fee. */
    qaGib: sectorQaGib,
    pledgeAtto: amount,
    dailyFeeAtto: amount,
  }),
  DealsSettled: event("The client paid for the epochs stored (FIP-0074).", {
    deal: dealIndex,
    epoch: epochUnit,
    paidAtto: amount,
  }),
  DealsCompleted: event("Deals came to their end: the rest is paid, both collaterals are free.", {
    deal: dealIndex,
    paidAtto: amount,
  }),
  DealsSlashed: event("A sector ended before its deals: paid up to there, the rest refunded, the provider's collateral burnt.", {
    deal: dealIndex,
    deals: bundleMask,
    paidAtto: amount,
    refundAtto: amount,
    burntAtto: amount,
  }),
  DealsTimedOut: event("Deals were in no sector by their start: collateral burnt, client refunded.", {
    deal: dealIndex,
    refundAtto: amount,
    burntAtto: amount,
  }),
  RepairOrdered: event("Ours: too few sound copies of objects are known, another provider is to make one.", {
    client: nodeIndex,
    node: nodeIndex,
    objects: bundleMask,
    epoch: epochUnit,
  }),
  RepairGivenUp: event("Ours: an ordered copy did not come in time.", { repair: repairIndex }),
} as const
