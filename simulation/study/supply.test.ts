/** The bundled supply study: how near the model comes to the chain, and what a study on disk may be and becomes. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, test } from "vitest"
import { ScenarioProblem } from "../../protocol/boundary/problem.ts"
import { sayDay } from "../../protocol/boundary/supply-history.ts"
import { caseOf, readSupplyStudy } from "../../protocol/boundary/supply-study.ts"
import { defaults } from "../../protocol/kernel/param.ts"
import { supplyViews } from "../../protocol/networks/index.ts"
import { openDuckDb } from "../record/parquet.ts"
import { BUNDLED_HISTORY, BUNDLED_STUDY, readHistoryFile, readStudyFile, writeOutlook } from "./supply.ts"

const view = supplyViews.filecoin
const PARAMS = defaults(view.params)
const folder = mkdtempSync(join(tmpdir(), "blackstart-supply-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

describe("the bundled series of 2020 to 2025", async () => {
  const rows = await readHistoryFile(BUNDLED_HISTORY)
  /** The most that each median, 95th percentile and last error may be; the goals are 1% for reward and pledge, 3% for the rest. */
  const golden = {
    reward: [0.002, 0.01, 0.001],
    pledge: [0.01, 0.025, 0.01],
    pledgeObserved: [0.003, 0.025, 0.001],
    minted: [0.003, 0.015, 0.001],
    vested: [0.001, 0.015, 0.001],
    locked: [0.025, 0.06, 0.04],
    circulating: [0.01, 0.025, 0.01],
  } as const

  test("covers October 2020 to May 2025, twice a month", () => {
    expect([rows.length, sayDay(rows[0].day), sayDay(rows.at(-1)!.day)]).toEqual([113, "2020-10-14", "2025-05-25"])
  })

  test.each(Object.entries(golden))("%s lies as near to the chain as it did", (name, [median, p95, last]) => {
    const line = view.runBacktest(rows, PARAMS).lines.find((l) => l.name === name)!
    expect(line.met).toBe(true)
    expect(line.median).toBeLessThan(median)
    expect(line.p95).toBeLessThan(p95)
    expect(Math.abs(line.last)).toBeLessThan(last)
  })

  test("implies the share of missed wins that is assumed", () => {
    expect(Math.abs(view.runBacktest(rows, PARAMS).impliedMissedShare * 1000 - PARAMS.missedWinsPermille)).toBeLessThan(1)
  })

  test("can fail: another network time, supply or baseline is seen", () => {
    const errors = (change: (row: (typeof rows)[number]) => object) => {
      const { lines } = view.runBacktest(
        rows.map((r) => ({ ...r, ...change(r) })),
        PARAMS,
      )
      return lines.filter((l) => !l.met).map((l) => l.name)
    }
    expect(errors(() => ({}))).toEqual([])
    expect(errors((r) => ({ rawPib: r.rawPib * 0.9 }))).toContain("reward")
    expect(errors((r) => ({ qaPib: r.qaPib * 0.9 }))).toContain("pledgeObserved")
    expect(errors((r) => ({ burntFil: r.burntFil + r.mintedFil / 5 }))).toContain("circulating")
  })

  test("gives the same errors from a chosen day on", () => {
    const day = rows.find((r) => sayDay(r.day) === "2022-07-01")!.day
    const { lines } = view.runBacktest(rows, PARAMS, day)
    for (const name of ["reward", "pledgeObserved", "minted", "vested", "circulating"]) {
      const line = lines.find((l) => l.name === name)!
      expect(line.median, name).toBeLessThan(name === "circulating" ? 0.02 : 0.01)
    }
  })
})

