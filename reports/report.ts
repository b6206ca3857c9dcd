/** The report of a run: one HTML file beside its tables that needs neither network nor script. */
import { rename, writeFile } from "node:fs/promises"
import { join } from "node:path"
import type { Drawn } from "./canvas.ts"
import type { ChartDeclaration } from "../protocol/kernel/chart.ts"
import { availability } from "./charts/availability.ts"
import { bill } from "./charts/bill.ts"
import { concentration } from "./charts/concentration.ts"
import { confusion, hasWatched } from "./charts/confusion.ts"
import { dependence } from "./charts/dependence.ts"
import { depth, otherAxes } from "./charts/depth.ts"
import { countryTable, map, mapSubtitle } from "./charts/map.ts"
import { earnings, lorenz } from "./charts/lorenz.ts"
import { level } from "./charts/level.ts"
import { metric } from "./charts/metric.ts"
import { payer } from "./charts/payer.ts"
import { pulse } from "./charts/pulse.ts"
import { panels } from "./charts/panels.ts"
import { outageCost } from "./charts/outage-cost.ts"
import { record } from "./charts/record.ts"
import { reward, rewardMeasures } from "./charts/reward.ts"
import { spread } from "./charts/spread.ts"
import { strip } from "./charts/strip.ts"
import { openData, type Data } from "./data.ts"
import { answer, find } from "./finding.ts"
import { absent, escape, figure, page, query, section } from "./layout.ts"
import { inOrder, label, speak, windowOf } from "./manifest.ts"
import { instant, list, sentence } from "./number.ts"
import { claims, figures, footnotes, manifest, refusals } from "./tables.ts"

/** Writes `report.html` into the run folder and returns its path. Throws one sentence when the folder is no run. */
export async function writeReport(runDir: string): Promise<{ reportPath: string }> {
  const data = await openData(runDir)
  try {
    const m = data.manifest
    const parts = [
      await first(data),
      ...("comparison" in m ? [await chart("Beside the record", () => record(data))] : []),
      await declared(data),
      await dependences(data),
      await maps(data),
      await rewards(data),
      await safely("The figures side by side", () => figures(data)),
      await metrics(data),
      claims(m),
      refusals(m),
      footnotes(m),
      manifest(m, runDir),
    ]
    const reportPath = join(runDir, "report.html")
    await writeFile(`${reportPath}.tmp`, page(m.title ?? m.question, parts.join("\n")))
    await rename(`${reportPath}.tmp`, reportPath)
    return { reportPath }
  } finally {
    data.close()
  }
}

/** Runs one part of the report; a table or column it needs may be missing, and then its place says so. */
async function safely(title: string, make: () => Promise<string>): Promise<string> {
  try {
    return await make()
  } catch (cause) {
    return absent(title, cause instanceof Error ? cause.message : String(cause))
  }
}

const chart = (title: string, make: () => Promise<Drawn>): Promise<string> =>
  safely(title, async () => {
    const drawn = await make()
    return "absent" in drawn ? absent(title, drawn.absent) : `<section>${figure(drawn)}</section>`
  })

/** The first screen: the question, the answer, the figure with its interval, the chart. */
async function first(data: Data): Promise<string> {
  const m = data.manifest
  const head = await safely(m.question, async () => {
    const found = await find(data)
    return `<header><p class="run">${escape(m.title ?? m.name)} · seed ${escape(m.seed)} · ${instant(m.beginS)} to ${instant(m.endS)}</p>
<h1>${escape(m.question)}</h1>
<p class="answer">${embolden([answer(m, found, (f) => `⟦${f}⟧`), ...(await besides(data))].join(" "))}</p>
<figure>${strip(m, found)}</figure><p class="under">${escape(found.intervalOf)}</p></header>`
  })
  return [head, await regimes(data), await chart("Availability over time", () => availability(data))].join("\n")
}

/** Escapes a sentence and sets what stands in ⟦brackets⟧ bold. */
const embolden = (text: string): string => escape(text).replaceAll("⟦", "<b>").replaceAll("⟧", "</b>")

/** What each network declares worth drawing of itself. */
async function declared(data: Data): Promise<string> {
  const every = data.manifest.networks.flatMap((n) => (n.charts ?? []).map((c) => ({ network: n.name, c })))
  // A network that watched nobody has nothing to be judged by, and nothing was left out.
  const watched = await inTurn(every, ({ network, c }) =>
    c.kind === "confusion" ? hasWatched(data, network, c) : Promise.resolve(true),
  )
  const all = every.filter((_, i) => watched[i])
  return (await inTurn(all, ({ network, c }) => chart(TITLES[c.kind], () => drawDeclared(data, network, c)))).join("\n")
}

