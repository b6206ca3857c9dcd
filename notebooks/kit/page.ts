/** What a notebook shows besides its words: sliders, charts with their alt text, claims, and the hashes of a run. */
import * as Plot from "@observablehq/plot"
import type { Played } from "./run.ts"
import type { SupplyRun } from "./supply.ts"

/** An element with words in it. */
function make(tag: string, attributes: Readonly<Record<string, string>>, ...children: readonly (Node | string)[]): HTMLElement {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  element.append(...children)
  return element
}

export interface SliderOptions {
  readonly min: number
  readonly max: number
  readonly step: number
  readonly value: number
  readonly unit: string
}

/** A slider with its label, for `view`: its value changes when it is let go, because a run takes longer than a movement. */
export function slider(label: string, { min, max, step, value, unit }: SliderOptions): HTMLElement {
  const range = make("input", {
    type: "range",
    min: String(min),
    max: String(max),
    step: String(step),
    value: String(value),
  }) as HTMLInputElement
  const say = () => `${Number(range.value).toLocaleString("en-GB")} ${unit}`
  const shown = make("output", {}, say())
  const element = make("div", { class: "slider" }, make("label", {}, make("span", {}, label), shown, range))
  Object.defineProperty(element, "value", { get: () => Number(range.value) })
  const told = () => {
    shown.textContent = say()
    range.setAttribute("aria-valuetext", say())
  }
  told()
  range.addEventListener("input", (event) => {
    event.stopPropagation()
    told()
  })
  range.addEventListener("change", () => element.dispatchEvent(new Event("input")))
  return element
}

export interface ChartText {
  /** What the chart shows, in words, for those who do not see it. */
  readonly alt: string
  readonly caption: string
}

/** Colours of a series, in light and dark: see style.css. */
export const SERIES = ["var(--series-1)", "var(--series-2)", "var(--series-3)", "var(--series-4)"] as const

/** A chart as wide as the page, drawn again when that changes, with a caption below. */
export function chart({ alt, caption }: ChartText, options: Plot.PlotOptions): HTMLElement {
  const drawing = make("div", {})
  const figure = make("figure", { class: "chart" }, drawing, make("figcaption", {}, caption))
  let drawn = 0
  const draw = (page: number): void => {
    const width = Math.max(280, Math.min(760, page))
    if (width === drawn) return
    drawn = width
    const plot = Plot.plot({
      width,
      height: Math.round(Math.max(230, width * 0.42)),
      marginLeft: 48,
      marginBottom: 42,
      style: { fontSize: "13px", fontFamily: "inherit", background: "transparent" },
      ...options,
      ariaLabel: alt,
    })
    const svg = plot.querySelector("svg[aria-label]") ?? plot
    svg.setAttribute("role", "img")
    drawing.replaceChildren(plot)
  }
  const main = document.querySelector("main")
  const inner = (element: HTMLElement): number => {
    const { paddingLeft, paddingRight } = getComputedStyle(element)
    return element.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight)
  }
  draw(main === null ? 640 : inner(main))
  if (main !== null) {
    const watch = new ResizeObserver(() => {
      if (figure.isConnected) draw(inner(main))
      // The cell ran again and has another chart now.
      else watch.disconnect()
    })
    requestAnimationFrame(() => watch.observe(main))
  }
  return figure
}

/** A sentence that the run has to bear out. The check of all notebooks fails where one is not met at the settings a page opens with. */
export function claim(isMet: boolean, sentence: string): HTMLElement {
  const mark = isMet ? "Holds" : "Does not hold"
  return make("p", { class: "claim", "data-claim": isMet ? "met" : "unmet" }, make("strong", {}, `${mark}: `), sentence)
}

/** Rows of a small table; the first column names its row. */
export function small(caption: string, columns: readonly string[], rows: readonly (readonly string[])[]): HTMLElement {
  const head = make("tr", {}, ...columns.map((c) => make("th", { scope: "col" }, c)))
  const body = rows.map(([first, ...rest]) =>
    make("tr", {}, make("th", { scope: "row" }, first), ...rest.map((cell) => make("td", {}, cell))),
  )
  return make(
    "div",
    { class: "table" },
    make("table", {}, make("caption", {}, caption), make("thead", {}, head), make("tbody", {}, ...body)),
  )
}

/** The run's last hashes, with its manifest for whoever wants to play it again: the check plays it in Node. */
export function sameBits({ scenario, hashes, about }: Played): HTMLElement {
  if (hashes === undefined) return make("p", {}, "This run was not hashed.")
  return make(
    "details",
    { class: "bits", "data-log": hashes.log, "data-state": hashes.state, "data-manifest": JSON.stringify(scenario) },
    make("summary", {}, "The same run elsewhere"),
    make(
      "p",
      {},
      `${hashes.rows.toLocaleString("en-GB")} rows in ${about.epochs.toLocaleString("en-GB")} epochs, seed ${about.seed}. Log hash `,
      make("code", {}, hashes.log),
      ", state hash ",
      make("code", {}, hashes.state),
      ". Node comes to the same for the same manifest.",
    ),
  )
}

/** The same of a supply case. */
export function sameSupply({ which, settings, hash }: SupplyRun): HTMLElement {
  return make(
    "details",
    { class: "bits", "data-supply": hash, "data-manifest": JSON.stringify({ which, settings }) },
    make("summary", {}, "The same run elsewhere"),
    make(
      "p",
      {},
      `Case ${which}, SHA-256 of all bands `,
      make("code", {}, hash),
      ". Node comes to the same for the same settings.",
    ),
  )
}

export { Plot }
