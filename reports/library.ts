/** The library's page and table: every incident on record, what was published of it and what the same failure came to here. */
import type { Played } from "../simulation/record/library.ts"
import type { Times } from "../simulation/library/measured.ts"
import { marks } from "./charts/marks.ts"
import { escape, figure, html, page, section, table, type Cell } from "./layout.ts"
import { label } from "./manifest.ts"
import { day, list, percent, some, whole } from "./number.ts"

export interface LibraryAbout {
  readonly command: string
  readonly commit: string
  readonly failed: readonly { readonly id: string; readonly problem: string }[]
}

const YEAR = (unixS: number): string => `${day(unixS)} ${new Date(unixS * 1000).getUTCFullYear()}`
const PLANES: Readonly<Record<string, string>> = {
  service: "users\u2019 requests",
  nodes: "nodes taking part",
  ledger: "ledger or proofs",
  control: "control plane",
}

/** Minutes up to ten hours, then hours, then days. */
export function sayMinutes(minutes: number | null): string {
  if (minutes === null) return "\u2013"
  if (minutes >= 72 * 60) return `${(minutes / 1440).toFixed(1)} d`
  return minutes >= 600 ? `${(minutes / 60).toFixed(1)} h` : `${Number(minutes.toFixed(minutes < 10 ? 1 : 0))} min`
}
const lost = (share: number | null): string => (share === null ? "\u2013" : percent(share))
const holds = (p: Played): string =>
  p.claims.length === 0 ? "\u2013" : `${p.claims.filter((c) => c.holds).length}/${p.claims.length}`
/** What was put in is no result; what nobody published is an assumption. */
const basisOf = (p: Played): string => (!p.isImposed ? "follows" : p.depthFrom === "assumed" ? "assumed" : "published")

/** For a terminal: figures published, then simulated. */
export function libraryTable(all: readonly Played[]): string {
  const pair = (p: Played, of: (t: Times) => string): string => `${of(p.published)} | ${of(p.measured)}`
  const rows = [
    [
      "incident",
      "played on",
      "plane",
      "lost pub|sim",
      "depth",
      "detect pub|sim",
      "mitigate pub|sim",
      "end pub|sim",
      "others lost",
      "claims",
    ],
    ...all.map((p) => [
      p.id,
      p.victim,
      p.plane,
      pair(p, (t) => lost(t.lost)),
      basisOf(p),
      pair(p, (t) => sayMinutes(t.detectMin)),
      pair(p, (t) => sayMinutes(t.mitigateMin)),
      pair(p, (t) => sayMinutes(t.endMin)),
      p.others.map((o) => `${o.network} ${lost(o.lost)}`).join(", "),
      holds(p),
    ]),
  ]
  const widths = rows[0].map((_, k) => Math.max(...rows.map((r) => r[k].length)))
  const claims = all.flatMap((p) => p.claims.filter((c) => !c.holds).map((c) => `  ${p.id}: ${c.claim} (${c.figure})`))
  return [
    ...rows.map((row) => row.map((cell, k) => (k === row.length - 1 ? cell : cell.padEnd(widths[k]))).join("  ")),
    "",
    "depth: published or assumed where the level was put in; follows where it follows from who stands where and what each does.",
    claims.length === 0
      ? `All ${all.flatMap((p) => p.claims).length} claims hold.`
      : `Claims that do not hold:\n${claims.join("\n")}`,
  ].join("\n")
}

