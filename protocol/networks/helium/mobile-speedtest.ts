/**
 * Speed tests: the tier of a radio's backhaul is the worst of upload, download and latency, averaged over recent tests.
 * Sources: HIP-74, HIP-98; helium/oracles@21935653 coverage_point_calculator/src/speedtest.rs,
 * mobile_verifier/src/speedtests_average.rs.
 */

export const TIERS = ["Good", "Acceptable", "Degraded", "Poor", "Fail"] as const
export type SpeedtestTier = (typeof TIERS)[number]

export interface SpeedtestSample {
  readonly uploadMbps: number
  readonly downloadMbps: number
  readonly latencyMs: number
}

/** Limits of the tiers that pass, best first: speeds at or above, latency strictly below. */
export interface TierLimits {
  readonly uploadMbps: readonly number[]
  readonly downloadMbps: readonly number[]
  readonly latencyMs: readonly number[]
}
export const TIER_LIMITS: TierLimits = {
  uploadMbps: [10, 8, 5, 2],
  downloadMbps: [100, 75, 50, 30],
  latencyMs: [50, 60, 75, 100],
}

/** Quarters of the reward that each tier keeps, in the order of `TIERS`. */
export const TIER_QUARTERS: readonly number[] = [4, 3, 2, 1, 0]
/** Fewer samples than this earn nothing. */
export const SAMPLES_MIN = 2
/** Only this many of the newest count. */
export const SAMPLES_MAX = 6

/** Index into `TIERS` of one measurement, the worst of the three. */
export const computeTierIndex = (upload: number, download: number, latency: number, limits: TierLimits = TIER_LIMITS): number => {
  let tier = 0
  while (
    tier < limits.uploadMbps.length &&
    (upload < limits.uploadMbps[tier] || download < limits.downloadMbps[tier] || latency >= limits.latencyMs[tier])
  )
    tier++
  return tier
}

export const computeTier = ({ uploadMbps, downloadMbps, latencyMs }: SpeedtestSample): SpeedtestTier =>
  TIERS[computeTierIndex(uploadMbps, downloadMbps, latencyMs)]

/** Averages cut to whole Mbps and ms. Zero of everything where there are no samples. */
export const averageSpeedtest = (samples: readonly SpeedtestSample[]): SpeedtestSample => {
  const mean = (of: (s: SpeedtestSample) => number): number =>
    samples.length === 0 ? 0 : Math.trunc(samples.reduce((sum, s) => sum + of(s), 0) / samples.length)
  return { uploadMbps: mean((s) => s.uploadMbps), downloadMbps: mean((s) => s.downloadMbps), latencyMs: mean((s) => s.latencyMs) }
}

/** Quarters of the reward that the samples leave: the tier of their averages, nothing for fewer than two. */
export const computeSpeedQuarters = (samples: readonly SpeedtestSample[]): number =>
  samples.length < SAMPLES_MIN ? 0 : TIER_QUARTERS[TIERS.indexOf(computeTier(averageSpeedtest(samples)))]
