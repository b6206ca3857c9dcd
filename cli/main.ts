/** The commands, put together. What fails ends here: a mistake is one sentence and exit code 1, a bug shows itself and is 2. */
// oxlint-disable no-underscore-dangle -- Effect tells its unions apart by _tag
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Cause from "effect/Cause"
import * as CliConfig from "effect/cli/CliConfig"
import * as CliOutput from "effect/cli/CliOutput"
import * as Command from "effect/cli/Command"
import * as GlobalFlag from "effect/cli/GlobalFlag"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { adversaries } from "./commands/adversaries.ts"
import { backtest } from "./commands/backtest.ts"
import { doctor } from "./commands/doctor.ts"
import { compare } from "./commands/compare.ts"
import { cheats } from "./commands/cheats.ts"
import { explain } from "./commands/explain.ts"
import { inspect } from "./commands/inspect.ts"
import { join } from "./commands/join.ts"
import { library } from "./commands/library.ts"
import { list } from "./commands/list.ts"
import { query } from "./commands/query.ts"
import { replay } from "./commands/replay.ts"
import { report } from "./commands/report.ts"
import { run } from "./commands/run.ts"
import { study } from "./commands/study.ts"
import { supply } from "./commands/supply.ts"
import { testnet } from "./commands/testnet.ts"
import { judge } from "./failure.ts"
import { presenter } from "./present.ts"
import { version } from "./version.ts"

const root = Command.make("blackstart").pipe(
  Command.withDescription("A deterministic simulator of open networks: what fails, who loses what, and how soon it heals."),
  Command.withSubcommands([
    run,
    replay,
    inspect,
    explain,
    list,
    library,
    report,
    query,
    study,
    compare,
    supply,
    backtest,
    adversaries,
    cheats,
    testnet,
    join,
    doctor,
  ]),
)

// A reader that goes away (blackstart list | head) is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 2))

const program = Command.runWith(root, { version })(process.argv.slice(2)).pipe(
  Effect.provideService(CliOutput.Presenter, presenter),
  // The wizard and log levels of Effect's own flags have nothing to say here.
  Effect.provideService(CliConfig.CliConfig, { builtIns: [GlobalFlag.Help, GlobalFlag.Version, GlobalFlag.Completions] }),
  Effect.provide(NodeServices.layer),
)
const exit = await Effect.runPromiseExit(program as Effect.Effect<void, unknown>)
if (Exit.isFailure(exit)) {
  const error = Cause.squash(exit.cause) as { readonly _tag?: string; readonly errors?: readonly unknown[] }
  if (error?._tag === "ShowHelp") process.exitCode = error.errors?.length === 0 ? 0 : 1
  else {
    const { text, code } = judge(error)
    process.stderr.write(`${text}\n`)
    process.exitCode = code
  }
}
