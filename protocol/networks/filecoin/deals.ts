/**
 * Deals of the built-in market (f05): what the provider puts up, what the client pays as the epochs pass, and what happens when
 * the sector ends early or never begins. All amounts in attoFIL.
 * Sources: filecoin-project/builtin-actors@b0a3bdd6 actors/market/src/{policy,state,lib}.rs; FIP-0074 (settlement on request).
 */

import { divFloor } from "../../kernel/money.ts"
import { EPOCH_UNDEFINED, EPOCHS_PER_DAY } from "./epoch.ts"

export const DEAL_EPOCHS_MIN = 180 * EPOCHS_PER_DAY
export const DEAL_EPOCHS_MAX = 1278 * EPOCHS_PER_DAY
/** Provider collateral in percent of the circulating supply, for all power together. */
const COLLATERAL_PERCENT = 1n

export interface Deal {
  readonly pricePerEpochAtto: bigint
  readonly start: number
  /** Exclusive: the last paid epoch is the one before. */
  readonly end: number
  readonly providerCollateralAtto: bigint
  readonly clientCollateralAtto: bigint
}

/**
 * Smallest provider collateral of a piece: its share of the larger of network power, baseline and itself, of 1% of supply;
 * floored.
 */
export const computeProviderCollateralMin = (
  circulatingAtto: bigint,
  pieceBytes: bigint,
  networkRawBytes: bigint,
  baselineBytes: bigint,
): bigint => {
  let largest = pieceBytes
  if (networkRawBytes > largest) largest = networkRawBytes
  if (baselineBytes > largest) largest = baselineBytes
  return divFloor(pieceBytes * circulatingAtto * COLLATERAL_PERCENT, largest * 100n)
}

/** Price of the whole term. */
export const computeStorageFee = (deal: Pick<Deal, "pricePerEpochAtto" | "start" | "end">): bigint =>
  deal.pricePerEpochAtto * BigInt(deal.end - deal.start)

/**
 * Payment when a running deal is settled at `epoch`: for the epochs since the later of its start and its last settlement (-1 when
 * never), up to the earlier of now and its end. 0 before the start.
 */
export const computeSettlement = (
  deal: Pick<Deal, "pricePerEpochAtto" | "start" | "end">,
  epoch: number,
  lastSettled: number = EPOCH_UNDEFINED,
): bigint => {
  const elapsed = Math.min(deal.end, epoch) - Math.max(deal.start, lastSettled)
  return elapsed > 0 ? deal.pricePerEpochAtto * BigInt(elapsed) : 0n
}

export interface DealEnding {
  /** To the provider. */
  readonly paymentAtto: bigint
  /** Provider collateral burnt. */
  readonly slashedAtto: bigint
  /** Price of the epochs that were not stored, back to the client; its collateral comes back besides. */
  readonly refundAtto: bigint
}

/**
 * What a deal's last settlement gives when its sector ends at `epoch`. Before the end: payment up to there, the rest refunded,
 * the whole provider collateral burnt. At the end or later the deal has expired: paid in full, nothing burnt.
 */
export const terminateDeal = (deal: Deal, epoch: number, lastSettled: number = EPOCH_UNDEFINED): DealEnding => {
  const paymentAtto = computeSettlement(deal, epoch, lastSettled)
  if (epoch >= deal.end) return { paymentAtto, slashedAtto: 0n, refundAtto: 0n }
  const refundAtto = deal.pricePerEpochAtto * BigInt(deal.end - Math.max(epoch, deal.start))
  return { paymentAtto, slashedAtto: deal.providerCollateralAtto, refundAtto }
}

/**
 * A published deal that was in no sector by its start: the provider's collateral is burnt, the client gets price and collateral
 * back.
 */
export const expireUnstartedDeal = (deal: Deal): { readonly burntAtto: bigint; readonly clientUnlockedAtto: bigint } => ({
  burntAtto: deal.providerCollateralAtto,
  clientUnlockedAtto: computeStorageFee(deal) + deal.clientCollateralAtto,
})
