/** What can go wrong with a study is one clear sentence each, and nothing that was run is lost. */
import { spawnSync } from "node:child_process"
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, describe, expect, test } from "vitest"
import { writeAll } from "../record/durable.ts"
import { runsFolder } from "../record/small-runs.ts"
import { small } from "../record/small-scenario.ts"
import { compareFolders, sayComparison } from "./compare.ts"
import { STUDY_FILE } from "./conduct.ts"
import type { Outcome, Task } from "./engine.ts"
import { processEngine } from "./engine-processes.ts"
import { loadStudy, planStudy } from "./load.ts"
import { Pool, type Hears } from "./pool.ts"
import { base, csvOf, smallStudy, studiesFolder, supplyStudy, tablesOf } from "./small-study.ts"
import { PART_RUNS } from "./store.ts"
import { BUNDLED_STUDY } from "./supply.ts"

const studies = studiesFolder()
const runs = runsFolder()
afterAll(() => {
  studies.clear()
  runs.clear()
})
const supply: unknown = JSON.parse(readFileSync(BUNDLED_STUDY, "utf8"))
const CLI = fileURLToPath(new URL("../../cli/blackstart.mjs", import.meta.url))
const cheap = (changes = {}) => supplyStudy(supply, { vary: [], ...changes })

describe("what is written wrong", () => {
  const grid = (of: unknown) => ({ vary: [{ by: "grid", of }] })
  const said = (changes: object): string => {
    try {
      planStudy(smallStudy(changes))
    } catch (cause) {
      return (cause as Error).message
    }
    return "nothing was said"
  }
  test.each([
    [grid({ "helium.witnesesMax": [5] }), "did you mean helium.witnessesMax (count, 1 to 64)?"],
    [grid({ "heliun.witnessesMax": [5] }), "this study runs no network heliun; did you mean helium?"],
    [grid({ "helium.witnessesMax": [] }), "vary[0] (grid): the list of helium.witnessesMax is empty"],
    [grid({}), "vary[0] (grid) varies nothing"],
    [grid({ "helium.witnessesMax": [5.5] }), "must be a whole number of count from 1 to 64, got 5.5"],
    [grid({ "helium.witnessesMax": [-1] }), "is out of range: it may be"],
    [grid({ "helium.nodes": [0] }), "helium.nodes = 0: it must be a whole number of hotspots from 1"],
    [grid({ "helium.preset": ["SOL-HNR"] }), "helium has no preset SOL-HNR; did you mean SOL-HNT?"],
    [
      { vary: [{ by: "zip", of: { "helium.witnessesMax": [1, 2], "cdn.failingSharePermille": [500] } }] },
      'have helium.witnessesMax 2, cdn.failingSharePermille 1; for every value with every other say "grid"',
    ],
    [
      { vary: [{ by: "latinHypercube", points: 4, of: { "helium.witnessesMax": { from: 9, to: 3 } } }] },
      "goes from 9 to 3: from must be below to",
    ],
    [{ vary: [{ by: "latinHypercub", points: 4, of: {} }] }, "did you mean latinHypercube?"],
    [
      { vary: [{ by: "morris", trajectories: 4, levels: 5, of: { "helium.witnessesMax": {} } }] },
      "levels is 5, and must be even",
    ],
    [
      {
        vary: [
          { by: "morris", trajectories: 4, of: { "helium.witnessesMax": {} } },
          { by: "list", points: [{ set: {} }] },
        ],
      },
      "must be the only variation of a study",
    ],
    [{ vary: [{ by: "list", points: [] }] }, "vary[0] (list) has no points"],
    [{ measure: {} }, "measure is empty"],
    [{ measure: { "Fees Paid": { of: "service", network: "cdn", figure: "lost" } } }, "measure.Fees Paid: it becomes a column"],
    [{ measure: { seed: { of: "service", network: "cdn", figure: "lost" } } }, "every table has a column seed already"],
    [
      { measure: { x: { of: "metric", metric: "helium.coverage.prooved", figure: "total" } } },
      "there is no metric helium.coverage.prooved; did you mean helium.coverage.proved?",
    ],
    [
      { measure: { x: { of: "nodes", measure: "helium.earnedBone", figure: "gini" } } },
      "there is no node measure helium.earnedBone; did you mean helium.earnedBones?",
    ],
    [{ measure: { x: { of: "metric", metric: "cdn.pops.failing", figure: "total" } } }, "is a gauge, and only a counter adds up"],
    [{ measure: { x: { of: "service", network: "filecoin", figure: "lost" } } }, "this study runs no network filecoin"],
    [{ seeds: { from: 1, count: 0 } }, "seeds"],
    [
      { seeds: { from: 1, atLeast: 4, atMost: 2, until: { measure: "lost", halfWidth: 1 } } },
      "seeds.atMost is 2, less than atLeast, 4",
    ],
    [
      { seeds: { from: 1, atLeast: 2, atMost: 4, until: { measure: "lots", halfWidth: 1 } } },
      "the study measures no lots; did you mean lost?",
    ],
    [{ claims: [{ claim: "within", measure: "lost" }] }, "claims[0] (within) has no bound"],
    [{ claims: [{ claim: "more", measure: "lost", at: { label: "x" }, than: {} }] }, 'no point of the study is {"label":"x"}'],
    [{ bases: {} }, "bases is empty"],
    [{ fork: { days: 30 } }, "fork is 2025-12-17"],
    [{ fork: "onset", vary: [{ by: "grid", of: { "helium.nodes": [10, 20] } }] }, "helium.nodes is settled before the fork"],
    [{ question: 3 }, "question must be"],
    [{ mesure: {} }, "did you mean measure?"],
  ])("%j", (changes, sentence) => {
    expect(said(changes)).toContain(sentence)
    expect(said(changes)).not.toContain("\n")
  })

  test("a study that is none, and a base that is not there", async () => {
    const file = join(studies.dir, "none.json")
    writeFileSync(file, "{}")
    await expect(loadStudy(file)).rejects.toThrow('this is no study of runs: it is an object with "study": "runs"')
    writeFileSync(file, JSON.stringify({ ...smallStudy(), bases: { a: { scenario: "gone.json" } } }))
    await expect(loadStudy(file)).rejects.toThrow("there is no scenario gone.json")
  })

  test("on the command line: one sentence and exit code 1", { timeout: 60_000 }, () => {
    const file = join(studies.dir, "wrong.json")
    writeFileSync(file, JSON.stringify({ ...smallStudy(), vary: [{ by: "grid", of: { "helium.witnesesMax": [5] } }] }))
    const done = spawnSync(process.execPath, [CLI, "study", file, "--out", studies.next()], { encoding: "utf8" })
    expect(done.status).toBe(1)
    expect(done.stderr.trim().split("\n")).toHaveLength(1)
    expect(done.stderr).toContain("helium has no parameter witnesesMax; did you mean helium.witnessesMax")
  })
})

