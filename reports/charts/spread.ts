/** How income spreads over nodes that were away and nodes that were not, with the incident and without it. */
import * as Plot from "@observablehq/plot"
import type { ChartDeclaration } from "../../protocol/kernel/chart.ts"
import { draw, word, type Canvas, type Drawn } from "../canvas.ts"
import { columnOf } from "../course.ts"
import type { Data } from "../data.ts"
import { label, nodeWordOf } from "../manifest.ts"
import { percent, plural, sentence } from "../number.ts"
import { colourOf } from "../palette.ts"

type Declared = Extract<ChartDeclaration, { kind: "spread" }>

interface Row {
  readonly network: string
  readonly measure: string
  readonly away: boolean
  readonly incident: "with" | "without"
  readonly nodes: number
  readonly low: number
  readonly lower: number
  readonly middle: number
  readonly upper: number
  readonly high: number
  readonly mean: number
}

export async function spread(data: Data, network: string, { measure, word: name, unit, by }: Declared): Promise<Drawn> {
  const m = data.manifest
  const rows = (await data.view<Row>("spread"))
    .filter((r) => r.network === network && r.measure === columnOf(measure))
    .map((r) => {
      const of = (v: number) => v / by
      return {
        ...r,
        low: of(r.low),
        lower: of(r.lower),
        middle: of(r.middle),
        upper: of(r.upper),
        high: of(r.high),
        mean: of(r.mean),
      }
    })
  const node = nodeWordOf(m, network)
  const [before, after] = ["without", "with"].map((i) => rows.find((r) => r.away && r.incident === i))
  if (before === undefined || after === undefined)
    return { absent: `no ${node} of ${label(network)} was away, or the run has no twin to compare it with` }
  const change = before.mean === 0 ? 0 : after.mean / before.mean - 1
  const title = `${sentence(plural(node))} that were away got ${percent(Math.abs(change))} ${change < 0 ? "less" : "more"} in ${name} on average; half of them got under ${say(after.middle)} ${unit} instead of ${say(before.middle)}`
  return {
    title,
    subtitle: `${label(network)}: ${name} of each ${node} over the run, in ${unit}. Thick: the middle half; thin: all but the lowest and highest tenth; dot: the median; tick: the mean. Sizes and luck differ more than the incident does. The axis is by square root. Seed ${m.seed}.`,
    picture: draw((canvas) => plot(network, rows, unit, canvas), title),
    view: "spread",
  }
}

const say = (v: number): string => v.toLocaleString("en-GB", { maximumSignificantDigits: 3 })

function plot(network: string, rows: readonly Row[], unit: string, canvas: Canvas): Plot.PlotOptions {
  const name = (r: Row) => `${r.away ? "were away" : "were not"}, ${r.incident}`
  const hue = (r: Row) => (r.incident === "without" ? "var(--soft)" : r.away ? "var(--loss)" : colourOf(network))
  const order = [...rows].sort((a, b) => Number(b.away) - Number(a.away) || (a.incident < b.incident ? 1 : -1))
  return {
    marginLeft: canvas.narrow ? 122 : 160,
    marginRight: 24,
    marginTop: 6,
    marginBottom: 40,
    height: 56 + order.length * 38,
    x: {
      type: "sqrt",
      domain: [0, Math.max(...rows.map((r) => Math.max(r.high, r.mean))) * 1.08],
      ticks: canvas.narrow ? 4 : 8,
      label: null,
      grid: true,
    },
    y: { domain: order.map(name), label: null, tickSize: 0 },
    marks: [
      Plot.link(order, { x1: "low", x2: "high", y: name, stroke: hue, strokeWidth: 2 }),
      Plot.link(order, { x1: "lower", x2: "upper", y: name, stroke: hue, strokeWidth: 10, strokeOpacity: 0.55 }),
      Plot.dot(order, { x: "middle", y: name, r: 5, fill: hue, stroke: "var(--paper)", strokeWidth: 1.5 }),
      Plot.tickX(order, { x: "mean", y: name, stroke: "var(--ink)", strokeWidth: 1.6, insetTop: 8, insetBottom: 8 }),
      Plot.text(order, {
        x: "mean",
        y: name,
        dy: -15,
        text: (r: Row) => `mean ${say(r.mean)}`,
        ...word,
      }),
      Plot.text([{}], {
        frameAnchor: "bottom-left",
        dx: canvas.narrow ? -60 : 0,
        dy: 36,
        text: () =>
          canvas.narrow ? `${unit}, with and without the incident` : `${unit}, with the incident and without it (the twin)`,
        textAnchor: "start",
        fill: "var(--soft)",
      }),
    ],
    color: { type: "identity" },
  }
}
