/** What a daily epoch mints: HNT by schedule and net emissions, HIP-149's floor and supplement, IOT and treasuries before HIP-138. */
import { DAY } from "../../kernel/clock.ts"
import { make, toUnits } from "../../kernel/decimal.ts"
import type { Settle } from "../../kernel/network.ts"
import { mulDivFloor } from "../../kernel/money.ts"
import type { Values } from "../../kernel/param.ts"
import { reserve } from "../../kernel/table.ts"
import {
  computeBackstop,
  computeCouncilCut,
  computeOverflow,
  computeSupplement,
  SHARE_ONE,
  SUPPLEMENT_WINDOW,
} from "./backstop.ts"
import { civilDate } from "./civil-date.ts"
import {
  computeDailyEmission,
  computeHntSchedule,
  computeNetEmissions,
  SMOOTHED_BURN_START_BONES,
  type HeliumToken,
} from "./emission.ts"
import type { Events } from "./events.ts"
import { enforceBreaker } from "./issuance-safety.ts"
import type { params } from "./params.ts"
import { isStale, priceOf } from "./price.ts"
import { delegatedTo } from "./state-vehnt.ts"
import { BONES, type State } from "./state.ts"
import { computeUtilityScore, splitHst } from "./sub-dao.ts"

type V = Values<typeof params>
type To = Parameters<Settle<State, Events, typeof params>>[2]

const SHARE_E9 = 1_000_000_000
const DECIMALS: Readonly<Record<HeliumToken, number>> = { hnt: 8, iot: 6, mobile: 6 }
/** The first day with a daily emission: the network year before the move to Solana. */
const FIRST_DAY = { year: 2022, month: 8, day: 1 }
const FIRST_NETWORK_YEAR = 2019

/** A day's emission in smallest units. Days before August 2022, which only a what-if can ask for, get HIP-20's year over 365. */
export function dailyUnits(token: HeliumToken, day: number): number {
  const date = civilDate(day)
  const isEarly = date.year < FIRST_DAY.year || (date.year === FIRST_DAY.year && date.month < FIRST_DAY.month)
  if (isEarly && token === "hnt") {
    const year = Math.max(1, date.year - FIRST_NETWORK_YEAR + (date.month >= FIRST_DAY.month ? 1 : 0))
    return mulDivFloor(computeHntSchedule(year).minted, BONES, 365)
  }
  return Number(toUnits(computeDailyEmission(token, isEarly ? FIRST_DAY : date), DECIMALS[token], "floor"))
}

/** What burnt HNT comes back: smoothed over seven days, or all of it, within the cap. */
function netEmissions({ total }: State, v: V): { readonly reEmitted: number; readonly smoothed: number } {
  const burned = total.hntBurnedEpoch[0]
  if (v.burnSmoothed === 0) return { reEmitted: Math.min(burned, v.netEmissionsCapBones), smoothed: burned }
  const net = computeNetEmissions(
    0n,
    BigInt(total.smoothedBurn[0]) || SMOOTHED_BURN_START_BONES,
    BigInt(burned),
    BigInt(v.netEmissionsCapBones),
  )
  return { reEmitted: Number(net.totalRewards), smoothed: Number(net.smoothed) }
}

/** IoT's share of the epoch: a thirtieth of the way to its veHNT (HIP-141), or its utility among both sub-networks (HIP-51). */
export function shareE9Of(state: State, v: V, day: number): number {
  const { economy } = state
  const staked = delegatedTo(state, day * DAY, v)
  const isStaked = staked.iot + staked.mobile > 0n
  if (v.utilityScore === 1) {
    const [iotVehnt, mobileVehnt] = isStaked ? [wholeHnt(staked.iot), wholeHnt(staked.mobile)] : [v.iotVehnt, v.mobileVehnt]
    const iot = computeUtilityScore(iotVehnt, v.iotOnboardingUsd, creditsOf(state, day)).utility
    const mobile = computeUtilityScore(mobileVehnt, v.mobileOnboardingUsd, mobileCreditsOf(state, v, day)).utility
    return Math.floor((iot / (iot + mobile)) * SHARE_E9)
  }
  const n = v.emissionSmoothingEpochs
  const target = isStaked ? Number((staked.iot * BigInt(SHARE_E9)) / (staked.iot + staked.mobile)) : v.iotSharePpm * 1000
  return Math.floor(((n - 1) * economy.iotShareE9[0] + target) / n)
}
const wholeHnt = (power: bigint): number => Number(power / BigInt(BONES))

