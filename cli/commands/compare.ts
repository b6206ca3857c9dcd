/** blackstart compare: what differs between two runs, or two studies: in their manifests, and in what they came to. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { does } from "../does.ts"

export const compare = Command.make(
  "compare",
  {
    a: Argument.String("a").pipe(Argument.withDescription("A folder that blackstart run or blackstart study wrote")),
    b: Argument.String("b").pipe(Argument.withDescription("Another of the same kind")),
    json: Flag.Boolean("json").pipe(Flag.withDescription("For programs: one JSON object"), Flag.withDefault(false)),
  },
  does(async ({ a, b, json }: { readonly a: string; readonly b: string; readonly json: boolean }) => {
    const { compareFolders, sayComparison } = await import("../../simulation/study/compare.ts")
    const found = await compareFolders(a, b)
    process.stdout.write(json ? `${JSON.stringify(found)}\n` : sayComparison(found))
  }),
).pipe(
  Command.withDescription("Say what differs between two runs or studies"),
  Command.withExamples([{ command: "blackstart compare runs/a runs/b", description: "Two runs of one scenario" }]),
)
