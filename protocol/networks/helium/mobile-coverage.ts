/**
 * Coverage shares of one Mobile radio: points of its ranked hexes, times its backhaul, times its location trust. Exact: a share
 * is a fraction of whole numbers until it is paid.
 * Source: helium/oracles@21935653 coverage_point_calculator/src/{lib,hexes}.rs; HIP-74, 84, 103, 105, 122, 134.
 */
import * as decimal from "../../kernel/decimal.ts"
import type { Decimal } from "../../kernel/decimal.ts"
import { computeAssignmentE2, type Assignment, type OracleStatus } from "./mobile-assignment.ts"
import { rankRadios, type RankedRadio } from "./mobile-rank.ts"
import { computeModeledPoints, computeRankE2, type MobileRules, type RadioType, type SignalLevel } from "./mobile-radio.ts"
import { TIER_QUARTERS, TIERS, type SpeedtestTier } from "./mobile-speedtest.ts"
import { computeTrustMean, isBoostEligible, type Mean, type TrustSample } from "./mobile-trust.ts"

/** `count` hexes alike. `boost` is the service providers' multiplier, 0 where nobody boosts. */
export interface RankedHexes {
  readonly count: number
  readonly signal: SignalLevel
  readonly rank: number
  readonly assignment: Assignment
  readonly spOverride: boolean
  readonly boost: number
}

export interface RadioDay {
  readonly rules: MobileRules
  readonly radioType: RadioType
  readonly status: OracleStatus
  /** The subscriber or connection threshold of boosts is met. */
  readonly hasSubscribers: boolean
  readonly speedtest: SpeedtestTier
  readonly trust: readonly TrustSample[]
  readonly hexes: readonly RankedHexes[]
}

/** Points before the radio's own multipliers: what coverage earns, and what boosts add to it. In 1e-4 point. */
export interface HexPoints {
  readonly baseE4: number
  readonly boostedE4: number
}

/** Points of a radio's hexes. A signal level that its kind does not know leaves all its hexes without points, as in the source. */
export const computeHexPoints = (radio: RadioDay, hasBoosts: boolean): HexPoints => {
  let baseE4 = 0
  let boostedE4 = 0
  for (const hex of radio.hexes) {
    const modeled = computeModeledPoints(radio.rules, radio.radioType, hex.signal)
    if (modeled === undefined) return { baseE4: 0, boostedE4: 0 }
    const assigned = computeAssignmentE2({ ...hex, boosted: hex.boost > 0 }, radio.status, radio.radioType, radio.rules)
    const points = hex.count * modeled * assigned * computeRankE2(radio.radioType, hex.rank)
    baseE4 += points
    if (hasBoosts && hex.boost > 0) boostedE4 += points * hex.boost - points
  }
  return { baseE4, boostedE4 }
}

/** Shares as `units / 10^4 / 4 / count`: exact. */
export interface Shares {
  readonly base: Fraction
  readonly boosted: Fraction
}
export interface Fraction {
  readonly numerator: Decimal
  readonly denominator: bigint
}

const fraction = (pointsE4: number, quarters: number, { sum, count }: Mean): Fraction => ({
  numerator: count === 0 ? decimal.zero : decimal.mul(decimal.make(BigInt(pointsE4) * BigInt(quarters), 4), sum),
  denominator: count === 0 ? 1n : 4n * BigInt(count),
})

/** Base and boosted shares of one radio. */
export const computeShares = (radio: RadioDay): Shares => {
  const points = computeHexPoints(radio, isBoostEligible(radio.radioType, radio.hasSubscribers, radio.trust))
  const quarters = TIER_QUARTERS[TIERS.indexOf(radio.speedtest)]
  const trust = computeTrustMean(radio.radioType, radio.trust)
  return { base: fraction(points.baseE4, quarters, trust), boosted: fraction(points.boostedE4, quarters, trust) }
}

/** The nearest double to a share. */
export const shareNumber = ({ numerator, denominator }: Fraction): number =>
  Number(numerator.units) / (Number(denominator) * Number(decimal.tenTo(numerator.scale)))

export interface SharingRadio extends RankedRadio {
  readonly speedtest: SpeedtestTier
}

/**
 * Shares of radios that all cover the same best-assignment hexes alike, in input order. A senior radio with a bad backhaul keeps
 * its rank here: who may enter the map at all is decided before.
 */
export const computeSharedCoverage = (
  rules: MobileRules,
  radioType: RadioType,
  hexes: readonly { readonly count: number; readonly signal: SignalLevel }[],
  radios: readonly SharingRadio[],
): number[] => {
  const shares = radios.map(() => 0)
  rankRadios(radios).forEach((k, place) => {
    const { base } = computeShares({
      rules,
      radioType,
      status: "Eligible",
      hasSubscribers: false,
      speedtest: radios[k].speedtest,
      trust: [{ score: decimal.one, distanceM: 0 }],
      hexes: hexes.map((hex) => ({ ...hex, rank: place + 1, assignment: "AAA", spOverride: false, boost: 0 })),
    })
    shares[k] = shareNumber(base)
  })
  return shares
}
