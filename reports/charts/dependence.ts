/** Where a network falls like the CDN: what it serves against the share of it that depends on the failing provider. */
import * as Plot from "@observablehq/plot"
import { draw, word, type Canvas, type Drawn } from "../canvas.ts"
import type { Data } from "../data.ts"
import { fraction, isDependence, type LossRow, type SweptRow } from "../finding.ts"
import { inOrder, label, speak, unitsOf } from "../manifest.ts"
import { percent, sentence } from "../number.ts"
import { colourOf, isReference } from "../palette.ts"

export interface Line {
  readonly network: string
  readonly axis: string
  readonly rows: readonly SweptRow[]
}

export async function dependence(data: Data): Promise<Drawn> {
  if (!data.tables.includes("sweep")) return { absent: "this run has no sweep, so only one share of dependence was tried" }
  const swept = await data.view<SweptRow>("swept")
  const lines = linesOf(
    data,
    swept.filter((r) => isDependence(r.axis)),
  )
  if (lines.length === 0) return { absent: "the sweep of this run does not vary how much depends on the provider" }
  const own = lines.filter((l) => !isReference(l.network))
  const level = await referenceLevel(data, lines)
  const title = own.length === 0 ? "Only the centralised comparator was swept" : findingOf(own, level)
  const seeds = Math.max(...swept.map((r) => r.seeds))
  const reference = level === null ? "" : " The grey line is the CDN in the same incident."
  const what = own.length === 0 ? "demand" : unitsOf(data.manifest, own[0].network)
  return {
    title,
    subtitle: `Share of ${what} served in the incident window against the share that depends on the failing provider.${reference} ${seeds > 1 ? `Bands: lowest to highest of ${seeds} seeds.` : "One seed, so no interval."} Seed ${data.manifest.seed}.`,
    picture: draw((canvas) => curves(own, level, canvas, 1000), title),
    view: "swept",
  }
}

/** One line a network and axis, in the order of the run; the axis tells what depends: gateways, users. */
export const linesOf = (data: Data, rows: readonly SweptRow[]): Line[] =>
  inOrder(data.manifest).flatMap((network) =>
    [...new Set(rows.map((r) => r.axis))].flatMap((axis) => {
      const own = rows.filter((r) => r.network === network && r.axis === axis)
      return own.length > 0 ? [{ network, axis, rows: own }] : []
    }),
  )

/** What the CDN served: from this run's own window, else its mean over the sweep; null when there is no CDN. */
async function referenceLevel(data: Data, lines: readonly Line[]): Promise<number | null> {
  const loss = (await data.view<LossRow>("loss")).find((r) => isReference(r.network))
  const served = loss === undefined ? null : fraction(loss.window_served_milli, loss.window_offered_milli)
  if (served !== null) return served
  const rows = lines.filter((l) => isReference(l.network)).flatMap((l) => l.rows)
  return rows.length === 0 ? null : rows.reduce((sum, r) => sum + r.served, 0) / rows.length
}

/** Where each line falls to the level of the CDN (between two swept values by a straight line), and which never does. */
function findingOf(lines: readonly Line[], level: number | null): string {
  const met = lines.map((line) => ({ ...line, at: level === null ? null : crossing(line.rows, level) }))
  const falls = met.filter((l) => l.at !== null)
  const holds = met.filter((l) => l.at === null)
  const said = [
    ...falls.map(
      (l) =>
        `${speak(l.network)} falls as far as the CDN once about ${Math.round(l.at! * 100)}% of its ${whatDepends(l.axis)} are behind the provider`,
    ),
    ...holds.map((l) => {
      const last = l.rows.at(-1)!
      const share = last.value === 1000 ? "all" : `${percent(last.value / 1000)} of`
      return `with ${share} its ${whatDepends(l.axis)} behind it, ${speak(l.network)} still serves ${percent(last.served)}`
    }),
  ]
  return sentence(said.join("; "))
}

function crossing(rows: readonly SweptRow[], level: number): number | null {
  for (let i = 0; i < rows.length; i++) {
    if (rows[i].served > level) continue
    if (i === 0) return rows[0].value / 1000
    const [a, b] = [rows[i - 1], rows[i]]
    return (a.value + ((a.served - level) / (a.served - b.served)) * (b.value - a.value)) / 1000
  }
  return null
}

