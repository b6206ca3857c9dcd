/** What a stranger met who wrote studies of her own: each of these was silent, wrong or a crash once. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { hostname } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, test } from "vitest"
import { readStudy, type Study } from "../../protocol/boundary/study.ts"
import { compareFolders, sayComparison } from "./compare.ts"
import type { Engine, Outcome, Task } from "./engine.ts"
import { nameTwice } from "../record/twice.ts"
import { loadStudy, planStudy } from "./load.ts"
import { lockStudy } from "./lock.ts"
import { mergeShards } from "./merge.ts"
import { Runner } from "./run-job.ts"
import { base, csvOf, smallStudy, studiesFolder, supplyStudy, tablesOf } from "./small-study.ts"
import { PART_RUNS } from "./store.ts"
import { BUNDLED_STUDY } from "./supply.ts"

const studies = studiesFolder()
afterAll(studies.clear)
const supply: unknown = JSON.parse(readFileSync(BUNDLED_STUDY, "utf8"))

/** Answers at once, so that a study of many runs takes no time. */
const oracle = (): Engine => ({
  name: "an oracle",
  width: 1,
  async *run(tasks: Iterable<Task>): AsyncGenerator<Outcome> {
    for (const { run } of tasks)
      yield { run, seconds: 0, result: { status: "done", values: [run % 7, run], fingerprint: String(run) } }
  },
  cancel: () => {},
  close: async () => {},
})

test("shards of more runs than a part holds are merged too", { timeout: 60_000 }, async () => {
  const study = supplyStudy(supply, { seeds: { from: 1, count: PART_RUNS } })
  const whole = await studies.begin(study, { engine: oracle })
  const parts = [1, 2, 3].map(
    async (index) => (await studies.begin(study, { engine: oracle, shard: { index, count: 3 } })).studyDir,
  )
  const options = { outDir: studies.next(), cacheDir: undefined, commit: "test", version: "test", command: "merge" }
  const merged = await mergeShards(await Promise.all(parts), options)
  expect(merged).toMatchObject({ status: "complete", runs: 2 * PART_RUNS, computed: 0 })
  expect(tablesOf(merged.studyDir)).toEqual(tablesOf(whole.studyDir))
})

test("the dictionary says every column of every table, and of no other", { timeout: 60_000 }, async () => {
  const axes = { "supply.burnFil": { from: 1000, to: 50_000 }, "supply.onboardPib": { from: 1, to: 5 } }
  const goals = [{ measure: "circulating", want: "least" }]
  for (const vary of [
    undefined,
    [{ by: "morris", trajectories: 2, of: axes }],
    [{ by: "sobolIndices", rows: 4, of: axes }],
    [{ by: "search", population: 4, generations: 1, goals, of: axes }],
  ]) {
    // oxlint-disable-next-line no-await-in-loop
    const { studyDir } = await studies.begin(supplyStudy(supply, vary === undefined ? {} : { vary }), { engine: oracle })
    const said = csvOf(studyDir, "dictionary")
    const tables = ["runs", "estimates", "differences", "screening", "indices", "front"].filter((t) =>
      existsSync(join(studyDir, `${t}.csv`)),
    )
    for (const table of tables) {
      const columns = readFileSync(join(studyDir, `${table}.csv`), "utf8")
        .split("\n", 1)[0]
        .split(",")
      const known = said.filter((d) => d.table === table || d.table === "all").map((d) => d.column)
      expect(columns.filter((c) => !known.includes(c))).toEqual([])
    }
    expect(said.filter((d) => d.table !== "all" && !tables.includes(d.table))).toEqual([])
  }
})

describe("what a base sets", () => {
  test("holds for a supply too, and a name that is none is refused", () => {
    const based = (set: object): Study =>
      supplyStudy(supply, { bases: { flat: { supply, case: "flat", years: 1, set } }, vary: [] })
    const end = (study: Study): number => {
      const { models, design } = planStudy(study)
      const [point] = design.points
      const result = new Runner().run(models.get("flat")!.job(point.values, [], 1))
      return result.status === "done" ? result.values[0]! : NaN
    }
    expect(end(based({ "supply.burnFil": 50_000 }))).toBeLessThan(end(based({})) - 1e6)
    expect(() => planStudy(based({ "supply.burnFi": 1 }))).toThrow(
      "there is no parameter supply.burnFi; did you mean supply.burnFil",
    )
    expect(() => planStudy(based({ "supply.burnFil": -1 }))).toThrow("supply.burnFil")
  })
  test("may be a preset, as its variations may", async () => {
    const dir = studies.next()
    mkdirSync(dir)
    const path = join(dir, "s.json")
    const write = (set: object): void => {
      const study = { ...smallStudy(), vary: [], bases: { a: { scenario: base, set } } }
      writeFileSync(path, JSON.stringify(study))
    }
    write({ "helium.preset": "HIP149", "helium.witnessesMax": 7 })
    const { bases } = await loadStudy(path)
    expect(bases.a).toMatchObject({ scenario: { networks: { helium: { preset: "HIP149", change: { witnessesMax: 7 } } } } })
    write({ "heliun.preset": "HIP149" })
    await expect(loadStudy(path)).rejects.toThrow("runs no network heliun; did you mean helium?")
    writeFileSync(path, readFileSync(path, "utf8").replace('"measure":{', '"measure":{"lost":{},'))
    await expect(loadStudy(path)).rejects.toThrow("line 1 names lost a second time in one object")
  })
})

