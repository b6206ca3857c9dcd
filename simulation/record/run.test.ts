/** One plan, one history: however it is kept, cut into epochs, stopped, killed or forked. */
import { existsSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { resolve } from "../engine/resolve.ts"
import { Simulation } from "../engine/simulation.ts"
import { readCheckpoint, restore } from "./checkpoint.ts"
import { environment } from "./environment.ts"
import { readChain } from "./log-file.ts"
import { measure } from "./measure.ts"
import { replayRun } from "./replay.ts"
import { CHECKPOINT_FILE, FORK_FILE, resumeRun, type RunResult } from "./run.ts"
import { about, abortAfter, bytes, lines, recorded, runsFolder } from "./small-runs.ts"
import { quiet, small } from "./small-scenario.ts"
import { runSweep, runTwin } from "./variants.ts"

const runs = runsFolder()
afterAll(runs.clear)

const ends = ({ logHash, stateHash, events, epochs }: RunResult) => ({ logHash, stateHash, events, epochs })

let full: RunResult
let epochs: RunResult
beforeAll(async () => {
  full = await runs.start(small(), { log: "full" })
  epochs = await runs.start(small())
})

describe("one plan", () => {
  test("runs twice: the same hashes, the same chain, the same tables", async () => {
    const again = await runs.start(small())
    expect(ends(again)).toEqual(ends(epochs))
    expect(bytes(again.runDir, "chain.jsonl")).toEqual(bytes(epochs.runDir, "chain.jsonl"))
    expect(await recorded(again.runDir)).toEqual(await recorded(epochs.runDir))
  })

  test("keeps every event or only headers: the same hashes", () => {
    expect(ends(full)).toEqual(ends(epochs))
    expect(existsSync(join(full.runDir, "events.bin"))).toBe(true)
    expect(existsSync(join(epochs.runDir, "events.bin"))).toBe(false)
  })

  test("with another seed: another history", async () => {
    const other = await runs.start(small({ seed: 8 }))
    expect(other.logHash).not.toBe(full.logHash)
    expect(other.stateHash).not.toBe(full.stateHash)
  })

  test("in epochs of a minute, ten, an hour or a day: the same end, when nothing fails", async () => {
    const results = []
    // oxlint-disable-next-line no-await-in-loop
    for (const everySeconds of [60, 600, 3600, 86_400]) results.push(await runs.start(quiet(everySeconds)))
    expect(results.map((r) => r.epochs)).toEqual([1440, 144, 24, 1])
    expect(new Set(results.map((r) => r.stateHash)).size).toBe(1)
    expect(new Set(results.map((r) => r.events)).size).toBe(1)
    // Headers are of epochs, so the chains differ.
    expect(new Set(results.map((r) => r.logHash)).size).toBe(4)
  })

  test("a finished folder holds what its result says, and no checkpoint", () => {
    const manifest = JSON.parse(readFileSync(join(full.runDir, "run.json"), "utf8"))
    expect(manifest).toMatchObject({ status: "complete", ...ends(full), commit: "test", log: "full", seed: 7 })
    expect(readChain(full.runDir).headers).toHaveLength(full.epochs)
    expect(readChain(full.runDir).headers.at(-1)).toMatchObject({ hash: full.logHash, state: full.stateHash })
    expect(existsSync(join(full.runDir, CHECKPOINT_FILE))).toBe(false)
  })
})

describe("a stopped run", () => {
  test.each(["full", "epochs"] as const)("goes on to the same end, hash for hash and row for row (log %s)", async (log) => {
    const stopped = await runs.start(small(), { log, ...abortAfter(1) })
    expect(stopped.status).toBe("stopped")
    expect(stopped.epochs).toBeGreaterThan(0)
    expect(stopped.epochs).toBeLessThan(full.epochs)
    expect(await replayRun(stopped.runDir)).toMatchObject({ verified: true, epochs: stopped.epochs })
    const resumed = await resumeRun(stopped.runDir, about)
    expect(ends(resumed)).toEqual(ends(full))
    expect(bytes(stopped.runDir, "chain.jsonl")).toEqual(bytes(full.runDir, "chain.jsonl"))
    if (log === "full") expect(bytes(stopped.runDir, "events.bin").equals(bytes(full.runDir, "events.bin"))).toBe(true)
    expect(await recorded(stopped.runDir)).toEqual(await recorded(full.runDir))
    expect(resumed.results).toEqual(full.results)
  })

  test("may be stopped again and again, at any epoch", async () => {
    let result = await runs.start(small(), { ...abortAfter(0), signal: AbortSignal.abort() })
    let stops = 0
    while (result.status === "stopped") {
      expect(result.epochs).toBe(++stops)
      // Epoch by epoch over the calm hours and the onset; the rest in one go.
      // oxlint-disable-next-line no-await-in-loop
      result = await resumeRun(result.runDir, { ...about, ...(stops < 70 ? { signal: AbortSignal.abort() } : {}) })
    }
    expect(stops).toBe(70)
    expect(ends(result)).toEqual(ends(full))
    expect(await recorded(result.runDir)).toEqual(await recorded(full.runDir))
  })

  test("has a twin and a sweep like one that was never stopped", async () => {
    const whole = await runs.start(small(), { report: true })
    const stopped = await runs.start(small(), abortAfter(1))
    expect(stopped.status).toBe("stopped")
    await resumeRun(stopped.runDir, { ...about, report: true })
    expect(await recorded(stopped.runDir)).toEqual(await recorded(whole.runDir))
    expect(bytes(stopped.runDir, "sweep.parquet")).toEqual(bytes(whole.runDir, "sweep.parquet"))
  })

  test("whose checkpoint is damaged says so in one sentence, and loses nothing", async () => {
    const { runDir } = await runs.start(small(), abortAfter(1))
    const path = join(runDir, CHECKPOINT_FILE)
    const whole = readFileSync(path)
    const chain = bytes(runDir, "chain.jsonl")
    for (const damage of [
      (b: Buffer) => b.fill(b[100] ^ 1, 100, 101),
      (b: Buffer) => b.subarray(0, 1000),
      () => Buffer.alloc(0),
    ]) {
      writeFileSync(path, damage(Buffer.from(whole)))
      // oxlint-disable-next-line no-await-in-loop
      await expect(resumeRun(runDir, about)).rejects.toThrow(
        /^the checkpoint .*checkpoint\.bin is damaged: its digest does not match; delete it and start the run again$/,
      )
    }
    expect(bytes(runDir, "chain.jsonl")).toEqual(chain)
    writeFileSync(path, whole)
    expect(ends(await resumeRun(runDir, about))).toEqual(ends(full))
  })

  test("whose log is shorter than its checkpoint says is not filled up with zeros", async () => {
    const stopped = await runs.start(small(), { log: "full", ...abortAfter(1) })
    for (const name of ["events.bin", "chain.jsonl"]) {
      const runDir = runs.copy(stopped.runDir)
      truncateSync(join(runDir, name), 100)
      // oxlint-disable-next-line no-await-in-loop
      await expect(resumeRun(runDir, about)).rejects.toThrow(
        new RegExp(`${name} is damaged: it has 100 bytes, and the checkpoint says \\d+ were written`),
      )
    }
  })
})

describe("a folder that will not do", () => {
  test("a complete run has nothing to resume", async () => {
    await expect(resumeRun(full.runDir, about)).rejects.toThrow(/is complete: there is nothing to resume; replay verifies it/)
  })

  test("a folder that is not empty is not written to", async () => {
    const dir = runs.next()
    mkdirSync(dir)
    writeFileSync(join(dir, "thesis.txt"), "all I have")
    await expect(runs.start(small(), { outDir: dir })).rejects.toThrow(
      /is not empty: choose a new folder with --out, or go on with a stopped run by --resume/,
    )
    expect(lines(dir, "thesis.txt")).toEqual(["all I have"])
    await expect(runs.start(small(), { outDir: join(dir, "thesis.txt") })).rejects.toThrow(
      /^cannot make the run folder .*: a file stands where a folder should be/,
    )
  })

  test("a folder without a run, or none", async () => {
    await expect(resumeRun(runs.dir, about)).rejects.toThrow(
      /is not a run folder: it has no run\.json; name a folder that blackstart run wrote/,
    )
    await expect(replayRun(join(runs.dir, "nowhere"))).rejects.toThrow(/is not a run folder/)
  })

  test("a manifest that was cut short, or is something else", async () => {
    const runDir = runs.copy(epochs.runDir)
    const text = readFileSync(join(runDir, "run.json"), "utf8")
    const { scenario: _, ...rest } = JSON.parse(text)
    for (const [found, said] of [
      [text.slice(0, text.length / 2), /run\.json is damaged: it is not JSON; restore it from a copy/],
      ["", /run\.json is damaged: it is not JSON/],
      ["null", /run\.json is no manifest of a run/],
      ["{}", /run\.json is no manifest of a run/],
      [JSON.stringify(rest), /run\.json is damaged: its scenario cannot be read \(/],
      [
        JSON.stringify({ ...JSON.parse(text), format: 2 }),
        /run\.json has format 2, and this version reads 1; use the version that wrote it/,
      ],
    ] as const) {
      writeFileSync(join(runDir, "run.json"), found)
      // oxlint-disable-next-line no-await-in-loop
      for (const ask of [() => replayRun(runDir), () => resumeRun(runDir, about)]) await expect(ask()).rejects.toThrow(said)
    }
  })

  test("a run stopped before its first checkpoint begins again", async () => {
    const stopped = await runs.start(small(), { signal: AbortSignal.abort() })
    rmSync(join(stopped.runDir, CHECKPOINT_FILE))
    expect(ends(await resumeRun(stopped.runDir, about))).toEqual(ends(full))
  })
})

describe("a fork from before the onset", () => {
  const fork = () => readCheckpoint(join(full.runDir, FORK_FILE))!
  const plan = resolve(small())
  const pause = () => Promise.resolve()

  test("continues to the same hashes as the run itself", () => {
    const sim = new Simulation(plan, environment())
    restore(sim, fork())
    expect(sim.atS).toBeLessThan(plan.windowS!.from)
    expect(sim.atS).toBeGreaterThanOrEqual(plan.windowS!.from - 600)
    const { headers } = readChain(full.runDir)
    for (let epoch = sim.epoch; !sim.done; epoch++) expect(sim.tick().header).toEqual(headers[epoch])
  })

  test("has a twin that equals the run until the onset, and loses nothing afterwards", async () => {
    const twin = await runTwin(plan, environment(), fork(), pause)
    const sim = new Simulation(plan, environment())
    while (!sim.done) sim.tick()
    for (const [i, n] of sim.networks.entries()) {
      const [a, b] = [n.epochs.rows, twin.networks[i].epochs.rows] as unknown as Record<string, Float64Array>[]
      const before = a.endS.subarray(0, n.epochs.rows.length).findIndex((endS) => endS > plan.windowS!.from - 600)
      expect(before).toBeGreaterThan(20)
      for (const column of Object.keys(n.epochs.rows.shape))
        expect(b[column].slice(0, before), column).toEqual(a[column].slice(0, before))
      expect(measure(twin.networks[i], plan.windowS)).toMatchObject({ blastRadiusPpm: 0, lostCapacityMinutes: 0, recoverS: 0 })
      expect(measure(n, plan.windowS).blastRadiusPpm).toBeGreaterThan(50_000)
    }
  })

  test("has variants that share the run's luck: a larger share behind the provider only adds nodes and losses", async () => {
    const behind = (permille: number): Uint8Array => {
      const of = small({ dependsOn: { helium: { on: "cdn", nodes: { permille }, users: { permille: 0 }, because: "a test" } } })
      return new Simulation(resolve(of), environment()).networks.find((n) => n.name === "helium")!.subject.behind
    }
    const [some, more, all] = [200, 400, 1000].map(behind)
    expect(some.reduce((a, b) => a + b, 0)).toBeGreaterThan(30)
    some.forEach((yes, node) => expect(more[node]).toBeGreaterThanOrEqual(yes))
    expect(all.every((yes) => yes === 1)).toBe(true)

    const variants = await runSweep(small(), plan, environment(), fork(), pause, () => {})
    const served = (variant: string, network: string) =>
      variants.find((v) => v.variant === variant)!.results.find((r) => r.network === network)!.windowServedMilli!
    const name = (share: number) => `share of hotspots behind the provider = ${share} ‰`
    expect(served(name(0), "helium")).toBeGreaterThan(served(name(200), "helium"))
    expect(served(name(200), "helium")).toBeGreaterThan(served(name(1000), "helium"))
    for (const share of [0, 200, 1000]) expect(served(name(share), "cdn")).toBe(served("luck 0", "cdn"))
    expect(served("cdn.failingSharePermille = 1000", "cdn")).toBeLessThan(served("cdn.failingSharePermille = 500", "cdn"))
    // Luck 0 is the run itself.
    expect(variants.find((v) => v.variant === "luck 0")!.results.map((r) => r.windowServedMilli)).toEqual(
      full.results.map((r) => r.windowServedMilli),
    )
  })
})
