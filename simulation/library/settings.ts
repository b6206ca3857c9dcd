/** Sizes, spans and shares that the library takes for every record; none of them is published. Arithmetic shown. */

export const MINUTE = 60
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** Of an incident that lasts longer, so much is played. */
export const PLAYED_S = 12 * DAY
/** Time for proofs and elections to find their pace before onset. */
export const LEAD_S = 12 * HOUR
/** Watched after the end at least, and then until midnight, when a day is settled. */
export const TAIL_S = 2 * HOUR
/** An incident is cut into about so many ticks. */
export const TICKS = 60
export const TICK_S = [
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  4 * HOUR,
  6 * HOUR,
] as const
/** A ledger's pulse is counted, and counts over less than this are mostly chance. */
export const PULSE_TICK_S = 10 * MINUTE

export const NODES = {
  /** A comparator keeps its own size: how many points of presence an operator built. */
  comparator: 330,
  /** Storage providers and the like: dear, and few in truth. */
  halls: 1000,
  homes: 3000,
  /** Rented machines in clouds and with hosts: a market of some sixty providers (facts/akash.md), drawn larger so that few are one cloud. */
  rented: 300,
  /** A system or a small country holds few of a sample: more are drawn, so that some lie in it. */
  homesInPlace: 10_000,
} as const

/** Who stands behind a provider, as for 18 November 2025. */
export const BEHIND = { nodesPercent: 10, usersPercent: 5 } as const
export const SWEPT_PERMILLE = [0, 100, 250, 500, 750, 1000] as const
export const DEPTHS_PERMILLE = [500, 600, 750, 900, 1000] as const

/** A cable's cut loses some packets and much time; time is not modelled. Of what nodes send, so much is lost. */
export const CABLE_DEPTH_PERMILLE = 100
/** Of operators whom an economy drives away, where nobody counted. */
export const LEAVING_PERMILLE = 100
/** Clients look at a certificate once a day (Firefox, 2019: UNVERIFIED). */
export const CERTIFICATE_S = DAY
/** A record older than a network's rules is moved by whole years of 52 weeks, so that weekday and season stay. */
export const YEAR_S = 364 * DAY
