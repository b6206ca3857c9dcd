/** The page of one claim: its words, the verdict, the figure with its interval, the cases, the boundary, and how to run it again. */
import type { Boundary, ClaimResult, Judged, Tidy, Word } from "../simulation/claims/claim.ts"
import type { Estimate } from "../simulation/study/maths/estimate.ts"
import { casesPicture } from "./charts/cases.ts"
import { curvesPicture } from "./charts/curves.ts"
import { escape, html, page, section, table, type Cell } from "./layout.ts"
import { percent, some, whole } from "./number.ts"

export interface ClaimAbout {
  readonly command: string
  readonly commit: string
  readonly version: string
  readonly at: string
}

type Unit = ClaimResult["unit"] | Boundary["unit"]

/** One figure in its unit; a dash where there is none. */
export function sayFigure(x: number, unit: Unit): string {
  if (x !== x) return "–"
  switch (unit) {
    case "share":
      return percent(x)
    case "ratio":
      return Number(x.toPrecision(3)).toLocaleString("en-GB")
    case "hours":
      return x < 72 ? `${Number(x.toPrecision(3))} h` : `${Number((x / 24).toPrecision(3))} d`
    case "count":
    case "domains":
    case "seats":
      return Number(x.toFixed(1)).toLocaleString("en-GB")
  }
}

/** `12.3% (10.1 to 14.5%)`; without an interval the figure alone. */
export const sayEstimate = (e: Estimate, unit: Unit): string =>
  e.mean !== e.mean
    ? "–"
    : e.low !== e.low
      ? sayFigure(e.mean, unit)
      : `${sayFigure(e.mean, unit)} (${sayFigure(e.low, unit)} to ${sayFigure(e.high, unit)})`

const MARKS: Readonly<Record<Judged["answer"], string>> = { yes: "for", no: "against", open: "undecided" }

/** The verdict as a word on a ground; never by colour alone. */
export const verdictMark = (word: Word): string =>
  `<span class="mark"${word.startsWith("fails") ? ' style="color:var(--loss)"' : ""}>${escape(word)}</span>`

export function claimPage(r: ClaimResult, about: ClaimAbout): string {
  const { provenance: p } = r
  const groups = [...new Set(r.cases.map((c) => c.group ?? ""))]
  const seeds =
    p.seeds === 0 ? "no seeds: nothing is drawn" : `${some(p.seeds, "seed")}, ${p.seedsFrom} to ${p.seedsFrom + p.seeds - 1}`
  return page(
    `Claim: ${r.words}`,
    [
      `<header><p class="run"><a href="../report.html">All claims</a> · ${escape(r.id)} · ${escape(seeds)} · ${escape(some(p.runs, "run"))}</p>
<h1>“${escape(r.words)}”</h1>
<p class="answer">${verdictMark(r.verdict)} ${escape(r.sentence)}</p>
<p class="answer"><b>${escape(sayEstimate(r.figure.estimate, r.figure.unit))}</b>: ${escape(r.figure.what)}${r.figure.estimate.low === r.figure.estimate.low ? "; 95 % interval" : ""}.</p></header>`,
      ...groups.map((group) => {
        const own = r.cases.filter((c) => (c.group ?? "") === group)
        const threshold = own[0].threshold ?? r.threshold
        const unit = own[0].unit ?? r.unit
        return section(
          group === "" ? r.measured : sentenceOf(group),
          `${escape(some(own.length, "case"))}: ${escape(countsOf(own))}. Bars are 95 % intervals over seeds; the dashed line decides; red crosses are against the claim, hollow dots undecided; grey is the centralised comparator, which counts for nothing.`,
          own.length === 0
            ? ""
            : casesPicture(
                own,
                threshold,
                (x) => sayFigure(x, unit),
                `${r.measured}: ${countsOf(own)}`,
                unit === "share" ? [0, 1] : undefined,
              ),
        )
      }),
      ...(r.cases.length === 0 ? [`<section><p class="absent">Not measured yet: ${escape(r.sentence)}</p></section>`] : []),
      ...(r.boundary.length === 0
        ? []
        : [
            section(
              "What flips it",
              "Where the claim turns over, searched in runs, not guessed. A dash: not within what was searched.",
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
      section("Every case", escape(r.rule), casesTable(r)),
      section(
        "How it was asked",
        "",
        `<dl><dt>Question</dt><dd>${escape(r.question)}</dd><dt>Experiment</dt><dd>${escape(r.experiment)}.</dd><dt>Pairing</dt><dd>All cases of a seed stand in the same places with the same luck (common random numbers).</dd></dl>${list(r.choices)}`,
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
const countsOf = (cases: readonly Judged[]): string =>
  (["yes", "no", "open"] as const)
    .map((a) => [cases.filter((c) => c.answer === a && !c.isReference).length, MARKS[a]] as const)
    .filter(([n]) => n > 0)
    .map(([n, w]) => `${n} ${w}`)
    .join(", ") || "none of an open network"
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
      e.low === e.low ? `${sayFigure(e.low, unit)} to ${sayFigure(e.high, unit)}` : null,
      whole(e.runs),
      c.answer === "no"
        ? html(`<span class="broken">${MARKS.no}</span>`)
        : c.isReference
          ? `${MARKS[c.answer]} (comparator)`
          : MARKS[c.answer],
    ]
  })
  return table(heads, rows)
}

function boundaryTable(all: readonly Boundary[], seeds: number): string {
  const heads = [
    { text: "along" },
    { text: "network" },
    { text: "flips at", number: true },
    { text: "95 % interval", number: true },
    { text: "found in", unit: `of ${seeds} seeds`, number: true },
    { text: "how" },
  ]
  return table(
    heads,
    all.map((b): readonly Cell[] => [
      b.axis,
      b.network,
      sayFigure(b.at.mean, b.unit),
      b.at.low === b.at.low ? `${sayFigure(b.at.low, b.unit)} to ${sayFigure(b.at.high, b.unit)}` : null,
      b.at.runs === 0 && b.at.missing === 0 ? null : whole(b.at.runs),
      html(`<small>${escape(b.how)}</small>`),
    ]),
  )
}

const tables = (all: readonly Tidy[]): string =>
  `<ul>${all
    .map(
      (t) =>
        `<li><a href="${t.name}.csv">${escape(t.name)}.csv</a>, <a href="${t.name}.parquet">.parquet</a>: ${escape(t.because)} ${whole(t.rows.length)} rows.</li>`,
    )
    .join("")}</ul><p class="under"><a href="DICTIONARY.md">DICTIONARY.md</a> names every column with its unit.</p>`
