/** Availability over time, every network on one scale, with the moments of the incident written where they happened. */
import * as Plot from "@observablehq/plot"
import { draw, word, type Canvas, type Drawn } from "../canvas.ts"
import type { Data } from "../data.ts"
import { escape } from "../layout.ts"
import { inOrder, label, speak, unitsOf, windowOf, type Manifest } from "../manifest.ts"
import { clock, day, list, percent, sentence } from "../number.ts"
import { colourOf } from "../palette.ts"

interface Row {
  readonly network: string
  readonly begin_s: number
  readonly end_s: number
  readonly served: number
}

/** A moment placed on the chart: minutes from onset and the number it has in the list below. */
interface Placed {
  readonly minute: number
  readonly label: string
  readonly number: number
}

const MINUTE = 60
const DAY = 86_400
/** Moments later than two days after onset are no part of the incident. */
const LATEST_MIN = (2 * DAY) / MINUTE
/** From so many minutes on, time is told in hours, and from so many in days. */
const LONG_MIN = 12 * 60
const DAYS_MIN = (10 * DAY) / MINUTE

export async function availability(data: Data): Promise<Drawn> {
  const rows = await data.view<Row>("availability")
  if (rows.length === 0) return { absent: "no tick of this run was offered any demand, so there is no availability to draw" }
  return windowOf(data.manifest) === null ? byDay(data.manifest, rows) : byMinute(data.manifest, rows)
}

/** The incident: from half an hour before onset to a little after the last moment. */
function byMinute(m: Manifest, rows: readonly Row[]): Drawn {
  const { beginS: onset, endS: recovered } = windowOf(m)!
  const moments = momentsOf(m, onset)
  const last = moments.reduce((latest, x) => Math.max(latest, x.minute), (recovered - onset) / MINUTE)
  const isDays = last > DAYS_MIN
  // What came before a slow incident is shown as long as it can be seen.
  const [from, to] = isDays
    ? [-Math.min(last * 0.1, (onset - m.beginS) / MINUTE), Math.min(last * 1.12, (m.endS - onset) / MINUTE)]
    : [-30, last + Math.max(20, last * 0.12)]
  const isLong = to - from > LONG_MIN
  const [unit, each] = isDays ? ["days", DAY / MINUTE] : isLong ? ["hours", 60] : ["minutes", 1]
  // A coarse tick may reach out of the picture: it is cut at its edge.
  const minuteOf = (s: number) => Math.min(to, Math.max(from, (s - onset) / MINUTE))
  const shown = rows.filter((r) => minuteOf(r.end_s) > from && minuteOf(r.begin_s) < to)
  const networks = inOrder(m).filter((n) => shown.some((r) => r.network === n))
  if (networks.length === 0) return { absent: "the recorded ticks do not reach the incident" }
  const inside = shown.filter((r) => r.begin_s >= onset && r.end_s <= recovered)
  const worst = networks.map((n) => ({ n, low: least(inside.filter((r) => r.network === n)) }))
  const finding = worst.map(({ n, low }) => `${speak(n)} served ${percent(low)} of ${unitsOf(m, n)}`)
  const picture = draw((canvas) => plot(canvas), `Availability by minute. At the worst moment ${list(finding)}.`)

  function plot(canvas: Canvas): Plot.PlotOptions {
    const margin = { marginLeft: 44, marginRight: canvas.narrow ? 8 : 12, marginBottom: 52 }
    const pxPerMinute = (canvas.width - margin.marginLeft - margin.marginRight) / (to - from)
    const words = moments.map((x) => ({ ...x, text: canvas.narrow ? String(x.number) : shortened(x.label) }))
    const lanes = inLanes(
      words.map((x) => ({ x: (x.minute - from) * pxPerMinute, width: x.text.length * 5.7 + 10 })),
      (to - from) * pxPerMinute,
    )
    const marginTop = 8 + 14 * (1 + Math.max(-1, ...lanes.map((l) => l.lane)))
    const rough = (to - from) / (canvas.narrow ? 5 : 10)
    const step = isDays ? dayStepOf(rough / each) * each : stepOf(rough)
    return {
      ...margin,
      marginTop,
      height: marginTop + (canvas.narrow ? 230 : 262) + margin.marginBottom,
      x: {
        domain: [from, to],
        ticks: multiples(from, to, step),
        tickFormat: (t: number) =>
          `${t / each}${isDays ? " d" : isLong ? " h" : ""}\n${isDays ? day(onset + t * MINUTE) : clock(onset + t * MINUTE)}`,
        label: null,
      },
      y: { domain: [0, 1], ticks: [0, 0.25, 0.5, 0.75, 1], tickFormat: (v: number) => `${v * 100}%`, label: null },
      marks: [
        Plot.ruleY([0, 0.25, 0.5, 0.75, 1], { stroke: "var(--line)" }),
        Plot.rectX([{ a: 0, b: minuteOf(recovered) }], { x1: "a", x2: "b", fill: "var(--wash)" }),
        ...words.map((x, i) =>
          Plot.ruleX([x], {
            x: "minute",
            stroke: "var(--soft)",
            strokeOpacity: 0.55,
            strokeDasharray: "2,3",
            insetTop: -(lanes[i].lane * 14 + 15),
          }),
        ),
        ...words.map((x, i) =>
          Plot.text([x], {
            x: "minute",
            frameAnchor: "top",
            dy: -(lanes[i].lane * 14 + 5),
            lineAnchor: "bottom",
            dx: 3 + lanes[i].shift,
            textAnchor: "start",
            text: "text",
            fill: "var(--ink)",
            fontSize: 11,
          }),
        ),
        ...networks.map((n) =>
          area(
            shown.filter((r) => r.network === n),
            minuteOf,
          ),
        ),
        ...networks.map((n) =>
          line(
            n,
            shown.filter((r) => r.network === n),
            minuteOf,
          ),
        ),
        ...directLabels(networks, inside, minuteOf, canvas),
        Plot.text([{}], {
          frameAnchor: "bottom-left",
          dy: 50,
          dx: 0,
          text: () => `${unit} since onset, and ${isDays ? "date" : "time"} in UTC`,
          textAnchor: "start",
          fill: "var(--soft)",
        }),
      ],
    }
  }

  const told = (s: number) => (isDays ? day(s) : `${clock(s)} UTC`)
  const items = moments.map(
    (x) =>
      `<li>${clock(onset + x.minute * MINUTE)} UTC (${x.minute >= 0 ? "+" : ""}${Math.round(x.minute)} min): ${escape(x.label)}</li>`,
  )
  return {
    title: `${sentence(list(finding))} at the worst ${tickWord(inside)}`,
    subtitle: `Share of demand served in each ${tickWord(inside)}; the window from onset (${told(onset)}) to main recovery (${told(recovered)}) is shaded, what was lost is red. Seed ${m.seed}.`,
    picture,
    below: items.length > 0 ? `<ol class="moments phone">${items.join("")}</ol>` : "",
    view: "availability",
  }
}