describe("the ten-year outlook", async () => {
  const study = await readStudyFile(BUNDLED_STUDY)
  const rows = await readHistoryFile(BUNDLED_HISTORY)
  const end = (name: string) => {
    const { series, days } = view.runOutlook(rows, { ...caseOf(study, name), runs: 20 }, PARAMS)
    const at = (k: keyof typeof series) => series[k].p50[days - 1]
    return { raw: at("raw"), minted: at("minted"), locked: at("locked"), circulating: at("circulating"), burnt: at("burnt") }
  }

  test("is data that asks a question, names its sources, and is the same after JSON", () => {
    expect(study.question).toMatch(/\?$/)
    expect(BUNDLED_STUDY).toContain(`/${study.name}.json`)
    expect(study.sources.length).toBeGreaterThan(0)
    expect(readSupplyStudy(JSON.parse(JSON.stringify(study)))).toEqual(study)
    expect(Object.keys(study.cases)).toEqual(["flat", "growth", "decline", "shocks", "all-verified"])
  })

  test("its cases differ as their names say", () => {
    const [flat, growth, decline, shocks] = ["flat", "growth", "decline", "shocks"].map(end)
    const now = rows.at(-1)!
    expect(Math.abs(flat.raw / now.rawPib - 1)).toBeLessThan(0.25)
    expect(growth.raw).toBeGreaterThan(2 * flat.raw)
    expect(decline.raw).toBeLessThan(0.5 * flat.raw)
    expect(growth.minted).toBeGreaterThan(flat.minted)
    expect(decline.minted).toBeLessThan(flat.minted)
    expect(decline.locked).toBeLessThan(flat.locked)
    expect(shocks.raw).toBeLessThan(flat.raw)
    for (const one of [flat, growth, decline, shocks]) expect(one.circulating).toBeLessThan(2e9)
  })

  test("is written whole, in columns that any tool reads, and never over another", async () => {
    const scenario = { ...caseOf(study), years: 1, runs: 3 }
    const outlook = view.runOutlook(rows, scenario, PARAMS)
    const made = { study, scenario, params: PARAMS, history: "h", command: "c", version: "0" }
    const out = join(folder, "out")
    await writeOutlook(out, outlook, made, "<html></html>")
    const lines = readFileSync(join(out, "days.csv"), "utf8").trimEnd().split("\n")
    expect(lines.length).toBe(1 + 366)
    expect(lines[0]).toMatch(/^date,circulating_fil_p05,circulating_fil_p50,circulating_fil_p95,locked_fil_p05/)
    expect(lines[1].split(",").slice(0, 3)).toEqual(["2025-05-25", "728460000.000000", "728460000.000000"])
    const { connection, close } = await openDuckDb()
    try {
      const read = await connection.runAndReadAll(
        `select count(*), max(date), max(minted_fil_p50) from '${join(out, "days.parquet")}'`,
      )
      expect(read.getRows()).toEqual([[366n, "2026-05-25", outlook.series.minted.p50[365]]])
    } finally {
      close()
    }
    expect(JSON.parse(readFileSync(join(out, "study.json"), "utf8"))).toMatchObject({ seed: 2025, runs: 3, begins: "2025-05-25" })
    await expect(writeOutlook(out, outlook, made, "")).rejects.toThrow(`--out ${out}: there is a study in it already`)
  })
})

describe("a file that is no study is refused in one sentence", () => {
  const good = JSON.parse(readFileSync(BUNDLED_STUDY, "utf8"))
  const cases: [string, string, RegExp][] = [
    ["cut", '{"study": "su', /cut\.json is cut short: it ends at line 1/],
    ["list", "[1]", /list\.json: this is no supply study/],
    ["misspelt", JSON.stringify({ ...good, yaers: 10 }), /misspelt\.json: a study has no yaers; did you mean years\?/],
    ["without", JSON.stringify({ ...good, runs: undefined }), /without\.json: the study has no runs/],
    ["long", JSON.stringify({ ...good, years: 50 }), /long\.json: years must be a whole number from 1 to 20, and is 50/],
    [
      "turned",
      JSON.stringify({ ...good, burnFil: { low: 9, high: 5 } }),
      /turned\.json: burnFil goes from 9 to 5: low must not be above high/,
    ],
    ["caseless", JSON.stringify({ ...good, cases: {} }), /caseless\.json: cases is empty/],
  ]
  test.each(cases)("%s", async (name, text, sentence) => {
    const failed = await readStudyFile(file(`${name}.json`, text)).catch((cause: unknown) => cause)
    expect(failed).toBeInstanceOf(ScenarioProblem)
    expect((failed as Error).message).toMatch(sentence)
    expect((failed as Error).message).not.toContain("\n")
  })
  test("no file, a folder, another ending, an unknown case", async () => {
    await expect(readHistoryFile(join(folder, "gone.csv"))).rejects.toThrow(
      /^there is no file .*gone\.csv: name an observed series, a \.csv file$/,
    )
    await expect(readHistoryFile(folder)).rejects.toThrow(/is a folder: name an observed series in it/)
    await expect(readHistoryFile(file("series.txt", "x"))).rejects.toThrow(/series\.txt is no \.csv file/)
    expect(() => caseOf(readSupplyStudy(good), "grwoth")).toThrow(
      "filecoin-supply-outlook has no case grwoth; did you mean growth? There are flat, growth, decline, shocks, all-verified",
    )
  })
})
