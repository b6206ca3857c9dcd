/**
 * The payouts of `iot-pools.ts` over columns: shares as whole numbers of 1e-8, data credits as whole numbers, bones out. A
 * property proves every bone equal to the decimal rule; 10,000 hotspots take about a millisecond.
 */

import * as decimal from "../../kernel/decimal.ts"
import type { Decimal } from "../../kernel/decimal.ts"
import {
  computeDataSpend,
  computeIotPools,
  computePerShare,
  IOT_SHARES,
  PER_SHARE_DECIMALS,
  type IotShares,
} from "./iot-pools.ts"

/** Decimals of a share: reward units and transmit scale have four each. */
export const SHARE_DECIMALS = 8

export interface IotEpochColumns {
  /** Bones of the epoch. */
  readonly emissionsBones: number | bigint
  /** USD per bone. */
  readonly pricePerBone: Decimal
  /** Rows to pay, from 0. */
  readonly length: number
  /** Shares in 1e-8, whole and below 2^53. */
  readonly beaconSharesE8: ArrayLike<number>
  readonly witnessSharesE8: ArrayLike<number>
  /** Data credits, whole. */
  readonly dc: ArrayLike<number>
}

/** Bones per hotspot and kind, written by `computeIotEpochPayouts`. */
export interface IotPayoutColumns {
  readonly beacon: Float64Array
  readonly witness: Float64Array
  readonly dataTransfer: Float64Array
}

/** What an epoch paid and left, in whole bones: `unallocated` holds dust and pools without shares. */
export interface IotEpochTotals {
  readonly beacon: bigint
  readonly witness: bigint
  readonly dataTransfer: bigint
  readonly operations: bigint
  readonly oracles: bigint
  readonly unallocated: bigint
}

export const newIotPayoutColumns = (length: number): IotPayoutColumns => ({
  beacon: new Float64Array(length),
  witness: new Float64Array(length),
  dataTransfer: new Float64Array(length),
})

/**
 * Fills `out` with every hotspot's bones. Equal to `computeIotEpochRewards` bone for bone while each payout stays below 2^53.
 * Throws a RangeError for a price that is not positive.
 */
export const computeIotEpochPayouts = (
  columns: IotEpochColumns,
  out: IotPayoutColumns,
  shares: IotShares = IOT_SHARES,
): IotEpochTotals => {
  const { length, pricePerBone } = columns
  if (pricePerBone.units <= 0n) throw new RangeError("an epoch needs a positive price per bone")
  const emissions = decimal.make(BigInt(columns.emissionsBones))
  const dcSum = decimal.make(sumWhole(columns.dc, length))
  const { dataTransfer: dataPool } = computeIotPools(emissions, decimal.zero, shares)
  const { spent, remainder } = computeDataSpend(dcSum, pricePerBone, dataPool)
  const pools = computeIotPools(emissions, remainder, shares)
  const beacon = payColumn(pools.beacons, columns.beaconSharesE8, SHARE_DECIMALS, length, out.beacon)
  const witness = payColumn(pools.witnesses, columns.witnessSharesE8, SHARE_DECIMALS, length, out.witness)
  const dataTransfer = payColumn(spent, columns.dc, 0, length, out.dataTransfer)
  const due = decimal.add(decimal.add(pools.beacons, pools.witnesses), spent)
  const left = decimal.toUnits(decimal.sub(due, decimal.make(beacon + witness + dataTransfer)), 0, "trunc")
  const whole = (pool: Decimal): bigint => decimal.toUnits(pool, 0, "floor")
  return {
    beacon,
    witness,
    dataTransfer,
    operations: whole(pools.operations),
    oracles: whole(pools.oracles),
    unallocated: left > 0n ? left : 0n,
  }
}

const SAFE = 4503599627370496 // 2^52: one more share cannot pass 2^53 unnoticed

/** Exact sum of whole numbers. */
const sumWhole = (column: ArrayLike<number>, length: number): bigint => {
  let total = 0n
  let part = 0
  for (let i = 0; i < length; i++) {
    if (part > SAFE || column[i] > SAFE) {
      total += BigInt(part)
      part = 0
    }
    part += column[i]
  }
  return total + BigInt(part)
}

/** Relative error of `share * rate` in doubles: the rate and the product are rounded once each. */
const RELATIVE_ERROR = 1 / 2251799813685248 // 2^-51, twice what the two roundings can make

/**
 * Pays `pool` over a column of whole shares of 10^-shareDecimals: floor(perShare * share), perShare half-even at 15 decimals.
 * Returns the bones paid. The product is taken in doubles and only where a whole number lies within its error in integers.
 */
export const payColumn = (
  pool: Decimal,
  shares: ArrayLike<number>,
  shareDecimals: number,
  length: number,
  out: Float64Array,
): bigint => {
  const perShare = computePerShare(pool, decimal.make(sumWhole(shares, length), shareDecimals))
  const units = decimal.toUnits(perShare, PER_SHARE_DECIMALS, "half_even")
  const divisor = decimal.tenTo(PER_SHARE_DECIMALS + shareDecimals)
  const rate = decimal.toNumber(decimal.make(units, PER_SHARE_DECIMALS + shareDecimals))
  for (let i = 0; i < length; i++) {
    const bones = rate * shares[i]
    const margin = bones * RELATIVE_ERROR
    const low = Math.floor(bones - margin)
    out[i] = low === Math.floor(bones + margin) ? low : Number((units * BigInt(shares[i])) / divisor)
  }
  return sumWhole(out, length)
}
