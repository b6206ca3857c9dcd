/** Helium IoT in four regimes, 2020 to today; SOL-HNT (2025-01-28 to 2026-07-17) unless another is asked for. Start with README.md. */
import { network } from "../../kernel/network.ts"
import { registrySeldom } from "../../registry/registry.ts"
import { commands, refusals, type Refusal } from "./commands.ts"
import { decide } from "./decide.ts"
import { events } from "./events.ts"
import { evolve } from "./evolve.ts"
import { inhabit } from "./inhabit.ts"
import { live } from "./live.ts"
import { regimeMetrics, regimeNodeMeasures } from "./metrics-regime.ts"
import { coherent, params } from "./params.ts"
import { presets } from "./presets.ts"
import { cadences } from "./settle.ts"
import { mobileMetrics, mobileNodeMeasures } from "./metrics-mobile.ts"
import { regimeSeldom } from "./state-regime.ts"
import { genesis, invariants, sabotage, stateTables, type State } from "./state.ts"
import { mobileSeldom } from "./state-mobile.ts"
import { vehntSeldom } from "./state-vehnt.ts"

export const helium = network<State, typeof commands, typeof events, typeof params, Refusal>({
  name: "helium",
  because: "Wireless coverage for sensors, proved by radios hearing each other and paid in HNT.",
  service: { unit: "uplink", because: "A device's message that reached its application through some hotspot." },
  nodeWord: "hotspot",
  commands,
  events,
  refusals,
  params,
  presets,
  coherent,
  defaultPreset: "SOL-HNT",
  genesis,
  tables: stateTables,
  seldom: [...registrySeldom, "path", "pathHead", "edge", ...regimeSeldom, ...mobileSeldom, ...vehntSeldom],
  decide,
  evolve,
  cadences,
  invariants,
  metrics: {
    "coverage.proved": {
      unit: "beacons",
      kind: "counter",
      because: "Beacons that earned: heard, reciprocated, in their interval.",
      of: (s) => s.total.beaconsProved[0],
    },
    "beacon.refused": {
      unit: "beacons",
      kind: "counter",
      because: "Beacons that failed a check.",
      of: (s) => s.total.beaconsRefused[0],
    },
    "beacon.unreciprocated": {
      unit: "beacons",
      kind: "counter",
      because: "Beacons whose hotspot was no witness itself (HIP-106).",
      of: (s) => s.total.beaconsUnreciprocated[0],
    },
    "witness.proved": {
      unit: "witnesses",
      kind: "counter",
      because: "Witness reports that passed every check.",
      of: (s) => s.total.witnessesProved[0],
    },
    "witness.rewarded": {
      unit: "witnesses",
      kind: "counter",
      because: "Witness reports that earned.",
      of: (s) => s.total.witnessesRewarded[0],
    },
    "hotspot.active": {
      unit: "hotspots",
      kind: "gauge",
      because: "Hotspots that count in the density map.",
      of: (s) => s.total.active[0],
    },
    "reward.paid": { unit: "bones", kind: "counter", because: "HNT paid to hotspots' owners.", of: (s) => s.total.paid[0] },
    "reward.unallocated": {
      unit: "bones",
      kind: "counter",
      because: "HNT of the IoT epoch that nobody claimed.",
      of: (s) => s.total.unallocated[0],
    },
    "credits.burned": {
      unit: "DC",
      kind: "counter",
      because: "Data Credits paid for traffic.",
      of: (s) => s.total.creditsBurned[0],
    },
    ...mobileMetrics,
    ...regimeMetrics,
  },
  pulse: "coverage.proved",
  nodeMeasures: {
    earnedBones: {
      unit: "bones",
      because: "HNT paid to the hotspot's owner.",
      isIncome: true,
      incomeOf: "IoT",
      of: (s, n) => s.hotspot.earned[n],
    },
    beacons: { unit: "beacons", because: "Beacons that earned.", of: (s, n) => s.hotspot.beacons[n] },
    witnessed: { unit: "witnesses", because: "Beacons it was rewarded for witnessing.", of: (s, n) => s.hotspot.witnessed[n] },
    ...regimeNodeMeasures,
    scale: { unit: "1e-4", because: "Hex-density transmit scale at the end.", of: (s, n) => s.hotspot.scaleE4[n] },
    ...mobileNodeMeasures,
  },
  inhabit,
  live,
  sabotage,
})
