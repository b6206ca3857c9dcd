/** Proof of coverage, check by check, in the verifier's order and at the edges of every limit. */
import { describe, expect, test } from "vitest"
import { h3Geometry } from "../../boundary/geometry.ts"
import { HOUR } from "../../kernel/clock.ts"
import type { Fact } from "../../kernel/row-type.ts"
import { specify } from "../../kernel/specify.ts"
import type { Commands, Refusal } from "./commands.ts"
import type { Events } from "./events.ts"
import {
  assert,
  beacon,
  CHANNEL_HZ,
  configure,
  contacts,
  join,
  measurePath,
  PLACES,
  proof,
  register,
  SQUARE,
  T0,
  witness,
} from "./examples.ts"
import { helium } from "./index.ts"
import type { params } from "./params.ts"
import { computeExpectedRssiDbm } from "./witness-checks.ts"

type Ask = Fact<Commands>
type Changes = { readonly [K in keyof typeof params]?: number }
const ports = { geometry: h3Geometry }
const given = (asks: readonly Ask[], changes: Changes = {}, facts: readonly Fact<Events>[] = []) =>
  specify(helium, { nodes: 30, params: changes, ports })(...facts).when(...asks)
/** Contact is not asked for: what a check says is what it says. */
const FREE: Changes = { reciprocitySeconds: 0 }
const INTERVAL = 6 * HOUR
const T = T0 + HOUR
const deny = (node: number): Ask => ({ type: "PublishDenylist", node, denied: 1 })
const denyEdge = (a: number, b: number): Ask => ({ type: "DenyEdge", a, b, denied: 1 })

describe("a beacon", () => {
  const home = join(0, PLACES.home)

  test("in order opens its proof of coverage", () => {
    const { facts, refusals, state } = given(home).when(beacon(0, T, { receivedMs: T * 1000 + 7 }))
    expect(refusals).toEqual([])
    expect(facts[0]).toMatchObject({
      type: "BeaconReported",
      node: 0,
      receivedS: T,
      receivedMs: 7,
      entropyS: T,
      frequencyHz: CHANNEL_HZ,
    })
    expect([state.hotspot.open[0], state.hotspot.lastBeaconS[0]]).toEqual([1, T])
  })

  describe("is refused for the first check it fails: this one and all later ones are broken", () => {
    const late = beacon(0, T, { entropyS: T - HOUR, payload: 1 })
    const wrong = beacon(0, T, { payload: 1 })
    const ladder: readonly (readonly [Refusal, readonly Ask[], Ask])[] = [
      ["gateway_not_found", [], late],
      ["not_asserted", [register(0), configure(0, { capable: 0 }), deny(0)], late],
      ["denied", [...home, configure(0, { capable: 0 }), deny(0)], late],
      ["entropy_expired", [...home, configure(0, { capable: 0 }), wrong], late],
      ["invalid_capability", [...home, configure(0, { capable: 0 }), wrong], wrong],
      ["irregular_interval", [...home, wrong], wrong],
      ["invalid_packet", home, wrong],
    ]
    test.each(ladder)("%s", (reason, before, ask) => {
      const { facts, refusals, state } = given(before).when(ask)
      expect(refusals).toEqual([reason])
      const index = Object.keys(helium.refusals).indexOf(reason)
      // An unknown hotspot leaves no trace; any other has used up its interval.
      expect(facts).toEqual(
        reason === "gateway_not_found" ? [] : [{ type: "BeaconRefused", node: 0, receivedS: T, reason: index }],
      )
      expect(state.hotspot.open[0]).toBe(0)
    })
    test("a retired hotspot is no longer found", () =>
      expect(given([...home, { type: "RetireNode", node: 0, at: T0 }]).when(beacon(0, T)).refusals).toEqual([
        "gateway_not_found",
      ]))
  })

  test.each([
    [0, []],
    [180, []],
    [181, ["entropy_expired"]],
    [-1, ["entropy_expired"]],
  ])("%i s after its entropy was issued", (age, refusals) =>
    expect(given(home).when(beacon(0, T + age, { entropyS: T })).refusals).toEqual(refusals),
  )
  test("with an entropy that was never issued", () =>
    expect(given(home).when(beacon(0, T + 30, { entropyS: T + 30 })).refusals).toEqual(["entropy_expired"]))
  test("may follow in the next aligned interval, however soon; not in its own", () => {
    const { refusals } = given(home).when(
      beacon(0, T0 + INTERVAL - 1),
      beacon(0, T0 + INTERVAL),
      beacon(0, T0 + 2 * INTERVAL - 1),
      beacon(0, T0 + 2 * INTERVAL),
    )
    expect(refusals).toEqual(["irregular_interval"])
  })
  test("from before the last one is irregular", () =>
    expect(given([...home, beacon(0, T0 + 2 * INTERVAL)]).when(beacon(0, T0 + INTERVAL)).refusals).toEqual([
      "irregular_interval",
    ]))
})

