/** When each incident was noticed, eased and over: published as rings, simulated as dots, on one scale of time. */
import * as Plot from "@observablehq/plot"
import type { Played } from "../../simulation/record/library.ts"
import { draw, type Canvas, type Chart } from "../canvas.ts"
import { colourOf } from "../palette.ts"

/** A time within this part of the other, or within a tick of it, counts as given back. */
const NEAR = 0.1
const TICKS = 60
/** Of what happened at once, so that it has a place on a scale of powers. */
const LEAST_MIN = 0.5

const placeOf = (minute: number): number => Math.log10(Math.max(LEAST_MIN, minute))

interface Mark {
  readonly row: string
  readonly network: string
  readonly what: "eased" | "over"
  readonly side: "published" | "simulated"
  /** Power of ten of its minute. */
  readonly at: number
}

export function marks(all: readonly Played[]): Chart {
  const points = all.flatMap((p) =>
    (["published", "measured"] as const).flatMap((side): Mark[] =>
      (["mitigateMin", "endMin"] as const).flatMap((k) => {
        const minute = p[side][k]
        if (minute === null) return []
        return [
          {
            row: p.id,
            network: p.victim,
            what: k === "endMin" ? "over" : "eased",
            side: side === "published" ? "published" : "simulated",
            at: placeOf(minute),
          },
        ]
      }),
    ),
  )
  const both = all.filter((p) => p.published.endMin !== null && p.measured.endMin !== null)
  const near = both.filter(
    (p) =>
      Math.abs(p.measured.endMin! - p.published.endMin!) <= Math.max(p.published.endMin! * NEAR, p.published.endMin! / TICKS + 1),
  )
  const title = `Of ${both.length} incidents with a published end, ${near.length} are over within a tenth of it`
  const links = both.map((p) => ({
    row: p.id,
    from: placeOf(p.published.endMin!),
    to: placeOf(p.measured.endMin!),
  }))
  const plot = (canvas: Canvas): Plot.PlotOptions => ({
    height: 46 + all.length * 18,
    marginTop: 24,
    marginBottom: 24,
    marginLeft: canvas.narrow ? 150 : 220,
    marginRight: 16,
    x: {
      domain: [LEAST_MIN, 40_000].map(Math.log10),
      ticks: (canvas.narrow ? [1, 60, 1440, 14_400] : [1, 10, 60, 360, 1440, 4320, 14_400]).map(Math.log10),
      tickFormat: (power: number) => {
        const v = Math.round(10 ** power)
        return v < 60 ? `${v} min` : v < 1440 ? `${v / 60} h` : `${v / 1440} d`
      },
      label: null,
      grid: true,
      axis: "both",
    },
    y: { domain: all.map((p) => p.id), label: null, axis: null },
    color: { type: "identity" },
    marks: [
      Plot.text(all, {
        y: "id",
        frameAnchor: "left",
        textAnchor: "end",
        dx: -8,
        fill: "var(--ink)",
        fontSize: canvas.narrow ? 10 : 12,
        text: (p: Played) => (canvas.narrow && p.id.length > 24 ? `${p.id.slice(0, 23)}\u2026` : p.id),
      }),
      Plot.link(links, { x1: "from", x2: "to", y: "row", stroke: "var(--soft)", strokeWidth: 1 }),
      Plot.dot(
        points.filter((m) => m.what === "eased" && m.side === "simulated"),
        { x: "at", y: "row", r: 3.5, symbol: "diamond2", fill: (m: Mark) => colourOf(m.network) },
      ),
      Plot.dot(
        points.filter((m) => m.what === "over" && m.side === "simulated"),
        { x: "at", y: "row", r: 4, fill: (m: Mark) => colourOf(m.network) },
      ),
      Plot.dot(
        points.filter((m) => m.what === "eased" && m.side === "published"),
        { x: "at", y: "row", r: 5, symbol: "diamond2", stroke: "var(--ink)", strokeWidth: 1.2 },
      ),
      Plot.dot(
        points.filter((m) => m.what === "over" && m.side === "published"),
        { x: "at", y: "row", r: 6.5, stroke: "var(--ink)", strokeWidth: 1.2 },
      ),
    ],
  })
  const networks = [...new Set(all.map((p) => p.victim))]
  const legend = [
    ...networks.map((n) => `<li><span class="dot" style="background:${colourOf(n)}"></span>${n === "cdn" ? "CDN" : n}</li>`),
    "<li>\u25cb published</li>",
    "<li>\u25cf simulated</li>",
    "<li>\u25c7 first relief</li>",
    "<li>\u25cb over</li>",
  ]
  return {
    title,
    subtitle:
      "Minutes to days since onset, on a scale of powers. Rings: as published. Filled: simulated, in the colour of the network it was played on. Diamonds: first relief; circles: over. Where the end was put in, agreement is no proof.",
    picture: `<ul class="legend">${legend.join("")}</ul>${draw(plot, title)}`,
  }
}
