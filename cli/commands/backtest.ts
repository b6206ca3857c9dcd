/** blackstart backtest: a network's supply model against what its chain had. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"
import { parseInstant } from "../../protocol/boundary/instant.ts"
import { DAY } from "../../protocol/kernel/clock.ts"
import { sayDay } from "../../protocol/boundary/supply-history.ts"
import { type Backtest, supplyViews } from "../../protocol/networks/index.ts"
import { does } from "../does.ts"
import { mistake } from "../failure.ts"
import { supplyParamsOf } from "../supply-params.ts"

interface Input {
  readonly file: Option.Option<string>
  readonly from: Option.Option<string>
  readonly set: readonly string[]
  readonly json: boolean
}

export const backtest = Command.make(
  "backtest",
  {
    file: Argument.String("file").pipe(
      Argument.withDescription("An observed series, a .csv file; without one, the bundled Filecoin series of 2020 to 2025"),
      Argument.optional,
    ),
    from: Flag.String("from").pipe(
      Flag.withDescription("Begin at the row of this day, such as 2022-07-01, instead of genesis"),
      Flag.optional,
    ),
    set: Flag.String("set").pipe(
      Flag.withDescription("One assumption, such as sectorDays=360; may be repeated"),
      Flag.atLeast(0),
    ),
    json: Flag.Boolean("json").pipe(Flag.withDescription("For programs: one JSON object"), Flag.withDefault(false)),
  },
  does(async ({ file, from, set, json }: Input) => {
    const { BUNDLED_HISTORY, readHistoryFile } = await import("../../simulation/study/supply.ts")
    const params = supplyParamsOf(set)
    const path = Option.getOrElse(file, () => BUNDLED_HISTORY)
    const rows = await readHistoryFile(path)
    const view = supplyViews.filecoin
    const beginDay = Option.match(from, {
      onNone: () => view.firstDay,
      onSome: (text) => {
        const at = parseInstant(text)
        if (at === undefined || at % DAY !== 0) mistake(`--from ${text}: write a day, such as 2022-07-01`)
        const day = at / DAY
        if (!rows.some((r) => r.day === day)) {
          const near = rows.reduce((a, b) => (Math.abs(b.day - day) < Math.abs(a.day - day) ? b : a))
          mistake(`--from ${text}: the series has no row of that day; the nearest is ${sayDay(near.day)}`)
        }
        if (day === rows.at(-1)!.day)
          mistake(`--from ${text}: that is the last row, and nothing follows to compare; name an earlier one`)
        return day
      },
    })
    const result = tested(() => view.runBacktest(rows, params, beginDay))
    process.stdout.write(json ? `${JSON.stringify(jsonOf(result, params))}\n` : `${say(result, params.missedWinsPermille)}\n`)
  }),
).pipe(
  Command.withDescription("Print how far the supply model lies from the chain"),
  Command.withExamples([
    { command: "blackstart backtest scenarios/economics/filecoin-observed.csv", description: "The bundled series" },
    { command: "blackstart backtest my.csv --from 2022-07-01 --json", description: "A series of your own, from a chosen day" },
  ]),
)

/** A series that a run cannot begin from is a mistake of the file's, said by the model. */
function tested<T>(run: () => T): T {
  try {
    return run()
  } catch (cause) {
    if (cause instanceof RangeError) mistake(cause.message)
    throw cause
  }
}

const jsonOf = (b: Backtest, params: object) => ({
  ...b,
  impliedMissedShare: Number.isNaN(b.impliedMissedShare) ? null : b.impliedMissedShare,
  begin: sayDay(b.beginDay),
  end: sayDay(b.endDay),
  params,
  lines: b.lines.map(({ worstDay, lastDay, ...line }) => ({ ...line, worstDay: sayDay(worstDay), lastDay: sayDay(lastDay) })),
})

const SIZES: readonly (readonly [number, string])[] = [
  [1e6, " M"],
  [1, ""],
]
const amount = (value: number): string => {
  const [by, word] = SIZES.find(([size]) => Math.abs(value) >= size) ?? [1, ""]
  return `${(value / by).toPrecision(5)}${word}`
}
export const percent = (share: number, signed = false): string => `${signed && share > 0 ? "+" : ""}${(share * 100).toFixed(2)}%`

function say(b: Backtest, missedPermille: number): string {
  const head = ["series", "unit", "rows", "median", "p95", "worst", "on", "last", "model", "observed", "goal", ""]
  const rows = b.lines.map((l) => [
    l.name,
    l.unit,
    String(l.rows),
    percent(l.median),
    percent(l.p95),
    percent(l.worst, true),
    sayDay(l.worstDay),
    percent(l.last, true),
    amount(l.modelLast),
    amount(l.observedLast),
    `≤ ${percent(l.goal)}`,
    l.met ? "met" : "MISSED",
  ])
  const right = [2, 3, 4, 5, 7, 8, 9, 10]
  const widths = head.map((h, k) => Math.max(h.length, ...rows.map((r) => r[k].length)))
  const line = (cells: readonly string[]) =>
    cells
      .map((c, k) => (right.includes(k) ? c.padStart(widths[k]) : c.padEnd(widths[k])))
      .join("  ")
      .trimEnd()
  const missed = b.lines.filter((l) => !l.met)
  const implied = Number.isNaN(b.impliedMissedShare)
    ? []
    : [
        `Missed wins: ${missedPermille} ‰ assumed; ${(b.impliedMissedShare * 1000).toFixed(1)} ‰ would meet the last observed total exactly.`,
      ]
  return [
    `filecoin, ${sayDay(b.beginDay)} to ${sayDay(b.endDay)}: ${b.rows} observed days compared. Driven by raw and quality-adjusted power and by what was burnt.`,
    "Errors are of the model against the chain; the goal is for the median.",
    "",
    line(head),
    ...rows.map(line),
    "",
    ...b.lines.map((l) => `  ${l.name}: ${l.because}`),
    ...implied,
    missed.length === 0 ? `Every goal is met.` : `Goal missed by ${missed.map((l) => l.name).join(", ")}.`,
  ].join("\n")
}
