/** Days of Mobile, told: what a radio must do to earn, what it loses by silence, and what becomes of the pools. */
import { describe, expect, test } from "vitest"
import { h3Geometry } from "../../boundary/geometry.ts"
import { DAY, HOUR } from "../../kernel/clock.ts"
import { resolve } from "../../kernel/param.ts"
import type { Fact } from "../../kernel/row-type.ts"
import { specify, type LoggedFact } from "../../kernel/specify.ts"
import { balance } from "../../ledger/ledger.ts"
import type { Events } from "./events.ts"
import { helium } from "./index.ts"
import { MOBILE_2025_03 } from "./params-mobile.ts"
import type { params } from "./params.ts"
import { PLACES, SQUARE, T0, type Ask } from "./story.ts"
import {
  assignAround,
  boost,
  connections,
  cover,
  goodDay,
  heartbeat,
  heartbeats,
  HIGH,
  INDOOR,
  INDOOR_CBRS,
  joinMobile,
  LOW,
  OUTDOOR,
  siblings,
  speedtests,
} from "./story-mobile.ts"

const { home, cells0, cells7, km20 } = PLACES
type Changes = { readonly [K in keyof typeof params]?: number }
const given = (changes: Changes = {}, ...asks: readonly Ask[]) =>
  specify(helium, { nodes: 5, params: { netEmissionsCapBones: 0, ...changes }, ports: { geometry: h3Geometry } })().when(
    { type: "MintCredits", hnt: 1e13, at: T0 },
    assignAround(home, "AAA"),
    ...asks,
  )
const dayOne = T0 + DAY
const only = <K extends keyof Events>(facts: readonly LoggedFact<Events>[], type: K) =>
  facts.find((f) => f.type === type) as Extract<Fact<Events>, { type: K }>
const paid = (facts: readonly LoggedFact<Events>[]) =>
  Object.fromEntries(
    (facts.filter((f) => f.type === "RadioPaid") as unknown as Extract<Fact<Events>, { type: "RadioPaid" }>[]).map((f) => [
      f.node,
      f.coverage + f.boosted,
    ]),
  )
const one = [...joinMobile(0, home, INDOOR), ...cover(0, 1, home)]

/** 7,500,000 HNT a year over 365 days, in bones; what the floor of 11 % for IoT leaves of it for Mobile. */
const DAILY = 2_054_794_520_548
const MOBILE = 1_828_767_123_288
const part = (percent: number) => Math.floor((MOBILE * percent) / 100)

describe("a run without radios", () => {
  test("writes nothing of Mobile", () => {
    const { facts } = given({}, ...SQUARE).settle("day", dayOne)
    expect(facts.map((f) => f.type)).toEqual(["EmissionIssued", "PoolsSplit", "EpochClosed"])
  })
})

