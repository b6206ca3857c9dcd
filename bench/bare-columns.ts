/** Plain typed arrays for a day's event rows and for the per-node sums: what the bare loop writes, and nothing else. */
import type { State } from "../protocol/networks/helium/state.ts"

/** Per-node columns, copied from a running fleet so that both start the day alike. */
export const copyNodes = ({ hotspot, registry }: State) => ({
  status: registry.nodes.status.slice(),
  assertions: registry.nodes.assertions.slice(),
  denied: hotspot.denied.slice(),
  capable: hotspot.capable.slice(),
  region: hotspot.region.slice(),
  wholeGain: Int16Array.from(hotspot.gainDdbi, (g) => Math.trunc(g / 10) * 10),
  lastBeaconS: hotspot.lastBeaconS.slice(),
  goodBeaconS: hotspot.goodBeaconS.slice(),
  witnessedS: hotspot.witnessedS.slice(),
  scaleE4: hotspot.scaleE4.slice(),
  active: hotspot.active.slice(),
  beacons: hotspot.beacons.slice(),
  witnessed: hotspot.witnessed.slice(),
  beaconShareE8: hotspot.beaconShareE8.slice(),
  witnessShareE8: hotspot.witnessShareE8.slice(),
  dcEpoch: hotspot.dcEpoch.slice(),
  earned: hotspot.earned.slice(),
})
export type BareNodes = ReturnType<typeof copyNodes>

/** Event columns, wide enough for a day; `length` says how far they are written. */
export const newEvents = (nodes: number, beaconsMax: number, reportsMax: number) => ({
  BeaconReported: {
    length: 0,
    node: new Uint32Array(beaconsMax),
    receivedS: new Uint32Array(beaconsMax),
    receivedMs: new Uint16Array(beaconsMax),
    entropyS: new Uint32Array(beaconsMax),
    frequencyHz: new Uint32Array(beaconsMax),
    txPowerDbm: new Uint8Array(beaconsMax),
    payload: new Uint32Array(beaconsMax),
    channelLossNanoDb: new Float64Array(beaconsMax),
  },
  WitnessProved: {
    length: 0,
    beaconer: new Uint32Array(reportsMax),
    witness: new Uint32Array(reportsMax),
    shareE8: new Uint32Array(reportsMax),
  },
  PocResolved: {
    length: 0,
    beaconer: new Uint32Array(beaconsMax),
    atS: new Uint32Array(beaconsMax),
    shareE8: new Uint32Array(beaconsMax),
    selected: new Uint8Array(beaconsMax),
    valid: new Uint8Array(beaconsMax),
    unreciprocated: new Uint8Array(beaconsMax),
  },
  HexScaleChanged: {
    length: 0,
    node: new Uint32Array(48 * nodes),
    scaleE4: new Uint16Array(48 * nodes),
    active: new Uint8Array(48 * nodes),
  },
  DataTransferred: { length: 0, node: new Uint32Array(nodes), dc: new Uint32Array(nodes) },
  RewardPaid: {
    length: 0,
    node: new Uint32Array(nodes),
    beacon: new Float64Array(nodes),
    witness: new Float64Array(nodes),
    data: new Float64Array(nodes),
  },
})
export type BareEvents = ReturnType<typeof newEvents>
