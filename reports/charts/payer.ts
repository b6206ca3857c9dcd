/** Who pays: nodes that were away for a time against all others, by what they lost in income and were charged more than their twins. */
import * as Plot from "@observablehq/plot"
import type { ChartDeclaration } from "../../protocol/kernel/chart.ts"
import { draw, word, type Canvas, type Drawn } from "../canvas.ts"
import { columnOf } from "../course.ts"
import type { Data } from "../data.ts"
import { table } from "../layout.ts"
import { label, nodeWordOf } from "../manifest.ts"
import { percent, plural, sentence, some, whole } from "../number.ts"
import { colourOf } from "../palette.ts"

type Declared = Extract<ChartDeclaration, { kind: "payer" }>

interface Sum {
  readonly network: string
  readonly measure: string
  readonly away: boolean
  readonly nodes: number
  readonly value: number
  readonly twin: number | null
}

interface Group {
  readonly away: boolean
  readonly nodes: number
  readonly size: number
  readonly income: number
  readonly twinIncome: number
  readonly charged: number
  readonly twinCharged: number
}

interface Bar {
  readonly row: string
  readonly from: number
  readonly to: number
  readonly text: string
  readonly loss: boolean
}

export async function payer(data: Data, network: string, declared: Declared): Promise<Drawn> {
  const m = data.manifest
  const rows = (await data.view<Sum>("payer_group")).filter((r) => r.network === network)
  const groups = [true, false].flatMap((away): Group[] => {
    const own = rows.filter((r) => r.away === away)
    const sum = (measure: string, of: "value" | "twin") =>
      (own.find((r) => r.measure === columnOf(measure))?.[of] ?? 0) / declared.by
    const all = (of: "value" | "twin") => declared.charges.reduce((total, c) => total + sum(c, of), 0)
    return own.length === 0
      ? []
      : [
          {
            away,
            nodes: own[0].nodes,
            size: sum(declared.size, "twin"),
            income: sum(declared.income, "value"),
            twinIncome: sum(declared.income, "twin"),
            charged: all("value"),
            twinCharged: all("twin"),
          },
        ]
  })
  const node = nodeWordOf(m, network)
  const [hit] = groups
  if (hit === undefined || !hit.away) return { absent: `no ${node} of ${label(network)} was away for any time` }
  if (rows.every((r) => r.twin === null)) return { absent: "this run has no twin (the same seed without the incident)" }
  const rest = groups[1]
  const { unit } = declared
  const lost = (g: Group) => g.income - g.twinIncome
  const more = (g: Group) => g.charged - g.twinCharged
  const others =
    rest === undefined ? "" : `; the others earned ${signed(rest.twinIncome === 0 ? 0 : lost(rest) / rest.twinIncome)}`
  const title = `${some(hit.nodes, node)} that went away paid for it: ${whole(-lost(hit))} ${unit} not earned and ${whole(more(hit))} ${unit} more in charges${others}`
  const bars = groups.flatMap((g): Bar[] => {
    const name = g.away ? "were away" : "were not"
    return [
      { row: `${name}|income`, from: 0, to: lost(g), text: changeOf(lost(g), unit), loss: lost(g) < 0 },
      { row: `${name}|charges`, from: 0, to: -more(g), text: changeOf(-more(g), unit), loss: more(g) > 0 },
    ]
  })
  return {
    title,
    subtitle: `${label(network)}: change of each group's income and charges against its twin (same seed, no incident), in ${unit}, over the run. Charges count what is owed as well as what is paid. Red is loss. Seed ${m.seed}.`,
    picture: draw((canvas) => plot(network, bars, canvas), title),
    below: groupTable(groups, declared, plural(node)),
    view: "payer_group",
  }
}

function plot(network: string, bars: readonly Bar[], canvas: Canvas): Plot.PlotOptions {
  const [low, high] = [Math.min(0, ...bars.map((b) => b.to)), Math.max(0, ...bars.map((b) => b.to))]
  const room = (high - low || 1) * (canvas.narrow ? 0.46 : 0.2)
  const name = (b: Bar) => (canvas.narrow ? b.row.replace("were ", "") : b.row).replace("|", ": ")
  return {
    marginLeft: canvas.narrow ? 104 : 150,
    marginRight: 12,
    marginTop: 4,
    marginBottom: 26,
    height: 40 + bars.length * 30,
    x: {
      domain: [low - (low < 0 ? room : 0), high + (high > 0 ? room : 0)],
      ticks: canvas.narrow ? 3 : 6,
      tickFormat: (v: number) => whole(v).replace("-", "−"),
      label: null,
      grid: true,
    },
    y: { domain: bars.map(name), label: null, tickSize: 0 },
    marks: [
      Plot.barX(bars, {
        x1: "from",
        x2: "to",
        y: name,
        fill: (b: Bar) => (b.loss ? "var(--loss)" : colourOf(network)),
        insetTop: 4,
        insetBottom: 4,
      }),
      Plot.ruleX([0], { stroke: "var(--ink)" }),
      ...[-1, 1].map((side) =>
        Plot.text(
          bars.filter((b) => (b.to < 0 ? -1 : 1) === side),
          {
            x: "to",
            y: name,
            text: (b: Bar) => (canvas.narrow ? b.text.split(" ")[0] : b.text),
            dx: 6 * side,
            textAnchor: side < 0 ? "end" : "start",
            ...word,
          },
        ),
      ),
    ],
    color: { type: "identity" },
  }
}

function groupTable(groups: readonly Group[], { unit, sizeWord }: Declared, nodes: string): string {
  const all = groups.reduce((sum, g) => sum + g.size, 0)
  return table(
    [
      { text: sentence(nodes) },
      { text: "number", number: true },
      { text: `share of ${sizeWord}`, unit: "%, twin", number: true },
      { text: "income", unit, number: true },
      { text: "of the twin", unit, number: true },
      { text: "charged", unit, number: true },
      { text: "of the twin", unit, number: true },
      { text: "net change", unit, number: true },
    ],
    groups.map((g) => [
      g.away ? "away for a time" : "never away",
      whole(g.nodes),
      all === 0 ? null : ((g.size / all) * 100).toFixed(1),
      ...[g.income, g.twinIncome, g.charged, g.twinCharged].map(whole),
      minus(whole(g.income - g.twinIncome - (g.charged - g.twinCharged))),
    ]),
  )
}

const minus = (text: string) => text.replace("-", "−")
const signed = (v: number) => (v < 0 ? `${percent(-v)} less` : `${percent(v)} more`)
const changeOf = (v: number, unit: string) =>
  Math.round(v) === 0 ? `0 ${unit}` : `${v > 0 ? "+" : ""}${minus(whole(v))} ${unit}`
