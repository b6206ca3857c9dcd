/** The page of one claim: its words, the verdict, the figure with its interval, the cases, the boundary, and how to run it again. */
import type { Boundary, ClaimResult, Judged, Tidy, Word } from "../simulation/claims/claim.ts"
import { sayEstimate, sayFigure, sayRange } from "../simulation/claims/say.ts"
import { casesPicture, isLogarithmic } from "./charts/cases.ts"
import { curvesPicture } from "./charts/curves.ts"
import { escape, html, page, section, table, type Cell } from "./layout.ts"
import { some, whole } from "./number.ts"

export interface ClaimAbout {
  readonly command: string
  readonly commit: string
  readonly version: string
  readonly at: string
}

const FLIPS =
  "Where the claim turns over. Mean over the seeds that reach it; a dash: none did within what was searched. Where only some of the seeds reach it, the figure is of those alone and the true one lies further out."
const PAIRING =
  "Of what was simulated, all cases of a seed stand in the same places with the same luck (common random numbers), and what is lost or gained is taken seed by seed against the twin without it. An interval is Student’s t over those differences or ratios, one a seed."
const MARKS: Readonly<Record<Judged["answer"], string>> = { yes: "for", no: "against", open: "undecided" }

/** The verdict as a word on a ground; never by colour alone. */
export const verdictMark = (word: Word): string =>
  `<span class="mark"${word.startsWith("fails") ? ' style="color:var(--loss)"' : ""}>${escape(word)}</span>`

export function claimPage(r: ClaimResult, about: ClaimAbout): string {
  const { provenance: p } = r
  const groups = [...new Set(r.cases.map((c) => c.group ?? ""))]
  const seeds =
    p.runs === 0 ? "no seeds: nothing was simulated" : `${some(p.seeds, "seed")}, ${p.seedsFrom} to ${p.seedsFrom + p.seeds - 1}`
  return page(
    `Claim: ${r.words}`,
    [
      `<header><p class="run"><a href="../report.html">All claims</a> · ${escape(r.id)} · ${escape(seeds)}${p.runs === 0 ? "" : ` · ${escape(some(p.runs, "run"))}`}</p>
<h1>“${escape(r.words)}”</h1>
<p class="answer">${verdictMark(r.verdict)} ${escape(r.sentence)}</p>
<p class="answer"><b>${escape(sayEstimate(r.figure.estimate, r.figure.unit))}</b>: ${escape(r.figure.what)}${r.figure.estimate.low === r.figure.estimate.low ? `; ${escape(r.figure.range ?? `95 % interval over ${p.seeds} seeds`)}` : ""}.</p></header>`,
      ...groups.map((group) => {
        const own = r.cases.filter((c) => (c.group ?? "") === group)
        const threshold = own[0].threshold ?? r.threshold
        const unit = own[0].unit ?? r.unit
        return section(
          group === "" ? r.measured : sentenceOf(group),
          escape(
            `${some(own.length, "case")}: ${countsOf(own)}. ${r.bars ?? "Bars are 95 % intervals over seeds"}; the dashed line decides; red crosses are against the claim, hollow dots undecided.${isLogarithmic(own, unit) ? " The axis is logarithmic and begins at 0.05; what lies below stands there." : ""}`,
          ),
          own.every((c) => c.estimate.mean !== c.estimate.mean)
            ? ""
            : casesPicture(own, threshold, (x) => sayFigure(x, unit), `${r.measured}: ${countsOf(own)}`, unit),
        )
      }),
      ...(r.cases.length === 0 ? [`<section><p class="absent">Not measured yet: ${escape(r.sentence)}</p></section>`] : []),
      ...(r.boundary.length === 0
        ? []
        : [
            section(
              r.boundaryTitle ?? "What flips it",
              r.boundaryTitle === undefined ? FLIPS : "",
              boundaryTable(r.boundary, p.seeds),
            ),
          ]),
      ...(r.panels.length === 0
        ? []
        : [
            section(
              "The curves",
              r.panels.some((one) => one.y === "served")
                ? "Means over seeds with 95 % bands. The pale diagonal is service in proportion to what is left."
                : "Means over seeds with 95 % bands; closed forms have none.",
              `<div class="pair">${r.panels.map((one) => `<div>${curvesPicture(one)}</div>`).join("")}</div>`,
            ),
          ]),
      ...(r.cases.length === 0 ? [] : [section("Every case", escape(r.rule), casesTable(r))]),
      section(
        "How it was asked",
        "",
        `<dl><dt>Question</dt><dd>${escape(r.question)}</dd><dt>Experiment</dt><dd>${escape(r.experiment)}.</dd>${p.runs === 0 ? "" : `<dt>Pairing</dt><dd>${escape(PAIRING)}</dd>`}</dl>${list(r.choices)}`,
      ),
      section("Where it was read", "", list(r.sources)),
      section("Data", "Tidy tables beside this page, as Parquet and CSV, with their dictionary.", tables(r.tables)),
      section(
        "How to run this again",
        "",
        `<pre><code>${escape(about.command)}</code></pre>
<dl><dt>Commit</dt><dd>${escape(about.commit)}, version ${escape(about.version)}</dd><dt>Code</dt><dd><code>${p.code}</code></dd><dt>Jobs</dt><dd><code>${p.jobs}</code></dd><dt>Results</dt><dd><code>${p.results}</code></dd><dt>Runs</dt><dd>${escape(`${whole(p.runs)}: ${whole(p.computed)} run, ${whole(p.cached)} from the cache; ${p.seconds.toFixed(0)} s, of which workers ${p.work.toFixed(0)} s`)}</dd></dl>
<p class="under">Code: SHA-256 over the sources that give a run. Jobs: over the keys of all runs in order, each a digest of its whole scenario with its seed. Results: over the fingerprints of what each run ended with. The same three on another machine mean the same figures. <a href="claim.json">claim.json</a> holds all of this page.</p>`,
      ),
    ].join("\n"),
  )
}

