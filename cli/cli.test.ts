/** The command line as people meet it: each line is typed, and what comes back is read. */
import { spawn, spawnSync, type SpawnSyncReturns } from "node:child_process"
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, test } from "vitest"

const ROOT = fileURLToPath(new URL("..", import.meta.url))
const BIN = join(ROOT, "cli/blackstart.mjs")
const FLAGSHIP = join(ROOT, "scenarios/outages/cloudflare-2025-11-18.ts")
const YEAR = join(ROOT, "scenarios/economics/helium-year.ts")

let folder = ""
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "blackstart-cli-"))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const type = (...args: string[]): SpawnSyncReturns<string> =>
  spawnSync(process.execPath, [BIN, ...args], { cwd: folder, encoding: "utf8", timeout: 60_000 })
const lastLine = (text: string): string => text.trimEnd().split("\n").at(-1)!
function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text)
  return name
}

describe("help", () => {
  test("names every command, and each command its flags", () => {
    const all = type("--help")
    expect(all.status).toBe(0)
    for (const command of ["run", "replay", "inspect", "explain", "list", "report", "query"])
      expect(all.stdout).toContain(`\n  ${command} `)
    const run = type("run", "--help").stdout
    for (const flag of ["--seed", "--nodes", "--set", "--until", "--log", "--json", "--out", "--report", "--resume"])
      expect(run).toContain(flag)
    expect(type("--version").stdout).toMatch(/^blackstart \d+\.\d+\.\d+\n$/)
  })

  test("without a command it is help, and no mistake", () => {
    const { status, stdout } = type()
    expect([status, stdout.includes("USAGE")]).toEqual([0, true])
  })
})

describe("a mistake is one sentence on stderr, and exit code 1", () => {
  const cases: [string, string[], RegExp][] = [
    ["an unknown command", ["runn"], /^blackstart has no command runn; did you mean run\?/],
    ["an unknown flag", ["run", FLAGSHIP, "--nodse", "3"], /^blackstart run has no flag --nodse; did you mean --nodes\?/],
    ["no scenario", ["run"], /^blackstart run needs a scenario: name a file/],
    ["an unknown scenario", ["run", "gone.ts"], /^there is no scenario gone\.ts: blackstart list names those/],
    ["words for a number", ["run", FLAGSHIP, "--nodes", "many"], /^--nodes many: it must be a whole number$/],
    ["a size out of range", ["run", FLAGSHIP, "--nodes", "0"], /^--nodes 0: it must be a whole number from 1 to 1000000$/],
    ["an unknown kind of log", ["run", FLAGSHIP, "--log", "all"], /^--log all: it must be full or epochs$/],
    [
      "an unknown parameter",
      ["run", FLAGSHIP, "--set", "helium.witnesMax=3"],
      /helium has no parameter witnesMax; did you mean helium\.witnessesMax \(count, 1 to 64\)\?$/,
    ],
    [
      "a value out of range",
      ["run", FLAGSHIP, "--set", "helium.witnessesMax=300"],
      /helium\.witnessesMax = 300 count is out of range: it may be 1 to 64/,
    ],
    [
      "a wrong unit",
      ["run", FLAGSHIP, "--set", "helium.beaconIntervalSeconds=6h"],
      /must be a whole number of s .*; 6h is 21600 s$/,
    ],
    ["a wrong until", ["run", FLAGSHIP, "--until", "noon"], /^--until noon: write a time in UTC/],
    ["a truncated scenario", ["run", "cut.json"], /^cut\.json is cut short: it ends at line 1, column 17 \(byte 17\)/],
    ["not a scenario", ["run", "other.json"], /^other\.json: a scenario has no colour; did you mean /],
    [
      "an unknown name to explain",
      ["explain", "helium.witnesMax"],
      /^there is nothing called helium\.witnesMax; did you mean helium\.witnessesMax \(parameter, 1 to 64 count\)\?$/,
    ],
    ["a folder that is no run", ["replay", "."], /^\. is not a run folder/],
    ["a run that is not there", ["run", "--resume", "gone"], /^gone is not a run folder/],
    ["a query of nothing", ["query", "gone", "select 1"], /^there is no run folder gone$/],
    ["a report of nothing", ["report", "gone"], /gone\/run\.json: a report needs the manifest of a run$/],
    ["resume with a new seed", ["run", "--resume", "gone", "--seed", "3"], /^--resume gone: a run goes on as it began/],
  ]
  test.each(cases)("%s", (_, args, sentence) => {
    file("cut.json", '{"question": "Wh ')
    file("other.json", '{"colour": "red"}')
    const { status, stderr, stdout } = type(...args)
    expect(stderr.trimEnd()).toMatch(sentence)
    expect(stderr.trimEnd()).not.toContain("\n")
    expect([status, stdout]).toEqual([1, ""])
  })
})

