/**
 * Payments of the old chain over columns: the same doubles in the same order as `l1.ts`, to which a property holds them. Shares are
 * whole numbers, so that their sum does not depend on its order.
 */
import { computeL1DcValueBones, computeL1Spillover, roundHalfAway, type L1Fractions } from "./l1.ts"

export interface L1Epoch {
  /** Bones of the epoch, net emissions included. */
  readonly rewardBones: number
  readonly fractions: L1Fractions
  /** Most of it that traffic can earn, as a fraction. */
  readonly trafficFraction: number
  /** 1e-8 USD; 0: traffic divides its whole pool (before HIP-10). */
  readonly oraclePrice: number
  readonly length: number
  readonly challengers: ArrayLike<number>
  /** Challenger shares that no hotspot holds. */
  readonly validatorShares: number
  readonly challengees: ArrayLike<number>
  readonly witnesses: ArrayLike<number>
  readonly dc: ArrayLike<number>
}

/** Bones per hotspot and kind. */
export interface L1PayoutColumns {
  readonly challenger: Float64Array
  readonly beacon: Float64Array
  readonly witness: Float64Array
  readonly data: Float64Array
}
export const newL1PayoutColumns = (length: number): L1PayoutColumns => ({
  challenger: new Float64Array(length),
  beacon: new Float64Array(length),
  witness: new Float64Array(length),
  data: new Float64Array(length),
})

/** Fills `out`; gives what hotspots and validators are paid in all, bones. */
export const computeL1EpochPayouts = (epoch: L1Epoch, out: L1PayoutColumns): { hotspots: number; validators: number } => {
  const { rewardBones, length } = epoch
  const pool = rewardBones * epoch.trafficFraction
  const dcTotal = sum(epoch.dc, length)
  const spent = epoch.oraclePrice === 0 ? pool : Math.min(computeL1DcValueBones(dcTotal, epoch.oraclePrice), pool)
  const remainder = Math.max(0, roundHalfAway(pool - spent))
  // With no proof of coverage to hand it on to, what traffic leaves is not issued.
  const isProved = epoch.fractions.challengees + epoch.fractions.witnesses > 0
  const pools = computeL1Spillover(rewardBones, isProved ? remainder : 0, epoch.fractions)
  const challengerTotal = sum(epoch.challengers, length) + epoch.validatorShares
  const hotspots =
    pay(pools.challengers, epoch.challengers, challengerTotal, length, out.challenger) +
    pay(pools.challengees, epoch.challengees, sum(epoch.challengees, length), length, out.beacon) +
    pay(pools.witnesses, epoch.witnesses, sum(epoch.witnesses, length), length, out.witness) +
    pay(spent, epoch.dc, dcTotal, length, out.data)
  const { validatorShares } = epoch
  const validators =
    validatorShares === 0 ? 0 : roundHalfAway(((validatorShares * 100) / challengerTotal / 100) * pools.challengers)
  return { hotspots, validators }
}

function sum(column: ArrayLike<number>, length: number): number {
  let total = 0
  for (let i = 0; i < length; i++) total += column[i]
  return total
}

/** (share * 100 / total) / 100 of the pool, rounded half away from zero; the order is part of the rule. */
function pay(pool: number, shares: ArrayLike<number>, total: number, length: number, out: Float64Array): number {
  let paid = 0
  for (let i = 0; i < length; i++) {
    const share = shares[i]
    const bones = share === 0 ? 0 : roundHalfAway(((share * 100) / total / 100) * pool)
    out[i] = bones
    paid += bones
  }
  return paid
}
