/** What each network lost, as a dot with its interval, all on one scale from nothing to everything. */
import * as Plot from "@observablehq/plot"
import { draw, type Canvas } from "../canvas.ts"
import type { Finding } from "../finding.ts"
import { label, unitsOf, type Manifest } from "../manifest.ts"
import { percent } from "../number.ts"
import { colourOf } from "../palette.ts"

/** The picture beside the answer; empty when there is nothing to compare. */
export function strip(m: Manifest, { losses }: Finding): string {
  if (losses.length === 0) return ""
  const rows = losses.map((l) => ({
    ...l,
    name: label(l.network),
    low: l.interval?.[0] ?? l.lost,
    high: l.interval?.[1] ?? l.lost,
  }))
  const plot = (canvas: Canvas): Plot.PlotOptions => ({
    height: 24 + rows.length * 24,
    marginTop: 2,
    marginBottom: 22,
    marginLeft: canvas.narrow ? 66 : 122,
    marginRight: 20,
    x: {
      domain: [0, 1],
      ticks: canvas.narrow ? [0, 0.5, 1] : [0, 0.25, 0.5, 0.75, 1],
      tickFormat: (v: number) => (v === 0 ? "nothing lost" : v === 1 ? "all" : `${v * 100}%`),
      label: null,
      grid: true,
    },
    y: { domain: rows.map((r) => r.name), label: null, axis: null },
    marks: [
      Plot.text(rows, {
        y: "name",
        frameAnchor: "left",
        textAnchor: "end",
        dx: -10,
        text: (r: (typeof rows)[number]) => (canvas.narrow ? r.name : `${r.name}, ${unitsOf(m, r.network)}`),
        fill: "var(--ink)",
      }),
      Plot.link(rows, {
        x1: "low",
        x2: "high",
        y: "name",
        stroke: (r: (typeof rows)[number]) => colourOf(r.network),
        strokeWidth: 7,
        strokeOpacity: 0.4,
        strokeLinecap: "round",
      }),
      Plot.dot(rows, {
        x: "lost",
        y: "name",
        r: 6,
        fill: (r: (typeof rows)[number]) => colourOf(r.network),
        stroke: "var(--paper)",
        strokeWidth: 1.5,
      }),
    ],
    color: { type: "identity" },
  })
  return draw(
    plot,
    `Share lost: ${rows.map((r) => `${r.name} ${percent(r.lost)}${r.interval ? `, interval ${percent(r.low)} to ${percent(r.high)}` : ""}`).join("; ")}.`,
  )
}
