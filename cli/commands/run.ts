/** blackstart run: plays a scenario, records it, and says what happened. */
import { existsSync } from "node:fs"
import { join, relative } from "node:path"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"
import type { RunOptions, RunResult } from "../../simulation/record/run.ts"
import { does } from "../does.ts"
import { mistake } from "../failure.ts"
import { meter, silent } from "../progress.ts"
import { commit, version } from "../version.ts"

const INTERRUPTED = 130
const TWICE_MS = 1000

/** What a run and its continuation are both given. */
type Options = Omit<RunOptions, "outDir" | "log" | "reproduce">

interface Input {
  readonly scenario: Option.Option<string>
  readonly seed: Option.Option<number>
  readonly nodes: Option.Option<number>
  readonly set: readonly string[]
  readonly until: Option.Option<string>
  readonly log: Option.Option<"full" | "epochs">
  readonly json: boolean
  readonly out: Option.Option<string>
  readonly report: boolean
  readonly resume: Option.Option<string>
}

export const run = Command.make(
  "run",
  {
    scenario: Argument.String("scenario").pipe(
      Argument.withDescription("A scenario or an incident record: a .ts, .js or .json file, or incident:ID of the library"),
      Argument.optional,
    ),
    seed: Flag.Int("seed").pipe(Flag.withDescription("All dice of the run, instead of the scenario's seed"), Flag.optional),
    nodes: Flag.Int("nodes").pipe(
      Flag.withDescription("Size of each network of 1,000 nodes or more; smaller ones keep theirs"),
      Flag.optional,
    ),
    set: Flag.String("set").pipe(Flag.withDescription("One parameter, as network.param=value; may be repeated"), Flag.atLeast(0)),
    until: Flag.String("until").pipe(
      Flag.withDescription("Stop sooner: a time such as 2025-11-18T12:00:00Z, or a span such as 3d or 36h"),
      Flag.optional,
    ),
    log: Flag.Literals("log", ["full", "epochs"]).pipe(
      Flag.withDescription("Keep every event, or one header an epoch (the default)"),
      Flag.optional,
    ),
    json: Flag.Boolean("json").pipe(
      Flag.withDescription("For programs: the last line is one JSON object"),
      Flag.withDefault(false),
    ),
    out: Flag.String("out").pipe(Flag.withDescription("The folder to record into"), Flag.optional),
    report: Flag.Boolean("report").pipe(
      Flag.withDescription("Write the report: the default, and --no-report leaves it out, with the twin and the sweep it needs"),
      Flag.withDefault(true),
    ),
    resume: Flag.String("resume").pipe(
      Flag.withDescription("Go on with a run that was stopped, instead of a scenario"),
      Flag.optional,
    ),
  },
  does((input: Input) => (Option.isSome(input.resume) ? goOn(input, input.resume.value) : begin(input))),
).pipe(
  Command.withDescription("Play a scenario and record it"),
  Command.withExamples([
    { command: "blackstart run scenarios/outages/cloudflare-2025-11-18.ts", description: "The flagship question" },
    {
      command: "blackstart run incident:rogers-2022-07-08",
      description: "An outage on record; blackstart library plays them all",
    },
    {
      command: "blackstart run my.json --nodes 1000 --set helium.witnessesMax=10 --until 36h",
      description: "A small variant of your own",
    },
  ]),
)

async function begin(input: Input): Promise<void> {
  const path = Option.getOrElse(input.scenario, () =>
    mistake(
      "blackstart run needs a scenario: name a file, such as scenarios/outages/cloudflare-2025-11-18.ts, or --resume a run",
    ),
  )
  const [{ loadScenario }, { override }, { resolve }] = await Promise.all([
    import("../../simulation/record/load.ts"),
    import("../../simulation/engine/override.ts"),
    import("../../simulation/engine/resolve.ts"),
  ])
  const overrides = {
    seed: Option.getOrUndefined(input.seed),
    nodes: Option.getOrUndefined(input.nodes),
    set: input.set,
    until: Option.getOrUndefined(input.until),
  }
  const { scenario, notes } = override(await loadScenario(path), overrides)
  const plan = resolve(scenario)
  const outDir = Option.isSome(input.out)
    ? unused(input.out.value)
    : freeFolder(`${scenario.name ?? "run"}-seed-${scenario.seed}`)
  if (!input.json) process.stdout.write([scenario.question, ...notes.map((note) => `  ${note}`), ""].join("\n"))
  const { startRun } = await import("../../simulation/record/run.ts")
  const log = Option.getOrElse(input.log, () => "epochs" as const)
  await play(input, (options) => startRun(scenario, plan, { ...options, outDir, log, reproduce: reproducing(path, input) }))
}