describe("a witness", () => {
  /** Beaconer 0 at home, beacon open at T. Witness 1 as told. */
  const open = (...witnesses: readonly Ask[]) => given([...join(0, PLACES.home), ...witnesses, beacon(0, T)], FREE)
  const one = (place: (typeof PLACES)[keyof typeof PLACES] = PLACES.cells8) => open(...join(1, place))

  test("in order is proved, with its share of the units times the beaconer's hex scale", () => {
    const { facts, refusals } = one().when(witness(0, 1, T))
    expect(refusals).toEqual([])
    expect(facts).toMatchObject([
      { type: "WitnessProved", beaconer: 0, witness: 1, shareE8: 10_000 * 2000 },
      { type: "PocResolved", beaconer: 0, atS: T, shareE8: 2500 * 2000, selected: 1, valid: 1, unreciprocated: 0 },
    ])
  })
  test("of a beacon that is not open, or of nobody", () => {
    const story = given([...join(0, PLACES.home), ...join(1, PLACES.cells8)])
    expect(story.when(witness(0, 1, T), witness(1 << 20, 1, T)).refusals).toEqual(["beacon_is_not_open", "beacon_is_not_open"])
  })
  test("of a beacon already settled", () =>
    expect(
      one()
        .when(witness(0, 1, T))
        .when(witness(0, 1, T)).refusals,
    ).toEqual(["beacon_is_not_open"]))

  describe("is refused for the first check it fails: this one and all later ones are broken", () => {
    const order = [
      "gateway_not_found",
      "not_asserted",
      "denied",
      "denied_edge",
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
    ] as const satisfies readonly Refusal[]
    test.each(order)("%s", (reason) => {
      const fails = (r: (typeof order)[number]) => order.indexOf(r) >= order.indexOf(reason)
      const place = fails("below_min_distance") ? PLACES.cells7 : fails("max_distance_exceeded") ? PLACES.m101108 : PLACES.cells8
      const asks: Ask[] = []
      if (!fails("gateway_not_found")) {
        asks.push(
          register(1),
          configure(1, { capable: fails("invalid_capability") ? 0 : 1, region: fails("invalid_region") ? 1 : 0 }),
        )
        if (!fails("not_asserted")) asks.push(assert(1, place), measurePath(0, 1))
        if (fails("denied")) asks.push(deny(1))
        if (fails("denied_edge") && !fails("not_asserted")) asks.push(denyEdge(1, 0))
      }
      const ask = witness(0, 1, T, {
        receivedMs: T * 1000 + (fails("entropy_expired") ? 181_000 : fails("too_late") ? 4001 : 100),
        ...(fails("wrong_payload") ? { payload: 1 } : {}),
        frequencyHz: CHANNEL_HZ + (fails("invalid_frequency") ? 100_001 : 0),
        signalDdbm: fails("bad_rssi") ? 500 : -1200,
      })
      const { refusals } = open(...asks).when(...(fails("duplicate") ? [ask, ask] : [ask]))
      // Where the first of two is refused before it counts as a report, so is the second.
      const next = order[order.indexOf(reason) + 1]
      expect(refusals).toEqual(reason === "duplicate" ? [next, reason] : fails("duplicate") ? [reason, reason] : [reason])
    })
    test("self_witness: after the denylists, before it could be a duplicate, and it never counts as the first to report", () => {
      const asks = [
        witness(0, 0, T, { receivedMs: T * 1000 - 3000 }),
        witness(0, 0, T),
        witness(0, 1, T, { receivedMs: T * 1000 + 4000 }),
      ]
      expect(one().when(...asks).refusals).toEqual(["self_witness", "self_witness"])
      expect(one().when(deny(0), witness(0, 0, T)).refusals).toEqual(["denied"])
    })
    test("a retired hotspot is no longer found", () =>
      expect(one().when({ type: "RetireNode", node: 1, at: T }, witness(0, 1, T)).refusals).toEqual(["gateway_not_found"]))
  })

  describe("at the edges", () => {
    test.each([
      [4000, []],
      [4001, ["too_late"]],
    ])("%i ms after a beacon that came first", (lag, refusals) =>
      expect(one().when(witness(0, 1, T, { receivedMs: T * 1000 + lag })).refusals).toEqual(refusals),
    )
    test("a witness in the beacon's own millisecond is not before it", () => {
      const two = open(...join(1, PLACES.cells8), ...join(2, PLACES.cells23))
      expect(
        two.when(witness(0, 1, T, { receivedMs: T * 1000 }), witness(0, 2, T, { receivedMs: T * 1000 + 4000 })).refusals,
      ).toEqual([])
    })
    test.each([
      [1500, []],
      [1501, ["too_late"]],
    ])("%i ms after a first witness that came before the beacon", (lag, refusals) => {
      const two = given(
        [
          ...join(0, PLACES.home),
          ...join(1, PLACES.cells8),
          ...join(2, PLACES.cells23),
          beacon(0, T, { receivedMs: T * 1000 + 900 }),
        ],
        FREE,
      )
      const first = T * 1000 + 100
      expect(two.when(witness(0, 1, T, { receivedMs: first }), witness(0, 2, T, { receivedMs: first + lag })).refusals).toEqual(
        refusals,
      )
    })
    test.each([-100_001, -100_000, 100_000, 100_001])("%i Hz off", (off) =>
      expect(one().when(witness(0, 1, T, { frequencyHz: CHANNEL_HZ + off })).refusals).toEqual(
        Math.abs(off) > 100_000 ? ["invalid_frequency"] : [],
      ),
    )
    test.each(["cells0", "cells7", "cells8", "m100996", "m101108"] as const)("at %s", (place) => {
      const refusals = {
        cells0: "below_min_distance",
        cells7: "below_min_distance",
        m101108: "max_distance_exceeded",
        cells8: undefined,
        m100996: undefined,
      }[place]
      expect(one(PLACES[place]).when(witness(0, 1, T)).refusals).toEqual(refusals === undefined ? [] : [refusals])
      // Measured before or computed now: the same distance.
      expect(
        one(PLACES[place])
          .when(measurePath(0, 1))
          .when(witness(0, 1, T, { path: 0 })).refusals,
      ).toEqual(refusals === undefined ? [] : [refusals])
    })
    test("as loud as free space allows, and a tenth of a dBm louder", () => {
      const path = { txPowerDbm: 26, beaconGainDdbi: 12, witnessGainDdbi: 12, frequencyHz: CHANNEL_HZ }
      const most = Math.floor(computeExpectedRssiDbm(path, 359) * 10)
      expect(one().when(witness(0, 1, T, { signalDdbm: most })).refusals).toEqual([])
      expect(one().when(witness(0, 1, T, { signalDdbm: most + 1 })).refusals).toEqual(["bad_rssi"])
    })
    test("in the last second of the beacon's entropy, and before its first", () => {
      const at = (beaconS: number, receivedMs: number) =>
        given([...join(0, PLACES.home), ...join(1, PLACES.cells8), beacon(0, beaconS, { entropyS: T })], FREE).when(
          witness(0, 1, T, { receivedMs }),
        ).refusals
      expect(at(T + 178, (T + 180) * 1000 + 999)).toEqual([])
      expect(at(T + 178, (T + 181) * 1000)).toEqual(["entropy_expired"])
      expect(at(T, T * 1000)).toEqual([])
      expect(at(T, T * 1000 - 1)).toEqual(["entropy_expired"])
    })
  })

  describe("and its path", () => {
    test.each([
      [0, 1],
      [1, 0],
    ])("an edge has no direction: denied as (%i, %i)", (a, b) => {
      const story = one().when(measurePath(0, 1), measurePath(1, 0), denyEdge(a, b))
      expect(story.when(witness(0, 1, T)).refusals).toEqual(["denied_edge"])
      expect(story.when(beacon(1, T), witness(1, 0, T)).refusals).toEqual(["denied_edge"])
    })
    test("an edge taken off the list is an edge again", () =>
      expect(
        one()
          .when(measurePath(0, 1), denyEdge(0, 1), { type: "DenyEdge", a: 1, b: 0, denied: 0 })
          .when(witness(0, 1, T)).refusals,
      ).toEqual([]))
    test("an edge is denied before it was measured, too", () =>
      expect(
        one()
          .when(denyEdge(0, 1), measurePath(0, 1))
          .when(witness(0, 1, T)).refusals,
      ).toEqual(["denied_edge"]))
    test("an edge is still denied after one of its ends moved", () =>
      expect(
        one()
          .when(measurePath(0, 1), denyEdge(0, 1), assert(1, PLACES.cells23), measurePath(0, 1))
          .when(witness(0, 1, T)).refusals,
      ).toEqual(["denied_edge"]))
    test("a wrong hint is no hint", () => {
      const three = open(...join(1, PLACES.cells8), ...join(2, PLACES.cells7)).when(measurePath(0, 2), measurePath(0, 1))
      expect(three.when(witness(0, 1, T, { path: 0 }), witness(0, 2, T, { path: 1 })).refusals).toEqual(["below_min_distance"])
    })
    test.each([0, 0xffff_ffff])("a hotspot that moved leaves its old path behind, with hint %i", (path) => {
      const moved = one().when(measurePath(0, 1), assert(1, PLACES.cells7))
      expect(moved.when(witness(0, 1, T, { path })).refusals).toEqual(["below_min_distance"])
      const back = moved.when(assert(1, PLACES.cells8), measurePath(0, 1))
      expect(back.when(beacon(0, T + INTERVAL), witness(0, 1, T + INTERVAL, { path })).refusals).toEqual([])
    })
  })
})

