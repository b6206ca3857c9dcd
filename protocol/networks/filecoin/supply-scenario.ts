/**
 * A ten-year supply study as data: a question, what people do (bring power, renew it, burn), how unsure that is, and shocks. It
 * has no ticks and no nodes, so it is no scenario of the simulator; docs/adr says why. Shares in permille, power in TiB or PiB.
 */

/** A driver: drawn once a run, evenly from low to high, and moved by a yearly factor that is drawn too. */
export interface Path {
  readonly low: number
  readonly high: number
  /** Each year it is this many thousandths of the year before; 1000 without. */
  readonly yearlyPermille?: { readonly low: number; readonly high: number }
}

/** For some days, each of the drivers named is that many thousandths of itself. */
export interface Shock {
  readonly label: string
  /** First day, counted from the last day of history. */
  readonly day: number
  readonly days: number
  readonly onboardPermille?: number
  readonly renewalPermille?: number
  readonly burnPermille?: number
  /** Shocks of a study may strike each run with this chance; 1000 without. */
  readonly chancePermille?: number
}

export interface SupplyScenario {
  readonly name: string
  readonly question: string
  readonly sources: readonly string[]
  readonly choices?: readonly string[]
  readonly years: number
  readonly runs: number
  readonly seed: number
  /** Raw power that comes a day, in PiB. */
  readonly onboardPib: Path
  /** Of what expires, renewed, permille. */
  readonly renewalPermille: Path
  /** Of new power, verified, permille. */
  readonly verifiedPermille: Path
  /** FIL burnt a day: gas, fees and penalties. */
  readonly burnFil: Path
  /** Permille of the circulating supply that pledge aims at. */
  readonly lockTargetPermille: Path
  readonly shocks?: readonly Shock[]
}
/** What studies draw from: each driver has a stream of its own, so that a new one moves none of the others. */
export const SUPPLY_DRIVERS = ["onboardPib", "renewalPermille", "verifiedPermille", "burnFil", "lockTargetPermille"] as const
export type SupplyDriver = (typeof SUPPLY_DRIVERS)[number]