/** Credits burnt for the traffic of a day: the one now open, or one that waits. */
function creditsOf({ deferred, total, waiting }: State, day: number): number {
  if (waiting.length === 0 || waiting.day[0] !== day) return total.creditsEpoch[0]
  let dc = 0
  for (let i = 0; i < deferred.length && deferred.day[i] === day; i++) dc += deferred.dc[i]
  return dc
}

/** Credits burnt for Mobile's traffic of a day: of its radios, or where there are none, as the parameter has it. */
function mobileCreditsOf({ mobileTotal, mobileWaiting, radio, waiting }: State, v: V, day: number): number {
  if (waiting.length > 0 && waiting.day[0] === day)
    return mobileWaiting.length > 0 && mobileWaiting.day[0] === day ? mobileWaiting.dc[0] : v.mobileCreditsPerDay
  return radio.length > 0 ? mobileTotal.dcEpoch[0] : v.mobileCreditsPerDay
}

/** The mint breaker's window after `amount`, or undefined where it trips: so many epochs' amounts in a day (HIP-77). */
function breakerAfter({ economy }: State, at: number, v: V, epoch: number, amount: number): number | undefined {
  if (v.mintBreakerEpochs === 0) return 0
  const next = enforceBreaker(
    { percent: make(BigInt(v.mintBreakerEpochs) * 100n), windowS: DAY },
    { aggregated: BigInt(economy.mintedInWindow[0]), lastS: Math.min(at, economy.windowS[0]) },
    BigInt(epoch),
    at,
    BigInt(amount),
  )
  return next === null ? undefined : Number(next.aggregated)
}

/** A trip puts the epoch by, unless it waits already. */
function trip({ economy, waiting }: State, at: number, day: number, { out }: To): void {
  const to = out.BreakerTripped
  reserve(to, 1)
  const j = to.length++
  to.day[j] = day
  to.at[j] = at
  if ((waiting.length > 0 && waiting.day[0] === day) || economy.deferredDay[0] === day + 1) return
  const put = out.EpochDeferred
  reserve(put, 1)
  const k = put.length++
  put.day[k] = day
  put.reason[k] = 2
}

