/** Columns to Parquet by DuckDB: exact, compressed with zstd, the same bytes every time, and never half a file under its final name. */
import { open, rename, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import * as duckdb from "@duckdb/node-api"
import { RecordProblem } from "./durable.ts"
import type { Shape, Table } from "../../protocol/kernel/table.ts"
import type { StoreName } from "../../protocol/kernel/unit.ts"
import { Wide } from "../../protocol/kernel/wide.ts"
import { toSnakeCase } from "./column.ts"

export { toSnakeCase } from "./column.ts"

export type ParquetType = "UTINYINT" | "USMALLINT" | "INTEGER" | "UINTEGER" | "BIGINT" | "DOUBLE" | "HUGEINT" | "VARCHAR"

type Numbers =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array
  | BigInt64Array

export interface ParquetColumn {
  readonly name: string
  readonly type: ParquetType
  readonly values: Numbers | readonly string[] | readonly bigint[] | readonly number[]
}

/** Rows DuckDB takes in one chunk; its own vector size, not a matter of taste. */
const CHUNK = 2048

/** Opens a private in-memory DuckDB that uses one thread (one order of rows, hence one set of bytes) and no network. */
export async function openDuckDb(): Promise<{ connection: duckdb.DuckDBConnection; close: () => void }> {
  const instance = await duckdb.DuckDBInstance.create(":memory:", {
    threads: "1",
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    // By default it spills into a folder of the place one happens to stand in.
    temp_directory: join(tmpdir(), "blackstart-duckdb"),
  })
  const connection = await instance.connect()
  return {
    connection,
    close: () => {
      connection.closeSync()
      instance.closeSync()
    },
  }
}

/**
 * Writes `columns`, all of one length, to a Parquet file at `path`, replacing what is there only once the new file is
 * whole and on disk. HUGEINT is stored as DECIMAL(38,0), because Parquet's own HUGEINT from DuckDB is a rounded double.
 * Throws one sentence that names the file and what to do; then neither `path` is changed nor a temporary file left.
 */
export async function writeParquet(path: string, columns: readonly ParquetColumn[]): Promise<void> {
  const rows = assertColumns(path, columns)
  const temporary = `${path}.tmp`
  try {
    const { connection, close } = await openDuckDb()
    try {
      const declared = columns.map((c) => `${identifier(c.name)} ${c.type}`).join(", ")
      await connection.run(`create table rows (${declared})`)
      await append(connection, columns, rows)
      const chosen = columns.map((c) =>
        c.type === "HUGEINT" ? `${identifier(c.name)}::DECIMAL(38,0) as ${identifier(c.name)}` : identifier(c.name),
      )
      await connection.run(
        `copy (select ${chosen.join(", ")} from rows) to ${literal(temporary)} (format parquet, compression zstd)`,
      )
    } finally {
      close()
    }
    await sync(temporary)
    await rename(temporary, path)
    await sync(dirname(path))
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => {})
    throw new RecordProblem(explain(path, cause), { cause })
  }
}

const TYPE_OF: Readonly<Record<StoreName, ParquetType>> = {
  u8: "UTINYINT",
  u16: "USMALLINT",
  i16: "INTEGER",
  u32: "UINTEGER",
  i32: "INTEGER",
  safe: "BIGINT",
  real: "DOUBLE",
  wide: "HUGEINT",
}

/** The rows of a kernel table as columns, in the order of its shape, with names in snake_case (`paidBones`, `coverage.proved`). */
export const fromTable = <S extends Shape>(table: Table<S>): ParquetColumn[] =>
  Object.entries(table.shape).map(([name, { store }]) => {
    const column = (table as unknown as Record<string, Wide | Exclude<Numbers, BigInt64Array>>)[name]
    const values =
      column instanceof Wide ? Array.from({ length: table.length }, (_, i) => column.get(i)) : column.subarray(0, table.length)
    return { name: toSnakeCase(name), type: TYPE_OF[store], values }
  })

