/** The observer's page: one sentence, the figures, the nodes and the blocks as they come. It needs nothing but this gateway. */
import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"
import type { Status } from "../ledger/reading.ts"
import type { Quorum } from "./api.ts"

export const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")

export const STYLE = `:root{color-scheme:light dark;--soft:#5a5f69;--line:#d9dce1;--wash:#f4f5f7;--good:#007a5a;--bad:#b00020;--link:#0b57d0;font:16px/1.5 system-ui,sans-serif}
@media(prefers-color-scheme:dark){:root{--soft:#a7adb8;--line:#3a3f48;--wash:#1c1f24;--good:#2cc79a;--bad:#ff8a80;--link:#8ab4f8}}
body{max-width:60rem;margin:1.5rem auto;padding:0 1rem}a{color:var(--link)}h1{font-size:1.5rem;line-height:1.25;margin:0 0 .3rem}h2{font-size:1.1rem;margin:1.4rem 0 .3rem}p{margin:.3rem 0}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}th,td{padding:.25rem .6rem;border-bottom:1px solid var(--line)}
th{text-align:left;font-weight:600}thead th{vertical-align:bottom;color:var(--soft)}td.n,th.n{text-align:right}code{font-size:.85em;overflow-wrap:anywhere}.quiet{color:var(--soft)}.bad{color:var(--bad)}
@media(max-width:480px){body{margin:1rem auto;padding:0 .8rem}h1{font-size:1.25rem}th,td{padding:.25rem .3rem}}`

const OWN_STYLE = `.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.6rem;margin:1rem 0}.figures div{background:var(--wash);border-radius:8px;padding:.5rem .7rem}
dt{color:var(--soft);font-size:.85rem}dd{margin:0;font-size:1.4rem;font-weight:600;font-variant-numeric:tabular-nums}dd small{font-size:.8rem;font-weight:400;color:var(--soft)}
figure{margin:1.2rem 0}figcaption{font-weight:600}figcaption span{font-weight:400;color:var(--soft)}svg{width:100%;display:block;background:var(--wash);border-radius:8px;margin-top:.3rem}
svg text{font:12px system-ui,sans-serif;fill:var(--soft)}.grid{stroke:var(--line)}.taken{fill:var(--good)}.refused{fill:var(--bad)}
img{max-width:100%;image-rendering:pixelated}.wide{overflow-x:auto}td{white-space:nowrap}
@media(max-width:480px){.figures{grid-template-columns:1fr 1fr}.table-nodes td,.table-nodes th,.table-blocks td,.table-blocks th{font-size:.85rem}.table-nodes :is(th,td):nth-child(2),.table-blocks :is(th,td):nth-child(n+5){display:none}}`

const SCRIPT = readFileSync(new URL("./observe.js", import.meta.url), "utf8")

/** Pages take nothing from elsewhere, run their own script only, and are framed by nobody. */
export const SAFE = {
  "content-security-policy": `default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; script-src 'sha256-${createHash("sha256").update(SCRIPT).digest("base64")}'; connect-src 'self'; frame-ancestors 'none'`,
  "x-content-type-options": "nosniff",
} as const

/** Who orders the blocks: a sentence first, then each validator's part in it. */
const quorumPart = `<h2>Validators</h2><p id="quorum" aria-live="polite"></p>
<div class="wide"><table><thead><tr><th>validator</th><th class="n">power</th><th>now</th><th class="n">last vote seen in block</th><th class="n">its own height</th></tr></thead><tbody id="validators"></tbody></table></div>`

/** A figure of a node, as its network declares it. */
export interface NodeFigure {
  readonly name: string
  readonly unit: string
  readonly because: string
}

