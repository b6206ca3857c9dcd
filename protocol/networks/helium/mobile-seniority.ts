/**
 * Seniority: since when a radio has covered what it covers. It starts with the claim of the coverage object, and starts again
 * after three silent days.
 * Source: helium/oracles@21935653 mobile_verifier/src/seniority.rs `determine_update_action`.
 */

export const SENIORITY_REASONS = ["None", "NewCoverageClaimTime", "HeartbeatNotSeen", "ServiceProviderBan"] as const
export type SeniorityReason = (typeof SENIORITY_REASONS)[number]

/** As it stood after the last heartbeat. Times are Unix seconds. */
export interface Seniority {
  readonly object: number
  readonly seniorityS: number
  readonly lastHeartbeatS: number
  readonly reason: SeniorityReason
}

export interface SeniorityHeartbeat {
  readonly object: number
  /** When the object's coverage was claimed. */
  readonly claimedAtS: number
  readonly atS: number
}

/** A gap longer than this loses seniority (oracles: `Duration::days(3)`). */
export const SILENCE_MAX_S = 3 * 86_400

/**
 * The seniority after a valid heartbeat. A changed object brings its own claim, except that nobody lowers a time set by silence
 * or by a ban; a gap beyond `silenceMaxS` resets to the heartbeat, unless the claim is younger still.
 */
export const computeSeniority = (
  last: Seniority | undefined,
  heartbeat: SeniorityHeartbeat,
  silenceMaxS: number = SILENCE_MAX_S,
): Seniority => {
  const { object, claimedAtS, atS } = heartbeat
  const claimed: Seniority = { object, seniorityS: claimedAtS, lastHeartbeatS: atS, reason: "NewCoverageClaimTime" }
  if (last === undefined) return claimed
  if (object !== last.object) {
    const isHeld = last.reason === "HeartbeatNotSeen" || last.reason === "ServiceProviderBan"
    return isHeld && claimedAtS < last.seniorityS ? last : claimed
  }
  if (atS - last.lastHeartbeatS > silenceMaxS && claimedAtS < atS)
    return { object, seniorityS: atS, lastHeartbeatS: atS, reason: "HeartbeatNotSeen" }
  return { ...last, lastHeartbeatS: atS }
}
