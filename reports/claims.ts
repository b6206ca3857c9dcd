/** The index of claims: each in the essay's words with its verdict, its figure, and a link to its page. */
import type { ClaimResult } from "../simulation/claims/claim.ts"
import { sayEstimate, verdictMark, type ClaimAbout } from "./claim.ts"
import { escape, html, page, section, table, type Cell } from "./layout.ts"
import { list, whole } from "./number.ts"

export interface Indexed {
  readonly result: ClaimResult
  readonly about: ClaimAbout
}

/** `missing`: claims that have no result in the folder. */
export function claimsIndex(all: readonly Indexed[], missing: readonly string[], about: Omit<ClaimAbout, "at">): string {
  const count = (start: string): number => all.filter((i) => i.result.verdict === start).length
  const words = ["holds", "holds when", "fails when", "fails", "undecided", "not measured"] as const
  const tally = words.flatMap((w) =>
    count(w) === 0
      ? []
      : [
          `${count(w)} ${w === "holds when" ? "hold under conditions" : w === "fails when" ? "fail under conditions" : w === "holds" ? "hold as said" : w === "fails" ? "fail" : w}`,
        ],
  )
  const heads = [
    { text: "claim", unit: "in the essay’s words" },
    { text: "verdict" },
    { text: "figure", unit: "with its 95 % interval" },
    { text: "runs", number: true },
  ]
  const rows = all.map(({ result: r }): readonly Cell[] => [
    html(`<a href="${r.id}/report.html">“${escape(r.words)}”</a>`),
    html(`${verdictMark(r.verdict)}<br><small>${escape(r.sentence)}</small>`),
    html(`<b>${escape(sayEstimate(r.figure.estimate, r.figure.unit))}</b><br><small>${escape(r.figure.what)}</small>`),
    whole(r.provenance.runs),
  ])
  const codes = [...new Set(all.map((i) => i.result.provenance.code))]
  const question = "Do open networks keep what is claimed of them?"
  return page(
    "Claims put to the test",
    [
      `<header><p class="run">blackstart · ${whole(all.length)} claims · ${whole(all.reduce((sum, i) => sum + i.result.provenance.runs, 0))} runs</p>
<h1>${escape(question)}</h1>
<p class="answer">Of ${whole(all.length)} claims ${escape(list(tally))}. A claim is universal: one case with its whole interval against it is enough to say “fails when”. No claim says more than what its cases measured, and node counts are no proof.</p></header>`,
      section("The claims", "", table(heads, rows)),
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
        `<dl><dt>holds</dt><dd>The whole 95 % interval of every case lies on the claim’s side.</dd><dt>holds when</dt><dd>Some cases are for it and either none is against it and some are undecided, or more are against it than for it.</dd><dt>fails when</dt><dd>At least one case is against it, and most are for it; the sentence names those against.</dd><dt>fails</dt><dd>Every case is against it.</dd><dt>undecided</dt><dd>No interval lies wholly on one side.</dd><dt>not measured</dt><dd>There is no experiment yet, and the page says why.</dd></dl>`,
      ),
      `<section><h2>How to run this again</h2><pre><code>${escape(about.command)}</code></pre><p class="under">Commit ${escape(about.commit)}, version ${escape(about.version)}. Each page has its own command, seeds and hashes.</p></section>`,
    ].join("\n"),
  )
}