/** What a chart is called when it is left out. */
const TITLES: Readonly<Record<ChartDeclaration["kind"], string>> = {
  level: "What was counted and what was there",
  bill: "The bill",
  payer: "Who pays",
  spread: "Who lost income",
  pulse: "Signs of life",
  panels: "How it went",
  confusion: "What the network believed of its nodes",
}

function drawDeclared(data: Data, network: string, declaration: ChartDeclaration): Promise<Drawn> {
  switch (declaration.kind) {
    case "level":
      return level(data, network, declaration)
    case "bill":
      return bill(data, network, declaration)
    case "payer":
      return payer(data, network, declaration)
    case "spread":
      return spread(data, network, declaration)
    case "pulse":
      return pulse(data, network, declaration)
    case "panels":
      return panels(data, network, declaration)
    case "confusion":
      return confusion(data, network, declaration)
  }
}

/** Where the network falls like the CDN, and what the unknown depth changes. */
async function dependences(data: Data): Promise<string> {
  if (windowOf(data.manifest) === null) return absent("Dependence on one provider", "this run has no incident to depend on")
  // Where only one network ran there is nobody to depend on, and nothing was left out.
  const isAlone = data.manifest.networks.length === 1
  const one = isAlone ? "" : await chart("Where the network falls like the CDN", () => dependence(data))
  const axes = await otherAxes(data).catch(() => [])
  const rest = await inTurn(axes, (axis) => chart(`Over the range of the ${axis}`, () => depth(data, axis)))
  return [one, ...rest].join("\n")
}

/** What a run that compares regimes answers besides: its two findings, as sentences. */
async function besides(data: Data): Promise<readonly string[]> {
  if (!data.tables.includes("spread")) return []
  return [await concentration(data), await outageCost(data)].flatMap((drawn) => ("title" in drawn ? [`${drawn.title}.`] : []))
}

/** Regimes side by side, where the run compares any: who earns, and what the incident costs them. */
async function regimes(data: Data): Promise<string> {
  if (!data.tables.includes("spread")) return ""
  return [
    await chart("How evenly each regime pays", () => concentration(data)),
    await chart("What the incident costs under each regime", () => outageCost(data)),
  ].join("\n")
}

async function maps(data: Data): Promise<string> {
  const title = "Where the loss fell"
  return safely(title, async () => {
    const networks = inOrder(data.manifest).filter((n) => data.tables.includes(`nodes_${n}`))
    if (networks.length === 0) return absent(title, "this run recorded no table of nodes")
    const cards = await inTurn(networks, (n) => map(data, n))
    const drawn = cards.filter((c) => "picture" in c)
    if (drawn.length === 0) return absent(title, cards.map((c) => ("absent" in c ? c.absent : "")).join("; "))
    const finding = sentence(`${list(drawn.map((c) => c.hit))} lost more than 0.5% of what they were asked for`)
    const body = await inTurn(drawn, async (c) => {
      const picture = `<div><figure>${c.picture}</figure>${c.below}</div>`
      const countries = (await countryTable(data, c.network)) || "<p>Nobody lost anything.</p>"
      const folded = `<details><summary>By country</summary>${countries}</details>`
      return `<h3>${escape(label(c.network))}</h3>${c.half ? `<div class="pair">${picture}<div>${countries}</div></div>` : picture + folded}`
    })
    const left = cards.map((c) => ("absent" in c ? `<p class="absent">Left out: ${escape(c.absent)}.</p>` : "")).join("")
    return section(finding, escape(mapSubtitle(data.manifest)), `${body.join("\n")}${left}${query("place")}`)
  })
}

/** Who lost rewards; without a twin, how evenly they are spread. */
async function rewards(data: Data): Promise<string> {
  const title = "Who lost rewards"
  return safely(title, async () => {
    const measures = await rewardMeasures(data)
    const moved = measures.filter((t) => t.losers + t.winners > 0)
    // One picture of nothing is enough, whatever the number of measures.
    const shown = moved.length > 0 ? moved : measures.slice(0, 1)
    if (measures.length > 0) return (await inTurn(shown, (t) => chart(title, () => reward(data, t)))).join("\n")
    const why = absent(title, "no network of this run recorded rewards beside a twin (the same seed without the incident)")
    const spread = await inTurn(await earnings(data), (e) => chart("Who earned", () => lorenz(data, e.network, e.measure)))
    return [why, ...spread].join("\n")
  })
}

async function metrics(data: Data): Promise<string> {
  const networks = inOrder(data.manifest).filter((n) => data.tables.includes(`epochs_${n}`))
  return (await inTurn(networks, (n) => chart(`What ${speak(n)} recorded meanwhile`, () => metric(data, n)))).join("\n")
}

/** One after the other: they share one connection, and a view is made once. */
async function inTurn<T, R>(items: readonly T[], make: (item: T) => Promise<R>): Promise<R[]> {
  const made: R[] = []
  // oxlint-disable-next-line no-await-in-loop
  for (const item of items) made.push(await make(item))
  return made
}
