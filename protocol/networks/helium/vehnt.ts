/**
 * Voting power of locked HNT, in the proposal and on chain. Doubles, unrounded.
 * Sources: HIP-51 (helium/HIP@6f6d0ba0 0051); helium/helium-program-library@145947ee programs/voter-stake-registry.
 */

/** A lock on chain. Factors multiply the amount; `genesis` is 3 for the landrush, else 1. */
export interface Lock {
  readonly amountHnt: number
  readonly remainingDays: number
  /** Days at which the extra saturates (four years). */
  readonly saturationDays: number
  readonly baseline: number
  readonly extra: number
  readonly genesis: number
}

/** veHNT of a lock: amount * (baseline + extra * min(remaining, saturation) / saturation) * genesis. */
export const computeVehntPower = (lock: Lock): number => {
  const days = Math.min(lock.remainingDays, lock.saturationDays)
  return ((lock.amountHnt * (lock.baseline * lock.saturationDays + lock.extra * days)) / lock.saturationDays) * lock.genesis
}

/** Locks last from six months (1x) to four years (100x). HIP-51. */
export const HIP51_MONTHS_MIN = 6
export const HIP51_MONTHS_MAX = 48
export const HIP51_POWER_MAX = 100

/** veHNT in HIP-51: linear from 1x at 6 months to 100x at 48; longer locks stay at 100x, shorter ones are not possible (0). */
export const computeHip51Power = (hnt: number, months: number): number => {
  if (months < HIP51_MONTHS_MIN) return 0
  const beyond = Math.min(months, HIP51_MONTHS_MAX) - HIP51_MONTHS_MIN
  return hnt * (1 + ((HIP51_POWER_MAX - 1) * beyond) / (HIP51_MONTHS_MAX - HIP51_MONTHS_MIN))
}

/** A lock as the chain counts it: whole numbers. */
export interface LockRule {
  readonly baseline: number
  readonly extra: number
  readonly saturationS: number
  /** 3 for the landrush, else 1. */
  readonly genesis: number
}

/** `computeVehntPower` in whole bones of veHNT, floored: what a position weighs with `remainingS` left. */
export const computeLockBones = (locked: number, remainingS: number, rule: LockRule): bigint => {
  const left = BigInt(Math.min(remainingS, rule.saturationS))
  const saturation = BigInt(rule.saturationS)
  return ((BigInt(locked) * (BigInt(rule.baseline) * saturation + BigInt(rule.extra) * left)) / saturation) * BigInt(rule.genesis)
}
