/** The tables of a report: the figures side by side, what was claimed, refused and assumed, and the manifest. */
import type { Data } from "./data.ts"
import { fraction, type LossRow } from "./finding.ts"
import { escape, html, section, table, absent, type Cell } from "./layout.ts"
import { inOrder, label, nodeWordOf, unitsOf, windowOf, type Footnote, type Manifest, type Result } from "./manifest.ts"
import { duration, instant, plural, whole } from "./number.ts"
import { colourOf } from "./palette.ts"

const name = (network: string): Cell =>
  html(`<span class="dot" style="background:${colourOf(network)}"></span>${escape(label(network))}`)
const ppm = (v: number | null | undefined): string | null =>
  v === null || v === undefined ? null : (v / 10_000).toFixed(v > 999_000 && v < 1_000_000 ? 4 : 2)
const minutes = (seconds: number | null | undefined): string | null =>
  seconds === null || seconds === undefined ? null : (seconds / 60).toLocaleString("en-GB", { maximumFractionDigits: 1 })

/** Availability, blast radius, times and lost capacity, one row a network, with what each word means. */
export async function figures(data: Data): Promise<string> {
  const m = data.manifest
  const rows = await data.view<LossRow>("loss")
  const results = new Map((m.results ?? []).map((r) => [r.network, r]))
  const networks = inOrder(m).filter((n) => results.has(n) || rows.some((r) => r.network === n))
  if (networks.length === 0) return absent("The figures", "neither the manifest nor the tables of this run hold any figure")
  const window = windowOf(m)
  const runAvailability = (n: string) => {
    const row = rows.find((r) => r.network === n)
    const served = row === undefined ? null : fraction(row.served_milli, row.offered_milli)
    return served === null ? null : ppm(served * 1e6)
  }
  const always = [
    { text: "Network" },
    { text: plural("node"), number: true },
    { text: "availability, run", unit: "% of demand", number: true },
  ]
  const incident = [
    { text: "availability, window", unit: "% of demand", number: true },
    { text: "blast radius", unit: "% of demand", number: true },
    { text: "lost capacity", unit: "minutes", number: true },
    { text: "detect", unit: "min from onset", number: true },
    { text: "mitigate", unit: "min from onset", number: true },
    { text: "recover", unit: "min from onset", number: true },
  ]
  const body = networks.map((n): Cell[] => {
    const r: Result = results.get(n) ?? { network: n }
    const nodes = m.networks.find((x) => x.name === n)?.nodes
    const base: Cell[] = [name(n), nodes === undefined ? null : whole(nodes), runAvailability(n)]
    if (window === null) return base
    const lost = r.lostCapacityMinutes
    return [
      ...base,
      ppm(r.windowAvailabilityPpm),
      ppm(r.blastRadiusPpm),
      lost === null || lost === undefined
        ? null
        : lost.toLocaleString("en-GB", { minimumFractionDigits: 2, maximumFractionDigits: 2 }),
      minutes(r.detectS),
      minutes(r.mitigateS),
      minutes(r.recoverS),
    ]
  })
  const heads = window === null ? always : [...always, ...incident]
  const under =
    window === null
      ? "This run has no incident, so there is no window and nothing to recover from."
      : `The incident window runs from onset (${instant(window.beginS)}) to main recovery (${instant(window.endS)}). A dash: it never came, or was not recorded.`
  return section(
    "The figures side by side",
    under,
    `${table(heads, body)}${disagreements(m, rows)}${definitions(m, window !== null)}`,
  )
}

/** The manifest and the tables must tell one story; where they do not, the reader is told, not reassured. */
function disagreements(m: Manifest, rows: readonly LossRow[]): string {
  const said = (m.results ?? []).flatMap((r) => {
    const row = rows.find((x) => x.network === r.network)
    const served = row === undefined ? null : fraction(row.window_served_milli, row.window_offered_milli)
    if (served === null || typeof r.windowAvailabilityPpm !== "number" || Math.abs(served * 1e6 - r.windowAvailabilityPpm) <= 2)
      return []
    return [
      `${label(r.network)}: run.json says ${ppm(r.windowAvailabilityPpm)}% served in the window, the ticks of epochs_${r.network} add up to ${ppm(served * 1e6)}%.`,
    ]
  })
  return said.length === 0 ? "" : `<p class="broken">The manifest and the tables disagree. ${escape(said.join(" "))}</p>`
}

