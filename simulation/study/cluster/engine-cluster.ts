/** An engine over runners that meet in a PostgreSQL database, on this machine or on others. */
import * as NodeClusterSocket from "@effect/platform-node/NodeClusterSocket"
import * as EntityId from "effect/cluster/EntityId"
import * as RunnerStorage from "effect/cluster/RunnerStorage"
import * as Sharding from "effect/cluster/Sharding"
import * as ShardingConfig from "effect/cluster/ShardingConfig"
import * as SqlRunnerStorage from "effect/cluster/SqlRunnerStorage"
import type * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Option from "effect/Option"
import type { Engine, Outcome, Task } from "../engine.ts"
import { keyOf, type JobResult } from "../job.ts"
import { Dealer } from "./dealer.ts"
import { quiet } from "./quiet.ts"
import { assertReachable, GROUP, readDatabaseUrl, SHARDS, sqlLayer, StudyJob, TIMES } from "./wire.ts"

export interface ClusterOptions {
  readonly database: string
  /** Jobs that are asked for at one time, at most; fewer when they are long or threads are few. */
  readonly inFlight?: number
  readonly onNote?: (sentence: string) => void
}

const IN_FLIGHT = 1024
/** After so long without an answer a person should know that nobody may be there. */
const LONELY_MS = 15_000
const AGAIN_MS = 1000
/** How often it is asked who is there. */
const ROLL_CALL_MS = 1000
/** Names tried for an entity of a wanted shard; one in SHARDS fits. */
const SALTS = 100 * SHARDS

/** Throws a RecordProblem when the URL is none. */
export function clusterEngine({ database, inFlight = IN_FLIGHT, onNote = () => {} }: ClusterOptions): Engine {
  const url = readDatabaseUrl(database)
  const config = { ...TIMES, runnerAddress: Option.none() }
  const client = Layer.merge(
    NodeClusterSocket.layer({ clientOnly: true, shardingConfig: config }),
    SqlRunnerStorage.layer.pipe(Layer.provide(ShardingConfig.layer(config))),
  ).pipe(Layer.provide(sqlLayer(url)), Layer.provideMerge(Logger.layer([quiet(onNote)])))
  const runtime = ManagedRuntime.make(client)
  const stop = new AbortController()

  const ask = async (entity: Client, { run, job }: Task, idOf: (key: string) => string): Promise<Outcome> => {
    const key = keyOf(job)
    const text = JSON.stringify(job)
    const id = idOf(key)
    // A database or a runner that goes away comes back: the question is asked again, and an answer that was given is kept.
    for (;;) {
      try {
        // oxlint-disable-next-line no-await-in-loop
        const { result, seconds } = await runtime.runPromise(entity(id).Run({ key, job: text }), { signal: stop.signal })
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
      const { getShardId } = await runtime.runPromise(Sharding.Sharding)
      const dealer = new Dealer(SHARDS)
      const runnersNow = RunnerStorage.RunnerStorage.use((storage) => storage.getRunners)
      const rollCall = async (): Promise<void> => {
        const listed = await runtime.runPromise(runnersNow, { signal: stop.signal })
        dealer.runners(
          listed.flatMap(([{ address, groups, weight }, isHealthy]) =>
            isHealthy && groups.includes(GROUP) ? [{ host: address.host, port: address.port, weight }] : [],
          ),
        )
      }
      await rollCall()
      const from = tasks[Symbol.iterator]()
      const ready: Outcome[] = []
      let [asked, isDry] = [0, false]
      let failure: unknown
      let wake: () => void = () => {}
      const wakeUp = (): void => wake()
      const lonely = (): NodeJS.Timeout =>
        setInterval(
          () =>
            onNote(
              `no run has come back for ${LONELY_MS / 1000} s: is a runner of this version there? blackstart runner starts one`,
            ),
          LONELY_MS,
        )
      let silence = lonely()
      // A database that is away says so through the jobs.
      const calls = setInterval(() => void rollCall().then(wakeUp, () => {}), ROLL_CALL_MS)
      const fill = (): void => {
        while (asked < inFlight && dealer.hasRoom && !isDry) {
          const { done, value } = from.next()
          if (done === true) {
            isDry = true
            break
          }
          asked++
          const shard = dealer.take()
          let seconds: number | undefined
          ask(entity, value, (key) => entityOf(key, (id) => getShardId(EntityId.make(id), GROUP).id === shard + 1))
            .then(
              (outcome) => {
                ready.push(outcome)
                seconds = outcome.seconds
                clearInterval(silence)
                silence = lonely()
              },
              (error: unknown) => (failure = error),
            )
            .finally(() => {
              asked--
              dealer.back(shard, seconds)
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
        clearInterval(calls)
      }
    },
    cancel: () => {
      stop.abort()
      void runtime.dispose()
    },
    close: () => runtime.dispose(),
  }
}

/** A name, made of the job's key, that the cluster's hash puts where the job is wanted; the last one tried when none does. */
function entityOf(key: string, fits: (id: string) => boolean): string {
  let id = key
  for (let salt = 0; salt < SALTS && !fits(id); salt++) id = `${salt}-${key}`
  return id
}

type Client = Effect.Success<typeof StudyJob.client>

const firstLine = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split("\n")[0]
