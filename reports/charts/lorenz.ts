/** How evenly a network pays its nodes: the Lorenz curve of each reward, for runs whose point is the economy. */
import * as Plot from "@observablehq/plot"
import { draw, word, type Canvas, type Drawn } from "../canvas.ts"
import type { Data } from "../data.ts"
import { label, nodeWordOf, sayMeasure } from "../manifest.ts"
import { percent, plural, whole } from "../number.ts"
import { colourOf } from "../palette.ts"

interface Point {
  readonly network: string
  readonly measure: string
  readonly nodes: number
  readonly total: number
  readonly share: number
  readonly paid: number
}

/** The rewards recorded for nodes, by network. */
export async function earnings(data: Data): Promise<readonly { network: string; measure: string }[]> {
  const points = await data.view<Point>("lorenz")
  return points.filter((p, i) => i === 0 || p.network !== points[i - 1].network || p.measure !== points[i - 1].measure)
}

export async function lorenz(data: Data, network: string, measure: string): Promise<Drawn> {
  const rows = (await data.view<Point>("lorenz")).filter((p) => p.network === network && p.measure === measure)
  if (rows.length === 0) return { absent: `no ${nodeWordOf(data.manifest, network)} of ${label(network)} earned anything` }
  const nodes = plural(nodeWordOf(data.manifest, network))
  const tenth = 1 - at(rows, 0.9)
  const { words, unit } = sayMeasure(data.manifest, network, measure)
  const title = `The best-paid tenth of ${nodes} got ${percent(tenth)} of all ${words}`
  return {
    title,
    subtitle: `${label(network)}: share of rewards against share of ${nodes}, from the least to the best paid (Lorenz curve); Gini ${gini(rows).toFixed(2)}, of ${whole(rows[0].total)} ${unit} paid to ${whole(rows[0].nodes)} ${nodes}. Seed ${data.manifest.seed}.`,
    picture: draw((canvas) => plot(network, nodes, rows, canvas), title),
    view: "lorenz",
  }
}

const plot = (network: string, nodes: string, rows: readonly Point[], canvas: Canvas): Plot.PlotOptions => ({
  marginLeft: 44,
  marginRight: 20,
  marginBottom: 44,
  height: canvas.narrow ? 280 : 330,
  x: { domain: [0, 1], ticks: [0, 0.25, 0.5, 0.75, 1], tickFormat: (v: number) => `${v * 100}%`, label: null },
  y: { domain: [0, 1], ticks: [0, 0.25, 0.5, 0.75, 1], tickFormat: (v: number) => `${v * 100}%`, label: null, grid: true },
  marks: [
    Plot.line([{ v: 0 }, { v: 1 }], { x: "v", y: "v", stroke: "var(--soft)", strokeDasharray: "3,4" }),
    Plot.text([{}], {
      x: () => 0.45,
      y: () => 0.45,
      dx: -8,
      dy: -4,
      textAnchor: "end",
      text: () => "if all were paid alike",
      fill: "var(--soft)",
    }),
    Plot.areaY(rows, { x: "share", y: "paid", fill: colourOf(network), fillOpacity: 0.15 }),
    Plot.line(rows, { x: "share", y: "paid", stroke: colourOf(network), strokeWidth: 2.2 }),
    Plot.text([rows[Math.floor(rows.length * 0.7)]], {
      x: "share",
      y: "paid",
      dx: 8,
      dy: 14,
      textAnchor: "start",
      text: () => label(network),
      ...word,
      fill: colourOf(network),
      fontWeight: 650,
    }),
    Plot.text([{}], {
      frameAnchor: "bottom-left",
      dy: 40,
      text: () => `${nodes}, from the least to the best paid`,
      textAnchor: "start",
      fill: "var(--soft)",
    }),
  ],
})

/** The share paid to the first `share` of nodes, by a straight line between steps. */
function at(rows: readonly Point[], share: number): number {
  const i = rows.findIndex((r) => r.share >= share)
  const [a, b] = [rows[i - 1] ?? { share: 0, paid: 0 }, rows[i]]
  return b.share === a.share ? b.paid : a.paid + ((share - a.share) / (b.share - a.share)) * (b.paid - a.paid)
}

/** Twice the area between the curve and the diagonal, by trapezia over the steps drawn. */
const gini = (rows: readonly Point[]): number =>
  1 - rows.reduce((area, r, i) => area + (r.share - (rows[i - 1]?.share ?? 0)) * (r.paid + (rows[i - 1]?.paid ?? 0)), 0)
