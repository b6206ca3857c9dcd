/** The settlement of a Mobile epoch, as lines of the day: its emission, its payouts, its books. */
import { DAY } from "../../kernel/clock.ts"
import { toUnits } from "../../kernel/decimal.ts"
import { mulDivFloor } from "../../kernel/money.ts"
import type { Settle } from "../../kernel/network.ts"
import type { Values } from "../../kernel/param.ts"
import { reserve } from "../../kernel/table.ts"
import { civilDate } from "./civil-date.ts"
import type { MobileWorld } from "./decide-mobile.ts"
import { computeDailyEmission } from "./emission.ts"
import type { Events } from "./events.ts"
import { IN_MAP, isIndoorKind, isWifiKind, QUALIFIED, type MapRule } from "./mobile-map.ts"
import { payCoverage, payData, payResidual, type Pool } from "./mobile-payouts.ts"
import { computeTierIndex, SAMPLES_MAX, TIER_QUARTERS, TIERS } from "./mobile-speedtest.ts"
import type { params } from "./params.ts"
import { bitsOf } from "./state-mobile.ts"

type Line = Settle<MobileWorld, Events, typeof params>
type Settings = Values<typeof params>

const PPM = 1_000_000
const PERCENT = 100n
const MOBILE_DECIMALS = 6
const HNT_UNITS = 100_000_000n
const MOBILE_UNITS = 1_000_000n
/** kbit/s in a Mbit/s. */
const KILO = 1000
const FAIL = TIERS.length - 1
/** Trust is counted in quarters. */
const QUARTERS = 4
/** Indoor low and outdoor medium, as levels. */
const [HIGH, MEDIUM, LOW] = [0, 1, 2]
const LEVELS = 4

/** True once a hotspot has a Mobile radio: before, Mobile has no epochs. */
const isOn = ({ radio }: MobileWorld): boolean => radio.length > 0

/** Mobile's part of the day: of the HNT just issued, after IoT's; or MOBILE by its own schedule (HIP-138, HIP-141). */
const issue_mobile: Line = (state, at, { out, params: v }) => {
  if (!isOn(state)) return
  const day = at / DAY - 1
  const emission = v.mobileInMobile === 1 ? scheduledMobile(day) : mobileHnt(out, day, v)
  const to = out.MobileEmissionIssued
  reserve(to, 1)
  const j = to.length++
  to.day[j] = day
  to.emission[j] = emission
  to.delegators[j] = mulDivFloor(emission, v.mobileDelegatorsPercent, Number(PERCENT))
  to.inMobile[j] = v.mobileInMobile
}

const scheduledMobile = (day: number): number =>
  Number(toUnits(computeDailyEmission("mobile", civilDate(day)), MOBILE_DECIMALS, "floor"))

/** The day's issue stands in the rows just written; without it there is nothing to share. */
function mobileHnt(out: Parameters<Line>[2]["out"], day: number, v: Settings): number {
  const { length, scheduled, reEmitted, iot, day: days } = out.EmissionIssued
  const last = length - 1
  if (last < 0 || days[last] !== day) return 0
  const all = scheduled[last] + reEmitted[last]
  return Math.min(mulDivFloor(all, v.mobileSharePpm, PPM), all - iot[last])
}

/** Working columns, one row a radio; overwritten by every epoch. */
class Columns {
  flags = new Uint8Array(0)
  /** Weights: points in 1e-4, times quarters of speed, times quarters of trust, over the heartbeats they were summed over. */
  base = { weight: new Float64Array(0), count: new Uint8Array(0), length: 0 }
  boosted = { weight: new Float64Array(0), count: new Uint8Array(0), length: 0 }
  speed = new Uint8Array(0)
  paid = { base: new Float64Array(0), boosted: new Float64Array(0), data: new Float64Array(0) }

  of(length: number): this {
    if (this.flags.length >= length) {
      this.base.length = this.boosted.length = length
      return this
    }
    this.flags = new Uint8Array(length)
    this.speed = new Uint8Array(length)
    const count = new Uint8Array(length)
    this.base = { weight: new Float64Array(length), count, length }
    this.boosted = { weight: new Float64Array(length), count, length }
    this.paid = { base: new Float64Array(length), boosted: new Float64Array(length), data: new Float64Array(length) }
    return this
  }
}
const columns = new Columns()

