/**
 * The tables of a study, as Parquet and as CSV: runs, estimates, differences, and what its kind has. Each row is one thing, each column
 * one figure of it; `dictionary` says of every column what it is and in which unit. Empty means: there was nothing to be measured.
 */
import { rename, rm } from "node:fs/promises"
import { join } from "node:path"
import { toSnakeCase } from "../record/column.ts"
import { explainFailure } from "../record/durable.ts"
import { identifier, literal, openDuckDb, writeParquet, type ParquetColumn } from "../record/parquet.ts"
import * as methods from "./analyse.ts"
import { differences, estimates, type Analysis } from "./analyse.ts"
import type { Batch, Course } from "./course.ts"
import type { Planned } from "./load.ts"
import type { Point } from "./points.ts"
import type { Results } from "./results.ts"
import type { Row } from "./store.ts"

const text = <T>(name: string, rows: readonly T[], of: (row: T) => string): ParquetColumn => ({
  name,
  type: "VARCHAR",
  values: rows.map(of),
})
const whole = <T>(name: string, rows: readonly T[], of: (row: T) => number): ParquetColumn => ({
  name,
  type: "BIGINT",
  values: Float64Array.from(rows, of),
})
const real = <T>(name: string, rows: readonly T[], of: (row: T) => number): ParquetColumn => ({
  name,
  type: "DOUBLE",
  values: Float64Array.from(rows, of),
})

/** What tells points apart: the first columns of most tables. */
const pointColumns = <T>({ design }: Planned, rows: readonly T[], of: (row: T) => Point): ParquetColumn[] => [
  whole("point", rows, (r) => of(r).point),
  text("base", rows, (r) => of(r).base),
  text("response", rows, (r) => of(r).response),
  text("label", rows, (r) => of(r).label),
  whole("generation", rows, (r) => of(r).generation),
  ...design.variables.map((v) =>
    v.range === undefined
      ? text(toSnakeCase(v.name), rows, (r) => String(of(r).values[v.name]))
      : (v.isWhole ? whole : real)(toSnakeCase(v.name), rows, (r) => Number(of(r).values[v.name])),
  ),
]

/** The columns of some runs, in the order of their numbers. */
export function runColumns(planned: Planned, course: Course, rows: readonly Row[]): readonly ParquetColumn[] {
  const { study } = planned
  const placed = rows.map((row) => ({ row, ...placeOf(course.batches, row.run) }))
  return [
    whole("run", placed, (p) => p.row.run),
    whole("replicate", placed, (p) => p.replicate),
    whole("seed", placed, (p) => study.seeds.from + p.replicate),
    ...pointColumns(planned, placed, (p) => p.point),
    ...Object.keys(study.measure).map((name, k) => real(name, placed, (p) => p.row.values[k] ?? NaN)),
    text("failed", placed, (p) => p.row.failed ?? ""),
    text("fingerprint", placed, (p) => p.row.fingerprint),
    text("key", placed, (p) => p.row.key),
  ]
}

function placeOf(batches: readonly Batch[], run: number): { readonly point: Point; readonly replicate: number } {
  const b = batches.findLast((x) => x.first <= run)!
  const k = run - b.first
  return { point: b.points[k % b.points.length], replicate: b.from + Math.floor(k / b.points.length) }
}