describe("disks", () => {
  test("one that fills up in the middle: a sentence, and the study goes on when there is room", async () => {
    const outDir = studies.next()
    let left = 9
    const write = (fd: number, bytes: Uint8Array, position: number): void => {
      if (left-- <= 0) {
        // As a real one does: part of the line, and then the error.
        writeAll(fd, bytes.subarray(0, 20), position)
        throw Object.assign(new Error("no space left on device, write"), { code: "ENOSPC" })
      }
      writeAll(fd, bytes, position)
    }
    const study = cheap({ seeds: { from: 1, count: 15 } })
    await expect(studies.begin(study, { outDir, write })).rejects.toThrow(
      /cannot record a run in .*: the disk is full; free some space/,
    )
    const end = await studies.resume(outDir)
    expect(end).toMatchObject({ status: "complete", recovered: 9, computed: 6 })
    expect(tablesOf(outDir, ["runs"])).toEqual(tablesOf((await studies.begin(study)).studyDir, ["runs"]))
  })

  test("a cache that cannot be written: a sentence as well", async () => {
    const file = join(studies.dir, "a-file")
    writeFileSync(file, "")
    await expect(studies.begin(cheap(), { cacheDir: join(file, "cache") })).rejects.toThrow(
      /cannot keep a result in .*: a file stands where a folder should be/,
    )
  })

  const study = cheap({ seeds: { from: 1, count: PART_RUNS + 20 } })
  const stopped = async (): Promise<string> => {
    const stop = new AbortController()
    const onProgress = ({ done }: { done: number }) => void (done === PART_RUNS + 10 && stop.abort())
    return (await studies.begin(study, { signal: stop.signal, onProgress })).studyDir
  }

  test("a part that was damaged is set aside and run again, and the sentence names it", { timeout: 120_000 }, async () => {
    const dir = await stopped()
    expect(readdirSync(join(dir, "parts"))).toEqual(["000000.parquet", "000001.jsonl"])
    writeFileSync(join(dir, "parts", "000000.parquet"), "PAR1 no more")
    const notes: string[] = []
    const end = await studies.resume(dir, { onNote: (n) => void notes.push(n) })
    expect(notes).toHaveLength(1)
    expect(notes[0]).toMatch(/000000\.parquet is damaged and cannot be read: it was set aside as .*\.damaged/)
    expect(end).toMatchObject({ recovered: 10, computed: PART_RUNS + 10 })
    expect(csvOf(dir, "runs").map((r) => Number(r.run))).toEqual(Array.from({ length: PART_RUNS + 20 }, (_, i) => i))
  })

  test(
    "a line of a journal that was damaged is run again; one that a kill cut off is not even news",
    { timeout: 120_000 },
    async () => {
      const dir = await stopped()
      const journal = join(dir, "parts", "000001.jsonl")
      const lines = readFileSync(journal, "utf8").split("\n")
      lines[3] = lines[3].replace('"run":', '"rum":')
      writeFileSync(journal, `${lines.join("\n")}${lines[0].slice(0, 30)}`)
      const notes: string[] = []
      const end = await studies.resume(dir, { onNote: (n) => void notes.push(n) })
      expect(notes).toEqual([`${journal}: 1 of its lines are damaged; those runs are run again`])
      expect(end).toMatchObject({ recovered: PART_RUNS + 9, computed: 11 })
      expect(csvOf(dir, "runs")).toHaveLength(PART_RUNS + 20)
    },
  )

  test("a manifest that was damaged or changed, and folders that hold something else", async () => {
    const { studyDir } = await studies.begin(cheap())
    const path = join(studyDir, STUDY_FILE)
    const text = readFileSync(path, "utf8")
    writeFileSync(path, text.replace('"count": 3', '"count": 4'))
    await expect(studies.resume(studyDir)).rejects.toThrow("was changed: its study is not the one that was begun")
    writeFileSync(path, text.slice(0, 100))
    await expect(studies.resume(studyDir)).rejects.toThrow("is damaged: it holds no study")
    writeFileSync(path, text.replace(/"code": "\w+"/u, '"code": "0"').replace('"complete"', '"running"'))
    await expect(studies.resume(studyDir)).rejects.toThrow("was begun with other rules")
    await expect(studies.begin(cheap(), { outDir: studyDir })).rejects.toThrow("is not empty")
    await expect(studies.resume(studies.dir)).rejects.toThrow("is not a study folder")
  })
})

