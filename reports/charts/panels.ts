/** What a network declares of its course: prices, supply, who joins and leaves, panel by panel on one axis of time. */
import * as Plot from "@observablehq/plot"
import type { ChartDeclaration, ChartPanel } from "../../protocol/kernel/chart.ts"
import { draw, word as halo, type Canvas, type Drawn } from "../canvas.ts"
import { axisOf, courseOf, held, type Axis, type Point } from "../course.ts"
import type { Data } from "../data.ts"
import { escape } from "../layout.ts"
import { speak } from "../manifest.ts"
import { list, sentence } from "../number.ts"
import { colourOf } from "../palette.ts"

type Declared = Extract<ChartDeclaration, { kind: "panels" }>
type Line = ChartPanel["lines"][number]

interface Drawing extends Line {
  readonly points: readonly { readonly x: number; readonly y: number }[]
}

const HOUR_S = 3600
const DAY_S = 86_400
/** In pictures longer than this, counters are added up by the day. */
const LONG_S = 10 * DAY_S
const HEIGHT = 190
const MARGIN = { top: 8, bottom: 24 }
/** Names at the ends of lines: so many pixels for a letter, and from one name to the next. */
const LETTER_PX = 6.4
const NAME_PX = 14
/** Lines of one network share its hue, and are told apart by their strokes and names. */
const DASHES = ["none", "5,3", "1.5,3"]

export async function panels(data: Data, network: string, declared: Declared): Promise<Drawn> {
  const m = data.manifest
  const axis = axisOf(m)
  const binS = m.endS - axis.beginS > LONG_S ? DAY_S : HOUR_S
  const found: string[] = []
  const pictures: string[] = []
  const still: string[] = []
  for (const panel of declared.panels) {
    const lines: Drawing[] = []
    for (const line of panel.lines) {
      // oxlint-disable-next-line no-await-in-loop -- one connection
      const points = await courseOf(data, network, line.metric, axis)
      lines.push({ ...line, points: pointsOf(line, points, axis, binS).map(({ x, y }) => ({ x, y: y / panel.by })) })
    }
    const isRate = panel.lines.some((l) => l.counted === "at a time")
    const unit = isRate ? `${panel.unit} ${binS === DAY_S ? "a day" : "an hour"}` : panel.unit
    const finding = tell(panel, lines, unit)
    // A panel in which nothing moves is told, not drawn.
    if (lines.every((l) => l.isComparator || isLevel(l)) && !lines.some((l) => l.isComparator)) still.push(finding)
    else {
      found.push(finding)
      pictures.push(
        `<div><h3>${escape(sentence(panel.word))}, ${escape(unit)}</h3>${draw((canvas) => plot(network, axis, lines, canvas), sentence(finding), true)}</div>`,
      )
    }
  }
  if (pictures.length === 0) return { absent: `nothing moved: ${still.join("; ")}` }
  return {
    title: sentence(found.slice(0, 2).join("; ")),
    subtitle: `${sentence(speak(network))}: ${declared.word}, ${axis.label}${axis.window === null ? "" : "; the incident window is shaded"}. Dashed grey is what others charge.${still.length === 0 ? "" : ` Not drawn: ${list(still)}.`} Seed ${m.seed}.`,
    picture: `<div class="pair">${pictures.join("")}</div>`,
    view: "course",
  }
}

const isLevel = ({ points }: Drawing): boolean => points.every((p) => p.y === points[0].y)

/** A gauge holds from tick to tick; a counter is added up in bins, or from the picture's begin. */
function pointsOf(line: Line, points: readonly Point[], axis: Axis, binS: number): Drawing["points"] {
  if (line.counted === undefined) return held(points, axis)
  if (line.counted === "in all") {
    let sum = 0
    return points.map((p) => ({ x: axis.xOf(p.end_s), y: (sum += p.value) }))
  }
  const sums = new Map<number, { value: number; seconds: number }>()
  for (const p of points) {
    const bin = Math.floor(p.begin_s / binS)
    const { value, seconds } = sums.get(bin) ?? { value: 0, seconds: 0 }
    sums.set(bin, { value: value + p.value, seconds: seconds + p.seconds })
  }
  // A bin that the picture's edge cuts, or that a longer tick fills, counts for what it holds.
  return [...sums].flatMap(([bin, { value, seconds }]) => {
    const y = (value * binS) / seconds
    return [bin * binS, bin * binS + Math.max(binS, seconds)].map((s) => ({ x: axis.xOf(s), y }))
  })
}

