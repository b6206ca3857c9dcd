/** blackstart merge: puts the shards of a study together into the study. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"
import { does } from "../does.ts"
import { commit, version } from "../version.ts"
import { freeFolder, say } from "./study.ts"

interface Input {
  readonly folders: readonly string[]
  readonly out: Option.Option<string>
  readonly json: boolean
}

export const merge = Command.make(
  "merge",
  {
    folders: Argument.String("folder").pipe(
      Argument.withDescription("Folders that blackstart study --shard wrote, all of one study"),
      Argument.variadic({ min: 1 }),
    ),
    out: Flag.String("out").pipe(Flag.withDescription("The folder to record the study into"), Flag.optional),
    json: Flag.Boolean("json").pipe(
      Flag.withDescription("For programs: the last line is one JSON object"),
      Flag.withDefault(false),
    ),
  },
  does(run),
).pipe(
  Command.withDescription("Put the shards of a study together"),
  Command.withExamples([
    {
      command: "blackstart merge runs/cost-1 runs/cost-2 runs/cost-3 --out runs/cost",
      description: "As if one computer had run it all",
    },
  ]),
)

async function run({ folders, out, json }: Input): Promise<void> {
  const { mergeShards } = await import("../../simulation/study/merge.ts")
  const { writeStudyReport } = await import("../../reports/study.ts")
  const result = await mergeShards(folders, {
    outDir: Option.getOrElse(out, () => freeFolder("merged")),
    cacheDir: undefined,
    commit: commit(),
    version,
    command: `npx blackstart merge ${folders.join(" ")}`,
    onNote: (sentence) => void process.stderr.write(`${sentence}\n`),
  })
  const reportPath = await writeStudyReport(result.studyDir)
  process.stdout.write(
    json ? `${JSON.stringify({ ...result, reportPath })}\n` : `${[...say(result), `Report: ${reportPath}`].join("\n")}\n`,
  )
  if (result.failed > 0) process.exitCode = 1
}