describe("what was once worked out about a pair is worked out again when", () => {
  const NEXT = T + INTERVAL
  // Half a dB below the limit: clear of it before, beyond it once an antenna loses a whole dB.
  const radio = { txPowerDbm: 26, beaconGainDdbi: 12, witnessGainDdbi: 12, frequencyHz: CHANNEL_HZ }
  const signalDdbm = Math.floor(computeExpectedRssiDbm(radio, 359) * 10) - 5
  const settled = () => {
    const story = given([...join(0, PLACES.home), ...join(1, PLACES.cells8), measurePath(0, 1)], FREE)
    expect(story.when(beacon(0, T), witness(0, 1, T, { path: 0, signalDdbm })).refusals).toEqual([])
    return story
  }
  const again = [beacon(0, NEXT), witness(0, 1, NEXT, { path: 0, signalDdbm })]

  test("nothing changed: it stands", () => expect(settled().when(...again).refusals).toEqual([]))
  test.each<[string, Ask, Refusal]>([
    ["the witness leaves", { type: "RetireNode", node: 1, at: NEXT }, "gateway_not_found"],
    ["the witness is denied", deny(1), "denied"],
    ["their edge is denied", denyEdge(1, 0), "denied_edge"],
    ["the witness loses proof of coverage", configure(1, { capable: 0 }), "invalid_capability"],
    ["the witness changes its region", configure(1, { region: 1 }), "invalid_region"],
    ["the beaconer changes its region", configure(0, { region: 1 }), "invalid_region"],
    ["the witness moves", assert(1, PLACES.cells7), "below_min_distance"],
    ["the beaconer moves", assert(0, PLACES.m101108), "max_distance_exceeded"],
    ["the witness has a weaker antenna", configure(1, { gainDdbi: 9 }), "bad_rssi"],
    ["the beaconer has a weaker antenna", configure(0, { gainDdbi: 9 }), "bad_rssi"],
  ])("%s", (_, change, reason) => expect(settled().when(change, ...again).refusals).toEqual([reason]))
  test.each<[string, number, Refusal]>([
    ["distanceMinCells", 9, "below_min_distance"],
    ["frequencyToleranceHz", 0, "invalid_frequency"],
  ])("%s becomes %i", (name, value, reason) => {
    const story = settled()
    story.machine.change(name, value)
    expect(story.when(again[0], { ...again[1], frequencyHz: CHANNEL_HZ + 1 } as Ask).refusals).toEqual([reason])
  })
  test("distanceMaxKm becomes 99", () => {
    const far = given([...join(0, PLACES.home), ...join(1, PLACES.m100996), measurePath(0, 1)], FREE)
    expect(far.when(beacon(0, T), witness(0, 1, T, { path: 0 })).refusals).toEqual([])
    far.machine.change("distanceMaxKm", 99)
    expect(far.when(beacon(0, NEXT), witness(0, 1, NEXT, { path: 0 })).refusals).toEqual(["max_distance_exceeded"])
  })
})

