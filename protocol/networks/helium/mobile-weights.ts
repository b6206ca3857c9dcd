/**
 * What each radio's coverage weighs in the Mobile epoch that ended: who is in the map, how his backhaul and his place are trusted, and
 * what his hexes are worth.
 */
import { DAY } from "../../kernel/clock.ts"
import type { Values } from "../../kernel/param.ts"
import type { MobileWorld } from "./decide-mobile.ts"
import { IN_MAP, isIndoorKind, isWifiKind, QUALIFIED, type MapRule } from "./mobile-map.ts"
import type { Weights } from "./mobile-payouts.ts"
import { computeTierIndex, SAMPLES_MAX, TIER_QUARTERS, TIERS } from "./mobile-speedtest.ts"
import type { params } from "./params.ts"
import { bitsOf } from "./state-mobile.ts"

type Settings = Values<typeof params>

const PERCENT = 100
/** kbit/s in a Mbit/s. */
const KILO = 1000
const FAIL = TIERS.length - 1
/** Trust is counted in quarters. */
const QUARTERS = 4
/** Indoor low and outdoor medium, as levels. */
const [HIGH, MEDIUM, LOW] = [0, 1, 2]
const LEVELS = 4

interface Fractions extends Weights {
  length: number
}
/** Working columns, one row a radio; overwritten by every epoch. */
class Columns {
  flags = new Uint8Array(0)
  /** Weights: points in 1e-4, times quarters of speed, times quarters of trust, over the heartbeats they were summed over. */
  base: Fractions = { weight: new Float64Array(0), count: new Uint8Array(0), length: 0 }
  boosted: Fractions = { weight: new Float64Array(0), count: new Uint8Array(0), length: 0 }
  speed = new Uint8Array(0)
  /** Credits of each radio. */
  dc = new Float64Array(0)
  paid = { base: new Float64Array(0), boosted: new Float64Array(0), data: new Float64Array(0) }

  of(length: number): this {
    if (this.flags.length >= length) {
      this.base.length = this.boosted.length = length
      return this
    }
    this.flags = new Uint8Array(length)
    this.dc = new Float64Array(length)
    this.speed = new Uint8Array(length)
    const count = new Uint8Array(length)
    this.base = { weight: new Float64Array(length), count, length }
    this.boosted = { weight: new Float64Array(length), count, length }
    this.paid = { base: new Float64Array(length), boosted: new Float64Array(length), data: new Float64Array(length) }
    return this
  }
}
export const columns = new Columns()

/** Fills the weights: who is in the map, how his backhaul and his place are trusted, and what his hexes are worth. */
export function weigh(state: MobileWorld, day: number, v: Settings): void {
  const { radio, registry, map } = state
  const { flags, speed, base, boosted } = columns
  const begin = day * DAY
  for (let r = 0; r < radio.length; r++) {
    const node = radio.node[r]
    const isHeard = radio.day[r] === day && bitsOf(radio.hours[r]) >= v.mobileHeartbeatsMin
    const isLive = isHeard && radio.banned[r] === 0 && registry.nodes.status[node] === 1
    const tier = isLive ? backhaul(state, r, begin + DAY, v) : FAIL
    const isQualified = isWifiKind(radio.kind[r]) && radio.connections[r] > v.mobileQualifiedConnections
    // Who fails his speed tests or is not trusted at all holds no rank (oracles: eligible_for_coverage_map).
    flags[r] = isLive && tier !== FAIL && radio.trustQuarters[r] > 0 ? (isQualified ? IN_MAP | QUALIFIED : IN_MAP) : 0
  }
  map.rank(state, flags, begin, ruleOf(v))
  for (let r = 0; r < radio.length; r++) {
    const count = bitsOf(radio.hours[r])
    if (flags[r] === 0) {
      base.count[r] = 0
      continue
    }
    const quarters = speed[r] * radio.trustQuarters[r]
    base.count[r] = count
    base.weight[r] = map.baseE4[r] * quarters
    boosted.weight[r] = isBoostable(state, r, count, v) ? map.boostedE4[r] * quarters : 0
  }
}

/** The tier of the averages of the tests that count, and in `columns.speed` the quarters of reward they leave. */
function backhaul({ radio, speedtest }: MobileWorld, r: number, endS: number, v: Settings): number {
  const tests = Math.min(radio.speedtests[r], SAMPLES_MAX)
  let n = 0
  let upload = 0
  let download = 0
  let latency = 0
  for (let k = r * SAMPLES_MAX; k < r * SAMPLES_MAX + tests; k++) {
    if (speedtest.atS[k] >= endS || endS - speedtest.atS[k] > v.mobileSpeedtestSeconds) continue
    n++
    upload += speedtest.uploadKbps[k]
    download += speedtest.downloadKbps[k]
    latency += speedtest.latencyMs[k]
  }
  columns.speed[r] = 0
  if (n === 0) return FAIL
  // Averages are whole bytes a second in the source and cut to whole Mbit/s: whole kbit/s are cut alike.
  const tier = computeTierIndex(Math.floor(upload / n / KILO), Math.floor(download / n / KILO), Math.floor(latency / n))
  columns.speed[r] = n < v.mobileSpeedtestsMin ? 0 : TIER_QUARTERS[tier]
  return tier
}

/** The gates of a boost: users, trust and nearness (HIP-84, 93, 119, 140). CBRS is trusted and near. */
function isBoostable({ radio, map }: MobileWorld, r: number, count: number, v: Settings): boolean {
  const isWifi = isWifiKind(radio.kind[r])
  const isUsed =
    map.isUsa[r] === 1 && v.mobileBoostByUsers === 1
      ? isWifi && radio.connections[r] > v.mobileQualifiedConnections
      : radio.phones[r] >= v.mobileBoostPhones
  if (!isUsed || !isWifi) return isUsed
  return (
    radio.trustQuarters[r] * PERCENT >= v.mobileBoostTrustPercent * QUARTERS * count &&
    radio.metresSum[r] <= v.mobileBoostMetres * count
  )
}

/** Points by kind and level. */
function ruleOf(v: Settings): MapRule {
  const points = new Float64Array(5 * LEVELS)
  const set = (kind: number, high: number, medium: number, low: number): void => {
    points[kind * LEVELS + HIGH] = high
    points[kind * LEVELS + MEDIUM] = isIndoorKind(kind) ? 0 : medium
    points[kind * LEVELS + LOW] = low
  }
  set(1, v.mobileIndoorWifiHigh, 0, v.mobileIndoorWifiLow)
  set(2, v.mobileOutdoorWifiHigh, v.mobileOutdoorWifiMedium, v.mobileOutdoorWifiLow)
  set(3, v.mobileIndoorCbrsHigh, 0, v.mobileIndoorCbrsLow)
  set(4, v.mobileOutdoorCbrsHigh, v.mobileOutdoorCbrsMedium, v.mobileOutdoorCbrsLow)
  return {
    points,
    outdoorRanksE2: [100, v.mobileSecondRankPercent, v.mobileThirdRankPercent],
    footfallCE2: v.mobileFootfallCPercent,
    isAssigned: v.mobileAssigned === 1,
  }
}
