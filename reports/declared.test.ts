/** The charts that a network declares: drawn from the tables alone, with the tables' figures, or left out with a reason. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseHTML } from "linkedom"
import { afterAll, describe, expect, it } from "vitest"
import type { ChartDeclaration } from "../protocol/kernel/chart.ts"
import { writeParquet, type ParquetColumn } from "../simulation/record/parquet.ts"
import { wilson } from "./charts/pulse.ts"
import { columnOf } from "./course.ts"
import { sayMeasure, type Manifest } from "./manifest.ts"
import { writeReport } from "./report.ts"

const dir = mkdtempSync(join(tmpdir(), "blackstart-declared-"))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const HALF = 1800
const BEGIN = Date.parse("2026-01-01T00:00:00Z") / 1000
const ONSET = BEGIN + 12 * 3600
const TICKS = 144
const ROUNDS = 60

const CHARTS: readonly ChartDeclaration[] = [
  {
    kind: "level",
    word: "weight",
    levels: [
      { metric: "weight.full", word: "weight" },
      { metric: "weight.bare", word: "bare weight" },
    ],
    away: { metric: "truly.away", word: "truly there" },
  },
  {
    kind: "bill",
    word: "dues",
    items: [
      { word: "not paid out", drawn: "drawn", paid: "paid", price: "price", shares: 5 },
      { word: "fines", metric: "fine" },
    ],
    unit: "COIN",
    by: 1000,
  },
  { kind: "payer", income: "earnedMilliCoin", charges: ["fined"], size: "weight", sizeWord: "weight", unit: "COIN", by: 1000 },
  { kind: "spread", measure: "earnedMilliCoin", word: "income", unit: "COIN", by: 1000 },
  {
    kind: "pulse",
    word: "its heart",
    lines: [
      { word: "delay", gauge: "delay", unit: "rounds", alarm: "halted" },
      { word: "empty rounds", counter: "empty", everyS: HALF / ROUNDS },
    ],
  },
]

interface Options {
  readonly twin?: boolean
  readonly onset?: boolean
  readonly away?: boolean
  readonly without?: readonly string[]
}

/** Half of the weight goes at onset and is counted until 24 h later, one part in 48 each half hour; it is back after 30 h. */
async function report(name: string, { twin = true, onset = true, away = true, without = [] }: Options = {}) {
  const run = join(dir, name)
  mkdirSync(run)
  const at = (of: (tick: number, sinceH: number) => number) =>
    Float64Array.from({ length: TICKS }, (_, i) => of(i, (BEGIN + (i + 1) * HALF - ONSET) / 3600))
  const whole = (column: string, values: Float64Array): ParquetColumn => ({ name: column, type: "BIGINT", values })
  const dark = (h: number) => h > 0 && h <= 30
  const counted = at((_, h) => Math.round(1_000_000 * (1 - (h <= 0 ? 0 : Math.min(24, h) / 48))))
  await writeParquet(
    join(run, "epochs_store.parquet"),
    [
      whole(
        "epoch",
        at((i) => i),
      ),
      whole(
        "end_s",
        at((i) => BEGIN + (i + 1) * HALF),
      ),
      whole(
        "seconds",
        at(() => HALF),
      ),
      whole(
        "offered_milli",
        at(() => 1000),
      ),
      whole(
        "served_milli",
        at((_, h) => (dark(h) ? 900 : 1000)),
      ),
      whole(
        "degraded_milli",
        at(() => 0),
      ),
      whole("weight_full", counted),
      whole("weight_bare", counted),
      whole(
        "truly_away",
        at((_, h) => (dark(h) ? 500_000 : 0)),
      ),
      whole(
        "drawn",
        at(() => 10),
      ),
      whole(
        "paid",
        at((_, h) => (dark(h) ? 6 : 10)),
      ),
      whole(
        "price",
        at(() => 5000),
      ),
      whole(
        "fine",
        at((_, h) => (h > 24 && h <= 34 ? 30_000 : 0)),
      ),
      whole(
        "delay",
        at((_, h) => (dark(h) ? 40 : 3)),
      ),
      whole(
        "halted",
        at((_, h) => (dark(h) && h > 28 ? 1 : 0)),
      ),
      whole(
        "empty",
        at((_, h) => (dark(h) ? 3 : 0)),
      ),
    ].filter((c) => !without.includes(c.name)),
  )
  const nodes = 10
  const each = (of: (node: number) => number) => Float64Array.from({ length: nodes }, (_, n) => of(n))
  const isAway = (node: number) => away && node < 4
  const text = (column: string): ParquetColumn => ({
    name: column,
    type: "VARCHAR",
    values: Array.from({ length: nodes }, () => "X"),
  })
  await writeParquet(
    join(run, "nodes_store.parquet"),
    [
      whole(
        "node",
        each((n) => n),
      ),
      whole(
        "lat_e7",
        each(() => 0),
      ),
      whole(
        "lng_e7",
        each(() => 0),
      ),
      ...["country", "grid", "asn", "provider", "region", "client", "operator"].map(text),
      ...["offered_milli", "served_milli", "window_offered_milli", "window_served_milli"].map((c) =>
        whole(
          c,
          each(() => 100),
        ),
      ),
      whole(
        "away_s",
        each((n) => (isAway(n) ? 30 * 3600 : 0)),
      ),
      whole(
        "earned_milli_coin",
        each((n) => (isAway(n) ? 1000 + n * 200 : 5500)),
      ),
      whole(
        "fined",
        each((n) => (isAway(n) ? 2500 : 0)),
      ),
      whole(
        "weight",
        each(() => 7),
      ),
      ...(twin
        ? [
            whole(
              "twin_earned_milli_coin",
              each(() => 4000),
            ),
            whole(
              "twin_fined",
              each(() => 500),
            ),
            whole(
              "twin_weight",
              each(() => 7),
            ),
          ]
        : []),
    ].filter((c) => !without.includes(c.name)),
  )
  const manifest = {
    format: 1,
    name: "declared",
    question: "What does a network declare?",
    seed: 5,
    beginS: BEGIN,
    endS: BEGIN + TICKS * HALF,
    ...(onset ? { onsetS: ONSET, windowEndS: ONSET + 30 * 3600 } : {}),
    networks: [{ name: "store", nodeWord: "rack", nodes, charts: CHARTS, measures: { earned_milli_coin: "milliCoin" } }],
  }
  writeFileSync(join(run, "run.json"), JSON.stringify(manifest))
  const page = readFileSync((await writeReport(run)).reportPath, "utf8")
  const { document } = parseHTML(page)
  const titles = [...document.querySelectorAll("h2")].map((h) => (h.textContent ?? "").replaceAll("\u00a0", " "))
  return { document, text: page, titles, left: [...document.querySelectorAll(".absent")].map((p) => p.textContent) }
}

