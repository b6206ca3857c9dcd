/** blackstart query: SQL over a run's recorded tables. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { does } from "../does.ts"
import { asked, mistake } from "../failure.ts"

interface Input {
  readonly run: string
  readonly sql: string
  readonly csv: boolean
  readonly json: boolean
}

export const query = Command.make(
  "query",
  {
    run: Argument.String("run").pipe(Argument.withDescription("A run's folder")),
    sql: Argument.String("sql").pipe(
      Argument.withDescription('One statement, such as "select network, count(*) from epochs group by network"'),
    ),
    csv: Flag.Boolean("csv").pipe(Flag.withDescription("For spreadsheets"), Flag.withDefault(false)),
    json: Flag.Boolean("json").pipe(Flag.withDescription("For programs: a list of objects"), Flag.withDefault(false)),
  },
  does(async ({ run, sql, csv, json }: Input) => {
    if (csv && json) mistake("--csv and --json cannot both be: choose one")
    const { query: ask, print } = await import("../../simulation/record/query.ts")
    const answer = await asked(() => ask(run, sql))
    process.stdout.write(print(answer, csv ? "csv" : json ? "json" : "text"))
  }),
).pipe(Command.withDescription("Ask a run's tables by SQL; blackstart inspect names them"))
