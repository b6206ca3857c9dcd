/** The compute subnets: rewards by hour and multiplier (RNP-019, 021; Dispersed's live values) and burn against rewards (RNP-023). */
import * as decimal from "../../kernel/decimal.ts"
import type { Decimal } from "../../kernel/decimal.ts"
import { quotient } from "./quotient.ts"

/** Hours of a weekly epoch. */
const EPOCH_HOURS = decimal.make(168n)
const HUNDRED = decimal.make(100n)
const MONTHS_PER_YEAR = decimal.make(12n)
/** RENDER for a full week of work at a multiplier of 1 (RNP-019). */
const SUBNET_BASE = decimal.make(10n)
/** RENDER an epoch on the live subnet, for preparation and for being assignable. */
const PREPARATION = decimal.make(2n)
const ASSIGNABLE = decimal.make(6n)
/** Documents print fewer. Half to even. */
const PLACES = 6

const perEpoch = (rate: Decimal, hours: Decimal): Decimal =>
  decimal.div(decimal.mul(rate, hours), EPOCH_HOURS, PLACES, "half_even")

/** Weighted sum of a node's multipliers. RNP-019's weights add up to 0.97 where the document says 1 (CONFLICT): taken as printed. */
export const computeCompoundMultiplier = (weights: readonly Decimal[], multipliers: readonly Decimal[]): Decimal =>
  weights.reduce((sum, w, i) => decimal.add(sum, decimal.mul(w, multipliers[i] ?? decimal.zero)), decimal.zero)

/** base · multiplier · hours / 168, to 6 decimals half to even. */
export const computeSubnetJobReward = (base: Decimal, multiplier: Decimal, hours: Decimal): Decimal =>
  perEpoch(decimal.mul(base, multiplier), hours)

export const computeSubnetAvailability = (perEpochReward: Decimal, uptime: Decimal): Decimal =>
  decimal.mul(perEpochReward, uptime)

/** Job and availability of one epoch, rounded once at the end. */
export function computeSubnetTotal(v: {
  readonly base: Decimal
  readonly multiplier: Decimal
  readonly hours: Decimal
  readonly availPerEpoch: Decimal
  readonly uptime: Decimal
}): Decimal {
  const job = decimal.mul(decimal.mul(v.base, v.multiplier), v.hours)
  const availability = decimal.mul(decimal.mul(v.availPerEpoch, v.uptime), EPOCH_HOURS)
  return decimal.div(decimal.add(job, availability), EPOCH_HOURS, PLACES, "half_even")
}

/** A month of `epochsPerMonth` like epochs. */
export function computeSubnetMonthly(
  jobPerEpoch: Decimal,
  availPerEpoch: Decimal,
  epochsPerMonth: Decimal,
): { job: Decimal; availability: Decimal; total: Decimal } {
  const job = decimal.mul(jobPerEpoch, epochsPerMonth)
  const availability = decimal.mul(availPerEpoch, epochsPerMonth)
  return { job, availability, total: decimal.add(job, availability) }
}

/** Dispersed: job 10 · multiplier, preparation 2, assignable 6 RENDER for a full week of each. */
export const computeDispersedRewards = (
  multiplier: Decimal,
  jobHours: Decimal,
  prepHours: Decimal,
  assignableHours: Decimal,
): { job: Decimal; prep: Decimal; availability: Decimal } => ({
  job: perEpoch(decimal.mul(SUBNET_BASE, multiplier), jobHours),
  prep: perEpoch(PREPARATION, prepHours),
  availability: perEpoch(ASSIGNABLE, assignableHours),
})

/** RNP-021: what customers of `gpus` for `hours` pay over the nodes' ask, so that `feeShare` of it is the fee; the rest is burnt. */
export function computeRental(v: {
  readonly ask: Decimal
  readonly feeShare: Decimal
  readonly gpus: Decimal
  readonly hours: Decimal
  readonly grant: Decimal
}): { price: Decimal; total: Decimal; burn: Decimal; fee: Decimal; effectiveRate: Decimal } {
  const kept = decimal.sub(decimal.one, v.feeShare)
  const gpuHours = decimal.mul(v.gpus, v.hours)
  const burn = decimal.mul(v.ask, gpuHours)
  const total = quotient(burn, kept)
  const effectiveRate =
    gpuHours.units === 0n ? decimal.zero : decimal.div(decimal.sub(total, v.grant), gpuHours, PLACES, "half_even")
  return { price: quotient(v.ask, kept), total, burn, fee: decimal.sub(total, burn), effectiveRate }
}

/** RNP-023: burn at the price of payment against rewards at a later one; percent over the rewards, 0 where there are none. To 6 decimals. */
export function computeSaladBme(v: {
  readonly revenueUsd: Decimal
  readonly burnShare: Decimal
  readonly rewardShare: Decimal
  readonly burnPrice: Decimal
  readonly rewardPrice: Decimal
}): { burned: Decimal; rewards: Decimal; net: Decimal; pctOverRewards: Decimal } {
  const burnedUsd = decimal.mul(v.revenueUsd, v.burnShare)
  const rewardUsd = decimal.mul(v.revenueUsd, v.rewardShare)
  // Over a common denominator, so that each figure is rounded once.
  const below = decimal.mul(v.burnPrice, v.rewardPrice)
  const net = decimal.sub(decimal.mul(burnedUsd, v.rewardPrice), decimal.mul(rewardUsd, v.burnPrice))
  const rewardsAbove = decimal.mul(rewardUsd, v.burnPrice)
  return {
    burned: decimal.div(burnedUsd, v.burnPrice, PLACES, "half_even"),
    rewards: decimal.div(rewardUsd, v.rewardPrice, PLACES, "half_even"),
    net: decimal.div(net, below, PLACES, "half_even"),
    pctOverRewards:
      rewardsAbove.units === 0n ? decimal.zero : decimal.div(decimal.mul(net, HUNDRED), rewardsAbove, PLACES, "half_even"),
  }
}

/** RNP-023: RENDER a month for chefs at a yearly revenue, to 6 decimals half to even. */
export function computeSaladMonthlyRewards(
  revenueYear: Decimal,
  products: readonly { readonly share: Decimal; readonly rewardShare: Decimal }[],
  price: Decimal,
): Decimal {
  const share = products.reduce((sum, p) => decimal.add(sum, decimal.mul(p.share, p.rewardShare)), decimal.zero)
  return decimal.div(decimal.mul(revenueYear, share), decimal.mul(MONTHS_PER_YEAR, price), PLACES, "half_even")
}