/** Writes all tables; `parts` are the runs, in order. Throws one sentence when the disk refuses; then whole tables stand. */
export async function writeStudyTables(
  dir: string,
  planned: Planned,
  course: Course,
  results: Results,
  analysis: Analysis,
  parts: readonly string[],
): Promise<void> {
  const { confidence, deciders } = analysis
  const pointOf = new Map(course.points.map((p) => [p.point, p]))
  const e = [...estimates(planned, course, results)]
  const method = (rows: readonly unknown[], said: string): ParquetColumn[] => [
    real("confidence", rows, () => confidence),
    text("method", rows, () => said),
  ]
  const unitOf = (measure: string): string => planned.recorded[measure].unit
  const tables = ["runs"]
  const write = (name: string, columns: readonly ParquetColumn[]): Promise<void> => {
    tables.push(name)
    return writeBoth(dir, name, columns)
  }
  await write("estimates", [
    ...pointColumns(planned, e, (r) => pointOf.get(r.point)!),
    text("measure", e, (r) => r.measure),
    text("unit", e, (r) => unitOf(r.measure)),
    real("mean", e, (r) => r.mean),
    real("low", e, (r) => r.low),
    real("high", e, (r) => r.high),
    real("deviation", e, (r) => r.deviation),
    real("median", e, (r) => r.median),
    real("median_low", e, (r) => r.medianLow),
    real("median_high", e, (r) => r.medianHigh),
    whole("runs", e, (r) => r.runs),
    whole("missing", e, (r) => r.missing),
    ...method(e, `${methods.MEAN_METHOD}; ${methods.MEDIAN_METHOD}`),
  ])
  const d = [...differences(planned, course, results)]
  if (d.length > 0)
    await write("differences", [
      ...pointColumns(planned, d, (r) => pointOf.get(r.point)!),
      whole("against", d, (r) => r.against),
      text("against_label", d, (r) => pointOf.get(r.against)!.label),
      text("measure", d, (r) => r.measure),
      text("unit", d, (r) => unitOf(r.measure)),
      real("mean", d, (r) => r.mean),
      real("low", d, (r) => r.low),
      real("high", d, (r) => r.high),
      whole("runs", d, (r) => r.runs),
      real("gain", d, (r) => r.gain),
      ...method(d, methods.DIFFERENCE_METHOD),
    ])
  const decided = (rows: typeof deciders): ParquetColumn[] => [
    text("base", rows, (r) => r.base),
    text("measure", rows, (r) => r.measure),
    text("unit", rows, (r) => unitOf(r.measure)),
    text("parameter", rows, (r) => r.parameter),
  ]
  if (deciders.some((x) => x.screened !== undefined))
    await write("screening", [
      ...decided(deciders),
      real("mu_star", deciders, (r) => r.screened!.muStar),
      real("mu_star_low", deciders, (r) => r.screened!.muStarLow),
      real("mu_star_high", deciders, (r) => r.screened!.muStarHigh),
      real("mu", deciders, (r) => r.screened!.mu),
      real("sigma", deciders, (r) => r.screened!.sigma),
      ...method(deciders, methods.MORRIS_METHOD),
    ])
  if (deciders.some((x) => x.index !== undefined))
    await write("indices", [
      ...decided(deciders),
      real("first", deciders, (r) => r.index!.first),
      real("first_low", deciders, (r) => r.index!.firstLow),
      real("first_high", deciders, (r) => r.index!.firstHigh),
      real("total", deciders, (r) => r.index!.total),
      real("total_low", deciders, (r) => r.index!.totalLow),
      real("total_high", deciders, (r) => r.index!.totalHigh),
      ...method(deciders, methods.SOBOL_METHOD),
    ])
  if (analysis.front.length > 0) {
    const f = analysis.front.map((point) => pointOf.get(point)!)
    const mean = (p: Point, measure: string): number => e.find((x) => x.point === p.point && x.measure === measure)!.mean
    await write("front", [
      ...pointColumns(planned, f, (p) => p),
      ...results.measures.map((measure) => real(measure, f, (p) => mean(p, measure))),
    ])
  }
  await writeDictionary(dir, planned, tables)
  await joinParts(dir, parts, planned)
}

/** Writes a table twice, from one set of columns. */
async function writeBoth(dir: string, name: string, columns: readonly ParquetColumn[]): Promise<void> {
  const path = join(dir, `${name}.parquet`)
  await writeParquet(path, columns)
  await convert([path], join(dir, name), columns)
}

const joinParts = (dir: string, parts: readonly string[], planned: Planned): Promise<void> =>
  convert(parts, join(dir, "runs"), runColumns(planned, { batches: [] } as unknown as Course, []))

/** Copies Parquet files, one after the other, to one Parquet and one CSV, a stream at a time; NaN becomes empty. */
async function convert(from: readonly string[], to: string, columns: readonly ParquetColumn[]): Promise<void> {
  const chosen = columns.map(({ name, type }) => {
    const own = identifier(name)
    return type === "DOUBLE" ? `case when isnan(${own}) then null else ${own} end as ${own}` : own
  })
  const rows = `(select ${chosen.join(", ")} from read_parquet([${from.map(literal).join(", ")}]))`
  const { connection, close } = await openDuckDb()
  try {
    for (const [ending, format] of [
      ["csv", "format csv, header true"],
      ["parquet", "format parquet, compression zstd"],
    ]) {
      const path = `${to}.${ending}`
      try {
        // oxlint-disable-next-line no-await-in-loop
        await connection.run(`copy ${rows} to ${literal(`${path}.tmp`)} (${format})`)
        // oxlint-disable-next-line no-await-in-loop
        await rename(`${path}.tmp`, path)
      } catch (cause) {
        // oxlint-disable-next-line no-await-in-loop
        await rm(`${path}.tmp`, { force: true })
        throw explainFailure(/no space left/iu.test(String(cause)) ? { code: "ENOSPC" } : cause, "write", path)
      }
    }
  } finally {
    close()
  }
}

