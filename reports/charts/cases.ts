/** Cases of a claim: each a figure with its interval, and the line that decides. */
import * as Plot from "@observablehq/plot"
import type { Judged, Threshold } from "../../simulation/claims/claim.ts"
import { draw, type Canvas } from "../canvas.ts"
import { colourOf } from "../palette.ts"

const ROW = 17
/** Ratios that span more than this are drawn on a logarithmic axis, cut at its lower end. */
const WIDE_RATIO = 10
const LOG_LEAST = 0.05
const isWide = (cases: readonly Judged[]): boolean =>
  cases.some((c) => Math.max(c.estimate.high === c.estimate.high ? c.estimate.high : c.estimate.mean, 0) > WIDE_RATIO)

/** Is this group of ratios drawn on a logarithmic axis? Its page says so. */
export const isLogarithmic = (cases: readonly Judged[], unit: string): boolean => unit === "ratio" && isWide(cases)

/** Round in the unit in which such times are said: seconds, minutes, hours or days. */
function hourTicks(end: number, most: number): readonly number[] {
  const scale = end < 1 / 60 ? 3600 : end < 1 ? 60 : end < 72 ? 1 : 1 / 24
  const step = [1, 2, 5, 10, 15, 20, 30, 60, 100].find((s) => (end * scale) / s <= most) ?? end * scale
  return Array.from({ length: Math.floor((end * scale) / step) + 1 }, (_, i) => (i * step) / scale)
}
const LOG_TICKS = [0.1, 1, 10, 100, 1000]

/** `say` writes a value of the axis. A case without a figure has its row and no dot. */
export function casesPicture(
  cases: readonly Judged[],
  threshold: Threshold,
  say: (x: number) => string,
  description: string,
  unit: string,
): string {
  const isLog = isLogarithmic(cases, unit)
  const within = (x: number): number => (isLog && x < LOG_LEAST ? LOG_LEAST : x)
  const rows = cases.map((c, i) => ({
    ...c,
    row: String(i),
    name: `${c.network}: ${c.label}`,
    mean: within(c.estimate.mean),
    low: within(c.estimate.low === c.estimate.low ? c.estimate.low : c.estimate.mean),
    high: within(c.estimate.high === c.estimate.high ? c.estimate.high : c.estimate.mean),
  }))
  const measured = rows.filter((r) => r.mean === r.mean)
  const ends = [...measured.flatMap((r) => [r.low, r.high]), threshold.at]
  const most = Math.max(...ends)
  // A share that comes near the whole has an axis that ends there.
  const end = unit === "share" && most > 0.6 && most <= 1 ? 1 : most * 1.05
  const span = isLog ? [LOG_LEAST, most * 1.2] : [Math.min(0, ...ends), end]
  const plot = (canvas: Canvas): Plot.PlotOptions => {
    const fontSize = canvas.narrow ? 10 : 12
    const marginLeft = canvas.narrow ? 172 : 330
    return {
      height: 44 + rows.length * ROW,
      marginLeft,
      marginRight: 20,
      marginTop: 22,
      marginBottom: 22,
      x: {
        type: isLog ? "log" : "linear",
        domain: span,
        tickFormat: say,
        ticks: isLog
          ? LOG_TICKS.filter((t) => t >= span[0] && t <= span[1])
          : unit === "hours"
            ? hourTicks(span[1], canvas.narrow ? 3 : 6)
            : canvas.narrow
              ? 3
              : 6,
        label: null,
        grid: true,
        axis: "both",
      },
      y: { domain: rows.map((r) => r.row), axis: null },
      color: { type: "identity" },
      marks: [
        Plot.text(rows, {
          y: "row",
          frameAnchor: "left",
          textAnchor: "end",
          dx: -8,
          fill: "var(--ink)",
          fontSize,
          // Ems as this chart's own table of letters has them run small, so a tenth is held back.
          lineWidth: (0.9 * (marginLeft - 8)) / fontSize,
          textOverflow: "ellipsis-end",
          text: "name",
        }),
        Plot.ruleX([threshold.at], { stroke: "var(--ink)", strokeDasharray: "4 3" }),
        Plot.link(measured, {
          x1: "low",
          x2: "high",
          y: "row",
          stroke: (r: Judged) => (r.answer === "no" ? "var(--loss)" : colourOf(r.network)),
          strokeWidth: 2,
        }),
        Plot.dot(measured, {
          x: "mean",
          y: "row",
          r: 4,
          symbol: (r: Judged) => r.answer,
          stroke: (r: Judged) => (r.answer === "no" ? "var(--loss)" : colourOf(r.network)),
          fill: (r: Judged) => (r.answer === "no" ? "var(--loss)" : r.answer === "open" ? "var(--paper)" : colourOf(r.network)),
        }),
      ],
      symbol: { domain: ["yes", "no", "open"], range: ["circle", "times", "circle"] },
    }
  }
  return draw(plot, description)
}
