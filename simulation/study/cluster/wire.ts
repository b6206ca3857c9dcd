/**
 * What a study and its runners say to each other over PostgreSQL: one entity a job, its key the message's own, so that a job asked for
 * twice is run once and answered twice. Every import of effect/cluster is in this folder: it is marked unstable.
 */
import * as PgClient from "@effect/sql-pg/PgClient"
import * as ClusterSchema from "effect/cluster/ClusterSchema"
import * as Entity from "effect/cluster/Entity"
import type { ShardingConfig } from "effect/cluster/ShardingConfig"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Rpc from "effect/rpc/Rpc"
import * as Schema from "effect/Schema"
import { RecordProblem } from "../../record/durable.ts"
import { codeDigest } from "../code.ts"

/** `job` and `result` are JSON as the other engines send it; `key` is the job's name for ever. */
export const RunJob = Rpc.make("Run", {
  payload: { key: Schema.String, job: Schema.String },
  success: Schema.Struct({ result: Schema.String, seconds: Schema.Finite }),
  primaryKey: ({ key }) => key,
}).annotate(ClusterSchema.Persisted, true)

/** Runners of other code are of another group, and never see these jobs: their figures would have this code's names. */
export const GROUP = codeDigest().slice(0, 16)

export const StudyJob = Entity.make("StudyJob", [RunJob]).annotate(ClusterSchema.ShardGroup, () => GROUP)

/**
 * Equal on every runner and driver, or they do not find each other. Times are far below the library's (35 s, 60 s, 10 s), which are for
 * services that live for months: a runner that was killed is known to be gone after `shardLockExpiration`.
 */
export const SHARDS = 120
export const TIMES: Partial<ShardingConfig["Service"]> = {
  availableShardGroups: [GROUP],
  assignedShardGroups: [GROUP],
  shardsPerGroup: SHARDS,
  shardLockRefreshInterval: "1 second",
  shardLockExpiration: "5 seconds",
  // A paused process keeps its connection, and with it an advisory lock for ever; a row in a table grows old.
  shardLockDisableAdvisory: true,
  runnerHealthCheckInterval: "2 seconds",
  refreshAssignmentsInterval: "1 second",
  runnerJoinDebounce: "500 millis",
  entityMessagePollInterval: "500 millis",
  entityReplyPollInterval: "200 millis",
  sendRetryInterval: "100 millis",
}

/** Throws a RecordProblem in one sentence when `url` names no PostgreSQL database. Its password is never in the sentence. */
export function readDatabaseUrl(url: string): URL {
  let parsed: URL
  try {
    parsed = new URL(url)
  } catch {
    throw new RecordProblem("the database is named by a URL, such as postgres://blackstart:SECRET@127.0.0.1:5432/blackstart")
  }
  if (!["postgres:", "postgresql:"].includes(parsed.protocol) || parsed.pathname.length < 2)
    throw new RecordProblem(
      `${parsed.protocol}//${parsed.host}${parsed.pathname} names no PostgreSQL database: it should be like postgres://blackstart:SECRET@127.0.0.1:5432/blackstart`,
    )
  return parsed
}

/** A few connections: what is said is short. */
export const sqlLayer = (url: URL) =>
  PgClient.layer({ url: Redacted.make(url.href), maxConnections: 6, connectTimeout: "5 seconds", applicationName: "blackstart" })

/** Throws a RecordProblem in one sentence, without its password, when no such database answers. */
export async function assertReachable(url: URL): Promise<void> {
  const asked = PgClient.PgClient.use((sql) => sql`select 1`).pipe(Effect.provide(sqlLayer(url)))
  try {
    await Effect.runPromise(asked)
  } catch (error) {
    let cause = error
    while (cause instanceof Error && cause.cause !== undefined) cause = cause.cause
    const why = cause instanceof Error ? cause.message.split("\n")[0] : "no reason given"
    throw new RecordProblem(
      `the database ${url.pathname.slice(1)} at ${url.host} does not answer as ${url.username === "" ? "nobody" : url.username}: ${why}; is it running, and are name and password right?`,
    )
  }
}
