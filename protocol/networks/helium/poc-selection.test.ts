/** Which valid witnesses earn, how much, and how the density map scales it. */
import { describe, expect, test } from "vitest"
import { h3Geometry } from "../../boundary/geometry.ts"
import { DAY, HOUR } from "../../kernel/clock.ts"
import type { Fact } from "../../kernel/row-type.ts"
import { specify } from "../../kernel/specify.ts"
import type { Commands } from "./commands.ts"
import type { Events } from "./events.ts"
import { alongTheRoad, assert, beacon, join, measurePath, PLACES, proof, SQUARE, T0, witness } from "./examples.ts"
import { helium } from "./index.ts"
import type { params } from "./params.ts"

type Changes = { readonly [K in keyof typeof params]?: number }
const given = (asks: readonly Fact<Commands>[], changes: Changes = {}, facts: readonly Fact<Events>[] = []) =>
  specify(helium, { nodes: 30, params: changes, ports: { geometry: h3Geometry } })(...facts).when(...asks)
/** Contact is not asked for. */
const FREE: Changes = { reciprocitySeconds: 0 }
const T = T0 + HOUR

describe("selection and units", () => {
  /** n witnesses on a road 20 km from the beaconer; the first two are near each other once a path says so. */
  const road = (n: number) => Array.from({ length: n }, (_, k) => join(k + 1, alongTheRoad(k))).flat()
  const crowd = (n: number) => given([...join(0, PLACES.km20), ...road(n), beacon(0, T)], FREE)
  const nodes = (n: number) => Array.from({ length: n }, (_, k) => k + 1)
  /** Who earned, by node. */
  const rewarded = (facts: readonly { readonly type: string }[]) =>
    facts
      .flatMap((f) =>
        f.type === "WitnessProved" && (f as Fact<Events> & { shareE8: number }).shareE8 > 0
          ? [(f as unknown as { witness: number }).witness]
          : [],
      )
      .toSorted((a, b) => a - b)
  const report = (node: number, ms: number) => witness(0, node, T, { receivedMs: T * 1000 + ms })

  test("of more than 14 the first 14 to arrive count", () => {
    const { facts } = crowd(17).when(...nodes(17).map((node) => report(node, 100 + (17 - node))))
    expect(rewarded(facts)).toEqual(nodes(17).slice(3))
    expect(facts.at(-1)).toMatchObject({ selected: 14, valid: 17 })
  })
  test("ties stay in list order", () => {
    const list = [5, 3, 9, 1, 17, 16, 2, 4, 6, 7, 8, 10, 11, 12, 13, 14, 15]
    const { facts } = crowd(17).when(...list.map((node) => report(node, node === 15 ? 50 : 100)))
    expect(rewarded(facts)).toEqual([15, ...list.slice(0, 13)].toSorted((a, b) => a - b))
  })
  test("with more than 14, one near an earlier one is set aside (HIP-136)", () => {
    const { facts } = crowd(15).when(measurePath(1, 2), ...nodes(15).map((node) => report(node, 100 + node)))
    expect(rewarded(facts)).toEqual([1, ...nodes(15).slice(2)])
  })
  test("with 14 nobody is", () => {
    const { facts } = crowd(14).when(measurePath(1, 2), ...nodes(14).map((node) => report(node, 100 + node)))
    expect(rewarded(facts)).toEqual(nodes(14))
  })
  test("and who was set aside sets nobody aside", () => {
    const { facts } = crowd(16).when(measurePath(1, 2), measurePath(2, 3), ...nodes(16).map((node) => report(node, 100 + node)))
    expect(rewarded(facts)).toEqual([1, ...nodes(16).slice(2, 15)])
  })
  // Known bug: only the earlier hotspot's own measured paths are looked at.
  test("two are near whichever of them was measured first", () => {
    const { facts } = crowd(15).when(measurePath(2, 1), ...nodes(15).map((node) => report(node, 100 + node)))
    expect(rewarded(facts)).toEqual([1, ...nodes(15).slice(2)])
  })
  test("a hotspot that moved away is near no more", () => {
    const { facts } = crowd(15).when(
      measurePath(1, 2),
      assert(2, PLACES.cells23),
      ...nodes(15).map((node) => report(node, 100 + node)),
    )
    expect(rewarded(facts)).toEqual(nodes(14))
  })

  test("who is near whom is asked again after a measurement, a move, or another rule", () => {
    const story = crowd(15)
    const round = (k: number, ...before: readonly Fact<Commands>[]) => {
      const at = T + k * 6 * HOUR
      const asks = nodes(15).map((node) => witness(0, node, at, { receivedMs: at * 1000 + 100 + node }))
      return rewarded(story.when(...before, ...(k === 0 ? [] : [beacon(0, at)]), ...asks).facts)
    }
    const all = nodes(14)
    const withoutTwo = [1, ...nodes(15).slice(2)]
    expect(round(0)).toEqual(all)
    expect(round(1, measurePath(1, 2))).toEqual(withoutTwo)
    story.machine.change("exclusionCells", 0)
    expect(round(2)).toEqual(all)
    story.machine.change("exclusionCells", 8)
    expect(round(3)).toEqual(withoutTwo)
    expect(round(4, assert(2, PLACES.cells23))).toEqual(all)
    expect(round(5, assert(2, PLACES.cells8), measurePath(1, 2))).toEqual(all)
    story.machine.change("exclusionCells", 9)
    expect(round(6)).toEqual(withoutTwo)
  })

  test.each([
    [1, 2500, 10_000],
    [4, 10_000, 10_000],
    [5, 12_000, 7600],
    [14, 18_926, 2220],
  ])("%i witnesses: HIP-15 gives %i and %i of 1e-4 units", (w, beaconer, each) => {
    const { facts } = crowd(w).when(...nodes(w).map((node) => report(node, 100 + node)))
    expect(facts.at(-1)).toMatchObject({ shareE8: beaconer * 2000, selected: w })
    for (const fact of facts.slice(-1 - w, -1)) expect(fact).toMatchObject({ type: "WitnessProved", shareE8: each * 2000 })
  })
  test("a full hex scale pays five times the default's", () => {
    const scaled = given([...join(0, PLACES.km20), ...road(1), beacon(0, T)], FREE, [
      { type: "HexScaleChanged", node: 0, scaleE4: 10_000, active: 1 },
    ])
    expect(scaled.when(report(1, 100)).facts.at(-1)).toMatchObject({ shareE8: 2500 * 10_000 })
  })
  test("nobody valid, nothing shared, but the beacon is settled", () => {
    const { facts, state } = crowd(1).when(witness(0, 1, T, { payload: 1 }))
    expect(facts.at(-1)).toMatchObject({ type: "PocResolved", shareE8: 0, selected: 0, valid: 0 })
    expect([state.hotspot.open[0], state.hotspot.goodBeaconS[0]]).toEqual([0, 0])
  })
})

describe("the density map", () => {
  const silent = given(SQUARE, {}).when(...proof(0, T, 1))
  test("counts a hotspot for 60 h after its last heard beacon", () => {
    expect(silent.settle("density", T + HOUR).facts).toEqual([{ type: "HexScaleChanged", node: 0, scaleE4: 10_000, active: 1 }])
    expect(silent.settle("density", T + 60 * HOUR).facts).toEqual([])
    expect(silent.settle("density", T + 60 * HOUR + 1800).facts).toMatchObject([{ node: 0, active: 0 }])
    expect(silent.state.total.active[0]).toBe(0)
  })
  test("and says nothing when nothing moved", () => expect(given([]).settle("density", T0 + DAY).facts).toEqual([]))
})
