/** Who may end a lease, when, and for what reason (x/market/handler, node@3efe26bf; reclamation: AEP-82, 2026-06-11). */

/** Reasons a lease was closed (chain-sdk@55f1c683 LeaseClosedReason). */
export const OWNER = 1
export const UNSTABLE = 10_000
export const DECOMMISSION = 10_001
export const UNSPECIFIED = 10_002
export const MANIFEST_TIMEOUT = 10_003
export const INSUFFICIENT_FUNDS = 20_000

const PROVIDER_FROM = 10_000
const NETWORK_FROM = 20_000

export type Party = "owner" | "provider" | "network"

/** 0 to 9,999 the tenant, 10,000 to 19,999 the provider, above the network. Throws a RangeError below 0. */
export const partyOf = (reason: number): Party => {
  if (!(reason >= 0)) throw new RangeError(`${reason} is no reason to close a lease`)
  return reason < PROVIDER_FROM ? "owner" : reason < NETWORK_FROM ? "provider" : "network"
}

export type ReclamationRefusal = "ErrReclamationRequired" | "ErrReclamationWindowTooShort" | "ErrReclamationWindowInvalid"

/** Is a bid's notice long enough? Null: none asked for, or none offered. Both bounds are allowed; too short is judged first. */
export const refuseWindow = (
  orderMinS: number | null,
  bidS: number | null,
  paramsMinS: number,
  paramsMaxS: number,
): ReclamationRefusal | null => {
  if (orderMinS !== null && bidS === null) return "ErrReclamationRequired"
  if (orderMinS !== null && bidS !== null && bidS < orderMinS) return "ErrReclamationWindowTooShort"
  if (bidS !== null && (bidS < paramsMinS || bidS > paramsMaxS)) return "ErrReclamationWindowInvalid"
  return null
}

/** Unix seconds from which the provider may close what it has begun to take back. Time, not blocks: a halt does not stretch it. */
export const computeDeadline = (blockTimeS: number, windowS: number): number => blockTimeS + windowS

/** The provider waits for the deadline, the tenant never. */
export const mayCloseReclaiming = (by: string, deadlineS: number, atS: number): boolean => by !== "provider" || atS >= deadlineS
