/** The recorded columns of one run, asked by the SQL files in views/: each file is one view, named as the file. */
import { readdirSync, readFileSync } from "node:fs"
import { identifier, literal } from "../simulation/record/parquet.ts"
import { openRun } from "../simulation/record/query.ts"
import { readManifest, windowOf, type Manifest } from "./manifest.ts"

export type Cells = Readonly<Record<string, unknown>>

export interface Data {
  readonly manifest: Manifest
  readonly tables: readonly string[]
  /** All rows of a view in views/, as objects. Throws one sentence when a table or column it needs is missing. */
  view<R = Cells>(name: string): Promise<readonly R[]>
  close(): void
}

const folder = new URL("./views/", import.meta.url)

/** The SQL of a view, as a reader may paste it. */
export const sqlOf = (view: string): string => readFileSync(new URL(`${view}.sql`, folder), "utf8").trim()

/** Opens a run for its report. Close it. */
export async function openData(runDir: string): Promise<Data> {
  const manifest = await readManifest(runDir)
  const run = await openRun(runDir)
  const window = windowOf(manifest)
  const ask = async (sql: string): Promise<Cells[]> => {
    const { columns, rows } = await run.query(sql)
    return rows.map((row) => Object.fromEntries(columns.map((c, k) => [c, row[k]])))
  }
  const number = (n: number | undefined) => `${n === undefined ? "null" : Math.round(n)}::BIGINT`
  try {
    await ask(`create view run as select ${number(window?.beginS)} as onset_s, ${number(window?.endS)} as window_end_s,
      ${number(manifest.beginS)} as begin_s, ${number(manifest.endS)} as end_s`)
    await ask(`create view paired as ${await pairedSql(run.tables, ask)}`)
    await ask(`create view earning as ${await earningSql(run.tables, ask)}`)
    await ask(`create view measured as ${await measuredSql(run.tables, ask)}`)
    await ask(`create view metric as ${await metricSql(run.tables, ask)}`)
  } catch (cause) {
    run.close()
    throw cause
  }
  const known = new Set(readdirSync(folder))
  // A view of a hundred thousand rows is read by fifty charts: once is enough.
  const made = new Map<string, Promise<readonly Cells[]>>()
  const make = async (name: string): Promise<readonly Cells[]> => {
    await ask(`create view ${identifier(name)} as ${sqlOf(name)}`)
    return ask(`from ${identifier(name)}`)
  }
  return {
    manifest,
    tables: run.tables,
    async view<R>(name: string) {
      if (!known.has(`${name}.sql`)) throw new Error(`there is no view ${name} in reports/views`)
      const rows = made.get(name) ?? make(name)
      made.set(name, rows)
      return (await rows) as readonly R[]
    },
    close: () => run.close(),
  }
}

type Ask = (sql: string) => Promise<Cells[]>

const columnsOf = async (table: string, ask: Ask) =>
  (await ask(`describe ${identifier(table)}`)).map((row) => ({ name: String(row.column_name), type: String(row.column_type) }))

const of = (tables: readonly string[], prefix: string) =>
  tables.filter((t) => t.startsWith(prefix)).map((table) => ({ table, network: table.slice(prefix.length) }))

/** Each measure of a node beside its twin: the same seed without the incident. */
async function pairedSql(tables: readonly string[], ask: Ask): Promise<string> {
  const parts = await Promise.all(
    of(tables, "nodes_").map(async ({ table, network }) => {
      const names = (await columnsOf(table, ask)).map((c) => c.name)
      return names
        .filter((n) => names.includes(`twin_${n}`))
        .map(
          (
            n,
          ) => `select ${literal(network)} as network, ${literal(n)} as measure, node, country::VARCHAR as country, asn::VARCHAR as asn,
            ${identifier(n)}::DOUBLE as value, ${identifier(`twin_${n}`)}::DOUBLE as twin from ${identifier(table)}`,
        )
    }),
  )
  const empty = `select ''::VARCHAR as network, ''::VARCHAR as measure, 0 as node, ''::VARCHAR as country, ''::VARCHAR as asn,
    0::DOUBLE as value, 0::DOUBLE as twin where false`
  return [empty, ...parts.flat()].join(" union all ")
}

/** Every measure of every node, with its twin's where there is one, and whether the node was away for a time. */
async function measuredSql(tables: readonly string[], ask: Ask): Promise<string> {
  const parts = await Promise.all(
    of(tables, "nodes_").map(async ({ table, network }) => {
      const columns = await columnsOf(table, ask)
      const names = columns.map((c) => c.name)
      if (!names.includes("away_s")) return []
      return columns
        .filter((c) => c.type !== "VARCHAR" && c.name !== "node" && !c.name.startsWith("twin_"))
        .map(({ name }) => {
          const twin = names.includes(`twin_${name}`) ? identifier(`twin_${name}`) : "null"
          return `select ${literal(network)} as network, ${literal(name)} as measure, node, away_s > 0 as away,
            ${identifier(name)}::DOUBLE as value, ${twin}::DOUBLE as twin from ${identifier(table)}`
        })
    }),
  )
  const empty = `select ''::VARCHAR as network, ''::VARCHAR as measure, 0 as node, false as away, 0::DOUBLE as value,
    0::DOUBLE as twin where false`
  return [empty, ...parts.flat()].join(" union all ")
}

/** The measures of a node that are rewards. */
export const isReward = (measure: string): boolean => /earned|reward|paid|revenue/.test(measure) && !measure.startsWith("twin_")

/** Every reward of every node, with or without a twin. */
async function earningSql(tables: readonly string[], ask: Ask): Promise<string> {
  const parts = await Promise.all(
    of(tables, "nodes_").map(async ({ table, network }) =>
      (await columnsOf(table, ask))
        .filter((c) => isReward(c.name) && c.type !== "VARCHAR")
        .map(
          ({
            name,
          }) => `select ${literal(network)} as network, ${literal(name)} as measure, node, ${identifier(name)}::DOUBLE as value
            from ${identifier(table)}`,
        ),
    ),
  )
  const empty = `select ''::VARCHAR as network, ''::VARCHAR as measure, 0 as node, 0::DOUBLE as value where false`
  return [empty, ...parts.flat()].join(" union all ")
}

/** Columns every network records about its ticks; the others are its own metrics. () */
const TICK_COLUMNS = new Set(["epoch", "end_s", "seconds", "offered_milli", "served_milli"])

async function metricSql(tables: readonly string[], ask: Ask): Promise<string> {
  const parts = await Promise.all(
    of(tables, "epochs_").map(async ({ table, network }) =>
      (await columnsOf(table, ask))
        .filter((c) => !TICK_COLUMNS.has(c.name) && c.type !== "VARCHAR")
        .map(
          ({ name }, k) => `select ${literal(network)} as network, ${literal(name)} as metric, ${k} as position, end_s, seconds,
            ${identifier(name)}::DOUBLE as value from ${identifier(table)}`,
        ),
    ),
  )
  const empty = `select ''::VARCHAR as network, ''::VARCHAR as metric, 0 as position, 0::BIGINT as end_s, 0 as seconds, 0::DOUBLE as value where false`
  return [empty, ...parts.flat()].join(" union all ")
}
