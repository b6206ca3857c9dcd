/**
 * Helium's regimes as dated presets, and every change inside them on its own day.
 *
 * `L1-2020`, `SOL-DNT`, `SOL-HNT` and `HIP149` are the regimes on their first day (SOL-HNT: with all its later changes, as the
 * defaults are). `L1-2020/2021-08-01` is the same regime from that day on. A scenario that follows history adopts each on its day.
 * Chain variables: helium/miner@8fb98b42 audit/var-N.md, at their acceptance block's time. Prices: month ends, approximate.
 */
import type { Preset } from "../../kernel/param.ts"
import { HIP17_LEVELS, HIP104_LEVELS, type HexLevel } from "./hex-density.ts"
import type { params } from "./params.ts"
import { BEFORE_MOBILE, MOBILE_2023_04, MOBILE_CHANGES, MOBILE_HIP149 } from "./history-mobile.ts"
import { MOBILE_2025_03, mobilePresets } from "./params-mobile.ts"

type Changes = Preset<typeof params>["values"]

const levels = (all: readonly HexLevel[]): Changes =>
  Object.fromEntries(
    all.flatMap(({ res, n, target, max }) => [
      [`density${res}Neighbours`, n],
      [`density${res}Target`, target],
      [`density${res}Max`, max],
    ]),
  )
/** No hex is ever full. */
const UNLIMITED = 100_000
const noDensity: Changes = levels(HIP17_LEVELS.map(({ res }) => ({ res, n: 1, target: UNLIMITED, max: UNLIMITED })))
/** Longer than an entropy lives would say the same: before HIP-94 a late report was as good as an early one. */
const NO_LAG_MS = 60_000

/** One day on which rules changed. */
export interface DatedChange {
  readonly from: string
  /** Begins a regime of this name: what stood before is forgotten. */
  readonly regime?: string
  readonly values: Changes
  readonly source: string
}

const IOT_HISTORY: readonly DatedChange[] = [
  {
    from: "2020-08-12",
    regime: "L1-2020",
    values: {
      ownChain: 1,
      ...BEFORE_MOBILE,
      scheduleChecked: 0,
      challengers: 1,
      challengeIntervalBlocks: 60,
      witnessesMax: 5,
      unitsDesired: 5,
      unitsCapMilli: 1000,
      exclusionCells: 0,
      reciprocitySeconds: 0,
      lagAfterBeaconMs: NO_LAG_MS,
      lagAfterFirstWitnessMs: NO_LAG_MS,
      distanceMaxKm: 1000,
      densityDefaultScaleE4: 10_000,
      ...noDensity,
      burnSmoothed: 0,
      hntPriceE8Usd: 175_000_000,
      transferEverySeconds: 14_400,
      claimEveryDays: 0,
    },
    source: "var-38 (HIP-10), 2020-08-12 19:12 UTC; interval 60 by var-15; paths of several hops are not modelled",
  },
  { from: "2020-09-02", values: { challengeIntervalBlocks: 120 }, source: "var-42" },
  { from: "2020-12-03", values: { challengeIntervalBlocks: 240 }, source: "var-49" },
  {
    from: "2020-12-16",
    values: {
      challengeesPpm: 53_100,
      witnessesPpm: 212_400,
      unitsDesired: 4,
      witnessesMax: 25,
      densityDefaultScaleE4: 2000,
      ...levels(HIP17_LEVELS),
      hntPriceE8Usd: 129_500_000,
    },
    source: "var-50 (HIP-15, HIP-17) and var-51",
  },
  { from: "2021-05-14", values: { challengeIntervalBlocks: 480 }, source: "var-61" },
  { from: "2021-07-20", values: { challengeIntervalBlocks: 360 }, source: "var-77 (300) and, two hours later, var-78" },
  {
    from: "2021-08-01",
    values: {
      monthlyRewardHnt: 2_500_000,
      trafficPpm: 350_000,
      challengeesPpm: 50_200,
      challengersPpm: 9000,
      witnessesPpm: 200_800,
      securitiesPpm: 330_000,
      hntPriceE8Usd: 2_485_000_000,
    },
    source: "var-79 (HIP-20): the first halving",
  },
  { from: "2021-08-04", values: { challengeIntervalBlocks: 300 }, source: "var-81" },
  { from: "2021-08-31", values: { unitsCapMilli: 2000 }, source: "var-83: until then the unit was clipped at 1" },
  { from: "2021-09-13", values: { netEmissionsEpochBones: 3_424_000_000 }, source: "var-84 (HIP-20)" },
  { from: "2021-09-20", values: { challengeIntervalBlocks: 240, witnessesMax: 10 }, source: "var-85" },
  { from: "2021-10-06", values: { witnessesMax: 18 }, source: "var-89" },
  { from: "2021-11-12", values: { challengeIntervalBlocks: 300 }, source: "var-102" },
  { from: "2021-11-15", values: { challengeIntervalBlocks: 360 }, source: "var-103" },
  {
    from: "2022-01-28",
    values: { challengeIntervalBlocks: 475, witnessesMax: 14, hntPriceE8Usd: 2_784_000_000 },
    source: "var-117 (HIP-83)",
  },
  { from: "2022-03-25", values: { challengeIntervalBlocks: 950 }, source: "var-122" },
  { from: "2022-04-14", values: { distanceMaxKm: 100 }, source: "var-126 (HIP-58)" },
  { from: "2022-05-11", values: { challengers: 2 }, source: "var-129 (HIP-55): validators challenge" },
  {
    from: "2022-08-01",
    values: {
      trafficPpm: 375_000,
      challengeesPpm: 47_300,
      challengersPpm: 8500,
      witnessesPpm: 189_200,
      securitiesPpm: 320_000,
      hntPriceE8Usd: 526_100_000,
    },
    source: "var-146 (HIP-20)",
  },
  {
    from: "2023-02-02",
    values: { challengers: 0, scheduleChecked: 1, hntPriceE8Usd: 262_200_000 },
    source: "var-168: proof of coverage moves to oracles, the chain still pays",
  },
  {
    from: "2023-04-18",
    regime: "SOL-DNT",
    values: {
      dntRewards: 1,
      ...MOBILE_2023_04,
      utilityScore: 1,
      securityTokenPercent: 32,
      exclusionCells: 0,
      reciprocitySeconds: 0,
      lagAfterBeaconMs: NO_LAG_MS,
      lagAfterFirstWitnessMs: NO_LAG_MS,
      ...levels(HIP17_LEVELS),
      burnSmoothed: 0,
      rewarderPatienceSeconds: 21_600,
      hntPriceE8Usd: 177_400_000,
    },
    source: "the move to Solana; HIP-51, HIP-52, HIP-88",
  },
  { from: "2023-08-01", values: { securityTokenPercent: 31 }, source: "HIP-20's formula; hst.json was read from 2024 on" },
  {
    from: "2024-01-26",
    values: {
      ...levels(HIP104_LEVELS),
      lagAfterBeaconMs: 4000,
      lagAfterFirstWitnessMs: 1500,
      reciprocitySeconds: 48 * 3600,
      hntPriceE8Usd: 748_800_000,
    },
    source: "HIP-104; the days of HIP-94 and HIP-106 were not read, this one is taken (UNVERIFIED)",
  },
  { from: "2024-08-01", values: { securityTokenPercent: 30, hntPriceE8Usd: 703_900_000 }, source: "hst.json" },
  {
    from: "2025-01-28",
    regime: "SOL-HNT",
    values: { ...MOBILE_2025_03, burnSmoothed: 0, rewarderPatienceSeconds: 21_600, hntPriceE8Usd: 425_600_000 },
    source: "HIP-138, HIP-141; the days of HIP-136 and HIP-137 were not read, this one is taken (UNVERIFIED)",
  },
  {
    from: "2025-03-12",
    values: { burnSmoothed: 1, hntPriceE8Usd: 215_100_000 },
    source: "HRP-20250312; the smoothing was without effect until 2025-06-10 (17c88d099), which is not modelled",
  },
  {
    from: "2026-07-17",
    regime: "HIP149",
    values: {
      proofOfCoverage: 0,
      ...MOBILE_HIP149,
      beaconsPercent: 0,
      witnessesPercent: 0,
      operationsPercent: 37,
      underflowBeaconsPercent: 0,
      underflowOperationsPercent: 100,
      backstop: 1,
      hntPriceE8Usd: 107_200_000,
    },
    source: "HIP-149; helium-program-library 6a2d70e46; the price is March 2026's, the last in the table",
  },
  { from: "2026-08-05", values: { supplement: 1 }, source: "supplement.rs: first crank 2026-08-06T00:00Z" },
]

