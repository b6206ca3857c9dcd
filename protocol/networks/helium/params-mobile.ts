/** Every number of Helium Mobile, with its source. The defaults are those of November 2025, between HIP-148 and HIP-149. */
import { params as declare } from "../../kernel/param.ts"

const RICH = "oracles@21935653"
const points = (value: number, what: string, source: string) => ({
  default: value,
  unit: "points",
  range: [0, 1000] as const,
  source,
  because: `Points of a hex ${what}.`,
})
const percent = (value: number, source: string, because: string) => ({
  default: value,
  unit: "%",
  range: [0, 100] as const,
  source,
  because,
})
const limit = (value: number, source: string, because: string) => ({
  default: value,
  unit: "m",
  range: [0, 100_000] as const,
  source,
  because,
})

export const mobileParams = declare({
  mobileHeartbeatsMin: {
    default: 12,
    unit: "hours",
    range: [1, 24],
    source: `${RICH} heartbeats/mod.rs MINIMUM_HEARTBEAT_COUNT`,
    because: "A radio counts for a day in which it was heard in at least so many hours.",
  },
  mobileSilenceSeconds: {
    default: 3 * 86_400,
    unit: "s",
    range: [3600, 365 * 86_400],
    source: `${RICH} seniority.rs (72 h)`,
    because: "A longer gap between heartbeats loses the radio its seniority.",
  },
  mobileValidationSeconds: {
    default: 86_400,
    unit: "s",
    range: [0, 30 * 86_400],
    source: `${RICH} heartbeats/mod.rs (24 h)`,
    because: "A location service's word on a radio's place is good for so long.",
  },
  mobileReachMetres: limit(2000, `${RICH} settings.rs max_distance_from_coverage`, "Coverage as far as this is not believed."),
  mobileIndoorFullMetres: limit(300, "HRP-20250909 (before: 200, HIP-119)", "Indoors, full trust up to here."),
  mobileIndoorQuarterMetres: limit(400, "HRP-20250909 (before: 300, HIP-119)", "Indoors, a quarter of trust up to here."),
  mobileOutdoorFullMetres: limit(300, "HRP-20251107 (before: 100; 75, HIP-119)", "Outdoors, full trust up to here."),
  mobileOutdoorQuarterMetres: limit(400, "HRP-20251107 (before: 150; 100, HIP-119)", "Outdoors, a quarter of trust up to here."),
  mobileSpeedtestSeconds: {
    default: 48 * 3600,
    unit: "s",
    range: [3600, 30 * 86_400],
    source: `${RICH} speedtests_average.rs SPEEDTEST_LAPSE`,
    because: "Older speed tests do not count.",
  },
  mobileSpeedtestsMin: {
    default: 2,
    unit: "tests",
    range: [0, 6],
    source: `${RICH} speedtest.rs MIN_REQUIRED_SPEEDTEST_SAMPLES`,
    because: "Fewer tests earn nothing, though the radio keeps its ranks.",
  },
  mobileIndoorWifiHigh: points(400, "that an indoor Wi-Fi radio covers strongly", `HIP-93; ${RICH}`),
  mobileIndoorWifiLow: points(100, "that an indoor Wi-Fi radio covers weakly", `HIP-93; ${RICH}`),
  mobileOutdoorWifiHigh: points(120, "that an outdoor Wi-Fi radio covers strongly", "HRP-20250909 (before: 16)"),
  mobileOutdoorWifiMedium: points(60, "that an outdoor Wi-Fi radio covers fairly", "HRP-20250909 (before: 8)"),
  mobileOutdoorWifiLow: points(0, "that an outdoor Wi-Fi radio covers weakly", "HRP-20250909 (before: 4)"),
  mobileIndoorCbrsHigh: points(0, "that an indoor CBRS radio covers strongly", "HIP-130, 139: 2025-03-01 (before: 100)"),
  mobileIndoorCbrsLow: points(0, "that an indoor CBRS radio covers weakly", "HIP-130, 139: 2025-03-01 (before: 25)"),
  mobileOutdoorCbrsHigh: points(0, "that an outdoor CBRS radio covers strongly", "HIP-130, 139: 2025-03-01 (before: 4, HIP-113)"),
  mobileOutdoorCbrsMedium: points(0, "that an outdoor CBRS radio covers fairly", "HIP-130, 139: 2025-03-01 (before: 2, HIP-113)"),
  mobileOutdoorCbrsLow: points(0, "that an outdoor CBRS radio covers weakly", "HIP-130, 139: 2025-03-01 (before: 1, HIP-113)"),
  mobileSecondRankPercent: percent(50, "HIP-105", "What the second outdoor radio on a hex keeps."),
  mobileThirdRankPercent: percent(25, "HIP-105", "What the third outdoor radio on a hex keeps; later ones keep nothing."),
  mobileFootfallCPercent: percent(
    3,
    "HRP-20250409, oracles@25afdd4a (before: by land type, HIP-103; 0 here)",
    "What every hex without footfall keeps. 0: 40, 30 or 5 % in towns and 20, 15 or 3 % outside, by land type.",
  ),
  mobileQualifiedConnections: {
    default: 25,
    unit: "users in 7 days",
    range: [0, 65_535],
    source: "HIP-134, 140",
    because: "With more users than this a Wi-Fi radio has full assignments, and boosts where the USA's rule holds.",
  },
  mobileBoostPhones: {
    default: 3,
    unit: "phones",
    range: [0, 65_535],
    source: "HIP-84",
    because: "Outside the USA's data sets a boost needs so many phones of a megabyte.",
  },
  mobileBoostTrustPercent: percent(75, "HIP-93", "Mean trust a Wi-Fi radio needs for boosts."),
  mobileBoostMetres: limit(50, "HIP-119", "Mean distance to the asserted place that boosts allow."),
  mobileBoostMax: {
    default: 10,
    unit: "×",
    range: [1, 100],
    source: "HIP-122",
    because: "Largest new boost.",
  },
  mobileBoostMonthsMin: {
    default: 3,
    unit: "months",
    range: [0, 120],
    source: "HIP-122 (before: 6, HIP-84)",
    because: "Shortest boost.",
  },
  mobileBoostCredits: {
    default: 500,
    unit: "DC per hex, month and ×",
    range: [0, 1_000_000],
    source: "HIP-84: 0.005 USD",
    because: "Price of a boost.",
  },
  mobileHexesMax: {
    default: 2000,
    unit: "hexes",
    range: [1, 2000],
    source: "assumption: no limit was found in the source; keeps every sum of points exact",
    because: "Most hexes of one coverage object.",
  },
  mobileGeofence: {
    default: 1,
    unit: "0 or 1",
    range: [0, 1],
    source: `${RICH} usa_and_mexico_geofence_regions; simplified to the hotspots of region US915`,
    because: "1: radios count in the USA and Mexico only. 0: everywhere.",
  },
  mobileBegun: {
    default: 1,
    unit: "0 or 1",
    range: [0, 1],
    source: "HIP-53; daily epochs since the move to Solana, 2023-04-18",
    because: "0: the sub-network has not begun, and no radio can be registered. With a radio, Mobile has epochs.",
  },
  mobileAssigned: {
    default: 1,
    unit: "0 or 1",
    range: [0, 1],
    source: "HIP-103; oracles@7bdeb522 (2024-03-01)",
    because: "0: every hex counts in full, as before the oracles' data sets.",
  },
  mobileBoostByUsers: {
    default: 1,
    unit: "0 or 1",
    range: [0, 1],
    source: "HIP-140; oracles@09054c3f (2025-01-23)",
    because: "1: in the USA's data sets a boost needs a Wi-Fi radio's many users. 0: phones that moved a megabyte, everywhere.",
  },
  mobileInMobile: {
    default: 0,
    unit: "0 or 1",
    range: [0, 1],
    source: "HIP-138 (2025-01-28): HNT since then, MOBILE before",
    because: "1: radios are paid MOBILE by its own schedule. 0: HNT.",
  },
  mobilePriceE8Usd: {
    default: 100_000,
    unit: "1e-8 USD per MOBILE",
    range: [1, 10_000_000_000],
    source: "assumption: about a tenth of a cent; UNVERIFIED",
    because: "Converts burnt Data Credits into MOBILE while rewards are paid in it.",
  },
  mobileDataPercent: percent(70, "HIP-148, 2025-11-05 (before: 60, HIP-147; 40, HIP-122)", "Ceiling for data transfer."),
  mobileCoveragePercent: percent(
    0,
    "HIP-147 (before: 10, HIP-122; 20, HIP-79)",
    "Coverage's own part, besides what data leaves.",
  ),
  mobileBoostedPercent: percent(0, "HIP-147 (before: 10, HIP-122)", "Most that boosted points may take at a rate of their own."),
  mobileMappersPercent: percent(0, "HIP-148 (before: 20, HIP-79)", "Mappers' part."),
  mobileProvidersPercent: percent(24, "HIP-148 (before: 10, HIP-79)", "Service providers' part."),
  mobileOraclesPercent: percent(0, "HIP-148 (before: 4)", "Oracles' part; no oracle set exists, so it is unallocated."),
  mobileDelegatorsPercent: percent(6, "HIP-138; helium-program-library", "veHNT delegators of the sub-network, on chain."),
  mobileProvidersFlat: {
    default: 1,
    unit: "0 or 1",
    range: [0, 1],
    source: "HIP-148; oracles@d706c9a6 (before: the value of their credits, HIP-87)",
    because: "1: service providers get their whole part. 0: the value of the Data Credits they burnt, at most.",
  },
  mobileDataResidual: {
    default: 0,
    unit: "0 or 1",
    range: [0, 1],
    source: "HIP-149, 2026-07-17; oracles@cf050a6c emissions_split.rs",
    because:
      "1: no coverage rewards; data gets all that service providers and delegators leave, by credits. 0: their value at most.",
  },
  mobileDiscoveryPoints: {
    default: 30,
    unit: "points",
    range: [0, 1000],
    source: `HIP-118; ${RICH} DISCOVERY_MAPPING_SHARES`,
    because: "Points of every subscriber who mapped; verification points come on top.",
  },
  mobileRadiosPermille: {
    default: 0,
    unit: "‰ of hotspots",
    range: [0, 1000],
    source: "assumption: a run without Mobile is the default; 1000 gives every hotspot a Mobile radio",
    because: "How many of the places have a Mobile radio beside their IoT hotspot. 0 switches Mobile off.",
    side: "world",
  },
  mobileIndoorPermille: {
    default: 700,
    unit: "‰ of radios",
    range: [0, 1000],
    source: "assumption; no count was found (UNVERIFIED)",
    because: "Radios indoors; the others are outdoors.",
    side: "world",
  },
  mobileCbrsPermille: {
    default: 0,
    unit: "‰ of radios",
    range: [0, 1000],
    source: "assumption: none is left since 2025-03; until Wi-Fi radios came (2023-08-30) all were CBRS",
    because: "Radios that are CBRS instead of Wi-Fi.",
    side: "world",
  },
  mobileHexesPerRadio: {
    default: 200,
    unit: "hexes",
    range: [1, 2000],
    source: "assumption: about six hectares of cells of resolution 12",
    because: "Hexes in a radio's coverage object.",
    side: "world",
  },
  mobileCarriedMegabytes: {
    default: 2000,
    unit: "MB per radio and day",
    range: [0, 1_000_000],
    source: "assumption; no per-radio figure was found (UNVERIFIED)",
    because: "Mean of what users send through a radio; radios differ widely.",
    side: "world",
  },
  mobileCreditsPerGigabyte: {
    default: 50_000,
    unit: "DC/GB",
    range: [1, 10_000_000],
    source: "0.50 USD/GB; 10,000 from 2026-06-04 (oracles@be329bd7)",
    because: "What a gigabyte costs its payer.",
    side: "world",
  },
  mobileSpoofPermille: {
    default: 0,
    unit: "‰ of radios",
    range: [0, 1000],
    source: "assumption",
    because: "Radios that stand elsewhere than their owner asserted; location services tell where (HIP-119).",
    side: "world",
  },
  mobileIdlePermille: {
    default: 300,
    unit: "‰ of radios",
    range: [0, 1000],
    source: "assumption",
    because: "Radios whose coverage nobody uses: no subscribers, no traffic.",
    side: "world",
  },
  mobileMappersPermille: {
    default: 1000,
    unit: "‰ of radios",
    range: [0, 1_000_000],
    source: "assumption; no count was found (UNVERIFIED)",
    because: "Subscribers who map coverage on a day, by the number of radios. They earn only where mappers have a pool.",
    side: "world",
  },
  mobileBoostedPermille: {
    default: 0,
    unit: "‰ of radios",
    range: [0, 1000],
    source: "assumption",
    because: "Radios on whose own hex a service provider has put the largest boost for a year, as far as its credits go.",
    side: "world",
  },
})