describe("to earn for coverage a radio", () => {
  const earns = (...asks: readonly Ask[]) => paid(given({}, ...one, ...asks).settle("day", dayOne).facts)[0] ?? 0
  test("needs twelve hours with a heartbeat, not eleven, and the same hour twice is one", () => {
    expect(earns(...speedtests(0, T0), ...heartbeats(0, 1, home, T0, 12))).toBe(part(70))
    expect(earns(...speedtests(0, T0), ...heartbeats(0, 1, home, T0, 11))).toBe(0)
    expect(earns(...speedtests(0, T0), ...heartbeats(0, 1, home, T0, 11), heartbeat(0, 1, home, T0 + 59 * 60))).toBe(0)
  })
  test("needs two speed tests within 48 hours, above the worst tier", () => {
    const beats = heartbeats(0, 1, home, T0)
    expect(earns(...speedtests(0, T0, { tests: 1 }), ...beats)).toBe(0)
    expect(earns(...speedtests(0, dayOne - 48 * HOUR - 2), ...beats)).toBe(0)
    expect(earns(...speedtests(0, dayOne - 48 * HOUR), ...beats)).toBe(part(70))
    expect(earns(...speedtests(0, dayOne), ...beats)).toBe(0)
    expect(earns(...speedtests(0, T0, { uploadKbps: 1999 }), ...beats)).toBe(0)
  })
  test("must be where its owner says, or be confirmed there within a day", () => {
    const fast = speedtests(0, T0)
    expect(earns(...fast, ...heartbeats(0, 1, km20, T0))).toBe(0)
    const unseen = heartbeats(0, 1, home, T0).map((h) => ({ ...h, validatedS: 0 }))
    expect(earns(...fast, ...unseen)).toBe(0)
    // One confirmation the evening before carries the heartbeats of its next 24 hours.
    const late = heartbeat(0, 1, home, T0 - HOUR)
    const { state } = given({}, ...one, ...fast, late, ...unseen)
    expect([state.radio.trustQuarters[0], state.radio.placeS[0]]).toEqual([48, T0 - HOUR])
  })
  test("needs a ban lifted", () => {
    const ban: Ask = { type: "BanRadio", node: 0, banned: 1, at: T0 }
    expect(earns(ban, ...goodDay(0, 1, home, T0))).toBe(0)
    expect(earns(ban, { ...ban, banned: 0 }, ...goodDay(0, 1, home, T0))).toBe(part(70))
  })
  test("must stand where Mobile is offered", () => {
    const beats = heartbeats(0, 1, home, T0, 1)
    const abroad: Ask = { type: "ConfigureHotspot", node: 0, region: 0, gainDdbi: 12, capable: 1 }
    expect(given({}, ...one, abroad, ...beats).refusals).toEqual(["unsupported_location"])
    expect(given({ mobileGeofence: 0 }, ...one, abroad, ...beats).refusals).toEqual([])
  })
})

describe("location trust", () => {
  test("a quarter between the limits, by kind of radio", () => {
    // cells7 lies some 330 m from home.
    const { state } = given({}, ...one, ...joinMobile(1, home, INDOOR_CBRS), ...cover(1, 2, home)).when(
      heartbeat(0, 1, cells7, T0 + 60),
      heartbeat(1, 2, km20, T0 + 60),
    )
    expect([state.radio.metresSum[0] > 300, state.radio.metresSum[0] <= 400]).toEqual([true, true])
    expect([...state.radio.trustQuarters.subarray(0, 2)]).toEqual([1, 4])
  })
  test("none where coverage reaches too far, and the limit is a rule that may change", () => {
    const far = [...joinMobile(0, home, OUTDOOR), ...cover(0, 1, km20)]
    const quarters = (changes: Changes) => given(changes, ...far, heartbeat(0, 1, home, T0 + 60)).state.radio.trustQuarters[0]
    expect([quarters({}), quarters({ mobileReachMetres: 30_000 })]).toEqual([0, 4])
    const story = given({}, ...far, heartbeat(0, 1, home, T0 + 60))
    story.machine.change("mobileReachMetres", 30_000)
    expect(story.when(heartbeat(0, 1, home, T0 + HOUR + 60)).state.radio.trustQuarters[0]).toBe(4)
  })
})

