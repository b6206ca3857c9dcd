/** Draws an Observable Plot to a string of SVG, once for a page and once for a phone, coloured by CSS variables. */
import * as Plot from "@observablehq/plot"
import { parseHTML } from "linkedom"

/** What is drawn on: `narrow` is true on a phone, where labels must be few and short. */
export interface Canvas {
  readonly width: number
  readonly narrow: boolean
}

const WIDE: Canvas = { width: 912, narrow: false }
const NARROW: Canvas = { width: 358, narrow: true }
/** Half a page, for charts that stand side by side. */
const HALF: Canvas = { width: 440, narrow: false }

/** A chart ready to print: its finding, what is drawn, and its pictures. */
export interface Chart {
  readonly title: string
  readonly subtitle: string
  readonly picture: string
  /** More HTML below the picture: a list of moments, a table. */
  readonly below?: string
  /** The view in views/ the chart reads. */
  readonly view?: string
}

/** A chart, or one sentence that says why there is none. */
export type Drawn = Chart | { readonly absent: string }

/**
 * Two drawings of one chart, of which CSS shows one. `description` tells a screen reader what the picture shows.
 * Inside SVG, text is 12 px at both sizes.
 */
export function draw(plot: (canvas: Canvas) => Plot.PlotOptions, description: string, half = false): string {
  const one = (canvas: Canvas, name: string) => `<div class="${name}">${svgOf(plot(canvas), canvas.width, description)}</div>`
  return one(half ? HALF : WIDE, "wide") + one(NARROW, "narrow")
}

function svgOf(options: Plot.PlotOptions, width: number, description: string): string {
  const { document } = parseHTML("<!doctype html><html><body></body></html>")
  const svg = Plot.plot({
    document,
    width,
    ...options,
    style: { background: "none", color: "var(--soft)", fontFamily: "system-ui, sans-serif", fontSize: "12px" },
  })
  svg.setAttribute("role", "img")
  svg.setAttribute("aria-label", description)
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg")
  return shorten(svg.outerHTML, options.projection === undefined ? 2 : 1)
}

/** Hundredths of a pixel are enough, on a map tenths: it halves the page. Only coordinates are touched, never text. */
const shorten = (svg: string, decimals: 1 | 2): string => {
  const long = decimals === 1 ? /(\.\d)\d+/g : /(\.\d\d)\d+/g
  return svg.replace(/ (?:d|x|y|x1|x2|y1|y2|cx|cy|r|width|height|transform|points)="[^"]*"/g, (attribute) =>
    attribute.replace(long, "$1"),
  )
}

/** Text on a chart, with a halo of paper so that it reads over lines. */
export const word = { fill: "var(--ink)", stroke: "var(--paper)", strokeWidth: 4, paintOrder: "stroke" } as const
