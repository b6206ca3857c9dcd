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

/** Epochs that one instance makes final at most (F3 manifest: chains of up to 20 tipsets). */
export const F3_CHAIN_EPOCHS_MAX = 20
/** Seconds between instances that keep up with the head (manifest: period 30 s). */
export const F3_PERIOD_S = 30
/** Seconds of one phase of round 0: twice Δ of 6 s; each further round takes twice as long (backoff exponent 2). */
export const F3_PHASE_S = 12
/** Phases that a failed round lasts: lotus#13208 saw 14 h from CONVERGE to CONVERGE in round 10, which is 4.1 phases. */
export const F3_ROUND_PHASES = 4

/** Seconds from an instance's beginning to the beginning of round `round` when every round before it failed. */
export const computeRoundStart = (round: number): number => {
  let rounds = 0
  for (let r = 0; r < round; r++) rounds = 2 * rounds + 1
  return F3_PHASE_S * F3_ROUND_PHASES * rounds
}

/** The round that an undecided instance is in, `elapsedS` after it began. */
export const roundAt = (elapsedS: number): number => {
  let round = 0
  while (computeRoundStart(round + 1) <= elapsedS) round++
  return round
}

/**
 * Did a round begin within the last `withinS` seconds? Whoever comes back in the middle of one is heard at the next: with rounds
 * that double, recovery waits longer the longer a stall has lasted.
 */
export const isRoundBeginning = (elapsedS: number, withinS: number): boolean =>
  elapsedS < withinS || elapsedS - computeRoundStart(roundAt(elapsedS)) < withinS

/** The epoch that `instances` decisions make final at most, when `finalEpoch` is and `head` is the newest that may be voted on. */
export const computeReach = (finalEpoch: number, head: number, instances: number): number =>
  Math.min(head, finalEpoch + instances * F3_CHAIN_EPOCHS_MAX)
