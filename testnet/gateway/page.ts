/** The observer's page: one sentence, the figures, the nodes and the blocks as they come. It needs nothing but this gateway. */
import type { Status } from "../ledger/reading.ts"
import type { Quorum } from "./api.ts"

export const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")

export const STYLE = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}body{max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.3rem}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}th,td{padding:.25rem .6rem;border-bottom:1px solid #8886}
th{text-align:left}td.n,th.n{text-align:right}code{font-size:.85em}.quiet{opacity:.7}.bad{color:#b00020}@media(prefers-color-scheme:dark){.bad{color:#ff8a80}}`

/** Who orders the blocks: a sentence first, then each validator's part in it. */
const quorumPart = `<h2>Validators</h2><p id="quorum" aria-live="polite"></p>
<table><thead><tr><th>validator</th><th class="n">power</th><th>now</th><th class="n">last vote seen in block</th><th class="n">its own height</th></tr></thead><tbody id="validators"></tbody></table>`

/** A figure of a node, as its network declares it. */
export interface NodeFigure {
  readonly name: string
  readonly unit: string
  readonly because: string
}

/** Which of a node's figures the page shows beside its income, by role. */
const COLUMNS = {
  storage: ["qaGib", "wins", "missed"],
  lease: ["leases", "leasesWon"],
  render: ["rendered", "reputation"],
  coverage: ["beacons", "witnessed"],
} as const satisfies Readonly<Record<string, readonly string[]>>

/** `earnedMicroFil` in microFIL → `earned`: what the unit says need not be said twice. */
const inWords = ({ name, unit }: NodeFigure): string => {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/gu, "$1 $2")
    .toLowerCase()
    .split(" ")
  return words.filter((word, i) => i === 0 || !unit.toLowerCase().includes(word)).join(" ")
}

export interface Observed {
  readonly status: Status
  readonly role: keyof typeof COLUMNS | undefined
  /** Name of the node measure that is its income. */
  readonly income: string
  readonly figures: readonly NodeFigure[]
  readonly quorum: typeof Quorum.Type | undefined
}

export function observerPage({ status, role, income, figures, quorum }: Observed): string {
  const shown = role === undefined ? figures : COLUMNS[role].flatMap((name) => figures.filter((f) => f.name === name))
  return `<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>${escape(status.chain)} · blackstart testnet</title><style>${STYLE}img{max-width:100%;image-rendering:pixelated}
.wide{overflow-x:auto}td{white-space:nowrap}th.n{min-width:4rem}</style>
<h1 id="head">${escape(status.chain)}: a live ${escape(status.network)} network of real nodes</h1>
<p id="now" aria-live="polite">Block ${status.height}.</p>
<p class="quiet">A second here is ${status.speed} chain seconds. To join: <code>blackstart join <span id="url"></span></code> · for programs: <a href="/openapi.json">OpenAPI</a>, <a href="/metrics">Prometheus</a>, <a href="/v1/blocks">blocks as they come</a></p>
${quorum === undefined ? "" : quorumPart}
<div id="work"></div>
<h2>Nodes</h2><div class="wide"><table><thead><tr><th class="n">${escape(status.nodeWord)}</th><th>key</th><th class="n">earned [${escape(status.coin)}]</th>${shown
    .map((f) => `<th class="n" title="${escape(f.because)}">${escape(inWords(f))} [${escape(f.unit)}]</th>`)
    .join("")}</tr></thead><tbody id="nodes"></tbody></table></div>
<h2>Latest blocks</h2><div class="wide"><table><thead><tr><th class="n">block</th><th>chain time, UTC</th><th class="n">commands</th><th class="n">refused</th><th class="n">events</th><th>app hash</th></tr></thead><tbody id="blocks"></tbody></table></div>
<script>
const by = ${status.coinBy}, income = ${JSON.stringify(income)}, role = ${JSON.stringify(role ?? "")}
const columns = ${JSON.stringify(shown.map((f) => f.name)).replaceAll("<", "\\u003c")}
const url = document.getElementById("url"); url.textContent = location.origin
const cell = (text, n) => { const td = document.createElement("td"); td.textContent = text; if (n) td.className = "n"; return td }
const row = (cells) => { const tr = document.createElement("tr"); tr.append(...cells); return tr }
const num = (x) => x === undefined ? "" : Number(x).toLocaleString("en-GB")
const get = async (path) => (await fetch(path)).json()
const when = (s) => new Date(s * 1000).toISOString().slice(0, 16).replace("T", " ")
const line = (text, href) => { const p = document.createElement("p"); if (href) { const a = document.createElement("a"); a.href = href; a.textContent = text; p.append(a) } else p.textContent = text; return p }
async function nodes() {
  const all = await get("/v1/nodes"), here = all.filter((n) => !n.closed).length
  document.getElementById("head").textContent = ${JSON.stringify(status.chain)} + ": " + (here === 0 ? "no node yet" : here === 1 ? "1 real node runs" : here + " real nodes run") + " " + ${JSON.stringify(status.network)}
  document.getElementById("nodes").replaceChildren(...all.map((n) => row([cell(n.node, 1), cell(n.key.slice(0, 12) + "…" + (n.closed ? " (left)" : "")), cell(((n.measures[income] ?? 0) / by).toFixed(3), 1), ...columns.map((name) => cell(num(n.measures[name]), 1))])))
  const work = document.getElementById("work")
  if (role === "lease") work.replaceChildren(...(await get("/v1/sites")).map((s) => line(s.name + ": served by " + (s.groups.filter((g) => g.node >= 0).map((g) => "node " + g.node).join(", ") || "nobody yet") + "; " + s.failovers + " failover(s)", "/sites/" + s.name + "/")))
  if (role === "render") { const p = (await get("/v1/pictures"))[0]; if (p) { const img = new Image(); img.alt = "picture " + p.picture; img.src = "/pictures/" + p.picture + ".png?" + p.approved + "-" + p.delivered; work.replaceChildren(line("Picture " + p.picture + ": " + p.status + ", " + p.approved + " of " + p.tiles + " tiles approved, " + p.rejected + " rejected and rendered again"), img) } }
}
nodes(); setInterval(() => nodes().catch(() => {}), 2000)
async function validators() {
  const q = await (await fetch("/v1/validators")).json(), sentence = document.getElementById("quorum")
  sentence.textContent = q.sentence; sentence.className = q.halted ? "bad" : ""
  document.getElementById("validators").replaceChildren(...q.validators.map((v) => { const state = cell(v.status !== "bonded" ? v.status : v.away ? "away" : "here"); if (v.away || v.status === "jailed") state.className = "bad"
    return row([cell(v.name), cell(num(v.power), 1), state, cell(v.lastSigned === 0 ? "" : num(v.lastSigned), 1), cell(v.height < 0 ? "no answer" : num(v.height), 1)]) }))
}
if (document.getElementById("quorum")) { validators(); setInterval(() => validators().catch(() => {}), 1000) }
const seen = document.getElementById("blocks"), now = document.getElementById("now")
const source = new EventSource("/v1/blocks")
const show = (event) => { const b = JSON.parse(event.data); now.className = ""; now.textContent = "Block " + num(b.height) + ", chain time " + when(b.time) + " UTC"
  seen.prepend(row([cell(num(b.height), 1), cell(when(b.time)), cell(b.commands, 1), cell(b.refused, 1), cell(b.events, 1), cell(b.appHash.slice(0, 16) + "…")]))
  while (seen.children.length > 12) seen.lastChild.remove() }
source.onmessage = show
source.onerror = () => { now.textContent = "The gateway does not answer."; now.className = "bad" }
</script>`
}
