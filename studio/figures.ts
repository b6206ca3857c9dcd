/** Figures made of a run's rows and incomes: totals, quantiles, inequality, and how numbers are written. */
import { percent, whole } from "../reports/number.ts"

export const sum = (values: ArrayLike<number>): number => {
  let all = 0
  for (let i = 0; i < values.length; i++) all += values[i]
  return all
}

/** Of ascending values, by nearest rank; NaN of none. */
export const quantile = (ascending: ArrayLike<number>, p: number): number =>
  ascending.length === 0 ? Number.NaN : ascending[Math.round(p * (ascending.length - 1))]

/** 0: all have the same, towards 1: one has all. Of ascending values from 0; 0 when nobody has anything. */
export function gini(ascending: ArrayLike<number>): number {
  const n = ascending.length
  let [all, weighted] = [0, 0]
  for (let i = 0; i < n; i++) {
    all += ascending[i]
    weighted += (i + 1) * ascending[i]
  }
  return all === 0 ? 0 : (2 * weighted) / (n * all) - (n + 1) / n
}

/** The Lorenz curve at `points` + 1 places: what the poorest share of nodes has of all. */
export function lorenz(ascending: ArrayLike<number>, points = 50): readonly number[] {
  const all = sum(ascending)
  const curve = [0]
  let held = 0
  let at = 0
  for (let k = 1; k <= points; k++) {
    const upto = Math.round((k * ascending.length) / points)
    for (; at < upto; at++) held += ascending[at]
    curve.push(all === 0 ? k / points : held / all)
  }
  return curve
}

/** Counts in `bins` equal bins from 0 to `most`; what is above goes into the last. */
export function histogram(values: ArrayLike<number>, most: number, bins = 24): readonly number[] {
  const counts = new Array<number>(bins).fill(0)
  for (let i = 0; i < values.length; i++)
    counts[Math.min(bins - 1, Math.max(0, most <= 0 ? 0 : Math.floor((values[i] * bins) / most)))]++
  return counts
}

const STEPS = [
  [1e18, " × 10¹⁸"],
  [1e15, " × 10¹⁵"],
  [1e12, " trillion"],
  [1e9, " billion"],
  [1e6, " million"],
] as const
/** `1.23 million`, `12,345`, `0.052`. */
export function short(n: number, digits = 3): string {
  if (!Number.isFinite(n)) return "none"
  const size = Math.abs(n)
  for (const [by, word] of STEPS) if (size >= by) return `${trim((n / by).toPrecision(digits))}${word}`
  if (size >= 1000 || Number.isInteger(n)) return whole(n)
  return trim(n.toPrecision(digits))
}
const trim = (text: string): string => (text.includes(".") && !text.includes("e") ? text.replace(/\.?0+$/u, "") : text)

/** Thousandths and the like as people say them: microUSD as USD. */
export function plainUnit(value: number, unit: string): { readonly value: number; readonly unit: string } {
  const small = /^(micro|milli|nano)([A-Z][A-Za-z]*|tokens?)\b(.*)$/u.exec(unit)
  if (small !== null) {
    const by = { micro: 1e6, milli: 1e3, nano: 1e9 }[small[1] as "micro"]
    return { value: value / by, unit: small[2] + small[3] }
  }
  if (unit.startsWith("bones") && !unit.includes("MOBILE")) return { value: value / 1e8, unit: "HNT" }
  const parts = /^1e-(\d+) (.+)$/u.exec(unit)
  if (parts !== null) return { value: value / 10 ** Number(parts[1]), unit: parts[2] }
  return { value, unit }
}
export const withUnit = (value: number, unit: string): string => {
  const plain = plainUnit(value, unit)
  return `${short(plain.value)} ${plain.unit}`
}

export { percent, whole }
