/**
 * Smoothed estimates of the epoch reward and of the network's power: an alpha-beta filter follows position and velocity, and
 * the integral of one estimate over another tells what a byte may expect to earn.
 * Source: filecoin-project/builtin-actors@b0a3bdd6 runtime/src/builtin/reward/smooth/{alpha_beta_filter,smooth_func}.rs.
 */

import { floor, fromWhole, mul, PRECISION } from "../../kernel/fixed.ts"
import { divFloor } from "../../kernel/money.ts"
import { lnQ128 } from "./curves.ts"

/** A quantity in Q.128 of its unit, and its change per epoch in the same. */
export interface Estimate {
  readonly position: bigint
  readonly velocity: bigint
}

/**
 * The filter's gains in Q.128: about 9.25e-4 for the position, 2.84e-7 per epoch for the velocity (`DEFAULT_ALPHA`,
 * `DEFAULT_BETA`).
 */
export const ALPHA = 314760000000000000000000000000000000n
export const BETA = 96640100000000000000000000000000n
/** Squared velocity in Q.128 up to which a denominator counts as standing still (`EPSILON`). */
export const STILL_SQUARED_MAX = 302231454903657293676544n

/** The actors' start value: 36.27 FIL per epoch, falling by 1.1e-7 (actors/reward/src/state.rs). In attoFIL. */
export const REWARD_ESTIMATE_START = makeEstimate(36_266_260_308_195_979_333n, -109_897_758_509n)
const GIB = 1n << 30n
/** The actors' start value of the network's quality-adjusted power, in bytes (actors/power/src/state.rs). */
export const QA_POWER_ESTIMATE_START = makeEstimate(750_000n * GIB, 3_840n * GIB)

/** An estimate of whole units: both parts shifted into Q.128. */
export function makeEstimate(position: bigint, velocity: bigint): Estimate {
  return { position: fromWhole(position), velocity: fromWhole(velocity) }
}

/** The estimate's whole units, floored. */
export const readEstimate = ({ position }: Estimate): bigint => floor(position)

/**
 * The estimate after `epochs` (1 or more) in which the quantity came to `observation` whole units. Every division floors, which
 * matters: velocities are mostly negative. Throws a RangeError when no epoch has passed.
 */
export const alphaBetaNext = ({ position, velocity }: Estimate, observation: bigint, epochs: number): Estimate => {
  const dt = fromWhole(BigInt(epochs))
  const predicted = position + mul(velocity, dt)
  const residual = fromWhole(observation) - predicted
  // A shift floors as the division by one whole epoch does, and most steps are one.
  const change = epochs === 1 ? (residual * BETA) >> PRECISION : divFloor(residual * BETA, dt)
  return { position: predicted + mul(ALPHA, residual), velocity: velocity + change }
}

/**
 * The integral of numerator over denominator from `start` epochs after the estimates' time on for `epochs`, in Q.128
 * (`extrapolated_cum_sum_of_ratio`). By logarithms while the denominator moves, else by the numerator at half time. Throws a
 * RangeError when a still denominator is 0.
 */
export const extrapolatedCumSumOfRatio = (epochs: number, start: number | bigint, num: Estimate, denom: Estimate): bigint => {
  const delta = fromWhole(BigInt(epochs))
  const t0 = fromWhole(BigInt(start))
  const squared = mul(denom.velocity, denom.velocity)
  if (squared <= STILL_SQUARED_MAX) {
    const middle = mul(num.velocity, t0 + (delta >> 1n)) + num.position
    return divFloor(middle * delta, denom.position)
  }
  const first = mul(denom.velocity, t0) + denom.position
  const a = lnQ128(first)
  const b = lnQ128(first + mul(denom.velocity, delta))
  const standing = ((b - a) * num.position * denom.velocity) >> PRECISION
  const moving = (((a - b) * denom.position + denom.velocity * delta) * num.velocity) >> PRECISION
  return divFloor(standing + moving, squared)
}
