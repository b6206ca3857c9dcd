/** Regimes side by side: how much of all income the best-paid tenth and hundredth get, and the Gini coefficient of each. */
import * as Plot from "@observablehq/plot"
import { draw, word, type Canvas, type Drawn } from "../canvas.ts"
import type { Data } from "../data.ts"
import { nodeWordOf } from "../manifest.ts"
import { percent, plural, whole } from "../number.ts"
import { byPart, roomFor, type Labelled, type Named } from "./by-part.ts"
import { colourOf } from "../palette.ts"

interface Row extends Named {
  readonly network: string
  readonly nodes: number | bigint
  readonly earners: number | bigint
  readonly gini: number
  readonly top1: number
  readonly top10: number
}

export async function concentration(data: Data): Promise<Drawn> {
  if (!data.tables.includes("spread")) return { absent: "this run compares no regimes" }
  const rows = byPart(await data.view<Row>("concentration"))
  if (rows.length === 0) return { absent: "in no regime did anybody earn anything" }
  const nodes = plural(nodeWordOf(data.manifest, rows[0].network))
  const most = rows.reduce((a, b) => (b.top10 > a.top10 ? b : a))
  const least = rows.reduce((a, b) => (b.top10 < a.top10 ? b : a))
  const title = `The best-paid tenth of ${nodes} gets ${percent(most.top10)} of ${most.phrase} and ${percent(least.top10)} of ${least.phrase}`
  const earners = rows.map((r) => `${whole(r.earners)} ${r.label}`).join("; ")
  return {
    title,
    subtitle: `Share of all income of the best-paid tenth (bar) and hundredth (dot) of the same ${whole(rows[0].nodes)} ${nodes}, and the Gini coefficient. Who earns: ${earners}. Seed ${data.manifest.seed}; one run a regime, so no interval.`,
    picture: draw((canvas) => plot(rows, canvas), title),
    view: "concentration",
  }
}

const plot = (rows: readonly Labelled<Row>[], canvas: Canvas): Plot.PlotOptions => ({
  marginLeft: roomFor(rows.map((r) => r.label)),
  marginRight: 70,
  marginBottom: 36,
  height: 44 * rows.length + 50,
  x: {
    domain: [0, Math.max(0.2, ...rows.map((r) => r.top10))],
    ticks: canvas.narrow ? 3 : 6,
    tickFormat: (v: number) => percent(v),
    label: null,
    grid: true,
  },
  y: { domain: rows.map((r) => r.label), label: null },
  marks: [
    Plot.barX(rows, { x: "top10", y: "label", fill: colourOf(rows[0].network), fillOpacity: 0.55, insetTop: 6, insetBottom: 6 }),
    Plot.dot(rows, { x: "top1", y: "label", r: 4, fill: "var(--ink)" }),
    Plot.text(rows, {
      x: "top10",
      y: "label",
      dx: 6,
      textAnchor: "start",
      text: (r: Row) => `Gini ${r.gini.toFixed(2)}`,
      ...word,
    }),
  ],
})