/** In order of date. Each inherits what stood before it in its regime. */
export const HISTORY: readonly DatedChange[] = [
  ...IOT_HISTORY,
  ...Object.entries(MOBILE_CHANGES).map(([from, { source, values }]): DatedChange => ({ from, source, values })),
].toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0))

/** What a day's change makes of the defaults: its regime's values up to and with it. */
export const valuesFrom = (day: string): Changes => {
  let values: Changes = {}
  for (const change of HISTORY) {
    if (change.from > day) break
    values = change.regime === undefined ? { ...values, ...change.values } : change.values
  }
  return values
}

const REGIMES: Readonly<Record<string, string>> = {
  "L1-2020": "Helium's own chain: challenges, epochs of thirty blocks, and no HNT for blocks that were never made.",
  "SOL-DNT": "Solana, daily epochs; hotspots are paid in IOT, and treasuries of HNT back it (HIP-51, HIP-52).",
  "SOL-HNT": "HNT is paid directly (HIP-138) and the share follows veHNT (HIP-141). The defaults are this regime.",
  HIP149: "No proof of coverage: data alone is paid, with a floor and a ceiling for Mobile.",
}

function datedPresets(): Readonly<Record<string, Preset<typeof params>>> {
  const named: Record<string, Preset<typeof params>> = {}
  let regime = ""
  for (const { from, regime: begins, source } of HISTORY) {
    if (begins !== undefined) {
      regime = begins
      const last = HISTORY.find((h) => h.regime !== undefined && h.from > from)?.from
      named[regime] = {
        because: REGIMES[regime],
        from,
        ...(last === undefined ? {} : { to: last }),
        values: regime === "SOL-HNT" ? {} : valuesFrom(from),
      }
      if (regime !== "SOL-HNT") continue
    }
    named[`${regime}/${from}`] = { because: `The same from ${from} on: ${source}.`, from, values: valuesFrom(from) }
  }
  return named
}

export const presets = {
  ...(datedPresets() as Readonly<Record<"L1-2020" | "SOL-DNT" | "SOL-HNT" | "HIP149", Preset<typeof params>>>),
  "SOL-HNT-before-HIP-136": {
    because: "SOL-HNT before later witnesses near an earlier one were set aside.",
    values: { exclusionCells: 0 },
  },
  ...mobilePresets,
}
