/** Given, when, then: hotspots join, are measured and denied; users pay. The proof of coverage has its own file. */
import { describe, expect, test } from "vitest"
import { h3Geometry } from "../../boundary/geometry.ts"
import { Report } from "../../kernel/invariant.ts"
import { defaults } from "../../kernel/param.ts"
import type { Fact } from "../../kernel/row-type.ts"
import { specify } from "../../kernel/specify.ts"
import { balance } from "../../ledger/ledger.ts"
import type { Commands } from "./commands.ts"
import { assert, configure, examples, join, measurePath, PLACES, register, T0 } from "./examples.ts"
import { helium } from "./index.ts"
import { coherent, params } from "./params.ts"

type Ask = Fact<Commands>
const given = (...asks: readonly Ask[]) => specify(helium, { nodes: 4, ports: { geometry: h3Geometry } })().when(...asks)
const domains = (node: number, asn = 3320): Ask => ({
  type: "DeclareDomains",
  node,
  country: 1,
  asn,
  provider: 1,
  client: 1,
  grid: 1,
  at: T0,
})
const retire = (node: number): Ask => ({ type: "RetireNode", node, at: T0 })

describe("the registry's refusals, in their order", () => {
  test.each([register(4), assert(4, PLACES.home), domains(4), retire(4)])("$type outside the registry", (ask) =>
    expect(given().when(ask).refusals).toEqual(["node_is_outside_the_registry"]),
  )
  test.each([register(0), assert(0, PLACES.home), domains(0), retire(0)])("$type of one that left for good", (ask) =>
    expect(given(register(0), retire(0)).when(ask).refusals).toEqual(["node_is_retired"]),
  )
  test.each([assert(0, PLACES.home), domains(0), retire(0)])("$type of one that never joined", (ask) =>
    expect(given().when(ask).refusals).toEqual(["node_is_unknown"]),
  )
  test("a hotspot joins once", () =>
    expect(given(register(0)).when(register(0)).refusals).toEqual(["node_is_already_registered"]))
  test("and does not repeat itself", () => {
    const story = given(...join(0, PLACES.home), domains(0)).when(assert(0, PLACES.home), domains(0))
    expect(story.refusals).toEqual(["location_is_unchanged", "domains_are_unchanged"])
    expect(story.when(assert(0, PLACES.cells8), domains(0, 1)).refusals).toEqual([])
  })
  test("a location that is no cell of resolution 12, or whose degrees are elsewhere, is refused", () => {
    const story = given(register(0))
    expect(story.when(assert(0, { hexHi: 1, hexLo: 1, latE7: 0, lngE7: 0 })).refusals).toEqual(["location_is_no_cell"])
    expect(story.when(assert(0, { ...PLACES.home, latE7: PLACES.home.latE7 + 11 })).refusals).toEqual(["centre_is_not_the_cells"])
    expect(story.when(assert(0, PLACES.home)).refusals).toEqual([])
  })
})

describe("radios", () => {
  test("a known hotspot registers its radio, and again when it changes", () => {
    const { state, refusals } = given(register(0)).when(configure(0), configure(0, { region: 2, gainDdbi: 80, capable: 0 }))
    expect(refusals).toEqual([])
    expect([state.hotspot.region[0], state.hotspot.gainDdbi[0], state.hotspot.capable[0]]).toEqual([2, 80, 0])
  })
  test("but not an unknown one, one outside, or one that left", () =>
    expect(given(register(1), retire(1)).when(configure(0), configure(9), configure(1)).refusals).toEqual([
      "gateway_not_found",
      "gateway_not_found",
      "gateway_not_found",
    ]))
})

describe("paths", () => {
  const two = () => given(...join(0, PLACES.home), ...join(1, PLACES.cells8), register(2))
  test("a pair is measured once in each direction", () => {
    const { facts, refusals } = two().when(measurePath(0, 1), measurePath(1, 0), measurePath(0, 1))
    expect(facts).toMatchObject([
      { type: "PathMeasured", beaconer: 0, witness: 1, cells: 8, metres: 359 },
      { type: "PathMeasured", beaconer: 1, witness: 0, cells: 8, metres: 359 },
    ])
    expect(refusals).toEqual(["path_is_known"])
  })
  test("and again when one of the two has moved", () =>
    expect(two().when(measurePath(0, 1), assert(0, PLACES.km20), measurePath(0, 1), measurePath(0, 1)).refusals).toEqual([
      "path_is_known",
    ]))
  test("but only between asserted places", () =>
    expect(two().when(measurePath(0, 2), measurePath(2, 0), measurePath(0, 9)).refusals).toEqual([
      "not_asserted",
      "not_asserted",
      "not_asserted",
    ]))
})

