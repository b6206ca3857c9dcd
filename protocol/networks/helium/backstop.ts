/**
 * HIP-149: floor and ceiling on what Mobile data deployers earn, the supplement, and the Mobile split that follows.
 * Whole bones in u64/u128 integer division, in the order written. Sources: helium/helium-program-library@145947ee
 * programs/helium-sub-daos/src/{backstop,supplement}.rs and issue_rewards_v0.rs; helium/oracles@cf050a6c mobile_verifier/src
 * {reward_shares/{emissions_split,data_transfer},rewarder/epoch_reward_info}.rs.
 */

import * as decimal from "../../kernel/decimal.ts"
import type { Decimal } from "../../kernel/decimal.ts"

/** Shares on chain are fractions of 2^32 - 1. */
export const SHARE_ONE = 4_294_967_295n
/** Mobile data bucket in percent of Mobile rewards (`MOBILE_DATA_BUCKET_PERCENT`). */
export const MOBILE_DATA_PERCENT = 70n
/** Ceiling on deployer earnings: this many times the carrier-paid USD. */
export const DEPLOYER_CAP_MULTIPLE = 3n
/** Floor: carrier-paid USD divided by this. */
export const DEPLOYER_FLOOR_DIVISOR = 2n
/** 10^(8 + 8 - 5): data credits to bones at a price in 1e-8 USD. */
export const DC_TO_BONES_FACTOR = 100_000_000_000n
/** Council's part of the supplement, in basis points (`COUNCIL_COMPENSATION_BPS`). */
export const COUNCIL_BPS = 125n
/** Service providers' part of the full Mobile epoch, in percent. */
export const SERVICE_PROVIDER_PERCENT = 24n

const U64_MAX = 18_446_744_073_709_551_615n
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b)
const positive = (a: bigint): bigint => (a > 0n ? a : 0n)

/** Amounts in bones; prices in 1e-8 USD, 0 = no usable price. */
export interface BackstopInput {
  readonly emission: bigint
  readonly smoothedBurn: bigint
  readonly netEmissionsCap: bigint
  /** Data credits that carriers burned on Mobile this epoch. */
  readonly dcBurned: bigint
  /** Mobile's smoothed share, of `SHARE_ONE`. */
  readonly mobileShare: bigint
  /** Low end of the price (average - 2 * confidence): sizes the floor. */
  readonly floorPrice: bigint
  /** Average price: sizes the ceiling. */
  readonly capPrice: bigint
}

export interface BackstopOutput {
  readonly reEmit: bigint
  readonly topUp: bigint
  readonly totalRewards: bigint
  /** 0 = no ceiling this epoch. */
  readonly deployerCap: bigint
}

/** Data credits in bones at a price, saturating at the largest u64 as the program does. */
const toBones = (dc: bigint, price: bigint): bigint => least((dc * DC_TO_BONES_FACTOR) / price, U64_MAX)

/**
 * Floor and ceiling of one epoch. The top-up fills the deployers' shortfall but spends only burn that the re-emit left over.
 * Dormant (no top-up, no ceiling) without a usable price; no top-up when Mobile's share is 0.
 */
export const computeBackstop = (input: BackstopInput): BackstopOutput => {
  const { emission, smoothedBurn, netEmissionsCap, dcBurned, mobileShare, floorPrice, capPrice } = input
  const reEmit = least(smoothedBurn, netEmissionsCap)
  const base = emission + reEmit
  if (floorPrice <= 0n || capPrice <= 0n) return { reEmit, topUp: 0n, totalRewards: base, deployerCap: 0n }
  const deployerCap = toBones(dcBurned * DEPLOYER_CAP_MULTIPLE, capPrice)
  if (mobileShare === 0n) return { reEmit, topUp: 0n, totalRewards: base, deployerCap }

  const target = toBones(dcBurned / DEPLOYER_FLOOR_DIVISOR, floorPrice)
  const baseline = (((base * mobileShare) / SHARE_ONE) * MOBILE_DATA_PERCENT) / 100n
  const shortfall = positive(target - baseline)
  const demand = (shortfall * SHARE_ONE * 100n) / (mobileShare * MOBILE_DATA_PERCENT)
  // A demand beyond u64 means a price that cannot be trusted: the program then tops up nothing.
  const topUp = demand > U64_MAX ? 0n : least(demand, positive(smoothedBurn - netEmissionsCap))
  return { reEmit, topUp, totalRewards: base + topUp, deployerCap }
}

/** Bones of the Mobile data bucket above the ceiling, redirected to delegators; a ceiling of 0 switches it off. */
export const computeOverflow = (mobileRewards: bigint, deployerCap: bigint, escrow: bigint): bigint =>
  deployerCap === 0n ? 0n : least(positive((mobileRewards * MOBILE_DATA_PERCENT) / 100n - deployerCap), escrow)

/** Window of the supplement, Unix seconds; `amount` in bones per epoch and sub-DAO while it is flat. */
export interface SupplementWindow {
  readonly start: number
  readonly flatEnd: number
  readonly taperEnd: number
  readonly amount: bigint
}

/** The window on mainnet: 360 epochs flat from 2026-08-05T12:00Z, then 720 tapering; 98,000 HNT per sub-DAO. */
export const SUPPLEMENT_WINDOW: SupplementWindow = {
  start: 1_785_931_200,
  flatEnd: 1_785_931_200 + 360 * 86_400,
  taperEnd: 1_785_931_200 + (360 + 720) * 86_400,
  amount: 98_000n * 100_000_000n,
}

/** Bones minted per sub-DAO by an epoch settled at `now`: flat, then linear from flatEnd to taperEnd, floored. */
export const computeSupplement = (now: number, window: SupplementWindow): bigint => {
  const { start, flatEnd, taperEnd, amount } = window
  if (now < start || now >= taperEnd) return 0n
  return now < flatEnd ? amount : (amount * BigInt(taperEnd - now)) / BigInt(taperEnd - flatEnd)
}

/** Part of the supplement that goes to the advisory council: 1.25%, floored. */
export const computeCouncilCut = (amount: bigint): bigint => (amount * COUNCIL_BPS) / 10_000n

/** Mobile's issued bones: service providers get 24% of the full epoch, floored, at most what was issued; data gets the rest. */
export const splitHip149Mobile = (
  emissions: bigint,
  issued: bigint,
): { readonly serviceProviders: bigint; readonly dataTransfer: bigint } => {
  const serviceProviders = least((emissions * SERVICE_PROVIDER_PERCENT) / 100n, issued)
  return { serviceProviders, dataTransfer: issued - serviceProviders }
}

/** Mobile data pool (bones) by data credits, each floored; unallocated = floor(pool) - paid, all of it without credits. */
export const splitMobileData = (
  pool: Decimal,
  dc: readonly bigint[],
): { readonly rewards: bigint[]; readonly unallocated: bigint } => {
  const total = dc.reduce((a, b) => a + b, 0n)
  const whole = decimal.toUnits(pool, 0, "floor")
  const below = total * decimal.tenTo(pool.scale)
  const rewards = dc.map((credits) => (total === 0n ? 0n : (pool.units * credits) / below))
  return { rewards, unallocated: whole - rewards.reduce((a, b) => a + b, 0n) }
}

/** HNT price in 1e-8 USD back out of the stored ceiling, floored; null when the ceiling is 0. */
export const recoverPrice = (deployerCap: bigint, dcBurned: bigint): bigint | null =>
  deployerCap === 0n ? null : (dcBurned * DEPLOYER_CAP_MULTIPLE * DC_TO_BONES_FACTOR) / deployerCap
