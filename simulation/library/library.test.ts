/** Every incident on record becomes a scenario that can be planned and says what it took for granted; some are played, small. */
import { readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"
import { ScenarioProblem } from "../../protocol/boundary/problem.ts"
import { readScenario, type Scenario } from "../../protocol/boundary/scenario.ts"
import { resolve } from "../engine/resolve.ts"
import { playIncident } from "../record/library.ts"
import { readInstant } from "./instant.ts"
import { translate, translateFully } from "./translate.ts"

type Json = Record<string, any>
const records = (
  JSON.parse(readFileSync(new URL("../../scenarios/incidents.json", import.meta.url), "utf8")) as { incidents: readonly Json[] }
).incidents
const byId = (id: string): Json => records.find((r) => r.id === id)!
const planned = (record: unknown): Scenario => {
  const scenario = readScenario(JSON.parse(JSON.stringify(translate(record))))
  resolve(scenario)
  return scenario
}

describe.each(records.map((r) => [r.id, r] as const))("%s", (_, record) => {
  test("is a scenario that can be planned", () => {
    const scenario = planned(record)
    expect(scenario.question).toMatch(/\?$/u)
    expect(scenario.timeline!.length).toBeGreaterThan(0)
  })

  test("pins every conflict, and says where its facts are from", () => {
    const { choices = [], sources = [] } = planned(record)
    for (const conflict of record.conflicts ?? [])
      expect(choices.some((c) => c.includes(conflict) && /Taken: onset/u.test(c))).toBe(true)
    expect(sources).toHaveLength(record.sources.length)
  })

  test("keeps the record's own times and levels", () => {
    const { record: read, movedS, scenario } = translateFully(record)
    if (record.start !== null) expect(read.onsetS).toBe(readInstant(record.start))
    const kept = scenario.incident!.published!
    for (const step of record.timeline) {
      const atS = readInstant(step.t)! + movedS
      const found = kept.find((k) => readInstant(k.at) === atS && k.what === step.what)
      if (atS < readInstant(scenario.begins)!) expect(found).toBeUndefined()
      else expect(found?.served).toEqual(step.capacity === undefined ? undefined : { permille: Math.round(step.capacity * 1000) })
    }
  })
})

test("causes are read off failure domains", () => {
  const causes = Object.groupBy(records, (r) => translateFully(r).cause)
  const ids = (cause: string): readonly string[] => ((causes as Json)[cause] ?? []).map((r: Json) => r.id)
  expect(ids("halt")).toEqual(records.filter((r) => r.domains.some((d: Json) => d.type === "consensus-halt")).map((r) => r.id))
  expect(ids("grid")).toEqual(["iberia-2025-04-28"])
  expect(ids("access")).toEqual(["rogers-2022-07-08"])
  expect(ids("cable")).toEqual(["redsea-2025-09-06"])
  expect(ids("seizure")).toEqual(["hetzner-solana-2022-11-02"])
  expect(ids("operator")).toEqual(expect.arrayContaining(["akash-validator-2023-04-09", "lido-nethermind-2025-12-03"]))
  expect(ids("version")).toEqual(expect.arrayContaining(["crowdstrike-2024-07-19", "ethereum-2025-12-04"]))
})

test("a depth that nobody published is swept, one that was is not", () => {
  const axes = (id: string) => planned(byId(id)).sweep!.map((s) => s.axis)
  expect(axes("cloudflare-2025-11-18")).toContain("depth")
  expect(axes("cloudflare-2025-12-05")).not.toContain("depth")
})

test("what is not in the record's file is not looked at: another id gives the same scenario", () => {
  for (const record of records) {
    const { id: _, ...rest } = record
    const named = { ...rest, id: "another" }
    // Ids may name a network, as names do; then the name still does.
    const [one, two] = [
      translateFully(record),
      translateFully({ ...named, name: `${record.name} ${String(record.id).replaceAll("-", " ")}` }),
    ]
    expect([two.cause, two.victim, two.depthPermille]).toEqual([one.cause, one.victim, one.depthPermille])
  }
})

describe("records as others write them", () => {
  const base = { id: "x", kind: "centralised", domains: [{ type: "provider", value: "p" }] }
  test("times with offsets, blanks, fractions and numbers are read", () => {
    expect(readInstant("2021-03-10T00:47:00+01:00")).toBe(readInstant("2021-03-09T23:47:00Z"))
    expect(readInstant("2021-3-9 23:47 UTC")).toBe(readInstant("2021-03-09T23:47:00Z"))
    expect(readInstant("2021-03-09T23:47:00.250Z")).toBe(readInstant(1_615_333_620))
    expect(readInstant(1_615_333_620_000)).toBe(1_615_333_620)
    for (const odd of ["", "soon", "2021-13-01", "2021-02-30", "T10:00", null, undefined, {}, Number.NaN, -5])
      expect(readInstant(odd)).toBeUndefined()
  })
  test.each<[string, Json, RegExp]>([
    ["no time at all", { ...base }, /^x has no start, no dated step in timeline and no date: give start as a time in UTC/u],
    ["a start that is none", { ...base, start: "soon" }, /^x has a start that is no time \("soon"\)/u],
  ])("%s is refused in one sentence", (_, record, sentence) => {
    expect(() => translate(record)).toThrow(ScenarioProblem)
    expect(() => translate(record)).toThrow(sentence)
  })
  test("what is odd is left out, and said", () => {
    const { choices } = planned({
      ...base,
      date: "2025-05-05",
      timeline: [{ phase: "onset" }, 7, { t: "2025-05-05T10:00:00Z", phase: "onset", what: "down", capacity: 700 }],
    })
    expect(choices!.join(" ")).toMatch(/timeline\[0\] has no time/u)
    expect(choices!.join(" ")).toMatch(/timeline\[1\] is no object/u)
    expect(choices!.join(" ")).toMatch(/capacity is 700, no part of normal/u)
    expect(choices!.join(" ")).toMatch(/no end: \d+ h of it are played/u)
  })
  test("a place without anybody is told of who is there, or of a stand-in", () => {
    const grid = (country: string) => ({
      ...base,
      start: "2025-03-01T10:00:00Z",
      end: "2025-03-01T20:00:00Z",
      domains: [
        { type: "power-grid", value: "local" },
        { type: "country", value: country },
      ],
    })
    expect(translateFully(grid("CL")).victim).toBe("cdn")
    expect(translateFully(grid("Spain")).victim).toBe("helium")
    expect(translateFully(grid("XX")).cause).toBe("provider")
  })
  test("a kind in other words, a ledger that stood, a conflict as data, a range", () => {
    const written = (more: Json): Json => ({
      id: "x",
      kind: "depin",
      start: "2026-03-10T01:00:00Z",
      end: "2026-03-10T06:30:00Z",
      ...more,
    })
    const on = (...types: readonly (readonly [string, string])[]) => ({
      domains: types.map(([type, value]) => ({ type, value })),
    })
    const told = (record: Json) => {
      const { cause, victim, scenario, depthPermille } = translateFully(record)
      return { cause, victim, depthPermille, verb: scenario.timeline![0].do.verb, choices: scenario.choices!.join(" ") }
    }
    const halt = { ...on(["chain", "filecoin"], ["client", "lotus"]), fraction: [{ metric: "block production", value: 0 }] }
    expect(told(written(halt))).toMatchObject({ cause: "halt", victim: "filecoin", verb: "halt" })
    // A chain is where it happened, and a version what failed: nothing halted.
    const near = { ...on(["client", "nimbus"], ["chain", "ethereum"]), fraction: [{ metric: "validators offline", value: 0.21 }] }
    expect(told(written({ ...near, kind: "chain" }))).toMatchObject({ cause: "version", verb: "push", depthPermille: 210 })
    expect(told(written({ ...on(["chain", "ethereum"]), kind: "decentralised", note: "no loss of finality" })).cause).not.toBe(
      "halt",
    )
    expect(told(written({ ...on(["supply-chain", "npm"]), kind: "decentralised" })).cause).not.toBe("halt")
    const price = { ...on(["oracle", "HNT"], ["network", "helium"]), rootCause: "the oracle told a wrong price" }
    expect(told(written(price))).toMatchObject({ cause: "oracle", victim: "helium", verb: "corrupt" })
    const provider = on(["provider", "p"])
    expect(told(written({ ...provider, conflicts: [{ depth: "5 % or 40 %" }, "the onset"] })).choices).toMatch(
      /CONFLICT: depth: 5 % or 40 %\..*CONFLICT: the onset\./u,
    )
    const eased = { timeline: [{ t: "2026-03-10T02:00:00Z", phase: "mitigation", what: "rerouted", capacity: 0.9 }] }
    const range = told(written({ ...provider, ...eased, fraction: [{ metric: "traffic", value: "-35% to -60%" }] }))
    expect(range.depthPermille).toBe(350)
    expect(range.choices).toContain('"traffic" (-35% to -60%: the first figure is taken)')
  })
  test("an open network's oracle, and a price", () => {
    const open = { kind: "decentralised", start: "2025-10-10T10:00:00Z", end: "2025-10-10T12:00:00Z" }
    const oracle = planned({ ...open, id: "helium oracles stop", domains: [{ type: "oracle", value: null }] })
    expect(oracle.timeline![0].do.verb).toBe("cutOracle")
    const crash = planned({
      ...open,
      id: "c",
      rootCause: "price crash",
      fraction: [{ metric: "price lost", value: 0.9 }],
      domains: [{ type: "economic", value: "token" }],
    })
    expect(crash.timeline![0].do).toMatchObject({ verb: "crash", to: { permille: 100 } })
  })
})

describe("played, small", () => {
  test.each(["rogers-2022-07-08", "ethereum-2025-12-04", "filecoin-2020-12-19", "helium-2022-10-19", "cloudflare-2025-12-05"])(
    "%s holds its claims",
    (id) => {
      const p = playIncident(byId(id), 300)
      expect(p.claims.filter((c) => !c.holds)).toEqual([])
      // A small sample may hold nobody of a place, and then nothing falls.
      expect(p.measured.onsetMin ?? 0).toBeLessThanOrEqual(15)
    },
  )
  test("published levels come back out: 28 % for 25 minutes, noticed after 3", () => {
    const { measured } = playIncident(byId("cloudflare-2025-12-05"), 300)
    expect(measured.lost).toBeCloseTo(0.28, 2)
    expect(measured.endMin).toBe(25)
    expect(measured.detectMin).toBe(3)
  })
  test("a near miss does not halt, and a halt would be seen", () => {
    const near = playIncident(byId("hetzner-solana-2022-11-02"), 300)
    expect(near.claims).toHaveLength(1)
    expect(near.claims[0].holds).toBe(true)
    // The same record, of everybody: what must go on does not, and the claim says so.
    const all = playIncident(
      { ...byId("hetzner-solana-2022-11-02"), timeline: [{ ...byId("hetzner-solana-2022-11-02").timeline[0], capacity: 0 }] },
      300,
    )
    expect(all.claims[0].holds).toBe(false)
  })
  test("a place's users are measured by themselves: neighbours of other providers carry most of them", () => {
    const { measured } = playIncident(byId("rogers-2022-07-08"), 3000)
    expect(measured.lost).toBeGreaterThan(0)
    expect(measured.lost).toBeLessThan(0.9)
  })
})