describe("an incident", () => {
  it("is told by the tables' figures", async () => {
    const { titles, text, left } = await report("whole")
    expect(titles).toContain("Weight fell by 50%, but took 24 h to do so; 50% is still missing 60 h after onset")
    expect(text).toContain("50% was away within 30 min and 50% at worst")
    // 60 ticks of 4 missed shares worth 1,000 each, and 20 ticks of fines: 240 and 600 COIN.
    expect(titles).toContain("Fines make up 71.4% of 840 COIN in dues since onset")
    expect(text).toContain("not paid out <b>240</b>")
    // 4 * 4,000 - (1,000 + 1,200 + 1,400 + 1,600) = 10,800; 4 * (2,500 - 500) = 8,000; the others 5,500 against 4,000.
    expect(titles).toContain(
      "4 racks that went away paid for it: 11 COIN not earned and 8 COIN more in charges; the others earned 37.5% more",
    )
    expect(titles).toContain(
      "Racks that were away got 67.5% less in income on average; half of them got under 1.3 COIN instead of 4",
    )
    // 60 ticks of 3 in 60 rounds.
    expect(titles).toContain(
      "Delay was at most 40 rounds and stood still for 2 h and empty rounds were 5% of all (4.3% to 5.8%) in the window",
    )
    expect(titles.some((t) => t.includes("racks earned less"))).toBe(true)
    expect(left.filter((l) => l!.includes("failed") || l!.includes("column"))).toEqual([])
    expect(text).not.toMatch(/NaN|undefined|\[object/)
  })

  it("is drawn for a page and for a phone, coloured by variable, with its query", async () => {
    const { document, text } = await report("drawn")
    expect(document.querySelectorAll(".wide").length).toBe(document.querySelectorAll(".narrow").length)
    for (const svg of document.querySelectorAll("svg[role=img]")) {
      expect(svg.getAttribute("aria-label")!.length).toBeGreaterThan(10)
      for (const shape of svg.querySelectorAll("[fill],[stroke]"))
        for (const name of ["fill", "stroke"])
          expect(shape.getAttribute(name) ?? "none").toMatch(/^(none|currentColor|var\(--[a-z0-9-]+\))$/)
    }
    for (const words of ["tick by tick", "were away for a time", "How a measure spreads"]) expect(text).toContain(words)
  })
})

describe("what is missing is said", () => {
  it("no incident: levels have nothing to be held against, the bill is for the whole run", async () => {
    const { titles, left } = await report("quiet", { onset: false })
    expect(left).toContain("Left out: this run has no incident to measure weight against.")
    expect(titles).toContain("Fines make up 71.4% of 840 COIN in dues")
  })

  it("nobody away, no twin", async () => {
    expect((await report("present", { away: false })).left).toContain("Left out: no rack of Store was away for any time.")
    const { left } = await report("single", { twin: false })
    expect(left).toContain("Left out: this run has no twin (the same seed without the incident).")
    expect(left).toContain("Left out: no rack of Store was away, or the run has no twin to compare it with.")
  })

  it("a column that was not recorded", async () => {
    const { left } = await report("lacking", { without: ["truly_away", "fine", "halted"] })
    expect(left).toContain("Left out: the table of epochs has no column truly_away.")
    expect(left).toContain("Left out: the table of epochs has no column fine.")
    expect(left).toContain("Left out: the table of epochs has no column halted.")
  })
})

it("names columns and measures as the tables and people do", () => {
  expect(["power.qa", "win.drawn", "concentration.operatorsThird", "f3.lag"].map(columnOf)).toEqual([
    "power_qa",
    "win_drawn",
    "concentration_operators_third",
    "f3_lag",
  ])
  const measures = { earned_micro_fil: "microFIL", earned_bones: "bones", wins: "wins", qa_gib: "GiB" }
  const m = { networks: [{ name: "n", measures }] } as unknown as Manifest
  const say = (measure: string) => Object.values(sayMeasure(m, "n", measure)).join(" | ")
  expect(Object.keys(measures).map(say)).toEqual([
    "earned microFIL | microFIL",
    "earned bones | bones",
    "wins | wins",
    "qa GiB | GiB",
  ])
  expect(say("paid_out")).toBe("paid out | out")
})

it("gives a share its Wilson interval", () => {
  const { share, low, high } = wilson(10, 100)
  expect([share, low, high].map((v) => v.toFixed(4))).toEqual(["0.1000", "0.0552", "0.1744"])
  expect(wilson(0, 720).high).toBeCloseTo(0.0053, 4)
  expect(wilson(0, 0)).toEqual({ share: 0, low: 0, high: 0 })
})
