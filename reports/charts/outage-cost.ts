/** Regimes side by side: what the same incident took from what nodes earn. */
import * as Plot from "@observablehq/plot"
import { draw, word, type Canvas, type Drawn } from "../canvas.ts"
import type { Data } from "../data.ts"
import { nodeWordOf } from "../manifest.ts"
import { byPart, roomFor, type Labelled, type Named } from "./by-part.ts"
import { list, percent, plural } from "../number.ts"

interface Row extends Named {
  readonly network: string
  readonly lost: number
}
/** Less than this is no loss that anybody would see. */
const SEEN = 0.0005

export async function outageCost(data: Data): Promise<Drawn> {
  if (!data.tables.includes("spread")) return { absent: "this run compares no regimes" }
  const rows = byPart(await data.view<Row>("outage_cost"))
  if (rows.length === 0) return { absent: "in no regime did anybody earn anything" }
  const nodes = plural(nodeWordOf(data.manifest, rows[0].network))
  const hit = rows.filter((r) => r.lost > SEEN)
  const spared = [...new Set(rows.filter((r) => r.lost <= SEEN).map((r) => r.regime))].filter(
    (regime) => !hit.some((r) => r.regime === regime),
  )
  const title =
    hit.length === 0
      ? `The incident costs ${nodes} nothing under any regime`
      : `The incident costs ${nodes} ${list(hit.map((r) => `${percent(r.lost)} of ${r.phrase}`))}${spared.length === 0 ? "" : `, and nothing under ${list(spared)}`}`
  return {
    title,
    subtitle: `Share of income lost in the run against the same days without the incident, same luck. Seed ${data.manifest.seed}; one run a regime, so no interval.`,
    picture: draw((canvas) => plot(rows, canvas), title),
    view: "outage_cost",
  }
}

const plot = (rows: readonly Labelled<Row>[], canvas: Canvas): Plot.PlotOptions => ({
  marginLeft: roomFor(rows.map((r) => r.label)),
  marginRight: 70,
  marginBottom: 36,
  height: 44 * rows.length + 50,
  x: {
    domain: [Math.min(0, ...rows.map((r) => r.lost)), Math.max(0.01, ...rows.map((r) => r.lost))],
    ticks: canvas.narrow ? 3 : 6,
    tickFormat: (v: number) => percent(v),
    label: null,
    grid: true,
  },
  y: { domain: rows.map((r) => r.label), label: null },
  marks: [
    Plot.barX(rows, { x: "lost", y: "label", fill: "var(--loss)", insetTop: 6, insetBottom: 6 }),
    Plot.text(rows, { x: "lost", y: "label", dx: 6, textAnchor: "start", text: (r: Row) => percent(r.lost), ...word }),
  ],
})