/** The epoch's HNT (HIP-20; HRP-20250312), and from July 2026 HIP-149's floor, ceiling and supplement. */
export function issueHnt(state: State, at: number, day: number, to: To): void {
  const { params: v, out } = to
  const scheduled = dailyUnits("hnt", day)
  const { reEmitted, smoothed } = netEmissions(state, v)
  const share = shareE9Of(state, v, day)
  const floor = v.backstop === 1 ? backstopOf(state, at, day, v, scheduled, smoothed, share) : undefined
  const toppedUp = floor === undefined ? 0 : Number(floor.topUp)
  const all = scheduled + reEmitted + toppedUp
  const windowed = breakerAfter(state, at, v, scheduled, all)
  if (windowed === undefined) return trip(state, at, day, to)
  const iot = mulDivFloor(all, share, SHARE_E9)
  const rows = out.EmissionIssued
  reserve(rows, 1)
  const j = rows.length++
  rows.day[j] = day
  rows.scheduled[j] = scheduled
  rows.reEmitted[j] = reEmitted
  rows.toppedUp[j] = toppedUp
  rows.shareE9[j] = share
  rows.iot[j] = iot
  rows.delegators[j] = mulDivFloor(iot, v.delegatorsPercent, 100)
  rows.burned[j] = state.total.hntBurnedEpoch[0]
  rows.smoothed[j] = smoothed
  rows.at[j] = at
  rows.windowed[j] = windowed
  if (floor === undefined) return
  const mobile = all - iot
  const escrow = mobile - mulDivFloor(mobile, v.delegatorsPercent, 100)
  // Sized by the clock at execution, not by the day that is settled (supplement.rs). One for each of the two sub-networks.
  const supplement = v.supplement === 1 ? computeSupplement(at, SUPPLEMENT_WINDOW) : 0n
  const applied = out.BackstopApplied
  reserve(applied, 1)
  const k = applied.length++
  applied.day[k] = day
  applied.topUp[k] = toppedUp
  applied.deployerCap[k] = Math.min(Number.MAX_SAFE_INTEGER, Number(floor.deployerCap))
  applied.overflow[k] = Number(computeOverflow(BigInt(mobile), floor.deployerCap, BigInt(escrow)))
  applied.supplement[k] = Number(2n * supplement)
  applied.council[k] = Number(2n * computeCouncilCut(supplement))
  applied.dormant[k] = floor.isDormant ? 1 : 0
}

function backstopOf(state: State, at: number, day: number, v: V, scheduled: number, smoothed: number, shareE9: number) {
  const price = priceOf(state, v)
  const isDormant = price.lowE8 <= 0 || isStale(price, at, v.priceStaleBackstopSeconds)
  const found = computeBackstop({
    emission: BigInt(scheduled),
    smoothedBurn: BigInt(smoothed),
    netEmissionsCap: BigInt(v.netEmissionsCapBones),
    dcBurned: BigInt(mobileCreditsOf(state, v, day)),
    mobileShare: (SHARE_ONE * BigInt(SHARE_E9 - shareE9)) / BigInt(SHARE_E9),
    floorPrice: isDormant ? 0n : BigInt(price.lowE8),
    capPrice: isDormant ? 0n : BigInt(price.emaE8),
  })
  return { ...found, isDormant }
}

/** SOL-DNT: HNT to treasuries and security tokens, IOT to its pools (HIP-51, HIP-52, HIP-88). */
export function issueIot(state: State, at: number, day: number, to: To): void {
  const { params: v, out } = to
  const scheduled = dailyUnits("hnt", day)
  const iotDay = dailyUnits("iot", day)
  const { reEmitted, smoothed } = netEmissions(state, v)
  const all = scheduled + reEmitted
  const windowed = breakerAfter(state, at, v, scheduled, all)
  if (windowed === undefined) return trip(state, at, day, to)
  const share = shareE9Of(state, v, day)
  const ours = mulDivFloor(all, share, SHARE_E9)
  const [hst, delegated] = [make(BigInt(v.securityTokenPercent)), make(BigInt(v.delegatorsPercent))]
  const iot = splitHst(BigInt(ours), BigInt(iotDay), hst, delegated)
  const mobile = splitHst(BigInt(all - ours), 0n, hst, delegated)
  const securities = Number(iot.hst + mobile.hst)
  const rows = out.SubDaoEmitted
  reserve(rows, 1)
  const j = rows.length++
  rows.day[j] = day
  rows.scheduled[j] = scheduled
  rows.reEmitted[j] = reEmitted
  rows.shareE9[j] = share
  rows.treasury[j] = Number(iot.treasury)
  // What the floors leave goes with the other network's part.
  rows.others[j] = all - Number(iot.treasury) - securities
  rows.securities[j] = securities
  rows.iot[j] = Number(iot.escrow)
  rows.delegators[j] = Number(iot.delegators)
  rows.burned[j] = state.total.hntBurnedEpoch[0]
  rows.smoothed[j] = smoothed
  rows.at[j] = at
  rows.windowed[j] = windowed
}