type Role = "storage" | "lease" | "render" | "coverage"
/** Which of a node's figures the page shows beside its income, by role, and what it calls them. */
const COLUMNS: Readonly<Record<Role, Readonly<Record<string, string>>>> = {
  storage: { qaGib: "proven power [GiB]", wins: "blocks won", missed: "proofs missed" },
  lease: { leases: "leases now", leasesWon: "leases won" },
  render: { rendered: "frames rendered", reputation: "reputation [‰]" },
  coverage: { beacons: "beacons that earned", witnessed: "beacons witnessed" },
}
/** The network's figures on top, by role: metric, what the page calls it, its unit, and how many of the metric's units are one of it. */
const HEADLINES: Readonly<Record<Role, readonly (readonly [metric: string, word: string, unit: string, by: number])[]>> = {
  storage: [
    ["power.qa", "proven power", "GiB", 1],
    ["sectors.live", "live sectors", "", 1],
    ["proof.accepted", "proofs accepted", "", 1],
    ["proof.missed", "proofs missed", "", 1],
    ["reward.minted", "rewards paid", "FIL", 1_000_000],
  ],
  lease: [
    ["leases.open", "leases in force", "", 1],
    ["groups.waiting", "waiting for a lease", "", 1],
    ["bids", "bids made", "", 1],
    ["leases.replaced", "leases replaced", "", 1],
  ],
  render: [
    ["node.connected", "nodes connected", "", 1],
    ["frame.rendered", "frames rendered", "", 1],
    ["frame.approved", "frames approved", "", 1],
    ["frame.rejected", "frames rejected", "", 1],
  ],
  coverage: [
    ["hotspot.active", "hotspots on the map", "", 1],
    ["coverage.proved", "beacons that earned", "", 1],
    ["witness.proved", "witness reports", "", 1],
    ["beacon.refused", "beacons refused", "", 1],
  ],
}

export interface Observed {
  readonly status: Status
  readonly role: Role | undefined
  /** Name of the node measure that is its income. */
  readonly income: string
  readonly figures: readonly NodeFigure[]
  /** Metrics that the network has, with what each means. */
  readonly metrics: Readonly<Record<string, { readonly because: string }>>
  readonly quorum: typeof Quorum.Type | undefined
}

export function observerPage({ status, role, income, figures, metrics, quorum }: Observed): string {
  const words: Readonly<Record<string, string>> =
    role === undefined ? Object.fromEntries(figures.map((f) => [f.name, `${f.name} [${f.unit}]`])) : COLUMNS[role]
  const columns = Object.keys(words).flatMap((name) => figures.filter((f) => f.name === name))
  const headlines = (role === undefined ? [] : HEADLINES[role]).filter(([metric]) => Object.hasOwn(metrics, metric))
  const data = {
    chain: status.chain,
    network: status.network,
    simulated: status.simulated,
    coinBy: status.coinBy,
    income,
    role: role ?? "",
    columns: columns.map((f) => f.name),
    headlines: headlines.map(([metric, , , by]) => ({ metric, by, places: 0 })),
  }
  const shown = headlines.map(
    ([metric, word, unit]) =>
      `<div title="${escape(metrics[metric].because)}"><dt>${escape(word)}</dt><dd><span id="figure ${escape(metric)}">–</span> <small>${escape(unit)}</small></dd></div>`,
  )
  const heads = columns.map((f) => `<th class="n" title="${escape(f.because)}">${escape(words[f.name])}</th>`)
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
<title>${escape(status.chain)} · blackstart testnet</title><style>${STYLE}${OWN_STYLE}</style></head><body>
<h1 id="head">A live ${escape(status.network)} network of real nodes</h1>
<p><span id="now">Block ${status.height}</span> <span class="quiet">of ${escape(status.chain)}; a second here is ${status.speed} chain seconds</span></p>
<p id="state" class="bad" role="status"></p>
<p class="quiet">To join: <code>npx blackstart join <span id="url"></span></code><br>For programs: <a href="/openapi.json">OpenAPI</a>, <a href="/metrics">Prometheus</a>, <a href="/v1/blocks">blocks as they come</a></p>
${shown.length === 0 ? "" : `<dl class="figures">${shown.join("")}</dl>`}
${quorum === undefined ? "" : quorumPart}
<div id="work"></div>
<figure><figcaption><b id="caption">Blocks as they come</b> <span>[commands in a block, newest on the right; refused ones in red]</span></figcaption><svg id="chart" height="130" role="img" aria-label="Commands in each of the latest blocks"></svg></figure>
<h2>Real nodes</h2><div class="wide" tabindex="0" role="region" aria-label="Real nodes"><table class="table-nodes"><thead><tr><th class="n">${escape(status.nodeWord)}</th><th>key</th><th class="n">earned [${escape(status.coin)}]</th>${heads.join("")}</tr></thead><tbody id="nodes"></tbody></table></div><p id="more" class="quiet"></p>
<h2>Latest blocks</h2><div class="wide" tabindex="0" role="region" aria-label="Latest blocks"><table class="table-blocks"><thead><tr><th class="n">block</th><th>chain time, UTC</th><th class="n">commands</th><th class="n">refused</th><th class="n">events</th><th>app hash</th></tr></thead><tbody id="blocks"></tbody></table></div>
<script type="application/json" id="data">${JSON.stringify(data).replaceAll("<", "\\u003c")}</script>
<script>${SCRIPT}</script></body></html>`
}
