/** The report of a scenario in two worlds: what was predicted, what came, the difference in words and drawn. One file, no network needed. */
import type { Comparison, Point } from "./compare.ts"
import type { Observed } from "./conduct.ts"
import { DOING, type Order } from "./orders.ts"

export interface WorldsReport {
  readonly name: string
  readonly question: string
  readonly seed: number
  readonly speed: number
  readonly nodes: number
  readonly lengthS: number
  readonly moments: readonly { readonly atS: number; readonly label: string }[]
  readonly comparisons: readonly Comparison[]
  readonly claims: readonly { readonly words: string; readonly predicted: boolean; readonly observed: boolean }[]
  readonly orders: readonly Order[]
  readonly observed: Omit<Observed, "samples">
  readonly predictedLogHash: string
  /** Load of the computer over the last minute, when the run ended. */
  readonly load: number
}

const W = 960
const H = 280
const [LEFT, RIGHT, TOP, BOTTOM] = [52, 130, 34, 30]

const escape = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;")

export function renderWorlds(r: WorldsReport): string {
  const { observed } = r
  const main = r.comparisons[0]
  const title =
    main === undefined
      ? r.question
      : main.within >= 0.9
        ? "The real network went where the simulation said"
        : "The real network went elsewhere than the simulation said"
  const acts = [...new Set(r.orders.map((o) => o.act))]
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escape(r.name)} in two worlds</title>
<style>:root{color-scheme:light dark;--ink:#1b1d21;--soft:#5a5f69;--line:#d9dce1;--paper:#fff;--wash:#f4f5f7;--real:#007a5a;--sim:#4b5bb5;--loss:#c8201e}
@media(prefers-color-scheme:dark){:root{--ink:#e8eaed;--soft:#a7adb8;--line:#3a3f48;--paper:#121417;--wash:#1c1f24;--real:#2cc79a;--sim:#a5b0ff;--loss:#ff6b5e}}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}main{max-width:62rem;margin:0 auto;padding:1rem}h1{font-size:1.5rem;margin:.3rem 0}h2{font-size:1.1rem;margin:1.4rem 0 .3rem}
.quiet{color:var(--soft)}svg{width:100%;height:auto;background:var(--wash);border-radius:8px}svg text{font:13px system-ui,sans-serif;fill:var(--soft)}table{border-collapse:collapse;font-variant-numeric:tabular-nums}
th,td{padding:.2rem .7rem .2rem 0;border-bottom:1px solid var(--line);text-align:left}td.n,th.n{text-align:right}.no{color:var(--loss)}figure{margin:.6rem 0}figcaption{margin-top:.3rem}</style>
<main><p class="quiet">${escape(r.question)}</p><h1>${title}</h1>
${r.comparisons.map((c) => `<figure>${draw(c, r)}<figcaption>${escape(c.words)}</figcaption></figure>`).join("\n")}
<h2>Claims of the scenario, asked of both worlds</h2>
${r.claims.length === 0 ? "<p>It makes none that both can answer.</p>" : `<table><tr><th>claim</th><th>simulated</th><th>real</th></tr>${r.claims.map((c) => `<tr><td>${escape(c.words)}</td>${verdict(c.predicted)}${verdict(c.observed)}</tr>`).join("")}</table>`}
<h2>What was done to the processes</h2>
<table><tr><th>in the scenario</th><th>to real processes</th><th class="n">times</th></tr>${acts.map((a) => `<tr><td>${a}</td><td>${DOING[a]}</td><td class="n">${r.orders.filter((o) => o.act === a).length}</td></tr>`).join("")}</table>
<p class="quiet">Network: ${observed.how}. The nodes are the same by number in both worlds: the simulator drew who is hit.</p>
<h2>Stages of the real run</h2>
<table><tr><th>stage</th><th class="n">seconds</th></tr>${observed.stages.map((s) => `<tr><td>${s.name}</td><td class="n">${s.seconds.toFixed(1)}</td></tr>`).join("")}</table>
<h2>What differs between the worlds</h2><ul>
<li>Time: a second here was ${r.speed.toLocaleString("en-GB")} seconds of the chain. What does not scale with it (a start of a process, a lost packet sent again) takes ${r.speed} times as long on the chain's clock.</li>
<li>Size: ${observed.sectors} real sectors on ${r.nodes} nodes, each in one deadline; the simulator has sectors of every provider in all 48 deadlines. The band is what that alone explains.</li>
<li>Elections are drawn twice a half hour on the live chain, every epoch in the simulator: incomes are not compared.</li></ul>
<p class="quiet">Scenario ${escape(r.name)}, seed ${r.seed}; simulated log hash ${r.predictedLogHash.slice(0, 16)}…; real chain: ${observed.blocks.toLocaleString("en-GB")} blocks, ${observed.commands.toLocaleString("en-GB")} commands, app hash ${observed.appHash.slice(0, 16)}…, ${observed.verified ? "exported and folded anew to the same hash" : "and its export does NOT fold to the same hash"}. Readers of the gateway: ${observed.reads.answered} of ${observed.reads.asked} answered, the slowest in ${observed.reads.slowestMs} ms. Processes that ended by themselves: ${observed.crashes}. Load of the computer at the end: ${r.load.toFixed(1)}.</p>
</main></html>
`
}

const verdict = (holds: boolean): string => (holds ? "<td>holds</td>" : '<td class="no">does not hold</td>')

function draw(c: Comparison, r: WorldsReport): string {
  const x = (atS: number): number => LEFT + ((W - LEFT - RIGHT) * atS) / r.lengthS
  const most = Math.max(0.05, ...[...c.predicted, ...c.observed].map((p) => p.value), ...c.band.map((b) => b.high)) * 1.03
  const y = (v: number): number => TOP + (H - TOP - BOTTOM) * (1 - v / most)
  const line = (course: readonly Point[]): string =>
    course.map((p, i) => `${i === 0 ? "M" : "L"}${x(p.atS).toFixed(1)} ${y(p.value).toFixed(1)}`).join("")
  const step = (course: readonly Point[]): string =>
    course
      .map((p, i) =>
        i === 0 ? `M${x(p.atS).toFixed(1)} ${y(p.value).toFixed(1)}` : `H${x(p.atS).toFixed(1)}V${y(p.value).toFixed(1)}`,
      )
      .join("")
  const edge = (b: { readonly atS: number }, v: number): string => `${x(b.atS).toFixed(1)} ${y(v).toFixed(1)}`
  const area = `M${c.band.map((b) => edge(b, b.high)).join("L")}L${c.band
    .toReversed()
    .map((b) => edge(b, b.low))
    .join("L")}Z`
  const ticks = [0, 0.25, 0.5, 0.75, 1].filter((v) => v <= most)
  const days = Array.from({ length: Math.floor(r.lengthS / 21_600) + 1 }, (_, i) => i * 21_600)
  const end = (course: readonly Point[]): number => y(course.at(-1)?.value ?? 0)
  const [a, b] = [end(c.predicted), end(c.observed)]
  const close = Math.abs(a - b) < 15
  return `<svg viewBox="0 0 ${W} ${H}" role="img" aria-label="${escape(c.words)}">
${ticks.map((v) => `<line x1="${LEFT}" x2="${W - RIGHT}" y1="${y(v)}" y2="${y(v)}" stroke="var(--line)"/><text x="${LEFT - 6}" y="${y(v) + 4}" text-anchor="end">${Math.round(100 * v)} %</text>`).join("")}
${days.map((s) => `<text x="${x(s)}" y="${H - 9}" text-anchor="middle">${s / 3600} h</text>`).join("")}
${c.band.length > 0 ? `<path d="${area}" fill="var(--sim)" opacity=".15"/>` : ""}
${r.moments.map((m, i) => `<line x1="${x(m.atS)}" x2="${x(m.atS)}" y1="${TOP - 4}" y2="${H - BOTTOM}" stroke="var(--soft)" stroke-dasharray="3 3"/><text x="${x(m.atS) + 3}" y="${14 + 13 * (i % 2)}">${escape(m.label)}</text>`).join("")}
<path d="${line(c.predicted)}" fill="none" stroke="var(--sim)" stroke-width="2" stroke-dasharray="6 3"/><path d="${step(c.observed)}" fill="none" stroke="var(--real)" stroke-width="2.5"/>
<text x="${W - RIGHT + 6}" y="${a + (close ? -8 : 4)}" style="fill:var(--sim);font-weight:600">predicted</text><text x="${W - RIGHT + 6}" y="${b + (close ? 12 : 4)}" style="fill:var(--real);font-weight:600">observed</text>
<text x="${LEFT}" y="${H - 24}" ></text><text x="${W - 4}" y="14" text-anchor="end">${escape(c.metric)}</text></svg>`
}
