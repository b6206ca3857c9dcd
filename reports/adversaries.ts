/** The page of adversaries: what each earns for a unit of cost over an honest node, with its defence and without, and which limits do not hold. */
import * as Plot from "@observablehq/plot"
import { draw, word, type Canvas } from "./canvas.ts"
import { escape, figure, page, section, table, type Cell } from "./layout.ts"
import { list, percent } from "./number.ts"
import { colourOf } from "./palette.ts"

interface Figure {
  readonly mean: number | null
  readonly low: number | null
  readonly high: number | null
}
interface Side {
  readonly knobs: Readonly<Record<string, number>>
  readonly rho: Figure
  readonly leakage: Figure
  readonly denial: Figure
  readonly harm: Figure
  readonly found: Figure
  readonly collateral: Figure
  readonly own: Figure
  readonly medianHours: number | null
}
export interface AdversaryRow {
  readonly id: string
  readonly name: string
  readonly where: string
  readonly goal: string
  readonly defence: string
  readonly off: string
  readonly control: string | null
  readonly ownName: string | null
  readonly ownUnit: string | null
  readonly share: number
  readonly seeds: number
  readonly plays: number
  readonly tried: number
  readonly defended: Side
  readonly undefended: Side
  readonly findings: readonly {
    readonly rule: string
    readonly limit: number
    readonly verdict: string
    readonly share: number | null
  }[]
  readonly sybil: readonly { readonly names: number; readonly defended: Figure; readonly undefended: Figure }[]
  readonly defenceCost: number | null
}

const RULES: Readonly<Record<string, string>> = {
  rho: "ρ, income per cost over an honest node's",
  leakage: "L, paid for nothing",
  denial: "F, delivered and not paid",
  collateral: "K, honest among the penalised",
}
const digits = (x: number | null): string => (x === null ? "–" : String(Number(x.toPrecision(3))))
const interval = ({ mean, low, high }: Figure): string =>
  mean === null
    ? "–"
    : low === null || digits(low) === digits(high)
      ? digits(mean)
      : `${digits(mean)} (${digits(low)} to ${digits(high)})`
const share = (f: Figure): string => (f.mean === null ? "–" : percent(f.mean))

/** The whole page as HTML; it needs neither network nor script. */
export function adversariesPage(all: readonly AdversaryRow[]): string {
  const priced = all.filter((r) => r.undefended.rho.mean !== null && r.defended.rho.mean !== null)
  const pays = (side: "defended" | "undefended") =>
    priced.filter((r) => (r[side].rho.low ?? r[side].rho.mean ?? 0) > 1 + 1e-9).length
  const title = `${pays("undefended")} of ${priced.length} cheats pay better than honest work without their defence, ${pays("defended")} with it`
  const still = priced.filter((r) => (r.defended.rho.low ?? r.defended.rho.mean ?? 0) > 1 + 1e-9).map((r) => `${r.id} ${r.name}`)
  const answer =
    still.length === 0
      ? "With its defence on, no adversary that was played is shown to earn more per unit of cost than honest nodes."
      : `Not always: even with the defence on, ${still.length === 1 ? "one still pays" : `${still.length} still pay`} better than honest work: ${list(still)}.`
  const question = "Do those who do not contribute earn less than those who do?"
  const seeds = all[0]?.seeds ?? 0
  const plays = all.reduce((sum, r) => sum + r.plays, 0)
  const chart = {
    title,
    subtitle: `Income per cost of the adversary over that of honest nodes (logarithmic scale; the line is the honest node): hollow without the defence, full with it, the bar its 95 % interval over ${seeds} seeds. Each at the knobs that earned most of those tried; what lies below .05 or above 200 stands at the edge.`,
    picture: draw((canvas) => plot(priced, canvas), title),
  }
  const rows = all.map((r): readonly Cell[] => [
    `${r.id} ${r.name}`,
    r.where,
    String(r.share),
    interval(r.undefended.rho),
    interval(r.defended.rho),
    share(r.defended.leakage),
    share(r.defended.harm),
    r.ownName === null ? "–" : `${r.ownName}: ${digits(r.undefended.own.mean)} → ${digits(r.defended.own.mean)}`,
    r.defence,
  ])
  const found = all.flatMap((r) =>
    r.findings
      .filter((f) => f.verdict === "breaks" || f.verdict === "open")
      .map((f): readonly Cell[] => [
        `${r.id} ${r.name}`,
        RULES[f.rule] ?? f.rule,
        String(f.limit),
        f.verdict === "breaks" ? "broken" : "not shown",
        f.share === null ? null : String(f.share),
      ]),
  )
  const knobs = all.map((r): readonly Cell[] => [
    `${r.id} ${r.name}`,
    String(r.tried),
    sayKnobs(r.undefended.knobs),
    sayKnobs(r.defended.knobs),
    share(r.defended.found),
    r.defended.medianHours === null ? null : digits(r.defended.medianHours),
    digits(r.defenceCost),
  ])
  const names = all.flatMap((r) =>
    r.sybil
      .filter((s) => s.names > 1)
      .map((s): readonly Cell[] => [`${r.id} ${r.name}`, String(s.names), interval(s.undefended), interval(s.defended)]),
  )
  return page(
    question,
    [
      `<header><p class="run">blackstart adversaries</p><h1>${escape(question)}</h1><p class="answer">${escape(answer)}</p></header>`,
      `<section>${figure(chart as never)}</section>`,
      section(
        "Adversary by adversary",
        escape(
          `ρ with its 95 % interval over ${seeds} seeds; L and harm with the defence. – means that there was nothing to measure.`,
        ),
        table(
          [
            { text: "adversary" },
            { text: "played on" },
            { text: "share", number: true },
            { text: "ρ without", number: true },
            { text: "ρ with", number: true },
            { text: "L", number: true },
            { text: "harm", number: true },
            { text: "its own metric, without → with" },
            { text: "defence" },
          ],
          rows,
        ),
      ),
      section(
        `${found.length} limits do not hold with the defence on`,
        escape(
          "Limits of the fact sheet for shares up to a third: ρ ≤ 1, L ≤ 1 %, F ≤ 0.1 %, K ≤ 5 %. Broken: the whole interval lies beyond. Not shown: the interval holds the limit.",
        ),
        table(
          [
            { text: "adversary" },
            { text: "limit of" },
            { text: "at most", number: true },
            { text: "is" },
            { text: "from a share of", number: true },
          ],
          found,
        ),
      ),
      section(
        "Knobs and detection",
        escape(
          `Searched by successive halving over a grid, on each side by itself: two seeds, then six; the best is judged on ${seeds} others. ${plays} plays in all, each beside its twin. Time to detect is the Kaplan–Meier median, for some are never found. Cost of the defence: verifier spend per unit of leakage prevented.`,
        ),
        table(
          [
            { text: "adversary" },
            { text: "tried", number: true },
            { text: "best without the defence" },
            { text: "best with it" },
            { text: "found", number: true },
            { text: "median", unit: "h", number: true },
            { text: "cost of defence", number: true },
          ],
          knobs,
        ),
      ),
      ...(names.length === 0
        ? []
        : [
            section(
              "Splitting into names",
              escape("Income with so many identities over income with one, resources fixed."),
              table(
                [
                  { text: "adversary" },
                  { text: "names", number: true },
                  { text: "without the defence", number: true },
                  { text: "with it", number: true },
                ],
                names,
              ),
            ),
          ]),
      section(
        "What each wants",
        "",
        `<ul>${all
          .map(
            (r) =>
              `<li>${escape(`${r.id}, ${r.name}: ${r.goal} Defence: ${r.defence}; off: ${r.off}.${r.control === null ? "" : ` Positive control: ${r.control}.`}`)}</li>`,
          )
          .join("")}</ul>`,
      ),
    ].join("\n"),
  )
}

