/** blackstart adversaries: the catalogue played by its honesty rules, as a table to quote, a page and a tidy table. */
import { mkdir, writeFile } from "node:fs/promises"
import { availableParallelism } from "node:os"
import { join } from "node:path"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"
import type { Entry } from "../../simulation/adversary/entry.ts"
import type { EntryRow, Figure } from "../../simulation/adversary/table.ts"
import { does } from "../does.ts"
import { mistake } from "../failure.ts"
import { meter, silent } from "../progress.ts"

interface Input {
  readonly ids: readonly string[]
  readonly network: Option.Option<string>
  readonly seeds: Option.Option<number>
  readonly share: Option.Option<number>
  readonly workers: Option.Option<number>
  readonly sweep: boolean
  readonly list: boolean
  readonly json: boolean
  readonly out: Option.Option<string>
}

export const adversaries = Command.make(
  "adversaries",
  {
    ids: Argument.String("id").pipe(
      Argument.withDescription("Entries to play, such as A1 C6; without one, the whole catalogue"),
      Argument.variadic(),
    ),
    network: Flag.String("network").pipe(
      Flag.withDescription("Only entries of one network, or of: resilience, ensemble"),
      Flag.optional,
    ),
    seeds: Flag.Int("seeds").pipe(Flag.withDescription("How many seeds, instead of 20"), Flag.optional),
    share: Flag.Int("share").pipe(Flag.withDescription("The adversary's share in ‰, instead of each entry's own"), Flag.optional),
    workers: Flag.Int("workers").pipe(Flag.withDescription("How many plays at one time, instead of one a core"), Flag.optional),
    sweep: Flag.Boolean("sweep").pipe(
      Flag.withDescription("Play the shares from .05 to .49 too: the default, and --no-sweep leaves them out"),
      Flag.withDefault(true),
    ),
    list: Flag.Boolean("list").pipe(Flag.withDescription("Only say what is in the catalogue"), Flag.withDefault(false)),
    json: Flag.Boolean("json").pipe(Flag.withDescription("For programs: one JSON array"), Flag.withDefault(false)),
    out: Flag.String("out").pipe(
      Flag.withDescription("A folder for a page, the data (JSON) and a tidy table (Parquet, CSV)"),
      Flag.optional,
    ),
  },
  does(play),
).pipe(
  Command.withDescription("Play the catalogue of adversaries: what cheating earns, with each defence and without"),
  Command.withExamples([
    { command: "blackstart adversaries A1 E3 --seeds 6", description: "Two entries, quickly" },
    { command: "blackstart adversaries --out runs/adversaries", description: "All of them, with a page to look at" },
  ]),
)

