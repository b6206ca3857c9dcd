/**
 * The Mobile epoch in exact decimals: its pools, and what radios, sessions, mappers and service providers are paid.
 * Sources: helium/oracles@21935653 mobile_verifier/src/{reward_shares,rewarder,service_provider/reward}.rs; HIP-53, 79, 87, 118,
 * 122, 147, 148. Payouts divide exactly and are floored; the source's decimals keep 28 digits, so where an exact payout is a whole
 * number it may pay one bone less. `mobile-payouts.ts` is the same money over columns.
 */
import * as decimal from "../../kernel/decimal.ts"
import type { Decimal } from "../../kernel/decimal.ts"
import { divFloor } from "../../kernel/money.ts"
import { computeDcValueBones } from "./data-credits.ts"

/** Percent of the Mobile epoch. `poc` is what coverage gets besides what data leaves of its ceiling. */
export interface MobileShares {
  readonly dataPercent: number
  readonly pocPercent: number
  readonly boostedPercent: number
  readonly mapperPercent: number
  readonly serviceProviderPercent: number
  readonly oraclePercent: number
}

/** HIP-122 as coded in March 2025. */
export const MOBILE_SHARES_2025_03: MobileShares = {
  dataPercent: 40,
  pocPercent: 10,
  boostedPercent: 10,
  mapperPercent: 20,
  serviceProviderPercent: 10,
  oraclePercent: 4,
}

/** HIP-148, from 2025-11-05: data first, coverage gets what is left of 70 %. */
export const MOBILE_SHARES_HIP148: MobileShares = {
  dataPercent: 70,
  pocPercent: 0,
  boostedPercent: 0,
  mapperPercent: 0,
  serviceProviderPercent: 24,
  oraclePercent: 0,
}

export const percentOf = (amount: Decimal, percent: number): Decimal => decimal.mul(amount, decimal.make(BigInt(percent), 2))
const floored = (a: Decimal): bigint => decimal.toUnits(a, 0, "floor")
const sumOf = (list: readonly bigint[]): bigint => list.reduce((a, b) => a + b, 0n)
const times = (a: Decimal, n: number): Decimal => decimal.mul(a, decimal.make(BigInt(n)))

/** Whole bones of each pool. */
export const computeMobilePools = (emissions: Decimal, shares: MobileShares = MOBILE_SHARES_2025_03) => ({
  pocAndData: floored(percentOf(emissions, shares.dataPercent + shares.pocPercent + shares.boostedPercent)),
  mappers: floored(percentOf(emissions, shares.mapperPercent)),
  serviceProviders: floored(percentOf(emissions, shares.serviceProviderPercent)),
  oracles: floored(percentOf(emissions, shares.oraclePercent)),
})

/** floor(pool · share / total), exact; 0 of 0. */
const shareOf = (pool: Decimal, share: Decimal, total: Decimal): bigint =>
  total.units <= 0n
    ? 0n
    : divFloor(pool.units * share.units * decimal.tenTo(total.scale), total.units * decimal.tenTo(pool.scale + share.scale))

/** What data transfer is owed, spends of its ceiling, and leaves to coverage. Each session's value is rounded up at 15 decimals. */
export const computeDataTransfer = (
  emissions: Decimal,
  dc: readonly Decimal[],
  pricePerBone: Decimal,
  shares: MobileShares = MOBILE_SHARES_2025_03,
): { readonly values: Decimal[]; readonly demand: Decimal; readonly spent: Decimal; readonly leftForPoc: Decimal } => {
  const values = dc.map((credits) => computeDcValueBones(credits, pricePerBone))
  const demand = values.reduce(decimal.add, decimal.zero)
  return { values, ...spendData(emissions, demand, shares) }
}

/** The same for `sessions` sessions alike. */
export const computeEqualSessions = (
  emissions: Decimal,
  sessions: number,
  dcPerSession: Decimal,
  pricePerBone: Decimal,
  shares: MobileShares = MOBILE_SHARES_2025_03,
) => spendData(emissions, times(computeDcValueBones(dcPerSession, pricePerBone), sessions), shares)