interface Meaning {
  readonly table: string
  readonly column: string
  readonly unit: string
  readonly low: string
  readonly high: string
  readonly source: string
  readonly meaning: string
}

/** Says every column of the tables that were written: a test holds it to that. */
async function writeDictionary(dir: string, { study, design, recorded }: Planned, tables: readonly string[]): Promise<void> {
  const own = (table: string, column: string, unit: string, meaning: string): Meaning => ({
    table,
    column,
    unit,
    low: "",
    high: "",
    source: "blackstart",
    meaning,
  })
  const ends = (table: string, column: string, unit: string): readonly Meaning[] => [
    own(table, `${column}_low`, unit, "Lower end of its interval."),
    own(table, `${column}_high`, unit, "Upper end of its interval."),
  ]
  const all: Meaning[] = [
    own("runs", "run", "", "Number of the run in its study, whoever ran it."),
    own("runs", "replicate", "", "Which seed, counted from 0; equal replicates share their luck."),
    own("runs", "seed", "", "All dice of the run."),
    own("all", "point", "", "Number of the combination of values."),
    own("all", "base", "", "The scenario or supply case that was varied."),
    own("all", "response", "", "What happened from the fork on; empty where nothing was added."),
    own("all", "label", "", "The point in words."),
    own("all", "generation", "", "Of a search; 0 of everything else."),
    ...design.variables.map(({ name, unit, range, source, because }) => ({
      table: "all",
      column: toSnakeCase(name),
      unit,
      low: String(range?.[0] ?? ""),
      high: String(range?.[1] ?? ""),
      source,
      meaning: because,
    })),
    ...Object.entries(recorded).map(([column, { unit, because }]) => ({
      ...own("runs", column, unit, because),
      source: JSON.stringify(study.measure[column]),
    })),
    ...Object.entries(recorded).map(([column, { unit, because }]) => ({
      ...own("front", column, unit, `Mean over seeds. ${because}`),
      source: JSON.stringify(study.measure[column]),
    })),
    own("all", "measure", "", "Which of the study’s measures the row is about."),
    own("all", "unit", "", "Of the measure."),
    own("all", "parameter", "", "Which parameter the row is about."),
    own("differences", "against", "", "Number of the point that is taken away: the first of its base."),
    own("differences", "against_label", "", "That point in words."),
    own("runs", "failed", "", "Why a run has no figures; empty of every other."),
    own("runs", "fingerprint", "SHA-256", "Of everything that the run ended with: equal for equal runs."),
    own("runs", "key", "SHA-256", "Of the run’s whole manifest, the code’s digest in it: the name of its result."),
    ...["estimates", "differences"].flatMap((table) => [
      own(
        table,
        "mean",
        "of the measure",
        table === "estimates" ? "Mean over seeds." : "Mean over seeds of this point less the other, seed by seed.",
      ),
      own(table, "low", "of the measure", "Lower end of the mean’s interval."),
      own(table, "high", "of the measure", "Upper end of the mean’s interval."),
      own(table, "runs", "runs", "Runs that gave a figure."),
    ]),
    own("estimates", "deviation", "of the measure", "Standard deviation of single runs."),
    own("estimates", "median", "of the measure", "Middle run."),
    ...ends("estimates", "median", "of the measure"),
    own("estimates", "missing", "runs", "Runs in which there was nothing to be measured."),
    own("differences", "gain", "ratio", "How many times the runs that luck of their own would have needed."),
    own("screening", "mu_star", "of the measure", "Mean absolute effect of the parameter’s whole range."),
    ...ends("screening", "mu_star", "of the measure"),
    own("screening", "mu", "of the measure", "Mean effect, with its sign."),
    own("screening", "sigma", "of the measure", "Deviation of the effects: bends, and dependence on the others."),
    own("indices", "first", "share of variance", "What goes when this parameter alone is known."),
    ...ends("indices", "first", "share of variance"),
    own("indices", "total", "share of variance", "What stays when all other parameters are known."),
    ...ends("indices", "total", "share of variance"),
    own("all", "confidence", "share", "Of the intervals."),
    own("all", "method", "", "How figure and interval were made."),
  ]
  const rows = all.filter(({ table }) => table === "all" || tables.includes(table))
  await writeBoth(dir, "dictionary", [
    text("table", rows, (r) => r.table),
    text("column", rows, (r) => r.column),
    text("unit", rows, (r) => r.unit),
    text("range_low", rows, (r) => r.low),
    text("range_high", rows, (r) => r.high),
    text("source", rows, (r) => r.source),
    text("meaning", rows, (r) => r.meaning),
  ])
}
