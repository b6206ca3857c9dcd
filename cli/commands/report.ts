/** blackstart report: the page of a run or a study, written again from its columns; the claims put to the test; the library of incidents. */
import { existsSync } from "node:fs"
import { join } from "node:path"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"
import { does } from "../does.ts"
import { asked, mistake } from "../failure.ts"
import type { ClaimsInput } from "./claims.ts"

interface Input extends ClaimsInput {
  readonly what: string
}

const SEEDS = 30

/** Writes the page of a run's or a study's folder again; returns its path. */
async function rewrite(dir: string): Promise<string> {
  if (existsSync(join(dir, "study.json")) && !existsSync(join(dir, "run.json")))
    return (await import("../../reports/study.ts")).writeStudyReport(dir)
  return (await (await import("../../reports/report.ts")).writeReport(dir)).reportPath
}

export const report = Command.make(
  "report",
  {
    what: Argument.String("what").pipe(Argument.withDescription("The folder of a run or a study, or one of: claims, library")),
    only: Flag.String("only").pipe(
      Flag.withDescription("Of claims or of the library: this one alone, by its name; may be repeated"),
      Flag.atLeast(0),
    ),
    seeds: Flag.Int("seeds").pipe(Flag.withDescription("Of claims: how many seeds a case"), Flag.withDefault(SEEDS)),
    seedsFrom: Flag.Int("seeds-from").pipe(Flag.withDescription("Of claims: the first seed"), Flag.withDefault(1)),
    nodes: Flag.Int("nodes").pipe(
      Flag.withDescription("Of claims: size of every open network. Of the library: of each network of 1,000 nodes or more"),
      Flag.optional,
    ),
    workers: Flag.Int("workers").pipe(
      Flag.withDescription("Of claims: how many runs at one time, instead of one a core"),
      Flag.optional,
    ),
    out: Flag.String("out").pipe(
      Flag.withDescription("The folder for the pages, instead of runs/claims or runs/library"),
      Flag.optional,
    ),
    cache: Flag.String("cache").pipe(Flag.withDescription("Of claims: where results are kept"), Flag.withDefault("runs/cache")),
    keep: Flag.Boolean("keep").pipe(
      Flag.withDescription("Of claims: use and fill the cache; --no-keep does neither"),
      Flag.withDefault(true),
    ),
    json: Flag.Boolean("json").pipe(
      Flag.withDescription("For programs: one JSON object a claim or incident"),
      Flag.withDefault(false),
    ),
  },
  does(async (input: Input) => {
    const { what, only, nodes, out, json } = input
    if (what === "claims") {
      const { reportClaims } = await import("./claims.ts")
      return reportClaims(input)
    }
    if (what === "library") {
      const { reportLibrary } = await import("./library.ts")
      return reportLibrary({ file: Option.none(), only, nodes, out: Option.getOrElse(out, () => join("runs", "library")), json })
    }
    if (only.length > 0 || Option.isSome(nodes) || Option.isSome(out))
      mistake(`--only, --nodes and --out go with claims or library; ${what} is a folder, and its page is written into it`)
    process.stdout.write(`report: ${await asked(() => rewrite(what))}\n`)
  }),
).pipe(
  Command.withDescription("Write the report of a run or a study again, or put the claims or the library to the test"),
  Command.withExamples([
    { command: "blackstart report runs/RUN", description: "The page of a run" },
    { command: "blackstart report claims", description: `Every claim with ${SEEDS} seeds a case, a page each` },
    { command: "blackstart report claims --only slow-and-local --seeds 100", description: "One claim, with narrower intervals" },
    { command: "blackstart report library", description: "Every outage on record, published against simulated" },
  ]),
)