/** An SQL identifier, quoted. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`
/** An SQL string, quoted. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

async function append(connection: duckdb.DuckDBConnection, columns: readonly ParquetColumn[], rows: number): Promise<void> {
  const appender = await connection.createAppender("rows")
  const chunk = duckdb.DuckDBDataChunk.create(columns.map((c) => duckdb[c.type]))
  for (let begin = 0; begin < rows; begin += CHUNK) {
    const end = Math.min(rows, begin + CHUNK)
    // Without a reset the strings of every earlier chunk stay in memory.
    chunk.reset()
    chunk.rowCount = end - begin
    for (let k = 0; k < columns.length; k++) fill(chunk.getColumnVector(k), columns[k], begin, end)
    appender.appendDataChunk(chunk)
  }
  appender.closeSync()
}

const RANGE: Readonly<Record<string, readonly [number, number]>> = {
  UTINYINT: [0, 0xff],
  USMALLINT: [0, 0xffff],
  INTEGER: [-0x8000_0000, 0x7fff_ffff],
  UINTEGER: [0, 0xffff_ffff],
  BIGINT: [-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
}
const BIG_RANGE: Readonly<Record<string, bigint>> = { BIGINT: (1n << 63n) - 1n, HUGEINT: 10n ** 38n - 1n }

function fill(vector: duckdb.DuckDBVector, column: ParquetColumn, begin: number, end: number): void {
  const { type, values } = column
  // The typed array behind a numeric vector is private in the declarations; copying into it is ten times faster than setItem.
  const items = (vector as unknown as { items?: Numbers }).items
  if (items !== undefined && ArrayBuffer.isView(values) && values.constructor === items.constructor)
    (items as Float64Array).set((values as Float64Array).subarray(begin, end))
  else
    for (let i = begin; i < end; i++) {
      const value = values[i]
      assertValue(column, i, value)
      const cell = (type === "BIGINT" || type === "HUGEINT") && typeof value === "number" ? BigInt(value) : value
      if (items === undefined) vector.setItem(i - begin, cell as never)
      else items[i - begin] = cell as never
    }
  vector.flush()
}

function assertValue({ name, type }: ParquetColumn, row: number, value: unknown): void {
  const fits =
    type === "VARCHAR"
      ? typeof value === "string"
      : type === "DOUBLE"
        ? typeof value === "number"
        : typeof value === "bigint"
          ? type in BIG_RANGE && value <= BIG_RANGE[type] && value >= -BIG_RANGE[type]
          : Number.isInteger(value) &&
            (type === "HUGEINT" || ((value as number) >= RANGE[type][0] && (value as number) <= RANGE[type][1]))
  if (!fits) throw new RangeError(`row ${row} of column ${name} holds ${String(value)}, which is no ${type}`)
}

function assertColumns(path: string, columns: readonly ParquetColumn[]): number {
  if (columns.length === 0) throw new Error(`${path} was not written: a Parquet file needs at least one column`)
  const rows = columns[0].values.length
  const seen = new Set<string>()
  for (const { name, values } of columns) {
    if (values.length !== rows)
      throw new Error(`${path} was not written: column ${name} has ${values.length} rows, but ${columns[0].name} has ${rows}`)
    if (seen.has(name.toLowerCase())) throw new Error(`${path} was not written: two columns are called ${name}`)
    seen.add(name.toLowerCase())
  }
  return rows
}

async function sync(path: string): Promise<void> {
  const file = await open(path, "r")
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

function explain(path: string, cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause)
  const code = (cause as { code?: string } | null)?.code
  const why = message.split("\n")[0].replaceAll(`${path}.tmp`, path)
  if (code === "ENOSPC" || /no space left/i.test(message))
    return `${path} was not written: the disk is full. Free some space or choose another folder, then run again.`
  if (code === "ENOENT" || /no such file or directory/i.test(message))
    return `${path} was not written: the folder ${dirname(path)} does not exist. Create it first.`
  if (code === "EACCES" || code === "EROFS" || /permission denied|read-only/i.test(message))
    return `${path} was not written: the folder ${dirname(path)} may not be written to. Choose another folder.`
  if (code === "EISDIR" || code === "ENOTEMPTY" || /is a directory/i.test(message))
    return `${path} was not written: a folder of that name is in the way. Remove it or choose another name.`
  return `${path} was not written: ${why}`
}
