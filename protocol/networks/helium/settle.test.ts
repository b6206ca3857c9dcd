/** The books at midnight: what is minted, how it is divided, and what nobody claimed. */
import { describe, expect, test } from "vitest"
import { h3Geometry } from "../../boundary/geometry.ts"
import { DAY, HOUR } from "../../kernel/clock.ts"
import type { Fact } from "../../kernel/row-type.ts"
import { specify, type LoggedFact } from "../../kernel/specify.ts"
import { balance } from "../../ledger/ledger.ts"
import type { Commands } from "./commands.ts"
import type { Events } from "./events.ts"
import { contacts, join, PLACES, SQUARE, T0 } from "./examples.ts"
import { helium } from "./index.ts"
import type { params } from "./params.ts"

type Ask = Fact<Commands>
type Changes = { readonly [K in keyof typeof params]?: number }
const given = (changes: Changes = {}, ...facts: readonly Fact<Events>[]) =>
  specify(helium, { nodes: 4, params: changes, ports: { geometry: h3Geometry } })(...facts)
/** The fact of this type that a day wrote; the day has one of each but payments. */
const only = <K extends keyof Events>(facts: readonly LoggedFact<Events>[], type: K) =>
  facts.find((f) => f.type === type) as Extract<Fact<Events>, { type: K }>
const paid = (facts: readonly LoggedFact<Events>[]) =>
  facts.filter((f) => f.type === "RewardPaid") as unknown as readonly Record<"node" | "beacon" | "witness" | "data", number>[]

/** A share of the epoch for `node`, as a settled proof of coverage leaves it. */
const beaconShare = (node: number, shareE8: number): Fact<Events> => ({
  type: "PocResolved",
  beaconer: node,
  atS: T0,
  shareE8,
  selected: 1,
  valid: 1,
  unreciprocated: 0,
})
const SQUARE_AND_CREDITS: readonly Ask[] = [...SQUARE, { type: "MintCredits", hnt: 1e15, at: T0 }]
const carry = (node: number, dc: number): Ask => ({ type: "ReportTransfer", node, dc })

/** 7,500,000 HNT a year over 365 days, in bones; 11 % of it for IoT; 6 % of that for delegators. */
const DAILY = 2_054_794_520_548
const IOT = 226_027_397_260
const DELEGATORS = 13_561_643_835
const percent = (n: number) => Math.floor((IOT * n) / 100)

describe("the emission", () => {
  test("of 18 November 2025 is its schedule and the first seventh of what was burnt", () => {
    const { facts } = given({ netEmissionsCapBones: 0 }).settle("day", T0 + DAY)
    expect(facts[0]).toEqual({
      type: "EmissionIssued",
      day: 20_410,
      scheduled: DAILY,
      reEmitted: 0,
      toppedUp: 0,
      shareE9: 110_000_000,
      iot: IOT,
      delegators: DELEGATORS,
      burned: 0,
      smoothed: 257,
      at: T0 + DAY,
      windowed: DAILY,
    })
  })
  test("halves on 1 August 2025", () => {
    const august = 20_301 * DAY
    const before = only(given().settle("day", august).facts, "EmissionIssued")
    const after = only(given().settle("day", august + DAY).facts, "EmissionIssued")
    expect([before.day, before.scheduled, after.day, after.scheduled]).toEqual([20_300, 4_109_589_041_096, 20_301, DAILY])
  })
  test("mints burnt HNT again, smoothed over seven days", () => {
    let story = given()
      .when({ type: "MintCredits", hnt: 7_000_000, at: T0 })
      .settle("day", T0 + DAY)
    const smoothed: number[] = []
    for (let day = 2; day <= 4; day++) {
      smoothed.push(only(story.facts, "EmissionIssued").reEmitted)
      story = story.settle("day", T0 + day * DAY)
    }
    // 6/7 of 300 and 1/7 of 7,000,000, then 6/7 of that, each floored.
    expect(smoothed).toEqual([257 + 1_000_000, 857_363, 734_882])
    expect(only(story.facts, "EmissionIssued").burned).toBe(0)
  })
  test("up to the cap and no further, though the smoothed burn goes on from all of it", () => {
    const { facts, state } = given({ netEmissionsCapBones: 1000 })
      .when({ type: "MintCredits", hnt: 70_000, at: T0 })
      .settle("day", T0 + DAY)
    expect(only(facts, "EmissionIssued")).toMatchObject({ burned: 70_000, reEmitted: 1000, smoothed: 10_257 })
    expect([state.total.smoothedBurn[0], state.total.hntBurnedEpoch[0]]).toEqual([10_257, 0])
  })
  test("smooths on from 300 bones where nothing was left to smooth, as the program does", () => {
    const story = given()
    story.state.total.smoothedBurn[0] = 0
    expect(only(story.settle("day", T0 + DAY).facts, "EmissionIssued").smoothed).toBe(257)
  })
  test("is posted: IoT's part to its pool, delegators first, the rest to the other networks", () => {
    const { state } = given({ netEmissionsCapBones: 0 }).settle("day", T0 + DAY)
    const { ledger } = state
    expect(balance(ledger, "hnt", ledger.account.delegators)).toBe(BigInt(DELEGATORS))
    expect(balance(ledger, "hnt", ledger.account.other_networks)).toBe(BigInt(DAILY - IOT))
    expect(balance(ledger, "hnt", ledger.account.operations)).toBe(BigInt(percent(7)))
    expect(balance(ledger, "hnt", ledger.account.iot_pool)).toBe(0n)
  })
})

