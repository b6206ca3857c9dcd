/**
 * What a storage provider locks up: the initial pledge of a sector, the deposit of a pre-commit, the deposit of a new miner.
 * Sources: filecoin-project/builtin-actors@b0a3bdd6 actors/miner/src/{monies,lib}.rs; FIP-0081 (blend), FIP-0034 (deposit at
 * the highest quality), FIP-0077 (create-miner deposit).
 */

import { divFloor } from "../../kernel/money.ts"
import { EPOCHS_PER_DAY, EPOCHS_PER_YEAR } from "./epoch.ts"
import { computeExpectedRewardAtLeastOne, type NetworkEstimates } from "./expected-reward.ts"
import { ATTO_PER_FIL } from "./minting.ts"
import { computeQaBytesMax } from "./quality.ts"
import { readEstimate } from "./smoothing.ts"

/** Epochs of expected reward in the storage pledge and in the pre-commit deposit. */
export const PLEDGE_EPOCHS = 20 * EPOCHS_PER_DAY
/** Share of the circulating supply that all pledge together aims at: 3 tenths. */
const LOCK_TARGET_TENTHS = 3n
/** 1 FIL per 32 GiB of quality-adjusted power, in attoFIL per byte, floored. */
export const PLEDGE_ATTO_PER_BYTE_MAX = ATTO_PER_FIL / (32n << 30n)
/** FIP-0081: permille of the consensus pledge that has moved to the simple formula once the ramp is over. */
export const RAMP_PERMILLE = 300
/** When FIP-0081's ramp began on mainnet (nv24) and how long it took. */
export const RAMP_START_EPOCH = 4_461_240
export const RAMP_EPOCHS = EPOCHS_PER_YEAR
/** FIP-0077: a tenth of the consensus minimum of 10 TiB. */
export const CREATE_MINER_QA_BYTES = 1n << 40n

/** What the pledge depends on beside the sector. */
export interface PledgeConditions extends NetworkEstimates {
  /** Baseline of this epoch, in bytes. */
  readonly baselineBytes: bigint
  readonly circulatingAtto: bigint
  /** Negative before the ramp. */
  readonly epochsSinceRampStart: number
  readonly rampEpochs: number
}

/**
 * Permille of the consensus pledge measured against the baseline: 1000 before FIP-0081's ramp, 700 after it, floored steps
 * between.
 */
export const computeGammaPermille = (epochsSinceRampStart: number, rampEpochs: number): number => {
  if (epochsSinceRampStart < 0) return 1000
  if (rampEpochs === 0 || epochsSinceRampStart >= rampEpochs) return 1000 - RAMP_PERMILLE
  return 1000 - Math.floor((epochsSinceRampStart * RAMP_PERMILLE) / rampEpochs)
}

/**
 * Initial pledge of `qaBytes`, in attoFIL: 20 days of expected reward (at least 1 attoFIL), and a share of 30% of the circulating
 * supply, blended between power over the baseline and power over the network's own; each term floored, at most 1 FIL per 32 GiB.
 * Throws a RangeError when neither network, baseline nor sector has power.
 */
export const computeInitialPledge = (conditions: PledgeConditions, qaBytes: bigint): bigint => {
  const storage = computeExpectedRewardAtLeastOne(conditions, qaBytes, PLEDGE_EPOCHS)
  const gamma = BigInt(computeGammaPermille(conditions.epochsSinceRampStart, conditions.rampEpochs))
  const share = conditions.circulatingAtto * LOCK_TARGET_TENTHS * qaBytes
  const simpleBytes = larger(readEstimate(conditions.networkQa), qaBytes)
  const baselineBytes = larger(simpleBytes, conditions.baselineBytes)
  const consensus =
    divFloor(gamma * share, baselineBytes * 10n * 1000n) + divFloor((1000n - gamma) * share, simpleBytes * 10n * 1000n)
  const nominal = storage + consensus
  const cap = PLEDGE_ATTO_PER_BYTE_MAX * qaBytes
  return nominal < cap ? nominal : cap
}

/** Deposit of a pre-committed sector in attoFIL: 20 days of expected reward at ten times its size, whatever it will hold. */
export const computePreCommitDeposit = (estimates: NetworkEstimates, sectorBytes: bigint): bigint =>
  computeExpectedRewardAtLeastOne(estimates, computeQaBytesMax(sectorBytes), PLEDGE_EPOCHS)

/** Deposit of a new miner in attoFIL, locked and vested over 180 days: the initial pledge of 1 TiB. */
export const computeCreateMinerDeposit = (conditions: PledgeConditions): bigint =>
  computeInitialPledge(conditions, CREATE_MINER_QA_BYTES)

const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b)
