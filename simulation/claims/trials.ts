/** Runs the jobs of a claim on an engine of studies, through the cache of studies, and keeps account of what was run. */
import { Cache } from "../study/cache.ts"
import { codeDigest } from "../study/code.ts"
import { readCourse, type Course } from "../study/course-job.ts"
import type { Engine, Outcome, Task } from "../study/engine.ts"
import { digest, keyOf, type CourseJob, type Job, type JobResult } from "../study/job.ts"
import type { Provenance } from "./claim.ts"

export type CourseAsk = Pick<CourseJob, "scenario" | "network"> & Partial<Pick<CourseJob, "metrics" | "nodes">>

export interface TrialOptions {
  readonly engine: (pastDir: string | undefined) => Engine
  readonly cacheDir: string | undefined
  readonly seedsFrom: number
  readonly seeds: number
  readonly onProgress?: (done: number, all: number) => void
}

/** Throws an Error that names the first run that failed, with its reason: a claim never rests on what could not be run. */
export class Trials {
  readonly code = codeDigest()
  readonly seeds: readonly number[]
  readonly #options: TrialOptions
  readonly #began = performance.now()
  /** What each run ended with, by its key. */
  readonly #prints = new Map<string, string>()
  #told = 0
  #expected = 0
  #computed = 0
  #cached = 0
  #work = 0

  constructor(options: TrialOptions) {
    this.#options = options
    this.seeds = Array.from({ length: options.seeds }, (_, i) => options.seedsFrom + i)
  }

  /** One course an ask, in their order. */
  async courses(asks: readonly CourseAsk[]): Promise<readonly Course[]> {
    const jobs = asks.map((ask): CourseJob => ({
      model: "course",
      code: this.code,
      metrics: [],
      nodes: [],
      ...ask,
      measure: {},
    }))
    const values = await this.values(jobs)
    return values.map((v, i) => readCourse(v, jobs[i]))
  }

  /** The values of each job, in their order; one that two asks share is run once. */
  async values(jobs: readonly Job[]): Promise<readonly (readonly (number | null)[])[]> {
    const keys = jobs.map(keyOf)
    const first = new Map(keys.map((key, run) => [key, run] as const).toReversed())
    const known = new Map<string, JobResult>()
    const tasks = [...first].toSorted(([, a], [, b]) => a - b).map(([, run]): Task => ({ run, job: jobs[run] }))
    this.expect(this.#told + tasks.length)
    const engine = this.engine()
    try {
      for await (const { run, result } of engine.run(tasks)) known.set(keys[run], result)
    } finally {
      await engine.close()
    }
    return keys.map((key, i) => {
      const result = known.get(key)
      if (result === undefined) throw new Error(`the engine was stopped before run ${i + 1} of ${jobs.length}`)
      if (result.status === "failed") throw new Error(`run ${i + 1} of ${jobs.length} failed: ${result.why}`)
      return result.values
    })
  }

  /** How many runs there will be in all, so that progress goes one way: what is said last and largest is told. */
  expect(all: number): void {
    this.#expected = Math.max(this.#expected, all)
  }
  get told(): number {
    return this.#told
  }

  /** The engine behind the cache, for runners that bring jobs of their own: what they run is counted and kept too. */
  engine(): Engine {
    const cache = new Cache(this.#options.cacheDir)
    const inner = this.#options.engine(cache.pastDir)
    const note = (key: string, { status, ...r }: JobResult, seconds?: number): void => {
      this.#prints.set(key, status === "done" && "fingerprint" in r ? r.fingerprint : "")
      if (seconds === undefined) this.#cached++
      else {
        this.#computed++
        this.#work += seconds
      }
      this.#told++
      this.#options.onProgress?.(this.#told, Math.max(this.#expected, this.#told))
    }
    async function* run(tasks: Iterable<Task>): AsyncGenerator<Outcome> {
      const fresh: Task[] = []
      for (const task of tasks) {
        const key = keyOf(task.job)
        const kept = cache.get(key)
        if (kept === undefined) fresh.push(task)
        else {
          note(key, kept)
          yield { run: task.run, result: kept, seconds: 0 }
        }
      }
      if (fresh.length === 0) return
      const keys = new Map(fresh.map((t) => [t.run, keyOf(t.job)]))
      for await (const outcome of inner.run(fresh)) {
        const key = keys.get(outcome.run)!
        note(key, outcome.result, outcome.seconds)
        if (outcome.result.status === "done") cache.put(key, outcome.result)
        yield outcome
      }
    }
    return { name: inner.name, width: inner.width, run, cancel: () => inner.cancel(), close: () => inner.close() }
  }

  get provenance(): Provenance {
    const keys = [...this.#prints.keys()].toSorted()
    return {
      seedsFrom: this.#options.seedsFrom,
      seeds: this.#options.seeds,
      runs: this.#prints.size,
      failed: 0,
      code: this.code,
      // In the order of the keys, so that it is one digest whoever was first.
      jobs: digest(keys.join("\n")),
      results: digest(keys.map((key) => this.#prints.get(key)!).join("\n")),
      computed: this.#computed,
      cached: this.#cached,
      seconds: (performance.now() - this.#began) / 1000,
      work: this.#work,
    }
  }
}
