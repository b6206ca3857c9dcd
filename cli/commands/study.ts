/** blackstart study: many runs of varied scenarios on all cores, estimates with intervals, what decides, and whether claims hold. */
import { existsSync } from "node:fs"
import { join } from "node:path"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"
import type { ConductOptions, StudyResult } from "../../simulation/study/conduct.ts"
import { does } from "../does.ts"
import { mistake } from "../failure.ts"
import { meter, silent } from "../progress.ts"
import { commit, version } from "../version.ts"
import { databaseOf } from "./runner.ts"

const INTERRUPTED = 130
const CACHE = "runs/cache"
const ENGINES = ["threads", "processes", "inline", "cluster"] as const

interface Input {
  readonly study: Option.Option<string>
  readonly out: Option.Option<string>
  readonly resume: Option.Option<string>
  readonly workers: Option.Option<number>
  readonly engine: (typeof ENGINES)[number]
  readonly database: Option.Option<string>
  readonly seeds: Option.Option<number>
  readonly shard: Option.Option<string>
  readonly cache: Option.Option<string>
  readonly keep: boolean
  readonly plan: boolean
  readonly report: boolean
  readonly json: boolean
}

export const study = Command.make(
  "study",
  {
    study: Argument.String("study").pipe(Argument.withDescription("A study: a .ts, .js or .json file"), Argument.optional),
    out: Flag.String("out").pipe(Flag.withDescription("The folder to record into"), Flag.optional),
    resume: Flag.String("resume").pipe(
      Flag.withDescription("Go on with a study that was stopped, instead of a file; no finished run is repeated"),
      Flag.optional,
    ),
    workers: Flag.Int("workers").pipe(Flag.withDescription("How many runs at one time, instead of one a core"), Flag.optional),
    engine: Flag.Literals("engine", ENGINES).pipe(
      Flag.withDescription(
        "Who runs: threads (the default), processes, inline (one after the other), or cluster (the runners at --database); the tables are the same",
      ),
      Flag.withDefault("threads" as const),
    ),
    database: Flag.String("database").pipe(
      Flag.withDescription("For --engine cluster: the PostgreSQL database where the runners are, instead of BLACKSTART_DATABASE"),
      Flag.optional,
    ),
    seeds: Flag.Int("seeds").pipe(Flag.withDescription("How many seeds, instead of the study's own number"), Flag.optional),
    shard: Flag.String("shard").pipe(
      Flag.withDescription("Only this part of the runs, such as 3/16: blackstart merge puts the parts together"),
      Flag.optional,
    ),
    cache: Flag.String("cache").pipe(
      Flag.withDescription(`Where results are kept for other studies, instead of ${CACHE}`),
      Flag.optional,
    ),
    keep: Flag.Boolean("keep").pipe(
      Flag.withDescription("Use and fill the cache: the default, and --no-keep does neither"),
      Flag.withDefault(true),
    ),
    plan: Flag.Boolean("plan").pipe(
      Flag.withDescription("Only check the study, and say how many runs it takes"),
      Flag.withDefault(false),
    ),
    report: Flag.Boolean("report").pipe(
      Flag.withDescription("Write the page: the default, and --no-report leaves it out"),
      Flag.withDefault(true),
    ),
    json: Flag.Boolean("json").pipe(
      Flag.withDescription("For programs: the last line is one JSON object"),
      Flag.withDefault(false),
    ),
  },
  does(conduct),
).pipe(
  Command.withDescription("Run a study: many seeds, many settings, one table"),
  Command.withExamples([
    {
      command: "blackstart study scenarios/studies/filecoin-outage-cost.json --out runs/cost",
      description: "Which parameter decides what an outage costs",
    },
    { command: "blackstart study --resume runs/cost", description: "Go on after Ctrl-C, a kill or a full disk" },
  ]),
)

