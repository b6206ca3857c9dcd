/** Runs a plan into a folder: chain, checkpoints, tables, twin, sweep, report. What is acknowledged survives kill -9. */
import { mkdirSync, readdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import type { Scenario } from "../../protocol/boundary/scenario.ts"
import { writeReport } from "../../reports/report.ts"
import type { Plan } from "../engine/plan.ts"
import { resolve } from "../engine/resolve.ts"
import { Simulation } from "../engine/simulation.ts"
import { readCheckpoint, restore, take, writeCheckpoint, type Checkpoint } from "./checkpoint.ts"
import { judge, type ClaimResult } from "./claims.ts"
import { compare } from "./comparison.ts"
import { explainFailure, RecordProblem } from "./durable.ts"
import { environment } from "./environment.ts"
import { LogWriter } from "./log-file.ts"
import { manifestOf, readManifest, refusalsOf, writeManifest, type Manifest } from "./manifest.ts"
import { measureAll, type NetworkResult } from "./measure.ts"
import { summarise } from "./summary.ts"
import { reading } from "./reading.ts"
import { writeSweep, writeTables } from "./tables.ts"
import { runSweep, runTwin, type Variant } from "./variants.ts"

export const CHECKPOINT_FILE = "checkpoint.bin"
export const FORK_FILE = "before-onset.bin"
/** A checkpoint costs milliseconds; losing this much work to a power cut is no loss. */
const CHECKPOINT_EVERY_MS = 5000
/** How long the loop may hold the event loop before a signal can be heard. */
const BREATH_MS = 40
/** Variants fork this long before onset, where epochs allow. */
const FORK_BEFORE_S = 600

export interface Progress {
  readonly stage: string
  readonly epoch: number
  readonly atS: number
  readonly beginS: number
  readonly endS: number
  readonly events: number
  /** Wall seconds of this stage. */
  readonly seconds: number
}

export interface RunOptions {
  readonly outDir: string
  readonly log: "full" | "epochs"
  readonly commit: string
  readonly version: string
  /** The line that runs it again. */
  readonly reproduce: string
  readonly report: boolean
  readonly onProgress?: (p: Progress) => void
  readonly signal?: AbortSignal
  /** Wall milliseconds between two checkpoints; tests ask for more of them. */
  readonly checkpointEveryMs?: number
}

export interface RunResult {
  readonly runDir: string
  readonly reportPath: string | null
  readonly events: number
  readonly epochs: number
  readonly seconds: number
  readonly logHash: string
  readonly stateHash: string
  readonly status: "complete" | "stopped"
  readonly results: readonly NetworkResult[]
  readonly claims: readonly ClaimResult[]
  readonly summary: readonly string[]
}

/** Starts a run in `outDir`, which must be new or empty. Throws a RecordProblem, or BrokenPromise where a promise broke. */
export async function startRun(scenario: Scenario, plan: Plan, options: RunOptions): Promise<RunResult> {
  const { outDir } = options
  try {
    mkdirSync(outDir, { recursive: true })
    if (readdirSync(outDir).length > 0)
      throw new RecordProblem(
        `${outDir} is not empty: choose a new folder with --out, or go on with a stopped run by --resume ${outDir}`,
      )
  } catch (error) {
    throw error instanceof RecordProblem ? error : explainFailure(error, "make the run folder", outDir)
  }
  const manifest = manifestOf(scenario, plan, {
    commit: options.commit,
    version: options.version,
    command: options.reproduce,
    log: options.log,
  })
  writeManifest(outDir, manifest)
  return new Running(outDir, scenario, plan, manifest, options).go(undefined)
}

/** Goes on with a stopped or killed run from its last checkpoint. A complete run is only reported again. */
export async function resumeRun(runDir: string, options: Omit<RunOptions, "outDir" | "log" | "reproduce">): Promise<RunResult> {
  const manifest = readManifest(runDir)
  const { scenario } = manifest
  const checkpoint = readCheckpoint(join(runDir, CHECKPOINT_FILE))
  if (manifest.status === "complete")
    throw new RecordProblem(
      `the run in ${runDir} is complete: there is nothing to resume; replay verifies it, report writes its page again`,
    )
  // From here on the log grows past what a stopped run's manifest says.
  const running: Manifest = { ...manifest, status: "running" }
  writeManifest(runDir, running)
  return new Running(runDir, scenario, resolve(scenario), running, {
    ...options,
    outDir: runDir,
    log: manifest.log,
    reproduce: manifest.command,
  }).go(checkpoint)
}

/** Somebody asked to stop while the twin or a variant was worked out. */
class Interrupted extends Error {}

class Running {
  readonly #dir: string
  readonly #scenario: Scenario
  readonly #plan: Plan
  readonly #options: RunOptions
  #manifest: Manifest
  #stage = "simulating"
  /** True once the run itself is over and its twin and variants are worked out. */
  #isAfter = false
  #breath = performance.now()
  #fork: Checkpoint | undefined

  constructor(dir: string, scenario: Scenario, plan: Plan, manifest: Manifest, options: RunOptions) {
    this.#dir = dir
    this.#scenario = scenario
    this.#plan = plan
    this.#manifest = manifest
    this.#options = options
  }

  async go(from: Checkpoint | undefined): Promise<RunResult> {
    const began = performance.now()
    const before = from?.meta.seconds ?? 0
    const elapsed = (): number => before + (performance.now() - began) / 1000
    const writer = new LogWriter(this.#dir, this.#options.log === "full", from?.meta.offsets)
    const env = environment({ sink: writer, reproduce: this.#options.reproduce })
    const sim = new Simulation(this.#plan, env)
    if (from !== undefined) restore(sim, from)
    this.#fork = readCheckpoint(join(this.#dir, FORK_FILE))
    const everyMs = this.#options.checkpointEveryMs ?? CHECKPOINT_EVERY_MS
    let saved = performance.now()
    const save = (): void => {
      writer.sync()
      writeCheckpoint(join(this.#dir, CHECKPOINT_FILE), take(sim, writer.offsets, elapsed()))
      saved = performance.now()
    }
    let stateHash = ""
    try {
      while (!sim.done) {
        this.#takeFork(sim, writer)
        const { header } = sim.tick()
        writer.close(header!)
        stateHash = header!.state
        // None is taken at the very end: a run that goes on has an epoch left to learn its state hash from.
        if (!sim.done && performance.now() - saved > everyMs) save()
        await this.#breathe(() => this.#report(sim, elapsed() - before))
        if (this.#options.signal?.aborted === true && !sim.done) {
          save()
          return this.#stop(sim, stateHash, elapsed())
        }
      }
      writer.sync()
    } finally {
      writer.end()
    }
    this.#report(sim, elapsed() - before)
    try {
      return await this.#finish(sim, env, stateHash, elapsed)
    } catch (error) {
      // What was simulated is recorded; what comes after it is worked out again from the last checkpoint.
      if (error instanceof Interrupted) return this.#stop(sim, stateHash, elapsed())
      throw error
    }
  }

  /** Keeps the state as it was before onset: every variant starts from it, and so may anybody's own fork. */
  #takeFork(sim: Simulation, writer: LogWriter): void {
    const w = this.#plan.windowS
    if (w === undefined || this.#fork !== undefined || sim.epoch === 0) return
    if (sim.atS > w.from || (sim.atS < w.from - FORK_BEFORE_S && sim.nextEndS <= w.from)) return
    this.#fork = take(sim, writer.offsets, 0)
    writeCheckpoint(join(this.#dir, FORK_FILE), this.#fork)
  }

  async #finish(
    sim: Simulation,
    env: ReturnType<typeof environment>,
    stateHash: string,
    elapsed: () => number,
  ): Promise<RunResult> {
    const results = sim.networks.map((n) => measureAll(n, this.#plan.windowS))
    const seconds = elapsed()
    const bare = {
      ...this.#manifest,
      ...this.#outcome(sim, stateHash, seconds, results),
      claims: judge(this.#scenario, this.#plan, results, reading(sim.networks)),
      ...compare(this.#scenario, this.#plan, sim),
    }
    let twin: Simulation | undefined
    let variants: readonly Variant[] = []
    this.#isAfter = true
    if (this.#fork !== undefined && this.#plan.timeline.length > 0 && this.#options.report) {
      this.#stage = "the same without the incident"
      twin = await runTwin(this.#plan, env, this.#fork, (going) =>
        this.#breathe(() =>
          this.#advance(going.atS - this.#fork!.meta.atS, this.#plan.endS - this.#fork!.meta.atS, elapsed() - seconds),
        ),
      )
      this.#stage = "what was not published"
      if (this.#plan.windowS !== undefined && (this.#scenario.sweep ?? []).length > 0)
        await writeSweep(
          this.#dir,
          (variants = await runSweep(
            this.#scenario,
            this.#plan,
            env,
            this.#fork,
            () => this.#breathe(() => {}),
            (done, all) => this.#advance(done, all, elapsed() - seconds),
          )),
        )
    }
    await writeTables(this.#dir, sim, twin)
    this.#manifest = { ...bare, status: "complete", summary: summarise(bare, sim, twin, variants) }
    writeManifest(this.#dir, this.#manifest)
    rmSync(join(this.#dir, CHECKPOINT_FILE), { force: true })
    const reportPath = this.#options.report ? (await writeReport(this.#dir)).reportPath : null
    return this.#result("complete", reportPath)
  }

  #stop(sim: Simulation, stateHash: string, seconds: number): RunResult {
    this.#manifest = { ...this.#manifest, ...this.#outcome(sim, stateHash, seconds, []), status: "stopped" }
    writeManifest(this.#dir, this.#manifest)
    return this.#result("stopped", null)
  }

  #outcome(sim: Simulation, stateHash: string, seconds: number, results: readonly NetworkResult[]) {
    const { log } = sim
    return {
      events: log.rows,
      epochs: sim.epoch,
      seconds: Math.round(seconds * 1000) / 1000,
      logHash: Buffer.from(log.hash).toString("hex"),
      stateHash,
      results,
      refusals: refusalsOf(sim),
      invariants: sim.networks.flatMap((n) =>
        Object.keys(n.network.invariants).map((name) => ({ name: `${n.name}.${name}`, checks: sim.epoch, failures: 0 })),
      ),
    }
  }

  #result(status: "complete" | "stopped", reportPath: string | null): RunResult {
    const { events, epochs, seconds, logHash, stateHash, results, claims, summary } = this.#manifest
    return { runDir: this.#dir, reportPath, events, epochs, seconds, logHash, stateHash, status, results, claims, summary }
  }

  #report(sim: Simulation, seconds: number): void {
    this.#options.onProgress?.({
      stage: this.#stage,
      epoch: sim.epoch,
      atS: sim.atS,
      beginS: this.#plan.beginS,
      endS: this.#plan.endS,
      events: sim.log.rows,
      seconds,
    })
  }

  /** Progress of what comes after the run itself: no events of its own are recorded. */
  #advance(done: number, all: number, seconds: number): void {
    this.#options.onProgress?.({ stage: this.#stage, epoch: 0, atS: done, beginS: 0, endS: all, events: 0, seconds })
  }

  /** Lets signals and the progress bar in, now and then. */
  async #breathe(show: () => void): Promise<void> {
    if (performance.now() - this.#breath < BREATH_MS) return
    show()
    await new Promise((next) => setImmediate(next))
    this.#breath = performance.now()
    if (this.#isAfter && this.#options.signal?.aborted === true) throw new Interrupted()
  }
}

export { inspectRun } from "./inspect.ts"
export { replayRun } from "./replay.ts"