function definitions(m: Manifest, hasIncident: boolean): string {
  const units = m.networks.map(
    (n) =>
      `${label(n.name)} serves ${unitsOf(m, n.name)}${n.service?.because === undefined ? "" : ` (${n.service.because})`} from ${plural(nodeWordOf(m, n.name))}`,
  )
  const terms: [string, string][] = [
    ["Demand", `${units.join("; ")}. Fractions are compared, never one unit with another.`],
    ["Availability", "served ÷ offered, each request or uplink counting once. A degraded answer counts as served."],
    ...(hasIncident
      ? ([
          ["Onset", "the moment the incident first touches users in the scenario; every time below counts from it."],
          ["Blast radius", "the largest share of demand lost in any one tick of the window."],
          ["Lost capacity", "the share lost, added up over time: 10 minutes with half the demand lost are 5 minutes."],
          ["Detect", "until the network, or whoever runs it, first notices."],
          ["Mitigate", "until the first action that makes it better."],
          ["Recover", "until service is back at its level from before onset."],
        ] as [string, string][])
      : []),
  ]
  return `<dl>${terms.map(([t, d]) => `<dt>${t}</dt><dd>${escape(d)}</dd>`).join("")}</dl>`
}

/** What the scenario expected, and whether it held. */
export function claims(m: Manifest): string {
  const all = m.claims ?? []
  if (all.length === 0) return absent("What the scenario claimed", "this scenario ends with no claim")
  const broken = all.filter((c) => c.holds === false).length
  const title =
    broken === 0
      ? `All ${all.length} claims of the scenario hold`
      : `${broken} of ${all.length} claims of the scenario ${broken === 1 ? "does" : "do"} not hold`
  const rows = all.map((c): Cell[] => [
    c.claim,
    c.holds === null ? "not tested" : c.holds ? "holds" : html('<span class="broken">does not hold</span>'),
    text(c.figure),
  ])
  return section(
    all.length === 1 && broken === 0 ? "The claim of the scenario holds" : title,
    "",
    table([{ text: "Claim" }, { text: "Verdict" }, { text: "Figure" }], rows),
  )
}

/** Invariants checked, folded unless one failed, and commands refused. */
export function refusals(m: Manifest): string {
  const refused = Object.entries(m.refusals ?? {}).flatMap(([n, reasons]) =>
    Object.entries(reasons).map(([reason, count]) => ({ n, reason, count })),
  )
  const invariants = m.invariants ?? []
  const failures = invariants.reduce((sum, i) => sum + (i.failures ?? 0), 0)
  const parts = [
    invariants.length === 0
      ? ""
      : `<details class="long"${failures === 0 ? "" : " open"}><summary>${whole(invariants.length)} invariants were checked at every epoch's end; ${failures === 0 ? "none failed" : `${whole(failures)} checks failed`}</summary>${table(
          [{ text: "Invariant" }, { text: "checks", number: true }, { text: "failures", number: true }],
          invariants.map((i) => [i.name, i.checks === undefined ? null : whole(i.checks), whole(i.failures ?? 0)]),
        )}</details>`,
    refused.length === 0
      ? ""
      : table(
          [{ text: "Network" }, { text: "Refusal" }, { text: "commands", number: true }],
          refused
            .toSorted((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1))
            .map((r) => [name(r.n), r.reason, whole(r.count)]),
        ),
  ]
  if (parts.join("") === "") return absent("What was refused", "no command was refused and no invariant was listed in this run")
  const total = refused.reduce((sum, r) => sum + r.count, 0)
  return section(
    `${whole(total)} commands were refused`,
    "A refusal is the protocol saying no to a command, with its reason.",
    parts.join("\n"),
  )
}