async function conduct(input: Input): Promise<void> {
  const isResumed = Option.isSome(input.resume)
  if (
    isResumed &&
    [input.study, input.out, input.shard, input.seeds].some((given: Option.Option<unknown>) => Option.isSome(given))
  )
    mistake(
      `--resume ${input.resume.value}: a study goes on as it began, so no file, --out, --seeds or --shard may be given with it`,
    )
  if (Option.isSome(input.workers) && !(input.workers.value >= 1 && input.workers.value <= 1024))
    mistake(`--workers ${input.workers.value}: it must be a whole number from 1 to 1024`)
  if (!input.keep && Option.isSome(input.cache))
    mistake("--cache names a folder and --no-keep says to use none: give one of them")
  const { loadStudy, planStudy } = await import("../../simulation/study/load.ts")
  const { beginStudy, resumeStudy } = await import("../../simulation/study/conduct.ts")
  const { readShard } = await import("../../simulation/study/shard.ts")
  const shard = Option.isSome(input.shard) ? readShard(input.shard.value) : undefined
  const shown = input.json ? silent : meter()
  const stopping = new AbortController()
  const stop = (): void => {
    if (stopping.signal.aborted) process.exit(INTERRUPTED)
    stopping.abort()
  }
  const options = (outDir: string): Omit<ConductOptions, "engine"> => ({
    outDir,
    cacheDir: input.keep ? Option.getOrElse(input.cache, () => CACHE) : undefined,
    commit: commit(),
    version,
    command: `npx blackstart study ${Option.getOrElse(input.study, () => "")}${Option.isSome(input.seeds) ? ` --seeds ${input.seeds.value}` : ""}`,
    signal: stopping.signal,
    onProgress: ({ done, most, seconds }) =>
      shown.show({
        stage: "runs",
        atS: done,
        beginS: 0,
        endS: most,
        events: 0,
        seconds,
        said: `${done} of at most ${most} runs`,
      }),
    onNote: (sentence) => void process.stderr.write(`${sentence}\n`),
  })
  const engine = await engineOf(input)
  let result: StudyResult
  try {
    if (isResumed) {
      process.on("SIGINT", stop).on("SIGTERM", stop)
      result = await resumeStudy({ ...options(input.resume.value), engine })
    } else {
      const path = Option.getOrElse(input.study, () =>
        mistake(
          "blackstart study needs a study: name a file, such as scenarios/studies/filecoin-outage-cost.json, or --resume one",
        ),
      )
      const written = await loadStudy(path)
      const whole = Option.isSome(input.seeds)
        ? { ...written, seeds: { from: written.seeds.from, count: seedsOf(input.seeds.value) } }
        : written
      if (input.plan) {
        const { design } = planStudy(whole)
        const { Course } = await import("../../simulation/study/course.ts")
        const { most } = new Course(whole, design, new Map(Object.keys(whole.bases).map((b) => [b, undefined as never])))
        process.stdout.write(`${whole.question}\n${design.points.length} points, at most ${most} runs; nothing was run\n`)
        return
      }
      if (!input.json) process.stdout.write(`${whole.question}\n\n`)
      const outDir = Option.getOrElse(input.out, () => freeFolder(whole.name))
      process.on("SIGINT", stop).on("SIGTERM", stop)
      result = await beginStudy(whole, { ...options(outDir), engine, ...(shard === undefined ? {} : { shard }) })
    }
  } finally {
    shown.stop()
    process.off("SIGINT", stop).off("SIGTERM", stop)
  }
  if (result.status === "stopped") {
    process.stderr.write(
      `stopped after ${result.runs} runs; none of them is lost. Go on with: npx blackstart study --resume ${result.studyDir}\n`,
    )
    process.exitCode = INTERRUPTED
    return
  }
  if (result.status === "part") {
    const { shard: part, runs, question } = result.manifest
    if (input.json) process.stdout.write(`${JSON.stringify(result)}\n`)
    else
      process.stdout.write(
        `shard ${part!.index}/${part!.count} of "${question}": ${runs.toLocaleString("en-GB")} runs in ${result.studyDir}; put all shards together by npx blackstart merge FOLDER…\n`,
      )
    return
  }
  const { writeStudyReport } = await import("../../reports/study.ts")
  const page = input.report ? await writeStudyReport(result.studyDir) : undefined
  if (input.json) process.stdout.write(`${JSON.stringify({ ...result, reportPath: page ?? null })}\n`)
  else
    process.stdout.write(
      `${[...say(result), page === undefined ? `Recorded in ${result.studyDir}` : `Report: ${page}`].join("\n")}\n`,
    )
  if (result.failed > 0) process.exitCode = 1
}

