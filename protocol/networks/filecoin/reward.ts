/**
 * The reward actor: what each epoch pays, from raw power reported at the end of it, and what a block is paid of that.
 * Source: filecoin-project/builtin-actors@b0a3bdd6 actors/reward/src/{state,lib}.rs.
 */

import { BASELINE_BEFORE_BYTES, BASELINE_INITIAL_BYTES, computeTheta, nextBaselineBytes } from "./baseline.ts"
import { EPOCH_UNDEFINED, EXPECTED_WINS_PER_EPOCH } from "./epoch.ts"
import { type Allocation, computeEpochReward, MAINNET_ALLOCATION } from "./minting.ts"
import { alphaBetaNext, type Estimate, REWARD_ESTIMATE_START } from "./smoothing.ts"

/** A penalty reported with a block is charged three times (`PENALTY_MULTIPLIER`). */
export const BLOCK_PENALTY_FACTOR = 3n

/** Sums are in byte-epochs, power in bytes. */
export interface RewardState {
  /** The epoch that `thisEpochRewardAtto` is for: one after the last reported. */
  readonly epoch: number
  /** For all winners of an epoch together, in attoFIL; paid in the next epoch that has a block. */
  readonly thisEpochRewardAtto: bigint
  readonly thisEpochBaselineBytes: bigint
  /** Power so far, each epoch's capped by its baseline. */
  readonly cumsumRealised: bigint
  /** Baseline so far, up to the effective network time. */
  readonly cumsumBaseline: bigint
  /** Whole epochs: the ceiling of theta. */
  readonly effectiveNetworkTime: number
  readonly effectiveBaselineBytes: bigint
  /** Smoothed epoch reward in attoFIL. */
  readonly rewardEstimate: Estimate
  readonly allocation: Allocation
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/**
 * The state at genesis of a network with `rawBytes` of raw power: one step with reward from the epoch before, which is epoch 0.
 */
export const createRewardState = (rawBytes: bigint, allocation: Allocation = MAINNET_ALLOCATION): RewardState => {
  const state: Mutable<RewardState> = {
    epoch: EPOCH_UNDEFINED,
    thisEpochRewardAtto: 0n,
    thisEpochBaselineBytes: BASELINE_BEFORE_BYTES,
    cumsumRealised: 0n,
    cumsumBaseline: 0n,
    effectiveNetworkTime: 0,
    effectiveBaselineBytes: BASELINE_INITIAL_BYTES,
    rewardEstimate: REWARD_ESTIMATE_START,
    allocation,
  }
  stepWithReward(state, rawBytes)
  return state
}

/**
 * The state after an epoch with blocks ended at `epoch` with `rawBytes` of raw power. Null epochs since the last report are
 * caught up at the same power, without reward, so that they move network time and mint nothing. The filter takes one step for
 * all.
 */
export const updateNetworkKpi = (state: RewardState, rawBytes: bigint, epoch: number): RewardState => {
  const next: Mutable<RewardState> = { ...state }
  while (next.epoch < epoch) step(next, rawBytes)
  stepWithReward(next, rawBytes)
  next.rewardEstimate = alphaBetaNext(state.rewardEstimate, next.thisEpochRewardAtto, next.epoch - state.epoch)
  return next
}

const stepWithReward = (state: Mutable<RewardState>, rawBytes: bigint): void => {
  const before = readTheta(state)
  step(state, rawBytes)
  state.thisEpochRewardAtto = computeEpochReward(state.epoch, before, readTheta(state), state.allocation)
}

const step = (state: Mutable<RewardState>, rawBytes: bigint): void => {
  state.epoch++
  state.thisEpochBaselineBytes = nextBaselineBytes(state.thisEpochBaselineBytes)
  state.cumsumRealised += rawBytes < state.thisEpochBaselineBytes ? rawBytes : state.thisEpochBaselineBytes
  while (state.cumsumRealised > state.cumsumBaseline) {
    state.effectiveNetworkTime++
    state.effectiveBaselineBytes = nextBaselineBytes(state.effectiveBaselineBytes)
    state.cumsumBaseline += state.effectiveBaselineBytes
  }
}

/** Effective network time in Q.128 epochs. */
export const readTheta = (state: RewardState): bigint =>
  computeTheta(state.effectiveNetworkTime, state.effectiveBaselineBytes, state.cumsumRealised, state.cumsumBaseline)

/** All in attoFIL. */
export interface BlockAward {
  /** Paid to the miner: its share of the epoch and the gas. */
  readonly rewardAtto: bigint
  /** The part of it that is newly minted: without the gas. */
  readonly mintedAtto: bigint
  readonly penaltyAtto: bigint
}

/**
 * Payment for one block that won `winCount` times: a fifth of the epoch's reward per win, floored, and the gas reward, at most
 * the reward actor's balance (which holds the gas already). Wins that nobody turns into a block are not minted. Amounts in
 * attoFIL. Throws a RangeError where the chain aborts: no win, a negative amount, or a balance below the gas.
 */
export const awardBlockReward = (
  thisEpochRewardAtto: bigint,
  winCount: number,
  gasRewardAtto: bigint,
  penaltyAtto: bigint,
  balanceAtto: bigint,
): BlockAward => {
  if (!(winCount > 0)) throw new RangeError(`a block with ${winCount} wins is no block`)
  if (gasRewardAtto < 0n || penaltyAtto < 0n) throw new RangeError("gas rewards and penalties are never below 0")
  if (balanceAtto < gasRewardAtto)
    throw new RangeError(`a balance of ${balanceAtto} does not hold the gas reward of ${gasRewardAtto}`)
  const due = (thisEpochRewardAtto * BigInt(winCount)) / EXPECTED_WINS_PER_EPOCH + gasRewardAtto
  const rewardAtto = due < balanceAtto ? due : balanceAtto
  return { rewardAtto, mintedAtto: rewardAtto - gasRewardAtto, penaltyAtto: penaltyAtto * BLOCK_PENALTY_FACTOR }
}
