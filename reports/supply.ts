/** The page of a supply study: its question, its finding, one chart, a table by year, and what it rests on. */
import { answerOf, million, dayOf, supply, type SupplyPicture } from "./charts/supply.ts"
import { escape, figure, page, section, table } from "./layout.ts"

export interface SupplyPage extends SupplyPicture {
  readonly question: string
  readonly because: string
  readonly sources: readonly string[]
  readonly choices: readonly string[]
  readonly assumptions: readonly {
    readonly name: string
    readonly value: string
    readonly because: string
    readonly source: string
  }[]
  readonly command: string
  /** Errors of the backtest over the same series, as sentences. */
  readonly backtest: readonly string[]
}

const YEAR_DAYS = 365

/** The whole page as HTML; it needs neither network nor script. */
export function supplyPage(p: SupplyPage): string {
  const years = p.forecast.filter((x) => (x.day - p.beginDay) % YEAR_DAYS === 0)
  const rows = [...new Set(years.map((x) => x.day))].map((day) => [
    dayOf(day),
    ...(["circulating", "minted", "locked", "burnt"] as const).flatMap((name) => {
      const x = years.find((y) => y.day === day && y.series === name)!
      return [million(x.value), x.low === x.high ? "–" : `${million(x.low)}–${million(x.high)}`]
    }),
  ])
  const unit = `million ${p.token}`
  const heads = [
    { text: "at" },
    ...["circulating", "minted", "locked", "burnt"].flatMap((text) => [
      { text, unit, number: true },
      { text: "nine in ten", unit, number: true },
    ]),
  ]
  const items = (lines: readonly string[]) => `<ul>${lines.map((l) => `<li>${escape(l)}</li>`).join("")}</ul>`
  return page(
    p.question,
    [
      `<header><p class="run">${escape(p.study)} · seed ${p.seed} · ${p.runs} runs from ${escape(dayOf(p.beginDay))}</p>
<h1>${escape(p.question)}</h1>
<p class="answer">${escape(answerOf(p))}. ${escape(p.because)}</p></header>`,
      `<section>${figure(supply(p))}</section>`,
      section("By year", "The middle of the runs, and the range that holds nine in ten.", table(heads, rows)),
      section(
        "How far the model lies from the chain",
        "Driven by observed power and burn over the same series.",
        items(p.backtest),
      ),
      section(
        "What this rests on",
        "",
        `${items(p.choices)}${table(
          [{ text: "assumption" }, { text: "value", number: true }, { text: "why" }, { text: "source" }],
          p.assumptions.map((a) => [a.name, a.value, a.because, a.source]),
        )}<p>Sources:</p>${items(p.sources)}<p>The same study again: <code>${escape(p.command)}</code></p>`,
      ),
    ].join("\n"),
  )
}
