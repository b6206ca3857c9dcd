/** The parts a report is made of, as strings of HTML: page, section, figure, table. All text is escaped here. */
import type { Chart } from "./canvas.ts"
import { sqlOf } from "./data.ts"
import { css, script } from "./style.ts"

/** Escapes text for HTML and attributes. */
export const escape = (text: unknown): string =>
  String(text).replace(/[&<>"']/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" })[c] ?? c)

/** A piece of HTML that is already escaped. */
export interface Html {
  readonly html: string
}
export const html = (text: string): Html => ({ html: text })

export interface Head {
  readonly text: string
  /** Printed small under the head. */
  readonly unit?: string
  readonly number?: boolean
}

export type Cell = string | Html | null

const cellHtml = (cell: Cell) => (cell === null ? "–" : typeof cell === "string" ? escape(cell) : cell.html)

/** A table: numbers to the right, units in the head, thousands commas left out of what is copied as CSV. */
export function table(heads: readonly Head[], rows: readonly (readonly Cell[])[], caption?: string): string {
  const name = (h: Head) => `${escape(h.text)}${h.unit === undefined ? "" : ` <small>${escape(h.unit)}</small>`}`
  const head = heads.map((h) => `<th scope="col"${h.number === true ? ' class="n"' : ""}>${name(h)}</th>`).join("")
  const body = rows.map((row) => `<tr>${row.map((cell, k) => td(cell, heads[k].number === true)).join("")}</tr>`).join("\n")
  const title = caption === undefined ? "" : `<caption>${escape(caption)}</caption>`
  return `<div class="scroll"><table>${title}<thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table></div>`
}

function td(cell: Cell, isNumber: boolean): string {
  if (!isNumber) return `<td>${cellHtml(cell)}</td>`
  const plain = typeof cell === "string" && /^[−-]?[\d,]+(\.\d+)?$/.test(cell) ? cell.replaceAll(",", "").replace("−", "-") : null
  return `<td class="n"${plain !== null && plain !== cell ? ` data-csv="${plain}"` : ""}>${cellHtml(cell)}</td>`
}

/** A section with a heading; the heading is the finding. */
export const section = (title: string, under: string, body: string): string =>
  `<section><h2>${escape(title)}</h2>${under === "" ? "" : `<p class="under">${under}</p>`}\n${body}</section>`

/** A section that is left out, in one sentence that says why. */
export const absent = (title: string, why: string): string =>
  `<section><h2>${escape(title)}</h2><p class="absent">Left out: ${escape(why)}.</p></section>`

/** The SQL of a view, folded away. */
export const query = (view: string): string =>
  `<details><summary>The query behind this picture</summary><pre><code>${escape(sqlOf(view))}</code></pre></details>`

/** A chart with its finding above and its query below. */
export const figure = (chart: Chart): string => `<h2>${escape(chart.title)}</h2><p class="under">${escape(chart.subtitle)}</p>
<figure>${chart.picture}</figure>${chart.below ?? ""}${chart.view === undefined ? "" : query(chart.view)}`

/** The whole page: one file, no network, no script needed. */
export const page = (title: string, body: string): string => `<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><title>${escape(title)}</title><link rel="icon" href="data:,">
<style>${css}</style></head>
<body>
${body}
<script>${script}</script>
</body></html>
`
