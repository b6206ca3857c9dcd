/** Every number of Helium IoT with its source; the defaults are the SOL-HNT regime. Changing one here changes docs, sliders and footnotes. */
import { underTopics, type Param } from "../../kernel/param.ts"
import { topics } from "./topics.ts"
import { mobileCoherent, mobileParams } from "./params-mobile.ts"
import { behaviourParams, regimeParams } from "./params-regime.ts"
import { vehntParams } from "./params-vehnt.ts"

/** Hex-density levels of HIP-104 (from 2024-01-26): resolution → [neighbours needed, target, maximum]. */
const HIP_104: readonly (readonly [res: number, neighbours: number, target: number, max: number])[] = [
  [4, 2, 500, 1000],
  [5, 4, 100, 200],
  [6, 4, 25, 50],
  [7, 4, 5, 10],
  [8, 2, 1, 1],
  [9, 2, 1, 1],
  [10, 2, 1, 1],
]
type DensityName = `density${4 | 5 | 6 | 7 | 8 | 9 | 10}${"Neighbours" | "Target" | "Max"}`

const density = Object.fromEntries(
  HIP_104.flatMap(([res, neighbours, target, max]) => [
    [
      `density${res}Neighbours`,
      {
        default: neighbours,
        unit: "cells",
        range: [1, 7],
        source: "HIP-104, 2024-01-26; oracles@824f7724 hex_density.rs",
        because: `How many cells of the one-ring at resolution ${res} must be full before the limit grows.`,
      },
    ],
    [
      `density${res}Target`,
      {
        default: target,
        unit: "hotspots",
        range: [1, 100_000],
        source: "HIP-104, 2024-01-26",
        because: `Hotspots that count in full in one cell of resolution ${res}.`,
      },
    ],
    [
      `density${res}Max`,
      {
        default: max,
        unit: "hotspots",
        range: [1, 100_000],
        source: "HIP-104, 2024-01-26",
        because: `Ceiling on hotspots that count in one cell of resolution ${res}.`,
      },
    ],
  ]),
) as unknown as Readonly<Record<DensityName, Param>>

const ORACLES = "oracles@824f7724 iot_verifier"

