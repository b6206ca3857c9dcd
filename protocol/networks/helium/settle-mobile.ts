/**
 * The settlement of a Mobile epoch: its emission, its payouts, its books. At midnight where the day's HNT was issued, and with that
 * day's own claims where it is issued late: an epoch of Solana is delayed, never lost.
 */
import { DAY } from "../../kernel/clock.ts"
import { mulDivFloor } from "../../kernel/money.ts"
import type { Settle } from "../../kernel/network.ts"
import type { Values } from "../../kernel/param.ts"
import { reserve } from "../../kernel/table.ts"
import type { Events } from "./events.ts"
import { payCoverage, payData, payResidual, type Pool } from "./mobile-payouts.ts"
import { columns, weigh } from "./mobile-weights.ts"
import type { params } from "./params.ts"
import { priceOf } from "./price.ts"
import { dailyUnits } from "./settle-issue.ts"
import { bitsOf, radioOf } from "./state-mobile.ts"
import type { State } from "./state.ts"

type Line = Settle<State, Events, typeof params>
type Settings = Values<typeof params>

const PERCENT = 100n
const HNT_UNITS = 100_000_000n
const MOBILE_UNITS = 1_000_000n

/** True when the Mobile epoch that is being settled is one that waited. */
const isLate = ({ mobileWaiting }: State, day: number): boolean => mobileWaiting.length > 0 && mobileWaiting.day[0] === day

/** At midnight: where the day's emission is put by, so is Mobile's epoch, with what each radio has a claim for. */
const defer_mobile: Line = (state, at, { out, params: v }) => {
  const { economy, mobileTotal, radio } = state
  const day = at / DAY - 1
  if (radio.length === 0 || economy.deferredDay[0] !== day + 1 || mobileTotal.day[0] >= day) return
  const { base, boosted } = columns.of(radio.length)
  const isWeighed = v.mobileDataResidual === 0
  if (isWeighed) weigh(state, day, v)
  const rows = out.RadioDeferred
  reserve(rows, radio.length)
  for (let r = 0; r < radio.length; r++) {
    const count = isWeighed ? base.count[r] : 0
    if (count === 0 && radio.dcEpoch[r] === 0) continue
    const j = rows.length++
    rows.day[j] = day
    rows.node[j] = radio.node[r]
    rows.baseWeight[j] = count === 0 ? 0 : base.weight[r]
    rows.boostedWeight[j] = count === 0 ? 0 : boosted.weight[r]
    rows.heartbeats[j] = count
    rows.dc[j] = radio.dcEpoch[r]
  }
  const to = out.MobileEpochDeferred
  reserve(to, 1)
  const j = to.length++
  to.day[j] = day
  to.dc[j] = mobileTotal.dcEpoch[0]
  to.heartbeats[j] = heartbeatsOf(state, day)
  to.hexesCovered[j] = isWeighed ? state.map.hexesCovered : 0
}

/** Mobile's part of the day that was just issued: what IoT left of its HNT; or MOBILE by its own schedule (HIP-53, 138, 141). */
const issue_mobile: Line = ({ mobileTotal }, _at, { out, params: v }) => {
  if (mobileTotal.owedDay[0] === 0) return
  const day = mobileTotal.owedDay[0] - 1
  const owed = mobileTotal.owed[0]
  const overflow = mobileTotal.owedOverflow[0]
  const inMobile = v.mobileInMobile === 1
  const emission = inMobile ? dailyUnits("mobile", day) : owed
  const to = out.MobileEmissionIssued
  reserve(to, 1)
  const j = to.length++
  to.day[j] = day
  to.emission[j] = emission
  // The ceiling redirects what delegators' own part leaves, and no more.
  to.delegators[j] = mulDivFloor(emission, v.mobileDelegatorsPercent, Number(PERCENT))
  to.inMobile[j] = v.mobileInMobile
  to.treasury[j] = inMobile ? owed - overflow : 0
  to.overflow[j] = overflow
}

interface Mappers {
  readonly subscribers: ArrayLike<number>
  readonly verificationPoints: ArrayLike<number>
  readonly begin: number
  readonly end: number
}
interface Claims {
  /** Credits by radio row, and of all. */
  readonly dc: ArrayLike<number>
  readonly dcSum: number
  readonly mappers: Mappers
  readonly hexesCovered: number
}

/** Who has a claim to the epoch; the weights of coverage are left in `columns`. */
function claimsOf(state: State, day: number, v: Settings): Claims {
  const { mapper, mobileTotal, radio } = state
  if (isLate(state, day)) return lateClaims(state, day)
  if (v.mobileDataResidual === 0) weigh(state, day, v)
  return {
    dc: radio.dcEpoch,
    dcSum: mobileTotal.dcEpoch[0],
    mappers: { ...mapper, begin: 0, end: mapper.length },
    hexesCovered: v.mobileDataResidual === 0 ? state.map.hexesCovered : 0,
  }
}

