/** A study gives the same tables whoever runs it, however often it is stopped, and never runs a thing twice. */
import { spawn, spawnSync } from "node:child_process"
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, describe, expect, test } from "vitest"
import { BUNDLED_STUDY } from "./supply.ts"
import { codeDigest } from "./code.ts"
import { inlineEngine } from "./engine-inline.ts"
import { processEngine } from "./engine-processes.ts"
import { threadEngine } from "./engine-threads.ts"
import { keyOf, type Job, type NetworkJob } from "./job.ts"
import { planStudy } from "./load.ts"
import { Runner } from "./run-job.ts"
import { base, csvOf, smallStudy, studiesFolder, supplyStudy, tablesOf } from "./small-study.ts"

const studies = studiesFolder()
afterAll(studies.clear)
const supply: unknown = JSON.parse(readFileSync(BUNDLED_STUDY, "utf8"))
const CLI = fileURLToPath(new URL("../../cli/blackstart.mjs", import.meta.url))

describe("who runs it does not matter", () => {
  test("one thread, two threads and two processes give the same bytes", { timeout: 120_000 }, async () => {
    const serial = await studies.begin(smallStudy())
    const whole = tablesOf(serial.studyDir)
    expect(serial).toMatchObject({ runs: 12, computed: 12, recovered: 0, failed: 0 })
    expect(csvOf(serial.studyDir, "runs")).toHaveLength(12)
    for (const engine of [() => threadEngine(2), () => processEngine(2)]) {
      // oxlint-disable-next-line no-await-in-loop
      const other = await studies.begin(smallStudy(), { engine })
      expect(tablesOf(other.studyDir)).toEqual(whole)
    }
  })

  test("one seed a replicate, shared by all points", async () => {
    const { studyDir } = await studies.begin(supplyStudy(supply))
    const rows = csvOf(studyDir, "runs")
    expect(rows.map((r) => [r.run, r.point, r.replicate, r.seed])).toEqual(
      ["0,0,0,1", "1,1,0,1", "2,0,1,2", "3,1,1,2", "4,0,2,3", "5,1,2,3"].map((r) => r.split(",")),
    )
  })
})

describe("a job is a pure function of its manifest", () => {
  const { models } = planStudy(smallStudy())
  const job = (seed: number): Job => models.get("as it was")!.job({ "helium.witnessesMax": 9 }, [], seed)

  test("whatever ran before on the same runner, and after a trip through JSON", () => {
    const used = new Runner()
    used.run(job(1))
    used.run(job(2))
    const again = JSON.parse(JSON.stringify(job(1))) as Job
    expect(used.run(again)).toEqual(new Runner().run(job(1)))
    expect(keyOf(again)).toBe(keyOf(job(1)))
    expect(keyOf(job(2))).not.toBe(keyOf(job(1)))
  })

  test("its key holds the code's digest, and no title", () => {
    expect(job(1).code).toBe(codeDigest())
    const titled = planStudy(smallStudy({ bases: { "as it was": { scenario: { ...base, name: "other", question: "Why?" } } } }))
    expect(keyOf(titled.models.get("as it was")!.job({ "helium.witnessesMax": 9 }, [], 1))).toBe(keyOf(job(1)))
  })
})