describe("reciprocity", () => {
  const WINDOW = 48 * HOUR
  /** Hotspot 0 was a witness of 2, and hotspot 1 was heard by 2, this long before T. */
  const after = (witnessed: number, heard: number) =>
    given([...join(0, PLACES.home), ...join(1, PLACES.cells8), ...join(2, PLACES.cells23)])
      .when(...proof(2, T - witnessed, 0), ...proof(1, T - heard, 2))
      .when(beacon(0, T), witness(0, 1, T))

  test("at 48 h both still count", () => {
    const { facts, refusals } = after(WINDOW, WINDOW)
    expect(refusals).toEqual([])
    expect(facts.at(-1)).toMatchObject({ type: "PocResolved", selected: 1, valid: 1, unreciprocated: 0 })
  })
  test("a second later the beaconer was no witness: nobody earns, yet it was contact", () => {
    const { facts, refusals, state } = after(WINDOW + 1, WINDOW)
    expect(refusals).toEqual(["gateway_no_valid_witnesses"])
    expect(facts.slice(-2)).toMatchObject([
      { type: "WitnessProved", beaconer: 0, witness: 1, shareE8: 0 },
      { type: "PocResolved", beaconer: 0, atS: T, shareE8: 0, selected: 0, valid: 1, unreciprocated: 1 },
    ])
    expect([state.hotspot.beacons[0], state.hotspot.beaconShareE8[0], state.hotspot.witnessShareE8[1]]).toEqual([0, 0, 0])
    expect([state.hotspot.goodBeaconS[0], state.hotspot.witnessedS[1]]).toEqual([T, T])
  })
  test("a second later the witness was not heard: only it is left out", () => {
    const { facts, refusals } = after(WINDOW, WINDOW + 1)
    expect(refusals).toEqual(["gateway_no_valid_beacons"])
    expect(facts.at(-1)).toMatchObject({ selected: 0, valid: 1, unreciprocated: 0 })
  })
  test("the beaconer's want comes first when both want", () =>
    expect(after(WINDOW + 1, WINDOW + 1).refusals).toEqual(["gateway_no_valid_witnesses"]))
  test("a network starts: the first round is contact and pays nobody, the next one pays all", () => {
    const first = given(SQUARE).when(...contacts(T))
    expect(first.state.total.witnessesRewarded[0]).toBeLessThan(12)
    const next = first.when(...contacts(T + INTERVAL))
    expect(next.refusals).toEqual([])
    expect(next.facts.filter((f) => f.type === "WitnessProved" && f.shareE8 > 0)).toHaveLength(12)
  })
})