export const params = underTopics(
  {
    beaconIntervalSeconds: {
      default: 6 * 3600,
      unit: "s",
      range: [600, 7 * 86_400],
      source: `gateway-rs default_poc_interval; ${ORACLES} settings.rs`,
      because: "One beacon per hotspot and aligned interval. Shorter notices outages sooner and costs airtime.",
    },
    entropyLifespanSeconds: {
      default: 180,
      unit: "s",
      range: [30, 3600],
      source: `${ORACLES} entropy.rs ENTROPY_LIFESPAN`,
      because: "A report must arrive while its entropy lives, so that a beacon cannot be prepared or replayed.",
    },
    entropyTickSeconds: {
      default: 60,
      unit: "s",
      range: [10, 600],
      source: "oracles@824f7724 poc_entropy ENTROPY_TICK_TIME",
      because: "How often the entropy service issues a new entropy.",
    },
    lagAfterBeaconMs: {
      default: 4000,
      unit: "ms",
      range: [0, 60_000],
      source: "HIP-94",
      because: "Latest a witness report may follow the beacon report.",
    },
    lagAfterFirstWitnessMs: {
      default: 1500,
      unit: "ms",
      range: [0, 60_000],
      source: "HIP-94",
      because: "Latest a witness report may follow the first one, when a witness came before the beacon report.",
    },
    frequencyToleranceHz: {
      default: 100_000,
      unit: "Hz",
      range: [0, 10_000_000],
      source: `${ORACLES} poc.rs`,
      because: "How far the heard frequency may be from the beacon's.",
    },
    distanceMinCells: {
      default: 8,
      unit: "cells (H3 res 11)",
      range: [0, 1000],
      source: `HIP-15 (about 300 m); ${ORACLES} poc.rs`,
      because: "A witness on the next roof proves nothing.",
    },
    distanceMaxKm: {
      default: 100,
      unit: "km",
      range: [1, 1000],
      source: `HIP-58; ${ORACLES} poc.rs`,
      because: "Farther than radio carries is a lie about location.",
    },
    witnessesMax: {
      default: 14,
      unit: "count",
      range: [1, 64],
      source: "HIP-83; var-117, 2022-01-28",
      because: "Only the first to report are rewarded, so that a dense cluster cannot farm itself.",
    },
    exclusionCells: {
      default: 8,
      unit: "cells (H3 res 11)",
      range: [0, 100],
      source: "HIP-136",
      because: "When more witnesses are valid than count, later ones this near an earlier one go first. 0 switches it off.",
    },
    reciprocitySeconds: {
      default: 48 * 3600,
      unit: "s",
      range: [0, 30 * 86_400],
      source: "HIP-106",
      because: "Who only ever beacons, or only ever witnesses, is not proving coverage. 0 switches it off.",
    },
    unitsDesired: {
      default: 4,
      unit: "witnesses",
      range: [1, 64],
      source: "HIP-15 (N)",
      because: "Witnesses that earn a whole unit each.",
    },
    unitsDecayPermille: {
      default: 800,
      unit: "‰",
      range: [1, 1000],
      source: "HIP-15 (r)",
      because: "How fast the units of a beacon grow beyond N witnesses: redundancy is worth ever less.",
    },
    unitsCapMilli: {
      default: 2000,
      unit: "1/1000 unit",
      range: [0, 10_000],
      source: "HIP-15; var-83, 2021-09",
      because: "Ceiling on the beaconer's units.",
    },
    densityWindowSeconds: {
      default: 60 * 3600,
      unit: "s",
      range: [3600, 30 * 86_400],
      source: `HIP-17 hip17_interactivity_blocks 3600; ${ORACLES} hex_density.rs`,
      because: "A hotspot without a reciprocal beacon for this long is no longer counted in its hexes.",
    },
    densityDefaultScaleE4: {
      default: 2000,
      unit: "1e-4",
      range: [0, 10_000],
      source: `${ORACLES} hex_density.rs`,
      because: "Transmit scale of a hotspot whose hex is not in the map yet.",
    },
    ...density,
    beaconsPercent: {
      default: 6,
      unit: "%",
      range: [0, 100],
      source: `${ORACLES} reward_share.rs`,
      because: "Share of the IoT epoch for beacons.",
    },
    witnessesPercent: {
      default: 24,
      unit: "%",
      range: [0, 100],
      source: `${ORACLES} reward_share.rs`,
      because: "Share of the IoT epoch for witnesses.",
    },
    dataPercent: {
      default: 50,
      unit: "%",
      range: [0, 100],
      source: `${ORACLES} reward_share.rs`,
      because: "Ceiling for data transfer; what it leaves goes to proof of coverage.",
    },
    operationsPercent: {
      default: 7,
      unit: "%",
      range: [0, 100],
      source: `${ORACLES} reward_share.rs`,
      because: "Operations fund.",
    },
    oraclesPercent: {
      default: 7,
      unit: "%",
      range: [0, 100],
      source: `${ORACLES} reward_share.rs`,
      because: "Oracles; no oracle set exists, so it is paid as unallocated.",
    },
    delegatorsPercent: {
      default: 6,
      unit: "%",
      range: [0, 100],
      source: "HIP-138; helium-program-library",
      because: "veHNT delegators of the sub-network, on chain.",
    },
    underflowBeaconsPercent: {
      default: 20,
      unit: "%",
      range: [0, 100],
      source: `${ORACLES} reward_share.rs`,
      because: "Share of unspent data money that beacons get; witnesses get the rest.",
    },
    iotSharePpm: {
      default: 110_000,
      unit: "ppm",
      range: [0, 1_000_000],
      source: "HIP-141; Mobile about 0.89 in 2025 (facts: approximate)",
      because:
        "IoT's part of the delegated veHNT: its share of the daily HNT emission moves toward it (HIP-141), and starts there.",
    },
    hntPriceE8Usd: {
      default: 215_100_000,
      unit: "1e-8 USD per HNT",
      range: [100_000, 10_000_000_000],
      source: "about 2.151 USD in November 2025 (price table of the fact sheet; approximate)",
      because: "Converts burnt Data Credits into the HNT they are worth.",
    },
    netEmissionsCapBones: {
      default: 164_383_561_643,
      unit: "bones/day",
      range: [0, 1_000_000_000_000],
      source: "HRP-20250312: 1,643.83561643 HNT/day",
      because: "Most burnt HNT that is minted again in a day.",
    },
    supplyAtGenesisHnt: {
      default: 186_000_000,
      unit: "HNT",
      range: [1, 240_000_000],
      source: "assumption: about 186M HNT in circulation in late 2025; UNVERIFIED",
      because: "Where the ledger starts; rewards do not depend on it.",
    },
    creditsBoughtUsd: {
      default: 1_000_000,
      unit: "USD",
      range: [0, 1_000_000_000],
      source: "assumption: network users start with a balance",
      because: "Data Credits that network users hold at genesis, bought by burning HNT.",
    },
    underflowOperationsPercent: {
      default: 0,
      unit: "%",
      range: [0, 100],
      source: "HIP-149; helium/oracles-iot@955739ed: 100",
      because: "Share of unspent data money that operations get.",
    },
    ...regimeParams,
    ...vehntParams,
    ...behaviourParams,
    uplinkMilliPerMinute: {
      default: 2000,
      unit: "1/1000 uplink per hotspot and minute",
      range: [0, 1_000_000],
      source: "assumption; no per-hotspot traffic figure was found (UNVERIFIED)",
      because: "Mean traffic around a hotspot. It scales data rewards, not fractions served.",
      side: "world",
    },
    deviceRangeMetres: {
      default: 2500,
      unit: "m",
      range: [0, 40_000],
      source: "assumption: an indoor sensor on the ground is heard less far than a hotspot's mast",
      because: "Hotspots within this distance of a place hear its devices too, and can stand in for each other.",
      side: "world",
    },
    lateReportPermille: {
      default: 5,
      unit: "‰",
      range: [0, 1000],
      source: "assumption",
      because: "Witness reports that come too late even on a good day: home networks are like that.",
      side: "world",
    },
    ...mobileParams,
  },
  topics,
)