describe("denylists", () => {
  test("take and release known hotspots, retired ones too", () => {
    const story = given(register(0), register(1), retire(1)).when(
      { type: "PublishDenylist", node: 0, denied: 1 },
      { type: "PublishDenylist", node: 1, denied: 1 },
    )
    expect([story.refusals, story.state.hotspot.denied[0]]).toEqual([[], 1])
    expect(story.when({ type: "PublishDenylist", node: 0, denied: 0 }).state.hotspot.denied[0]).toBe(0)
  })
  test("but not strangers, at either end", () => {
    const edge = (a: number, b: number): Ask => ({ type: "DenyEdge", a, b, denied: 1 })
    const { refusals } = given(register(0)).when(
      { type: "PublishDenylist", node: 1, denied: 1 },
      edge(0, 1),
      edge(1, 0),
      edge(0, 9),
    )
    expect(refusals).toEqual(Array.from({ length: 4 }, () => "gateway_not_found"))
  })
})

describe("Data Credits", () => {
  const bones = 100_000_000
  const mint = (hnt: number): Ask => ({ type: "MintCredits", hnt, at: T0 })
  const carry = (dc: number, node = 0): Ask => ({ type: "ReportTransfer", node, dc })

  test("are minted from burnt HNT at the oracle price, floored: 1 HNT at $2.151 is 215,100 DC", () => {
    const before = given()
    const held = balance(before.state.ledger, "hnt", before.state.ledger.account.circulation)
    const { facts, state } = before.when(mint(bones), mint(464))
    expect(facts).toMatchObject([
      { type: "CreditsMinted", hnt: bones, dc: 215_100 },
      { hnt: 464, dc: 0 },
    ])
    expect(balance(state.ledger, "dc", state.ledger.account.credit_holders)).toBe(215_100n)
    expect(balance(state.ledger, "hnt", state.ledger.account.circulation)).toBe(held - BigInt(bones) - 464n)
    expect(state.total.hntBurnedEpoch[0]).toBe(bones + 464)
  })
  test("cannot be had for HNT that is not there", () => {
    const poor = specify(helium, { nodes: 1, params: { supplyAtGenesisHnt: 1 }, ports: { geometry: h3Geometry } })()
    expect(poor.when(mint(bones + 1), mint(bones), mint(1)).refusals).toEqual(["supply_is_too_small", "supply_is_too_small"])
  })
  test("nor for more than an epoch's books can count", () =>
    expect(given(mint(Number.MAX_SAFE_INTEGER - 1)).when(mint(1), mint(1)).refusals).toEqual(["epoch_burn_is_full"]))
  test("are burnt when traffic is carried, until they are gone", () => {
    const { state, refusals, refusedAt } = given(...join(0, PLACES.home), mint(465)).when(carry(1), carry(1))
    expect([refusals, refusedAt]).toEqual([["payer_is_out_of_credits"], [1]])
    expect([state.hotspot.dcEpoch[0], state.total.creditsBurned[0]]).toEqual([1, 1])
    expect(balance(state.ledger, "dc", state.ledger.account.credit_holders)).toBe(0n)
  })
  test("are not spent on an unknown hotspot, even where they are short", () =>
    expect(given().when(carry(1)).refusals).toEqual(["gateway_not_found"]))
  test("a denied hotspot still carries traffic for pay (HIP-40)", () =>
    expect(
      given(...join(0, PLACES.home), mint(bones), { type: "PublishDenylist", node: 0, denied: 1 }).when(carry(5)).refusals,
    ).toEqual([]))
})

describe("parameters fit together", () => {
  const values = defaults(params)
  test("as they stand", () => expect(coherent(values)).toBeUndefined())
  test("but not when the pools are more than the epoch", () => expect(coherent({ ...values, dataPercent: 51 })).toMatch(/101 %/))
  test("nor when a hex may count fewer than its target", () =>
    expect(coherent({ ...values, density7Max: 4 })).toMatch(/density7Max = 4 .*density7Target = 5/))
})

test("every promise is seen broken where it is broken, by its name and two numbers", () => {
  for (const name of Object.keys(helium.sabotage)) {
    const { state } = given(...join(0, PLACES.home))
    helium.sabotage[name](state)
    const report = new Report()
    helium.invariants[name].check(state, report.within(name))
    expect(report.broken[0]).toMatch(new RegExp(`^${name}: .*\\d`))
  }
})

test("the examples are told in sentences of their own", () =>
  expect(new Set(examples.map((e) => e.name)).size).toBe(examples.length))
