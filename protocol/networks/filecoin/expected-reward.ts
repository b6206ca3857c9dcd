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
 * The reward of a byte over some epochs is the same for whatever power is asked about, and costs logarithms: the last one is kept. Estimates
 * are never changed in place, so who asks with the same ones asks for the same.
 */
const last: { reward?: Estimate; networkQa?: Estimate; epochs: number; perByte: bigint } = { epochs: 0, perByte: 0n }
function rewardPerByte({ reward, networkQa }: NetworkEstimates, epochs: number): bigint {
  if (last.reward !== reward || last.networkQa !== networkQa || last.epochs !== epochs) {
    last.perByte = extrapolatedCumSumOfRatio(epochs, 0, reward, networkQa)
    last.reward = reward
    last.networkQa = networkQa
    last.epochs = epochs
  }
  return last.perByte
}

/**
 * attoFIL that `qaBytes` would earn in the next `epochs`, floored, not below 0; all of one epoch's reward when the network has
 * no power.
 */
export const computeExpectedReward = (estimates: NetworkEstimates, qaBytes: bigint, epochs: number): bigint => {
  if (readEstimate(estimates.networkQa) === 0n) return readEstimate(estimates.reward)
  const expected = floor(qaBytes * rewardPerByte(estimates, epochs))
  return expected > 0n ? expected : 0n
}

/** The same, at least 1 attoFIL: deposits and pledge must never be 0, because they mark that a sector is there. */
export const computeExpectedRewardAtLeastOne = (estimates: NetworkEstimates, qaBytes: bigint, epochs: number): bigint => {
  const expected = computeExpectedReward(estimates, qaBytes, epochs)
  return expected > 0n ? expected : 1n
}
