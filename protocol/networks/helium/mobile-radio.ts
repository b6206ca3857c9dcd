/**
 * Kinds of Mobile radio, what a covered hex is worth to each, and what a rank in it leaves of that.
 * Sources: helium/oracles@21935653 coverage_point_calculator/src/lib.rs (HIP-74, 105, 113) and @d706c9a6, same file
 * (HRP-20250909; CBRS removed from proof of coverage by HIP-130 and 139, 2025-03-01).
 */

export const RADIO_TYPES = ["IndoorWifi", "OutdoorWifi", "IndoorCbrs", "OutdoorCbrs"] as const
export type RadioType = (typeof RADIO_TYPES)[number]

/** Strongest first: this is the order in which indoor radios are ranked. */
export const SIGNAL_LEVELS = ["High", "Medium", "Low", "none"] as const
export type SignalLevel = (typeof SIGNAL_LEVELS)[number]

/** Dated rules of Mobile proof of coverage: with CBRS and hex boosting, and the last ones before HIP-149 ended it. */
export type MobileRules = "2025-03" | "2026-07"

export const isWifi = (radio: RadioType): boolean => radio === "IndoorWifi" || radio === "OutdoorWifi"
export const isIndoor = (radio: RadioType): boolean => radio === "IndoorWifi" || radio === "IndoorCbrs"

type Points = Readonly<Partial<Record<SignalLevel, number>>>

const INDOOR_WIFI: Points = { High: 400, Low: 100 }

/** Points of one hex by radio and signal level. A level that is not listed is none the radio may report. */
export const MODELED_POINTS: Readonly<Record<MobileRules, Readonly<Record<RadioType, Points>>>> = {
  "2025-03": {
    IndoorWifi: INDOOR_WIFI,
    OutdoorWifi: { High: 16, Medium: 8, Low: 4, none: 0 },
    IndoorCbrs: { High: 100, Low: 25 },
    OutdoorCbrs: { High: 4, Medium: 2, Low: 1, none: 0 },
  },
  "2026-07": {
    IndoorWifi: INDOOR_WIFI,
    OutdoorWifi: { High: 120, Medium: 60, Low: 0, none: 0 },
    IndoorCbrs: { High: 0, Low: 0 },
    OutdoorCbrs: { High: 0, Medium: 0, Low: 0, none: 0 },
  },
}

/** Points of one hex, or undefined where this kind of radio knows no such level: then the source rewards none of its hexes. */
export const computeModeledPoints = (rules: MobileRules, radio: RadioType, signal: SignalLevel): number | undefined =>
  MODELED_POINTS[rules][radio][signal]

/** Hundredths of the points that ranks 1, 2, 3, … keep outdoors; ranks beyond keep nothing (HIP-105). */
export const OUTDOOR_RANKS_E2: readonly number[] = [100, 50, 25]
/** Indoors only the first counts (HIP-105). */
export const INDOOR_RANKS_E2: readonly number[] = [100]

/** Hundredths of a hex's points that the radio at `rank` (from 1) keeps. */
export const computeRankE2 = (radio: RadioType, rank: number): number =>
  (isIndoor(radio) ? INDOOR_RANKS_E2 : OUTDOOR_RANKS_E2)[rank - 1] ?? 0
