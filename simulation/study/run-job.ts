/** Runs one job. What is kept between two jobs (places of nodes, a shared past) saves time and changes no result. */
import { existsSync, renameSync, rmSync } from "node:fs"
import { join } from "node:path"
import { threadId } from "node:worker_threads"
import { readSupplyHistory } from "../../protocol/boundary/supply-history.ts"
import { ScenarioProblem } from "../../protocol/boundary/problem.ts"
import { BrokenPromise } from "../../protocol/kernel/invariant.ts"
import { saveTables } from "../../protocol/kernel/snapshot.ts"
import { supplyViews, type ObservedDay, type OutlookName } from "../../protocol/networks/index.ts"
import type { Plan } from "../engine/plan.ts"
import { resolve } from "../engine/resolve.ts"
import { Simulation, type Environment } from "../engine/simulation.ts"
import { playJob } from "../adversary/job.ts"
import { readCheckpoint, restore, take, writeCheckpoint, type Checkpoint } from "../record/checkpoint.ts"
import { environment } from "../record/environment.ts"
import { courseOf } from "./course-job.ts"
import { canonical, digest, type CourseJob, type Done, type Job, type JobResult, type NetworkJob, type SupplyJob } from "./job.ts"
import { measureRun } from "./measure-run.ts"
import { historyText } from "./history.ts"

/** A shared past is a few megabytes; jobs come seed by seed, so one more than the bases of a study is never needed. */
const PASTS_KEPT = 4

/** Runs jobs one after the other, on whatever thread it was made on. */
export class Runner {
  readonly #pastDir: string | undefined
  readonly #pasts = new Map<string, Checkpoint>()
  #env: Environment | undefined
  #envSeed = -1
  /** Pasts of the supply, by what they follow from: drivers vary from today on. */
  readonly #outlooks = new Map<string, ReturnType<typeof supplyViews.filecoin.prepareOutlook>>()
  #history: { readonly digest: string; readonly rows: readonly ObservedDay[] } | undefined

  /** Shared pasts are kept in `pastDir` for other workers too, where it is given. */
  constructor(pastDir?: string) {
    this.#pastDir = pastDir
  }

  /** Never throws: what went wrong is the result. */
  run(job: Job): JobResult {
    try {
      if (job.model === "course") return this.#course(job)
      if (job.model === "adversary") return told(playJob(job))
      return job.model === "network" ? this.#network(job) : this.#supply(job)
    } catch (cause) {
      if (cause instanceof BrokenPromise || cause instanceof ScenarioProblem) return { status: "failed", why: cause.message }
      return { status: "failed", why: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) }
    }
  }

  /** Places are sampled once a seed: jobs of one seed come together, and memory holds those of one. */
  #environment(seed: number): Environment {
    if (this.#env === undefined || this.#envSeed !== seed) {
      this.#env = { ...environment(), chained: false }
      this.#envSeed = seed
    }
    return this.#env
  }

  #network(job: NetworkJob): Done {
    const plan = resolve(job.scenario)
    const env = this.#environment(plan.seed)
    const sim = new Simulation(plan, env)
    if (job.fork !== undefined) restore(sim, this.#past(job, plan, env))
    while (!sim.done) sim.tick()
    return {
      status: "done",
      values: measureRun(sim, job.measure).map(plain),
      fingerprint: digest(saveTables(sim.savedTables())),
    }
  }

  #course(job: CourseJob): Done {
    const plan = resolve(job.scenario)
    const sim = new Simulation(plan, this.#environment(plan.seed))
    while (!sim.done) sim.tick()
    const values = courseOf(sim, job)
    return { status: "done", values: values.map(plain), fingerprint: digest(saveTables(sim.savedTables())) }
  }

  /** The run as it stands at the last epoch's end by the fork. Nothing that varies has happened by then. */
  #past({ fork }: NetworkJob, plan: Plan, env: Environment): Checkpoint {
    const { atS, history } = fork!
    let past = this.#pasts.get(history)
    const path = this.#pastDir === undefined ? undefined : join(this.#pastDir, `${history}.bin`)
    if (past === undefined && path !== undefined && existsSync(path)) {
      try {
        past = readCheckpoint(path)
      } catch {
        // Damaged: lived through again, and replaced.
      }
    }
    if (past === undefined) {
      const sim = new Simulation(plan, env)
      while (!sim.done && sim.nextEndS <= atS) sim.tick()
      past = take(sim, { events: 0, chain: 0 }, 0)
      if (path !== undefined) {
        // Two workers may write the same bytes at once, so each has a name of its own until they are whole.
        const own = `${path}.${process.pid}-${threadId}`
        try {
          writeCheckpoint(own, past)
          renameSync(own, path)
        } catch {
          // A past saves time and changes no result: a disk that refuses it fails no run.
          if (existsSync(own)) rmSync(own, { force: true })
        }
      }
    }
    keepLast(this.#pasts, history, past)
    return past
  }

  #supply(job: SupplyJob): Done {
    if (this.#history === undefined) {
      const text = historyText()
      this.#history = { digest: digest(text), rows: readSupplyHistory(text, "the bundled series", supplyViews.filecoin.firstDay) }
    }
    if (this.#history.digest !== job.history) return refuseHistory()
    const { rows } = this.#history
    const { years } = job.scenario
    const key = canonical({ years, params: job.params })
    const past = this.#outlooks.get(key) ?? supplyViews.filecoin.prepareOutlook(rows, job.params, years)
    keepLast(this.#outlooks, key, past)
    const outlook = supplyViews.filecoin.runOutlook(rows, job.scenario, job.params, past)
    const values = Object.values(job.measure).map((m) => {
      if (m.of !== "metric") return NaN
      // Of one run, its own days are every quantile.
      const days = outlook.series[m.metric.slice("supply.".length) as OutlookName].p50
      let figure = days[days.length - 1]
      if (m.figure === "last") return figure
      let sum = 0
      for (const x of days) {
        figure = m.figure === "highest" ? Math.max(figure, x) : Math.min(figure, x)
        sum += x
      }
      return m.figure === "mean" ? sum / days.length : figure
    })
    return told(values)
  }
}

/** Keeps what was used last, and lets go what was not used for longest. */
function keepLast<T>(kept: Map<string, T>, key: string, value: T): void {
  kept.delete(key)
  kept.set(key, value)
  if (kept.size > PASTS_KEPT) kept.delete(kept.keys().next().value!)
}

/** A result whose figures are all there is. */
const told = (values: readonly number[]): Done => ({
  status: "done",
  values: values.map(plain),
  fingerprint: digest(new Uint8Array(Float64Array.from(values).buffer)),
})

const plain = (x: number): number | null => (x === x ? x : null)

function refuseHistory(): never {
  throw new ScenarioProblem("the observed series here is another than the study's: use the same version on every machine")
}