const seedsOf = (n: number): number =>
  n >= 1 && n <= 100_000 ? n : mistake(`--seeds ${n}: it must be a whole number from 1 to 100000`)

async function engineOf(input: Input): Promise<ConductOptions["engine"]> {
  const { availableParallelism } = await import("node:os")
  const width = Option.getOrElse(input.workers, () => availableParallelism())
  if (input.engine === "inline") {
    const { inlineEngine } = await import("../../simulation/study/engine-inline.ts")
    return inlineEngine
  }
  if (input.engine === "processes") {
    const { processEngine } = await import("../../simulation/study/engine-processes.ts")
    return (pastDir) => processEngine(width, pastDir)
  }
  if (input.engine === "cluster") {
    const { clusterEngine } = await import("../../simulation/study/cluster/engine-cluster.ts")
    const database = databaseOf(input.database)
    const onNote = (sentence: string): void => void process.stderr.write(`${sentence}\n`)
    return () => clusterEngine({ database, onNote, ...(Option.isSome(input.workers) ? { inFlight: input.workers.value } : {}) })
  }
  const { threadEngine } = await import("../../simulation/study/engine-threads.ts")
  return (pastDir) => threadEngine(width, pastDir)
}

/** What it came to, in lines for people. */
export function say({ manifest: m, computed, recovered, cached, failed, runs }: StudyResult): readonly string[] {
  const { analysis, spent } = m
  const n = (x: number): string => x.toLocaleString("en-GB")
  const digits = (x: number | null): string => (x === null || x !== x ? "–" : String(Number(x.toPrecision(3))))
  const kept = [
    ...(recovered > 0 ? [`${n(recovered)} were in the folder`] : []),
    ...(cached > 0 ? [`${n(cached)} were in the cache`] : []),
    ...(failed > 0 ? [`${n(failed)} failed`] : []),
  ]
  const decided = (analysis?.deciders ?? []).map(({ measure, parameter, index, screened, base }) => {
    const where = Object.keys(m.study.bases).length > 1 ? ` (${base})` : ""
    return index === undefined
      ? `${measure}${where}: ${parameter} moves it by ${digits(screened!.muStar)} (${digits(screened!.muStarLow)} to ${digits(screened!.muStarHigh)}), σ ${digits(screened!.sigma)}`
      : `${measure}${where}: ${parameter} first ${digits(index.first)} (${digits(index.firstLow)} to ${digits(index.firstHigh)}), total ${digits(index.total)} (${digits(index.totalLow)} to ${digits(index.totalHigh)})`
  })
  return [
    ...decided,
    ...(analysis?.claims ?? []).map((c) => `${c.holds ? "holds" : "does not hold"}: ${c.claim}: ${c.figure}`),
    ...(analysis?.front.length ? [`${analysis.front.length} points that no other beats in every goal: see front.csv`] : []),
    ...(analysis?.precise === false ? ["the wanted precision was not reached within the seeds that were allowed"] : []),
    `${n(runs)} runs at ${n(m.points)} points, ${n(m.replicates)} seeds${kept.length === 0 ? "" : `; ${kept.join(", ")}`}; ${n(computed)} run now in ${spent!.wall.toFixed(1)} s by ${spent!.by}, ${spent!.work.toFixed(1)} s of work`,
  ]
}

export function freeFolder(name: string): string {
  for (let k = 1; ; k++) {
    const folder = join("runs", k === 1 ? name : `${name}-${k}`)
    if (!existsSync(folder)) return folder
  }
}
