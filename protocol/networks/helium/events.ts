/** What has happened on Helium IoT. Past tense, never renamed: these names are the storage format. */
import { event } from "../../kernel/row-type.ts"
import { amount, count, count16, count32, count8, flag, metres, nodeIndex, seconds, unit } from "../../kernel/unit.ts"
import { registryEvents } from "../../registry/registry.ts"
import { mobileEvents } from "./events-mobile.ts"
import { vehntEvents } from "./events-vehnt.ts"
import { bones, credits, regimeEvents, shareE9 } from "./events-regime.ts"

export const deciDbi = unit("0.1 dBi", "i16", -1000, 1000)
export const deciDbm = unit("0.1 dBm", "i16", -3000, 1000)
export const dbm = unit("dBm", "u8", 0, 60)
export const hertz = unit("Hz", "u32")
export const region = unit("region index", "u8")
export const cells = unit("cells (H3 res 11)", "u16")
export const shareE8 = unit("1e-8 reward unit", "u32")
export const scaleE4 = unit("1e-4", "u16", 0, 10_000)
export const nanoDb = unit("1e-9 dB", "safe")
export const payloadTag = unit("payload tag", "u32")

export const events = {
  ...registryEvents,
  HotspotConfigured: event(
    "A hotspot's radio was registered: its region, antenna gain and whether it may do proof of coverage.",
    {
      node: nodeIndex,
      region,
      gainDdbi: deciDbi,
      capable: flag,
    },
  ),
  PathMeasured: event("The distance between two asserted locations was computed, once, for every later check of the pair.", {
    beaconer: nodeIndex,
    witness: nodeIndex,
    cells,
    metres,
    spaceLossNanoDb: nanoDb,
  }),
  DenylistChanged: event("A hotspot was put on, or taken off, the denylist: no proof of coverage, data rewards kept (HIP-40).", {
    node: nodeIndex,
    denied: flag,
  }),
  EdgeDenied: event("A pair of hotspots was put on, or taken off, the edge denylist.", {
    a: nodeIndex,
    b: nodeIndex,
    denied: flag,
  }),
  BeaconReported: event("A valid beacon opened its proof of coverage; its witnesses may now be counted.", {
    node: nodeIndex,
    receivedS: seconds,
    receivedMs: unit("ms after receivedS", "u16", 0, 999),
    entropyS: seconds,
    frequencyHz: hertz,
    txPowerDbm: dbm,
    payload: payloadTag,
    channelLossNanoDb: nanoDb,
  }),
  BeaconRefused: event("A beacon failed a check. It still counts as this interval's beacon.", {
    node: nodeIndex,
    receivedS: seconds,
    reason: unit("beacon refusal index", "u8"),
  }),
  /** Its time is its beacon's, which is still open when this is evolved; the column would cost a quarter of the row. */
  WitnessProved: event(
    "A witness passed every check of a beacon. Its share is 0 where it was not selected or reciprocity failed.",
    {
      beaconer: nodeIndex,
      witness: nodeIndex,
      shareE8,
    },
  ),
  PocResolved: event("A proof of coverage was settled: the beaconer's share, by HIP-15 units times its hex scale.", {
    beaconer: nodeIndex,
    atS: seconds,
    shareE8,
    selected: count8,
    valid: count8,
    /** 1 when the beaconer itself was no valid witness within the reciprocity window, so nobody earns. */
    unreciprocated: flag,
  }),
  HexScaleChanged: event("The density map was refreshed and a hotspot's transmit scale, or its place in the map, changed.", {
    node: nodeIndex,
    scaleE4,
    active: flag,
  }),
  CreditsMinted: event("HNT was burnt and Data Credits minted at the oracle price.", { hnt: bones, dc: credits }),
  DataTransferred: event("A hotspot carried paid traffic; the payer's Data Credits were burnt.", {
    node: nodeIndex,
    dc: count32,
  }),
  EmissionIssued: event("A day's HNT was minted: the schedule and what was burnt before, within the cap.", {
    day: count16,
    scheduled: bones,
    reEmitted: bones,
    /** Burn beyond the cap that fills Mobile's floor (HIP-149). */
    toppedUp: bones,
    /** IoT's share that was applied, 1e-9. */
    shareE9,
    iot: bones,
    delegators: bones,
    burned: bones,
    smoothed: bones,
    /** When it was minted, and what the mint breaker's window holds then. */
    at: seconds,
    windowed: bones,
  }),
  PoolsSplit: event("The IoT epoch was divided into its pools before payment.", {
    day: count16,
    beacons: bones,
    witnesses: bones,
    data: bones,
    operations: bones,
    oracles: bones,
  }),
  RewardPaid: event("A hotspot's owner was paid for one epoch.", { node: nodeIndex, beacon: bones, witness: bones, data: bones }),
  EpochClosed: event("The epoch's books were closed: dust and pools without a claimant are unallocated.", {
    day: count16,
    paid: bones,
    unallocated: bones,
    shares: count,
  }),
  ...mobileEvents,
  ...regimeEvents,
  ...vehntEvents,
} as const
export type Events = typeof events
export { amount, bones, credits }
