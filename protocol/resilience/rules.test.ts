/** Laws of the pure rules: panels, explanations, placement, waivers, stages, back doors that stay shut. */
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { defaults } from "../kernel/param.ts"
import { REGISTERED, registry, type Registry } from "../registry/registry.ts"
import { computeRoom } from "./admission.ts"
import { capPerDomain } from "./choose-place.ts"
import { addLook, confusion, CORRELATED, INDIVIDUAL, precision, recall, WELL } from "./confusion.ts"
import { computeWeights } from "./diversity.ts"
import { explainSilence, standsOut, type Rule } from "./explain.ts"
import { computeWaiver } from "./grace.ts"
import { drawObservers, drawPanel, panel, scaleQuorum, sharesFate } from "./observers.ts"
import { diversityParams, graceParams, outageParams } from "./params.ts"
import { computeCap, computeStage } from "./release.ts"
import { NOBODY } from "./rows.ts"

const book = (
  nodes: number,
  home: (node: number) => Partial<Record<"owner" | "country" | "asn" | "provider" | "client" | "grid", number>>,
): Registry => {
  const r = registry(nodes)
  for (let node = 0; node < nodes; node++) {
    r.nodes.status[node] = REGISTERED
    for (const [column, value] of Object.entries(home(node))) r.nodes[column as "asn"][node] = value
  }
  return r
}
const RULE: Rule = { sharePermille: 500, lift: 4, membersMin: 5, operatorsMin: 3 }

describe("panels", () => {
  const r = book(200, (n) => ({ owner: n % 50, country: 1 + (n % 5), asn: 1 + (n % 20), client: 1 }))
  test("are of different nodes that do not share the judged one's fate, the same at every draw, and others for another suspicion", () => {
    fc.assert(
      fc.property(fc.nat(199), fc.nat(1000), fc.integer({ min: 1, max: 15 }), fc.nat(9), (node, round, size, seed) => {
        drawObservers(r, seed, node, round, size)
        const drawn = [...panel.subarray(0, size)]
        drawObservers(r, seed, node, round, size)
        expect([...panel.subarray(0, size)]).toEqual(drawn)
        const seated = drawn.filter((o) => o !== NOBODY)
        expect(new Set(seated).size).toBe(seated.length)
        for (const o of seated) expect(o !== node && !sharesFate(r, node, o)).toBe(true)
      }),
    )
    drawObservers(r, 1, 3, 1, 9)
    const first = [...panel.subarray(0, 9)]
    drawObservers(r, 1, 3, 2, 9)
    expect([...panel.subarray(0, 9)]).not.toEqual(first)
  })
  test("a larger panel begins with the smaller one: changing its size moves no seat", () => {
    drawPanel(r, 1, 2, 3, 5, () => true)
    const five = [...panel.subarray(0, 5)]
    drawPanel(r, 1, 2, 3, 12, () => true)
    expect([...panel.subarray(0, 5)]).toEqual(five)
  })
  test("a quorum shrinks with the seats that could be filled, and is never nobody", () => {
    expect(scaleQuorum(6, 9, 9)).toBe(6)
    expect(scaleQuorum(6, 9, 3)).toBe(2)
    expect(scaleQuorum(6, 9, 0)).toBe(1)
    expect(scaleQuorum(15, 9, 9)).toBe(9)
  })
})

describe("explaining silence", () => {
  const sight = (r: Registry, silent: (node: number) => boolean) => ({
    silent: Uint8Array.from({ length: r.nodes.length }, (_, n) => (silent(n) ? 1 : 0)),
    watched: new Uint8Array(r.nodes.length).fill(1),
  })
  test("an ASN inside a dark country is explained by the country, once", () => {
    const r = book(200, (n) => ({ owner: n, country: 1 + (n % 5), asn: 1 + (n % 20) }))
    const found = explainSilence(
      r,
      sight(r, (n) => n % 5 === 2),
      RULE,
    )
    expect(found.map(({ kind, domain, members, silent }) => ({ kind, domain, members, silent }))).toEqual([
      { kind: 0, domain: 3, members: 40, silent: 40 },
    ])
  })
  test("two causes at once are both found", () => {
    const r = book(240, (n) => ({ owner: n, country: 1 + (n % 8), asn: 1 + (n % 15) }))
    const found = explainSilence(
      r,
      sight(r, (n) => n % 8 === 1 || n % 15 === 4),
      RULE,
    )
    expect(found.map(({ kind, domain }) => `${kind}/${domain}`).toSorted()).toEqual(["0/2", "1/5"])
  })
  test("silence that knows no domain, one owner's silence, and silence in domains nobody named are not explained", () => {
    const r = book(200, (n) => ({ owner: n % 5 === 2 ? 0 : n, country: 1 + (n % 5) }))
    expect(
      explainSilence(
        r,
        sight(r, (n) => n % 3 === 0),
        RULE,
      ),
    ).toEqual([])
    expect(
      explainSilence(
        r,
        sight(r, (n) => n % 5 === 2),
        RULE,
      ),
    ).toEqual([])
    const nameless = book(50, (n) => ({ owner: n }))
    expect(
      explainSilence(
        nameless,
        sight(nameless, (n) => n < 40),
        RULE,
      ),
    ).toEqual([])
  })
  test("whatever is silent, a domain found stands out by its own count, and no domain is found twice", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 60, maxLength: 60 }), fc.integer({ min: 0, max: 250 }), (bytes, cut) => {
        const r = book(60, (n) => ({ owner: n, country: 1 + (n % 4), asn: 1 + (n % 6) }))
        const found = explainSilence(
          r,
          sight(r, (n) => bytes[n] < cut),
          RULE,
        )
        expect(new Set(found.map(({ kind, domain }) => kind * 1000 + domain)).size).toBe(found.length)
        for (const e of found) expect(e.silent * 2 >= e.members && e.members >= 5 && e.operators >= 3).toBe(true)
      }),
    )
  })
  test("the lift is a ratio of rates, compared in whole numbers", () => {
    const e = { kind: 0, domain: 1, members: 10, silent: 8, operators: 3 }
    expect(standsOut(e, { members: 100, silent: 20 }, RULE)).toBe(true)
    expect(standsOut(e, { members: 100, silent: 21 }, RULE)).toBe(false)
  })
})

