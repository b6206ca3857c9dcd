/**
 * A runner: a process that takes jobs from PostgreSQL and runs them on threads of its own, so that its heartbeat never waits for a
 * simulation. Start as many as there are machines; each finds the others by the database alone.
 */
import * as NodeClusterSocket from "@effect/platform-node/NodeClusterSocket"
import * as RunnerAddress from "effect/cluster/RunnerAddress"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import type { Engine, Outcome } from "../engine.ts"
import { threadEngine } from "../engine-threads.ts"
import type { Job } from "../job.ts"
import { quiet } from "./quiet.ts"
import { assertReachable, readDatabaseUrl, sqlLayer, StudyJob, TIMES } from "./wire.ts"

export interface RunnerOptions {
  readonly database: string
  /** Where other runners reach it: its own name in their network. */
  readonly host: string
  readonly port: number
  readonly threads: number
  /** Where shared pasts of forks are kept; undefined: each is lived through by each thread. */
  readonly pastDir?: string
  /** Told after each job. */
  readonly onJob?: (done: number, seconds: number) => void
  /** Told once what went wrong and is being tried again. */
  readonly onNote?: (sentence: string) => void
}

/** Threads that take one job each; the next that is free takes the next job. */
class Crew {
  readonly #free: Engine[] = []
  readonly #all: Engine[] = []
  readonly #waiting: ((engine: Engine) => void)[] = []

  constructor(threads: number, pastDir: string | undefined) {
    for (let i = 0; i < threads; i++) this.#all.push(threadEngine(1, pastDir).begin())
    this.#free.push(...this.#all)
  }

  async run(job: Job): Promise<Outcome> {
    const engine = this.#free.pop() ?? (await new Promise<Engine>((take) => this.#waiting.push(take)))
    try {
      for await (const outcome of engine.run([{ run: 0, job }])) return outcome
      throw new Error("the runner is closing")
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#free.push(engine)
      else next(engine)
    }
  }

  close(): void {
    for (const engine of this.#all) engine.cancel()
  }
}

export interface RunningRunner {
  /** Jobs run since it began. */
  readonly done: () => number
  /** Gives its shards back and ends; jobs under way are run by others. */
  readonly stop: () => Promise<void>
  /** Resolves when it has ended, and rejects with what ended it. */
  readonly ended: Promise<void>
}

/** Starts one. Throws a RecordProblem when the URL is none, or its database does not answer. */
export async function startRunner(options: RunnerOptions): Promise<RunningRunner> {
  const url = readDatabaseUrl(options.database)
  await assertReachable(url)
  const crew = new Crew(options.threads, options.pastDir)
  let done = 0
  const handlers = StudyJob.toLayer(
    StudyJob.of({
      Run: ({ payload }) =>
        Effect.promise(() => crew.run(JSON.parse(payload.job) as Job)).pipe(
          Effect.map(({ result, seconds }) => {
            done++
            options.onJob?.(done, seconds)
            return { result: JSON.stringify(result), seconds }
          }),
        ),
    }),
    { maxIdleTime: "10 seconds" },
  )
  const cluster = NodeClusterSocket.layer({
    shardingConfig: {
      ...TIMES,
      runnerAddress: Option.some(RunnerAddress.make(options.host, options.port)),
      runnerShardWeight: options.threads,
    },
  }).pipe(Layer.provide(sqlLayer(url)))
  const program = Layer.launch(handlers.pipe(Layer.provide(cluster))).pipe(
    Effect.provide(Logger.layer([quiet(options.onNote ?? (() => {}))])),
  )
  const fiber = Effect.runFork(program)
  const ended = Effect.runPromise(Fiber.await(fiber)).then((exit) => {
    crew.close()
    if (Exit.isFailure(exit) && !Cause.hasInterruptsOnly(exit.cause)) throw new Error(Cause.pretty(exit.cause))
  })
  return { done: () => done, stop: () => Effect.runPromise(Fiber.interrupt(fiber)).then(() => ended), ended }
}