/** Pools, then every radio's floored share of them (HIP-122, 147, 148, 149; oracles: reward_shares.rs). */
const pay_radios: Line = (state, at, { out, params: v }) => {
  if (!isOn(state)) return
  const { radio, mobileTotal, ledger } = state
  const day = at / DAY - 1
  const emission = BigInt(mobileTotal.emittedEpoch[0])
  const inMobile = mobileTotal.inMobile[0] === 1
  const token = inMobile ? "mobile" : "hnt"
  const unitsPerToken = inMobile ? MOBILE_UNITS : HNT_UNITS
  const price = inMobile ? v.mobilePriceE8Usd : v.hntPriceE8Usd
  const part = (percent: number): bigint => emission * BigInt(percent)
  const { paid } = columns.of(radio.length)
  const issued = BigInt(ledger.tokens[token].balance.toNumber(ledger.account.mobile_pool))
  const mappers = payMappers(state, part(v.mobileMappersPercent), v.mobileDiscoveryPoints)
  const flat = part(v.mobileProvidersPercent) / PERCENT
  const worth = (BigInt(mobileTotal.dcEpoch[0]) * 1000n * unitsPerToken) / BigInt(price)
  const providers = v.mobileProvidersFlat === 1 || worth > flat ? least(flat, issued) : worth
  let data: bigint
  let coverage = { base: 0n, boosted: 0n }
  if (v.mobileDataResidual === 1) {
    data = payResidual(issued - providers - mappers, radio.dcEpoch, radio.length, paid.data)
    paid.base.fill(0)
    paid.boosted.fill(0)
  } else {
    const ceiling: Pool = { above: part(v.mobileDataPercent), below: PERCENT }
    data = payData(ceiling, radio.dcEpoch, radio.length, price, unitsPerToken, paid.data)
    const poc: Pool = { above: part(v.mobileDataPercent + v.mobileCoveragePercent) - data * PERCENT, below: PERCENT }
    weigh(state, day, v)
    coverage = payCoverage(poc, { above: part(v.mobileBoostedPercent), below: PERCENT }, columns.base, columns.boosted, paid)
  }
  let radios = 0
  const to = out.RadioPaid
  reserve(to, radio.length)
  for (let r = 0; r < radio.length; r++) {
    if (paid.base[r] + paid.boosted[r] + paid.data[r] === 0) continue
    if (paid.base[r] + paid.boosted[r] > 0) radios++
    const j = to.length++
    to.node[j] = radio.node[r]
    to.coverage[j] = paid.base[r]
    to.boosted[j] = paid.boosted[r]
    to.data[j] = paid.data[r]
  }
  const split = out.MobilePoolsSplit
  reserve(split, 1)
  const s = split.length++
  split.day[s] = day
  split.data[s] = Number(data)
  split.coverage[s] = Number(coverage.base)
  split.boosted[s] = Number(coverage.boosted)
  split.mappers[s] = Number(mappers)
  split.serviceProviders[s] = Number(providers)
  split.hexesCovered[s] = v.mobileDataResidual === 1 ? 0 : state.map.hexesCovered
  split.radios[s] = radios
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b)

/** Whole units that mappers get of `partE2` / 100: discovery and verification are floored apart, subscriber by subscriber (HIP-118). */
function payMappers({ mapper }: MobileWorld, partE2: bigint, discovery: number): bigint {
  let points = 0n
  for (let i = 0; i < mapper.length; i++)
    points += BigInt(mapper.subscribers[i]) * BigInt(discovery + mapper.verificationPoints[i])
  if (points === 0n) return 0n
  let paid = 0n
  const below = points * PERCENT
  const each = (partE2 * BigInt(discovery)) / below
  for (let i = 0; i < mapper.length; i++)
    paid += BigInt(mapper.subscribers[i]) * (each + (partE2 * BigInt(mapper.verificationPoints[i])) / below)
  return paid
}

/** Fills the weights: who is in the map, how his backhaul and his place are trusted, and what his hexes are worth. */
function weigh(state: MobileWorld, day: number, v: Settings): void {
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
    map.isUsa[r] === 1 ? isWifi && radio.connections[r] > v.mobileQualifiedConnections : radio.phones[r] >= v.mobileBoostPhones
  if (!isUsed || !isWifi) return isUsed
  return (
    radio.trustQuarters[r] * Number(PERCENT) >= v.mobileBoostTrustPercent * QUARTERS * count &&
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
  }
}

/** What nobody claimed is set aside by name, and the next epoch starts from zero. */
const close_mobile: Line = (state, at, { out }) => {
  if (!isOn(state)) return
  const { mobileTotal, ledger, radio } = state
  const day = at / DAY - 1
  const to = out.MobileEpochClosed
  reserve(to, 1)
  let heartbeats = 0
  for (let r = 0; r < radio.length; r++) if (radio.day[r] === day) heartbeats += bitsOf(radio.hours[r])
  const j = to.length++
  to.day[j] = day
  to.paid[j] = mobileTotal.paidEpoch[0]
  to.unallocated[j] = ledger.tokens[mobileTotal.inMobile[0] === 1 ? "mobile" : "hnt"].balance.toNumber(ledger.account.mobile_pool)
  to.heartbeats[j] = heartbeats
}

/** Lines of the day, after IoT's. */
export const mobileLines = { issue_mobile, pay_radios, close_mobile } as const
