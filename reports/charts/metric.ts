/** Small multiples: what a network recorded about itself besides service, one little chart a metric, on one axis of time. */
import * as Plot from "@observablehq/plot"
import { draw, type Canvas, type Drawn } from "../canvas.ts"
import { hourTicks } from "../course.ts"
import type { Data } from "../data.ts"
import { escape } from "../layout.ts"
import { label, speak, windowOf } from "../manifest.ts"
import { day, scaleOf } from "../number.ts"
import { colourOf } from "../palette.ts"

interface Point {
  readonly network: string
  readonly metric: string
  readonly begin_s: number
  readonly end_s: number
  readonly seconds: number
  readonly value: number
}

/** More would not be looked at; the tables hold the rest. */
const MOST = 8
const HOUR = 3600
const DAY = 86_400

export async function metric(data: Data, network: string): Promise<Drawn> {
  const m = data.manifest
  const window = windowOf(m)
  const all = (await data.view<Point>("series")).filter((p) => p.network === network)
  const near = window === null ? all : all.filter((p) => p.end_s > window.beginS - HOUR && p.begin_s < window.endS + 4 * HOUR)
  // A sum over an hour and a sum over a minute must not share a line: only the commonest tick is drawn.
  const tick = commonest(near.map((p) => p.seconds))
  const points = near.filter((p) => p.seconds === tick)
  const names = [...new Set(points.map((p) => p.metric))].filter((n) => isMoving(points.filter((p) => p.metric === n)))
  if (names.length === 0) return { absent: `${label(network)} recorded no metric that changes in the time shown` }
  const shown = names.slice(0, MOST)
  const [from, unit] = window === null ? [m.beginS, DAY] : [window.beginS, HOUR]
  const ends = [Math.min(...points.map((p) => p.begin_s)), Math.max(...points.map((p) => p.end_s))].map((s) => (s - from) / unit)
  const pictures = shown.map((name) => {
    const own = points
      .filter((p) => p.metric === name)
      .map((p) => ({ x: ((p.begin_s + p.end_s) / 2 - from) / unit, y: p.value / (isMilli(name) ? 1000 : 1) }))
    const { by, word } = scaleOf(Math.max(...own.map((p) => Math.abs(p.y))))
    const plot = (canvas: Canvas): Plot.PlotOptions => ({
      height: 150,
      marginTop: 8,
      marginLeft: 46,
      marginRight: 10,
      marginBottom: 24,
      x: {
        ...(window === null
          ? { ticks: everyDays((m.endS - m.beginS) / DAY), tickFormat: (v: number) => day(m.beginS + v * DAY) }
          : hourTicks(ends[0], ends[1], canvas.narrow ? 4 : 6)),
        label: null,
      },
      y: {
        ticks: 3,
        tickFormat: (v: number) => (v / by).toLocaleString("en-GB", { maximumFractionDigits: 2 }),
        label: null,
        grid: true,
        zero: true,
      },
      marks: [
        window === null
          ? null
          : Plot.rectX([{ a: 0, b: (window.endS - from) / unit }], { x1: "a", x2: "b", fill: "var(--wash)" }),
        Plot.ruleY([0], { stroke: "var(--line)" }),
        Plot.line(own, { x: "x", y: "y", stroke: colourOf(network), strokeWidth: 1.6 }),
      ],
    })
    return `<div><h3>${escape(spell(name))}${word === "" ? "" : `, ${word.trim()}s`}</h3>${draw(plot, `${label(network)}: ${spell(name)} over time`, true)}</div>`
  })
  const rest = names.length > MOST ? ` ${names.length - MOST} more are in epochs_${network}.parquet.` : ""
  const time = window === null ? "by date (UTC)" : "by time since onset; the incident window is shaded"
  return {
    title: `What ${speak(network)} recorded meanwhile`,
    subtitle: `Each metric per tick of ${tick} s, ${time}. Metrics that never change are left out.${rest} Seed ${m.seed}.`,
    picture: `<div class="pair">${pictures.join("")}</div>`,
    view: "series",
  }
}

/** At most six whole days of a run, evenly apart. */
const everyDays = (days: number) => {
  const step = Math.max(1, Math.ceil(days / 5))
  return Array.from({ length: Math.floor(days / step) + 1 }, (_, i) => i * step)
}

/** Demand is recorded in thousandths and read in whole units. */
const isMilli = (name: string) => name.endsWith("_milli")
const spell = (name: string) => name.replace(/_milli$/, "").replaceAll("_", " ")

const isMoving = (points: readonly Point[]) => points.some((p) => p.value !== points[0].value)

function commonest(values: readonly number[]): number {
  const counts = new Map<number, number>()
  for (const v of values) counts.set(v, (counts.get(v) ?? 0) + 1)
  return [...counts].toSorted((a, b) => b[1] - a[1] || a[0] - b[0])[0]?.[0] ?? 0
}
