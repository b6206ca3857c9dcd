/**
 * Quality-adjusted power: verified data counts tenfold, everything else once.
 * Sources: filecoin-project/builtin-actors@b0a3bdd6 actors/miner/src/policy.rs; FIP-0045.
 */

import { divFloor } from "../../kernel/money.ts"

/** Bits behind the point of a quality factor: 1048576 is 1 (`SECTOR_QUALITY_PRECISION`). */
export const QUALITY_PRECISION = 20n
/** Tenths: plain space counts 1, verified space 10 (`QUALITY_BASE_MULTIPLIER`, `VERIFIED_DEAL_WEIGHT_MULTIPLIER`). */
const BASE_TENTHS = 10n
const VERIFIED_TENTHS = 100n

/**
 * Quality factor in Q.20 of a sector of `sizeBytes` over `durationEpochs` with `verifiedWeight` byte-epochs of verified data;
 * both divisions floor. Throws a RangeError when size or duration is 0.
 */
export const computeQuality = (sizeBytes: bigint, durationEpochs: number, verifiedWeight: bigint): bigint => {
  const spaceTime = sizeBytes * BigInt(durationEpochs)
  const weighted = (spaceTime - verifiedWeight) * BASE_TENTHS + verifiedWeight * VERIFIED_TENTHS
  return divFloor(divFloor(weighted << QUALITY_PRECISION, spaceTime), BASE_TENTHS)
}

/** Quality-adjusted bytes of a sector: size times quality, floored. Arguments and errors as in `computeQuality`. */
export const computeQaBytes = (sizeBytes: bigint, durationEpochs: number, verifiedWeight: bigint): bigint =>
  (sizeBytes * computeQuality(sizeBytes, durationEpochs, verifiedWeight)) >> QUALITY_PRECISION

/** The most quality-adjusted bytes a sector can have: ten times its size. */
export const computeQaBytesMax = (sizeBytes: bigint): bigint => (sizeBytes * VERIFIED_TENTHS) / BASE_TENTHS
