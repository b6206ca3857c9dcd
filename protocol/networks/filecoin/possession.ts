/**
 * Proof of data possession (PDP): the fee burnt per proof, the fault record of missed periods, and the chance that missing data
 * is noticed. There is no slashing: a faulted period is not paid.
 * Source: FilOzone/pdp@cc3f5eaf src/{Fees,SimplePDPService}.sol, docs/design.md.
 */

import { pow } from "../../kernel/real.ts"

/** 0.00023 FIL per TiB, which the contract's owner may change. */
export const PROOF_FEE_ATTO_PER_TIB = 230_000_000_000_000n
const TIB_BITS = 40n

/** Fee burnt per proof of `rawBytes`, in attoFIL, floored. Throws a RangeError for an empty data set, which cannot be proven. */
export const computeProofFee = (rawBytes: bigint, attoPerTib: bigint = PROOF_FEE_ATTO_PER_TIB): bigint => {
  if (rawBytes <= 0n) throw new RangeError(`${rawBytes} bytes cannot be proven`)
  return (attoPerTib * rawBytes) >> TIB_BITS
}

/**
 * Faulted periods recorded when the next proving period is opened `lateEpochs` after the deadline (negative: before it): every
 * whole period skipped, and the one that ended unless it was proven.
 */
export const countFaultPeriods = (periodEpochs: number, lateEpochs: number, provenThisPeriod: boolean): number => {
  const skipped = lateEpochs > 0 ? Math.floor((lateEpochs - 1) / periodEpochs) : 0
  return skipped + (provenThisPeriod ? 0 : 1)
}

/** Chance that a loss of this share of the data meets at least one challenge: 1 - (1 - share)^challenges. */
export const computeDetection = (lostShare: number, challengesPerDay: number, days: number): number =>
  1 - pow(1 - lostShare, challengesPerDay * days)
