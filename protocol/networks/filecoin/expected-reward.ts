/**
 * BR(t): the reward that some power would earn over some epochs, by the smoothed estimates. Pledge, deposits and penalties are
 * multiples of it.
 * Source: filecoin-project/builtin-actors@b0a3bdd6 actors/miner/src/monies.rs `expected_reward_for_power`.
 */

import { floor } from "../../kernel/fixed.ts"
import { type Estimate, extrapolatedCumSumOfRatio, readEstimate } from "./smoothing.ts"

/** The two estimates that every price of Filecoin is made from. */
export interface NetworkEstimates {
  /** Epoch reward, in attoFIL. */
  readonly reward: Estimate
  /** Quality-adjusted network power, in bytes. */
  readonly networkQa: Estimate
}

/**
 * attoFIL that `qaBytes` would earn in the next `epochs`, floored, not below 0; all of one epoch's reward when the network has
 * no power.
 */
export const computeExpectedReward = ({ reward, networkQa }: NetworkEstimates, qaBytes: bigint, epochs: number): bigint => {
  if (readEstimate(networkQa) === 0n) return readEstimate(reward)
  const expected = floor(qaBytes * extrapolatedCumSumOfRatio(epochs, 0, reward, networkQa))
  return expected > 0n ? expected : 0n
}

/** The same, at least 1 attoFIL: deposits and pledge must never be 0, because they mark that a sector is there. */
export const computeExpectedRewardAtLeastOne = (estimates: NetworkEstimates, qaBytes: bigint, epochs: number): bigint => {
  const expected = computeExpectedReward(estimates, qaBytes, epochs)
  return expected > 0n ? expected : 1n
}
