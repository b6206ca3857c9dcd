/**
 * Fast finality (F3): power scaled to 16 bits, and the quorums that decide. It has no reward and no penalty; without a strong
 * quorum it stands still while blocks go on.
 * Sources: filecoin-project/go-f3@3bc8345e gpbft/{powertable,gpbft}.go; FIP-0086.
 */

/** Scaled power of a participant that holds everything. */
export const SCALED_POWER_MAX = 0xffff

/** A participant's power scaled to 0 … 65535, floored. Throws a RangeError when it exceeds the total or the total is 0. */
export const scalePower = (power: bigint, total: bigint): number => {
  if (power > total) throw new RangeError(`a participant's power of ${power} exceeds the total of ${total}`)
  return Number((BigInt(SCALED_POWER_MAX) * power) / total)
}

/** At least two thirds, rounded up: enough to decide. Scaled powers are whole numbers below 2^52. */
export const isStrongQuorum = (part: number, whole: number): boolean => part >= Math.ceil((2 * whole) / 3)

/** More than a third, rounded up: enough that no strong quorum can form against it. */
export const isWeakQuorum = (part: number, whole: number): boolean => part > Math.ceil(whole / 3)
