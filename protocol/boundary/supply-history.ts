/**
 * The observed series of a network's supply as a CSV file: text in, checked rows out. Every refusal is one sentence that names
 * the file, the line, the column and the way out.
 */
import { nearest } from "../kernel/param.ts"
import { DAY } from "../kernel/clock.ts"
import type { ObservedDay } from "../networks/index.ts"
import { parseInstant, sayInstant } from "./instant.ts"
import { refuse } from "./problem.ts"

/** Days between two rows that a straight line may stand for. */
export const GAP_DAYS_MAX = 31
const PIB_PER_EIB = 1024
const MILLION = 1e6
/** More than any column can hold; a figure beyond it is in another unit. */
const MOST = 1e9

type Field = Exclude<keyof ObservedDay, "day">
interface Column {
  readonly field?: Field
  readonly unit: string
  readonly by: number
  /** Published as a negative figure; either sign is taken. */
  readonly outflow?: boolean
  readonly required?: boolean
}
const DATE = "date"
/** The columns, in the form that Starboard published them. Those without a field are taken and not used. */
export const HISTORY_COLUMNS: Readonly<Record<string, Column>> = {
  qaPowerEiB: { field: "qaPib", unit: "EiB", by: PIB_PER_EIB, required: true },
  rawPowerEiB: { field: "rawPib", unit: "EiB", by: PIB_PER_EIB, required: true },
  baselinePowerEiB: { unit: "EiB", by: PIB_PER_EIB },
  circulatingMFil: { field: "circulatingFil", unit: "million FIL", by: MILLION },
  minedMFil: { field: "mintedFil", unit: "million FIL", by: MILLION },
  vestedMFil: { field: "vestedFil", unit: "million FIL", by: MILLION },
  reserveDisbursedMFil: { unit: "million FIL", by: MILLION },
  burntMFil: { field: "burntFil", unit: "million FIL", by: MILLION, outflow: true, required: true },
  lockedMFil: { field: "lockedFil", unit: "million FIL", by: MILLION, outflow: true },
  rewardPerWinFil: { field: "rewardPerWinFil", unit: "FIL", by: 1 },
  pledgePer32GiBQaFil: { field: "pledgePer32GibFil", unit: "FIL", by: 1 },
  activeFaultsPiB: { unit: "PiB", by: 1 },
}
const NAMES = Object.keys(HISTORY_COLUMNS)
const REQUIRED = [DATE, ...NAMES.filter((n) => HISTORY_COLUMNS[n].required === true)]
const EMPTY: ObservedDay = {
  day: NaN,
  rawPib: NaN,
  qaPib: NaN,
  burntFil: NaN,
  circulatingFil: NaN,
  mintedFil: NaN,
  vestedFil: NaN,
  lockedFil: NaN,
  rewardPerWinFil: NaN,
  pledgePer32GibFil: NaN,
}

/** `2025-05-24` of a Unix day. */
export const sayDay = (unixDay: number): string => sayInstant(unixDay * DAY).slice(0, 10)

/**
 * Rows of a CSV text, in order of day; `name` is how its errors call it and `firstDay` the first Unix day they may be of.
 * Lines that are empty or begin with # are skipped. Cells of columns that are not required may be empty: not observed then.
 * Throws a ScenarioProblem for anything else that is no such series.
 */
