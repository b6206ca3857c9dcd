/** The index of claims: each in the essay's words with its verdict, its figure, and a link to its page. */
import type { ClaimResult, Word } from "../simulation/claims/claim.ts"
import { sayEstimate } from "../simulation/claims/say.ts"
import { verdictMark, type ClaimAbout } from "./claim.ts"
import { escape, html, page, section, table, type Cell } from "./layout.ts"
import { list, some, whole } from "./number.ts"

export interface Indexed {
  readonly result: ClaimResult
  readonly about: ClaimAbout
}

/** A verdict of one claim and of several. */
const TOLD: Readonly<Record<Word, readonly [string, string]>> = {
  holds: ["holds as said", "hold as said"],
  "holds when": ["holds in part", "hold in part"],
  "fails when": ["fails under conditions", "fail under conditions"],
  fails: ["fails", "fail"],
  undecided: ["is undecided", "are undecided"],
  "not measured": ["is not measured", "are not measured"],
}

/** What no run of this project can tell; each is said on the page it belongs to as well. */
export const UNDECIDED: readonly string[] = [
  "The essay’s own wording: its text is not in this repository. Claims are put as the project states them.",
  "Real concentration: no published split of Helium or Render by country, host or version exists, so where nodes stand is a model (docs/ASSUMPTIONS.md).",
  "Thousands of nodes: pages are run at 60 to 500 nodes so that 30 seeds take minutes. Larger sizes are asked with --nodes, and were not run with 30 seeds.",
  "How common any cheat is on a live network: no measurement of it was found. What cheating would earn says nothing about who tries.",
  "Honest profit: adversaries are held against hardware that costs what it earns (free entry), so whether honest work pays its bills is not in that figure.",
  "What people do: joining was measured with a machine and a script, not with thirty people; operators who leave after an outage, users who move elsewhere and courts that disagree are not modelled.",
  "Ledgers under attack at real size: four validators on one computer were disturbed once. Committees of a thousand are arithmetic over assumed places.",
  "Costs and prices move: every price is of its day, most from excerpts, and quality of service is not the same on both sides.",
]

/** `missing`: claims that have no result in the folder. */
export function claimsIndex(all: readonly Indexed[], missing: readonly string[], about: Omit<ClaimAbout, "at">): string {
  const count = (start: string): number => all.filter((i) => i.result.verdict === start).length
  const tally = Object.entries(TOLD).flatMap(([w, [one, many]]) =>
    count(w) === 0 ? [] : [`${count(w)} ${count(w) === 1 ? one : many}`],
  )
  const sayTally = (n: number, told: readonly string[]): string => `Of ${some(n, "claim")}, ${list(told)}.`
  const heads = [
    { text: "claim", unit: "as the project states the essay’s" },
    { text: "verdict" },
    { text: "figure", unit: "with its range, as its page says" },
    { text: "runs", number: true },
  ]
  const rows = all.map(({ result: r }): readonly Cell[] => [
    html(`<a href="${r.id}/report.html">“${escape(r.words)}”</a>`),
    html(`${verdictMark(r.verdict)}<br><small>${escape(r.sentence)}</small>`),
    html(`<b>${escape(sayEstimate(r.figure.estimate, r.figure.unit))}</b><br><small>${escape(r.figure.what)}</small>`),
    r.provenance.runs === 0 ? "no run" : some(r.provenance.runs, "run"),
  ])
  const codes = [...new Set(all.map((i) => i.result.provenance.code))]
  const question = "Do open networks keep what is claimed of them?"
  return page(
    "Claims put to the test",
    [
      `<header><p class="run">blackstart · ${whole(all.length)} claims · ${whole(all.reduce((sum, i) => sum + i.result.provenance.runs, 0))} runs</p>
<h1>${escape(question)}</h1>
<p class="answer">${escape(sayTally(all.length, tally))} A claim is universal: one case with its whole interval against it is enough to say “fails when”. No claim says more than what its cases measured, and node counts are no proof.</p></header>`,
      section("The claims", "", `<div class="cards">${table(heads, rows)}</div>`),
      ...(missing.length === 0
        ? []
        : [
            section(
              "Not run",
              "",
              `<ul>${missing.map((m) => `<li>${escape(m)}: <code>npm run report -- claims --only ${escape(m)}</code></li>`).join("")}</ul>`,
            ),
          ]),
      ...(codes.length > 1
        ? [
            `<section><p class="absent">These pages were made by ${codes.length} versions of the code; run all of them again before comparing.</p></section>`,
          ]
        : []),
      section(
        "How to read a verdict",
        "",
        `<dl><dt>holds</dt><dd>The whole 95 % interval of every case lies on the claim’s side.</dd><dt>holds when</dt><dd>Some cases are for it and either none is against it and some are undecided, or more are against it than for it.</dd><dt>fails when</dt><dd>At least one case is against it, and at least as many are for it (or none is, and others are undecided); the sentence names those against.</dd><dt>fails</dt><dd>Every case is against it.</dd><dt>undecided</dt><dd>No interval lies wholly on one side.</dd><dt>not measured</dt><dd>There is no experiment yet, and the page says why.</dd></dl>
<p class="under">Every case is judged at 95 % by itself, except where its page says that intervals are simultaneous: of a hundred cases that lie just on their line about five would come out for or against by chance. Counts of cases are no score: cases are chosen by us, and one against is enough.</p>`,
      ),
      section("What could not be decided", "", `<ul>${UNDECIDED.map((u) => `<li>${escape(u)}</li>`).join("")}</ul>`),
      `<section><h2>How to run this again</h2><pre><code>${escape(about.command)}</code></pre><p class="under">Commit ${escape(about.commit)}, version ${escape(about.version)}. Each page has its own command, seeds and hashes.</p></section>`,
    ].join("\n"),
  )
}
