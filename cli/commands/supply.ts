/** blackstart supply: a network's token supply over the years ahead, as a table, as columns, and as a page. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"
import { join } from "node:path"
import { sayDay } from "../../protocol/boundary/supply-history.ts"
import { caseOf, RUNS_MAX, type SupplyStudy, YEARS_MAX } from "../../protocol/boundary/supply-study.ts"
import {
  type ObservedDay,
  type Outlook,
  type SupplyParams,
  type SupplyScenario,
  supplyViews,
} from "../../protocol/networks/index.ts"
import { does } from "../does.ts"
import { asked, mistake } from "../failure.ts"
import { supplyParamsOf } from "../supply-params.ts"
import { version } from "../version.ts"
import { percent } from "./backtest.ts"

const YEAR_DAYS = 365
const MILLION = 1e6

interface Input {
  readonly file: Option.Option<string>
  readonly scenario: Option.Option<string>
  readonly years: Option.Option<number>
  readonly runs: Option.Option<number>
  readonly seed: Option.Option<number>
  readonly history: Option.Option<string>
  readonly set: readonly string[]
  readonly json: boolean
  readonly out: Option.Option<string>
}

export const supply = Command.make(
  "supply",
  {
    file: Argument.String("study").pipe(
      Argument.withDescription("A supply study, a .json file; without one, the bundled Filecoin outlook"),
      Argument.optional,
    ),
    scenario: Flag.String("scenario").pipe(
      Flag.withDescription("One case of the study, such as growth; its first without this. May also name a .json study"),
      Flag.optional,
    ),
    years: Flag.Int("years").pipe(
      Flag.withDescription(`How far ahead, instead of the study's own; 1 to ${YEARS_MAX}`),
      Flag.optional,
    ),
    runs: Flag.Int("runs").pipe(
      Flag.withDescription(`How many futures, instead of the study's own; 1 to ${RUNS_MAX}`),
      Flag.optional,
    ),
    seed: Flag.Int("seed").pipe(Flag.withDescription("All dice, instead of the study's seed"), Flag.optional),
    history: Flag.String("history").pipe(
      Flag.withDescription("The observed series to go on from, a .csv file, instead of the bundled one"),
      Flag.optional,
    ),
    set: Flag.String("set").pipe(
      Flag.withDescription("One assumption, such as sectorDays=360; may be repeated"),
      Flag.atLeast(0),
    ),
    json: Flag.Boolean("json").pipe(Flag.withDescription("For programs: one JSON object"), Flag.withDefault(false)),
    out: Flag.String("out").pipe(
      Flag.withDescription("A folder for the days (CSV and Parquet), a page with a chart, and what they were made of"),
      Flag.optional,
    ),
  },
  does(async (input: Input) => {
    const { BUNDLED_HISTORY, BUNDLED_STUDY, readHistoryFile, readStudyFile, writeOutlook } =
      await import("../../simulation/study/supply.ts")
    const { path, wanted } = chosen(input, BUNDLED_STUDY)
    const params = supplyParamsOf(input.set)
    const study = await readStudyFile(path)
    const history = Option.getOrElse(input.history, () => BUNDLED_HISTORY)
    const scenario = overridden(caseOf(study, wanted), input)
    const rows = await readHistoryFile(history)
    const view = supplyViews.filecoin
    const outlook = await asked(async () => {
      try {
        return view.runOutlook(rows, scenario, params)
      } catch (cause) {
        if (cause instanceof RangeError) mistake(`${history}: ${cause.message}`)
        throw cause
      }
    })
    const command = reproducing(input, scenario)
    if (Option.isSome(input.out)) {
      const page = await pageOf({ study, scenario, outlook, rows, params, command })
      await writeOutlook(input.out.value, outlook, { study, scenario, params, history, command, version }, page)
    }
    if (input.json) process.stdout.write(`${JSON.stringify(jsonOf(outlook, scenario))}\n`)
    else {
      const cases = Object.keys(study.cases).filter((name) => !scenario.name.endsWith(`-${name}`))
      const more = cases.length === 0 ? [] : [`Other cases, by --scenario: ${cases.join(", ")}.`]
      const report = Option.match(input.out, { onNone: () => [], onSome: (folder) => [`Report: ${join(folder, "report.html")}`] })
      process.stdout.write(`${[scenario.question, "", ...say(outlook), ...more, ...report].join("\n")}\n`)
    }
  }),
).pipe(
  Command.withDescription("Print a token's supply over the years ahead"),
  Command.withExamples([
    {
      command: "blackstart supply --scenario decline --out runs/decline",
      description: "One case of the ten-year outlook, with its page",
    },
    { command: "blackstart supply my-study.json --years 5 --runs 100 --seed 7", description: "A study of your own" },
  ]),
)

/** The study's path and the case in it. */
function chosen({ file, scenario }: Input, bundled: string): { readonly path: string; readonly wanted?: string | undefined } {
  const wanted = Option.getOrUndefined(scenario)
  if (wanted?.endsWith(".json") !== true) return { path: Option.getOrElse(file, () => bundled), wanted }
  if (Option.isSome(file))
    mistake(`there are two studies, ${file.value} and ${wanted}: name one of them, and a case by --scenario`)
  return { path: wanted }
}

function overridden(scenario: SupplyScenario, { years, runs, seed }: Input): SupplyScenario {
  const limited = (flag: string, given: Option.Option<number>, own: number, least: number, most: number): number => {
    const value = Option.getOrElse(given, () => own)
    if (!(value >= least && value <= most)) mistake(`--${flag} ${value}: it must be a whole number from ${least} to ${most}`)
    return value
  }
  return {
    ...scenario,
    years: limited("years", years, scenario.years, 1, YEARS_MAX),
    runs: limited("runs", runs, scenario.runs, 1, RUNS_MAX),
    seed: limited("seed", seed, scenario.seed, 0, Number.MAX_SAFE_INTEGER),
  }
}