export function readSupplyHistory(text: string, name: string, firstDay: number): ObservedDay[] {
  const lines = text
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\n|\r/)
    .map((content, i) => ({ content: content.trim(), at: `${name}, line ${i + 1}` }))
    .filter(({ content }) => content !== "" && !content.startsWith("#"))
  const [head, ...body] = lines
  if (head === undefined) refuse(`${name} is empty: it needs a line that names ${REQUIRED.join(", ")}, and a line a day`)
  const columns = readHead(head.content, head.at)
  if (body.length === 0) refuse(`${name} has no day after its head: it needs two lines or more of ${columns.join(",")}`)
  const rows: ObservedDay[] = []
  for (const { content, at } of body) {
    const row = readRow(content, at, columns)
    const before = rows.at(-1)
    if (row.day < firstDay)
      refuse(
        `${at}, column ${DATE}: ${sayDay(row.day)} is before ${sayDay(firstDay)}, the network's first whole day; remove the line`,
      )
    if (before !== undefined && row.day === before.day)
      refuse(`${at}, column ${DATE}: ${sayDay(row.day)} is there twice; keep one line a day`)
    if (before !== undefined && row.day < before.day)
      refuse(`${at}, column ${DATE}: ${sayDay(row.day)} comes after ${sayDay(before.day)}; sort the lines by date`)
    if (before !== undefined && row.day - before.day > GAP_DAYS_MAX)
      refuse(
        `${at}, column ${DATE}: ${row.day - before.day - 1} days are missing between ${sayDay(before.day)} and ${sayDay(row.day)}; add a line at least every ${GAP_DAYS_MAX} days`,
      )
    if (before !== undefined && row.burntFil < before.burntFil)
      refuse(
        `${at}, column burntMFil: ${cellOf(content, columns, "burntMFil")} is less than the line before has burnt; what is burnt stays burnt`,
      )
    rows.push(row)
  }
  if (rows.length < 2) refuse(`${name} has one day only: a series needs two lines or more`)
  return rows
}

function readHead(content: string, at: string): readonly string[] {
  const names = cells(content)
  for (const [k, n] of names.entries()) {
    if (n === DATE || NAMES.includes(n)) {
      if (names.indexOf(n) < k) refuse(`${at}: the column ${n} is there twice; keep one`)
      continue
    }
    const near = nearest(n, [DATE, ...NAMES])
    refuse(`${at}: there is no column ${quote(n)}; did you mean ${near}? There are ${[DATE, ...NAMES].join(", ")}`)
  }
  const missing = REQUIRED.find((n) => !names.includes(n))
  if (missing !== undefined) refuse(`${at}: the column ${missing} is missing; the head must name ${REQUIRED.join(", ")}`)
  return names
}

function readRow(content: string, at: string, columns: readonly string[]): ObservedDay {
  const found = cells(content)
  if (found.length !== columns.length)
    refuse(`${at}: there are ${found.length} cells, and the head names ${columns.length} columns; write ${columns.join(",")}`)
  const row: { -readonly [K in keyof ObservedDay]: number } = { ...EMPTY }
  for (const [k, column] of columns.entries()) {
    const cell = found[k]
    const where = `${at}, column ${column}`
    if (column === DATE) {
      const at = /^\d{4}-\d{2}-\d{2}$/.test(cell) ? parseInstant(cell) : undefined
      if (at === undefined) refuse(`${where}: ${quote(cell)} is no day; write one such as 2025-05-24`)
      row.day = at / DAY
      continue
    }
    const { field, unit, by, outflow = false, required = false } = HISTORY_COLUMNS[column]
    if (cell === "") {
      if (required) refuse(`${where}: the cell is empty; write a number of ${unit}`)
      continue
    }
    const value = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(cell) ? Number(cell) : NaN
    if (!Number.isFinite(value)) refuse(`${where}: ${quote(cell)} is no number; write ${unit} with a point, such as 12.5`)
    const size = outflow ? Math.abs(value) : value
    if (size < 0) refuse(`${where}: ${quote(cell)} is below 0; write ${unit} from 0`)
    if (size > MOST) refuse(`${where}: ${quote(cell)} is more than ${MOST} ${unit}; check the unit`)
    if (field !== undefined) row[field] = size * by
  }
  return row
}

/** Cells of a line, without the quotation marks some programs put around them. No cell of this format holds a comma. */
const cells = (content: string): readonly string[] =>
  content.split(",").map((c) =>
    c
      .trim()
      .replace(/^"(.*)"$/, "$1")
      .trim(),
  )
const cellOf = (content: string, columns: readonly string[], name: string): string => cells(content)[columns.indexOf(name)]
const quote = (text: string): string => JSON.stringify(text.length > 40 ? `${text.slice(0, 37)}...` : text)
