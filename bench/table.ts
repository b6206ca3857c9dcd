/** Rows of results as an aligned table: text to the left, numbers to the right, units in the head or beside the number. */
import type { Timing } from "./workload.ts"

type Cell = string | number

/** Aligns `rows` under `head`. A column whose cells are all numbers, or that the head ends with a unit in brackets, goes right. */
export function align(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const right = head.map((name, k) => name.endsWith("]") || rows.every((r) => typeof r[k] === "number"))
  const text = [head, ...rows.map((r) => r.map(String))]
  const widths = head.map((_, k) => Math.max(...text.map((r) => r[k].length)))
  const line = (r: readonly string[]) =>
    r
      .map((c, k) => (right[k] ? c.padStart(widths[k]) : c.padEnd(widths[k])))
      .join("  ")
      .trimEnd()
  return [line(text[0]), widths.map((w) => "-".repeat(w)).join("  "), ...text.slice(1).map(line)].join("\n")
}

/** 12 345 678 → "12,345,678"; small numbers keep three digits. */
export const figure = (n: number): string =>
  Math.abs(n) >= 100
    ? Math.round(n)
        .toString()
        .replace(/\B(?=(\d{3})+$)/g, ",")
    : n.toPrecision(3)

/** Workload timings, each with its ratio to the bare loop of the same run. */
export const formatTimings = (rows: readonly Timing[]): string =>
  align(
    ["workload", "variant", "time [s]", "user CPU [s]", "rate [1/s]", "of user CPU [1/s]", "of", "of bare [ratio]"],
    rows.map((r) => [
      r.workload,
      r.variant,
      r.seconds.toFixed(3),
      r.userSeconds.toFixed(3),
      figure(r.rate),
      figure((r.rate * r.seconds) / r.userSeconds),
      r.unit,
      r.ratio.toFixed(2),
    ]),
  )