const SHOWN = ["circulating", "locked", "minted", "vested", "burnt", "raw", "qa", "reward", "pledge"] as const
const HEADS: Readonly<Record<(typeof SHOWN)[number], readonly [head: string, by: number, decimals: number]>> = {
  circulating: ["circulating [M]", MILLION, 0],
  locked: ["locked [M]", MILLION, 0],
  minted: ["minted [M]", MILLION, 0],
  vested: ["vested [M]", MILLION, 0],
  burnt: ["burnt [M]", MILLION, 0],
  raw: ["raw [EiB]", 1024, 1],
  qa: ["QA [EiB]", 1024, 1],
  reward: ["reward [FIL/win]", 1, 2],
  pledge: ["pledge [FIL/32 GiB]", 1, 3],
}

/** A line a year: the middle of the runs, and the range that holds nine in ten. */
function say(o: Outlook): readonly string[] {
  const rows = Array.from({ length: Math.floor((o.days - 1) / YEAR_DAYS) + 1 }, (_, year) => {
    const d = year * YEAR_DAYS
    return [
      sayDay(o.beginDay + d),
      ...SHOWN.map((name) => {
        const { p05, p50, p95 } = o.series[name]
        const [, by, decimals] = HEADS[name]
        const [low, middle, high] = [p05[d], p50[d], p95[d]].map((v) => (v / by).toFixed(decimals))
        return low === high ? middle : `${middle} (${low}–${high})`
      }),
    ]
  })
  const head = ["at", ...SHOWN.map((name) => HEADS[name][0])]
  const widths = head.map((h, k) => Math.max(h.length, ...rows.map((r) => r[k].length)))
  const line = (cells: readonly string[]) =>
    cells.map((c, k) => (k === 0 ? c.padEnd(widths[k]) : c.padStart(widths[k]))).join("  ")
  return [
    line(head),
    ...rows.map(line),
    "",
    `Filecoin, ${o.scenario}: the middle of ${o.runs} futures, and in brackets nine in ten of them; seed ${o.seed}. M: million FIL. The first line is the last observed day.`,
  ]
}

const jsonOf = (o: Outlook, scenario: SupplyScenario) => ({
  scenario,
  begins: sayDay(o.beginDay),
  years: Array.from({ length: Math.floor((o.days - 1) / YEAR_DAYS) + 1 }, (_, year) => ({
    date: sayDay(o.beginDay + year * YEAR_DAYS),
    ...Object.fromEntries(
      SHOWN.map((name) => {
        const { p05, p50, p95 } = o.series[name]
        const d = year * YEAR_DAYS
        return [name, { p05: p05[d], p50: p50[d], p95: p95[d] }]
      }),
    ),
  })),
})

interface Made {
  readonly study: SupplyStudy
  readonly scenario: SupplyScenario
  readonly outlook: Outlook
  readonly rows: readonly ObservedDay[]
  readonly params: SupplyParams
  readonly command: string
}

async function pageOf({ study, scenario, outlook, rows, params, command }: Made): Promise<string> {
  const { supplyPage } = await import("../../reports/supply.ts")
  const view = supplyViews.filecoin
  const shown = ["circulating", "minted", "locked", "burnt"] as const
  const days = Array.from({ length: outlook.days }, (_, d) => d).filter((d) => d % 5 === 0)
  const observedOf = (r: ObservedDay) => ({
    circulating: r.circulatingFil,
    minted: r.mintedFil,
    locked: r.lockedFil,
    burnt: r.burntFil,
  })
  const all = view.params
  return supplyPage({
    token: "FIL",
    study: scenario.name,
    runs: outlook.runs,
    seed: outlook.seed,
    beginDay: outlook.beginDay,
    observed: rows.flatMap((r) =>
      shown.flatMap((series) => {
        const value = observedOf(r)[series]
        return Number.isNaN(value) ? [] : [{ day: r.day, series, low: value, value, high: value }]
      }),
    ),
    forecast: days.flatMap((d) =>
      shown.map((series) => {
        const { p05, p50, p95 } = outlook.series[series]
        return { day: outlook.beginDay + d, series, low: p05[d], value: p50[d], high: p95[d] }
      }),
    ),
    question: scenario.question,
    because: Object.entries(study.cases).find(([name]) => scenario.name === `${study.name}-${name}`)?.[1].because ?? "",
    sources: scenario.sources,
    choices: scenario.choices ?? [],
    assumptions: (Object.keys(all) as (keyof SupplyParams)[]).map((name) => ({
      name,
      value: `${params[name]} ${all[name].unit}`,
      because: all[name].because,
      source: all[name].source,
    })),
    command,
    backtest: view
      .runBacktest(rows, params)
      .lines.map((l) => `${l.name} (${l.because}): median error ${percent(l.median)}, 95th percentile ${percent(l.p95)}`),
  })
}

/** The command that gives the same study again. */
function reproducing({ file, scenario: named, history, set }: Input, { years, runs, seed }: SupplyScenario): string {
  const quoted = (word: string): string => (/^[\w./:=+@-]+$/u.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)
  const flag = (name: string, value: Option.Option<string>) => (Option.isSome(value) ? [`--${name}`, quoted(value.value)] : [])
  return [
    "npx blackstart supply",
    ...(Option.isSome(file) ? [quoted(file.value)] : []),
    ...flag("scenario", named),
    `--years ${years} --runs ${runs} --seed ${seed}`,
    ...flag("history", history),
    ...set.map((s) => `--set ${quoted(s)}`),
  ].join(" ")
}