test("a waiver rises from nothing at the threshold to all at full, and never falls on the way", () => {
  const values = { ...defaults(graceParams), ...defaults(outageParams) }
  expect(computeWaiver(500, 1000, values)).toBe(0)
  expect(computeWaiver(700, 1000, values)).toBe(500_000)
  expect(computeWaiver(900, 1000, values)).toBe(1_000_000)
  expect(computeWaiver(0, 0, values)).toBe(0)
  let last = 0
  for (let silent = 0; silent <= 1000; silent++) {
    const waiver = computeWaiver(silent, 1000, values)
    expect(waiver).toBeGreaterThanOrEqual(last)
    last = waiver
  }
})

test("any cap that placement uses survives the domains it says", () =>
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), fc.nat(199), fc.integer({ min: 1, max: 10 }), (pieces, lost, survived) => {
      const needed = Math.max(1, pieces - lost)
      const cap = capPerDomain(pieces, needed, survived)
      // Where one piece a domain is already too many, one is all that can be done.
      if (cap > 1) expect(pieces - survived * cap).toBeGreaterThanOrEqual(needed)
    }),
  ))

test("stages: every node has one, canaries are about their share and others for another release, and one stage is everyone", () => {
  const sizes = new Uint32Array(5)
  let same = 0
  for (let node = 0; node < 10_000; node++) {
    const stage = computeStage(node, 1, 4, 10, 1)
    sizes[stage]++
    if (stage === 1 && computeStage(node, 2, 4, 10, 1) === 1) same++
    expect(computeStage(node, 1, 1, 10, 1)).toBe(1)
  }
  expect(sizes[0]).toBe(0)
  expect(sizes[1]).toBeGreaterThan(60)
  expect(sizes[1]).toBeLessThan(140)
  expect(same).toBeLessThan(10)
  for (const k of [2, 3, 4]) expect(Math.abs(sizes[k] - 3300)).toBeLessThan(250)
  expect(computeCap(3, 333)).toBe(1)
  expect(computeCap(1000, 333)).toBe(333)
})

test("room halves with each class", () => expect([0, 1, 2, 3].map((c) => computeRoom(100, 300, c))).toEqual([500, 250, 125, 62]))

test("the confusion matrix counts what it is told", () => {
  const c = confusion()
  addLook(c, Uint8Array.of(WELL, INDIVIDUAL, CORRELATED, CORRELATED), Uint8Array.of(WELL, CORRELATED, CORRELATED, WELL))
  expect(precision(c, CORRELATED)).toBe(0.5)
  expect(recall(c, CORRELATED)).toBe(0.5)
  expect(recall(c, INDIVIDUAL)).toBe(0)
  expect(() => addLook(c, new Uint8Array(1), new Uint8Array(2))).toThrow("1 truths")
})

describe("diversity weights", () => {
  const weigh = (r: Registry, work: readonly number[], changes: Readonly<Record<string, number>> = {}) => {
    const into = new Float64Array(work.length)
    computeWeights(r, Float64Array.from(work), { ...defaults(diversityParams), ...changes }, into)
    return [...into]
  }
  test("lie between floor and ceiling, fall with the share, and are the lowest over the kinds", () => {
    const r = book(20, (n) => ({ owner: n, country: n < 16 ? 1 : 2, asn: n === 19 ? 7 : 1 }))
    const both = weigh(
      r,
      Array.from({ length: 20 }, () => 10),
    )
    const country = weigh(
      r,
      Array.from({ length: 20 }, () => 10),
      { diversityKinds: 1 },
    )
    const asn = weigh(
      r,
      Array.from({ length: 20 }, () => 10),
      { diversityKinds: 2 },
    )
    both.forEach((w, n) => expect(w).toBe(Math.min(country[n], asn[n])))
    expect(country[19]).toBeGreaterThan(country[0])
    for (const w of [...both, ...country, ...asn]) expect(w >= 500 && w <= 3000).toBe(true)
  })
  test("idle nodes move nobody's weight: a rival cannot be crowded out by presence", () => {
    const r = book(30, (n) => ({ owner: n, country: n < 10 ? 1 : 2, asn: 1 }))
    const work = Array.from({ length: 30 }, (_, n) => (n < 20 ? 10 : 0))
    const fewer = book(30, (n) => ({ owner: n, country: n < 10 ? 1 : n < 20 ? 2 : 1, asn: 1 }))
    expect(weigh(fewer, work, { diversityKinds: 1 }).slice(0, 20)).toEqual(weigh(r, work, { diversityKinds: 1 }).slice(0, 20))
  })
  test("no work, no kind, or β = 0 weighs all alike", () => {
    const r = book(4, (n) => ({ owner: n, country: 1 + n }))
    expect(weigh(r, [0, 0, 0, 0])).toEqual([1000, 1000, 1000, 1000])
    expect(weigh(r, [9, 1, 1, 1], { diversityKinds: 0 })).toEqual([1000, 1000, 1000, 1000])
    expect(weigh(r, [9, 1, 1, 1], { diversityBetaMilli: 0 })).toEqual([1000, 1000, 1000, 1000])
  })
})
