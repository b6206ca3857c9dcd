/** Which parameter decides a figure: μ* as a tornado beside μ* against σ, or first and total Sobol indices as bars with intervals. */
import * as Plot from "@observablehq/plot"
import { draw, word, type Canvas, type Chart } from "../canvas.ts"
import { scaleOf } from "../number.ts"
import { colour, colourOf } from "../palette.ts"

export interface Screening {
  readonly parameter: string
  readonly muStar: number
  readonly muStarLow: number
  readonly muStarHigh: number
  readonly mu: number
  readonly sigma: number
}
export interface Indices {
  readonly parameter: string
  readonly first: number
  readonly firstLow: number
  readonly firstHigh: number
  readonly total: number
  readonly totalLow: number
  readonly totalHigh: number
}
interface About {
  readonly measure: string
  readonly unit: string
  readonly from: string
}

const short = (parameter: string): string => parameter.slice(parameter.indexOf(".") + 1)
const digits = (x: number): string => String(Number(x.toPrecision(3)))
const ROW = 26

/** Bars by size with their intervals, and beside them what bends or depends on others. */
export function tornado(all: readonly Screening[], { measure, unit, from }: About): Chart {
  const rows = all.toSorted((a, b) => b.muStar - a.muStar)
  const { by, word: many } = scaleOf(Math.max(...rows.map((r) => Math.max(r.muStarHigh, r.sigma))))
  const [first, second] = rows
  const scaled = rows.map((r) => ({
    ...r,
    name: short(r.parameter),
    size: r.muStar / by,
    low: r.muStarLow / by,
    high: r.muStarHigh / by,
    bend: r.sigma / by,
  }))
  const said = scaled.map((r) => `${r.name} ${digits(r.size)} (${digits(r.low)} to ${digits(r.high)})`).join(", ")
  const long = Math.max(...scaled.map((r) => r.name.length))
  const bars = (canvas: Canvas): Plot.PlotOptions => ({
    height: 76 + ROW * rows.length,
    marginLeft: Math.min(canvas.narrow ? 150 : 190, 16 + 7 * long),
    marginRight: 16,
    marginBottom: 44,
    x: { label: `μ*, ${many}${unit}`, grid: true, zero: true, ticks: 4 },
    y: { label: null, domain: scaled.map((r) => r.name), tickSize: 0 },
    marks: [
      Plot.barX(scaled, {
        y: "name",
        x: "size",
        fill: (r: Screening) => colourOf(r.parameter),
        fillOpacity: 0.55,
        insetTop: 3,
        insetBottom: 3,
      }),
      Plot.ruleY(scaled, { y: "name", x1: "low", x2: "high", stroke: colour("ink"), strokeWidth: 1.5 }),
      Plot.ruleX([0], { stroke: colour("soft") }),
    ],
  })
  const most = Math.max(...scaled.map((r) => Math.max(r.high, r.bend))) * 1.05
  const plane = (canvas: Canvas): Plot.PlotOptions => ({
    height: Math.max(76 + ROW * rows.length, canvas.narrow ? 300 : 260),
    marginLeft: 50,
    marginRight: 20,
    marginBottom: 44,
    x: { label: `μ*: how much, ${many}${unit}`, grid: true, domain: [0, most], ticks: 4 },
    y: { label: "σ: how differently", grid: true, domain: [0, Math.max(...scaled.map((r) => r.bend)) * 1.15 || 1], ticks: 4 },
    marks: [
      Plot.line(
        [
          [0, 0],
          [most, most],
        ],
        { stroke: colour("soft"), strokeDasharray: "2,3", clip: true },
      ),
      Plot.ruleY(scaled, { y: "bend", x1: "low", x2: "high", stroke: colour("soft"), strokeOpacity: 0.6 }),
      Plot.dot(scaled, { x: "size", y: "bend", r: 4, fill: (r: Screening) => colourOf(r.parameter) }),
      // Only what stands out is named: the rest lies in a heap at the corner, and its names would cover each other.
      Plot.text(
        scaled.filter((r, i) => i < 5 && r.size > 0.08 * scaled[0].size),
        {
          x: "size",
          y: "bend",
          text: "name",
          dy: -9,
          textAnchor: (r: (typeof scaled)[number]) => (r.size > most / 2 ? "end" : "start"),
          ...word,
        } as never,
      ),
    ],
  })
  return {
    title:
      first.muStar > 0
        ? `${short(first.parameter)} moves ${measure} most${second !== undefined && second.muStar > 0 ? `, ${digits(first.muStar / second.muStar)} times as much as ${short(second.parameter)}` : ""}`
        : `Nothing varied moves ${measure}`,
    subtitle: `μ*: mean absolute effect of a parameter’s whole range on ${measure} (${many}${unit}), with its interval. Above the dotted line (σ = μ*) an effect bends, or depends on the others. ${from}`,
    picture: `<div class="pair"><div>${draw(bars, `μ* of ${measure}: ${said}`, true)}</div><div>${draw(plane, `σ against μ* of ${measure}`, true)}</div></div>`,
  }
}