/** March 2025, the richest rules: CBRS, hex boosting, mappers (HIP-122 and what stood before HIP-130, 147 and 148). */
export const MOBILE_2025_03 = {
  mobileIndoorFullMetres: 200,
  mobileIndoorQuarterMetres: 300,
  mobileOutdoorFullMetres: 75,
  mobileOutdoorQuarterMetres: 100,
  mobileOutdoorWifiHigh: 16,
  mobileOutdoorWifiMedium: 8,
  mobileOutdoorWifiLow: 4,
  mobileIndoorCbrsHigh: 100,
  mobileIndoorCbrsLow: 25,
  mobileOutdoorCbrsHigh: 4,
  mobileOutdoorCbrsMedium: 2,
  mobileOutdoorCbrsLow: 1,
  mobileFootfallCPercent: 0,
  mobileDataPercent: 40,
  mobileCoveragePercent: 10,
  mobileBoostedPercent: 10,
  mobileMappersPercent: 20,
  mobileProvidersPercent: 10,
  mobileOraclesPercent: 4,
  mobileProvidersFlat: 0,
} as const

/** Mobile alone as it once was; the dated regimes carry its changes day by day (`history-mobile.ts`). */
export const mobilePresets = {
  "MOBILE-2025-03": {
    because: "Mobile at its richest: CBRS and Wi-Fi, hex boosting, mappers (oracles@21935653). IoT as in SOL-HNT.",
    values: MOBILE_2025_03,
  },
  "MOBILE-HIP-149": {
    because: "Mobile after HIP-149: data only, by credits, of what service providers leave. IoT as in SOL-HNT.",
    values: { mobileDataResidual: 1 },
  },
} as const

/** Mobile's pools share one epoch. */
export const mobileCoherent = (v: { readonly [K in keyof typeof mobileParams]: number }): string | undefined => {
  const sum =
    v.mobileDataPercent +
    v.mobileCoveragePercent +
    v.mobileBoostedPercent +
    v.mobileMappersPercent +
    v.mobileProvidersPercent +
    v.mobileOraclesPercent +
    v.mobileDelegatorsPercent
  return sum > 100
    ? `helium's Mobile pools add up to ${sum} % of the epoch, more than there is: lower one of mobileData-, Coverage-, Boosted-, Mappers-, Providers-, Oracles- or DelegatorsPercent`
    : undefined
}