describe("on one hex", () => {
  const share = (changes: Changes, ...asks: readonly Ask[]) => paid(given(changes, ...asks).settle("day", dayOne).facts)
  test("of indoor radios only the strongest level earns, then the oldest claim", () => {
    const asks = [
      ...joinMobile(0, home, INDOOR),
      ...cover(0, 1, home, { level: LOW, claimedS: T0 - DAY }),
      ...joinMobile(1, home, INDOOR),
      ...cover(1, 2, home, { level: HIGH, claimedS: T0 }),
      ...joinMobile(2, home, INDOOR),
      ...cover(2, 3, home, { level: HIGH, claimedS: T0 - 1 }),
      ...[0, 1, 2].flatMap((n) => goodDay(n, n + 1, home, T0)),
    ]
    expect(share({}, ...asks)).toEqual({ 2: part(70) })
  })
  test("of outdoor radios three, at whole, half and quarter; a radio with a failing line holds no rank", () => {
    const radios = [0, 1, 2, 3, 4].flatMap((n) => [
      ...joinMobile(n, home, OUTDOOR),
      ...cover(n, n + 1, home, { powerDdbm: -700 - n }),
      ...heartbeats(n, n + 1, home, T0),
    ])
    const tests = [0, 1, 2, 3, 4].flatMap((n) => speedtests(n, T0, { uploadKbps: n === 1 ? 1000 : 20_000 }))
    const result = share({}, ...radios, ...tests)
    expect(Object.keys(result)).toEqual(["0", "2", "3"])
    expect(result[0] / result[2]).toBeCloseTo(2, 9)
    expect(result[2] / result[3]).toBeCloseTo(2, 9)
  })
  test("outside every data set nobody earns, until somebody pays for a boost", () => {
    const asks = [...joinMobile(0, km20, INDOOR), ...cover(0, 1, km20), ...goodDay(0, 1, km20, T0)]
    expect(share(MOBILE_2025_03, ...asks)).toEqual({})
    const boosted = [...asks, boost(siblings(km20)[0], 2, T0 - DAY)]
    // Without phones the boost itself is refused; the assignment it lifted stays (HIP-84, 103).
    expect(share(MOBILE_2025_03, ...boosted)).toEqual({ 0: part(60) })
    expect(given(MOBILE_2025_03, ...boosted, connections(0, 0, 3)).settle("day", dayOne).state.map.boostedE4[0]).toBe(4_000_000)
  })
  test("a boost counts from the begin of an epoch to its last month's end, for its kind of radio", () => {
    const asks = [...one, ...goodDay(0, 1, home, T0), connections(0, 26)]
    const extra = (but: object, at: number) =>
      given(MOBILE_2025_03, ...asks, boost(siblings(home)[0], 3, at, but)).settle("day", dayOne).state.map.boostedE4[0]
    expect(extra({}, T0)).toBe(8_000_000)
    expect(extra({}, T0 + 1)).toBe(0)
    expect(extra({}, T0 - 90 * DAY)).toBe(0)
    expect(extra({ kind: OUTDOOR }, T0)).toBe(0)
    expect(extra({ kind: INDOOR }, T0)).toBe(8_000_000)
  })
})

describe("seniority", () => {
  test("outlasts three days of silence, not four, and goes to the rival", () => {
    const rivals = [
      ...joinMobile(0, home, INDOOR),
      ...cover(0, 1, home, { claimedS: T0 - 9 * DAY }),
      ...joinMobile(1, home, INDOOR),
      ...cover(1, 2, home, { claimedS: T0 - DAY }),
      ...goodDay(1, 2, home, T0),
      ...heartbeats(0, 1, home, T0, 1),
    ]
    const after = (days: number) => {
      const at = T0 + days * DAY
      return paid(
        given({}, ...rivals)
          .when(...[1, 2, 3].filter((d) => d < days).flatMap((d) => heartbeats(1, 2, home, T0 + d * DAY, 1)))
          .when(...goodDay(0, 1, home, at), ...goodDay(1, 2, home, at))
          .settle("day", at + DAY).facts,
      )
    }
    expect(Object.keys(after(3))).toEqual(["0"])
    expect(Object.keys(after(4))).toEqual(["1"])
  })
})

