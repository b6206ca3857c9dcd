/** The measured course of an incident beside its record: what was left over time, and the steps that were published. */
import * as Plot from "@observablehq/plot"
import { draw, word, type Canvas, type Drawn } from "../canvas.ts"
import type { Data } from "../data.ts"
import { escape } from "../layout.ts"
import { label, speak, nodeWordOf, unitsOf, type Manifest, windowOf } from "../manifest.ts"
import { percent, plural, sentence } from "../number.ts"
import { colourOf } from "../palette.ts"

interface Comparison {
  readonly network: string
  readonly plane: string
  readonly isFocused: boolean
  readonly steps: readonly { readonly atS: number; readonly phase: string; readonly what: string; readonly left?: number }[]
  readonly course: readonly { readonly fromS: number; readonly toS: number; readonly left: number }[]
}

const HOUR = 3600
/** Of the incident, shown before its onset and after its end. */
const MARGIN = 0.12

export async function record({ manifest }: Data): Promise<Drawn> {
  const { comparison: c, onsetS } = manifest as Manifest & { readonly comparison?: Comparison }
  if (c === undefined || onsetS === undefined || onsetS === null) return { absent: "this run keeps no record of an incident" }
  const lastS = c.steps.reduce((last, s) => Math.max(last, s.atS), windowOf(manifest)?.endS ?? onsetS + HOUR / 2)
  const margin = (lastS - onsetS) * MARGIN
  const [fromS, toS] = [onsetS - margin, Math.min(manifest.endS, lastS + margin)]
  const inHours = toS - fromS > 4 * HOUR
  const unit = inHours ? HOUR : 60
  const x = (atS: number): number => (Math.min(toS, Math.max(fromS, atS)) - onsetS) / unit
  const measured = c.course
    .filter((p) => p.toS > fromS && p.fromS < toS)
    .flatMap((p) => [
      { x: x(p.fromS), y: p.left },
      { x: x(p.toS), y: p.left },
    ])
  const shown = c.steps.filter((s) => s.atS >= fromS && s.atS <= toS).map((s, k) => ({ ...s, x: x(s.atS), n: k + 1 }))
  const levels = shown.filter((s) => s.left !== undefined)
  const lowest = measured.reduce((low, p) => Math.min(low, p.y), 1)
  const published = levels.reduce((low, s) => Math.min(low, s.left!), 1)
  const what = spoken(manifest, c)
  const title = sentence(
    `${what} fell to ${percent(lowest)}; ${levels.length === 0 ? "no level was published" : `published: ${percent(published)}`}`,
  )
  const plot = (canvas: Canvas): Plot.PlotOptions => ({
    height: 280,
    marginTop: 26,
    marginLeft: 46,
    marginRight: 14,
    marginBottom: 26,
    x: {
      domain: [x(fromS), x(toS)],
      ticks: canvas.narrow ? 4 : 8,
      tickFormat: (v: number) => `${v} ${inHours ? "h" : "min"}`,
      label: null,
    },
    y: { domain: [0, 1], ticks: 5, tickFormat: (v: number) => `${v * 100}%`, label: null, grid: true },
    marks: [
      Plot.ruleX(shown, { x: "x", stroke: "var(--line)", strokeDasharray: "2,3" }),
      Plot.line(measured, { x: "x", y: "y", stroke: colourOf(c.network), strokeWidth: 2.2 }),
      Plot.dot(levels, { x: "x", y: "left", r: 6, stroke: "var(--ink)", strokeWidth: 1.6 }),
      Plot.text(inPlace(shown, (x(toS) - x(fromS)) / (canvas.narrow ? 22 : 50)), {
        x: "x",
        frameAnchor: "top",
        dy: -14,
        text: (s: { readonly n: number }) => String(s.n),
        ...word,
        fill: "var(--soft)",
      }),
    ],
  })
  const moments = shown.map(
    (s) =>
      `<li value="${s.n}"><b>${escape(new Date(s.atS * 1000).toISOString().slice(5, 16).replace("T", " "))}</b> ${escape(s.phase.replaceAll("_", " "))}: ${escape(s.what)}${s.left === undefined ? "" : ` (${percent(s.left)} left)`}</li>`,
  )
  return {
    title,
    subtitle: `Line: share of ${what} left, as simulated, by ${inHours ? "hours" : "minutes"} since onset. Rings: levels that were published. Numbers: the steps on record, below.`,
    picture: draw(plot, title),
    below: `<ol class="moments">${moments.join("")}</ol>`,
  }
}

/** Steps whose number has room beside the last one written. */
function inPlace<T extends { readonly x: number }>(steps: readonly T[], apart: number): readonly T[] {
  let last = -Infinity
  return steps.filter((s) => {
    if (s.x - last < apart) return false
    last = s.x
    return true
  })
}

function spoken(m: Manifest, c: Comparison): string {
  switch (c.plane) {
    case "nodes":
      return `${speak(c.network)}\u2019s ${plural(nodeWordOf(m, c.network))} taking part`
    case "ledger":
      return `the pulse of ${label(c.network)}\u2019s ledger`
    case "control":
      return `${speak(c.network)}\u2019s control plane`
    default:
      return `${speak(c.network)}\u2019s ${unitsOf(m, c.network)}${c.isFocused ? " in the place that failed" : ""}`
  }
}