const sayKnobs = (knobs: Readonly<Record<string, number>>): string =>
  Object.entries(knobs)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ") || "none"

const LEAST = 0.05
const MOST = 200
const within = (x: number | null): number => Math.min(MOST, Math.max(LEAST, x ?? LEAST))

const plot = (all: readonly AdversaryRow[], canvas: Canvas): Plot.PlotOptions => {
  const shown = all
    .map((r) => ({
      label: `${r.id} ${canvas.narrow ? "" : r.name}`.trim(),
      where: r.where,
      without: within(r.undefended.rho.mean),
      with: within(r.defended.rho.mean),
      low: within(r.defended.rho.low ?? r.defended.rho.mean),
      high: within(r.defended.rho.high ?? r.defended.rho.mean),
    }))
    .toSorted((a, b) => b.with - a.with)
  const longest = Math.max(4, ...shown.map((r) => r.label.length))
  return {
    marginLeft: 16 + 6.6 * longest,
    marginRight: 30,
    marginBottom: 34,
    height: 22 * shown.length + 60,
    x: {
      type: "log",
      domain: [LEAST / 1.15, MOST * 1.15],
      ticks: [0.1, 0.2, 1, 2, 10, 20, 100],
      tickFormat: (v: number) => String(v),
      label: null,
      grid: !canvas.narrow,
    },
    y: { domain: shown.map((r) => r.label), label: null },
    marks: [
      Plot.ruleX([1], { stroke: "var(--ink)" }),
      Plot.link(shown, { x1: "without", x2: "with", y: "label", stroke: hue, strokeWidth: 2, strokeOpacity: 0.25 }),
      Plot.ruleY(shown, { x1: "low", x2: "high", y: "label", stroke: hue, strokeWidth: 4, strokeOpacity: 0.6 }),
      Plot.dot(shown, { x: "without", y: "label", r: 4, stroke: hue, strokeWidth: 1.5, fill: "var(--paper)" }),
      Plot.dot(shown, { x: "with", y: "label", r: 4, fill: hue }),
      Plot.text([{ x: 1 }], { x: "x", frameAnchor: "top", dy: -14, text: () => "honest", ...word }),
    ],
    marginTop: 26,
    color: { type: "identity" },
  }
}
const hue = (r: { readonly where: string }): string => colourOf(r.where)
