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

const GIB_BITS = 30n
const MIB_BITS = 20n

/**
 * What a sector of 32 GiB counts, in whole GiB (floored: runs keep claims so), when `claimedMib` of verified data (floored) join
 * what already counts `baseGib`. Verified space counts for the sector's whole life (FIP-0045), so that durations cancel out.
 * From `baseGib` to 320.
 */
export const computeSectorQaGib = (baseGib: number, claimedMib: number): number => {
  const size = 32n << GIB_BITS
  // The space behind a sector's surplus: a verified byte counts nine more than a plain one.
  const surplus = (BigInt(baseGib - 32) << GIB_BITS) / (VERIFIED_TENTHS / BASE_TENTHS - 1n)
  const space = surplus + (BigInt(Math.floor(claimedMib)) << MIB_BITS)
  return Math.max(baseGib, Number(computeQaBytes(size, 1, space < size ? space : size) >> GIB_BITS))
}

/** What a sector of 32 GiB counts when this share of its space-time is verified, in whole GiB, floored. */
export const computeMixQaGib = (verifiedPermille: number): number => computeSectorQaGib(32, (verifiedPermille * 32 * 1024) / 1000)
