/** What has happened on Helium Mobile. Past tense, never renamed: these names are the storage format. */
import { event } from "../../kernel/row-type.ts"
import { count, count16, count32, flag, hexHigh, hexLow, metres, nodeIndex, seconds, unit } from "../../kernel/unit.ts"

/** The smallest unit of what Mobile pays in: bones of HNT (1e-8), or 1e-6 MOBILE. */
export const smallest = unit("bones (1e-8 HNT) or 1e-6 MOBILE", "safe", 0)
export const radioKind = unit("radio kind, 1 to 4", "u8", 0, 4)
/** A coverage object's UUID, as the simulator numbers it; 0 is none. */
export const object = unit("coverage object", "u32")
export const signalPower = unit("0.1 dBm", "i16", -3000, 1000)
export const signalLevel = unit("0 high, 1 medium, 2 low, 3 none", "u8", 0, 3)
export const kilobits = unit("kbit/s", "u32")
export const assignmentIndexUnit = unit("footfall·9 + land·3 + urbanised, 27 override", "u8", 0, 27)
export const boostMultiplier = unit("×", "u16", 0, 1000)
export const hoursOfDay = unit("a bit per hour of the day", "u32", 0, 0xff_ffff)
export const reason = unit("0 none, 1 new claim, 2 heartbeat not seen, 3 provider ban", "u8", 0, 3)
export const quarters = unit("1/4", "u8", 0, 4)
/** Points in 1e-4, times quarters of speed, times the quarters of trust of all heartbeats. */
export const weight = unit("points, 1e-4, × 1/16 × heartbeats", "safe", 0)
const bones = unit("bones (1e-8 HNT)", "safe", 0)

export const mobileEvents = {
  RadioRegistered: event("A hotspot's Mobile radio was registered: indoor or outdoor, Wi-Fi or CBRS.", {
    node: nodeIndex,
    kind: radioKind,
  }),
  CoverageClaimed: event("A radio claimed a coverage object; the object before it is gone.", {
    node: nodeIndex,
    object,
    claimedS: seconds,
    hexes: count32,
  }),
  HexCovered: event("A hex of the coverage object that was just claimed, and how well it is covered by the model.", {
    node: nodeIndex,
    hexHi: hexHigh,
    hexLo: hexLow,
    powerDdbm: signalPower,
    level: signalLevel,
  }),
  HeartbeatReported: event("A radio was heard from, its place compared with the asserted one and with its coverage.", {
    node: nodeIndex,
    atS: seconds,
    placeHi: hexHigh,
    placeLo: hexLow,
    /** When a location service confirmed the place; the last confirmed one stands in where this one was not. */
    placeS: seconds,
    metres,
    isWithin: flag,
    /** The limit it was judged by. */
    reachMetres: metres,
    trustQuarters: quarters,
    seniorityS: seconds,
    seniorityObject: object,
    seniorityReason: reason,
  }),
  SpeedtestReported: event("A radio measured its backhaul.", {
    node: nodeIndex,
    atS: seconds,
    uploadKbps: kilobits,
    downloadKbps: kilobits,
    latencyMs: unit("ms", "u32"),
  }),
  ConnectionsCounted: event("The carriers' count of a radio's users was published (HIP-84, 134, 140).", {
    node: nodeIndex,
    connections: count16,
    phones: count16,
  }),
  RadioBanned: event("A radio was banned from proof of coverage, or its ban was lifted (HIP-131, HRP-20250409).", {
    node: nodeIndex,
    banned: flag,
    at: seconds,
  }),
  HexAssigned: event("The oracles' data sets were updated for a cell: footfall, land type, urban or not (HIP-103).", {
    hexHi: hexHigh,
    hexLo: hexLow,
    index: assignmentIndexUnit,
  }),
  HexBoosted: event("A service provider paid for more points on a hex for some months (HIP-84, 109, 122).", {
    hexHi: hexHigh,
    hexLo: hexLow,
    kind: unit("radio kind, 0 for all", "u8", 0, 4),
    multiplier: boostMultiplier,
    fromS: seconds,
    untilS: seconds,
    dc: unit("DC", "safe", 0),
  }),
  MappersCounted: event("Subscribers mapped coverage; each verified as many points (HIP-118).", {
    subscribers: count32,
    verificationPoints: count16,
  }),
  MobileDataTransferred: event("A radio carried paid traffic; the payer's Data Credits were burnt.", {
    node: nodeIndex,
    dc: count32,
  }),
  MobileTransferQueued: event(
    "Mobile traffic was carried while the ledger was down: it counts at once, its credits burn later.",
    {
      node: nodeIndex,
      dc: count32,
    },
  ),
  MobileEmissionIssued: event("Mobile's part of a day's emission was set aside for its epoch.", {
    day: unit("day since 1970", "u16"),
    emission: smallest,
    delegators: smallest,
    inMobile: flag,
    /** HNT of the day that backs MOBILE, while radios are paid in it. */
    treasury: bones,
    /** Bones of the emission that the ceiling of HIP-149 gave to delegators already. */
    overflow: bones,
  }),
  MobileEpochDeferred: event(
    "A Mobile epoch ended while the day's emission could not be issued: its claims are kept until it is.",
    {
      day: unit("day since 1970", "u16"),
      /** Credits of its traffic, heartbeats heard in it and hexes covered. */
      dc: unit("DC", "safe", 0),
      heartbeats: count,
      hexesCovered: count32,
    },
  ),
  RadioDeferred: event("What a radio is owed a share for in an epoch that waits: points over heartbeats, and credits.", {
    day: unit("day since 1970", "u16"),
    node: nodeIndex,
    baseWeight: weight,
    boostedWeight: weight,
    heartbeats: unit("heartbeats", "u8", 0, 24),
    dc: unit("DC", "safe", 0),
  }),
  MobileRedeemed: event("MOBILE was burnt for its part of the treasury.", { node: nodeIndex, mobile: smallest, hnt: bones }),
  MobilePoolsSplit: event("The Mobile epoch was divided before payment; coverage gets what data leaves of its ceiling.", {
    day: unit("day since 1970", "u16"),
    data: smallest,
    coverage: smallest,
    boosted: smallest,
    mappers: smallest,
    serviceProviders: smallest,
    hexesCovered: count32,
    radios: count32,
  }),
  RadioPaid: event("A radio's owner was paid for one epoch: coverage, what boosts added to it, and data.", {
    node: nodeIndex,
    coverage: smallest,
    boosted: smallest,
    data: smallest,
  }),
  MobileEpochClosed: event("The Mobile epoch's books were closed: dust and pools without a claimant are unallocated.", {
    day: unit("day since 1970", "u16"),
    paid: smallest,
    unallocated: smallest,
    heartbeats: count,
    late: flag,
  }),
} as const
export type MobileEvents = typeof mobileEvents
