/** Helium by example: every event it writes and every refusal it can give, for the exam. */
import { DAY, HOUR } from "../../kernel/clock.ts"
import { examplesFor } from "../../kernel/example.ts"
import { resilienceExamples } from "../../resilience/embed/examples.ts"
import { mobileRegimeExamples } from "./examples-mobile-regime.ts"
import { mobileExamples } from "./examples-mobile.ts"
import { regimeExamples } from "./examples-regime.ts"
import { vehntExamples } from "./examples-vehnt.ts"
import { helium } from "./index.ts"
import {
  CHANNEL_HZ,
  INTERVAL,
  PLACES,
  SQUARE,
  T0,
  alongTheRoad,
  assert,
  beacon,
  configure,
  contacts,
  join,
  measurePath,
  proof,
  register,
  witness,
  type Ask,
} from "./story.ts"

export * from "./story.ts"

/** Every pair of the square measured in both directions, and the row each path has then. */
const PAIRS: readonly (readonly [number, number])[] = [0, 1, 2, 3].flatMap((a) =>
  [0, 1, 2, 3].flatMap((b) => (a === b ? [] : [[a, b] as const])),
)
const pointed = (asks: readonly Ask[]): readonly Ask[] =>
  asks.map((ask) =>
    ask.type === "ReportWitness" ? { ...ask, path: PAIRS.findIndex(([a, b]) => a === ask.beaconer && b === ask.witness) } : ask,
  )

export const CROWD = 17
/** A beaconer far off and seventeen hotspots along a road, the first a neighbour of the second. */
const crowd: readonly Ask[] = [
  ...join(0, PLACES.km20),
  ...Array.from({ length: CROWD }, (_, k) => join(k + 1, alongTheRoad(k))).flat(),
]

const domains = { country: 1, asn: 3320, provider: 1, client: 1, grid: 1, at: T0 }

const own = examplesFor(helium)([
  ...regimeExamples,
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
      { ask: [{ type: "MintCredits", hnt: 1_000_000_000, at: T0 }] },
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
    refusals: ["gateway_no_valid_beacons", "gateway_no_valid_witnesses"],
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
      {
        ask: [
          { type: "MintCredits", hnt: 100_000_001, at: T0 },
          { type: "MintCredits", hnt: 1000, at: T0 },
          ...join(0, PLACES.home),
        ],
      },
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
          { type: "MintCredits", hnt: Number.MAX_SAFE_INTEGER, at: T0 },
          { type: "MintCredits", hnt: 1, at: T0 },
        ],
      },
      { settle: "day", at: T0 + DAY },
    ],
    events: ["CreditsMinted", "EmissionIssued", "PoolsSplit", "EpochClosed"],
    refusals: ["epoch_burn_is_full"],
  },
  ...mobileExamples,
  ...mobileRegimeExamples,
  ...vehntExamples,
])

/** Its own, and those of the mechanisms it embeds. */
export const examples = [...own, ...resilienceExamples]
