/** A network's metrics as they went, on one axis of time that the charts of an incident share: hours since onset. */
import type { Data } from "./data.ts"
import { windowOf, type Manifest } from "./manifest.ts"
import { day } from "./number.ts"
import type { Canvas } from "./canvas.ts"

export interface Point {
  readonly network: string
  readonly metric: string
  readonly begin_s: number
  readonly end_s: number
  readonly seconds: number
  readonly value: number
}

/** Time as a chart shows it: from a little before onset to the end of the run; without an incident, the whole run by days. */
export interface Axis {
  readonly xOf: (unixS: number) => number
  readonly from: number
  readonly to: number
  /** The incident window, or null. */
  readonly window: readonly [from: number, to: number] | null
  readonly beginS: number
  readonly endS: number
  readonly label: string
  readonly options: (canvas: Canvas) => object
}

const HOUR = 3600
const DAY = 86_400
/** Of the time before onset, this part of the time after it, and no more than half a day where that is less than a month. */
const BEFORE = 0.1
const BEFORE_MOST_S = 12 * HOUR
const MONTH_S = 30 * DAY
/** From so many hours on, time is told in days. */
const LONG_H = 240

export function axisOf(m: Manifest): Axis {
  const window = windowOf(m)
  const unit = window === null ? DAY : HOUR
  const origin = window === null ? m.beginS : window.beginS
  const afterS = m.endS - origin
  const beforeMostS = afterS > MONTH_S ? afterS : BEFORE_MOST_S
  const beginS = window === null ? m.beginS : Math.max(m.beginS, window.beginS - Math.min(beforeMostS, afterS * BEFORE))
  // A tick may reach out of the picture: it is cut at its edge.
  const xOf = (s: number) => (Math.min(m.endS, Math.max(beginS, s)) - origin) / unit
  const [from, to] = [xOf(beginS), xOf(m.endS)]
  return {
    xOf,
    from,
    to,
    window: window === null ? null : [0, xOf(window.endS)],
    beginS,
    endS: m.endS,
    label: window === null ? "by date (UTC)" : isLong(to - from) ? "days since onset" : "hours since onset",
    options: (canvas) => ({
      domain: [from, to],
      ...(window === null
        ? {
            ticks: multiples(from, to, stepOf((to - from) / (canvas.narrow ? 5 : 9), false)),
            tickFormat: (v: number) => day(m.beginS + v * DAY),
          }
        : hourTicks(from, to, canvas.narrow ? 5 : 9)),
      label: null,
    }),
  }
}

const isLong = (hours: number): boolean => hours > LONG_H

/** Some `n` ticks of an axis in hours; where it is long they are whole days, and written so. */
export const hourTicks = (from: number, to: number, n: number) =>
  isLong(to - from)
    ? { ticks: multiples(from, to, stepOf((to - from) / 24 / n, false) * 24), tickFormat: (v: number) => `${v / 24} d` }
    : { ticks: multiples(from, to, stepOf((to - from) / n, true)), tickFormat: (v: number) => `${v} h` }

const stepOf = (atLeast: number, hours: boolean): number =>
  (hours ? [1, 2, 3, 6, 12, 24, 48, 72, 168] : [1, 2, 5, 7, 14, 30, 60, 90, 180, 365]).find((s) => s >= atLeast) ?? atLeast
const multiples = (from: number, to: number, step: number): readonly number[] =>
  Array.from({ length: Math.floor(to / step) - Math.ceil(from / step) + 1 }, (_, i) => (Math.ceil(from / step) + i) * step)

/** Column of a metric in the tables: `power.qa` → `power_qa`, `f3.operatorsThird` → `f3_operators_third`. */
export const columnOf = (metric: string): string =>
  metric.replaceAll(/[.-]/g, "_").replaceAll(/[A-Z]/g, (c) => `_${c.toLowerCase()}`)

/** Every point of one metric within the axis, in order of time. Throws one sentence when it was not recorded. */
export async function courseOf(data: Data, network: string, metric: string, axis: Axis): Promise<readonly Point[]> {
  const all = (await data.view<Point>("course")).filter((p) => p.network === network && p.metric === columnOf(metric))
  if (all.length === 0) throw new Error(`the table of epochs has no column ${columnOf(metric)}`)
  return all.filter((p) => p.end_s > axis.beginS && p.begin_s < axis.endS)
}

/** A gauge, which is recorded at the end of its tick and holds until the next. */
export const held = (points: readonly Point[], axis: Axis, of: (value: number) => number = (v) => v) =>
  points
    .flatMap((p, i) => [
      { x: axis.xOf(p.end_s), y: of(p.value) },
      { x: axis.xOf(points[i + 1]?.end_s ?? axis.endS), y: of(p.value) },
    ])
    .filter((p, i, all) => i === 0 || i === all.length - 1 || all[i - 1].y !== p.y || all[i + 1].y !== p.y)

/** What was true while a tick lasted: drawn from its begin to its end. */
export const during = (points: readonly Point[], axis: Axis) =>
  points
    .flatMap((p) => [
      { x: axis.xOf(p.begin_s), y: p.value },
      { x: axis.xOf(p.end_s), y: p.value },
    ])
    .filter((p, i, all) => i === 0 || i === all.length - 1 || all[i - 1].y !== p.y || all[i + 1].y !== p.y)
