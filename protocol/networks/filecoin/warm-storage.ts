/**
 * Filecoin Warm Storage Service: what a data set costs per epoch, and which part of a payment its proofs release. In base units
 * of USDFC (1e-18).
 * Source: FilOzone/filecoin-services@a16aea49 service_contracts/src/{lib/PriceListUSDFC,FilecoinWarmStorageService}.sol.
 */

import { EPOCHS_PER_DAY } from "./epoch.ts"

/** Base units of one USDFC. */
export const USDFC = 10n ** 18n
const TIB = 1n << 40n
const EPOCHS_PER_MONTH = BigInt(30 * EPOCHS_PER_DAY)
/** 2.5 USDFC per TiB and month. */
export const STORAGE_PRICE_PER_TIB_MONTH = (5n * USDFC) / 2n
/** 0.024 USDFC per data set and month. */
export const DATA_SET_FEE_PER_MONTH = (24n * USDFC) / 1000n

/** Rate of a data set of this many bytes per epoch; the part by size and the fixed part are floored each. */
export const computeRatePerEpoch = (bytes: bigint): bigint =>
  (bytes * STORAGE_PRICE_PER_TIB_MONTH) / (TIB * EPOCHS_PER_MONTH) + DATA_SET_FEE_PER_MONTH / EPOCHS_PER_MONTH

/**
 * The proving calendar of a data set: period k is the epochs after `activation + k * periodEpochs` up to and including the
 * next.
 */
export interface ProvingCalendar {
  readonly activation: number
  readonly periodEpochs: number
}

export interface PaymentRelease {
  readonly amount: bigint
  /** Settlement has come this far; it may pass unpaid periods. */
  readonly settleUpto: number
}

/**
 * Releases of `proposed`, meant for the epochs after `from` up to and including `to`, the share (floored) of epochs in proven
 * periods. A period without proof is passed over unpaid once its last epoch lies before `now`; one still open stops the
 * settlement. Epochs up to the activation are passed over unpaid. Throws a RangeError for an empty range or one that ends after
 * `now`.
 */
export const releasePayment = (
  calendar: ProvingCalendar,
  isProven: (period: number) => boolean,
  from: number,
  to: number,
  now: number,
  proposed: bigint,
): PaymentRelease => {
  if (to <= from || to > now) throw new RangeError(`cannot settle the epochs after ${from} up to ${to} at ${now}`)
  const { activation, periodEpochs } = calendar
  if (to <= activation) return { amount: 0n, settleUpto: to }
  const begin = Math.max(from, activation)
  const last = Math.floor((to - activation - 1) / periodEpochs)
  let settleUpto = begin
  let provenEpochs = 0
  for (let period = Math.floor((begin - activation) / periodEpochs); period <= last; period++) {
    const deadline = activation + (period + 1) * periodEpochs
    const end = Math.min(to, deadline)
    if (isProven(period)) {
      provenEpochs += end - Math.max(deadline - periodEpochs, begin)
      settleUpto = end
    } else if (deadline < now) settleUpto = end
  }
  return { amount: (proposed * BigInt(provenEpochs)) / BigInt(to - from), settleUpto }
}
