/** Conducts a study: draws runs from its course, leaves out what is known, hands the rest to an engine, and keeps what comes back. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { ScenarioProblem } from "../../protocol/boundary/problem.ts"
import type { Study } from "../../protocol/boundary/study.ts"
import { explainFailure, RecordProblem, replaceFile } from "../record/durable.ts"
import { analyse, type Analysis } from "./analyse.ts"
import { Cache } from "./cache.ts"
import { Course, runsOf, type Batch } from "./course.ts"
import type { Engine, Task } from "./engine.ts"
import { canonical, digest, keyOf, type JobResult } from "./job.ts"
import { planStudy, type Planned } from "./load.ts"
import { lockStudy } from "./lock.ts"
import { Results } from "./results.ts"
import { assertShards, rangeOf, sayShard, type Shard } from "./shard.ts"
import { Store, type Row, type StoreOptions } from "./store.ts"
import { runColumns, writeStudyTables } from "./tables.ts"

export const STUDY_FILE = "study.json"
export const STUDY_FORMAT = 1
/** A power cut loses at most this much; a kill loses nothing. */
const SYNC_EVERY_MS = 2000

export interface StudyManifest {
  readonly format: number
  readonly name: string
  readonly question: string
  /** Whole: its scenarios are in it. */
  readonly study: Study
  /** Digest of the study as data. */
  readonly digest: string
  /** Digest of the code that gave its runs. */
  readonly code: string
  readonly commit: string
  readonly version: string
  readonly command: string
  /** "part": a shard's own runs are all there; merged with the others they are the study. */
  readonly status: "running" | "complete" | "part"
  /** Which of how many shards this folder is, from 1; without it, it is the whole. */
  readonly shard?: Shard
  readonly runs: number
  readonly points: number
  readonly replicates: number
  readonly failed: number
  readonly analysis?: Analysis
  /** Wall seconds of the last sitting, seconds its workers worked, and runs they did; told, not part of any table. */
  readonly spent?: { readonly wall: number; readonly work: number; readonly runs: number; readonly by: string }
}

export interface StudyProgress {
  readonly done: number
  readonly most: number
  readonly seconds: number
}

export interface ConductOptions {
  readonly outDir: string
  /** Only these runs, to be merged with those of the other shards. */
  readonly shard?: Shard
  /** Study folders whose runs are taken as they are: shards of the same study. */
  readonly from?: readonly string[]
  readonly engine: (pastDir: string | undefined) => Engine
  /** Undefined: nothing is kept for other studies. */
  readonly cacheDir: string | undefined
  readonly commit: string
  readonly version: string
  readonly command: string
  readonly signal?: AbortSignal
  readonly onProgress?: (p: StudyProgress) => void
  /** What a person should know, such as a damaged file. */
  readonly onNote?: (sentence: string) => void
  readonly write?: StoreOptions["write"]
}

export interface StudyResult {
  readonly studyDir: string
  readonly status: "complete" | "part" | "stopped"
  readonly runs: number
  /** Of those: run now, read from this study's folder, read from the cache. */
  readonly computed: number
  readonly recovered: number
  readonly cached: number
  readonly failed: number
  readonly manifest: StudyManifest
}

/** Begins a study in a new or empty folder. Throws a ScenarioProblem or a RecordProblem. */
export async function beginStudy(study: Study, options: ConductOptions): Promise<StudyResult> {
  const planned = planStudy(study)
  const { outDir, shard } = options
  if (shard !== undefined) assertShards(planned, shard)
  try {
    mkdirSync(outDir, { recursive: true })
    if (readdirSync(outDir).length > 0)
      throw new RecordProblem(
        `${outDir} is not empty: choose a new folder with --out, or go on with a study by --resume ${outDir}`,
      )
  } catch (error) {
    throw error instanceof RecordProblem ? error : explainFailure(error, "make the study folder", outDir)
  }
  const manifest: StudyManifest = {
    format: STUDY_FORMAT,
    name: study.name ?? "study",
    question: study.question,
    study,
    digest: digest(canonical(study)),
    code: planned.code,
    commit: options.commit,
    version: options.version,
    command: options.command,
    status: "running",
    ...(shard === undefined ? {} : { shard }),
    runs: 0,
    points: planned.design.points.length,
    replicates: 0,
    failed: 0,
  }
  writeManifest(outDir, manifest)
  return conduct(planned, manifest, options)
}

