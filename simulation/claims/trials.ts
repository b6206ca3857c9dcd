/** Runs the jobs of a claim on an engine of studies, through the cache of studies, and keeps account of what was run. */
import { Cache } from "../study/cache.ts"
import { codeDigest } from "../study/code.ts"
import { readCourse, type Course } from "../study/course-job.ts"
import type { Engine, Task } from "../study/engine.ts"
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
  readonly #keys: string[] = []
  readonly #prints: string[] = []
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
    const cache = new Cache(this.#options.cacheDir)
    const keys = jobs.map(keyOf)
    const known = new Map<string, JobResult>()
    const tasks: Task[] = []
    const asked = new Set<string>()
    for (const [run, job] of jobs.entries()) {
      const key = keys[run]
      if (asked.has(key)) continue
      asked.add(key)
      const kept = cache.get(key)
      if (kept === undefined) tasks.push({ run, job })
      else known.set(key, kept)
    }
    this.#cached += known.size
    if (tasks.length > 0) {
      const engine = this.#options.engine(cache.pastDir)
      try {
        let done = 0
        for await (const { run, result, seconds } of engine.run(tasks)) {
          known.set(keys[run], result)
          this.#computed++
          this.#work += seconds
          if (result.status === "done") cache.put(keys[run], result)
          this.#options.onProgress?.(++done, tasks.length)
        }
      } finally {
        await engine.close()
      }
    }
    return keys.map((key, i) => {
      const result = known.get(key)!
      if (result.status === "failed") throw new Error(`run ${i + 1} of ${jobs.length} failed: ${result.why}`)
      this.#keys.push(key)
      this.#prints.push(result.fingerprint)
      return result.values
    })
  }

  get provenance(): Provenance {
    return {
      seedsFrom: this.#options.seedsFrom,
      seeds: this.#options.seeds,
      runs: new Set(this.#keys).size,
      failed: 0,
      code: this.code,
      jobs: digest(this.#keys.join("\n")),
      results: digest(this.#prints.join("\n")),
      computed: this.#computed,
      cached: this.#cached,
      seconds: (performance.now() - this.#began) / 1000,
      work: this.#work,
    }
  }
}