describe("fork", () => {
  const forked = smallStudy({
    fork: "onset",
    vary: [
      { by: "grid", of: { "cdn.failingSharePermille": [500, 1000] } },
      {
        by: "responses",
        of: {
          wait: [],
          restart: [
            {
              at: { hours: 13 },
              label: "hotspots are cut off as well",
              do: { verb: "disconnect", network: "helium", where: { share: { percent: 50 } }, for: { minutes: 30 } },
            },
          ],
        },
      },
    ],
    seeds: { from: 5, count: 1 },
  })

  test("many futures of one history are what each would be lived from its beginning", () => {
    const { models, design } = planStudy(forked)
    const runner = new Runner()
    const prints = design.points.map((p) => {
      const job = models.get(p.base)!.job(p.values, design.responses.get(p.response)!, 5) as NetworkJob
      expect(job.fork).toBeDefined()
      const { fork: _, ...straight } = job
      const result = runner.run(job)
      expect(result).toEqual(new Runner().run(straight))
      expect(keyOf(straight)).toBe(keyOf(job))
      return JSON.stringify(result)
    })
    expect(new Set(prints).size).toBe(4)
  })

  test("the shared past is kept once a seed, and found by others", async () => {
    const cacheDir = join(studies.dir, "cache-fork")
    const first = await studies.begin(forked, { cacheDir })
    expect(readdirSync(join(cacheDir, "pasts"))).toHaveLength(1)
    expect(new Set(csvOf(first.studyDir, "runs").map((r) => r.response))).toEqual(new Set(["wait", "restart"]))
  })
})

describe("never twice", () => {
  test("a second study of the same runs runs nothing, and its tables are the same", async () => {
    const cacheDir = join(studies.dir, "cache")
    const first = await studies.begin(supplyStudy(supply), { cacheDir })
    const second = await studies.begin(supplyStudy(supply, { seeds: { from: 1, count: 5 } }), { cacheDir })
    const third = await studies.begin(supplyStudy(supply), { cacheDir })
    expect([first.computed, second.computed, third.computed]).toEqual([6, 4, 0])
    expect([first.cached, second.cached, third.cached]).toEqual([0, 6, 6])
    expect(tablesOf(third.studyDir)).toEqual(tablesOf(first.studyDir))
  })

  test("points that rounding made equal are run once", async () => {
    const vary = [
      { by: "list", points: [{ set: { "supply.sectorDays": 360 } }, { label: "same", set: { "supply.sectorDays": 360 } }] },
    ]
    const { computed, runs, studyDir } = await studies.begin(supplyStudy(supply, { vary }), {
      cacheDir: join(studies.dir, "cache-equal"),
    })
    expect([computed, runs]).toEqual([3, 6])
    expect(csvOf(studyDir, "runs")[1].circulating).toBe(csvOf(studyDir, "runs")[0].circulating)
  })

  test("a damaged result in the cache is as good as none", async () => {
    const cacheDir = join(studies.dir, "cache-damaged")
    const first = await studies.begin(supplyStudy(supply), { cacheDir })
    const files = readdirSync(cacheDir, { recursive: true, encoding: "utf8" }).filter((f) => f.endsWith(".json"))
    writeFileSync(join(cacheDir, files[0]), readFileSync(join(cacheDir, files[0]), "utf8").replace("values", "velues"))
    writeFileSync(join(cacheDir, files[1]), "")
    const again = await studies.begin(supplyStudy(supply), { cacheDir })
    expect(again.computed).toBe(2)
    expect(tablesOf(again.studyDir)).toEqual(tablesOf(first.studyDir))
  })
})

