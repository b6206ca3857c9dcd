/** Helium by example, and the words to write examples in: a few hotspots in and around Munich on 18 November 2025. */
import { DAY, HOUR, MINUTE } from "../../kernel/clock.ts"
import { examplesFor } from "../../kernel/example.ts"
import type { Fact } from "../../kernel/row-type.ts"
import { NO_PATH, type Commands } from "./commands.ts"
import { helium } from "./index.ts"
import { payloadTag } from "./payload-tag.ts"

/** 2025-11-18T00:00:00Z. */
export const T0 = 20_410 * DAY
const INTERVAL = 6 * HOUR
export const CHANNEL_HZ = 867_100_000

type Ask = Fact<Commands>
export interface Place {
  readonly hexHi: number
  readonly hexLo: number
  readonly latE7: number
  readonly lngE7: number
}

/** H3 cells of resolution 12 and their centres; the name says how far from `home`, in cells of resolution 11 or in metres. */
export const PLACES = {
  home: { hexHi: 146929876, hexLo: 1517374463, latE7: 480999783, lngE7: 115000571 },
  cells0: { hexHi: 146929876, hexLo: 1517374975, latE7: 480998918, lngE7: 114996299 },
  cells7: { hexHi: 146929876, hexLo: 1517644799, latE7: 480999457, lngE7: 115044608 },
  cells8: { hexHi: 146929876, hexLo: 1517619711, latE7: 481000321, lngE7: 115048880 },
  cells23: { hexHi: 146929879, hexLo: 3029519359, latE7: 480999838, lngE7: 115146128 },
  km20: { hexHi: 146929872, hexLo: 2526350847, latE7: 482798548, lngE7: 114999088 },
  m100996: { hexHi: 146929881, hexLo: 764676607, latE7: 490082581, lngE7: 115000424 },
  m101108: { hexHi: 146929881, hexLo: 764812799, latE7: 490092650, lngE7: 115000940 },
} as const satisfies Readonly<Record<string, Place>>

export const register = (node: number, at = T0): Ask => ({ type: "RegisterNode", node, owner: node + 100, at })
export const assert = (node: number, place: Place, at = T0): Ask => ({ type: "AssertLocation", node, ...place, at })
export const configure = (node: number, { region = 0, gainDdbi = 12, capable = 1 } = {}): Ask => ({
  type: "ConfigureHotspot",
  node,
  region,
  gainDdbi,
  capable,
})
/** A hotspot joins, says where it is and registers its radio. */
export const join = (node: number, place: Place): readonly Ask[] => [register(node), assert(node, place), configure(node)]
export const measurePath = (beaconer: number, witness: number): Ask => ({ type: "MeasurePath", beaconer, witness })

type Beacon = Extract<Ask, { type: "ReportBeacon" }>
type Witness = Extract<Ask, { type: "ReportWitness" }>

/** A beacon in order, received at Unix second `atS`. */
export const beacon = (node: number, atS: number, but: Partial<Omit<Beacon, "type">> = {}): Beacon => {
  const entropyS = but.entropyS ?? Math.floor(atS / MINUTE) * MINUTE
  const local = but.local ?? 7
  return {
    type: "ReportBeacon",
    node,
    receivedMs: atS * 1000,
    entropyS,
    local,
    payload: payloadTag(entropyS, local, node),
    frequencyHz: CHANNEL_HZ,
    txPowerDbm: 26,
    ...but,
  }
}
/** A report in order of the beacon that `beacon(beaconer, atS)` makes, 100 ms after it. */
export const witness = (beaconer: number, node: number, atS: number, but: Partial<Omit<Witness, "type">> = {}): Witness => ({
  type: "ReportWitness",
  beaconer,
  witness: node,
  receivedMs: atS * 1000 + 100,
  payload: payloadTag(Math.floor(atS / MINUTE) * MINUTE, 7, beaconer),
  frequencyHz: CHANNEL_HZ,
  signalDdbm: -1200,
  path: NO_PATH,
  ...but,
})

/** A beacon and its witnesses, each 10 ms after the one before, without hints where their paths are. */
export const proof = (beaconer: number, atS: number, ...hearers: readonly number[]): readonly Ask[] => [
  beacon(beaconer, atS),
  ...hearers.map((node, k) => witness(beaconer, node, atS, { receivedMs: atS * 1000 + 100 + 10 * k })),
]

