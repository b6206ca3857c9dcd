/** Predicted beside observed: two courses of one figure, the band that chance alone leaves, and the difference in words. */

export interface Point {
  /** Seconds since the scenario's begin. */
  readonly atS: number
  readonly value: number
}

export interface Comparison {
  readonly metric: string
  readonly unit: string
  /** As shares of what stood at the begin, or of a thousand where the unit is ‰. */
  readonly predicted: readonly Point[]
  readonly observed: readonly Point[]
  /** 95 % of what chance leaves of the prediction with so few sectors. */
  readonly band: readonly { readonly atS: number; readonly low: number; readonly high: number }[]
  readonly meanGap: number
  readonly worstGap: { readonly atS: number; readonly gap: number }
  /** Share of the observed samples within the band. */
  readonly within: number
  readonly words: string
}

/** The value of a course at a time: the last one told by then. */
export function at(course: readonly Point[], atS: number): number {
  let value = course.length === 0 ? Number.NaN : course[0].value
  for (const p of course) {
    if (p.atS > atS) break
    value = p.value
  }
  return value
}

/**
 * The 2.5 % and 97.5 % quantiles of the share of `n` things that are there, when each is with probability `p`: the exact binomial.
 * 1 ≤ `n` ≤ 1000, 0 ≤ p ≤ 1.
 */
export function binomialBand(n: number, p: number): { readonly low: number; readonly high: number } {
  if (p <= 0) return { low: 0, high: 0 }
  if (p >= 1) return { low: 1, high: 1 }
  // From the other end, so that the first term does not vanish.
  if (p > 0.5) {
    const { low, high } = binomialBand(n, 1 - p)
    return { low: 1 - high, high: 1 - low }
  }
  let term = (1 - p) ** n
  let sum = term
  let low = sum > 0.025 ? 0 : -1
  for (let k = 1; k <= n; k++) {
    if (low >= 0 && sum >= 0.975) return { low: low / n, high: (k - 1) / n }
    term *= ((n - k + 1) / k) * (p / (1 - p))
    sum += term
    if (low < 0 && sum > 0.025) low = k
  }
  return { low: Math.max(0, low) / n, high: 1 }
}

/** Puts two courses beside each other. `things`: how many independent sectors the observed figure is made of. */
export function compare(
  metric: string,
  unit: string,
  predictedRaw: readonly Point[],
  observedRaw: readonly Point[],
  things: number,
): Comparison {
  const isPermille = unit.startsWith("‰")
  const scale = (course: readonly Point[]): readonly Point[] => {
    const whole = isPermille ? 1000 : course.length === 0 || course[0].value === 0 ? 1 : course[0].value
    return course.map(({ atS, value }) => ({ atS, value: value / whole }))
  }
  const predicted = scale(predictedRaw)
  const observed = scale(observedRaw)
  const band = observed.map(({ atS }) => ({ atS, ...binomialBand(things, Math.min(1, Math.max(0, at(predicted, atS)))) }))
  const gaps = observed.map(({ atS, value }) => ({ atS, gap: value - at(predicted, atS) }))
  const worstGap = gaps.reduce((worst, g) => (Math.abs(g.gap) > Math.abs(worst.gap) ? g : worst), { atS: 0, gap: 0 })
  const meanGap = gaps.reduce((sum, g) => sum + Math.abs(g.gap), 0) / Math.max(1, gaps.length)
  // A thing is there or not: half of one is no difference.
  const slack = 0.5 / things
  const inside = observed.filter(({ value }, i) => value >= band[i].low - slack && value <= band[i].high + slack).length
  const within = inside / Math.max(1, observed.length)
  return {
    metric,
    unit,
    predicted,
    observed,
    band,
    meanGap,
    worstGap,
    within,
    words: say(metric, isPermille, predicted, observed, { meanGap, worstGap, within, things }),
  }
}

const percent = (x: number): string => `${(100 * x).toFixed(Math.abs(x) < 0.1 ? 1 : 0)} %`
const points = (x: number): string => `${(100 * Math.abs(x)).toFixed(1)} points`
const hours = (s: number): string => `${(s / 3600).toFixed(1)} h`

/** The course's furthest from where it began, and when. */
function extreme(course: readonly Point[]): Point {
  const first = course[0]?.value ?? 0
  return course.reduce(
    (far, p) => (Math.abs(p.value - first) > Math.abs(far.value - first) + 1e-9 ? p : far),
    course[0] ?? { atS: 0, value: 0 },
  )
}
/** When a course is first half of the way to its extreme. */
function halfway(course: readonly Point[], end: Point): number {
  const first = course[0]?.value ?? 0
  return course.find((p) => Math.abs(p.value - first) >= Math.abs(end.value - first) / 2 - 1e-9)?.atS ?? 0
}

function say(
  metric: string,
  isPermille: boolean,
  predicted: readonly Point[],
  observed: readonly Point[],
  { meanGap, worstGap, within, things }: { meanGap: number; worstGap: Comparison["worstGap"]; within: number; things: number },
): string {
  const [p, o] = [extreme(predicted), extreme(observed)]
  const what = isPermille ? metric : `${metric}, as a share of what stood at the begin,`
  const way = o.value < (observed[0]?.value ?? 0) || p.value < (predicted[0]?.value ?? 0) ? "fell to" : "rose to"
  const last = { p: predicted.at(-1)?.value ?? 0, o: observed.at(-1)?.value ?? 0 }
  const sentences = [
    `${what} was predicted to have ${way.replace("fell", "fallen").replace("rose", "risen")} ${percent(p.value)}, and ${way} ${percent(o.value)} (one sector is ${percent(1 / things)}).`,
    Math.abs(p.value - (predicted[0]?.value ?? 0)) < 0.02
      ? ""
      : `Half of the way was predicted at ${hours(halfway(predicted, p))}, and came at ${hours(halfway(observed, o))}.`,
    `At the end it stood at ${percent(last.o)}, and ${percent(last.p)} was predicted.`,
    `The mean difference is ${points(meanGap)}, the largest ${points(worstGap.gap)} at ${hours(worstGap.atS)}: the real network had ${worstGap.gap > 0 ? "more" : "less"}.`,
    `${percent(within)} of the samples lie in the band that chance leaves with ${things} sectors${within >= 0.9 ? ": the two worlds agree" : ": that is more than chance, so something differs"}.`,
  ]
  return sentences.filter((s) => s !== "").join(" ")
}