describe("killed at any moment", () => {
  const soon = (ms: number) => new Promise((go) => setTimeout(go, ms))

  test("study --resume goes on without repeating a finished run, to the same tables", { timeout: 180_000 }, async () => {
    const study = smallStudy({ seeds: { from: 1, count: 12 } })
    const whole = await studies.begin(study)
    const file = join(studies.dir, "killed.json")
    writeFileSync(file, JSON.stringify(study))
    const outDir = studies.next()
    const recorded = (): number => {
      const journal = join(outDir, "parts", "000000.jsonl")
      return existsSync(journal) ? readFileSync(journal, "utf8").split("\n").length - 1 : 0
    }
    const kept: number[] = []
    for (const args of [
      ["study", file, "--out", outDir],
      ["study", "--resume", outDir],
      ["study", "--resume", outDir],
    ]) {
      const child = spawn(process.execPath, [CLI, ...args, "--no-keep", "--workers", "2"], { stdio: "ignore" })
      const ended = new Promise((done) => child.on("exit", done))
      const before = kept.at(-1) ?? 0
      // oxlint-disable no-await-in-loop
      while (child.exitCode === null && recorded() < before + 5) await soon(5)
      child.kill("SIGKILL")
      await ended
      // oxlint-enable no-await-in-loop
      kept.push(recorded())
    }
    expect(kept[0]).toBeGreaterThan(0)
    expect(kept[2]).toBeLessThan(48)
    const notes: string[] = []
    const end = await studies.resume(outDir, { onNote: (n) => void notes.push(n) })
    expect(notes).toEqual([])
    expect(end).toMatchObject({ status: "complete", runs: 48, recovered: kept[2], computed: 48 - kept[2] })
    expect(tablesOf(outDir)).toEqual(tablesOf(whole.studyDir))
    expect(existsSync(join(outDir, "parts"))).toBe(false)
    // Its page is written again like a run's.
    const page = spawnSync(process.execPath, [CLI, "report", outDir], { encoding: "utf8" })
    expect([page.stdout, page.stderr]).toEqual([`report: ${join(outDir, "report.html")}\n`, ""])
    expect(readFileSync(join(outDir, "report.html"), "utf8")).toContain(study.question)
  })

  test("stopped by a signal: what ran is kept, and the rest runs later", async () => {
    const study = supplyStudy(supply, { seeds: { from: 1, count: 30 } })
    const stop = new AbortController()
    const outDir = studies.next()
    const stopped = await studies.begin(study, {
      outDir,
      signal: stop.signal,
      onProgress: ({ done }) => void (done === 17 && stop.abort()),
    })
    expect(stopped).toMatchObject({ status: "stopped", runs: 17 })
    expect(await studies.resume(outDir)).toMatchObject({ status: "complete", recovered: 17, computed: 43 })
    await expect(studies.resume(outDir)).rejects.toThrow("is complete: there is nothing to resume")
  })
})

describe("enough seeds", () => {
  test("a sequential study stops when the interval is as narrow as wanted, in rounds that no worker decides", async () => {
    const until = { measure: "circulating", relative: { permille: 5 } }
    const study = supplyStudy(supply, {
      bases: { growth: { supply, case: "growth", years: 1 } },
      seeds: { from: 1, atLeast: 4, atMost: 400, until },
    })
    const { manifest, studyDir } = await studies.begin(study)
    expect(manifest.analysis!.precise).toBe(true)
    expect(manifest.replicates).toBeLessThan(400)
    for (const e of csvOf(studyDir, "estimates").filter((r) => r.measure === "circulating"))
      expect((Number(e.high) - Number(e.low)) / 2 / Number(e.mean)).toBeLessThanOrEqual(0.005)
    const threads = await studies.begin(study, { engine: () => threadEngine(2) })
    expect(tablesOf(threads.studyDir)).toEqual(tablesOf(studyDir))
  })

  test("and says so when it was not reached", async () => {
    const seeds = { from: 1, atLeast: 2, atMost: 3, until: { measure: "circulating", halfWidth: 1e-6 } }
    const { manifest } = await studies.begin(supplyStudy(supply, { bases: { g: { supply, case: "growth", years: 1 } }, seeds }))
    expect(manifest).toMatchObject({ replicates: 3, analysis: { precise: false } })
  })
})