async function play(input: Input): Promise<void> {
  const { catalogue, entryOf } = await import("../../simulation/adversary/catalogue.ts")
  const chosen = choose(input, catalogue, entryOf)
  if (input.list) {
    if (input.json) process.stdout.write(`${JSON.stringify(chosen.map(({ play: _play, ...stated }) => stated))}\n`)
    else process.stdout.write(`${chosen.map((e) => `${e.id.padEnd(4)} ${e.where.padEnd(10)} ${e.name}: ${e.goal}`).join("\n")}\n`)
    return
  }
  const seeds = Option.getOrUndefined(input.seeds)
  if (seeds !== undefined && !(seeds >= 2 && seeds <= 10_000))
    mistake(`--seeds ${seeds}: it must be a whole number from 2 to 10000`)
  const share = Option.getOrUndefined(input.share)
  if (share !== undefined && !(share > 0 && share < 1000)) mistake(`--share ${share}: it must be from 1 to 999 ‰`)
  const { playCatalogue } = await import("../../simulation/adversary/play.ts")
  const { columns, csv, rowOf, tidy } = await import("../../simulation/adversary/table.ts")
  const { threadEngine } = await import("../../simulation/study/engine-threads.ts")
  const shown = input.json ? silent : meter()
  const engine = threadEngine(Option.getOrElse(input.workers, () => availableParallelism()))
  const began = performance.now()
  let rows: readonly EntryRow[]
  try {
    const played = await playCatalogue(
      chosen,
      {
        ...(seeds === undefined ? {} : { seeds }),
        ...(share === undefined ? {} : { share: share / 1000 }),
        sweep: input.sweep,
        onPlay: (done, planned) => {
          const seconds = (performance.now() - began) / 1000
          shown.show({
            stage: "plays",
            atS: done,
            beginS: 0,
            endS: planned,
            events: 0,
            seconds,
            said: `${done} of at most ${planned} plays`,
          })
        },
      },
      engine,
    )
    rows = played.map(rowOf)
  } finally {
    shown.stop()
    await engine.close()
  }
  if (Option.isSome(input.out)) {
    const { adversariesPage } = await import("../../reports/adversaries.ts")
    const { writeParquet } = await import("../../simulation/record/parquet.ts")
    const table = tidy(rows)
    const to = input.out.value
    await mkdir(to, { recursive: true })
    await writeFile(join(to, "adversaries.json"), `${JSON.stringify(rows, undefined, 2)}\n`)
    await writeFile(join(to, "adversaries.csv"), csv(table))
    await writeParquet(join(to, "adversaries.parquet"), columns(table))
    await writeFile(join(to, "report.html"), adversariesPage(rows))
  }
  if (input.json) process.stdout.write(`${JSON.stringify(rows)}\n`)
  else process.stdout.write(`${say(rows)}${Option.isSome(input.out) ? `Report: ${join(input.out.value, "report.html")}\n` : ""}`)
}

function choose(input: Input, all: readonly Entry[], of: (id: string) => Entry): readonly Entry[] {
  const named = input.ids.length === 0 ? all : input.ids.map(of)
  if (Option.isNone(input.network)) return named
  const wanted = input.network.value
  const found = named.filter((e) => e.where === wanted)
  if (found.length === 0)
    mistake(`no entry is played on ${wanted}; they are played on ${[...new Set(all.map((e) => e.where))].join(", ")}`)
  return found
}

const digits = (x: number | null): string => (x === null ? "–" : String(Number(x.toPrecision(3))))
const interval = ({ mean, low, high }: Figure): string =>
  mean === null ? "–" : low === null || low === high ? digits(mean) : `${digits(mean)} [${digits(low)}, ${digits(high)}]`

/** A line an entry, then what does not hold. */
function say(rows: readonly EntryRow[]): string {
  const head = ["id", "adversary", "on", "share", "ρ without", "ρ with the defence", "own metric, without → with"]
  const cells = rows.map((r) => [
    r.id,
    r.name,
    r.where,
    String(r.share),
    interval(r.undefended.rho),
    interval(r.defended.rho),
    r.ownName === null ? "" : `${r.ownName}: ${digits(r.undefended.own.mean)} → ${digits(r.defended.own.mean)}`,
  ])
  const widths = head.map((h, k) => Math.max(h.length, ...cells.map((c) => c[k].length)))
  const line = (all: readonly string[]) =>
    all
      .map((c, k) => (k === 3 ? c.padStart(widths[k]) : c.padEnd(widths[k])))
      .join("  ")
      .trimEnd()
  const bad = rows.flatMap((r) =>
    r.findings
      .filter((f) => f.verdict === "breaks" || f.verdict === "open")
      .map(
        (f) =>
          `  ${r.id} ${f.rule} ≤ ${f.limit} ${f.verdict === "breaks" ? "breaks" : "is not shown"} from a share of ${f.share} on`,
      ),
  )
  const plays = rows.reduce((sum, r) => sum + r.plays, 0)
  return `${[line(head), ...cells.map(line)].join("\n")}

ρ: income per cost of the adversary over that of honest nodes, with its 95 % interval over ${rows[0]?.seeds ?? 0} seeds, at the knobs that
earned most of those tried, on seeds they were not chosen by (${plays} plays in all, each beside its twin without the adversary).
${bad.length === 0 ? "Every acceptance row holds." : `Findings, with the defence, up to a third:\n${bad.join("\n")}`}
`
}