describe("money", () => {
  const busy = [...one, ...goodDay(0, 1, home, T0)]
  const carry = (dc: number): Ask => ({ type: "ReportDataTransfer", node: 0, dc })
  test("is Mobile's part of the day's HNT: coverage gets what data leaves of 70 %, providers 24, delegators 6", () => {
    const { facts, state } = given({}, ...busy, carry(1_000_000)).settle("day", dayOne)
    expect(only(facts, "EmissionIssued").scheduled).toBe(DAILY)
    const { emission } = only(facts, "MobileEmissionIssued")
    const split = only(facts, "MobilePoolsSplit")
    // 1,000,000 credits are 10 USD, at 2.151 USD a HNT.
    expect(split.data).toBe(Math.floor((10 * 1e16) / 215_100_000))
    expect(split.data + split.coverage).toBe(Math.floor(emission * 0.7))
    expect(split.serviceProviders).toBe(Math.floor(emission * 0.24))
    expect(only(facts, "MobileEpochClosed").unallocated).toBeLessThan(3)
    expect(balance(state.ledger, "hnt", state.ledger.account.service_providers)).toBe(BigInt(split.serviceProviders))
    expect(state.mobileTotal.creditsBurned[0]).toBe(1_000_000)
  })
  test("data beyond its ceiling is scaled, and coverage gets nothing", () => {
    const { facts } = given({}, ...busy, carry(4_000_000_000)).settle("day", dayOne)
    const { emission } = only(facts, "MobileEmissionIssued")
    expect(only(facts, "MobilePoolsSplit")).toMatchObject({ data: Math.floor(emission * 0.7), coverage: 0 })
  })
  test("after HIP-149 data gets all that is left, by credits, and nobody's data leaves it unallocated", () => {
    const { facts } = given({ mobileDataResidual: 1 }, ...busy, carry(1)).settle("day", dayOne)
    const { emission, delegators } = only(facts, "MobileEmissionIssued")
    const { data, coverage, serviceProviders } = only(facts, "MobilePoolsSplit")
    expect([data + serviceProviders + delegators, coverage]).toEqual([emission, 0])
    const idle = given({ mobileDataResidual: 1 }, ...busy).settle("day", dayOne).facts
    expect(only(idle, "MobileEpochClosed").unallocated).toBe(emission - delegators - serviceProviders)
  })
  test("while MOBILE is paid it is minted by its own schedule and HNT stays where it was", () => {
    const { facts, state } = given({ mobileInMobile: 1 }, ...busy).settle("day", dayOne)
    expect(only(facts, "MobileEmissionIssued")).toMatchObject({ emission: 41_095_890_410_959, inMobile: 1 })
    expect(state.radio.earnedMobile[0]).toBe(only(facts, "RadioPaid").coverage)
    expect(state.radio.earnedHnt[0]).toBe(0)
  })
  test("mappers share by points, and a provider's credits are his due only to their value (HIP-87, 118)", () => {
    const { facts } = given(
      MOBILE_2025_03,
      ...busy,
      { type: "ReportMappers", subscribers: 2, verificationPoints: 30 },
      { type: "ReportMappers", subscribers: 4, verificationPoints: 0 },
      carry(1000),
    ).settle("day", dayOne)
    const { emission } = only(facts, "MobileEmissionIssued")
    const { mappers, serviceProviders } = only(facts, "MobilePoolsSplit")
    const perPoint = (emission * 0.2) / 240
    expect(mappers).toBe(2 * 2 * Math.floor(30 * perPoint) + 4 * Math.floor(30 * perPoint))
    expect(serviceProviders).toBe(Math.floor((0.01 * 1e16) / 215_100_000))
  })
  test("Mobile never takes more than IoT leaves", () => {
    const { facts } = given({ iotSharePpm: 900_000 }, ...busy).settle("day", dayOne)
    const { scheduled, reEmitted, iot } = only(facts, "EmissionIssued")
    expect(only(facts, "MobileEmissionIssued").emission).toBe(scheduled + reEmitted - iot)
  })
})

test("coverage may be changed for more hexes or fewer, and only the last claim counts", () => {
  const story = given({}, ...joinMobile(0, home, INDOOR), ...cover(0, 1, home, { hexes: 3 }))
    .when(...cover(0, 2, home, { hexes: 7 }))
    .when(...cover(0, 3, cells0, { hexes: 2 }))
    .when(...goodDay(0, 3, home, T0))
  const { state } = story.settle("day", dayOne)
  expect([state.radio.hexes[0], state.radio.hexRoom[0], state.coverage.length]).toEqual([2, 7, 10])
  expect([state.map.hexes, state.map.baseE4[0]]).toEqual([2, 2 * 400 * 10_000])
})

test("the presets of Mobile fit together", () => {
  for (const name of ["MOBILE-2025-03", "MOBILE-HIP-149"] as const)
    expect(helium.coherent?.(resolve("helium", helium.params, helium.presets[name]))).toBeUndefined()
  const tooMuch = { ...resolve("helium", helium.params, undefined), mobileMappersPercent: 1 }
  expect(helium.coherent?.(tooMuch as never)).toMatch(/101 %/)
})
