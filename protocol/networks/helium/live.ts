/** Helium run by real nodes: beacons and receipts go over UDP, and the door turns them into the network's own reports. */
import { HOUR } from "../../kernel/clock.ts"
import type { Access, CoverageDoor, Live } from "../../kernel/live.ts"
import { REGISTERED } from "../../registry/registry.ts"
import { NO_PATH } from "./commands.ts"
import { greatCircleMetres } from "./distance.ts"
import { payloadTag } from "./payload-tag.ts"
import { REGIONS } from "./regions.ts"
import type { State } from "./state.ts"

const own: Access = { own: "node" }
/** There is no radio: everybody has the same, on the first channel of EU868, and hears everybody faintly. */
const RADIO = { region: 0, gainDdbi: 12, capable: 1 } as const
const CHANNEL_HZ = REGIONS[RADIO.region].channelsHz[0]
const POWER_DBM = 26
const SIGNAL_DDBM = -1200
/** A new entropy every minute (poc_entropy: ENTROPY_TICK_TIME). */
const ENTROPY_S = 60
/** One beacon in each aligned six hours (iot_verifier: default_beacon_interval). */
const INTERVAL_S = 6 * HOUR

const entropyAt = (atS: number): number => Math.floor(atS / ENTROPY_S) * ENTROPY_S
const isPlaced = ({ registry: { nodes } }: State, n: number): boolean =>
  n < nodes.length && nodes.status[n] === REGISTERED && nodes.assertions[n] > 0
const FILLED = { receivedMs: 0, entropyS: 0, payload: 0, frequencyHz: 0, txPowerDbm: 0 } as const

const coverage: CoverageDoor<State> = {
  because:
    "A round trip cannot be faster than light, nor much slower than a neighbour's: real times between real nodes stand in for signal strengths.",
  peersMax: 24,
  // A home line and a busy computer; of several tries the quickest counts.
  slackMicro: 150_000,
  partnersMin: 3,
  strikes: 2,
  isPlaced,
  metres: ({ registry: { nodes } }, a, b) => greatCircleMetres(nodes.latE7[a], nodes.lngE7[a], nodes.latE7[b], nodes.lngE7[b]),
  view(state, n) {
    const { registry, hotspot } = state
    if (n >= registry.nodes.length || registry.nodes.status[n] !== REGISTERED)
      return { registered: false, configured: false, denied: false, cell: "" }
    const { hexHi, hexLo } = registry.nodes
    const cell = isPlaced(state, n) ? ((BigInt(hexHi[n]) << 32n) | BigInt(hexLo[n])).toString(16) : ""
    return { registered: true, configured: hotspot.capable[n] === 1, denied: hotspot.denied[n] === 1, cell }
  },
  asks: {
    join: (node) => ({ type: "RegisterNode", row: { node, owner: node, at: 0 } }),
    place: (node, place) => ({ type: "AssertLocation", row: { node, ...place, at: 0 } }),
    configure: (node) => ({ type: "ConfigureHotspot", row: { node, ...RADIO } }),
    beacon: (node, local) => ({ type: "ReportBeacon", row: { node, local, ...FILLED } }),
    leave: (node) => ({ type: "RetireNode", row: { node, at: 0 } }),
  },
  beacon: (node, local) => ({
    type: "ReportBeacon",
    row: (atS) => ({
      node,
      receivedMs: atS * 1000,
      entropyS: entropyAt(atS),
      local,
      payload: payloadTag(entropyAt(atS), local, node),
      frequencyHz: CHANNEL_HZ,
      txPowerDbm: POWER_DBM,
    }),
  }),
  witness: (beaconer, witness, local, afterMs) => ({
    type: "ReportWitness",
    row: (atS) => ({
      beaconer,
      witness,
      receivedMs: atS * 1000 + afterMs,
      payload: payloadTag(entropyAt(atS), local, beaconer),
      frequencyHz: CHANNEL_HZ,
      signalDdbm: SIGNAL_DDBM,
      path: NO_PATH,
    }),
  }),
  deny: (node) => ({ type: "PublishDenylist", row: () => ({ node, denied: 1 }) }),
}

export const live: Live<State> = {
  because:
    "Hotspots register, say where they are and report their own beacons; who witnessed them is the door's to say, and prices the authority's.",
  windowSeconds: INTERVAL_S,
  access: {
    RegisterNode: { ...own, alsoOwn: ["owner"] },
    AssertLocation: own,
    ConfigureHotspot: { ...own, fixed: RADIO },
    ReportBeacon: { ...own, fixed: FILLED, evidence: "receipts" },
    RetireNode: own,
  },
  coverage,
  // The rules as they were before HIP-149 (2026-07-17) ended proof of coverage.
  params: { proofOfCoverage: 1, scheduleChecked: 1, exactBeacons: 0, challengers: 0, beaconIntervalSeconds: INTERVAL_S },
  speed: 3600,
  grant: 1n,
  income: "earnedBones",
  coin: { word: "HNT", by: 100_000_000, stakeWord: "place", stakeBy: 1n },
}
