/**
 * The baseline: the power the network is asked to grow to, doubling every year, and the network time that counts how far the
 * power really there has filled it.
 * Source: filecoin-project/builtin-actors@b0a3bdd6 actors/reward/src/logic.rs; FIP-0004 (the initial value).
 */

import { fromRatio, fromWhole, mul, PRECISION } from "../../kernel/fixed.ts"

/** 2^(1 / EPOCHS_PER_YEAR) in Q.128, floored. */
export const BASELINE_GROWTH = 340282591298641078465964189926313473653n
/** Bytes at epoch 0: 2.5057 EiB. */
export const BASELINE_INITIAL_BYTES = 2_888_888_880_000_000_000n
/** Bytes one epoch before epoch 0, from which the reward state takes its first step. */
export const BASELINE_BEFORE_BYTES = ((BASELINE_INITIAL_BYTES << (2n * PRECISION)) / BASELINE_GROWTH) >> PRECISION

/** The baseline of the next epoch, in bytes, floored. */
export const nextBaselineBytes = (bytes: bigint): bigint => mul(bytes, BASELINE_GROWTH)

/** The baseline after `epochs` steps, each floored. Linear in `epochs`: a year takes about a tenth of a second. */
export const computeBaselineBytesAfter = (bytes: bigint, epochs: number): bigint => {
  let baseline = bytes
  for (let i = 0; i < epochs; i++) baseline = nextBaselineBytes(baseline)
  return baseline
}

/**
 * Effective network time in epochs, Q.128, between its ceiling and the epoch before: how much of the last baseline epoch the
 * realised byte-epochs have filled. 0 when the ceiling is 0. Throws a RangeError when the baseline at the ceiling is 0.
 */
export const computeTheta = (ceilingEpochs: number, baselineBytesAt: bigint, realised: bigint, baseline: bigint): bigint =>
  ceilingEpochs === 0 ? 0n : fromWhole(BigInt(ceilingEpochs)) - fromRatio(baseline - realised, baselineBytesAt)
