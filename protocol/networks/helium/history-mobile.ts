/**
 * What changed in Mobile on which day, as parts of the dated presets. Days are those on which the oracles' code changed
 * (helium/oracles, commit named), or the release proposal's; when it ran on mainnet may be days later (UNVERIFIED).
 */
import { MOBILE_2025_03 } from "./params-mobile.ts"

/** Longer than any distance that is measured: no limit. */
const NO_LIMIT_METRES = 100_000

/** No Mobile before the move to Solana. */
export const BEFORE_MOBILE = { mobileBegun: 0 } as const

const CBRS_HIP_74 = {
  mobileIndoorCbrsHigh: 400,
  mobileIndoorCbrsLow: 100,
  mobileOutdoorCbrsHigh: 16,
  mobileOutdoorCbrsMedium: 8,
  mobileOutdoorCbrsLow: 4,
} as const

/** More users than a radio can have: before HIP-134 nobody qualified. */
const NOBODY_QUALIFIES = 65_535

/** HIP-53 on the day of the move: coverage is taken as modelled from the start, which began with HIP-74 (2023-12-04). */
export const MOBILE_2023_04 = {
  ...MOBILE_2025_03,
  ...CBRS_HIP_74,
  mobileInMobile: 1,
  mobileCoveragePercent: 20,
  mobileBoostedPercent: 0,
  mobileMappersPercent: 10,
  mobileProvidersPercent: 20,
  mobileAssigned: 0,
  mobileBoostByUsers: 0,
  mobileQualifiedConnections: NOBODY_QUALIFIES,
  mobileSecondRankPercent: 100,
  mobileThirdRankPercent: 100,
  mobileReachMetres: NO_LIMIT_METRES,
  mobileIndoorFullMetres: 100,
  mobileIndoorQuarterMetres: NO_LIMIT_METRES,
  mobileOutdoorFullMetres: 100,
  mobileOutdoorQuarterMetres: NO_LIMIT_METRES,
} as const

/** By the day of the change. */
export const MOBILE_CHANGES = {
  "2023-05-18": { source: "HIP-79; oracles@8be98a69", values: { mobileMappersPercent: 20, mobileProvidersPercent: 10 } },
  "2023-12-04": {
    source: "HIP-74, HIP-85; oracles@1a4d8934",
    values: { mobileSecondRankPercent: 50, mobileThirdRankPercent: 25 },
  },
  "2024-01-22": {
    source: "HIP-84; oracles@6f85c968: boosts out of coverage's own 20 %. The largest was not read (UNVERIFIED)",
    values: { mobileCoveragePercent: 0, mobileBoostedPercent: 20, mobileBoostMonthsMin: 6, mobileBoostMax: 100 },
  },
  "2024-01-23": { source: "oracles@b4b1200c: 2 km", values: { mobileReachMetres: 2000 } },
  "2024-03-01": { source: "HIP-103; oracles@7bdeb522", values: { mobileAssigned: 1 } },
  "2024-05-10": {
    source: "HIP-113; oracles@e186ac74",
    values: {
      mobileIndoorCbrsHigh: 100,
      mobileIndoorCbrsLow: 25,
      mobileOutdoorCbrsHigh: 4,
      mobileOutdoorCbrsMedium: 2,
      mobileOutdoorCbrsLow: 1,
    },
  },
  "2024-07-09": {
    source: "HIP-122; oracles@5606471f",
    values: { mobileCoveragePercent: 10, mobileBoostedPercent: 10, mobileBoostMonthsMin: 3, mobileBoostMax: 10 },
  },
  "2024-07-17": {
    source: "HIP-119; oracles@3e142e9c (before: 100 m in full, a quarter beyond, settings.rs)",
    values: {
      mobileIndoorFullMetres: 200,
      mobileIndoorQuarterMetres: 300,
      mobileOutdoorFullMetres: 75,
      mobileOutdoorQuarterMetres: 100,
    },
  },
  "2024-12-11": { source: "HIP-134; oracles@c25d18b6", values: { mobileQualifiedConnections: 25 } },
  "2025-01-23": { source: "HIP-140; oracles@09054c3f", values: { mobileBoostByUsers: 1 } },
  "2025-03-01": {
    source: "HIP-130, HIP-139; oracles@f7abe356: CBRS earns nothing more",
    values: {
      mobileIndoorCbrsHigh: 0,
      mobileIndoorCbrsLow: 0,
      mobileOutdoorCbrsHigh: 0,
      mobileOutdoorCbrsMedium: 0,
      mobileOutdoorCbrsLow: 0,
    },
  },
  "2025-04-09": { source: "HRP-20250409; oracles@25afdd4a", values: { mobileFootfallCPercent: 3 } },
  "2025-09-12": {
    source: "HIP-147, HRP-20250909; oracles@d173b807, @85563deb",
    values: {
      mobileDataPercent: 60,
      mobileCoveragePercent: 0,
      mobileBoostedPercent: 0,
      mobileOutdoorWifiHigh: 120,
      mobileOutdoorWifiMedium: 60,
      mobileOutdoorWifiLow: 0,
      mobileIndoorFullMetres: 300,
      mobileIndoorQuarterMetres: 400,
      mobileOutdoorFullMetres: 100,
      mobileOutdoorQuarterMetres: 150,
    },
  },
  "2025-11-05": {
    source: "HIP-148; oracles@c057f141",
    values: {
      mobileDataPercent: 70,
      mobileMappersPercent: 0,
      mobileProvidersPercent: 24,
      mobileOraclesPercent: 0,
      mobileProvidersFlat: 1,
    },
  },
  "2025-11-07": {
    source: "HRP-20251107; oracles@c90e2968",
    values: { mobileOutdoorFullMetres: 300, mobileOutdoorQuarterMetres: 400 },
  },
  "2026-06-04": { source: "oracles@be329bd7: 0.10 USD a gigabyte", values: { mobileCreditsPerGigabyte: 10_000 } },
} as const

/** HIP-149: data alone, by credits, of what service providers leave. */
export const MOBILE_HIP149 = { mobileDataResidual: 1, mobileCreditsPerGigabyte: 10_000 } as const
