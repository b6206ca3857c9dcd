/** The words Helium's examples and tests are written in: a few hotspots in and around Munich on 18 November 2025. */
import { DAY, HOUR, MINUTE } from "../../kernel/clock.ts"
import type { Fact } from "../../kernel/row-type.ts"
import { NO_PATH, type Commands } from "./commands.ts"
import { payloadTag } from "./payload-tag.ts"

/** 2025-11-18T00:00:00Z. */
export const T0 = 20_410 * DAY
export const INTERVAL = 6 * HOUR
export const CHANNEL_HZ = 867_100_000

export type Ask = Fact<Commands>
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
