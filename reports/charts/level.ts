/** What a network still counts against what is truly there: levels as shares of what they were at onset. */
import * as Plot from "@observablehq/plot"
import type { ChartDeclaration } from "../../protocol/kernel/chart.ts"
import { draw, word, type Canvas, type Drawn } from "../canvas.ts"
import { axisOf, courseOf, during, held, type Axis, type Point } from "../course.ts"
import type { Data } from "../data.ts"
import { label, speak } from "../manifest.ts"
import { duration, percent, sentence } from "../number.ts"
import { colourOf } from "../palette.ts"

type Declared = Extract<ChartDeclaration, { kind: "level" }>

const PPM = 1_000_000

export async function level(data: Data, network: string, declared: Declared): Promise<Drawn> {
  const m = data.manifest
  const axis = axisOf(m)
  if (axis.window === null) return { absent: `this run has no incident to measure ${declared.word} against` }
  const there = (await courseOf(data, network, declared.away.metric, axis)).map((p) => ({ ...p, value: 1 - p.value / PPM }))
  const levels: { word: string; points: readonly Point[] }[] = []
  for (const { metric, word: name } of declared.levels) {
    // oxlint-disable-next-line no-await-in-loop -- one connection
    const points = await courseOf(data, network, metric, axis)
    const before = points.findLast((p) => axis.xOf(p.end_s) <= 0)?.value ?? points[0].value
    if (before === 0) return { absent: `${label(network)} had no ${name} at onset` }
    levels.push({ word: name, points: points.map((p) => ({ ...p, value: p.value / before })) })
  }
  const main = levels[0]
  const low = main.points.reduce((a, b) => (b.value < a.value ? b : a))
  const gone = there.reduce((a, b) => (b.value < a.value ? b : a))
  const last = main.points.at(-1)!
  const soon = there.find((p) => axis.xOf(p.end_s) > 0)
  const hour = (p: Point) => `${Math.round(axis.xOf(p.end_s))}\u00a0h`
  const title =
    low.value > 0.9995
      ? `${sentence(main.word)} never fell: nothing that counted was away for long`
      : `${sentence(main.word)} fell by ${percent(1 - low.value)}, but took ${hour(low)} to do so; ${percent(1 - last.value)} is still missing ${hour(last)} after onset`
  const now =
    soon === undefined
      ? ""
      : `; ${percent(1 - soon.value)} was away within ${duration(soon.seconds)} and ${percent(1 - gone.value)} at worst`
  const floor = Math.max(0, Math.floor((Math.min(low.value, gone.value) - 0.03) * 10) / 10)
  return {
    title,
    subtitle: `${sentence(speak(network))}: share of what counted at onset, against what was truly there${now}. Grey: gone and still counted. Red: back and not yet counted. The window from onset to main recovery is shaded, and the axis begins at ${percent(floor)}. Seed ${m.seed}.`,
    picture: draw(
      (canvas) => plot({ network, axis, there, levels, floor, thereWord: declared.away.word, low }, canvas),
      `${title}.`,
    ),
    view: "course",
  }
}

interface Drawing {
  readonly network: string
  readonly axis: Axis
  readonly there: readonly Point[]
  readonly levels: readonly { readonly word: string; readonly points: readonly Point[] }[]
  readonly floor: number
  readonly thereWord: string
  readonly low: Point
}

function plot({ network, axis, there, levels, floor, thereWord, low }: Drawing, canvas: Canvas): Plot.PlotOptions {
  const hue = colourOf(network)
  const main = levels[0].points
  // In a tick that holds counts what stood at the end of the one before.
  const gaps = there
    .slice(1)
    .flatMap((p, i) => [p.begin_s, p.end_s].map((s) => ({ x: axis.xOf(s), there: p.value, counted: main[i]?.value ?? p.value })))
  const between = (above: boolean, fill: string, fillOpacity: number) =>
    Plot.areaY(gaps, {
      x: "x",
      y1: "there",
      y2: (d: (typeof gaps)[number]) => (above === d.counted > d.there ? d.counted : d.there),
      fill,
      fillOpacity,
    })
  const gone = there.reduce((a, b) => (b.value <= a.value ? b : a))
  const falling = axis.xOf(low.end_s) * 0.22
  const valueAt = (points: readonly Point[], x: number) => points.findLast((p) => axis.xOf(p.end_s) <= x)?.value ?? 1
  return {
    marginLeft: 46,
    marginRight: canvas.narrow ? 10 : 20,
    marginTop: 18,
    marginBottom: 42,
    height: canvas.narrow ? 280 : 360,
    x: axis.options(canvas),
    y: { domain: [floor, 1.02], ticks: 5, tickFormat: (v: number) => percent(v), label: null, grid: true },
    marks: [
      Plot.rectX([{}], { x1: () => axis.window![0], x2: () => axis.window![1], fill: "var(--wash)" }),
      between(true, "var(--soft)", 0.22),
      between(false, "var(--loss)", 0.16),
      Plot.line(during(there, axis), { x: "x", y: "y", stroke: "var(--ink)", strokeWidth: 1.4, strokeDasharray: "4,3" }),
      ...levels
        .slice(1)
        .map(({ points }) =>
          Plot.line(held(points, axis), { x: "x", y: "y", stroke: hue, strokeWidth: 1.2, strokeOpacity: 0.6 }),
        ),
      Plot.line(held(main, axis), { x: "x", y: "y", stroke: hue, strokeWidth: 2.4 }),
      Plot.text([gone], {
        x: (p: Point) => axis.xOf(p.end_s),
        y: "value",
        dy: 14,
        textAnchor: canvas.narrow ? "middle" : "end",
        text: () => thereWord,
        ...word,
      }),
      Plot.text([{}], {
        x: () => falling,
        y: () => valueAt(main, falling),
        dx: 10,
        dy: -8,
        textAnchor: "start",
        text: () =>
          canvas.narrow ? levels[0].word : levels.map((l) => l.word).join(" (thin: ") + (levels.length > 1 ? ")" : ""),
        ...word,
        fill: hue,
        fontWeight: 650,
      }),
      Plot.text([{}], {
        frameAnchor: "bottom-left",
        dy: 38,
        text: () => axis.label,
        textAnchor: "start",
        fill: "var(--soft)",
      }),
    ],
  }
}
