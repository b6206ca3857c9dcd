/**
 * A study's runs on disk, safe at any moment: each finished run is a sealed line of its part's journal; a part whose runs are all
 * there becomes a Parquet file, written beside and renamed, and its journal goes. Parts hold runs by number, so the tables are the
 * same whoever was first.
 */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs"
import { join } from "node:path"
import { explainFailure, RecordProblem, writeAll } from "../record/durable.ts"
import { literal, openDuckDb, writeParquet, type ParquetColumn } from "../record/parquet.ts"
import { digest } from "./job.ts"

export const PART_RUNS = 512
const PARTS = "parts"
const SEAL = 16

export interface Row {
  readonly run: number
  readonly key: string
  readonly values: readonly (number | null)[]
  readonly fingerprint: string
  /** Why it has no figures. */
  readonly failed?: string
}

/** Columns of some runs, by number. */
export type Columns = (rows: readonly Row[]) => readonly ParquetColumn[]

export interface StoreOptions {
  readonly dir: string
  readonly measures: readonly string[]
  readonly columns: Columns
  /** Writes bytes to an open file: tests hand in a disk that fills up. */
  readonly write?: (fd: number, bytes: Uint8Array, position: number) => void
}

export class Store {
  readonly #options: StoreOptions
  readonly #open = new Map<number, { readonly fd: number; size: number; readonly rows: Map<number, Row> }>()
  readonly #whole = new Set<number>()

  constructor(options: StoreOptions) {
    this.#options = options
    try {
      mkdirSync(join(options.dir, PARTS), { recursive: true })
    } catch (error) {
      throw explainFailure(error, "make the study folder", options.dir)
    }
  }

  /** Hands every run on disk to `onRow`; says in words what was damaged and set aside. */
  async recover(onRow: (row: Row) => void): Promise<readonly string[]> {
    const notes: string[] = []
    const folder = join(this.#options.dir, PARTS)
    const names = readdirSync(folder).toSorted()
    for (const name of names.filter((f) => f.endsWith(".parquet"))) {
      const path = join(folder, name)
      // oxlint-disable-next-line no-await-in-loop
      const rows = await this.#readPart(path).catch((cause: Error) => cause)
      if (rows instanceof Error) {
        notes.push(this.#setAside(path, `${path} is damaged and cannot be read`))
        continue
      }
      for (const row of rows) onRow(row)
      this.#whole.add(Number(name.slice(0, 6)))
    }
    for (const name of names.filter((f) => f.endsWith(".jsonl"))) {
      const part = Number(name.slice(0, 6))
      const path = join(folder, name)
      if (this.#whole.has(part)) {
        // It was killed between the two: the part is whole, so its journal has nothing to add.
        rmSync(path)
        continue
      }
      const { rows, size, isTorn, bad } = readJournal(path)
      if (bad > 0) notes.push(`${path}: ${bad} of its lines are damaged; those runs are run again`)
      for (const row of rows) onRow(row)
      // A line that a kill cut off is cut off the file too, so that the next one begins on its own.
      this.#journal(part, isTorn ? size : undefined, new Map(rows.map((r) => [r.run, r])))
    }
    return notes
  }

  /** Takes a run. It survives the end of this process at once, and a power cut by the next `sync`. */
  async add(row: Row): Promise<void> {
    const part = Math.floor(row.run / PART_RUNS)
    const journal = this.#open.get(part) ?? this.#journal(part, undefined, new Map())
    const body = JSON.stringify(row)
    const line = new TextEncoder().encode(`${digest(body).slice(0, SEAL)} ${body}\n`)
    try {
      ;(this.#options.write ?? writeAll)(journal.fd, line, journal.size)
    } catch (error) {
      throw explainFailure(error, "record a run in", this.#path(part, "jsonl"))
    }
    journal.size += line.length
    journal.rows.set(row.run, row)
    if (journal.rows.size === PART_RUNS) await this.#close(part)
  }

  /** Everything taken so far is on disk. */
  sync(): void {
    for (const { fd } of this.#open.values()) fsyncSync(fd)
  }

  /** All parts whole, the last one however short. */
  async finish(): Promise<readonly string[]> {
    for (const part of [...this.#open.keys()].toSorted((a, b) => a - b))
      // oxlint-disable-next-line no-await-in-loop
      await this.#close(part)
    return [...this.#whole].toSorted((a, b) => a - b).map((part) => this.#path(part, "parquet"))
  }

  /** Lets the files go, whatever is in them. */
  release(): void {
    for (const { fd } of this.#open.values()) closeSync(fd)
    this.#open.clear()
  }

  async #close(part: number): Promise<void> {
    const { fd, rows } = this.#open.get(part)!
    const ordered = [...rows.values()].toSorted((a, b) => a.run - b.run)
    await writeParquet(this.#path(part, "parquet"), this.#options.columns(ordered))
    closeSync(fd)
    rmSync(this.#path(part, "jsonl"), { force: true })
    this.#open.delete(part)
    this.#whole.add(part)
  }

  #journal(part: number, size: number | undefined, rows: Map<number, Row>) {
    const path = this.#path(part, "jsonl")
    try {
      const isNew = !existsSync(path)
      const fd = openSync(path, isNew ? "w" : "r+")
      const journal = { fd, size: size ?? (isNew ? 0 : readFileSync(path).length), rows }
      this.#open.set(part, journal)
      return journal
    } catch (error) {
      throw explainFailure(error, "open", path)
    }
  }

  async #readPart(path: string): Promise<readonly Row[]> {
    const { connection, close } = await openDuckDb()
    try {
      const { measures } = this.#options
      const columns = ["run", "key", "fingerprint", "failed", ...measures]
      const reader = await connection.runAndReadAll(
        `select ${columns.map((c) => `"${c}"`).join(", ")} from read_parquet(${literal(path)})`,
      )
      return reader.getRowsJS().map((cells) => {
        const [run, key, fingerprint, failed, ...values] = cells as [bigint, string, string, string, ...number[]]
        return {
          run: Number(run),
          key,
          fingerprint,
          values: values.map((x) => (x === null || x !== x ? null : x)),
          ...(failed === "" ? {} : { failed }),
        }
      })
    } finally {
      close()
    }
  }

  #setAside(path: string, what: string): string {
    renameSync(path, `${path}.damaged`)
    return `${what}: it was set aside as ${path}.damaged, and its runs are run again`
  }

  #path(part: number, ending: string): string {
    return join(this.#options.dir, PARTS, `${String(part).padStart(6, "0")}.${ending}`)
  }
}

/** What of a journal is whole. A last line without its end was cut off by a kill; any other that is wrong was damaged. */
function readJournal(path: string): {
  readonly rows: readonly Row[]
  readonly size: number
  readonly isTorn: boolean
  readonly bad: number
} {
  let text: string
  try {
    text = readFileSync(path, "utf8")
  } catch (error) {
    throw explainFailure(error, "read", path)
  }
  const end = text.lastIndexOf("\n") + 1
  const rows: Row[] = []
  let bad = 0
  for (const line of text.slice(0, end).split("\n").slice(0, -1)) {
    const body = line.slice(SEAL + 1)
    if (digest(body).slice(0, SEAL) !== line.slice(0, SEAL)) bad++
    else rows.push(JSON.parse(body) as Row)
  }
  return { rows, size: Buffer.byteLength(text.slice(0, end)), isTorn: end < text.length, bad }
}

export { RecordProblem }
