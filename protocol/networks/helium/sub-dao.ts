/**
 * How an epoch is split between sub-DAOs: utility score (HIP-51, HIP-88), smoothed stake share (HIP-141), the split with
 * security tokens before HIP-138, and the redemption price of a treasury (HIP-52).
 * Source of the code: helium/helium-program-library@af2f8968 (before HIP-138) and @145947ee, programs/helium-sub-daos.
 */

import * as decimal from "../../kernel/decimal.ts"
import type { Decimal } from "../../kernel/decimal.ts"

const USD_PER_DC = 0.00001
/** Epochs over which a stake share is smoothed (HIP-141). */
export const SHARE_SMOOTHING_EPOCHS = 30
/** Decimals of a redemption price, truncated (HIP-52's worked number). */
export const TREASURY_PRICE_DECIMALS = 11

/**
 * Utility U = V * D * A of a sub-DAO: V = max(1, veHNT), D = max(1, sqrt(USD of data credits burned)), A = max(1, fourth root of
 * the onboarding fees paid in USD). Doubles, unrounded.
 */
export const computeUtilityScore = (
  vehnt: number,
  feeUsdSum: number,
  dcBurned: number,
): { a: number; d: number; utility: number } => {
  const a = Math.max(1, Math.sqrt(Math.sqrt(feeUsdSum)))
  const d = Math.max(1, Math.sqrt(dcBurned * USD_PER_DC))
  return { a, d, utility: Math.max(1, vehnt) * d * a }
}

/** Emission share after `epochs` at a constant stake share: S' = 29/30 S + 1/30 V. Fractions of 1. HIP-141. */
export const computeSmoothedShare = (
  previous: number,
  stakeShare: number,
  epochs: number,
  smoothingEpochs: number = SHARE_SMOOTHING_EPOCHS,
): number => {
  let share = previous
  for (let i = 0; i < epochs; i++) share = ((smoothingEpochs - 1) * share + stakeShare) / smoothingEpochs
  return share
}

/**
 * An epoch before HIP-138, smallest units: HNT to treasuries and security tokens, sub-DAO tokens to escrow and delegators.
 * Percents of 100; every division floors, and the delegators take what their escrow's division leaves.
 */
export const splitHst = (
  hnt: bigint,
  dnt: bigint,
  hstPercent: Decimal,
  delegatorPercent: Decimal,
): { treasury: bigint; hst: bigint; escrow: bigint; delegators: bigint } => {
  const hundred = decimal.make(100n)
  const part = (amount: bigint, percent: Decimal): bigint =>
    decimal.toUnits(decimal.div(decimal.mul(decimal.make(amount), percent), hundred, 0, "floor"), 0, "floor")
  const escrow = part(dnt, decimal.sub(hundred, delegatorPercent))
  return {
    treasury: part(hnt, decimal.sub(hundred, hstPercent)),
    hst: part(hnt, hstPercent),
    escrow,
    delegators: dnt - escrow,
  }
}

/** HNT per sub-DAO token on redemption, H / S, truncated to 11 decimals. Throws a RangeError without supply. */
export const computeTreasuryPrice = (hnt: Decimal, supply: Decimal): Decimal =>
  decimal.div(hnt, supply, TREASURY_PRICE_DECIMALS, "trunc")
