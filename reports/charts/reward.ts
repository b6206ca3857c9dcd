/** Who lost rewards: every node against its twin of the same seed without the incident, from the largest loss to the largest gain. */
import * as Plot from "@observablehq/plot"
import { draw, word, type Canvas, type Drawn } from "../canvas.ts"
import { isReward, type Data } from "../data.ts"
import { escape, table } from "../layout.ts"
import { label, nodeWordOf, sayMeasure, type Manifest } from "../manifest.ts"
import { percent, plural, scaleOf, some, whole } from "../number.ts"
import { colourOf } from "../palette.ts"

interface Transfer {
  readonly network: string
  readonly measure: string
  readonly losers: number
  readonly winners: number
  readonly same: number
  readonly total: number
  readonly twin_total: number
  readonly taken: number
  readonly given: number
}
interface Ranked {
  readonly network: string
  readonly measure: string
  readonly share: number
  readonly change: number
}
interface Payer {
  readonly network: string
  readonly measure: string
  readonly kind: "country" | "asn"
  readonly value_of: string
  readonly nodes: number
  readonly change: number
  readonly twin: number
}

/** The measures that are rewards, by network; a network may have none. */
export async function rewardMeasures(data: Data): Promise<readonly Transfer[]> {
  const all = await data.view<Transfer>("transfer")
  return all.filter((t) => isReward(t.measure))
}

export async function reward(data: Data, transfer: Transfer): Promise<Drawn> {
  const { network, measure, losers, winners, same } = transfer
  const rows = (await data.view<Ranked>("reward")).filter((r) => r.network === network && r.measure === measure)
  const nodes = losers + winners + same
  if (rows.length === 0 || nodes === 0)
    return {
      absent: `no ${nodeWordOf(data.manifest, network)} of ${label(network)} would have earned anything, with or without the incident`,
    }
  const node = nodeWordOf(data.manifest, network)
  const title =
    losers === 0 && winners === 0
      ? `No ${node} earned a different sum because of the incident`
      : `${some(losers, node)} earned less because of the incident, ${whole(winners)} earned more`
  return {
    title,
    subtitle: `${label(network)}: ${sayMeasure(data.manifest, network, measure).words} of each ${node} against its twin (same seed, no incident), ranked from the largest loss to the largest gain. Red is loss. Seed ${data.manifest.seed}.`,
    picture: draw((canvas) => plot(network, plural(node), rows, canvas), title),
    below: `<p>${escape(balance(data.manifest, transfer, plural(node)))}</p>${await payers(data, transfer)}`,
    view: "reward",
  }
}

function plot(network: string, nodes: string, rows: readonly Ranked[], canvas: Canvas): Plot.PlotOptions {
  const [worst, best] = [rows[0].change, rows.at(-1)!.change]
  const [low, high] = [Math.min(worst, 0), Math.max(best, 0)]
  const room = (high - low || 1) * 0.06
  const median = rows[Math.floor(rows.length / 2)]
  return {
    marginLeft: 52,
    marginRight: 16,
    marginTop: 16,
    marginBottom: 44,
    height: canvas.narrow ? 230 : 270,
    x: {
      domain: [0, 1],
      ticks: canvas.narrow ? [0, 0.5, 1] : [0, 0.25, 0.5, 0.75, 1],
      tickFormat: (v: number) => `${v * 100}%`,
      label: null,
    },
    y: { domain: [low - room, high + room], ticks: 5, tickFormat: (v: number) => signed(v), label: null, grid: true },
    marks: [
      Plot.areaY(rows, {
        x: "share",
        y1: 0,
        y2: (r: Ranked) => Math.min(0, r.change),
        fill: "var(--loss)",
        fillOpacity: 0.75,
        curve: "step-before",
      }),
      Plot.areaY(rows, {
        x: "share",
        y1: 0,
        y2: (r: Ranked) => Math.max(0, r.change),
        fill: colourOf(network),
        fillOpacity: 0.75,
        curve: "step-before",
      }),
      Plot.ruleY([0], { stroke: "var(--ink)" }),
      Plot.text([{}], {
        x: () => 0,
        y: () => low,
        dx: 8,
        dy: -2,
        lineAnchor: "bottom",
        textAnchor: "start",
        text: () => `hardest hit: ${signed(worst)}`,
        ...word,
      }),
      Plot.text([median], {
        x: "share",
        y: () => Math.max(0, median.change),
        dy: -12,
        text: () => `median: ${signed(median.change)}`,
        ...word,
      }),
      Plot.text([{}], {
        frameAnchor: "bottom-left",
        dy: 40,
        text: () => `${nodes}, ranked`,
        textAnchor: "start",
        fill: "var(--soft)",
      }),
    ],
  }
}

/** What the losers lost and where it went: a fixed pool pays out the same and only shares it differently. */
function balance(m: Manifest, { network, measure, total, twin_total, taken, given }: Transfer, nodes: string): string {
  const { by, word: size } = scaleOf(Math.max(taken, given, 1))
  const unit = `${size}${sayMeasure(m, network, measure).unit}`
  const figures = `Together the losers lost ${whole(taken / by)} ${unit} and the winners gained ${whole(given / by)}.`
  const change = twin_total === 0 ? 0 : total / twin_total - 1
  return Math.abs(change) < 1e-6
    ? `${figures} ${label(network)} paid out the same in both: the pool is fixed, so a loss is another's gain.`
    : `${figures} All ${nodes} together got ${signed(change)} against the run without the incident.`
}

async function payers(data: Data, { network, measure }: Transfer): Promise<string> {
  const rows = (await data.view<Payer>("payer")).filter((r) => r.network === network && r.measure === measure)
  const { by, word: size } = scaleOf(Math.max(1, ...rows.map((r) => Math.abs(r.change))))
  const one = (kind: Payer["kind"], head: string, caption: string) =>
    table(
      [
        { text: head },
        { text: plural(nodeWordOf(data.manifest, network)), number: true },
        { text: "change", unit: `${size}${sayMeasure(data.manifest, network, measure).unit}`, number: true },
        { text: "change", unit: "% of twin", number: true },
      ],
      rows
        .filter((r) => r.kind === kind && r.change < 0)
        .map((r) => [
          r.value_of,
          whole(r.nodes),
          minus(r.change / by, 0),
          r.twin === 0 ? null : minus((r.change / r.twin) * 100, 2),
        ]),
      caption,
    )
  return `<div class="pair"><div>${one("country", "Country", "Countries that lost most, net")}</div><div>${one("asn", "ASN", "Autonomous systems that lost most, net")}</div></div>`
}

const signed = (v: number) => (v > 0 ? `+${percent(v)}` : percent(v).replace("-", "−"))
const minus = (v: number, digits: number) =>
  v.toLocaleString("en-GB", { minimumFractionDigits: digits, maximumFractionDigits: digits }).replace("-", "−")
