/** From runs to a figure with its interval. What is NaN was not measured; it is left out and counted. */
import { below, stream } from "../../../protocol/kernel/random.ts"
import { studentQuantile } from "./student.ts"

export interface Estimate {
  readonly mean: number
  /** Ends of the interval; NaN below two runs. */
  readonly low: number
  readonly high: number
  /** Standard deviation of single runs (n - 1). */
  readonly deviation: number
  /** Runs that gave a figure, and runs that did not. */
  readonly runs: number
  readonly missing: number
}

/** Mean and variance in one pass (Welford), in the order given. */
export function moments(values: ArrayLike<number>): { readonly n: number; readonly mean: number; readonly variance: number } {
  let n = 0
  let mean = 0
  let squares = 0
  for (let i = 0; i < values.length; i++) {
    const x = values[i]
    if (x !== x) continue
    n++
    const d = x - mean
    mean += d / n
    squares += d * (x - mean)
  }
  return { n, mean: n === 0 ? NaN : mean, variance: n < 2 ? NaN : squares / (n - 1) }
}

/** The mean of independent runs with Student's t interval. */
export function meanInterval(values: ArrayLike<number>, confidence: number): Estimate {
  const { n, mean, variance } = moments(values)
  const deviation = Math.sqrt(variance)
  const half = n < 2 ? NaN : (studentQuantile(0.5 + confidence / 2, n - 1) * deviation) / Math.sqrt(n)
  return { mean, low: mean - half, high: mean + half, deviation, runs: n, missing: values.length - n }
}

/** Value at share `q` of a sorted list, between neighbours in a straight line (type 7 of Hyndman and Fan). */
export function quantileOf(sorted: ArrayLike<number>, q: number): number {
  if (sorted.length === 0) return NaN
  const at = q * (sorted.length - 1)
  const i = Math.floor(at)
  const low = sorted[i]
  return i + 1 < sorted.length ? low + (at - i) * (sorted[i + 1] - low) : low
}

export const BOOTSTRAP_DRAWS = 1000

/**
 * Percentile bootstrap: `of` is asked about `draws` resamples of 0..n-1 (it is lent the indices, and must not keep them). The same
 * seed and name give the same interval.
 */
export function bootstrap(
  n: number,
  of: (picked: Uint32Array) => number,
  confidence: number,
  seed: number,
  name: string,
  draws: number = BOOTSTRAP_DRAWS,
): { readonly low: number; readonly high: number } {
  const s = stream(seed, `study.bootstrap/${name}`)
  const picked = new Uint32Array(n)
  const found = new Float64Array(draws)
  let kept = 0
  for (let b = 0; b < draws; b++) {
    for (let i = 0; i < n; i++) picked[i] = below(s, n, i, b)
    const value = of(picked)
    if (value === value) found[kept++] = value
  }
  const sorted = found.subarray(0, kept).sort()
  const tail = (1 - confidence) / 2
  return { low: quantileOf(sorted, tail), high: quantileOf(sorted, 1 - tail) }
}

export interface Paired extends Estimate {
  /** How many times fewer runs it took than with luck of their own: the variance of unpaired differences over that of paired ones. */
  readonly gain: number
}

/** Differences b - a of runs that shared their luck, pair by pair. */
export function pairedDifference(a: ArrayLike<number>, b: ArrayLike<number>, confidence: number): Paired {
  const differences = Float64Array.from({ length: Math.min(a.length, b.length) }, (_, i) => b[i] - a[i])
  const estimate = meanInterval(differences, confidence)
  const apart = moments(a).variance + moments(b).variance
  const paired = moments(differences).variance
  return { ...estimate, gain: paired > 0 ? apart / paired : NaN }
}

/** Is the interval as narrow as wanted? A relative width is of the mean; around a mean of 0 only an absolute one can be met. */
export function isPrecise(
  e: Estimate,
  wanted: { readonly halfWidth?: number | undefined; readonly relative?: number | undefined },
): boolean {
  const half = (e.high - e.low) / 2
  if (!(half >= 0)) return false
  if (wanted.halfWidth !== undefined && half <= wanted.halfWidth) return true
  if (wanted.relative !== undefined && half <= wanted.relative * Math.abs(e.mean)) return true
  return half === 0
}
