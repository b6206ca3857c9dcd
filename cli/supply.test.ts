/** blackstart supply and backtest as typed: what they print, what they write, and one sentence for a mistake. */
import { spawnSync, type SpawnSyncReturns } from "node:child_process"
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, describe, expect, test } from "vitest"

const BIN = fileURLToPath(new URL("blackstart.mjs", import.meta.url))
const SERIES = fileURLToPath(new URL("../scenarios/economics/filecoin-observed.csv", import.meta.url))
const folder = mkdtempSync(join(tmpdir(), "blackstart-cli-supply-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const type = (...args: string[]): SpawnSyncReturns<string> =>
  spawnSync(process.execPath, [BIN, ...args], { cwd: folder, encoding: "utf8", timeout: 60_000 })

describe("backtest", () => {
  test("prints every series with its error, its dates and its goal", () => {
    const { status, stdout, stderr } = type("backtest", SERIES)
    expect(status, stderr).toBe(0)
    expect(stdout).toMatch(/^filecoin, 2020-08-25 to 2025-05-25: 113 observed days compared\./)
    for (const name of ["reward", "pledge", "minted", "vested", "locked", "circulating"])
      expect(stdout).toMatch(new RegExp(`^${name} .*%.* 20\\d\\d-\\d\\d-\\d\\d .* ≤ [13]\\.00%  met$`, "m"))
    expect(stdout.trimEnd()).toMatch(/Every goal is met\.$/)
  })
  test("from a chosen day, as JSON, with an assumption changed", () => {
    const { stdout, stderr } = type("backtest", SERIES, "--from", "2022-07-01", "--set", "sectorDays=360", "--json")
    expect(stderr).toBe("")
    const result = JSON.parse(stdout)
    expect(result).toMatchObject({ begin: "2022-07-01", end: "2025-05-25", params: { sectorDays: 360 } })
    expect(result.lines[0]).toMatchObject({ name: "reward", met: true, lastDay: "2025-05-25" })
  })
})

describe("supply", () => {
  test("prints a line a year, and writes days, a page and what they were made of", () => {
    const args = ["supply", "--scenario", "decline", "--years", "2", "--runs", "10", "--seed", "7"]
    const { status, stdout, stderr } = type(...args, "--out", "decline")
    expect(status, stderr).toBe(0)
    for (const date of ["2025-05-25", "2026-05-25", "2027-05-25"]) expect(stdout).toContain(`\n${date}`)
    expect(stdout).toContain("seed 7")
    expect(stdout).toContain("Other cases, by --scenario: flat, growth, shocks, all-verified.")
    expect(readdirSync(join(folder, "decline")).toSorted()).toEqual(["days.csv", "days.parquet", "report.html", "study.json"])
    const page = readFileSync(join(folder, "decline/report.html"), "utf8")
    for (const part of ["<svg", "million FIL circulate by 2027", "--scenario decline --years 2 --runs 10 --seed 7", "sectorDays"])
      expect(page).toContain(part)
    expect(page).not.toMatch(/NaN|undefined|Infinity/)
    const again = type(...args, "--out", "decline")
    expect([again.status, again.stderr]).toEqual([1, "--out decline: there is a study in it already; name another folder\n"])
  })
  test("as JSON is the same twice", () => {
    const args = ["supply", "--years", "1", "--runs", "5", "--json"]
    const [a, b] = [type(...args), type(...args)]
    expect(a.stdout).toBe(b.stdout)
    const { years } = JSON.parse(a.stdout)
    expect(years.length).toBe(2)
    expect(years[0]).toMatchObject({ date: "2025-05-25", circulating: { p50: 728_460_000 } })
  })
})

describe("a mistake is one sentence on stderr, and exit code 1", () => {
  writeFileSync(join(folder, "wrong.csv"), "date,qaPowerEiB,rawPowerEiB,burntMFil\n2021-01-01,1,1,-1\n2021-01-02,1,x,-1\n")
  writeFileSync(join(folder, "bare.csv"), "date,qaPowerEiB,rawPowerEiB,burntMFil\n2021-01-01,1,1,-1\n2021-01-02,1,1,-1\n")
  const cases: [string, string[], RegExp][] = [
    ["no such series", ["backtest", "gone.csv"], /^there is no file gone\.csv: name an observed series/],
    ["a bad cell", ["backtest", "wrong.csv"], /^wrong\.csv, line 3, column rawPowerEiB: "x" is no number/],
    ["a day that is none", ["backtest", "--from", "noon"], /^--from noon: write a day, such as 2022-07-01$/],
    [
      "a day without a row",
      ["backtest", "--from", "2022-07-02"],
      /^--from 2022-07-02: the series has no row of that day; the nearest is 2022-07-01$/,
    ],
    ["the last day", ["backtest", "--from", "2025-05-25"], /that is the last row, and nothing follows to compare/],
    [
      "a row too poor to begin at",
      ["backtest", "bare.csv", "--from", "2021-01-01"],
      /needs a row of that day with rewardPerWinFil$/,
    ],
    [
      "an unknown assumption",
      ["backtest", "--set", "sectorDay=3"],
      /has no assumption sectorDay; did you mean sectorDays \(180 to 1278 days\)\?$/,
    ],
    [
      "an assumption out of range",
      ["supply", "--set", "sectorDays=3"],
      /sectorDays must be a whole number of days from 180 to 1278$/,
    ],
    ["an unknown case", ["supply", "--scenario", "grwoth"], /has no case grwoth; did you mean growth\?/],
    ["too many runs", ["supply", "--runs", "99999"], /^--runs 99999: it must be a whole number from 1 to 2000$/],
    ["no such study", ["supply", "gone.json"], /^there is no file gone\.json: name a supply study/],
    ["two studies", ["supply", "a.json", "--scenario", "b.json"], /^there are two studies, a\.json and b\.json/],
    [
      "a series to go on from without a supply",
      ["supply", "--history", "bare.csv"],
      /^bare\.csv: the last row has no circulatingFil/,
    ],
  ]
  test.each(cases)("%s", (_, args, sentence) => {
    const { status, stderr, stdout } = type(...args)
    expect(stderr.trimEnd()).toMatch(sentence)
    expect(stderr.trimEnd()).not.toContain("\n")
    expect([status, stdout]).toEqual([1, ""])
  })
})
