import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseHTML } from "linkedom"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { query } from "../simulation/record/query.ts"
import { writeParquet } from "../simulation/record/parquet.ts"
import { inLanes } from "./charts/availability.ts"
import { writeFixture, type FixtureOptions } from "./fixture.ts"
import type { FixtureTotals } from "./fixture-manifest.ts"
import { duration, percent, plural, scaleOf, span } from "./number.ts"
import { writeReport } from "./report.ts"

const dir = mkdtempSync(join(tmpdir(), "blackstart-report-"))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

async function report(name: string, options: FixtureOptions) {
  const run = join(dir, name)
  const totals = await writeFixture(run, { hotspots: 2400, ...options })
  const { reportPath } = await writeReport(run)
  const text = readFileSync(reportPath, "utf8")
  const { document } = parseHTML(text)
  const titles = [...document.querySelectorAll("h2")].map((h) => h.textContent ?? "")
  return { run, totals, text, document, titles, left: left(document) }
}
const left = (document: Document) => [...document.querySelectorAll(".absent")].map((p) => p.textContent)

describe("the report of an incident", () => {
  let all: Awaited<ReturnType<typeof report>>
  beforeAll(async () => {
    all = await report("all", {})
  })
  const lost = (totals: FixtureTotals, n: string) => 1 - totals.window[n].served / totals.window[n].offered

  it("answers in the first paragraph with the fractions lost in the window and their interval", async () => {
    const answer = all.document.querySelector(".answer")!.textContent!
    const interval = async (network: string) => {
      const served = "1 - window_served_milli::DOUBLE / window_offered_milli"
      const { rows } = await query(
        all.run,
        `select min(${served}), max(${served}) from sweep where axis like 'failing%' and network = '${network}'`,
      )
      return span(rows[0][0] as number, rows[0][1] as number)
    }
    expect(answer).toBe(
      `On 18 November 2025, from 11:28 to 14:30 UTC, users of the CDN lost ${percent(lost(all.totals, "cdn"))} (${await interval("cdn")}) ` +
        `of their requests; users of Helium lost ${percent(lost(all.totals, "helium"))} (${await interval("helium")}) of their uplinks.`,
    )
    expect(all.text).toContain(
      "Interval: failing share of requests from 0% to 100%, 3 seeds each; the true value was never published.",
    )
  })

  it("titles every chart with what it found", () => {
    const worst = (n: string) => percent(all.totals.window[n].worst)
    expect(all.titles[0]).toBe(
      `The CDN served ${worst("cdn")} of requests and Helium served ${worst("helium")} of uplinks at the worst minute`,
    )
    expect(all.titles[1]).toMatch(
      /^Helium falls as far as the CDN once about 9\d% of its users are behind the provider; with all its gateways behind it, Helium still serves 6\d(\.\d)?%$/,
    )
    expect(all.titles[2]).toMatch(/^Helium lost no more than the CDN at every value tried/)
    expect(all.titles[3]).toMatch(
      /^3\d\d of 330 PoPs and [\d,]+ of 2,400 hotspots lost more than 0.5% of what they were asked for$/,
    )
    expect(all.titles[4]).toMatch(/^[\d,]+ hotspots earned less because of the incident, [\d,]+ earned more$/)
    expect(all.titles).toContain("1 of 2 claims of the scenario does not hold")
    expect(all.left).toEqual([])
  })

  it("counts losers and winners as the tables do, and says that a fixed pool only moves", async () => {
    const { rows } = await query(
      all.run,
      "select count(*) filter (where earned_bones < twin_earned_bones), count(*) filter (where earned_bones > twin_earned_bones) from nodes_helium",
    )
    const [losers, winners] = rows[0].map((n) => (n as number).toLocaleString("en-GB"))
    expect(all.titles[4]).toBe(`${losers} hotspots earned less because of the incident, ${winners} earned more`)
    expect(all.document.body.textContent).toContain("the pool is fixed, so a loss is another's gain")
  })

  it("prints the metrics of the manifest with their units and definitions", () => {
    const table = [...all.document.querySelectorAll("table")].find((t) => t.textContent!.includes("blast radius"))!
    const row = [...table.querySelectorAll("tbody tr")].map((tr) => [...tr.querySelectorAll("td")].map((td) => td.textContent))
    expect(row[0][0]).toBe("CDN")
    expect(row[0].slice(-3)).toEqual(["3", "97", "182"])
    expect(row[1].at(-1)).toBe("–")
    expect(row[0][3]).toBe(((1 - lost(all.totals, "cdn")) * 100).toFixed(2))
    expect(all.text).toContain("the moment the incident first touches users in the scenario")
  })

  it("loads nothing: every picture, style and script is in the file, and it stays small", () => {
    expect(all.text).not.toMatch(/(?:src|href)="(?!data:|#)/)
    expect(all.text).not.toMatch(/@import|url\(/)
    expect(all.text.length).toBeLessThan(3_000_000)
    expect(all.text).not.toMatch(/NaN|undefined|\[object/)
  })

  it("speaks to a screen reader, and draws for a page and for a phone", () => {
    const pictures = [...all.document.querySelectorAll("svg[role=img]")]
    expect(pictures.length).toBeGreaterThan(10)
    for (const svg of pictures) expect(svg.getAttribute("aria-label")!.length).toBeGreaterThan(10)
    expect(all.document.querySelectorAll(".wide").length).toBe(all.document.querySelectorAll(".narrow").length)
    for (const th of all.document.querySelectorAll("th")) expect(th.getAttribute("scope")).toBe("col")
    expect(all.document.querySelector("html")!.getAttribute("lang")).toBe("en-GB")
  })

  it("colours by variable only, so that dark and print need no second picture", () => {
    for (const svg of all.document.querySelectorAll("svg[role=img]"))
      for (const shape of svg.querySelectorAll("[fill],[stroke]"))
        for (const name of ["fill", "stroke"])
          expect(shape.getAttribute(name) ?? "none").toMatch(/^(none|currentColor|var\(--[a-z0-9-]+\))$/)
  })

  it("is the same file for the same run", async () => {
    await writeReport(all.run)
    expect(readFileSync(join(all.run, "report.html"), "utf8")).toBe(all.text)
  })

  it("says so when the manifest and the tables disagree", async () => {
    const path = join(all.run, "run.json")
    const before = readFileSync(path, "utf8")
    writeFileSync(path, before.replace(/"windowAvailabilityPpm": \d+/, '"windowAvailabilityPpm": 990000'))
    const text = readFileSync((await writeReport(all.run)).reportPath, "utf8")
    writeFileSync(path, before)
    expect(text).toContain("The manifest and the tables disagree. CDN: run.json says 99.00% served in the window")
  })
})

describe("when something is missing, its section says why", () => {
  it("a run by days, of one network, without sweep, twin or incident", async () => {
    const { titles, left: why, text } = await report("days", { networks: ["helium"], sweep: false, twin: false, onset: false })
    expect(titles[0]).toMatch(/^Helium never served less than 99\.\d+% of uplinks$/)
    expect(text).toContain("In the 3 days from 17 November 2025, users of Helium lost")
    expect(why).toContain("Left out: this run has no incident to depend on.")
    expect(why.some((w) => w!.includes("recorded rewards beside a twin"))).toBe(true)
    expect(text).not.toContain("blast radius")
    const { rows } = await query(
      join(dir, "days"),
      `with best as (select earned_bones as e, ntile(10) over (order by earned_bones) as tenth from nodes_helium)
       select sum(e) filter (where tenth = 10)::DOUBLE / sum(e) from best`,
    )
    expect(titles).toContain(`The best-paid tenth of hotspots got ${percent(rows[0][0] as number)} of all earned bones`)
  })

  it("an incident without sweep or twin", async () => {
    const { left: why, text } = await report("bare", { sweep: false, twin: false })
    expect(why[0]).toBe("Left out: this run has no sweep, so only one share of dependence was tried.")
    expect(text).toContain("One seed, no sweep: no interval.")
  })

  it("tables with no rows", async () => {
    const { text, left: why } = await report("empty", { empty: true })
    expect(text).toContain("nothing was asked of any network, so nothing can be said about loss")
    expect(why).toContain("Left out: no tick of this run was offered any demand, so there is no availability to draw.")
    expect(text).not.toMatch(/NaN|Infinity/)
  })

  it("no tables at all, or a table that lacks a column", async () => {
    const run = join(dir, "manifest-only")
    await writeFixture(join(dir, "source"), { hotspots: 10 })
    const manifest = readFileSync(join(dir, "source", "run.json"))
    mkdirSync(run)
    writeFileSync(join(run, "run.json"), manifest)
    expect(readFileSync((await writeReport(run)).reportPath, "utf8")).toContain("there is no table epochs in this run")
    await writeParquet(join(run, "epochs_cdn.parquet"), [{ name: "epoch", type: "INTEGER", values: [1] }])
    expect(readFileSync((await writeReport(run)).reportPath, "utf8")).toMatch(/Left out: the query failed: .*not found/)
  })

  it("no manifest: no report", async () => {
    mkdirSync(join(dir, "none"))
    await expect(writeReport(join(dir, "none"))).rejects.toThrow("a report needs the manifest of a run")
    writeFileSync(join(dir, "none", "run.json"), '{"format": 1')
    await expect(writeReport(join(dir, "none"))).rejects.toThrow("is not JSON: the run was cut short")
  })
})

it("writes numbers one way", () => {
  expect([0, 0.00012, 0.0312, 0.5, 0.9997, 1].map(percent)).toEqual(["0%", "0.012%", "3.1%", "50%", "99.97%", "100%"])
  expect([span(0.021, 0.034), span(0.5, 0.5)]).toEqual(["2.1–3.4%", "50%"])
  expect([duration(30), duration(330), duration(86_400)]).toEqual(["30 s", "5.5 min", "24 h"])
  expect(["request", "uplinks", "PoP", "proxy"].map(plural)).toEqual(["requests", "uplinks", "PoPs", "proxies"])
  expect(scaleOf(4e9).word).toBe("million ")
})

it("places the words of close moments in lanes of which none crosses another", () => {
  const lanes = inLanes(
    [
      { x: 0, width: 100 },
      { x: 5, width: 100 },
      { x: 300, width: 50 },
      { x: 380, width: 50 },
    ],
    400,
  )
  expect(lanes.map((l) => l.lane)).toEqual([1, 0, 0, 0])
  expect(lanes[3].shift).toBe(-30)
})
