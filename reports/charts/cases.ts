/** Cases of a claim: each a figure with its interval, and the line that decides. */
import * as Plot from "@observablehq/plot"
import type { Judged, Threshold } from "../../simulation/claims/claim.ts"
import { draw, type Canvas } from "../canvas.ts"
import { colourOf } from "../palette.ts"

const ROW = 17

/** `say` writes a value of the axis. A case without a figure has its row and no dot. */
export function casesPicture(
  cases: readonly Judged[],
  threshold: Threshold,
  say: (x: number) => string,
  description: string,
  domain?: readonly [number, number],
): string {
  const rows = cases.map((c, i) => ({
    ...c,
    row: String(i),
    name: `${c.network}: ${c.label}`,
    mean: c.estimate.mean,
    low: c.estimate.low === c.estimate.low ? c.estimate.low : c.estimate.mean,
    high: c.estimate.high === c.estimate.high ? c.estimate.high : c.estimate.mean,
  }))
  const measured = rows.filter((r) => r.mean === r.mean)
  const ends = [...measured.flatMap((r) => [r.low, r.high]), threshold.at]
  const span = domain ?? ([Math.min(0, ...ends), Math.max(...ends) * 1.05] as const)
  const plot = (canvas: Canvas): Plot.PlotOptions => {
    const letters = canvas.narrow ? 27 : 52
    return {
      height: 44 + rows.length * ROW,
      marginLeft: canvas.narrow ? 172 : 330,
      marginRight: 20,
      marginTop: 22,
      marginBottom: 22,
      x: { domain: [...span], tickFormat: say, ticks: canvas.narrow ? 3 : 6, label: null, grid: true, axis: "both" },
      y: { domain: rows.map((r) => r.row), axis: null },
      color: { type: "identity" },
      marks: [
        Plot.text(rows, {
          y: "row",
          frameAnchor: "left",
          textAnchor: "end",
          dx: -8,
          fill: "var(--ink)",
          fontSize: canvas.narrow ? 10 : 12,
          text: (r: (typeof rows)[number]) => (r.name.length > letters ? `${r.name.slice(0, letters - 1)}…` : r.name),
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