describe("the pools", () => {
  const FLAT: Changes = { netEmissionsCapBones: 0 }

  test("without traffic beacons get 6 % + 20 % of the data's 50 %, witnesses 24 % + 80 %; nobody claims, so all is unallocated", () => {
    const { facts, state } = given(FLAT).settle("day", T0 + DAY)
    expect(facts.map((f) => f.type)).toEqual(["EmissionIssued", "PoolsSplit", "EpochClosed"])
    const { unallocated, paid: all } = only(facts, "EpochClosed")
    expect(only(facts, "PoolsSplit")).toMatchObject({
      beacons: 0,
      witnesses: 0,
      data: 0,
      operations: percent(7),
      oracles: percent(7),
    })
    expect(all).toBe(0)
    expect(unallocated + percent(7) + percent(7) + DELEGATORS).toBe(IOT)
    expect(balance(state.ledger, "hnt", state.ledger.account.unallocated)).toBe(BigInt(unallocated + percent(7)))
  })
  test("one beacon takes all of the beacons' money: 16 %", () => {
    const { facts } = given(FLAT, beaconShare(2, 7)).settle("day", T0 + DAY)
    expect(paid(facts)).toEqual([{ type: "RewardPaid", node: 2, beacon: percent(16), witness: 0, data: 0 }])
  })
  test("with other shares of the underflow, its money goes elsewhere", () => {
    const { facts } = given({ ...FLAT, underflowBeaconsPercent: 100 }, beaconShare(2, 7)).settle("day", T0 + DAY)
    expect(paid(facts)[0].beacon).toBe(percent(56))
  })
  test("shares are floored, and the dust is unallocated by name", () => {
    const { facts } = given(FLAT, beaconShare(0, 1), beaconShare(1, 1), beaconShare(2, 1)).settle("day", T0 + DAY)
    const third = Math.floor((IOT * 0.16) / 3)
    expect(paid(facts).map((r) => r.beacon)).toEqual([third, third, third])
    const { paid: all, unallocated } = only(facts, "EpochClosed")
    expect(all).toBe(3 * third)
    expect(all + unallocated + percent(7) + percent(7) + DELEGATORS).toBe(IOT)
  })
  test("traffic is worth its Data Credits in HNT: 100,000 DC are $1", () => {
    const { facts } = given({ ...FLAT, hntPriceE8Usd: 200_000_000 })
      .when(...SQUARE_AND_CREDITS, carry(0, 100_000), carry(3, 300_000))
      .settle("day", T0 + DAY)
    // At $2 an HNT: half an HNT for one dollar of traffic.
    expect(paid(facts).map((r) => [r.node, r.data])).toEqual([
      [0, 50_000_000],
      [3, 150_000_000],
    ])
    expect(only(facts, "PoolsSplit").data).toBe(200_000_000)
  })
  test("traffic is paid for once", () => {
    const story = given(FLAT).when(...SQUARE_AND_CREDITS, carry(0, 100_000))
    expect(paid(story.settle("day", T0 + DAY).facts)).toHaveLength(1)
    expect(paid(story.settle("day", T0 + 2 * DAY).facts)).toEqual([])
  })
  test("worth more than half the epoch, it is cut to that, pro rata, and nothing underflows", () => {
    const { facts } = given({ ...FLAT, hntPriceE8Usd: 100_000 }, beaconShare(1, 1))
      .when(...SQUARE_AND_CREDITS, carry(0, 250_000_000), carry(3, 750_000_000))
      .settle("day", T0 + DAY)
    const byNode = Object.fromEntries(paid(facts).map((r) => [r.node, r]))
    expect(byNode[0].data).toBe(Math.floor(percent(50) / 4))
    expect(byNode[3].data).toBe(Math.floor((percent(50) * 3) / 4))
    expect(byNode[1].beacon).toBe(percent(6))
  })
})

describe("an epoch of coverage", () => {
  const day = () =>
    given({ netEmissionsCapBones: 0 })
      .when(...SQUARE)
      .when(...contacts(T0 + HOUR))
      .when(...contacts(T0 + 7 * HOUR))

  test("pays by share, and starts the next one from zero", () => {
    const { state, settle } = day()
    const shares = [...state.hotspot.witnessShareE8]
    const { facts } = settle("day", T0 + DAY)
    const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0)
    expect(only(facts, "EpochClosed").shares).toBe(sum(shares))
    const each = paid(facts)
    each.forEach((r) => expect(r.witness).toBe(Math.floor((IOT * 0.64 * shares[r.node]) / sum(shares))))
    const all = sum(each.map((r) => r.beacon + r.witness + r.data))
    expect([each.length, only(facts, "EpochClosed").paid, state.total.paid[0]]).toEqual([4, all, all])
    for (const column of ["beaconShareE8", "witnessShareE8", "dcEpoch"] as const)
      expect([...state.hotspot[column]]).toEqual([0, 0, 0, 0])
  })
  test("an epoch without proof pays nobody", () =>
    expect(
      paid(
        day()
          .settle("day", T0 + DAY)
          .settle("day", T0 + 2 * DAY).facts,
      ),
    ).toEqual([]))
  test("a hotspot that leaves keeps what it earned until then", () => {
    const left = given({}, beaconShare(0, 1))
      .when(...join(0, PLACES.home), { type: "RetireNode", node: 0, at: T0 })
      .settle("day", T0 + DAY)
    expect(paid(left.facts).map((r) => r.node)).toEqual([0])
  })
})
