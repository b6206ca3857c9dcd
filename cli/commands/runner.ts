/** blackstart runner: takes runs of studies from a PostgreSQL database, on this machine, for as long as it is left running. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"
import { does } from "../does.ts"
import { mistake } from "../failure.ts"

const PORT_MAX = 65_535

interface Input {
  readonly database: Option.Option<string>
  readonly host: string
  readonly port: number
  readonly threads: Option.Option<number>
}

/** The environment says it where a command line would show it to others. */
export const databaseOf = (given: Option.Option<string>): string =>
  Option.getOrElse(
    given,
    () =>
      process.env["BLACKSTART_DATABASE"] ??
      mistake(
        "which database? Give --database postgres://blackstart:SECRET@127.0.0.1:5432/blackstart, or set BLACKSTART_DATABASE; docs/guides/sweeps.md starts one in five commands",
      ),
  )

export const runner = Command.make(
  "runner",
  {
    database: Flag.String("database").pipe(
      Flag.withDescription("The PostgreSQL database where studies and runners meet, instead of BLACKSTART_DATABASE"),
      Flag.optional,
    ),
    host: Flag.String("host").pipe(
      Flag.withDescription("The name or address by which the other machines reach this one"),
      Flag.withDefault("127.0.0.1"),
    ),
    port: Flag.Int("port").pipe(Flag.withDescription("One port a runner"), Flag.withDefault(34_431)),
    threads: Flag.Int("threads").pipe(Flag.withDescription("How many runs at one time, instead of one a core"), Flag.optional),
  },
  does(run),
).pipe(
  Command.withDescription("Run jobs of studies for other machines, until it is stopped"),
  Command.withExamples([
    {
      command: "blackstart runner --database postgres://blackstart:SECRET@10.0.0.1/blackstart --host 10.0.0.2",
      description: "One on each machine; then, anywhere: blackstart study FILE --engine cluster",
    },
  ]),
)

async function run({ database, host, port, threads }: Input): Promise<void> {
  const { availableParallelism } = await import("node:os")
  const width = Option.getOrElse(threads, () => availableParallelism())
  if (!(width >= 1 && width <= 1024)) mistake(`--threads ${width}: it must be a whole number from 1 to 1024`)
  if (!(port >= 1 && port <= PORT_MAX)) mistake(`--port ${port}: it must be a whole number from 1 to ${PORT_MAX}`)
  const { startRunner } = await import("../../simulation/study/cluster/runner.ts")
  let work = 0
  const running = await startRunner({
    database: databaseOf(database),
    host,
    port,
    threads: width,
    pastDir: "runs/cache/pasts",
    onJob: (_, seconds) => void (work += seconds),
    onNote: (sentence) => void process.stderr.write(`${sentence}\n`),
  })
  process.stdout.write(
    `runner at ${host}:${port}, ${width} thread${width === 1 ? "" : "s"}; Ctrl-C ends it, and others go on with its jobs\n`,
  )
  let shown = 0
  const telling = setInterval(() => {
    if (running.done() === shown) return
    shown = running.done()
    process.stdout.write(`${shown.toLocaleString("en-GB")} jobs, ${work.toFixed(1)} s of work\n`)
  }, 5000)
  const stop = (): void => void running.stop()
  process.on("SIGINT", stop).on("SIGTERM", stop)
  try {
    await running.ended
  } finally {
    clearInterval(telling)
    process.off("SIGINT", stop).off("SIGTERM", stop)
  }
}