/** Goes on with a study that was stopped or killed. Throws a RecordProblem when there is nothing to go on with. */
export async function resumeStudy(options: ConductOptions): Promise<StudyResult> {
  const manifest = readStudyManifest(options.outDir)
  if (manifest.status === "complete")
    throw new RecordProblem(
      `the study in ${options.outDir} is complete: there is nothing to resume; its tables are in the folder`,
    )
  if (manifest.status === "part")
    throw new RecordProblem(
      `shard ${sayShard(manifest.shard!)} in ${options.outDir} has all its runs: merge it with the others by blackstart merge`,
    )
  const planned = planStudy(manifest.study)
  if (planned.code !== manifest.code)
    throw new RecordProblem(
      `${options.outDir} was begun with other rules (version ${manifest.version}, commit ${manifest.commit}), and one table must not mix them: go on with that version, or begin anew with --out`,
    )
  return conduct(planned, manifest, options)
}

const writeManifest = (dir: string, manifest: StudyManifest): void =>
  replaceFile(join(dir, STUDY_FILE), `${JSON.stringify(manifest, null, 1)}\n`)

/** The manifest of a study folder. Throws a RecordProblem when there is none, or it is damaged. */
export function readStudyManifest(dir: string): StudyManifest {
  const path = join(dir, STUDY_FILE)
  if (!existsSync(path))
    throw new RecordProblem(`${dir} is not a study folder: it has no ${STUDY_FILE}; name a folder that blackstart study wrote`)
  let data: StudyManifest
  try {
    data = JSON.parse(readFileSync(path, "utf8")) as StudyManifest
    if (typeof data !== "object" || data === null) throw new TypeError("no manifest")
  } catch {
    throw new RecordProblem(
      `${path} is damaged: it holds no study; restore it from a copy, or begin the study again: the cache still has its runs`,
    )
  }
  if (data.format !== STUDY_FORMAT)
    throw new RecordProblem(
      `${path} has format ${String(data.format)}, and this version reads ${STUDY_FORMAT}; use the version that wrote it`,
    )
  if (digest(canonical(data.study)) !== data.digest)
    throw new RecordProblem(
      `${path} was changed: its study is not the one that was begun; restore it, or begin a study of its own with --out`,
    )
  return data
}

async function conduct(planned: Planned, manifest: StudyManifest, options: ConductOptions): Promise<StudyResult> {
  const unlock = lockStudy(options.outDir)
  try {
    return await sit(planned, manifest, options)
  } finally {
    unlock()
  }
}