/** Four hotspots that hear each other, none too near another. */
export const SQUARE: readonly Ask[] = [
  ...join(0, PLACES.home),
  ...join(1, PLACES.cells8),
  ...join(2, PLACES.cells23),
  ...join(3, PLACES.km20),
]
/** Everybody in the square is heard once, so that reciprocity is met from the next interval on. */
export const contacts = (fromS: number): readonly Ask[] =>
  [0, 1, 2, 3].flatMap((node) => proof(node, fromS + node * MINUTE, ...[0, 1, 2, 3].filter((other) => other !== node)))
/** Every pair of the square measured in both directions, and the row each path has then. */
const PAIRS: readonly (readonly [number, number])[] = [0, 1, 2, 3].flatMap((a) =>
  [0, 1, 2, 3].flatMap((b) => (a === b ? [] : [[a, b] as const])),
)
const pointed = (asks: readonly Ask[]): readonly Ask[] =>
  asks.map((ask) =>
    ask.type === "ReportWitness" ? { ...ask, path: PAIRS.findIndex(([a, b]) => a === ask.beaconer && b === ask.witness) } : ask,
  )

/** Cells about 1.1 km apart on a line north of `home`: high and low word, centre in 1e-7 degree. */
const ROAD: readonly (readonly [number, number, number, number])[] = [
  [146929876, 1579516415, 481200496, 115000400],
  [146929876, 1490184191, 481299885, 115001854],
  [146929876, 1544309759, 481399606, 115000857],
  [146929876, 1552159231, 481499315, 114999859],
  [146929876, 1137213951, 481600219, 115000686],
  [146929876, 1080387071, 481699903, 114999688],
  [146929876, 1074187263, 481799231, 115001142],
  [146929876, 1162514943, 481898891, 115000144],
  [146929876, 1170670079, 481999746, 115000971],
  [146929876, 1663591935, 482099380, 114999973],
  [146929876, 1671443967, 482200210, 115000800],
  [146929876, 1632999935, 482299820, 114999802],
  [146929876, 1636436479, 482400625, 115000629],
  [146929876, 1696787967, 482500209, 114999630],
  [146929876, 1706472959, 482599439, 115001086],
]
/** The first stands at `home`, the second next to it, the others each about 1.1 km further north. */
export const alongTheRoad = (k: number): Place => {
  if (k < 2) return k === 0 ? PLACES.home : PLACES.cells0
  const [hexHi, hexLo, latE7, lngE7] = ROAD[k - 2]
  return { hexHi, hexLo, latE7, lngE7 }
}

export const CROWD = 17
/** A beaconer far off and seventeen hotspots along a road, the first a neighbour of the second. */
const crowd: readonly Ask[] = [
  ...join(0, PLACES.km20),
  ...Array.from({ length: CROWD }, (_, k) => join(k + 1, alongTheRoad(k))).flat(),
]

const domains = { country: 1, asn: 3320, provider: 1, client: 1, grid: 1, at: T0 }

