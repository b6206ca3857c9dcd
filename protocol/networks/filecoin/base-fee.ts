/**
 * Gas: the burnt base fee per unit of gas, in the version until network version 28 (by gas used) and since (by what senders
 * bid), and the premium that goes to the miner. In attoFIL per gas.
 * Sources: filecoin-project/lotus@b835fab7 chain/store/basefee.go, chain/types/message.go, build/buildconstants; FIP-0115.
 */

import { divCeil, divFloor } from "../../kernel/money.ts"

export const BLOCK_GAS_LIMIT = 10_000_000_000n
export const BLOCK_GAS_TARGET = BLOCK_GAS_LIMIT / 2n
/** Gas counted from the highest premium at which FIP-0115 reads the premium: the last unit of 80% of a block. */
export const PREMIUM_GAS_INDEX = (BLOCK_GAS_LIMIT * 80n) / 100n - 1n
export const BASE_FEE_INITIAL = 100_000_000n
export const BASE_FEE_MIN = 100n
/** One over the largest change in an epoch: an eighth. */
const BASE_FEE_CHANGE_DIVISOR = 8n
/** The first epoch under FIP-0115 (nv28). */
export const FIP_0115_EPOCH = 6_052_800

/**
 * Base fee after a tipset of `blocks` blocks with `gasLimitUsed` in all (each message once): up or down by at most an eighth as
 * the mean block lies above or below the target, at least 100.
 *
 * A falling fee divides a negative number. Lotus divides with Go's big.Int.Div, which floors for positive divisors: the
 * default. The shared vectors were written for truncation ("trunc"); the two differ by 1 attoFIL and only where the division is
 * inexact.
 */
export const nextBaseFeeByGas = (
  baseFee: bigint,
  gasLimitUsed: bigint,
  blocks: number,
  rounding: "floor" | "trunc" = "floor",
): bigint => {
  const divide = rounding === "floor" ? divFloor : (a: bigint, b: bigint): bigint => a / b
  const above = gasLimitUsed / BigInt(blocks) - BLOCK_GAS_TARGET
  const delta = above > BLOCK_GAS_TARGET ? BLOCK_GAS_TARGET : above < -BLOCK_GAS_TARGET ? -BLOCK_GAS_TARGET : above
  const next = baseFee + divide(divide(baseFee * delta, BLOCK_GAS_TARGET), BASE_FEE_CHANGE_DIVISOR)
  return next > BASE_FEE_MIN ? next : BASE_FEE_MIN
}

/**
 * Base fee after a tipset whose premium at 80% of a block is `premium` (FIP-0115): up by an eighth (rounded up) when that
 * premium is twice the eighth or more, down by an eighth when it is 0, at least 100.
 */
export const nextBaseFeeByPremium = (baseFee: bigint, premium: bigint): bigint => {
  const step = divCeil(baseFee, BASE_FEE_CHANGE_DIVISOR)
  const change = premium - step < step ? premium - step : step
  const next = baseFee + change
  return next > BASE_FEE_MIN ? next : BASE_FEE_MIN
}

/** A message's bid and its gas limit. */
export interface GasBid {
  readonly premium: bigint
  readonly gasLimit: bigint
}

/**
 * Premium of the unit of gas at PREMIUM_GAS_INDEX when a tipset's messages are stacked from the highest premium; 0 when they do
 * not reach it.
 */
export const computePremiumPercentile = (bids: readonly GasBid[]): bigint => {
  // Equal premiums give the same answer in any order, so the sort needs no further key.
  const falling = bids.toSorted((a, b) => (a.premium === b.premium ? 0 : a.premium > b.premium ? -1 : 1))
  let gas = 0n
  for (const { premium, gasLimit } of falling) {
    gas += gasLimit
    if (gas > PREMIUM_GAS_INDEX) return premium
  }
  return 0n
}

/** Premium that a message really pays: what its fee cap leaves above the base fee, at most its premium, not below 0. */
export const computeEffectivePremium = (baseFee: bigint, feeCap: bigint, premium: bigint): bigint => {
  const room = feeCap > baseFee ? feeCap - baseFee : 0n
  return premium < room ? premium : room
}
