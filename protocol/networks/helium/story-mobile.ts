/** The words Mobile's examples and tests are written in: radios in Munich, registered as if the USA's rules held there. */
import { HOUR } from "../../kernel/clock.ts"
import { assignmentIndex, type Assignment } from "./mobile-assignment.ts"
import { parent9Hi, parent9Lo } from "./mobile-reach.ts"
import { assert, configure, register, T0, type Ask, type Place } from "./story.ts"

/** Kinds of radio. */
export const [INDOOR, OUTDOOR, INDOOR_CBRS, OUTDOOR_CBRS] = [1, 2, 3, 4] as const
/** Signal levels. */
export const [HIGH, MEDIUM, LOW, NONE] = [0, 1, 2, 3] as const
/** Index of region US915. */
const US915 = 1

/** The seven cells that share a place's ancestor of resolution 11, in the order of their indexes. */
export const siblings = ({ hexHi, hexLo }: Place): readonly { hexHi: number; hexLo: number }[] =>
  Array.from({ length: 7 }, (_, digit) => ({ hexHi, hexLo: ((hexLo & ~(7 << 9)) | (digit << 9)) >>> 0 }))

/** A hotspot joins with a Mobile radio. */
export const joinMobile = (node: number, place: Place, kind: number): readonly Ask[] => [
  register(node),
  assert(node, place),
  configure(node, { region: US915 }),
  { type: "RegisterRadio", node, kind },
]

type Coverage = Extract<Ask, { type: "SubmitCoverage" }>
/** Coverage of the first `hexes` siblings of a place; object numbers are the story's own. */
export const cover = (
  node: number,
  object: number,
  place: Place,
  {
    hexes = 7,
    level = HIGH,
    powerDdbm = -800,
    claimedS = T0,
  }: { hexes?: number; level?: number; powerDdbm?: number; claimedS?: number } = {},
): readonly Coverage[] =>
  siblings(place)
    .slice(0, hexes)
    .map((hex) => ({ type: "SubmitCoverage", object, node, claimedS, ...hex, powerDdbm, level }))

type Heartbeat = Extract<Ask, { type: "ReportHeartbeat" }>
/** A heartbeat in order at Unix second `at`. */
export const heartbeat = (
  node: number,
  object: number,
  place: Place,
  at: number,
  but: Partial<Omit<Heartbeat, "type">> = {},
): Heartbeat => ({
  type: "ReportHeartbeat",
  node,
  at,
  hexHi: place.hexHi,
  hexLo: place.hexLo,
  object,
  validatedS: at,
  operational: 1,
  ...but,
})
/** One heartbeat in each of `hours` hours from `fromS` on. */
export const heartbeats = (node: number, object: number, place: Place, fromS: number, hours = 12): readonly Ask[] =>
  Array.from({ length: hours }, (_, k) => heartbeat(node, object, place, fromS + k * HOUR + 60))

/** Two tests of one kind. */
export const speedtests = (
  node: number,
  atS: number,
  { uploadKbps = 20_000, downloadKbps = 200_000, latencyMs = 20, tests = 2 } = {},
): readonly Ask[] =>
  Array.from({ length: tests }, (_, k) => ({
    type: "ReportSpeedtest" as const,
    node,
    atS: atS + k,
    uploadKbps,
    downloadKbps,
    latencyMs,
  }))
export const assignAround = (place: Place, assignment: Assignment): Ask => ({
  type: "AssignHex",
  hexHi: parent9Hi(place.hexHi),
  hexLo: parent9Lo(place.hexLo),
  index: assignmentIndex(assignment),
})
export const connections = (node: number, users: number, phones = users): Ask => ({
  type: "ReportConnections",
  node,
  connections: users,
  phones,
})
export const boost = (hex: { hexHi: number; hexLo: number }, multiplier: number, at: number, but = {}): Ask => ({
  type: "BoostHex",
  hexHi: hex.hexHi,
  hexLo: hex.hexLo,
  kind: 0,
  multiplier,
  months: 3,
  at,
  ...but,
})
/** Everything a radio needs to earn on the day that begins at `dayS`. */
export const goodDay = (node: number, object: number, place: Place, dayS: number): readonly Ask[] => [
  ...speedtests(node, dayS + HOUR),
  ...heartbeats(node, object, place, dayS),
]
