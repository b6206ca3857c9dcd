/** A supply over the years: observed, then the middle of many futures with the band that holds nine in ten, labelled where it ends. */
import * as Plot from "@observablehq/plot"
import { draw, word, type Canvas, type Chart } from "../canvas.ts"
import { day as sayMonth, list, sentence, whole } from "../number.ts"
import { colour, type Colour } from "../palette.ts"

/** FIL of one moment; a forecast has a band. */
export interface SupplyPoint {
  /** Unix day. */
  readonly day: number
  readonly series: "circulating" | "minted" | "locked" | "burnt"
  readonly low: number
  readonly value: number
  readonly high: number
}
export interface SupplyPicture {
  readonly token: string
  readonly study: string
  readonly runs: number
  readonly seed: number
  /** The last observed day. */
  readonly beginDay: number
  readonly observed: readonly SupplyPoint[]
  readonly forecast: readonly SupplyPoint[]
}

const SERIES: Readonly<Record<SupplyPoint["series"], Colour>> = {
  circulating: "filecoin",
  minted: "other",
  locked: "akash",
  burnt: "loss",
}
const NAMES = Object.keys(SERIES) as SupplyPoint["series"][]
const DAY_S = 86_400
const MILLION = 1e6
/** Labels closer than this many millions would cover each other. */
const LABEL_APART = 42

export const million = (fil: number): string => whole(fil / MILLION)
const between = (p: SupplyPoint): string => {
  const [low, high] = [million(p.low), million(p.high)]
  return low === high ? low : `${low} to ${high}`
}

/** What a picture shows at its end, as a sentence without its full stop. */
export function answerOf({ forecast, observed, beginDay, token }: SupplyPicture): string {
  const last = (points: readonly SupplyPoint[], name: SupplyPoint["series"]) => points.findLast((p) => p.series === name)!
  const years = Math.round((last(forecast, "circulating").day - beginDay) / 365)
  const others = (["locked", "minted", "burnt"] as const).map((n) => `${n} ${between(last(forecast, n))}`)
  return sentence(
    `in ${years === 1 ? "a year" : `${years} years`} ${between(last(forecast, "circulating"))} million ${token} circulate, against ${million(last(observed, "circulating").value)} million on ${dayOf(beginDay)}; ${list(others)}`,
  )
}

export const dayOf = (unixDay: number): string =>
  `${sayMonth(unixDay * DAY_S)} ${new Date(unixDay * DAY_S * 1000).getUTCFullYear()}`

/** The chart. Needs a point or more of every series. */
export function supply(picture: SupplyPicture): Chart {
  const { observed, forecast, beginDay, runs, seed, study, token } = picture
  const dated = (points: readonly SupplyPoint[]) =>
    points.map((p) => ({
      ...p,
      at: new Date(p.day * DAY_S * 1000),
      low: p.low / MILLION,
      value: p.value / MILLION,
      high: p.high / MILLION,
    }))
  const [past, future] = [dated(observed), dated(forecast)]
  const ends = spread(NAMES.map((n) => future.findLast((p) => p.series === n)!).filter((p) => p !== undefined))
  const { day, value } = future.findLast((p) => p.series === "circulating")!
  const title = `About ${whole(value)} million ${token} circulate by ${new Date(day * DAY_S * 1000).getUTCFullYear()}`
  const plot = (canvas: Canvas): Plot.PlotOptions => ({
    height: canvas.narrow ? 330 : 400,
    marginTop: 22,
    marginLeft: 50,
    marginRight: canvas.narrow ? 74 : 88,
    marginBottom: 28,
    x: { label: null, ticks: canvas.narrow ? 4 : 8 },
    y: { label: `million ${token}`, grid: true, zero: true, ticks: 6, tickFormat: (v: number) => whole(v) },
    marks: [
      Plot.ruleY([0], { stroke: "var(--line)" }),
      Plot.ruleX([new Date(beginDay * DAY_S * 1000)], { stroke: "var(--soft)", strokeDasharray: "2,3" }),
      Plot.text([{ at: new Date(beginDay * DAY_S * 1000) }], {
        x: "at",
        frameAnchor: "top",
        dy: -6,
        dx: 4,
        textAnchor: "start",
        lineAnchor: "bottom",
        text: () => `${runs} futures`,
        fill: "var(--soft)",
      }),
      ...NAMES.flatMap((n) => {
        const stroke = colour(SERIES[n])
        return [
          Plot.areaY(
            future.filter((p) => p.series === n),
            { x: "at", y1: "low", y2: "high", fill: stroke, fillOpacity: 0.22 },
          ),
          Plot.line(
            past.filter((p) => p.series === n),
            { x: "at", y: "value", stroke, strokeWidth: 2 },
          ),
          Plot.line(
            future.filter((p) => p.series === n),
            { x: "at", y: "value", stroke, strokeWidth: 2, strokeDasharray: "5,3" },
          ),
        ]
      }),
      Plot.text(ends, {
        x: "at",
        y: "place",
        dx: 6,
        textAnchor: "start",
        text: "series",
        ...word,
        fill: (p: (typeof ends)[number]) => colour(SERIES[p.series]),
        fontWeight: 600,
      }),
    ],
  })
  return {
    title,
    subtitle: `Million ${token} by day (UTC). Solid: observed on the chain. Dashed: the middle of ${runs} runs of ${study}; band: nine in ten of them. The bands hold what was drawn, not what is unknown. Seed ${seed}.`,
    picture: draw(plot, answerOf(picture)),
  }
}

/** End points with places for their labels, far enough apart. */
function spread<T extends { readonly value: number }>(points: readonly T[]): (T & { readonly place: number })[] {
  const placed: (T & { readonly place: number })[] = []
  let below = -Infinity
  for (const p of points.toSorted((a, b) => a.value - b.value)) {
    below = Math.max(p.value, below + LABEL_APART)
    placed.push({ ...p, place: below })
  }
  return placed
}
