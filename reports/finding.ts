/** The answer in one sentence and one figure with its interval, computed from the recorded columns. */
import type { Data } from "./data.ts"
import { inOrder, speak, unitsOf, windowOf, type Manifest } from "./manifest.ts"
import { clock, instant, longDay, percent, span, whole } from "./number.ts"

export interface LossRow {
  readonly network: string
  readonly window_offered_milli: number | bigint | null
  readonly window_served_milli: number | bigint | null
  readonly window_worst: number | null
  readonly offered_milli: number | bigint | null
  readonly served_milli: number | bigint | null
  readonly degraded_milli: number | bigint | null
}

export interface SweptRow {
  readonly axis: string
  readonly parameter: string
  /** In the parameter's own unit; permille for shares. */
  readonly value: number
  readonly network: string
  readonly served: number
  readonly served_low: number
  readonly served_high: number
  readonly seeds: number
}

/** What one network lost, as a fraction of what it was asked, with the interval the sweep gives. */
export interface Loss {
  readonly network: string
  readonly lost: number
  readonly interval: readonly [low: number, high: number] | null
}

export interface Finding {
  /** Null when nothing was offered. */
  readonly losses: readonly Loss[]
  /** What the interval covers, or why there is none. */
  readonly intervalOf: string
}

/** A fraction of two recorded sums, or null when nothing was asked. */
export const fraction = (part: number | bigint | null, all: number | bigint | null): number | null =>
  part === null || all === null || Number(all) === 0 ? null : Number(part) / Number(all)

/** Is this the axis of the unpublished depth of the failure? */
export const isDepth = (axis: string): boolean => /fail|depth/i.test(axis)
/** Is this an axis of dependence on the provider? */
export const isDependence = (axis: string): boolean => /behind|depend/i.test(axis) && !isDepth(axis)

export async function find(data: Data): Promise<Finding> {
  const rows = await data.view<LossRow>("loss")
  const swept = data.tables.includes("sweep") ? await data.view<SweptRow>("swept") : []
  const hasWindow = windowOf(data.manifest) !== null
  const axis = hasWindow ? intervalAxis(swept) : null
  const losses = inOrder(data.manifest).flatMap((network): Loss[] => {
    const row = rows.find((r) => r.network === network)
    if (row === undefined) return []
    const served = hasWindow
      ? fraction(row.window_served_milli, row.window_offered_milli)
      : fraction(row.served_milli, row.offered_milli)
    if (served === null) return []
    const own = swept.filter((s) => s.axis === axis && s.network === network)
    const interval =
      own.length > 0
        ? ([1 - Math.max(...own.map((s) => s.served_high)), 1 - Math.min(...own.map((s) => s.served_low))] as const)
        : null
    return [{ network, lost: 1 - served, interval }]
  })
  return { losses, intervalOf: explainInterval(swept, axis) }
}

/** The depth, which nobody published; else seeds, where they were drawn; else whatever was swept first. */
function intervalAxis(swept: readonly SweptRow[]): string | null {
  const axes = [...new Set(swept.map((s) => s.axis))]
  // What nobody published moves the answer more than the dice do.
  return axes.find(isDepth) ?? axes.find((a) => /^seeds?$/i.test(a)) ?? axes[0] ?? null
}

/** Shares are swept in permille and told in per cent; whatever else was swept is told as it is. */
export const sayValue =
  (parameter: string) =>
  (value: number): string =>
    /Permille$|Behind$/.test(parameter) ? percent(value / 1000) : whole(value)

function explainInterval(swept: readonly SweptRow[], axis: string | null): string {
  if (axis === null) return "One seed, no sweep: no interval."
  const own = swept.filter((s) => s.axis === axis)
  const seeds = Math.max(...own.map((s) => s.seeds))
  const drawn = seeds > 1 ? `, ${seeds} seeds each` : ""
  if (/^seeds?$/i.test(axis)) return `Interval: lowest to highest of ${whole(new Set(own.map((s) => s.value)).size)} seeds.`
  const [low, high] = [Math.min(...own.map((s) => s.value)), Math.max(...own.map((s) => s.value))]
  const say = sayValue(own[0].parameter)
  return `Interval: ${axis} from ${say(low)} to ${say(high)}${drawn}${isDepth(axis) ? "; the true value was never published" : ""}.`
}

/** The answer in one sentence. `bold` marks its figures, for the page to set. */
export function answer(m: Manifest, finding: Finding, bold: (figure: string) => string): string {
  const window = windowOf(m)
  const when =
    window === null
      ? `In the ${whole((m.endS - m.beginS) / 86_400)} days from ${longDay(m.beginS)}`
      : longDay(window.beginS) === longDay(window.endS)
        ? `On ${longDay(window.beginS)}, from ${clock(window.beginS)} to ${clock(window.endS)} UTC`
        : `From ${instant(window.beginS)} to ${instant(window.endS)}`
  if (finding.losses.length === 0) return `${when} nothing was asked of any network, so nothing can be said about loss.`
  const parts = finding.losses.map(({ network, lost, interval }) => {
    const range = interval === null ? "" : ` (${span(interval[0], interval[1])})`
    return `users of ${speak(network)} lost ${bold(percent(lost) + range)} of their ${unitsOf(m, network)}`
  })
  return `${when}, ${parts.join("; ")}.`
}