/** `share of hotspots behind the provider` → `hotspots`; `gateway share behind the provider` → `gateways`. */
const whatDepends = (axis: string) =>
  /share of (.+?) (behind|that)/i.exec(axis)?.[1] ?? `${axis.replace(/\s*share.*$/i, "")}s`.replace(/ss$/, "s")

/** Lines with their intervals over a swept share; `level` is drawn as the grey reference. Solid first, dashed next. */
export function curves(
  lines: readonly Line[],
  level: number | null,
  canvas: Canvas,
  top: number,
  xLabel = "share behind the failing provider",
  say: (value: number) => string = (value) => percent(value / 1000),
): Plot.PlotOptions {
  const axes = [...new Set(lines.map((l) => l.axis))]
  const dash = (axis: string) => (axes.indexOf(axis) === 0 ? undefined : `${7 - axes.indexOf(axis)},4`)
  const values = lines.flatMap((l) => l.rows.map((r) => r.value))
  const from = Math.min(0, ...values)
  // A few whole things, such as copies, have no halves between them.
  const isCount = top <= 12 && say(1) === "1" && values.every(Number.isInteger)
  const whole = Array.from({ length: Math.floor(top - from) + 1 }, (_, i) => from + i)
  return {
    marginLeft: 44,
    marginRight: 20,
    marginTop: 14,
    marginBottom: 46,
    height: canvas.narrow ? 270 : 330,
    x: { domain: [from, top], ticks: isCount ? whole : canvas.narrow ? 4 : 8, tickFormat: say, label: null },
    y: { domain: [0, 1], ticks: [0, 0.25, 0.5, 0.75, 1], tickFormat: (v: number) => `${v * 100}%`, label: null },
    marks: [
      Plot.ruleY([0, 0.25, 0.5, 0.75, 1], { stroke: "var(--line)" }),
      level === null ? null : Plot.ruleY([level], { stroke: "var(--cdn)", strokeWidth: 2 }),
      level === null
        ? null
        : Plot.text([{}], {
            x: () => from + (top - from) * 0.02,
            y: () => level,
            dy: 13,
            textAnchor: "start",
            text: () => `CDN, ${percent(level)}`,
            ...word,
            fill: "var(--cdn)",
            fontWeight: 650,
          }),
      ...lines.flatMap(({ network, axis, rows }) => [
        Plot.areaY(rows, { x: "value", y1: "served_low", y2: "served_high", fill: colourOf(network), fillOpacity: 0.22 }),
        Plot.line(rows, { x: "value", y: "served", stroke: colourOf(network), strokeWidth: 2.2, strokeDasharray: dash(axis) }),
        Plot.dot(rows, { x: "value", y: "served", r: 3, fill: colourOf(network) }),
      ]),
      ...lines.map((l, i) => direct(l, lines, i, axes.length > 1, top, canvas)),
      Plot.text([{}], { frameAnchor: "bottom-left", dy: 40, text: () => xLabel, textAnchor: "start", fill: "var(--soft)" }),
    ],
  }
}

/** The name of a line, near its right end, above the highest line and below the others. */
function direct(line: Line, all: readonly Line[], i: number, severalAxes: boolean, top: number, canvas: Canvas) {
  // Names of many lines are spread along them, so that lines close together do not stack their names.
  const at = top * (all.length > 2 ? 0.25 + (0.6 * i) / (all.length - 1) : canvas.narrow ? 0.62 : 0.68)
  const row = line.rows.reduce((best, r) => (Math.abs(r.value - at) < Math.abs(best.value - at) ? r : best))
  const isHighest = all.every((other, k) => k === i || (other.rows.find((r) => r.value === row.value)?.served ?? 0) <= row.served)
  const below = !isHighest || row.served > 0.93
  const text = severalAxes
    ? `${label(line.network)}: ${whatDepends(line.axis)}${canvas.narrow ? "" : " behind it"}`
    : label(line.network)
  return Plot.text([row], {
    x: "value",
    y: below ? "served_low" : "served_high",
    dy: below ? 16 : -14,
    dx: below ? -6 : 6,
    textAnchor: below ? "end" : "start",
    text: () => text,
    ...word,
    fill: colourOf(line.network),
    fontWeight: 650,
  })
}