export const examples = examplesFor(helium)([
  {
    name: "hotspots join, say where they are and what they share, and one leaves for good",
    nodes: 4,
    steps: [
      { ask: [register(0), register(0), register(9), assert(1, PLACES.home)] },
      { ask: [assert(0, PLACES.home), assert(0, PLACES.home), assert(0, PLACES.cells8)] },
      { ask: [assert(0, { ...PLACES.home, hexHi: 1 }), assert(0, { ...PLACES.home, latE7: PLACES.home.latE7 + 11 })] },
      {
        ask: [
          { type: "DeclareDomains", node: 0, ...domains },
          { type: "DeclareDomains", node: 0, ...domains },
        ],
      },
      { ask: [configure(0), configure(1), register(1), { type: "RetireNode", node: 1, at: T0 + 1 }, register(1)] },
    ],
    events: ["NodeRegistered", "LocationAsserted", "DomainsDeclared", "HotspotConfigured", "NodeRetired"],
    refusals: [
      "node_is_outside_the_registry",
      "node_is_retired",
      "node_is_already_registered",
      "node_is_unknown",
      "location_is_unchanged",
      "location_is_no_cell",
      "centre_is_not_the_cells",
      "domains_are_unchanged",
      "gateway_not_found",
    ],
  },
  {
    name: "a hotspot that moves 65,536 times has moved too often",
    nodes: 1,
    steps: [
      { ask: [register(0)] },
      { ask: Array.from({ length: 65_536 }, (_, k) => assert(0, k % 2 === 0 ? PLACES.home : PLACES.cells8)) },
    ],
    events: ["NodeRegistered", "LocationAsserted"],
    refusals: ["location_is_asserted_too_often"],
  },
  {
    name: "pairs are measured, measured again after a move, and put on the edge denylist",
    nodes: 3,
    steps: [
      { ask: [...join(0, PLACES.home), ...join(1, PLACES.cells8), register(2)] },
      { ask: [measurePath(0, 1), measurePath(1, 0), measurePath(0, 1), measurePath(0, 2)] },
      { ask: [assert(1, PLACES.cells23), measurePath(0, 1)] },
      {
        ask: [
          { type: "PublishDenylist", node: 0, denied: 1 },
          { type: "PublishDenylist", node: 0, denied: 0 },
          { type: "DenyEdge", a: 1, b: 0, denied: 1 },
          { type: "PublishDenylist", node: 9, denied: 1 },
          { type: "DenyEdge", a: 0, b: 9, denied: 1 },
        ],
      },
      { ask: proof(0, T0 + HOUR, 1) },
    ],
    events: [
      "NodeRegistered",
      "LocationAsserted",
      "HotspotConfigured",
      "PathMeasured",
      "DenylistChanged",
      "EdgeDenied",
      "BeaconReported",
      "PocResolved",
    ],
    refusals: ["path_is_known", "not_asserted", "gateway_not_found", "denied_edge"],
  },
  {
    name: "two intervals of coverage, paid traffic, and the day's HNT",
    nodes: 4,
    steps: [
      { ask: SQUARE },
      { ask: PAIRS.map(([a, b]) => measurePath(a, b)) },
      { ask: [{ type: "MintCredits", hnt: 1_000_000_000 }] },
      { ask: pointed(contacts(T0 + HOUR)) },
      { settle: "density", at: T0 + 2 * HOUR },
      { ask: pointed(contacts(T0 + INTERVAL + HOUR)) },
      {
        ask: [
          { type: "ReportTransfer", node: 0, dc: 1000 },
          { type: "ReportTransfer", node: 1, dc: 7 },
        ],
      },
      { settle: "density", at: T0 + DAY },
      { settle: "day", at: T0 + DAY },
      { ask: [configure(1, { gainDdbi: 30 }), ...pointed(contacts(T0 + DAY + HOUR))] },
      { settle: "density", at: T0 + 2 * DAY },
      { settle: "day", at: T0 + 2 * DAY },
    ],
    events: [
      "NodeRegistered",
      "LocationAsserted",
      "HotspotConfigured",
      "PathMeasured",
      "CreditsMinted",
      "BeaconReported",
      "WitnessProved",
      "PocResolved",
      "HexScaleChanged",
      "DataTransferred",
      "EmissionIssued",
      "PoolsSplit",
      "RewardPaid",
      "EpochClosed",
    ],
    // Contact comes before reciprocity: the first round proves contact and pays nobody.
    refusals: ["gateway_no_valid_beacons"],
  },
  {
    name: "every way for a beacon to fail",
    nodes: 6,
    steps: [
      {
        ask: [
          ...join(0, PLACES.home),
          register(1),
          configure(1),
          ...join(2, PLACES.cells8),
          { type: "PublishDenylist", node: 2, denied: 1 },
        ],
      },
      { ask: [...join(3, PLACES.cells23), configure(3, { capable: 0 }), ...join(4, PLACES.km20)] },
      { ask: [beacon(5, T0 + HOUR), beacon(1, T0 + HOUR), beacon(2, T0 + HOUR), beacon(3, T0 + HOUR)] },
      { ask: [beacon(0, T0 + HOUR, { entropyS: T0 }), beacon(0, T0 + INTERVAL - 1), beacon(0, T0 + INTERVAL)] },
      { ask: [beacon(4, T0 + HOUR, { payload: 1 }), witness(4, 0, T0 + HOUR)] },
    ],
    events: ["NodeRegistered", "LocationAsserted", "HotspotConfigured", "DenylistChanged", "BeaconRefused", "BeaconReported"],
    refusals: [
      "gateway_not_found",
      "not_asserted",
      "denied",
      "entropy_expired",
      "invalid_capability",
      "irregular_interval",
      "invalid_packet",
      "beacon_is_not_open",
    ],
  },
  {
    name: "every way for a witness to fail",
    nodes: 12,
    steps: [
      { ask: [...SQUARE, ...join(4, PLACES.cells7), ...join(5, PLACES.m101108), register(6)] },
      {
        ask: [...join(7, PLACES.cells23), configure(7, { region: 1 }), ...join(8, PLACES.cells23), configure(8, { capable: 0 })],
      },
      { ask: [...join(9, PLACES.cells23), { type: "PublishDenylist", node: 9, denied: 1 }, ...join(10, PLACES.cells23)] },
      { ask: [measurePath(0, 10), { type: "DenyEdge", a: 10, b: 0, denied: 1 }] },
      { ask: contacts(T0 + HOUR) },
      {
        ask: [
          beacon(0, T0 + INTERVAL),
          witness(0, 11, T0 + INTERVAL),
          witness(0, 6, T0 + INTERVAL),
          witness(0, 9, T0 + INTERVAL),
          witness(0, 10, T0 + INTERVAL),
          witness(0, 0, T0 + INTERVAL),
          witness(0, 1, T0 + INTERVAL),
          witness(0, 1, T0 + INTERVAL),
          witness(0, 2, T0 + INTERVAL + 181, { payload: 0 }),
          witness(0, 3, T0 + INTERVAL + 5),
          witness(0, 4, T0 + INTERVAL),
          witness(0, 5, T0 + INTERVAL),
          witness(0, 7, T0 + INTERVAL),
          witness(0, 8, T0 + INTERVAL),
        ],
      },
      {
        ask: [
          beacon(1, T0 + INTERVAL),
          witness(1, 0, T0 + INTERVAL, { payload: 1 }),
          witness(1, 2, T0 + INTERVAL, { frequencyHz: CHANNEL_HZ + 100_001 }),
          witness(1, 3, T0 + INTERVAL, { signalDdbm: 0 }),
        ],
      },
      // Hotspot 4 was never a witness, hotspot 3 was heard before.
      { ask: proof(4, T0 + INTERVAL, 3) },
    ],
    events: [
      "NodeRegistered",
      "LocationAsserted",
      "HotspotConfigured",
      "DenylistChanged",
      "PathMeasured",
      "EdgeDenied",
      "BeaconReported",
      "WitnessProved",
      "PocResolved",
    ],
    refusals: [
      "gateway_not_found",
      "not_asserted",
      "denied",
      "denied_edge",
      "self_witness",
      "duplicate",
      "entropy_expired",
      "too_late",
      "wrong_payload",
      "invalid_capability",
      "invalid_frequency",
      "invalid_region",
      "below_min_distance",
      "max_distance_exceeded",
      "bad_rssi",
      "gateway_no_valid_witnesses",
      "gateway_no_valid_beacons",
    ],
  },
  {
    name: "more valid witnesses than are rewarded: the first count, and those near an earlier one go first",
    nodes: CROWD + 1,
    params: { reciprocitySeconds: 0 },
    steps: [
      { ask: crowd },
      { ask: [measurePath(1, 2)] },
      { ask: proof(0, T0 + HOUR, ...Array.from({ length: CROWD }, (_, k) => k + 1)) },
      { ask: proof(0, T0 + INTERVAL, ...Array.from({ length: CROWD - 5 }, (_, k) => k + 1)) },
      { settle: "density", at: T0 + 7 * HOUR },
      { settle: "density", at: T0 + 8 * HOUR },
      { settle: "day", at: T0 + DAY },
    ],
    events: [
      "NodeRegistered",
      "LocationAsserted",
      "HotspotConfigured",
      "PathMeasured",
      "BeaconReported",
      "WitnessProved",
      "PocResolved",
      "HexScaleChanged",
      "EmissionIssued",
      "PoolsSplit",
      "RewardPaid",
      "EpochClosed",
    ],
    refusals: [],
  },
  {
    name: "credits cannot be bought with HNT that is not there, nor spent twice; a rule changes; the day closes on nobody",
    nodes: 1,
    params: { supplyAtGenesisHnt: 1 },
    steps: [
      { ask: [{ type: "MintCredits", hnt: 100_000_001 }, { type: "MintCredits", hnt: 1000 }, ...join(0, PLACES.home)] },
      {
        ask: [
          { type: "ReportTransfer", node: 0, dc: 3 },
          { type: "ReportTransfer", node: 0, dc: 1 },
        ],
      },
      { change: "dataPercent", value: 40 },
      { settle: "day", at: T0 + DAY },
    ],
    events: [
      "CreditsMinted",
      "NodeRegistered",
      "LocationAsserted",
      "HotspotConfigured",
      "DataTransferred",
      "ParameterChanged",
      "EmissionIssued",
      "PoolsSplit",
      "RewardPaid",
      "EpochClosed",
    ],
    refusals: ["supply_is_too_small", "payer_is_out_of_credits"],
  },
  {
    name: "an epoch's books cannot count more than 2^53 bones burnt",
    nodes: 1,
    steps: [
      {
        ask: [
          { type: "MintCredits", hnt: Number.MAX_SAFE_INTEGER },
          { type: "MintCredits", hnt: 1 },
        ],
      },
      { settle: "day", at: T0 + DAY },
    ],
    events: ["CreditsMinted", "EmissionIssued", "PoolsSplit", "EpochClosed"],
    refusals: ["epoch_burn_is_full"],
  },
])
