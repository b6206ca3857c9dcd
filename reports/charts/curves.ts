/** Curves of a claim: means over seeds with their bands, one small panel a network, closed forms dashed. */
import * as Plot from "@observablehq/plot"
import type { Curve, Panel } from "../../simulation/claims/claim.ts"
import { draw, type Canvas } from "../canvas.ts"
import { escape } from "../layout.ts"
import { colour, colourOf } from "../palette.ts"

/** Told apart by dash and by the word at the end of the line, not by colour alone. */
const STROKES = (["helium", "akash", "filecoin", "render", "other", "cdn", "ink"] as const).map(colour)
const DASHES = ["", "6 3", "2 3", "8 3 2 3", "1 3", "12 4", "4 4"] as const
const FINAL = 0.999
/** Only of what is served is proportion a falling line. */
const SERVED = "served"
const PROPORTION = [
  [0, 1],
  [1, 0],
] as const

export function curvesPicture({ title, x, y, curves }: Panel): string {
  const measured = curves.filter((c) => c.points.length > 1)
  const points = measured.flatMap((c, k) => c.points.map((p) => ({ ...p, label: c.label, k: c.isTheory === true ? -1 : k })))
  // A curve a network has its network's hue; domains of one network have the palette's in turn.
  const isByNetwork = new Set(measured.map((c) => c.network)).size > 2
  const strokeOf = (k: number): string =>
    k < 0 ? "var(--soft)" : isByNetwork ? colourOf(measured[k].network) : STROKES[k % STROKES.length]
  const plot = (canvas: Canvas): Plot.PlotOptions => ({
    height: canvas.narrow ? 240 : 260,
    marginLeft: 44,
    marginRight: 22,
    marginBottom: 38,
    x: { domain: [0, 1], tickFormat: sayShare, ticks: 5, label: x },
    y: { domain: [0, 1], tickFormat: sayShare, ticks: 5, label: y, grid: true },
    color: { type: "identity" },
    marks: [
      y === SERVED
        ? Plot.line(
            PROPORTION.map((p) => [...p]),
            { stroke: "var(--line)", strokeWidth: 1.5 },
          )
        : null,
      ...measured.map((c, k) =>
        c.isTheory === true
          ? null
          : Plot.areaY(c.points, { x: "x", y1: "low", y2: "high", fill: strokeOf(k), fillOpacity: 0.12 }),
      ),
      ...measured.map((c, k) =>
        Plot.line(c.points, {
          x: "x",
          y: "y",
          stroke: c.isTheory === true ? "var(--soft)" : strokeOf(k),
          strokeWidth: c.isTheory === true ? 1.2 : 2,
          strokeDasharray: c.isTheory === true ? "3 4" : DASHES[k % DASHES.length],
        }),
      ),
    ],
  })
  const description = `${title}: ${y} against ${x}. ${measured.map((c) => `${c.label}: ${sayEnds(c)}`).join("; ")}.`
  return points.length === 0
    ? `<p class="absent">Nothing was measured.</p>`
    : `<h3>${escape(title)}</h3>${draw(plot, description, true)}${legend(measured, strokeOf)}`
}

const sayShare = (v: number): string => `${Math.round(v * 100)}%`
const sayEnds = ({ points }: Curve): string => {
  const half = points.find((p) => p.x >= 0.5 * FINAL) ?? points[points.length - 1]
  return `${sayShare(half.y)} at ${sayShare(half.x)}`
}

function legend(curves: readonly Curve[], strokeOf: (k: number) => string): string {
  const items = curves.map((c, k) => {
    const isTheory = c.isTheory === true
    const dash = isTheory ? "3 4" : DASHES[k % DASHES.length]
    const line = `<svg width="26" height="8" aria-hidden="true" style="display:inline;vertical-align:middle;margin-right:5px"><line x1="0" x2="26" y1="4" y2="4" stroke="${isTheory ? "var(--soft)" : strokeOf(k)}" stroke-width="2" stroke-dasharray="${dash}"/></svg>`
    return `<li>${line}${escape(c.label)}</li>`
  })
  return `<ul class="legend">${items.join("")}</ul>`
}
