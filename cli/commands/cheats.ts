/** blackstart cheats: what cheating earns for an honest node's thousand, before each rule and with it, as a table and as a page. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"
import { mkdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import type { Cheat } from "../../simulation/study/cheats.ts"
import { does } from "../does.ts"
import { asked, mistake } from "../failure.ts"

interface Input {
  readonly folder: Option.Option<string>
  readonly nodes: Option.Option<number>
  readonly json: boolean
  readonly out: Option.Option<string>
}

export const cheats = Command.make(
  "cheats",
  {
    folder: Argument.String("folder").pipe(
      Argument.withDescription("A folder of scenarios that watch a cheater's income; without one, the bundled ones"),
      Argument.optional,
    ),
    nodes: Flag.Int("nodes").pipe(Flag.withDescription("Size of each network, instead of the scenarios' own"), Flag.optional),
    json: Flag.Boolean("json").pipe(Flag.withDescription("For programs: one JSON array"), Flag.withDefault(false)),
    out: Flag.String("out").pipe(Flag.withDescription("A folder for the table (JSON) and a page with a chart"), Flag.optional),
  },
  does(async (input: Input) => {
    const { CHEATS, cheatsIn, measureCheat } = await import("../../simulation/study/cheats.ts")
    const folder = Option.getOrElse(input.folder, () => CHEATS)
    const nodes = Option.getOrUndefined(input.nodes)
    const paths = await asked(() => cheatsIn(folder))
    if (paths.length === 0) mistake(`${folder}: no scenario in it watches a cheater's income`)
    const measured: Cheat[] = []
    // One after the other: each takes a processor whole.
    // oxlint-disable-next-line no-await-in-loop
    for (const path of paths) measured.push(await asked(() => measureCheat(path, nodes)))
    const all = measured.toSorted((a, b) => b.without - a.without)
    if (Option.isSome(input.out)) {
      const { cheatsPage } = await import("../../reports/cheats.ts")
      await mkdir(input.out.value, { recursive: true })
      await writeFile(join(input.out.value, "cheats.json"), `${JSON.stringify(all, undefined, 2)}\n`)
      await writeFile(join(input.out.value, "report.html"), cheatsPage(all))
    }
    if (input.json) process.stdout.write(`${JSON.stringify(all)}\n`)
    else process.stdout.write(`${say(all)}${Option.isSome(input.out) ? `Report: ${join(input.out.value, "report.html")}\n` : ""}`)
  }),
).pipe(
  Command.withDescription("Print what cheating earns, before each rule and with it"),
  Command.withExamples([
    { command: "blackstart cheats --nodes 1000", description: "The table of the bundled cheats, at a smaller size" },
    { command: "blackstart cheats --out runs/cheats", description: "With a page to look at" },
  ]),
)

/** A line a cheat: a thousand is what an honest node earns. */
function say(all: readonly Cheat[]): string {
  const head = ["scenario", "without the rule [‰]", "with it [‰]", "the rule"]
  const rows = all.map((c) => [c.scenario, c.without.toLocaleString("en-GB"), c.with.toLocaleString("en-GB"), c.rule])
  const widths = head.map((h, k) => Math.max(h.length, ...rows.map((r) => r[k].length)))
  const line = (cells: readonly string[]) =>
    cells
      .map((c, k) => (k === 1 || k === 2 ? c.padStart(widths[k]) : c.padEnd(widths[k])))
      .join("  ")
      .trimEnd()
  const sizes = [...new Set(all.map((c) => c.nodes.toLocaleString("en-GB")))].join(" or ")
  return `${[line(head), ...rows.map(line)].join("\n")}

A cheater's mean income from genesis on, for a thousand of an honest node's: ${sizes} nodes, one seed each, so no interval. With the
rule the first day still counts, on which it was not in force.
`
}