async function goOn(input: Input, runDir: string): Promise<void> {
  const given = [
    Option.isSome(input.scenario),
    Option.isSome(input.seed),
    Option.isSome(input.nodes),
    input.set.length > 0,
    Option.isSome(input.until),
    Option.isSome(input.log),
    Option.isSome(input.out),
  ]
  if (given.includes(true))
    mistake(
      `--resume ${runDir}: a run goes on as it began, so no scenario, --seed, --nodes, --set, --until, --log or --out may be given with it`,
    )
  const { resumeRun } = await import("../../simulation/record/run.ts")
  await play(input, (options) => resumeRun(runDir, options))
}

/** Runs it with a meter; the first Ctrl-C asks it to stop where it can be resumed, the second ends it at once. */
async function play(input: Input, start: (options: Options) => Promise<RunResult>): Promise<void> {
  const shown = input.json ? silent : meter()
  const stopping = new AbortController()
  let stoppedAt = 0
  const stop = (): void => {
    const isFirst = !stopping.signal.aborted
    // One Ctrl-C may arrive twice: from the terminal, and from a process that passes it on.
    if (!isFirst && performance.now() - stoppedAt > TWICE_MS) process.exit(INTERRUPTED)
    if (isFirst) stoppedAt = performance.now()
    stopping.abort()
  }
  process.on("SIGINT", stop).on("SIGTERM", stop)
  let result: RunResult
  try {
    result = await start({ onProgress: shown.show, signal: stopping.signal, commit: commit(), version, report: input.report })
  } finally {
    shown.stop()
    process.off("SIGINT", stop).off("SIGTERM", stop)
  }
  if (input.json) process.stdout.write(`${JSON.stringify(result)}\n`)
  else if (result.status === "complete") process.stdout.write(`${[...result.summary, ...closing(result)].join("\n")}\n`)
  if (result.status === "stopped") {
    process.stderr.write(
      `stopped after ${result.epochs} epochs; nothing recorded is lost. Go on with: npx blackstart run --resume ${result.runDir}\n`,
    )
    process.exitCode = INTERRUPTED
  }
}

const closing = ({ runDir, reportPath, events, epochs, seconds, logHash }: RunResult): readonly string[] => [
  `${events.toLocaleString("en-GB")} events in ${epochs.toLocaleString("en-GB")} epochs and ${seconds.toFixed(1)} s; log hash ${logHash.slice(0, 16)}. Verify it with: npx blackstart replay ${runDir}`,
  reportPath === null ? `Recorded in ${runDir}; write its report with: npx blackstart report ${runDir}` : `Report: ${reportPath}`,
]

/** The command that gives the same run again. */
function reproducing(path: string, input: Input): string {
  const flag = (name: string, value: Option.Option<unknown>): readonly string[] =>
    Option.isSome(value) ? [`--${name} ${String(value.value)}`] : []
  const quoted = (word: string): string => (/^[\w./:=+@-]+$/u.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)
  return [
    "npx blackstart run",
    quoted(path),
    ...flag("seed", input.seed),
    ...flag("nodes", input.nodes),
    ...input.set.map((s) => `--set ${quoted(s)}`),
    ...flag("until", input.until),
  ].join(" ")
}

/** A folder named on the command line: never one that holds a run, because nothing recorded is overwritten. */
function unused(folder: string): string {
  if (existsSync(join(folder, "run.json")))
    mistake(`--out ${folder}: there is a run in it already; name another folder, or go on with it by --resume ${folder}`)
  return folder
}

function freeFolder(name: string): string {
  const base = relative(process.cwd(), join(process.cwd(), "runs", name))
  for (let n = 1; ; n++) {
    const folder = n === 1 ? base : `${base}-${n}`
    if (!existsSync(folder)) return folder
  }
}