const figure = (v: number): string => v.toLocaleString("en-GB", { maximumSignificantDigits: 3 })

/** What the first line did; beside comparators, what each of them is. */
function tell(panel: ChartPanel, lines: readonly Drawing[], unit: string): string {
  const [first] = lines
  const begin = (first.points.findLast((p) => p.x <= 0) ?? first.points[0]).y
  const far = first.points
    .filter((p) => p.x >= 0)
    .reduce((most, { y }) => (Math.abs(y - begin) > Math.abs(most - begin) ? y : most), begin)
  const isStill = Math.abs(far - begin) <= 0.01 * Math.max(Math.abs(far), Math.abs(begin))
  const own = lines.length > 1 ? `${panel.word}, ${first.word}:` : `${panel.word}:`
  const moved = isStill
    ? `${figure(begin)} ${unit}`
    : `from ${figure(begin)} to ${figure(far)} ${unit} at the ${far < begin ? "lowest" : "highest"}`
  const others = lines.filter((l) => l.isComparator).map((l) => `${figure(l.points.at(-1)!.y)} at ${l.word}`)
  return `${own} ${moved}${others.length === 0 ? "" : ` (${others.join(", ")})`}`
}

function plot(network: string, axis: Axis, lines: readonly Drawing[], canvas: Canvas): Plot.PlotOptions {
  const hue = colourOf(network)
  const most = Math.max(1e-9, ...lines.flatMap((l) => l.points.map((p) => p.y))) * 1.08
  const area = HEIGHT - MARGIN.top - MARGIN.bottom
  const isNamed = lines.length > 1
  const own = lines.filter((l) => !l.isComparator)
  const dash = (l: Drawing) => (l.isComparator ? "3,3" : DASHES[own.indexOf(l) % DASHES.length])
  return {
    height: HEIGHT,
    marginTop: MARGIN.top,
    marginBottom: MARGIN.bottom,
    marginLeft: 46,
    marginRight: isNamed ? 12 + LETTER_PX * Math.max(...lines.map((l) => l.word.length)) : 12,
    x: axis.options({ ...canvas, narrow: true }),
    y: { domain: [0, most], ticks: 4, label: null, grid: true, tickFormat: (v: number) => short(v) },
    marks: [
      axis.window === null
        ? null
        : Plot.rectX([{}], { x1: () => axis.window![0], x2: () => axis.window![1], fill: "var(--wash)" }),
      Plot.ruleY([0], { stroke: "var(--line)" }),
      ...lines.map((l) =>
        Plot.line(l.points, {
          x: "x",
          y: "y",
          stroke: l.isComparator ? "var(--soft)" : hue,
          strokeWidth: l.isComparator ? 1.2 : 1.8,
          strokeDasharray: dash(l),
        }),
      ),
      ...(isNamed ? named(lines, (y) => area * (1 - y / most), area) : []).map(({ l, dy }) =>
        Plot.text([l.points.at(-1)!], {
          x: "x",
          y: "y",
          dx: 6,
          dy,
          textAnchor: "start",
          text: () => l.word,
          ...halo,
          fill: l.isComparator ? "var(--soft)" : hue,
        }),
      ),
    ],
  }
}

/** How far each name must move from the end of its line so that none covers another. */
function named(
  lines: readonly Drawing[],
  pxOf: (y: number) => number,
  area: number,
): readonly { readonly l: Drawing; readonly dy: number }[] {
  const at = lines.map((l) => ({ l, px: pxOf(l.points.at(-1)!.y) })).toSorted((a, b) => a.px - b.px)
  const placed: number[] = []
  for (const { px } of at) placed.push(Math.max(px, (placed.at(-1) ?? -Infinity) + NAME_PX))
  // What was pushed out below moves up again, from the last.
  for (let i = placed.length - 1, low = area; i >= 0; i--, low = placed[i + 1] - NAME_PX) placed[i] = Math.min(placed[i], low)
  return at.map(({ l, px }, i) => ({ l, dy: placed[i] - px }))
}

const short = (v: number): string =>
  Math.abs(v) >= 1e4
    ? v.toLocaleString("en-GB", { notation: "compact", maximumSignificantDigits: 3 })
    : v.toLocaleString("en-GB", { maximumSignificantDigits: 3 })