async function sit(planned: Planned, manifest: StudyManifest, options: ConductOptions): Promise<StudyResult> {
  const { study, models, design } = planned
  const { outDir, signal, onNote = () => {} } = options
  const began = performance.now()
  const measures = Object.keys(study.measure)
  const results = new Results(measures)
  const course = new Course(study, design, models)
  const cache = new Cache(options.cacheDir)
  const store = new Store({
    dir: outDir,
    measures,
    columns: (rows) => runColumns(planned, course, rows),
    ...(options.write === undefined ? {} : { write: options.write }),
  })
  const known = new Map<number, string>()
  let failed = 0
  const know = (row: Row): void => {
    results.set(row.run, row.values)
    if (row.failed !== undefined) {
      failed++
      known.set(row.run, row.failed)
    }
  }
  for (const note of await store.recover(know)) onNote(note)
  const recovered = results.count
  let [computed, work, synced] = [0, 0, performance.now()]
  const engine = options.engine(cache.pastDir)
  const cancel = (): void => engine.cancel()
  signal?.addEventListener("abort", cancel)

  const keep = async (run: number, key: string, result: JobResult): Promise<void> => {
    const row: Row =
      result.status === "done"
        ? { run, key, values: result.values, fingerprint: result.fingerprint }
        : { run, key, values: measures.map(() => null), fingerprint: "", failed: result.why }
    know(row)
    await store.add(row)
    if (performance.now() - synced > SYNC_EVERY_MS) {
      store.sync()
      synced = performance.now()
    }
    options.onProgress?.({ done: results.count, most: course.most, seconds: (performance.now() - began) / 1000 })
  }

  async function takeOver(folder: string): Promise<void> {
    const other = new Store({ dir: folder, measures, columns: () => [] })
    const rows: Row[] = []
    for (const note of await other.recover((row) => void rows.push(row))) onNote(note)
    other.release()
    for (const row of rows.filter((r) => !results.has(r.run))) {
      know(row)
      // oxlint-disable-next-line no-await-in-loop
      await store.add(row)
    }
  }

  const jobOf = (batch: Batch, k: number) => {
    const point = batch.points[k % batch.points.length]
    const seed = study.seeds.from + batch.from + Math.floor(k / batch.points.length)
    return models.get(point.base)!.job(point.values, design.responses.get(point.response) ?? [], seed)
  }

  const isOthers = (run: number): boolean => {
    if (manifest.shard === undefined) return false
    const [begin, end] = rangeOf(manifest.shard, course.most)
    return run < begin || run >= end
  }

  const runBatch = async (batch: Batch): Promise<void> => {
    // What the cache has is taken run by run, so that a study that is all in it does not pile up in memory.
    for (let k = 0; k < runsOf(batch) && signal?.aborted !== true; k++) {
      const run = batch.first + k
      if (results.has(run) || isOthers(run)) continue
      try {
        const key = keyOf(jobOf(batch, k))
        const result = cache.get(key)
        // oxlint-disable-next-line no-await-in-loop
        if (result !== undefined) await keep(run, key, result)
      } catch (error) {
        if (!(error instanceof ScenarioProblem)) throw error
        // Only a search comes here: its points are found on the way, and some do not fit together.
        // oxlint-disable-next-line no-await-in-loop
        await keep(run, "", { status: "failed", why: error.message })
      }
    }
    // Runs whose jobs are equal wait for the one under way: rounding makes equals of neighbours.
    const waiting = new Map<string, number[]>()
    const keys = new Map<number, string>()
    const ready: { readonly run: number; readonly key: string; readonly result: JobResult }[] = []
    function* tasks(): Generator<Task> {
      for (let k = 0; k < runsOf(batch); k++) {
        const run = batch.first + k
        if (results.has(run) || isOthers(run)) continue
        const job = jobOf(batch, k)
        const key = keyOf(job)
        const result = cache.get(key)
        if (result !== undefined) ready.push({ run, key, result })
        else if (waiting.has(key)) waiting.get(key)!.push(run)
        else {
          waiting.set(key, [])
          keys.set(run, key)
          yield { run, job }
        }
      }
    }
    const drain = async (): Promise<void> => {
      // oxlint-disable-next-line no-await-in-loop
      for (let r = ready.shift(); r !== undefined; r = ready.shift()) await keep(r.run, r.key, r.result)
    }
    for await (const { run, result, seconds } of engine.run(tasks())) {
      const key = keys.get(run)!
      const others = waiting.get(key)!
      keys.delete(run)
      computed++
      work += seconds
      if (result.status === "done") cache.put(key, result)
      await keep(run, key, result)
      for (const other of others) await keep(other, key, result)
      waiting.delete(key)
      await drain()
    }
    await drain()
  }

  try {
    try {
      for (let batch = course.next(results); batch !== undefined && signal?.aborted !== true; batch = course.next(results)) {
        // A part is written when it is whole, and its columns are those of a batch: so there must be one before others' runs are taken.
        // oxlint-disable-next-line no-await-in-loop
        if (course.batches.length === 1) for (const folder of options.from ?? []) await takeOver(folder)
        // oxlint-disable-next-line no-await-in-loop
        await runBatch(batch)
      }
      if (signal?.aborted === true) {
        store.sync()
        return finished("stopped", manifest)
      }
      const spent = {
        wall: Math.round(performance.now() - began) / 1000,
        work: Math.round(work * 1000) / 1000,
        runs: computed,
        by: engine.name,
      }
      if (manifest.shard !== undefined) {
        store.sync()
        const part: StudyManifest = {
          ...manifest,
          status: "part",
          runs: results.count,
          replicates: course.replicates,
          failed,
          spent,
        }
        writeManifest(outDir, part)
        return finished("part", part)
      }
      const parts = await store.finish()
      const analysis = analyse(planned, course, results)
      await writeStudyTables(outDir, planned, course, results, analysis, parts)
      const complete: StudyManifest = {
        ...manifest,
        status: "complete",
        runs: results.count,
        points: course.points.length,
        replicates: course.replicates,
        failed,
        analysis,
        spent,
      }
      writeManifest(outDir, complete)
      rmSync(join(outDir, "parts"), { recursive: true, force: true })
      for (const [run, why] of known) onNote(`run ${run} failed: ${why.split("\n")[0]}`)
      return finished("complete", complete)
    } finally {
      signal?.removeEventListener("abort", cancel)
      if (signal?.aborted !== true) await engine.close()
    }
  } catch (error) {
    engine.cancel()
    throw error
  } finally {
    store.release()
  }

  function finished(status: StudyResult["status"], m: StudyManifest): StudyResult {
    return {
      studyDir: outDir,
      status,
      runs: results.count,
      computed,
      recovered,
      cached: cache.found,
      failed,
      manifest: m,
    }
  }
}
