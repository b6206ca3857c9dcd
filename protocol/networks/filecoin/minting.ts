/**
 * What an epoch may mint: 330 million FIL decay with time alone, 770 million with network time, both halving in six years.
 * Sources: filecoin-project/builtin-actors@b0a3bdd6 actors/reward/src/logic.rs; filecoin-project/specs@3d0b0c14
 * block_reward_minting.md.
 */

import { floor, mul, ONE, PRECISION } from "../../kernel/fixed.ts"
import { expNegQ128 } from "./curves.ts"

export const ATTO_PER_FIL = 10n ** 18n
export const SIMPLE_TOTAL_ATTO = 330_000_000n * ATTO_PER_FIL
export const BASELINE_TOTAL_ATTO = 770_000_000n * ATTO_PER_FIL
/** ln 2 / (6 * EPOCHS_PER_YEAR) in Q.128. */
export const LAMBDA = 37396271439864487274534522888786n
/** e^LAMBDA - 1 in Q.128. */
export const EXP_LAMBDA_LESS_ONE = 37396273494747879394193016954629n

/** What both curves give away in all, in attoFIL. */
export interface Allocation {
  readonly simpleAtto: bigint
  readonly baselineAtto: bigint
}
export const MAINNET_ALLOCATION: Allocation = { simpleAtto: SIMPLE_TOTAL_ATTO, baselineAtto: BASELINE_TOTAL_ATTO }

/** Baseline supply minted by a network time of `theta` (Q.128 epochs): (1 - e^(-lambda * theta)) * total, attoFIL in Q.128. */
export const computeBaselineSupplyQ128 = (theta: bigint, totalAtto: bigint): bigint =>
  (ONE - expNegQ128(mul(theta, LAMBDA))) * totalAtto

/** The simple part of an epoch: total * (e^lambda - 1) * e^(-lambda * epoch), attoFIL in Q.128. */
export const computeSimpleRewardQ128 = (epoch: number, totalAtto: bigint): bigint =>
  (totalAtto * EXP_LAMBDA_LESS_ONE * expNegQ128(LAMBDA * BigInt(epoch))) >> PRECISION

/**
 * Reward of one epoch for all winners together, in attoFIL, floored once at the end: the simple part of `epoch` and what the
 * baseline part gains while network time goes from one theta to the next (Q.128 epochs).
 */
export const computeEpochReward = (epoch: number, previousTheta: bigint, theta: bigint, allocation: Allocation): bigint =>
  floor(
    computeSimpleRewardQ128(epoch, allocation.simpleAtto) +
      computeBaselineSupplyQ128(theta, allocation.baselineAtto) -
      computeBaselineSupplyQ128(previousTheta, allocation.baselineAtto),
  )
