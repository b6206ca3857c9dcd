/** What an incident costs as time goes on: each item of a network's bill, stacked, in bins of equal length. */
import * as Plot from "@observablehq/plot"
import type { BillItem, ChartDeclaration } from "../../protocol/kernel/chart.ts"
import { draw, type Canvas, type Drawn } from "../canvas.ts"
import { axisOf, courseOf, type Axis } from "../course.ts"
import type { Data } from "../data.ts"
import { escape } from "../layout.ts"
import { label, speak } from "../manifest.ts"
import { percent, scaleOf, sentence, whole } from "../number.ts"
import { colour, type Colour } from "../palette.ts"

type Declared = Extract<ChartDeclaration, { kind: "bill" }>

interface Amount {
  readonly word: string
  readonly begin_s: number
  readonly end_s: number
  readonly value: number
}

/** Bars are told apart by shade and by the order they are stacked in, which is the legend's. */
const SHADES: readonly Colour[] = ["loss-1", "loss-3", "soft", "loss-4", "loss-2"]
/** More bars than this are not told apart. */
const BARS = 60

export async function bill(data: Data, network: string, declared: Declared): Promise<Drawn> {
  const m = data.manifest
  const axis = axisOf(m)
  const items: { readonly word: string; readonly amounts: readonly Amount[]; readonly total: number }[] = []
  for (const item of declared.items) {
    // oxlint-disable-next-line no-await-in-loop -- one connection
    const amounts = await amountsOf(data, network, item, axis, declared.by)
    const after = amounts.filter((a) => axis.window === null || axis.xOf(a.begin_s) >= 0)
    items.push({ word: item.word, amounts, total: after.reduce((sum, a) => sum + a.value, 0) })
  }
  const total = items.reduce((sum, i) => sum + i.total, 0)
  if (total === 0) return { absent: `${label(network)} charged nothing` }
  const largest = items.reduce((a, b) => (b.total > a.total ? b : a))
  const { by, word: size } = scaleOf(total)
  const title = `${sentence(largest.word)} make up ${percent(largest.total / total)} of ${whole(total / by)} ${size}${declared.unit} in ${declared.word}${axis.window === null ? "" : " since onset"}`
  const tick = items[0].amounts.reduce((longest, a) => Math.max(longest, a.end_s - a.begin_s), 0)
  const seconds = binOf(axis, tick)
  const hours = seconds / 3600
  const legend = items
    .map(
      (i, k) => `<li><span class="dot" style="background:${shadeOf(k)}"></span>${escape(i.word)} <b>${whole(i.total)}</b></li>`,
    )
    .join("")
  return {
    title,
    subtitle: `${sentence(speak(network))}: ${declared.unit} in each ${hours === 1 ? "hour" : `${hours} hours`}, as charged, paid or not; the ordinary fees of a quiet day are part of it. Totals${axis.window === null ? "" : " from onset on"}, in ${declared.unit}, stand in the legend. Seed ${m.seed}.`,
    picture: `<ul class="legend">${legend}</ul>${draw((canvas) => plot(items, axis, seconds, canvas), title)}`,
    view: "course",
  }
}

const shadeOf = (k: number): string => colour(SHADES[k % SHADES.length])

/** Whole hours, no fewer than a tick has, that divide the axis into at most BARS bars. */
function binOf(axis: Axis, tick: number): number {
  const span = axis.endS - axis.beginS
  return (
    ([1, 2, 3, 6, 12, 24].find((h) => span / (h * 3600) <= BARS && h * 3600 >= tick) ?? Math.ceil(span / BARS / 86_400) * 24) *
    3600
  )
}

/** What an item adds in each tick, in the bill's unit. */
async function amountsOf(data: Data, network: string, item: BillItem, axis: Axis, by: number): Promise<readonly Amount[]> {
  if ("metric" in item)
    return (await courseOf(data, network, item.metric, axis)).map((p) => ({ ...p, word: item.word, value: p.value / by }))
  const drawn = await courseOf(data, network, item.drawn, axis)
  const paid = await courseOf(data, network, item.paid, axis)
  const price = await courseOf(data, network, item.price, axis)
  return drawn.map((p, i) => ({
    ...p,
    word: item.word,
    value: ((p.value - paid[i].value) * price[i].value) / item.shares / by,
  }))
}

function plot(
  items: readonly { readonly word: string; readonly amounts: readonly Amount[] }[],
  axis: Axis,
  seconds: number,
  canvas: Canvas,
): Plot.PlotOptions {
  const bars = new Map<string, { k: number; x1: number; x2: number; y: number }>()
  const origin = axis.window === null ? axis.beginS : axis.endS - axis.to * 3600
  items.forEach(({ amounts }, k) => {
    for (const a of amounts) {
      const bin = Math.floor((a.begin_s - origin) / seconds)
      const key = `${k} ${bin}`
      const [x1, x2] = [axis.xOf(origin + bin * seconds), axis.xOf(origin + (bin + 1) * seconds)]
      const bar = bars.get(key) ?? { k, x1: Math.max(axis.from, x1), x2: Math.min(axis.to, x2), y: 0 }
      bar.y += a.value
      bars.set(key, bar)
    }
  })
  const all = [...bars.values()]
  const stacked = all.map((bar) => {
    const y1 = all.filter((b) => b.x1 === bar.x1 && b.k < bar.k).reduce((sum, b) => sum + b.y, 0)
    return { ...bar, y1, y2: y1 + bar.y }
  })
  const top = Math.max(...stacked.map((b) => b.y2))
  const { by } = scaleOf(top)
  return {
    marginLeft: 52,
    marginRight: 20,
    marginTop: 10,
    marginBottom: 42,
    height: canvas.narrow ? 230 : 290,
    x: axis.options(canvas),
    y: {
      domain: [0, top * 1.05],
      ticks: 5,
      tickFormat: (v: number) => (v / by).toLocaleString("en-GB", { maximumFractionDigits: 1 }),
      label: null,
      grid: true,
    },
    marks: [
      axis.window === null
        ? null
        : Plot.rectX([{}], { x1: () => axis.window![0], x2: () => axis.window![1], fill: "var(--wash)" }),
      ...items.map((_, k) =>
        Plot.rect(
          stacked.filter((b) => b.k === k && b.y > 0),
          { x1: "x1", x2: "x2", y1: "y1", y2: "y2", fill: shadeOf(k), insetLeft: 0.5, insetRight: 0.5 },
        ),
      ),
      Plot.ruleY([0], { stroke: "var(--ink)" }),
      Plot.text([{}], { frameAnchor: "bottom-left", dy: 38, text: () => axis.label, textAnchor: "start", fill: "var(--soft)" }),
    ],
  }
}
