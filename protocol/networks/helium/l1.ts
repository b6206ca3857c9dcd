/**
 * Rewards of Helium's own chain (until 2023-04-18), in IEEE doubles as its Erlang computed them: the order of operations and the
 * rounding half away from zero are part of the rule, and payouts may sum to a bone more than their pool.
 * Source: helium/blockchain-core@0fc794eb src/transactions/v2/blockchain_txn_rewards_v2.erl, unless a line says otherwise.
 */

import { exp } from "../../kernel/real.ts"

/** Oracle prices of the old chain are integers of 1e-8 USD. */
const PRICE_SCALE = 100_000_000
const BONES_PER_HNT = 100_000_000
const USD_PER_DC = 0.00001

/** Erlang's `round/1`: nearest whole number, halves away from zero. */
export const roundHalfAway = (x: number): number => {
  const whole = Math.trunc(x)
  return Math.abs(x - whole) >= 0.5 ? whole + Math.sign(x) : whole
}

/** A reward unit under its ceiling; without a configured one (null) the unit was clipped at 1 (until chain variable 83). */
export const capRewardUnit = (unit: number, cap: number | null): number => Math.min(unit, cap ?? 1)

/** (share * 100 / total) / 100, in that order. */
const fractionOf = (share: number, total: number): number => (share * 100) / total / 100

/** Bones per share holder, in input order, from a pool in bones (may be fractional). All zero when nobody holds a share. */
export const splitL1Pool = (pool: number, shares: readonly number[]): number[] => {
  const total = shares.reduce((a, b) => a + b, 0)
  return shares.map((share) => (total === 0 ? 0 : roundHalfAway(fractionOf(share, total) * pool)))
}

/** Payouts of one category (challengers, challengees, witnesses): `percent` is a fraction of `epochRewardBones`. */
export const computeL1PoolShares = (epochRewardBones: number, percent: number, shares: readonly number[]): number[] =>
  splitL1Pool(epochRewardBones * percent, shares)

/** Bones that data credits were worth at an oracle price in 1e-8 USD, rounded up (blockchain_ledger_v1:dc_to_hnt). */
export const computeL1DcValueBones = (dc: number, oraclePrice: number): number =>
  Math.ceil(((dc * USD_PER_DC * PRICE_SCALE) / oraclePrice) * BONES_PER_HNT)

/**
 * Data-credit rewards after HIP-10 and what is handed on to proof of coverage, in bones: the credits earn their value, at most
 * the pool. Without a price (0) the whole pool is paid pro rata.
 */
export const computeL1DcRewards = (
  epochRewardBones: number,
  percent: number,
  dc: readonly number[],
  oraclePrice: number,
): { rewards: number[]; remainder: number } => {
  const pool = epochRewardBones * percent
  const total = dc.reduce((a, b) => a + b, 0)
  const spent = oraclePrice === 0 ? pool : Math.min(computeL1DcValueBones(total, oraclePrice), pool)
  return { rewards: splitL1Pool(spent, dc), remainder: Math.max(0, roundHalfAway(pool - spent)) }
}

/** Fractions of the epoch reward that the three proof-of-coverage categories hold. */
export interface L1Fractions {
  readonly challengers: number
  readonly challengees: number
  readonly witnesses: number
}

/**
 * Pools in bones once unspent data money is shared out, validator era: challengers (validators by then) get none of it, the
 * other two by their fractions, each share of the remainder rounded before it is added. Unrounded otherwise.
 */
export const computeL1Spillover = (epochRewardBones: number, dcRemainderBones: number, fractions: L1Fractions): L1Fractions => {
  const { challengers, challengees, witnesses } = fractions
  const both = challengees + witnesses
  const shareOf = (fraction: number): number => (dcRemainderBones === 0 ? 0 : roundHalfAway(dcRemainderBones * (fraction / both)))
  return {
    challengers: epochRewardBones * challengers,
    challengees: epochRewardBones * challengees + shareOf(challengees),
    witnesses: epochRewardBones * witnesses + shareOf(witnesses),
  }
}

/** Weight of a witness event: 1 below `exclusion`, then e^-(rate * (count - exclusion)). HIP-44. */
const computeWitnessWeight = (count: number, rate: number, exclusion: number): number =>
  count < exclusion ? 1 : exp((count - exclusion) * -1 * rate)

const sumWeights = (first: number, last: number, rate: number, exclusion: number): number => {
  let sum = 0
  for (let count = first; count <= last; count++) sum += computeWitnessWeight(count, rate, exclusion)
  return sum
}

/** Units of `events` witness events in one epoch under HIP-44, numbered from 1 as its text does (helium/HIP@6f6d0ba0 0044). */
export const computeHip44Units = (events: number, rate: number, exclusion: number): number =>
  sumWeights(1, events, rate, exclusion)

/** Split of a witness pool (bones) under HIP-44 as coded: events numbered from 0; `rate` null = decay off. Never activated. */
export const computeHip44Rewards = (
  events: readonly number[],
  rate: number | null,
  exclusion: number,
  poolBones: number,
): number[] =>
  splitL1Pool(
    poolBones,
    events.map((count) => (rate === null ? count : sumWeights(0, count - 1, rate, exclusion))),
  )

/** Inputs of HIP-42's daily ceiling; intervals in blocks. */
export interface WitnessLimitRule {
  readonly witnessList: number
  readonly blocksPerDay: number
  readonly challengeInterval: number
  readonly bucketDays: number
  readonly compensation: number
}

/** Rewarded witness events a day at most, under HIP-42 (helium/HIP@6f6d0ba0 0042); never switched on. */
export const computeHip42Limit = (rule: WitnessLimitRule): number =>
  ((rule.witnessList * (rule.blocksPerDay / rule.challengeInterval)) / rule.bucketDays) * rule.compensation

/** Timing of an epoch of the old chain: intervals and heights in blocks, both ends of the epoch included. */
export interface ConsensusEpoch {
  readonly monthlyRewardHnt: number
  readonly blockTimeMs: number
  readonly electionInterval: number
  readonly restartInterval: number
  readonly startBlock: number
  readonly endBlock: number
}

/** HNT that consensus earns for an epoch: blocks beyond election plus restart interval earn nothing. HIP-28. */
export const computeHip28Reward = (epoch: ConsensusEpoch): number => {
  const blocksPerMinute = 60 / (epoch.blockTimeMs / 1000)
  const blocksPerMonth = blocksPerMinute * 60 * 24 * 30
  const length = Math.min(epoch.endBlock - epoch.startBlock + 1, epoch.electionInterval + epoch.restartInterval)
  return (epoch.monthlyRewardHnt / blocksPerMonth) * length
}
