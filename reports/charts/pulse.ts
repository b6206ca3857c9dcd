/** Signs of life of a network during an incident: gauges as they stood, and events per round with the interval of their share. */
import * as Plot from "@observablehq/plot"
import type { ChartDeclaration } from "../../protocol/kernel/chart.ts"
import { draw, type Canvas, type Drawn } from "../canvas.ts"
import { axisOf, courseOf, held, type Axis, type Point } from "../course.ts"
import type { Data } from "../data.ts"
import { escape } from "../layout.ts"
import { speak } from "../manifest.ts"
import { list, percent, sentence, whole } from "../number.ts"
import { colourOf } from "../palette.ts"

type Declared = Extract<ChartDeclaration, { kind: "pulse" }>
type Line = Declared["lines"][number]

/** Rounds are counted in bins of so many hours: enough of them for a share. */
const BIN_S = 6 * 3600
/** Half width of a 95 % interval in standard deviations. */
const Z = 1.96

export async function pulse(data: Data, network: string, declared: Declared): Promise<Drawn> {
  const m = data.manifest
  const axis = axisOf(m)
  const found: string[] = []
  const pictures: string[] = []
  for (const line of declared.lines) {
    // oxlint-disable-next-line no-await-in-loop -- one connection
    const { finding, plot } = await ("gauge" in line ? gauge(data, network, line, axis) : share(data, network, line, axis))
    found.push(finding)
    pictures.push(`<div><h3>${escape(sentence(line.word))}</h3>${draw(plot, sentence(finding), true)}</div>`)
  }
  return {
    title: sentence(list(found)),
    subtitle: `${sentence(speak(network))}: ${declared.word} while it lasted, ${axis.label}; the incident window is shaded. Shares are of ${BIN_S / 3600} hours each, with their 95 % interval (Wilson). Seed ${m.seed}.`,
    picture: `<div class="pair">${pictures.join("")}</div>`,
    view: "course",
  }
}

interface Panel {
  readonly finding: string
  readonly plot: (canvas: Canvas) => Plot.PlotOptions
}

const frame = (axis: Axis, canvas: Canvas) => ({
  height: 190,
  marginTop: 8,
  marginLeft: 46,
  marginRight: 12,
  marginBottom: 24,
  x: axis.options({ ...canvas, narrow: true }),
})
const shade = (axis: Axis) =>
  axis.window === null ? null : Plot.rectX([{}], { x1: () => axis.window![0], x2: () => axis.window![1], fill: "var(--wash)" })

async function gauge(data: Data, network: string, line: Extract<Line, { gauge: string }>, axis: Axis): Promise<Panel> {
  const points = await courseOf(data, network, line.gauge, axis)
  const alarms = await courseOf(data, network, line.alarm, axis)
  const worst = points.reduce((a, b) => (b.value > a.value ? b : a))
  const stood = alarms.filter((p) => p.value > 0).reduce((sum, p) => sum + p.seconds, 0)
  const halted = stood === 0 ? "and never halted" : `and stood still for ${Math.round(stood / 360) / 10} h`
  return {
    finding: `${line.word} was at most ${whole(worst.value)} ${line.unit} ${halted}`,
    plot: (canvas) => ({
      ...frame(axis, canvas),
      y: { ticks: 4, label: null, grid: true, domain: [0, Math.max(1, worst.value * 1.1)] },
      marks: [
        shade(axis),
        Plot.rectX(
          alarms.filter((p) => p.value > 0),
          { x1: (p: Point) => axis.xOf(p.begin_s), x2: (p: Point) => axis.xOf(p.end_s), fill: "var(--loss)", fillOpacity: 0.16 },
        ),
        Plot.ruleY([0], { stroke: "var(--line)" }),
        Plot.line(held(points, axis), { x: "x", y: "y", stroke: colourOf(network), strokeWidth: 1.8 }),
      ],
    }),
  }
}

interface Share {
  readonly x: number
  readonly share: number
  readonly low: number
  readonly high: number
}

async function share(data: Data, network: string, line: Extract<Line, { counter: string }>, axis: Axis): Promise<Panel> {
  const points = await courseOf(data, network, line.counter, axis)
  const originS = axis.endS - axis.to * (axis.window === null ? 86_400 : 3600)
  const sums = new Map<number, { hits: number; seconds: number }>()
  for (const p of points) {
    const bin = Math.floor((p.begin_s - originS) / BIN_S)
    const sum = sums.get(bin) ?? { hits: 0, seconds: 0 }
    sums.set(bin, { hits: sum.hits + p.value, seconds: sum.seconds + p.seconds })
  }
  const shares = [...sums]
    .filter(([, { seconds }]) => seconds === BIN_S)
    .map(([bin, { hits, seconds }]) => ({ x: axis.xOf(originS + (bin + 0.5) * BIN_S), ...wilson(hits, seconds / line.everyS) }))
  const inside = points.filter((p) => axis.window !== null && axis.xOf(p.begin_s) >= 0 && axis.xOf(p.end_s) <= axis.window[1])
  const counted = inside.length === 0 ? points : inside
  const rounds = counted.reduce((sum, p) => sum + p.seconds, 0) / line.everyS
  const all = wilson(
    counted.reduce((sum, p) => sum + p.value, 0),
    rounds,
  )
  return {
    finding: `${line.word} were ${percent(all.share)} of all (${percent(all.low)} to ${percent(all.high)})${inside.length === 0 ? "" : " in the window"}`,
    plot: (canvas) => ({
      ...frame(axis, canvas),
      y: { ticks: 4, label: null, grid: true, tickFormat: (v: number) => percent(v), zero: true },
      marks: [
        shade(axis),
        Plot.ruleY([0], { stroke: "var(--line)" }),
        Plot.link(shares, {
          x1: "x",
          x2: "x",
          y1: "low",
          y2: "high",
          stroke: colourOf(network),
          strokeWidth: 5,
          strokeOpacity: 0.35,
          strokeLinecap: "round",
        }),
        Plot.dot(shares, { x: "x", y: "share", r: 3.5, fill: colourOf(network) }),
      ],
    }),
  }
}

/** A share of `n` rounds with its Wilson interval. */
export function wilson(hits: number, n: number): Omit<Share, "x"> {
  if (n === 0) return { share: 0, low: 0, high: 0 }
  const p = hits / n
  const middle = (p + (Z * Z) / (2 * n)) / (1 + (Z * Z) / n)
  const half = (Z * Math.sqrt((p * (1 - p)) / n + (Z * Z) / (4 * n * n))) / (1 + (Z * Z) / n)
  return { share: p, low: Math.max(0, middle - half), high: Math.min(1, middle + half) }
}
