/**
 * What misbehaviour costs: continued faults, disputed proofs, early termination, consensus faults.
 * Sources: filecoin-project/builtin-actors@b0a3bdd6 actors/miner/src/{monies,policy,lib}.rs; FIP-0002 (the first missed proof
 * is free), FIP-0010 (disputes), FIP-0011 (consensus faults), FIP-0098 (termination).
 */

import { CHAIN_FINALITY_EPOCHS, EPOCHS_PER_DAY, EXPECTED_WINS_PER_EPOCH } from "./epoch.ts"
import { computeExpectedReward, type NetworkEstimates } from "./expected-reward.ts"
import { ATTO_PER_FIL } from "./minting.ts"

/** 3.51 days. */
export const FAULT_FEE_EPOCHS = Math.floor((EPOCHS_PER_DAY * 351) / 100)
/** 5.51 days. */
export const DISPUTE_EPOCHS = FAULT_FEE_EPOCHS + 2 * EPOCHS_PER_DAY
export const DISPUTE_BASE_ATTO = 20n * ATTO_PER_FIL
export const DISPUTE_REWARD_ATTO = 4n * ATTO_PER_FIL
/** A sector continuously faulty this long is terminated: 42 proving periods. */
export const FAULT_EPOCHS_MAX = 42 * EPOCHS_PER_DAY
/** Age from which the termination fee no longer grows. */
export const TERMINATION_AGE_EPOCHS_MAX = 140 * EPOCHS_PER_DAY
/** Termination fee of an old sector, permille of its pledge; floors of it: percent of the pledge and of a fault fee. */
const TERMINATION_PLEDGE_PERMILLE = 85n
const TERMINATION_PLEDGE_MIN_PERCENT = 2n
const TERMINATION_FAULT_FEE_PERCENT = 105n
/** Epoch rewards times this, shared by the expected winners, are a consensus fault's penalty. */
const CONSENSUS_FAULT_FACTOR = 5n
/** One over the reporter's share of a winner's reward. */
const REPORTER_SHARE = 4n
/** Epochs without mining after a reported consensus fault. */
export const CONSENSUS_FAULT_EPOCHS = CHAIN_FINALITY_EPOCHS

/** Fee in attoFIL for every proving period that `qaBytes` stay faulty after the first: 3.51 days of expected reward. */
export const computeFaultFee = (estimates: NetworkEstimates, qaBytes: bigint): bigint =>
  computeExpectedReward(estimates, qaBytes, FAULT_FEE_EPOCHS)

/** All in attoFIL. */
export interface DisputePenalty {
  /** 5.51 days of expected reward and 20 FIL. */
  readonly baseAtto: bigint
  /** What the disputer should get, on top of it. */
  readonly rewardAtto: bigint
  readonly totalAtto: bigint
}

/**
 * Penalty for a window proof of `qaBytes` that a dispute showed to be invalid. The disputer gets the reward as far as it could
 * be burnt.
 */
export const computeDisputePenalty = (estimates: NetworkEstimates, qaBytes: bigint): DisputePenalty => {
  const baseAtto = computeExpectedReward(estimates, qaBytes, DISPUTE_EPOCHS) + DISPUTE_BASE_ATTO
  return { baseAtto, rewardAtto: DISPUTE_REWARD_ATTO, totalAtto: baseAtto + DISPUTE_REWARD_ATTO }
}

/**
 * Fee in attoFIL for a sector ended early at `ageEpochs` since its activation: 8.5% of the pledge, in proportion to the age up to
 * 140 days, at least 2% of the pledge and 105% of a fault fee; every quotient floored (FIP-0098).
 */
export const computeTerminationFee = (pledgeAtto: bigint, ageEpochs: number, faultFeeAtto: bigint): bigint => {
  const full = (pledgeAtto * TERMINATION_PLEDGE_PERMILLE) / 1000n
  const byAge = (full * BigInt(ageEpochs)) / BigInt(TERMINATION_AGE_EPOCHS_MAX)
  const base = byAge < full ? byAge : full
  const pledgeFloor = (pledgeAtto * TERMINATION_PLEDGE_MIN_PERCENT) / 100n
  const faultFloor = (faultFeeAtto * TERMINATION_FAULT_FEE_PERCENT) / 100n
  const floor = pledgeFloor > faultFloor ? pledgeFloor : faultFloor
  return base > floor ? base : floor
}

/** All in attoFIL. */
export interface ConsensusFaultPenalty {
  readonly penaltyAtto: bigint
  readonly reporterAtto: bigint
  readonly burnAtto: bigint
}

/**
 * A consensus fault costs one smoothed epoch reward, of which a twentieth goes to the reporter and the rest is burnt; in
 * attoFIL.
 */
export const computeConsensusFaultPenalty = (epochRewardAtto: bigint): ConsensusFaultPenalty => {
  const penaltyAtto = (epochRewardAtto * CONSENSUS_FAULT_FACTOR) / EXPECTED_WINS_PER_EPOCH
  const reporterAtto = epochRewardAtto / (EXPECTED_WINS_PER_EPOCH * REPORTER_SHARE)
  return { penaltyAtto, reporterAtto, burnAtto: penaltyAtto - reporterAtto }
}

/**
 * Takes a report of a fault of `faultEpoch` at `now`. A fault before the end of an earlier report's punishment is too old; else
 * the miner is out for 900 epochs from now. Throws a RangeError when the fault is not in the past.
 */
export const reportConsensusFault = (
  consensusFaultElapsed: number,
  now: number,
  faultEpoch: number,
): { readonly result: "ok" | "too old"; readonly consensusFaultElapsed: number } => {
  if (faultEpoch >= now)
    throw new RangeError(`a fault of epoch ${faultEpoch} cannot be reported at ${now}: it is not in the past`)
  if (faultEpoch < consensusFaultElapsed) return { result: "too old", consensusFaultElapsed }
  return { result: "ok", consensusFaultElapsed: now + CONSENSUS_FAULT_EPOCHS }
}
