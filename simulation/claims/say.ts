/** How a figure of a claim is said in its unit, in sentences and on pages alike. */
import type { Estimate } from "../study/maths/estimate.ts"
import type { Boundary, ClaimResult } from "./claim.ts"

export type Unit = ClaimResult["unit"] | Boundary["unit"]

const DAY_H = 24
/** Longer times are said in days. */
const HOURS_MOST = 72
/** Beside 1 a ratio is told to the fourth place: 1.0004 is not 1. */
const NEAR_ONE = 0.005

/** One figure in its unit; a dash where there is none. */
export function sayFigure(x: number, unit: Unit): string {
  if (x !== x) return "–"
  switch (unit) {
    case "share":
      return share(x)
    case "ratio":
      return (Math.abs(x - 1) < NEAR_ONE ? Number(x.toFixed(4)) : Number(x.toPrecision(3))).toLocaleString("en-GB", {
        maximumFractionDigits: 4,
      })
    case "hours":
      return x < 1 / 60
        ? `${Number((x * 3600).toPrecision(3))} s`
        : x < 1
          ? `${Number((x * 60).toPrecision(3))} min`
          : x < HOURS_MOST
            ? `${Number(x.toPrecision(3))} h`
            : `${Number((x / DAY_H).toPrecision(3))} d`
    case "count":
    case "domains":
    case "seats":
      return fixed(x)
  }
}
/** `0%` only for a true nought, `100%` only for all: 99.97 % is what a claim is about. */
function share(x: number): string {
  const [p, size] = [x * 100, Math.abs(x * 100)]
  if (size === 0) return "0%"
  if (size < 0.1) return `${Number(p.toPrecision(2))}%`
  if (size > 99.9 && size < 100) return `${(Math.floor(size * 1000) / 1000) * Math.sign(p)}%`
  return `${fixed(p)}%`
}
const fixed = (x: number): string => (Object.is(Number(x.toFixed(1)), -0) ? "0" : Number(x.toFixed(1)).toLocaleString("en-GB"))

/** `12.3% (10.1% to 14.5%)`; without an interval, or with one of no width, the figure alone. */
export function sayEstimate(e: Pick<Estimate, "mean" | "low" | "high">, unit: Unit): string {
  const mean = sayFigure(e.mean, unit)
  const range = sayRange(e, unit)
  return e.mean !== e.mean || range === null ? mean : `${mean} (${range})`
}

/** The interval in words; null where there is none. */
export const sayRange = ({ low, high }: Pick<Estimate, "low" | "high">, unit: Unit): string | null =>
  low !== low ? null : low === high ? "no spread" : `${sayFigure(low, unit)} to ${sayFigure(high, unit)}`