function lateClaims(state: State, day: number): Claims {
  const { mapperDeferred, mobileDeferred, mobileWaiting, radio } = state
  const { base, boosted, dc } = columns
  base.count.fill(0, 0, radio.length)
  base.weight.fill(0, 0, radio.length)
  boosted.weight.fill(0, 0, radio.length)
  dc.fill(0, 0, radio.length)
  for (let i = 0; i < mobileDeferred.length && mobileDeferred.day[i] === day; i++) {
    const r = radioOf(state, mobileDeferred.node[i])
    base.count[r] = mobileDeferred.heartbeats[i]
    base.weight[r] = mobileDeferred.baseWeight[i]
    boosted.weight[r] = mobileDeferred.boostedWeight[i]
    dc[r] = mobileDeferred.dc[i]
  }
  let end = 0
  while (end < mapperDeferred.length && mapperDeferred.day[end] === day) end++
  const mappers = { ...mapperDeferred, begin: 0, end }
  return { dc, dcSum: mobileWaiting.dc[0], mappers, hexesCovered: mobileWaiting.hexesCovered[0] }
}

/** Pools, then every radio's floored share of them (HIP-122, 147, 148, 149; oracles: reward_shares.rs). */
const pay_radios: Line = (state, _at, { out, params: v }) => {
  const { radio, mobileTotal, ledger } = state
  if (mobileTotal.openDay[0] === 0) return
  const day = mobileTotal.openDay[0] - 1
  const emission = BigInt(mobileTotal.emittedEpoch[0])
  const inMobile = mobileTotal.inMobile[0] === 1
  const token = inMobile ? "mobile" : "hnt"
  const unitsPerToken = inMobile ? MOBILE_UNITS : HNT_UNITS
  const price = inMobile ? v.mobilePriceE8Usd : priceOf(state, v).emaE8
  const part = (percent: number): bigint => emission * BigInt(percent)
  const { paid } = columns.of(radio.length)
  const claims = claimsOf(state, day, v)
  const issued = BigInt(ledger.tokens[token].balance.toNumber(ledger.account.mobile_pool))
  const mappers = payMappers(claims.mappers, part(v.mobileMappersPercent), v.mobileDiscoveryPoints)
  const flat = part(v.mobileProvidersPercent) / PERCENT
  const worth = (BigInt(claims.dcSum) * 1000n * unitsPerToken) / BigInt(price)
  const providers = v.mobileProvidersFlat === 1 || worth > flat ? least(flat, issued) : worth
  let data: bigint
  let coverage = { base: 0n, boosted: 0n }
  if (v.mobileDataResidual === 1) {
    data = payResidual(issued - providers - mappers, claims.dc, radio.length, paid.data)
    paid.base.fill(0)
    paid.boosted.fill(0)
  } else {
    const ceiling: Pool = { above: part(v.mobileDataPercent), below: PERCENT }
    data = payData(ceiling, claims.dc, radio.length, price, unitsPerToken, paid.data)
    const poc: Pool = { above: part(v.mobileDataPercent + v.mobileCoveragePercent) - data * PERCENT, below: PERCENT }
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
  split.hexesCovered[s] = claims.hexesCovered
  split.radios[s] = radios
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b)

/** Whole units that mappers get of `partE2` / 100: discovery and verification are floored apart, subscriber by subscriber (HIP-118). */
function payMappers({ subscribers, verificationPoints, begin, end }: Mappers, partE2: bigint, discovery: number): bigint {
  let points = 0n
  for (let i = begin; i < end; i++) points += BigInt(subscribers[i]) * BigInt(discovery + verificationPoints[i])
  if (points === 0n) return 0n
  let paid = 0n
  const below = points * PERCENT
  const each = (partE2 * BigInt(discovery)) / below
  for (let i = begin; i < end; i++) paid += BigInt(subscribers[i]) * (each + (partE2 * BigInt(verificationPoints[i])) / below)
  return paid
}

/** Heartbeats of a day that counted, of radios that have not begun another. */
function heartbeatsOf({ radio }: State, day: number): number {
  let heartbeats = 0
  for (let r = 0; r < radio.length; r++) if (radio.day[r] === day) heartbeats += bitsOf(radio.hours[r])
  return heartbeats
}

/** What nobody claimed is set aside by name, and the next epoch starts from zero. */
const close_mobile: Line = (state, _at, { out }) => {
  const { mobileTotal, mobileWaiting, ledger } = state
  if (mobileTotal.openDay[0] === 0) return
  const day = mobileTotal.openDay[0] - 1
  const wasLate = isLate(state, day)
  const to = out.MobileEpochClosed
  reserve(to, 1)
  const j = to.length++
  to.day[j] = day
  to.paid[j] = mobileTotal.paidEpoch[0]
  to.unallocated[j] = ledger.tokens[mobileTotal.inMobile[0] === 1 ? "mobile" : "hnt"].balance.toNumber(ledger.account.mobile_pool)
  to.heartbeats[j] = wasLate ? mobileWaiting.heartbeats[0] : heartbeatsOf(state, day)
  to.late[j] = wasLate ? 1 : 0
}

/** Lines of the day, after IoT's. */
export const mobileLines = { defer_mobile, issue_mobile, pay_radios, close_mobile } as const
/** Lines of the half hour, after those of a late epoch of IoT. */
export const lateMobileLines = {
  issue_mobile_late: issue_mobile,
  pay_radios_late: pay_radios,
  close_mobile_late: close_mobile,
} as const
