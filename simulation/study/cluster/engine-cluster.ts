/** An engine over runners that meet in a PostgreSQL database, on this machine or on others. */
import * as NodeClusterSocket from "@effect/platform-node/NodeClusterSocket"
import type * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Option from "effect/Option"
import type { Engine, Outcome, Task } from "../engine.ts"
import { keyOf, type JobResult } from "../job.ts"
import { quiet } from "./quiet.ts"
import { assertReachable, readDatabaseUrl, sqlLayer, StudyJob, TIMES } from "./wire.ts"

export interface ClusterOptions {
  readonly database: string
  /** Jobs that are asked for at one time: enough for every runner, few enough to hold in memory. */
  readonly inFlight?: number
  readonly onNote?: (sentence: string) => void
}

const IN_FLIGHT = 256
/** After so long without an answer a person should know that nobody may be there. */
const LONELY_MS = 15_000
const AGAIN_MS = 1000

/** Throws a RecordProblem when the URL is none. */
export function clusterEngine({ database, inFlight = IN_FLIGHT, onNote = () => {} }: ClusterOptions): Engine {
  const url = readDatabaseUrl(database)
  const client = NodeClusterSocket.layer({
    clientOnly: true,
    shardingConfig: { ...TIMES, runnerAddress: Option.none() },
  }).pipe(Layer.provide(sqlLayer(url)), Layer.provideMerge(Logger.layer([quiet(onNote)])))
  const runtime = ManagedRuntime.make(client)
  const stop = new AbortController()

  const ask = async (entity: Client, { run, job }: Task): Promise<Outcome> => {
    const key = keyOf(job)
    const text = JSON.stringify(job)
    // A database or a runner that goes away comes back: the question is asked again, and an answer that was given is kept.
    for (;;) {
      try {
        // oxlint-disable-next-line no-await-in-loop
        const { result, seconds } = await runtime.runPromise(entity(key).Run({ key, job: text }), { signal: stop.signal })
        return { run, result: JSON.parse(result) as JobResult, seconds }
      } catch (error) {
        if (stop.signal.aborted) throw error
        onNote(`a job is asked for again: ${firstLine(error)}`)
        // oxlint-disable-next-line no-await-in-loop
        await new Promise((wake) => setTimeout(wake, AGAIN_MS))
      }
    }
  }

  return {
    name: `runners at ${url.host}`,
    width: inFlight,
    async *run(tasks: Iterable<Task>): AsyncGenerator<Outcome> {
      await assertReachable(url)
      const entity = await runtime.runPromise(StudyJob.client)
      const from = tasks[Symbol.iterator]()
      const ready: Outcome[] = []
      let [asked, isDry] = [0, false]
      let failure: unknown
      let wake: () => void = () => {}
      const lonely = (): NodeJS.Timeout =>
        setInterval(
          () =>
            onNote(
              `no run has come back for ${LONELY_MS / 1000} s: is a runner of this version there? blackstart runner starts one`,
            ),
          LONELY_MS,
        )
      let silence = lonely()
      const fill = (): void => {
        while (asked < inFlight && !isDry) {
          const { done, value } = from.next()
          if (done === true) {
            isDry = true
            break
          }
          asked++
          ask(entity, value)
            .then(
              (outcome) => {
                ready.push(outcome)
                clearInterval(silence)
                silence = lonely()
              },
              (error: unknown) => (failure = error),
            )
            .finally(() => {
              asked--
              wake()
            })
        }
      }
      try {
        for (;;) {
          if (stop.signal.aborted) return
          if (failure !== undefined) throw failure
          while (ready.length > 0) yield ready.shift()!
          fill()
          if (asked === 0 && ready.length === 0 && isDry) return
          // oxlint-disable-next-line no-await-in-loop
          if (ready.length === 0) await new Promise<void>((woken) => (wake = woken))
        }
      } finally {
        clearInterval(silence)
      }
    },
    cancel: () => {
      stop.abort()
      void runtime.dispose()
    },
    close: () => runtime.dispose(),
  }
}

type Client = Effect.Success<typeof StudyJob.client>

const firstLine = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split("\n")[0]