const spendData = (emissions: Decimal, demand: Decimal, shares: MobileShares) => {
  const spent = decimal.min(demand, percentOf(emissions, shares.dataPercent))
  const bucket = percentOf(emissions, shares.dataPercent + shares.pocPercent + shares.boostedPercent)
  return { demand, spent, leftForPoc: decimal.sub(bucket, spent) }
}

/** Mapper pool over equal subscribers. Discovery and verification are floored apart (HIP-118). */
export const computeMapperRewards = (
  emissions: Decimal,
  subscribers: number,
  discoveryPoints: number,
  verificationPoints: number,
  shares: MobileShares = MOBILE_SHARES_2025_03,
) => {
  const pool = percentOf(emissions, shares.mapperPercent)
  const points = decimal.parse(discoveryPoints)
  const verification = decimal.parse(verificationPoints)
  const total = times(decimal.add(points, verification), subscribers)
  const discoveryEach = shareOf(pool, points, total)
  const verificationEach = shareOf(pool, verification, total)
  const allocated = (discoveryEach + verificationEach) * BigInt(subscribers)
  return { discoveryEach, verificationEach, allocated, unallocated: floored(pool) - allocated }
}

/** A radio's shares, in two parts. */
export interface BoostedShares {
  readonly base: Decimal
  readonly boosted: Decimal
}

/**
 * HIP-122: one rate for all points while the boosted ones fit their own pool; otherwise two rates, a pool each. Base and boosted
 * parts are floored apart. Bones per radio, in input order.
 */
export const computeBoostedRewards = (pocPool: Decimal, boostedPool: Decimal, radios: readonly BoostedShares[]): bigint[] => {
  const base = radios.reduce((sum, r) => decimal.add(sum, r.base), decimal.zero)
  const boosted = radios.reduce((sum, r) => decimal.add(sum, r.boosted), decimal.zero)
  const all = decimal.add(base, boosted)
  const pool = decimal.add(pocPool, boostedPool)
  const isWithin = decimal.compare(decimal.mul(boostedPool, all), decimal.mul(pool, boosted)) >= 0
  return radios.map((r) =>
    isWithin
      ? shareOf(pool, r.base, all) + shareOf(pool, r.boosted, all)
      : shareOf(pocPool, r.base, base) + shareOf(boostedPool, r.boosted, boosted),
  )
}

/**
 * Coverage and data payouts of an epoch without boosts. What data leaves of its ceiling, to the bone, is coverage's, so that
 * poc + data + unallocated = floor(data + poc + boosted percent of the epoch).
 */
export const computeMobileEpochRewards = (
  emissions: Decimal,
  dc: readonly Decimal[],
  pricePerBone: Decimal,
  radioShares: readonly (readonly Decimal[])[],
  shares: MobileShares = MOBILE_SHARES_2025_03,
) => {
  const ceiling = percentOf(emissions, shares.dataPercent)
  const { values, demand } = computeDataTransfer(emissions, dc, pricePerBone, shares)
  const isOver = decimal.compare(demand, ceiling) > 0
  const data = values.map((value) => (isOver ? shareOf(ceiling, value, demand) : floored(value)))
  const bucket = percentOf(emissions, shares.dataPercent + shares.pocPercent + shares.boostedPercent)
  const pool = decimal.sub(bucket, decimal.make(sumOf(data)))
  const total = radioShares.flat().reduce(decimal.add, decimal.zero)
  const poc = radioShares.map((owner) => sumOf(owner.map((share) => shareOf(pool, share, total))))
  return { poc, data, unallocated: floored(decimal.sub(pool, decimal.make(sumOf(poc)))) }
}

/** HIP-87: a service provider gets the value of its Data Credits, at most the pool. */
export const computeServiceProviderReward = (pool: Decimal, dc: Decimal, pricePerBone: Decimal) => {
  const paid = floored(decimal.min(pool, computeDcValueBones(dc, pricePerBone)))
  return { paid, unallocated: floored(pool) - paid }
}