test("a name that stands twice is found in its object, wherever it is nested and however it is written", () => {
  expect(nameTwice('{"a": {"b": 1}, "b": [{"a": 1}, {"a": "a\\":"}]}')).toBeUndefined()
  expect(nameTwice('{"a": 1,\n "c": [{"x": 1,\n "\\u0078": 2}]}')).toEqual({ name: "x", line: 3 })
  expect(nameTwice('["a", "a"]')).toBeUndefined()
})

describe("refused", () => {
  const grid = (of: unknown): object => ({ vary: [{ by: "grid", of }] })
  const list = (...points: unknown[]): object => ({ vary: [{ by: "list", points }] })
  const within = (more: object): object => ({ claims: [{ claim: "within", measure: "lost", ...more }] })
  const more = (at: object, than: object): object => ({ claims: [{ claim: "more", measure: "lost", at, than }] })
  test.each([
    [grid({ "helium.witnessesMax": [5, 14, 5] }), "has 5 twice"],
    [list({ label: "x", set: { "helium.witnessesMax": 5 } }, { label: "x", set: {} }), "two points are called x"],
    [{ confidence: { percent: 100 } }, "confidence is 100 %"],
    [{ confidence: { percent: 0 } }, "confidence is 0 %"],
    [{ seeds: { from: Number.MAX_SAFE_INTEGER, count: 2 } }, "2 seeds from there go beyond"],
    [within({ atLeast: 1, atMost: 0 }), "nothing is at least 1 and at most 0"],
    [more({ "helium.witnessesMax": 5 }, { "helium.witnessesMax": 14 }), "2 points of the study are"],
  ])("%o", (changes, sentence) => {
    expect(() => planStudy(smallStudy(changes))).toThrow(sentence)
  })
  test("and the last seed that there is may be had", () => {
    expect(() => readStudy({ ...smallStudy(), seeds: { from: Number.MAX_SAFE_INTEGER, count: 1 } })).not.toThrow()
  })
})

test("a claim about all points tells the worst of them", async () => {
  const claims = [{ claim: "within", measure: "locked", atMost: 1e9 }]
  const { manifest } = await studies.begin(supplyStudy(supply, { claims }), { engine: oracle })
  // Runs are numbered from 0, so the second of two points has the higher ones.
  expect(manifest.analysis!.claims[0]).toMatchObject({
    holds: true,
    figure: expect.stringContaining("where it is worst: supply.burnFil = 50000"),
  })
})

test("a supply's past that is kept from run to run changes no bit, whatever ran between", () => {
  const of = (set: object, years: number, seed: number) => {
    const { models, design } = planStudy(
      supplyStudy(supply, { bases: { shocks: { supply, case: "shocks", years, set } }, vary: [] }),
    )
    return models.get("shocks")!.job(design.points[0].values, [], seed)
  }
  const jobs = [1, 2].flatMap((seed) => [
    of({}, 1, seed),
    of({ "supply.sectorDays": 360 }, 1, seed),
    of({}, 2, seed),
    of({ "supply.burnFil": 9 }, 1, seed),
  ])
  const used = new Runner()
  const alone = jobs.map((job) => new Runner().run(job))
  expect([...jobs, ...jobs.toReversed()].map((job) => used.run(job))).toEqual([...alone, ...alone.toReversed()])
  expect(new Set(alone.map((r) => r.status === "done" && r.fingerprint)).size).toBe(jobs.length)
})

test("equal figures of unlike runs are not the same, bit for bit", async () => {
  const named = (prefix: string) => (): Engine => ({
    ...oracle(),
    async *run(tasks) {
      for await (const o of oracle().run(tasks))
        yield { ...o, result: { ...o.result, fingerprint: `${prefix}${o.run}` } as Outcome["result"] }
    },
  })
  const [a, b, c] = await Promise.all(["x", "x", "y"].map((p) => studies.begin(supplyStudy(supply), { engine: named(p) })))
  expect((await compareFolders(a.studyDir, b.studyDir)).same).toBe(true)
  const found = await compareFolders(a.studyDir, c.studyDir)
  expect([found.came, found.same]).toEqual([[], false])
  expect(sayComparison(found)).toContain("Their figures are the same, their hashes are not.")
})

test("one sitting at a time: a second is refused while the first holds the folder, and a killed one's lock holds nobody up", async () => {
  const study = supplyStudy(supply)
  const stop = new AbortController()
  const { studyDir } = await studies.begin(study, { signal: stop.signal, onProgress: () => stop.abort() })
  const lock = join(studyDir, "under-way.lock")
  expect(existsSync(lock)).toBe(false)
  const unlock = lockStudy(studyDir)
  await expect(studies.resume(studyDir)).rejects.toThrow(`is under way in process ${process.pid}: wait for it`)
  unlock()
  writeFileSync(lock, `1 another-host\n`)
  await expect(studies.resume(studyDir)).rejects.toThrow("in process 1 on another-host")
  // No process has this number; a lock that was cut off by a full disk names none.
  for (const left of [`${2 ** 30} ${hostname()}\n`, ""]) {
    writeFileSync(lock, left)
    lockStudy(studyDir)()
  }
  writeFileSync(lock, "")
  expect(await studies.resume(studyDir)).toMatchObject({ status: "complete" })
  expect(existsSync(lock)).toBe(false)
})

test("a shared past that cannot be kept fails no run", async () => {
  const file = studies.next()
  writeFileSync(file, "a file, where a folder is meant")
  const responses = { by: "responses", of: { nothing: [] } }
  const study = smallStudy({ fork: { hours: 2 }, vary: [responses], seeds: { from: 1, count: 1 } })
  const { models, design } = planStudy(study)
  const job = models.get("as it was")!.job(design.points[0].values, [], 1)
  expect(new Runner(join(file, "pasts")).run(job).status).toBe("done")
})
