/** Writes what a claim came to: claim.json, tidy tables as Parquet and CSV, and the dictionary of their columns. */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { replaceFile } from "../record/durable.ts"
import { writeParquet, type ParquetColumn } from "../record/parquet.ts"
import type { ClaimResult, Tidy } from "./claim.ts"

export const CLAIM_FILE = "claim.json"
export const CLAIM_FORMAT = 1

/** NaN and infinities are null in JSON; read back, a null figure is NaN. */
export async function writeClaim(dir: string, result: ClaimResult, about: object): Promise<void> {
  const { tables, ...told } = result
  const said = { ...told, tables: tables.map(({ rows, ...t }) => ({ ...t, length: rows.length })) }
  replaceFile(join(dir, CLAIM_FILE), `${JSON.stringify({ format: CLAIM_FORMAT, about, result: said }, null, 1)}\n`)
  for (const t of tables) {
    replaceFile(join(dir, `${t.name}.csv`), csvOf(t))
    // oxlint-disable-next-line no-await-in-loop -- one file at a time
    await writeParquet(join(dir, `${t.name}.parquet`), columnsOf(t))
  }
  replaceFile(join(dir, "DICTIONARY.md"), dictionaryOf(result))
}

/** What is in a folder of claims, by id; damaged and older ones are left out. Tables have no rows. */
export function readClaims(dir: string): ReadonlyMap<string, { readonly about: unknown; readonly result: ClaimResult }> {
  const found = new Map<string, { readonly about: unknown; readonly result: ClaimResult }>()
  let names: readonly string[] = []
  try {
    names = readdirSync(dir).toSorted()
  } catch {
    return found
  }
  for (const name of names) {
    try {
      const data = JSON.parse(readFileSync(join(dir, name, CLAIM_FILE), "utf8"), reviveEstimate) as {
        readonly format: number
        readonly about: unknown
        readonly result: ClaimResult
      }
      if (data.format === CLAIM_FORMAT) found.set(name, data)
    } catch {
      // No claim, or a damaged one: the index says that it has not been run.
    }
  }
  return found
}

const reviveEstimate = (key: string, value: unknown): unknown =>
  value === null && (key === "mean" || key === "low" || key === "high" || key === "deviation") ? NaN : value

const isWords = (t: Tidy, k: number): boolean => t.rows.some((r) => typeof r[k] === "string")

const columnsOf = (t: Tidy): readonly ParquetColumn[] =>
  t.columns.map((c, k) =>
    isWords(t, k)
      ? { name: c.name, type: "VARCHAR", values: t.rows.map((r) => String(r[k])) }
      : { name: c.name, type: "DOUBLE", values: Float64Array.from(t.rows, (r) => Number(r[k])) },
  )

function csvOf(t: Tidy): string {
  const cell = (x: number | string): string => {
    const text = typeof x === "number" ? (x === x ? String(x) : "") : x
    return /[",\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  return `${[t.columns.map((c) => c.name), ...t.rows.map((r) => r.map(cell))].map((r) => r.join(",")).join("\n")}\n`
}

const dictionaryOf = ({ id, words, tables }: ClaimResult): string =>
  [
    `# Data of the claim "${words}" (${id})`,
    "",
    "An empty cell (NaN in Parquet) was not there to be measured.",
    ...tables.flatMap((t) => [
      "",
      `## ${t.name}`,
      "",
      `${t.because} ${t.rows.length} rows.`,
      "",
      "| column | unit | what it is |",
      "|---|---|---|",
      ...t.columns.map((c) => `| ${c.name} | ${c.unit} | ${c.because} |`),
    ]),
    "",
  ].join("\n")