const sentenceOf = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
const ASIDE = { control: "positive controls, which do not count", member: "shown one by one, which do not count" } as const
/** `12 for, 1 against; 7 of the centralised comparator, which do not count`. */
function countsOf(cases: readonly Judged[]): string {
  const own = (["yes", "no", "open"] as const)
    .map((a) => [cases.filter((c) => c.answer === a && !c.isReference).length, MARKS[a]] as const)
    .filter(([n]) => n > 0)
    .map(([n, w]) => `${n} ${w}`)
  const aside = cases.filter((c) => c.isReference)
  const role = aside[0]?.role
  const told =
    aside.length === 0
      ? []
      : [
          role === undefined
            ? `${aside.length} of ${aside.every((c) => c.network === "cdn") ? "the centralised comparator, grey" : "others (centralised, grey; other networks)"}, which do not count`
            : `${aside.filter((c) => c.answer === "no").length} of ${aside.length} beyond the line, ${ASIDE[role]}`,
        ]
  return [...(own.length === 0 ? [] : [own.join(", ")]), ...told].join("; ")
}
const list = (all: readonly string[]): string => `<ul>${all.map((l) => `<li>${escape(l)}</li>`).join("")}</ul>`

function casesTable(r: ClaimResult): string {
  const heads = [
    { text: "network" },
    { text: "case" },
    { text: "measured", unit: r.measured, number: true },
    { text: "95 % interval", number: true },
    { text: "runs", number: true },
    { text: "answer" },
  ]
  const rows = r.cases.map((c): readonly Cell[] => {
    const unit = c.unit ?? r.unit
    const e = c.estimate
    return [
      c.network,
      c.label,
      sayFigure(e.mean, unit),
      sayRange(e, unit),
      whole(e.runs),
      c.answer === "no"
        ? html(`<span class="broken">${MARKS.no}</span>`)
        : c.isReference
          ? `${MARKS[c.answer]} (${c.role ?? "comparator"})`
          : MARKS[c.answer],
    ]
  })
  return table(heads, rows)
}

/** A row an axis and a column a network where networks share axes; else a row each. */
function boundaryTable(all: readonly Boundary[], seeds: number): string {
  const axes = [...new Set(all.map((b) => b.axis))]
  const networks = [...new Set(all.map((b) => b.network))]
  const reached = (b: Boundary): string =>
    b.at.missing > 0 && b.at.runs > 0 ? `<br><small>${b.at.runs} of ${b.at.runs + b.at.missing} seeds</small>` : ""
  if (networks.length < 2 || axes.length === all.length)
    return table(
      [
        { text: "along" },
        { text: "network" },
        { text: "flips at", number: true },
        { text: "95 % interval", number: true },
        { text: "how" },
      ],
      all.map((b): readonly Cell[] => [
        b.axis,
        b.network,
        html(`${escape(sayFigure(b.at.mean, b.unit))}${reached(b)}`),
        sayRange(b.at, b.unit),
        html(`<small>${escape(b.how)}</small>`),
      ]),
    )
  const hows = [...new Set(all.map((b) => b.how))]
  const cell = (b: Boundary | undefined): Cell => {
    if (b === undefined) return null
    const range = sayRange(b.at, b.unit)
    return html(
      `${escape(sayFigure(b.at.mean, b.unit))}${range === null || range === "no spread" ? "" : `<br><small>${escape(range)}</small>`}${reached(b)}`,
    )
  }
  return `${table(
    [{ text: "along" }, ...networks.map((n) => ({ text: n, number: true }))],
    axes.map((axis): readonly Cell[] => [
      axis,
      ...networks.map((n) => cell(all.find((b) => b.axis === axis && b.network === n))),
    ]),
  )}<p class="under">${escape(`Below each figure its 95 % interval over ${seeds} seeds, where they differ. ${sentenceOf(hows.join("; "))}.`)}</p>`
}

const tables = (all: readonly Tidy[]): string =>
  `<ul>${all
    .map(
      (t) =>
        `<li><a href="${t.name}.csv">${escape(t.name)}.csv</a>, <a href="${t.name}.parquet">.parquet</a>: ${escape(t.because)} ${whole(t.rows.length)} rows.</li>`,
    )
    .join("")}</ul><p class="under"><a href="DICTIONARY.md">DICTIONARY.md</a> names every column with its unit.</p>`