/** The page: one sentence, one chart, one table, then what each record took for granted. */
export function libraryPage(all: readonly Played[], about: LibraryAbout): string {
  const claims = all.flatMap((p) => p.claims)
  const broken = claims.filter((c) => !c.holds).length
  const near = all.filter((p) => p.claims.some((c) => isGoingOn(c.claim)))
  const halted = near.filter((p) => p.claims.some((c) => isGoingOn(c.claim) && !c.holds))
  const heads = [
    { text: "incident", unit: "on record, and played on" },
    { text: "lost at worst", unit: "published", number: true },
    { text: "", unit: "simulated", number: true },
    { text: "detected", unit: "published", number: true },
    { text: "", unit: "simulated", number: true },
    { text: "mitigated", unit: "published", number: true },
    { text: "", unit: "simulated", number: true },
    { text: "over", unit: "published", number: true },
    { text: "", unit: "simulated", number: true },
    { text: "others", unit: "lost" },
    { text: "claims", unit: "that hold", number: true },
  ]
  const rows = all.map((p): readonly Cell[] => [
    html(
      `<div style="min-width:min(15em,20vw)"><b>${escape(p.name)}</b><br><small>${escape(p.id)}, ${escape(YEAR(p.onsetS))}; ${escape(label(p.victim))}, ${escape(PLANES[p.plane] ?? p.plane)}</small></div>`,
    ),
    lost(p.published.lost),
    html(`${escape(lost(p.measured.lost))}<br><small>${escape(basisOf(p))}</small>`),
    ...(["detectMin", "mitigateMin", "endMin"] as const).flatMap((k) => [sayMinutes(p.published[k]), sayMinutes(p.measured[k])]),
    p.others.length === 0
      ? null
      : html(`<small>${p.others.map((o) => escape(`${label(o.network)}\u00a0${lost(o.lost)}`)).join("<br>")}</small>`),
    p.claims.length === 0
      ? null
      : html(p.claims.every((c) => c.holds) ? escape(holds(p)) : `<span class="broken">${escape(holds(p))}</span>`),
  ])
  const nodes = all.reduce((most, p) => Math.max(most, p.nodes), 0)
  const finding =
    halted.length === 0
      ? `In all ${near.length} incidents in which a ledger must not halt, none did`
      : `Of ${near.length} incidents in which a ledger must not halt, ${halted.length} did`
  const question = "What would the outages on record have done to open networks, and does the model give their own times back?"
  return page(
    "Outages on record",
    [
      `<header><p class="run">${some(all.length, "incident")} on record \u00b7 up to ${whole(nodes)} nodes each</p>
<h1>${escape(question)}</h1>
<p class="answer">${escape(finding)}; ${broken === 0 ? `all ${claims.length} claims hold` : `${broken} of ${claims.length} claims do not hold`}. Of ${all.length} incidents ${all.filter((p) => p.isImposed && p.depthFrom === "assumed").length} have no published depth.</p></header>`,
      `<section>${figure(marks(all))}</section>`,
      section(
        "Published against simulated",
        "Times from onset. <b>published</b>, <b>assumed</b>: the level was put in, so that its agreement shows only that the fault does what it says; an assumed one is swept when the incident is run alone. <b>follows</b>: the level follows from which nodes stand in the place and from their backups. A simulated detection is the network\u2019s own; a dash: not on record, never, or no notion of it. Simulated times are known to a tick, about a sixtieth of the incident.",
        table(heads, rows),
      ),
      ...(broken === 0
        ? []
        : [
            section(
              "Claims that do not hold",
              "",
              lines(
                all.flatMap((p) => p.claims.filter((c) => !c.holds).map((c) => `${p.name}: ${c.claim}; measured ${c.figure}`)),
              ),
            ),
          ]),
      ...(about.failed.length === 0 ? [] : [section("Not played", "", lines(about.failed.map((f) => `${f.id}: ${f.problem}`)))]),
      section(
        "What could not be decided",
        "Worked out from the records and the runs. Where nothing was published, nothing is claimed.",
        undecided(all),
      ),
      section(
        "What each record took for granted",
        "Conflicts pinned, levels and ends assumed, who stands in for whom.",
        all.map(choicesOf).join("\n"),
      ),
      `<section><h2>How to run this again</h2><pre><code>${escape(about.command)}</code></pre><p class="under">Commit ${escape(about.commit)}. One incident alone, with its sweep and its own report: <code>npx blackstart run incident:ID</code>.</p></section>`,
    ].join("\n"),
  )
}

const DISAGREE = /^CONFLICT: /u

/** What records do not say, and where they disagree. */
function undecided(all: readonly Played[]): string {
  const named = (what: string, which: readonly Played[]): readonly string[] =>
    which.length === 0 ? [] : [`${what} (${which.length} of ${all.length}): ${which.map((p) => p.id).join(", ")}.`]
  const conflicts = all.flatMap((p) =>
    p.choices.filter((c) => DISAGREE.test(c)).map((c) => `${p.id}: ${c.replace(DISAGREE, "sources disagree: ")}`),
  )
  return lines([
    ...named(
      "How deep it was: no level was published",
      all.filter((p) => p.published.lost === null),
    ),
    ...named(
      "When it was noticed: no time was published",
      all.filter((p) => p.published.detectMin === null),
    ),
    ...named(
      "When it was over: no end is on record",
      all.filter((p) => p.published.endMin === null),
    ),
    ...named(
      "Whether the model is right about its depth: the level was put in, so that agreement proves nothing",
      all.filter((p) => p.isImposed),
    ),
    ...conflicts,
  ])
}

const isGoingOn = (claim: string): boolean => /at least 1 /u.test(claim)
const lines = (all: readonly string[]): string => `<ul>${all.map((l) => `<li>${escape(l)}</li>`).join("")}</ul>`
const choicesOf = (p: Played): string =>
  `<details><summary>${escape(p.name)}</summary>${lines(p.choices)}<p class="under">${escape(p.sources.length === 0 ? "The record names no source." : `Sources: ${list(p.sources)}.`)}</p></details>`