/** Two bars a parameter: what it explains alone, and with others. */
export function indices(all: readonly Indices[], { measure, from }: About): Chart {
  const rows = all.toSorted((a, b) => b.total - a.total)
  const bars = rows.flatMap((r) => [
    { name: short(r.parameter), parameter: r.parameter, kind: "alone", value: r.first, low: r.firstLow, high: r.firstHigh },
    { name: short(r.parameter), parameter: r.parameter, kind: "in all", value: r.total, low: r.totalLow, high: r.totalHigh },
  ])
  const said = rows.map((r) => `${short(r.parameter)} ${digits(r.first)} alone, ${digits(r.total)} in all`).join("; ")
  const plot = (canvas: Canvas): Plot.PlotOptions => ({
    height: 70 + 2 * 20 * rows.length,
    marginLeft: 60,
    marginRight: 24,
    marginBottom: 44,
    x: {
      label: "share of the variance",
      grid: true,
      domain: [Math.min(0, ...bars.map((b) => b.low)), Math.max(1, ...bars.map((b) => b.high))],
      tickFormat: (v: number) => `${Math.round(v * 100)}%`,
      ticks: canvas.narrow ? 4 : 8,
    },
    fy: { label: null, domain: rows.map((r) => short(r.parameter)), axis: null, padding: 0.18 },
    y: { label: null, domain: ["alone", "in all"], tickSize: 0 },
    marks: [
      Plot.barX(bars, {
        fy: "name",
        y: "kind",
        x: "value",
        fill: (b: (typeof bars)[number]) => colourOf(b.parameter),
        fillOpacity: (b: (typeof bars)[number]) => (b.kind === "alone" ? 0.8 : 0.4),
        insetTop: 1,
        insetBottom: 1,
      } as never),
      Plot.ruleY(bars, { fy: "name", y: "kind", x1: "low", x2: "high", stroke: colour("ink"), strokeWidth: 1.5 }),
      Plot.ruleX([0], { stroke: colour("soft") }),
      Plot.text(rows, {
        fy: (r: Indices) => short(r.parameter),
        frameAnchor: "right",
        text: (r: Indices) => short(r.parameter),
        fontWeight: 600,
        ...word,
      }),
    ],
  })
  const first = rows[0]
  return {
    title:
      first.total > 0
        ? `${short(first.parameter)} is behind ${Math.round(first.total * 100)}% of how ${measure} varies`
        : `${measure} does not vary`,
    subtitle: `Share of the variance of ${measure} that goes when one parameter alone is known (dark), and that it has a part in (light), each with its interval. ${from}`,
    picture: draw(plot, `Sobol indices of ${measure}: ${said}`),
  }
}
