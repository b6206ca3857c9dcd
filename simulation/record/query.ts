/**
 * SQL over one run: every Parquet file in its folder is a view of the same name, `epochs` and `nodes` join all networks,
 * and an error is one clear sentence.
 */
import { readdir, stat } from "node:fs/promises"
import { basename, join } from "node:path"
import type { DuckDBConnection } from "@duckdb/node-api"
import { identifier, literal, openDuckDb } from "./parquet.ts"

/** Cells are null, boolean, string or number; a whole number beyond 2^53 stays a bigint. */
export interface Answer {
  readonly columns: string[]
  readonly rows: unknown[][]
}

export interface OpenRun {
  /** The views: file stems in alphabetical order, then `epochs` and `nodes` for all networks together. */
  readonly tables: readonly string[]
  query(sql: string): Promise<Answer>
  /** Only when no query is under way: DuckDB does not survive it. */
  close(): void
}

/** Runs one SQL statement over a run folder. Throws one sentence that says what is wrong and what there is instead. */
export async function query(runDir: string, sql: string): Promise<Answer> {
  const run = await openRun(runDir)
  try {
    if (run.tables.length === 0)
      throw new Error(
        `${runDir} holds no Parquet tables: a finished run has epochs_<network>.parquet and nodes_<network>.parquet`,
      )
    return await run.query(sql)
  } finally {
    run.close()
  }
}

/** Opens a run folder for several questions; `close` it. A folder without tables opens, and knows none. */
export async function openRun(runDir: string): Promise<OpenRun> {
  const folder = await stat(runDir).catch(() => null)
  if (folder === null) throw new Error(`there is no run folder ${runDir}`)
  if (!folder.isDirectory()) throw new Error(`${runDir} is a file, not a run folder`)
  const files = (await readdir(runDir)).filter((f) => f.endsWith(".parquet")).sort()
  const tables = files.map((f) => basename(f, ".parquet"))
  const { connection, close } = await openDuckDb()
  try {
    // The session must not depend on the machine's time zone.
    await connection.run("set TimeZone = 'UTC'").catch(() => {})
    // All must have settled before a failure closes the connection: closing under a running statement kills the process.
    const opened = await Promise.allSettled(files.map((file, i) => createView(connection, tables[i], join(runDir, file))))
    for (const one of opened) if (one.status === "rejected") throw one.reason
    await createUnion(connection, "epochs", tables)
    await createUnion(connection, "nodes", tables)
  } catch (cause) {
    close()
    throw cause
  }
  return { tables, query: (sql) => ask(connection, tables, sql), close }
}

/** `epochs` and `nodes` hold the rows of every network, told apart by a column `network`. */
async function createUnion(connection: DuckDBConnection, prefix: string, tables: string[]): Promise<void> {
  const parts = tables.filter((t) => t.startsWith(`${prefix}_`))
  if (parts.length === 0 || tables.includes(prefix)) return
  const selects = parts.map((t) => `select ${literal(t.slice(prefix.length + 1))} as network, * from ${identifier(t)}`)
  await connection.run(`create view ${identifier(prefix)} as ${selects.join(" union all by name ")}`)
  tables.push(prefix)
}

/** Wide amounts are stored as DECIMAL(38,0), see parquet.ts; as HUGEINT they add and compare like any whole number. */
async function createView(connection: DuckDBConnection, name: string, path: string): Promise<void> {
  try {
    const described = await connection.runAndReadAll(`describe select * from read_parquet(${literal(path)})`)
    const wide = described.getRows().filter((row) => row[1] === "DECIMAL(38,0)")
    const casts = wide.map((row) => `${identifier(String(row[0]))}::HUGEINT as ${identifier(String(row[0]))}`)
    const replace = casts.length > 0 ? `replace (${casts.join(", ")})` : ""
    await connection.run(`create view ${identifier(name)} as select * ${replace} from read_parquet(${literal(path)})`)
  } catch (cause) {
    throw new Error(`${path} is not a readable Parquet file (${firstLine(cause)}): run the scenario again to replace it`, {
      cause,
    })
  }
}

async function ask(connection: DuckDBConnection, tables: readonly string[], sql: string): Promise<Answer> {
  try {
    const reader = await connection.runAndReadAll(sql)
    return { columns: reader.deduplicatedColumnNames(), rows: reader.getRowsJS().map((row) => row.map(plain)) }
  } catch (cause) {
    throw new Error(explain(cause, tables), { cause })
  }
}

function plain(cell: unknown): unknown {
  if (typeof cell === "bigint")
    return cell <= BigInt(Number.MAX_SAFE_INTEGER) && cell >= -BigInt(Number.MAX_SAFE_INTEGER) ? Number(cell) : cell
  if (cell instanceof Date) return cell.toISOString()
  return cell
}

function explain(cause: unknown, tables: readonly string[]): string {
  const message = cause instanceof Error ? cause.message : String(cause)
  const missing = /Table with name (.+?) does not exist/.exec(message)
  if (missing)
    return `there is no table ${missing[1]} in this run; the tables are ${tables.length > 0 ? tables.join(", ") : "none"}`
  // DuckDB prints the statement and a caret below; the sentence and its candidates are enough.
  const [first, second = ""] = message.split("\n").filter((line) => line.trim() !== "")
  const candidates = second.startsWith("Candidate bindings") ? `. ${second}` : ""
  return `the query failed: ${first.replace(/^\w+ Error: /, "").replace(/[.!]$/, "")}${candidates}`
}

const firstLine = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause)).split("\n")[0]

export type Format = "text" | "csv" | "json"

/** Prints an answer for people (aligned text), spreadsheets (CSV, RFC 4180) or programs (a JSON array of objects). Ends with a newline. */
export function print({ columns, rows }: Answer, format: Format): string {
  if (format === "json") {
    const objects = rows.map((row) => Object.fromEntries(columns.map((c, k) => [c, row[k]])))
    return `${JSON.stringify(objects, (_, v: unknown) => (typeof v === "bigint" ? String(v) : v), 2)}\n`
  }
  if (format === "csv") {
    const quote = (s: string) => (/[",\r\n]/.test(s) ? `"${s.replaceAll('"', '""')}"` : s)
    return [columns, ...rows].map((row) => `${row.map((cell) => quote(say(cell))).join(",")}\n`).join("")
  }
  const cells = rows.map((row) => row.map(say))
  const widths = columns.map((c, k) => cells.reduce((w, row) => Math.max(w, row[k].length), c.length))
  const isNumeric = columns.map((_, k) => rows.some((r) => r[k] !== null) && rows.every((r) => isNumber(r[k])))
  const line = (row: readonly string[]) =>
    row
      .map((cell, k) => (isNumeric[k] ? cell.padStart(widths[k]) : cell.padEnd(widths[k])))
      .join("  ")
      .trimEnd()
  return `${[line(columns), line(widths.map((w) => "─".repeat(w))), ...cells.map(line)].join("\n")}\n`
}

const isNumber = (cell: unknown) => cell === null || typeof cell === "number" || typeof cell === "bigint"

const say = (cell: unknown): string =>
  cell === null || cell === undefined
    ? ""
    : typeof cell === "object"
      ? JSON.stringify(cell, (_, v: unknown) => (typeof v === "bigint" ? String(v) : v))
      : String(cell as number | string | boolean | bigint)