describe("workers", () => {
  const tasks = (n: number): Task[] => Array.from({ length: n }, (_, run) => ({ run, job: { model: "none" } as never }))
  const gather = async (pool: Pool, n: number): Promise<Outcome[]> => {
    const all: Outcome[] = []
    for await (const o of pool.run(tasks(n))) all.push(o)
    return all.toSorted((a, b) => a.run - b.run)
  }
  /** Workers of which each dies over the runs that `dies` says. */
  const mortal = (dies: (run: number, worker: number) => boolean) => {
    let workers = 0
    const open = (hears: Hears) => {
      const own = workers++
      let isGone = false
      return {
        send: ({ run }: { run: number }) =>
          void setTimeout(() => {
            if (isGone) return
            if (dies(run, own)) {
              isGone = true
              hears.gone("out of memory")
            } else hears.reply({ run, result: { status: "done", values: [run], fingerprint: "" }, seconds: 0 })
          }, 1),
        kill: () => void (isGone = true),
        close: async () => {},
      }
    }
    return { pool: new Pool("mortal", 3, open), workers: () => workers }
  }

  test("one that dies is replaced, and what it had in hand is run again, once each", async () => {
    const { pool, workers } = mortal((run, worker) => run % 7 === 0 && worker < 3)
    const all = await gather(pool, 40)
    expect(all.map((o) => o.run)).toEqual(Array.from({ length: 40 }, (_, i) => i))
    expect(all.every((o) => o.result.status === "done")).toBe(true)
    expect(workers()).toBe(6)
  })

  test("a job that ends two workers fails, and the others do not", async () => {
    const all = await gather(mortal((run) => run === 5).pool, 12)
    expect(all.filter((o) => o.result.status === "failed")).toEqual([
      { run: 5, result: { status: "failed", why: "its worker ended 2 times over it: out of memory" }, seconds: 0 },
    ])
    expect(all).toHaveLength(12)
  })

  test("a process that is no worker is told of in the table, and the study ends", { timeout: 60_000 }, async () => {
    const { failed, studyDir } = await studies.begin(cheap({ seeds: { from: 1, count: 2 } }), {
      engine: () =>
        processEngine(1, undefined, [process.execPath, "-e", "process.stderr.write('no such host'); process.exit(3)"]),
    })
    expect(failed).toBe(2)
    expect(csvOf(studyDir, "runs").map((r) => r.failed)).toEqual(
      Array(2).fill("its worker ended 2 times over it: no such host (exit code 3)"),
    )
  })
})