/** Every parameter the run rests on, network by network, folded: there are hundreds. What nobody could verify is marked. */
export function footnotes(m: Manifest): string {
  const all = m.footnotes ?? []
  if (all.length === 0) return absent("What this rests on", "the manifest lists no parameters")
  const row = (f: Footnote): Cell[] => [
    html(
      `<code>${escape(f.parameter.slice(f.parameter.indexOf(".") + 1))}</code>${isUnverified(f) ? ' <span class="mark">unverified</span>' : ""}`,
    ),
    text(f.value),
    f.unit ?? "",
    range(f.range),
    f.source ?? "",
    f.because ?? "",
  ]
  const networkOf = (f: Footnote): string => f.parameter.slice(0, f.parameter.indexOf("."))
  const doubtful = all.filter(isUnverified).length
  const heads = [
    { text: "Parameter" },
    { text: "value", number: true },
    { text: "unit" },
    { text: "range" },
    { text: "Source" },
    { text: "Because" },
  ]
  const folded = [...new Set(all.map(networkOf))].map((network) => {
    const own = all.filter((f) => networkOf(f) === network)
    const unsure = own.filter(isUnverified).length
    return `<details class="long"><summary>${escape(label(network))}: ${whole(own.length)} parameters${unsure === 0 ? "" : `, ${whole(unsure)} of them unverified`}</summary>${table(heads, own.map(row))}</details>`
  })
  const under =
    doubtful === 0
      ? ""
      : `${doubtful} of ${all.length} parameters ${doubtful === 1 ? "is an assumption or" : "are assumptions or"} could not be verified, and marked so.`
  return section("What this rests on", under, folded.join("\n"))
}

const isUnverified = (f: { source?: string; because?: string }) =>
  /unverified|assum|invented/i.test(`${f.source ?? ""} ${f.because ?? ""}`)
const range = (r: unknown) => (Array.isArray(r) ? r.map(text).join(" to ") : text(r))
const text = (v: unknown): string =>
  v === null || v === undefined
    ? ""
    : typeof v === "number"
      ? v.toLocaleString("en-GB", { maximumFractionDigits: 6 })
      : typeof v === "object"
        ? JSON.stringify(v)
        : String(v as string | boolean | bigint)

/** What makes this run repeatable: a report without it does not exist. */
export function manifest(m: Manifest, runDir: string): string {
  const changed = m.networks.filter((n) => Object.keys(n.changed ?? {}).length > 0)
  const rows: [string, string | undefined][] = [
    ["Run", m.name],
    ["Status", m.status],
    ["Seed", String(m.seed)],
    ["Time", `${instant(m.beginS)} to ${instant(m.endS)}`],
    [
      "Networks",
      m.networks
        .map(
          (n) =>
            `${label(n.name)} (${n.preset ?? "default"}${n.nodes === undefined ? "" : `, ${whole(n.nodes)} ${plural(nodeWordOf(m, n.name))}`})`,
        )
        .join("; "),
    ],
    [
      "Changed against the preset",
      changed.length === 0 ? "nothing" : changed.map((n) => `${label(n.name)}: ${JSON.stringify(n.changed)}`).join("; "),
    ],
    [
      "Events",
      m.events === undefined ? undefined : `${whole(m.events)}${m.seconds === undefined ? "" : ` in ${duration(m.seconds)}`}`,
    ],
    ["Version", [m.version, m.commit].filter((x) => x !== undefined).join(", commit ")],
    ["Parameter hash", m.parameterHash],
    ["Log hash", m.logHash],
    ["State hash", m.stateHash],
  ]
  const command = m.command ?? `node cli/blackstart.mjs run ${runDir}/run.json --seed ${m.seed}`
  const stopped =
    m.status === "stopped"
      ? '<p class="broken">This run was stopped before its end: its figures cover only the time recorded.</p>'
      : ""
  const body = rows
    .flatMap(([t, d]) => (d === undefined || d === "" ? [] : [`<dt>${t}</dt><dd><code>${escape(d)}</code></dd>`]))
    .join("")
  const scenario =
    m.scenario === undefined
      ? ""
      : `<details><summary>The scenario as JSON</summary><pre><code>${escape(JSON.stringify(m.scenario, null, 2))}</code></pre></details>`
  return section(
    "The run, and how to repeat it",
    "The same commit, scenario and seed give the same hashes.",
    `${stopped}<dl>${body}</dl><pre><code>${escape(command)}</code></pre>${scenario}`,
  )
}
