/**
 * The IoT epoch in exact decimals: pools, the value of data credits, and what every hotspot is paid, before HIP-149 and after.
 * Sources: helium/oracles@824f7724 iot_verifier/src/{reward_share,rewarder}.rs; after HIP-149 helium/oracles-iot@955739ed, same
 * files. `iot-payouts.ts` is the same money over columns.
 */

import * as decimal from "../../kernel/decimal.ts"
import type { Decimal } from "../../kernel/decimal.ts"
import { computeDcValueBones } from "./data-credits.ts"

/** Shares of the epoch in percent, and of what data transfer leaves unspent. Delegators' 6% is paid on chain, not here. */
export interface IotShares {
  readonly beaconPercent: number
  readonly witnessPercent: number
  readonly dataPercent: number
  readonly operationsPercent: number
  readonly oraclePercent: number
  readonly remainderBeaconPercent: number
  readonly remainderWitnessPercent: number
  readonly remainderOperationsPercent: number
}

/** HIP-52 as coded until 2026: unspent data money goes 20/80 to beacons and witnesses. */
export const IOT_SHARES: IotShares = {
  beaconPercent: 6,
  witnessPercent: 24,
  dataPercent: 50,
  operationsPercent: 7,
  oraclePercent: 7,
  remainderBeaconPercent: 20,
  remainderWitnessPercent: 80,
  remainderOperationsPercent: 0,
}

/** HIP-149: no proof of coverage; operations take its 30% and all unspent data money. */
export const IOT_SHARES_HIP149: IotShares = {
  beaconPercent: 0,
  witnessPercent: 0,
  dataPercent: 50,
  operationsPercent: 37,
  oraclePercent: 7,
  remainderBeaconPercent: 0,
  remainderWitnessPercent: 0,
  remainderOperationsPercent: 100,
}

/** Decimal places of the payout per share, half-even (`DEFAULT_PREC`). */
export const PER_SHARE_DECIMALS = 15

export interface IotPools {
  readonly beacons: Decimal
  readonly witnesses: Decimal
  readonly dataTransfer: Decimal
  readonly operations: Decimal
  readonly oracles: Decimal
}

const percentOf = (amount: Decimal, percent: number): Decimal => decimal.mul(amount, decimal.make(BigInt(percent), 2))

/** Pools of an epoch of `emissions` bones when data transfer leaves `remainder` bones unspent. Exact, not floored. */
export const computeIotPools = (emissions: Decimal, remainder: Decimal, shares: IotShares = IOT_SHARES): IotPools => ({
  beacons: decimal.add(percentOf(emissions, shares.beaconPercent), percentOf(remainder, shares.remainderBeaconPercent)),
  witnesses: decimal.add(percentOf(emissions, shares.witnessPercent), percentOf(remainder, shares.remainderWitnessPercent)),
  dataTransfer: percentOf(emissions, shares.dataPercent),
  operations: decimal.add(
    percentOf(emissions, shares.operationsPercent),
    percentOf(remainder, shares.remainderOperationsPercent),
  ),
  oracles: percentOf(emissions, shares.oraclePercent),
})

/** What data transfer spends of its pool and what it leaves: the value of the credits, capped at the pool. Bones. */
export const computeDataSpend = (
  dc: Decimal,
  pricePerBone: Decimal,
  pool: Decimal,
): { readonly spent: Decimal; readonly remainder: Decimal } => {
  const value = computeDcValueBones(dc, pricePerBone)
  const spent = decimal.min(value, pool)
  return { spent, remainder: decimal.sub(pool, spent) }
}

/** Bones per share, half-even at 15 decimals; zero when nobody holds a share. */
export const computePerShare = (pool: Decimal, shares: Decimal): Decimal =>
  shares.units > 0n ? decimal.div(pool, shares, PER_SHARE_DECIMALS, "half_even") : decimal.zero

/** Whole bones paid to every holder: per-share times shares, cut. */
export const splitPool = (pool: Decimal, shares: readonly Decimal[]): bigint[] => {
  const perShare = computePerShare(pool, sum(shares))
  return shares.map((held) => decimal.toUnits(decimal.mul(perShare, held), 0, "trunc"))
}

const sum = (list: readonly Decimal[]): Decimal => list.reduce(decimal.add, decimal.zero)

export interface IotGateway {
  readonly beaconUnits: Decimal
  readonly witnessUnits: Decimal
  readonly dc: Decimal
}

export interface IotEpochRewards {
  readonly beacon: bigint[]
  readonly witness: bigint[]
  readonly dataTransfer: bigint[]
  /**
   * Whole bones of the beacon and witness pools and of the data money due that nobody was paid: dust, and pools without shares.
   * Before HIP-149 the three sum to 80% of the epoch.
   */
  readonly unallocated: bigint
}

/** Payouts of one epoch in whole bones, in input order. `emissions` in bones, `pricePerBone` in USD. */
export const computeIotEpochRewards = (
  emissions: Decimal,
  pricePerBone: Decimal,
  gateways: readonly IotGateway[],
  shares: IotShares = IOT_SHARES,
): IotEpochRewards => {
  const dc = gateways.map((gateway) => gateway.dc)
  const { dataTransfer: dataPool } = computeIotPools(emissions, decimal.zero, shares)
  const { spent, remainder } = computeDataSpend(sum(dc), pricePerBone, dataPool)
  const pools = computeIotPools(emissions, remainder, shares)
  const beacon = splitPool(
    pools.beacons,
    gateways.map((gateway) => gateway.beaconUnits),
  )
  const witness = splitPool(
    pools.witnesses,
    gateways.map((gateway) => gateway.witnessUnits),
  )
  const dataTransfer = splitPool(spent, dc)
  const paid = [...beacon, ...witness, ...dataTransfer].reduce((a, b) => a + b, 0n)
  const due = decimal.add(decimal.add(pools.beacons, pools.witnesses), spent)
  const left = decimal.toUnits(decimal.sub(due, decimal.make(paid)), 0, "trunc")
  return { beacon, witness, dataTransfer, unallocated: left > 0n ? left : 0n }
}

/** Data-transfer payouts of one epoch after HIP-149, in whole bones and input order: pegged to the value, capped at 50%. */
export const computeHip149DataRewards = (emissions: Decimal, pricePerBone: Decimal, dc: readonly Decimal[]): bigint[] => {
  const { dataTransfer } = computeIotPools(emissions, decimal.zero, IOT_SHARES_HIP149)
  return splitPool(computeDataSpend(sum(dc), pricePerBone, dataTransfer).spent, dc)
}
