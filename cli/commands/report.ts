/** blackstart report: writes a run's report again from its recorded columns. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import { does } from "../does.ts"
import { asked } from "../failure.ts"

export const report = Command.make(
  "report",
  { run: Argument.String("run").pipe(Argument.withDescription("A run's folder")) },
  does(async ({ run }: { readonly run: string }) => {
    const { writeReport } = await import("../../reports/report.ts")
    const { reportPath } = await asked(() => writeReport(run))
    process.stdout.write(`report: ${reportPath}\n`)
  }),
).pipe(Command.withDescription("Write the report of a run again"))