/** A run without an incident: the whole of it, by date. */
function byDay(m: Manifest, rows: readonly Row[]): Drawn {
  const networks = inOrder(m).filter((n) => rows.some((r) => r.network === n))
  const dayOf = (s: number) => (s - m.beginS) / DAY
  const total = dayOf(m.endS)
  const lows = networks.map((n) => ({ n, low: least(rows.filter((r) => r.network === n)) }))
  const finding = lows.map(({ n, low }) => `${speak(n)} never served less than ${percent(low)} of ${unitsOf(m, n)}`)
  // A quiet run moves in the last tenths of a per cent: the axis begins at a round figure below the lowest tick, and says so.
  const gap = 1 - Math.min(...lows.map((l) => l.low))
  const floor = 1 - ([0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5].find((g) => g >= gap * 1.1) ?? 1)
  const plot = (canvas: Canvas): Plot.PlotOptions => ({
    marginLeft: 52,
    marginRight: 16,
    marginTop: 12,
    marginBottom: 40,
    height: canvas.narrow ? 240 : 300,
    x: {
      domain: [0, total],
      ticks: multiples(0, total, stepOf(total / (canvas.narrow ? 4 : 9))),
      tickFormat: (t: number) => `${Math.round(t * 100) / 100}\n${day(m.beginS + t * DAY)}`,
      label: null,
    },
    y: { domain: [floor, 1], ticks: 5, tickFormat: (v: number) => percent(v), label: null, grid: true },
    marks: [
      ...networks.map((n) =>
        line(
          n,
          rows.filter((r) => r.network === n),
          dayOf,
        ),
      ),
      ...(networks.length > 1 ? directLabels(networks, rows, dayOf, canvas) : []),
    ],
  })
  return {
    title: sentence(list(finding)),
    subtitle: `Share of demand served in each ${tickWord(rows)}, by day of the run (UTC). The axis begins at ${percent(floor)}. Seed ${m.seed}.`,
    picture: draw(plot, sentence(list(finding))),
    view: "availability",
  }
}

/** Each tick as a step that holds its value to its end, broken where nothing was asked for; points on a level line are left out. */
const steps = (rows: readonly Row[], xOf: (s: number) => number) =>
  rows
    .flatMap((r, i) => [
      ...(i > 0 && r.begin_s > rows[i - 1].end_s ? [{ x: xOf(rows[i - 1].end_s), y: Number.NaN }] : []),
      { x: xOf(r.begin_s), y: r.served },
      { x: xOf(r.end_s), y: r.served },
    ])
    .filter((p, i, all) => i === 0 || i === all.length - 1 || all[i - 1].y !== p.y || all[i + 1].y !== p.y)