describe("what decides, and what is best", () => {
  const of = {
    "supply.burnFil": { from: 1000, to: 100_000 },
    "supply.onboardPib": { from: 0, to: 4 },
    "supply.verifiedPermille": {},
  }
  const one = { seeds: { from: 1, count: 1 } }

  test("indices of the supply's burnt FIL: the burn alone", async () => {
    const measure = { burnt: { of: "metric", metric: "supply.burnt", figure: "last" } }
    const claims = [
      { claim: "decides", measure: "burnt", parameter: "supply.burnFil" },
      { claim: "decides", measure: "burnt", parameter: "supply.onboardPib" },
    ]
    const { manifest, studyDir } = await studies.begin(
      supplyStudy(supply, { ...one, measure, claims, vary: [{ by: "sobolIndices", rows: 64, of }] }),
    )
    expect(manifest.runs).toBe(64 * 5)
    const [burn, onboard] = csvOf(studyDir, "indices")
    expect(Number(burn.total)).toBeCloseTo(1, 1)
    expect(Number(burn.first)).toBeCloseTo(1, 0)
    expect(Number(onboard.total)).toBeCloseTo(0, 6)
    expect(manifest.analysis!.claims.map((c) => c.holds)).toEqual([true, false])
  })

  test("a screening of the same says the same", async () => {
    const { studyDir } = await studies.begin(supplyStudy(supply, { ...one, vary: [{ by: "morris", trajectories: 6, of }] }))
    const rows = csvOf(studyDir, "screening").filter((r) => r.measure === "circulating")
    // A burn of 99,000 FIL a day more is 36 million a year that does not circulate, less what is then locked of less.
    expect(Number(rows[0].mu) / (-365 * 99_000)).toBeGreaterThan(0.96)
    expect(Number(rows[0].mu) / (-365 * 99_000)).toBeLessThan(1)
  })

  test("a search finds the front, generation by generation, the same on threads", async () => {
    const vary = [
      {
        by: "search",
        goals: [
          { measure: "circulating", want: "least" },
          { measure: "locked", want: "least" },
        ],
        population: 12,
        generations: 6,
        of,
      },
    ]
    const { studyDir, manifest } = await studies.begin(supplyStudy(supply, { ...one, vary }))
    const front = csvOf(studyDir, "front")
    expect(front.length).toBeGreaterThan(3)
    const best = front.map((r) => [Number(r.circulating), Number(r.locked)])
    const all = csvOf(studyDir, "runs").map((r) => [Number(r.circulating), Number(r.locked)])
    for (const [c, l] of best) expect(all.some(([x, y]) => x <= c && y <= l && (x < c || y < l))).toBe(false)
    // More burnt is less of both, whatever else: the front lies towards the range's end.
    expect(Math.min(...front.map((r) => Number(r.supply_burn_fil)))).toBeGreaterThan(60_000)
    expect(manifest.points).toBe(12 * 7)
    const threads = await studies.begin(supplyStudy(supply, { ...one, vary }), { engine: () => threadEngine(2) })
    expect(tablesOf(threads.studyDir, ["runs", "front"])).toEqual(tablesOf(studyDir, ["runs", "front"]))
  })

  test("claims about points: within bounds, and more with shared luck", async () => {
    const claims = [
      { claim: "more", measure: "circulating", at: { "supply.burnFil": 1000 }, than: { "supply.burnFil": 50_000 }, by: 16e6 },
      { claim: "more", measure: "circulating", at: { "supply.burnFil": 50_000 }, than: { "supply.burnFil": 1000 } },
      { claim: "within", measure: "locked", atLeast: 1 },
      { claim: "within", measure: "locked", at: { point: 0 }, atMost: 1 },
    ]
    const { manifest, studyDir } = await studies.begin(supplyStudy(supply, { claims }))
    expect(manifest.analysis!.claims.map((c) => c.holds)).toEqual([true, false, true, false])
    const [first] = csvOf(studyDir, "differences")
    expect(Number(first.mean) / (-365 * 49_000)).toBeGreaterThan(0.96)
    expect(Number(first.mean) / (-365 * 49_000)).toBeLessThan(1)
  })
})

test("an engine that is cancelled ends, and one more run of the same is sound", async () => {
  const { models } = planStudy(supplyStudy(supply))
  for (const engine of [inlineEngine(), threadEngine(2), processEngine(1)]) {
    const tasks = Array.from({ length: 50 }, (_, run) => ({ run, job: models.get("flat")!.job({}, [], run) }))
    let heard = 0
    // oxlint-disable-next-line no-await-in-loop
    for await (const _ of engine.run(tasks)) if (++heard === 3) engine.cancel()
    expect(heard).toBeLessThan(50)
  }
})