describe("compare", () => {
  test("two studies: what differs in the manifests, and in the outcomes", async () => {
    const [a, b] = [
      await studies.begin(cheap()),
      await studies.begin(cheap({ bases: { flat: { supply, case: "flat", years: 2 } } })),
    ]
    const found = await compareFolders(a.studyDir, b.studyDir)
    expect(found.made).toEqual([{ what: "study.bases.flat.years", a: "1", b: "2", change: 1 }])
    expect(found.came.map((d) => d.what)).toContain("flat: circulating")
    expect((await compareFolders(a.studyDir, a.studyDir)).same).toBe(true)
  })

  test("two runs: a parameter, and what it did", { timeout: 60_000 }, async () => {
    const [a, b] = [
      await runs.start(small()),
      await runs.start(
        small({
          networks: { ...base.networks, cdn: { nodes: 30, change: { failingSharePermille: 500 } }, helium: { nodes: 300 } },
        }),
      ),
    ]
    const found = await compareFolders(a.runDir, b.runDir)
    expect(found.made.map((d) => d.what)).toContain("networks.0.params.failingSharePermille")
    const lost = found.came.find((d) => d.what === "cdn.windowAvailabilityPpm")!
    expect(lost.change).toBeGreaterThan(0)
    expect(found.same).toBe(false)
    expect(sayComparison(found)).toContain("networks.0.params.failingSharePermille: 750 → 500 (-250)")
    const { studyDir } = await studies.begin(cheap())
    await expect(compareFolders(a.runDir, studyDir)).rejects.toThrow("compare two of the same kind")
    rmSync(join(studyDir, "estimates.parquet"))
    await expect(compareFolders(studyDir, studyDir)).rejects.toThrow("is missing or damaged")
  })
})