const line = (network: string, rows: readonly Row[], xOf: (s: number) => number) =>
  Plot.line(steps(rows, xOf), { x: "x", y: "y", stroke: colourOf(network), strokeWidth: 2 })

const area = (rows: readonly Row[], xOf: (s: number) => number) =>
  Plot.areaY(steps(rows, xOf), { x: "x", y1: "y", y2: () => 1, fill: "var(--loss)", fillOpacity: 0.13 })

/** Names beside the lines where they are furthest apart, below each line, or above it when there is no room below. */
function directLabels(
  networks: readonly string[],
  rows: readonly Row[],
  xOf: (s: number) => number,
  canvas: Canvas,
): Plot.Markish[] {
  return networks.map((n, k) => {
    const own = rows.filter((r) => r.network === n)
    if (own.length === 0) return null
    // Two names fit above each other; more are spread along the lines.
    const place = networks.length > 2 ? (k + 1) / (networks.length + 1) : 0.5
    const centre = own[Math.floor(own.length * place)]
    const near = own.filter(
      (r) =>
        Math.abs(xOf(r.begin_s) - xOf(centre.begin_s)) <=
        (xOf(own.at(-1)!.end_s) - xOf(own[0].begin_s)) * (canvas.narrow ? 0.3 : 0.15) * (networks.length > 2 ? 0.5 : 1),
    )
    const low = least(near)
    const above = low < 0.12
    return Plot.text([{ x: xOf(centre.begin_s), y: above ? Math.max(...near.map((r) => r.served)) : low }], {
      x: "x",
      y: "y",
      dy: above ? -12 : 14,
      text: () => label(n),
      fontWeight: 650,
      fontSize: 14,
      ...word,
      fill: colourOf(n),
    })
  })
}

const least = (rows: readonly Row[]) => rows.reduce((low, r) => Math.min(low, r.served), 1)

const tickWord = (rows: readonly Row[]) => {
  const seconds = rows.length > 0 ? rows[0].end_s - rows[0].begin_s : 0
  const known: Readonly<Record<number, string>> = { [MINUTE]: "minute", 1800: "half hour", 3600: "hour", [DAY]: "day" }
  return (
    known[seconds] ?? (seconds > 3600 && seconds % 3600 === 0 ? `stretch of ${seconds / 3600} hours` : `tick of ${seconds} s`)
  )
}

function momentsOf(m: Manifest, onset: number): Placed[] {
  return (m.timeline ?? [])
    .map((x) => ({ minute: (m.beginS + x.at - onset) / MINUTE, label: x.label }))
    .filter((x) => x.label !== "" && x.minute >= -30 && x.minute <= LATEST_MIN)
    .toSorted((a, b) => a.minute - b.minute)
    .map((x, i) => ({ ...x, number: i + 1 }))
}

const shortened = (text: string) => (text.length > 36 ? `${text.slice(0, 35)}…` : text)

/** The lowest lane for each word in which it covers no other word and no line that rises to a higher one. Words are in order of x. */
export function inLanes(words: readonly { x: number; width: number }[], width: number): { lane: number; shift: number }[] {
  const placed: { lane: number; shift: number; left: number; right: number; x: number }[] = []
  for (let i = words.length - 1; i >= 0; i--) {
    const shift = Math.min(0, width - words[i].x - words[i].width)
    const [left, right] = [words[i].x + shift, words[i].x + shift + words[i].width]
    let lane = 0
    for (const other of placed) {
      const isUnder = other.x >= left && other.x <= right
      const overlaps = other.left < right && other.right > left
      if (isUnder || overlaps) lane = Math.max(lane, other.lane + 1)
    }
    placed.unshift({ lane, shift, left, right, x: words[i].x })
  }
  return placed.map(({ lane, shift }) => ({ lane, shift }))
}

/** A round step of whole days of at least `rough`. */
const dayStepOf = (rough: number) => [1, 2, 5, 7, 14, 30, 60, 90, 180, 365].find((s) => s >= rough) ?? Math.ceil(rough)
/** A round step of at least `rough`: 1, 2, 5, 10, 15, 30, 60, 120 … */
const stepOf = (rough: number) =>
  [1, 2, 5, 7, 10, 15, 30, 60, 120, 180, 360, 720, 1440].find((s) => s >= rough) ?? Math.ceil(rough)
const multiples = (from: number, to: number, step: number) =>
  Array.from({ length: Math.floor(to / step) - Math.ceil(from / step) + 1 }, (_, i) => (Math.ceil(from / step) + i) * step)
