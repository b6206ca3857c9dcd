/** A figure at every point of a study, with its interval; and of a search, the front that no other point beats. */
import * as Plot from "@observablehq/plot"
import { draw, word, type Canvas, type Chart } from "../canvas.ts"
import { scaleOf } from "../number.ts"
import { colour } from "../palette.ts"

export interface PointFigure {
  readonly label: string
  readonly mean: number
  readonly low: number | null
  readonly high: number | null
}
interface About {
  readonly measure: string
  readonly unit: string
  readonly from: string
}

export const POINTS_SHOWN = 40
const digits = (x: number): string => String(Number(x.toPrecision(3)))
const ROW = 24

/** One row a point, in the order of the study. */
export function dots(all: readonly PointFigure[], { measure, unit, from }: About): Chart {
  const { by, word: many } = scaleOf(Math.max(...all.map((p) => Math.abs(p.high ?? p.mean))))
  const rows = all.map((p) => ({ ...p, x: p.mean / by, a: (p.low ?? p.mean) / by, b: (p.high ?? p.mean) / by }))
  const most = rows.reduce((m, p) => (p.x > m.x ? p : m))
  const least = rows.reduce((m, p) => (p.x < m.x ? p : m))
  const long = Math.max(...rows.map((p) => p.label.length))
  const plot = (canvas: Canvas): Plot.PlotOptions => ({
    height: 66 + ROW * rows.length,
    marginBottom: 44,
    marginLeft: Math.min(canvas.narrow ? 170 : 320, 16 + 6.5 * long),
    marginRight: 24,
    x: { label: `${measure}, ${many}${unit}`, grid: true, zero: true, ticks: canvas.narrow ? 3 : 6 },
    y: { label: null, domain: rows.map((p) => p.label), tickSize: 0 },
    marks: [
      Plot.ruleX([0], { stroke: colour("line") }),
      Plot.ruleY(rows, { y: "label", x1: "a", x2: "b", stroke: colour("other"), strokeWidth: 2 }),
      Plot.dot(rows, { y: "label", x: "x", r: 4, fill: colour("other") }),
    ],
  })
  const title =
    most.x === least.x
      ? `${measure} is the same at every point`
      : `${measure} goes from ${digits(least.x)} (${least.label}) to ${digits(most.x)} ${many}${unit} (${most.label})`
  return {
    title,
    subtitle: `Mean of the seeds at each point, with its interval. ${from}`,
    picture: draw(plot, rows.map((p) => `${p.label}: ${digits(p.x)} (${digits(p.a)} to ${digits(p.b)})`).join("; ")),
  }
}

export interface Tried {
  readonly x: number
  readonly y: number
  readonly isFront: boolean
}

/** Two goals of a search against each other: all that was tried, and what nothing else beats. */
export function front(
  all: readonly Tried[],
  goals: readonly [string, string],
  wants: readonly [string, string],
  from: string,
): Chart {
  const best = all.filter((p) => p.isFront).toSorted((a, b) => a.x - b.x)
  const plot = (canvas: Canvas): Plot.PlotOptions => ({
    height: canvas.narrow ? 320 : 420,
    marginLeft: 64,
    marginBottom: 44,
    marginRight: 24,
    x: { label: `${goals[0]} (wanted: ${wants[0]})`, grid: true, ticks: canvas.narrow ? 4 : 8 },
    y: { label: `${goals[1]} (wanted: ${wants[1]})`, grid: true },
    marks: [
      Plot.dot(
        all.filter((p) => !p.isFront),
        { x: "x", y: "y", r: 2, fill: colour("soft"), fillOpacity: 0.5 },
      ),
      Plot.line(best, { x: "x", y: "y", stroke: colour("other"), curve: "step" }),
      Plot.dot(best, { x: "x", y: "y", r: 4, fill: colour("other") }),
      Plot.text(best.slice(0, 1), {
        x: "x",
        y: "y",
        text: () => "the front",
        dx: 8,
        textAnchor: "start",
        ...word,
        fill: colour("other"),
      }),
    ],
  })
  return {
    title: `${best.length} of ${all.length} settings are beaten by no other in both goals`,
    subtitle: `Each dot is a setting: grey tried, coloured beaten by none. Means of the seeds. ${from}`,
    picture: draw(plot, `Front of ${goals.join(" and ")}: ${best.map((p) => `${digits(p.x)}, ${digits(p.y)}`).join("; ")}`),
  }
}