describe("explain and list", () => {
  test("a parameter has its default, range, source and reason", () => {
    const { status, stdout } = type("explain", "helium.witnessesMax")
    expect(status).toBe(0)
    expect(stdout).toMatch(/^helium\.witnessesMax \(parameter\)\n/)
    for (const fact of ["14 count", "1 to 64 count", "HIP-83", "--set helium.witnessesMax=14"]) expect(stdout).toContain(fact)
  })

  test("so have a metric, an event, a facility and a network, with or without the network's name before it", () => {
    for (const name of ["coverage.proved", "cdn.ConfigPublished", "config-builder", "cdn"])
      expect(type("explain", name).stdout).toMatch(/because|is /)
  })

  test("list shows what there is", () => {
    const { stdout } = type("list")
    for (const name of ["cloudflare-2025-11-18.ts", "helium-year.ts", "helium.SOL-HNT", "cdn.rolloutStages", "none in ./runs"])
      expect(stdout).toContain(name)
  })
})

describe("a small run", () => {
  test("prints one JSON object last, is recorded, verified and asked", () => {
    const done = type(
      "run",
      FLAGSHIP,
      "--nodes",
      "300",
      "--until",
      "1d",
      "--seed",
      "5",
      "--json",
      "--no-report",
      "--out",
      "small",
    )
    expect(done.status, done.stderr).toBe(0)
    const result = JSON.parse(lastLine(done.stdout))
    expect(result).toMatchObject({
      runDir: "small",
      reportPath: null,
      status: "complete",
      logHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      stateHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect(result.events).toBeGreaterThan(1000)
    expect(JSON.parse(readFileSync(join(folder, "small/run.json"), "utf8"))).toMatchObject({
      seed: 5,
      logHash: result.logHash,
      command: expect.stringContaining("--nodes 300 --until 1d"),
    })

    expect(type("replay", "small").stdout).toMatch(/^verified: 24 epochs, /)
    expect(type("query", "small", "select count(*) as epochs from epochs_cdn", "--csv").stdout).toBe("epochs\n24\n")
    expect(type("list", "runs").stdout).toContain("runs")

    const again = type("run", FLAGSHIP, "--out", "small")
    expect([again.status, again.stderr.trimEnd()]).toEqual([
      1,
      "--out small: there is a run in it already; name another folder, or go on with it by --resume small",
    ])
  }, 60_000)

  test("says in words what happened, and records into a folder of its own", () => {
    const args = ["run", YEAR, "--nodes", "50", "--until", "2d", "--no-report"]
    const first = type(...args)
    expect(first.status, first.stderr).toBe(0)
    expect(first.stdout).toMatch(/^In a year in which nothing fails/)
    expect(first.stdout).toContain("helium has 50 hotspots instead of 10000")
    expect(first.stdout).toMatch(/log hash [0-9a-f]{16}/)
    type(...args)
    expect([
      existsSync(join(folder, "runs/helium-year-seed-365")),
      existsSync(join(folder, "runs/helium-year-seed-365-2")),
    ]).toEqual([true, true])
  }, 60_000)

  test("stopped by a signal leaves a run that can be resumed, and comes to the same", async () => {
    const args = ["run", YEAR, "--nodes", "1000", "--until", "200d", "--no-report", "--json"]
    const child = spawn(process.execPath, [BIN, ...args, "--out", "stopped"], {
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
    })
    let said = ""
    child.stderr.on("data", (bytes: Buffer) => (said += bytes.toString()))
    const chain = join(folder, "stopped/chain.jsonl")
    while (!existsSync(chain) || readFileSync(chain).length === 0) await new Promise((next) => setTimeout(next, 50))
    child.kill("SIGINT")
    const code = await new Promise((ended) => child.on("exit", ended))
    expect([code, said]).toEqual([
      130,
      expect.stringMatching(
        /^stopped after \d+ epochs; nothing recorded is lost\. Go on with: npx blackstart run --resume stopped\n$/,
      ),
    ])

    const resumed = JSON.parse(lastLine(type("run", "--resume", "stopped", "--json", "--no-report").stdout))
    const whole = JSON.parse(lastLine(type(...args, "--out", "whole").stdout))
    expect([resumed.status, resumed.logHash, resumed.stateHash]).toEqual(["complete", whole.logHash, whole.stateHash])
  }, 90_000)
})

describe("library", () => {
  test("plays records, sets them beside what was published, and writes its page", () => {
    const told = type(
      "library",
      "--only",
      "cloudflare-2025-12-05",
      "--only",
      "hetzner-solana-2022-11-02",
      "--nodes",
      "300",
      "--out",
      "lib",
    )
    expect([told.status, told.stderr]).toEqual([0, ""])
    expect(told.stdout).toMatch(/cloudflare-2025-12-05 +cdn +service +28% \| 28% +published/)
    expect(told.stdout).toMatch(/All \d+ claims hold\./)
    expect(readFileSync(join(folder, "lib/report.html"), "utf8")).toContain("Published against simulated")
  }, 60_000)

  test("says of a record that cannot be played what it lacks, and plays the others", () => {
    const fine = {
      id: "fine",
      kind: "centralised",
      start: "2025-06-01T10:00:00Z",
      end: "2025-06-01T10:30:00Z",
      domains: [{ type: "provider", value: "p" }],
    }
    const { status, stdout, stderr } = type(
      "library",
      file("two.json", JSON.stringify([fine, { id: "timeless", timeline: [] }])),
      "--nodes",
      "300",
      "--json",
      "--out",
      "two",
    )
    expect([status, JSON.parse(stdout.trim()).id]).toEqual([1, "fine"])
    expect(stderr).toMatch(/^timeless: timeless has no start, no dated step in timeline and no date: give start/)
  }, 60_000)
})