/** The pools share one epoch, so together they may not exceed it; and a hex counts at least its target. */
export const coherent = (v: { readonly [K in keyof typeof params]: number }): string | undefined => {
  const sum = v.beaconsPercent + v.witnessesPercent + v.dataPercent + v.operationsPercent + v.oraclesPercent + v.delegatorsPercent
  if (sum > 100)
    return `helium's pools add up to ${sum} % of the epoch, more than there is: lower one of beacons-, witnesses-, data-, operations-, oracles- or delegatorsPercent`
  const chain = v.challengersPpm + v.challengeesPpm + v.witnessesPpm + v.trafficPpm + v.securitiesPpm + v.consensusPpm
  if (chain > 1_000_000)
    return `helium's pools of the old chain add up to ${chain} ppm of the epoch: lower one of challengers-, challengees-, witnesses-, traffic-, securities- or consensusPpm`
  if (v.underflowBeaconsPercent + v.underflowOperationsPercent > 100)
    return `helium.underflowBeaconsPercent and underflowOperationsPercent add up to ${v.underflowBeaconsPercent + v.underflowOperationsPercent} %, more than is left over: lower one of them`
  const res = HIP_104.map(([r]) => r as 4 | 5 | 6 | 7 | 8 | 9 | 10).find((r) => v[`density${r}Max`] < v[`density${r}Target`])
  return res === undefined
    ? mobileCoherent(v)
    : `helium.density${res}Max = ${v[`density${res}Max`]} hotspots is below density${res}Target = ${v[`density${res}Target`]}: raise the first or lower the second`
}
