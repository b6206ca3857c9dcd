/** The page of cheats: what each earns for an honest node's thousand, before its rule and with it, as one chart and one table. */
import * as Plot from "@observablehq/plot"
import { draw, word, type Canvas } from "./canvas.ts"
import { escape, figure, page, section, table } from "./layout.ts"
import { instant, whole } from "./number.ts"
import { colourOf } from "./palette.ts"

export interface CheatRow {
  readonly scenario: string
  readonly question: string
  readonly network: string
  readonly nodes: number
  readonly seed: number
  readonly rule: string
  readonly ruleAtS: number
  /** For a thousand of an honest node's income. */
  readonly without: number
  readonly with: number
}

const HONEST = 1000

/** The whole page as HTML; it needs neither network nor script. */
export function cheatsPage(all: readonly CheatRow[]): string {
  const pay = (of: "without" | "with") => all.filter((c) => c[of] > HONEST).length
  const taken = all.map((c) => 1 - c.with / Math.max(1, c.without))
  const [least, best] = [Math.min(...taken), Math.max(...taken)].map((part) => `${Math.round(part * 100)}%`)
  const title = `The rules take ${least} to ${best} of what cheats earn; ${pay("with")} of ${all.length} still earn more than an honest node`
  const most = all.reduce((a, b) => (b.without / Math.max(1, b.with) > a.without / Math.max(1, a.with) ? b : a))
  const question = "What does cheating earn, before each rule and with it?"
  const chart = {
    title,
    subtitle: `A cheater's mean income since genesis for a thousand of an honest node's (logarithmic scale; the line is the honest node): hollow without the rule, full with it from the second day on. One seed a scenario, so no interval.`,
    picture: draw((canvas) => plot(all, canvas), title),
  }
  const instants = [...new Set(all.map((c) => instant(c.ruleAtS)))]
  const sizes = [...new Set(all.map((c) => whole(c.nodes)))]
  const rows = all.map((c) => [
    c.scenario,
    c.rule,
    whole(c.without),
    whole(c.with),
    `${Math.round((1 - c.with / Math.max(1, c.without)) * 100)}%`,
  ])
  const heads = [
    { text: "scenario" },
    { text: "the rule" },
    { text: "without", unit: "‰ of honest", number: true },
    { text: "with", unit: "‰ of honest", number: true },
    { text: "taken", unit: "%", number: true },
  ]
  return page(
    question,
    [
      `<header><p class="run">blackstart cheats</p><h1>${escape(question)}</h1>
<p class="answer">${escape(`${title}. The rule that takes most: ${most.rule} (${whole(most.without)} → ${whole(most.with)} ‰).`)}</p></header>`,
      `<section>${figure(chart as never)}</section>`,
      section(
        "Cheat by cheat",
        escape(
          `In force from ${instants.join(" or ")}; income still holds what was earned before. ${sizes.join(" or ")} nodes; seeds ${all.map((c) => c.seed).join(", ")}, in this order.`,
        ),
        table(heads, rows),
      ),
      section(
        "What each asks",
        "",
        `<ul>${all.map((c) => `<li>${escape(c.scenario)}: ${escape(c.question)}</li>`).join("")}</ul>`,
      ),
    ].join("\n"),
  )
}

const plot = (all: readonly CheatRow[], canvas: Canvas): Plot.PlotOptions => {
  const shown = all.map((c) => ({ ...c, without: Math.max(1, c.without), with: Math.max(1, c.with), name: c.scenario }))
  const values = shown.flatMap((c) => [c.without, c.with, HONEST])
  return {
    marginLeft: 20 + 6.4 * Math.max(...shown.map((c) => c.name.length)),
    marginRight: 50,
    marginBottom: 36,
    height: 52 * shown.length + 50,
    x: {
      type: "log",
      domain: [Math.min(...values) / 1.3, Math.max(...values) * 1.3],
      ticks: [1, 10, 100, 1000, 10_000, 100_000].filter((t) => t >= Math.min(...values) / 1.3 && t <= Math.max(...values) * 1.3),
      tickFormat: (v: number) => whole(v),
      label: null,
      grid: !canvas.narrow,
    },
    y: { domain: shown.map((c) => c.name), label: null },
    marks: [
      Plot.ruleX([HONEST], { stroke: "var(--ink)" }),
      Plot.link(shown, {
        x1: "without",
        x2: "with",
        y: "name",
        stroke: (c: CheatRow) => colourOf(c.network),
        strokeWidth: 3,
        strokeOpacity: 0.4,
      }),
      Plot.dot(shown, {
        x: "without",
        y: "name",
        r: 5,
        stroke: (c: CheatRow) => colourOf(c.network),
        strokeWidth: 2,
        fill: "var(--paper)",
      }),
      Plot.dot(shown, { x: "with", y: "name", r: 5, fill: (c: CheatRow) => colourOf(c.network) }),
      Plot.text(shown, { x: "without", y: "name", dy: -13, text: (c: CheatRow) => whole(c.without), ...word }),
      Plot.text(shown, { x: "with", y: "name", dy: 14, text: (c: CheatRow) => whole(c.with), ...word }),
    ],
    color: { type: "identity" },
  }
}
