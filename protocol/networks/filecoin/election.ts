/**
 * Expected consensus: how often a miner wins an epoch. Wins follow Poisson's law with five a network and epoch expected, drawn
 * by comparing a hash with one minus its distribution function in Q.256.
 * Sources: filecoin-project/lotus@b835fab7 chain/types/electionproof.go; filecoin-project/specs-actors@985cd0fa
 * actors/states/election.go; FIP-0086 (null rounds).
 */

import { exp } from "../../kernel/real.ts"
import { blake2b256 } from "./blake2b.ts"
import { expNegQ256 } from "./curves.ts"
import { EXPECTED_WINS_PER_EPOCH } from "./epoch.ts"

const PRECISION = 256n
const ONE = 1n << PRECISION
/** Wins that one block may carry at most: three times the expected ones of the whole network. */
export const WIN_COUNT_MAX = 15

/**
 * Expected wins per epoch in Q.256: 5 * power / total, floored; powers in quality-adjusted bytes. Throws a RangeError for a
 * total of 0.
 */
export const computeLambdaQ256 = (qaBytes: bigint, totalQaBytes: bigint): bigint =>
  ((qaBytes * EXPECTED_WINS_PER_EPOCH) << PRECISION) / totalQaBytes

/** 1 - P(wins <= k) for k = 0 … count - 1, in Q.256, every step floored. */
export const computePoissonTails = (lambdaQ256: bigint, count: number): bigint[] => {
  let mass = expNegQ256(lambdaQ256)
  let tail = ONE - mass
  const tails: bigint[] = []
  for (let k = 1; k <= count; k++) {
    tails.push(tail)
    mass = ((mass / BigInt(k)) * lambdaQ256) >> PRECISION
    tail -= mass
  }
  return tails
}

/** The 15 tails that a draw is compared with, for a miner's share of the power. */
export const computeWinTails = (qaBytes: bigint, totalQaBytes: bigint): bigint[] =>
  computePoissonTails(computeLambdaQ256(qaBytes, totalQaBytes), WIN_COUNT_MAX)

/** Wins of a draw in [0, 2^256) against the tails of `computeWinTails`: how many lie above it, 0 to 15. */
export const countWins = (drawQ256: bigint, tails: readonly bigint[]): number => {
  let wins = 0
  while (wins < tails.length && drawQ256 < tails[wins]) wins++
  return wins
}

/** The draw of a VRF proof: its BLAKE2b-256, big-endian, as a fraction of 2^256. */
export const computeDrawQ256 = (proof: Uint8Array): bigint => {
  let draw = 0n
  for (const byte of blake2b256(proof)) draw = (draw << 8n) | BigInt(byte)
  return draw
}

/** Chance that an epoch stays without a block when this share of the counted power is online: e^(-5 * share). */
export const computeNullRoundProbability = (onlineShare: number): number => exp(-Number(EXPECTED_WINS_PER_EPOCH) * onlineShare)

export interface ElectionStanding {
  /** Does the claim, at the lookback of 900 epochs, meet the consensus minimum? See power-table.ts. */
  readonly meetsMinimum: boolean
  /** Quality-adjusted claim in the current state, in bytes. */
  readonly qaBytes: bigint
  /** Unpaid fees in the current state, in attoFIL. */
  readonly feeDebtAtto: bigint
  /** Last epoch of a consensus fault's punishment, -1 when there is none. */
  readonly consensusFaultElapsed: number
}

/** May the miner be elected in `epoch`? The last epoch of a punishment is part of it (lotus@b835fab7 `MinerEligibleToMine`). */
export const isEligible = (miner: ElectionStanding, epoch: number): boolean =>
  miner.meetsMinimum && miner.qaBytes > 0n && miner.feeDebtAtto <= 0n && epoch > miner.consensusFaultElapsed
