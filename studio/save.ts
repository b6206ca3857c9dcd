/** What a run is handed on as: a link, a small manifest, a scenario for the command line, a picture, a table. */
import { SHARED_FORMAT, toFragment, type Shared } from "../browser/share.ts"
import type { Scenario } from "../protocol/boundary/scenario.ts"
import type { Runner } from "./runner.ts"
import type { Side } from "./side.ts"

/** The run as it stands. */
export function sharedOf(runner: Runner): Shared {
  const { a, b } = runner
  const came = (s: Side) => ({ epoch: s.hashes!.epoch, log: s.hashes!.log })
  const hasCame = runner.sides.every((s) => s.done && s.hashes?.epoch === s.about?.epochs)
  return {
    blackstart: SHARED_FORMAT,
    a: a.scenario,
    ...(b === undefined ? {} : { b: b.scenario }),
    ...(hasCame ? { came: { a: came(a), ...(b === undefined ? {} : { b: came(b) }) } } : {}),
  }
}

export const linkOf = async (runner: Runner): Promise<string> => {
  const here = new URL(location.href)
  here.hash = await toFragment(sharedOf(runner))
  return here.href
}

export const fileName = (scenario: Scenario): string => (scenario.name ?? "run").replaceAll(/[^\w-]+/gu, "-")

export function download(name: string, content: BlobPart, type: string): void {
  const link = document.createElement("a")
  link.href = URL.createObjectURL(new Blob([content], { type }))
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

/** A file that `blackstart run` takes. */
export const scenarioFile = (scenario: Scenario): string => `${JSON.stringify(scenario, null, 2)}\n`

/** One row an epoch and side, of one network: every recorded column, with its unit in a comment above. */
export function csvOf(runner: Runner, network: string): string {
  const about = runner.a.network(network)!
  const columns = Object.keys(runner.a.rows[network] ?? {})
  const units = about.metrics.map((m) => `${m.column}: ${m.unit}`).join("; ")
  const lines = [
    `# ${runner.a.about!.question}`,
    `# network ${network}, seed ${runner.a.about!.seed}; endS: s (Unix); offeredMilli, servedMilli: ${about.service.unit} × 1000; ${units}`,
    ["side", ...columns].join(","),
  ]
  for (const side of runner.sides)
    for (let i = 0; i < side.epoch; i++)
      lines.push([side.name, ...columns.map((c) => String(side.rows[network][c]?.[i] ?? ""))].join(","))
  return `${lines.join("\n")}\n`
}

/** The verdict, the maps and the charts in one picture. */
export async function pngOf(
  lines: readonly string[],
  canvases: readonly HTMLCanvasElement[],
  titles: readonly string[],
): Promise<Blob> {
  const shown = canvases.filter((c) => c.offsetParent !== null)
  const [wide, gap, head] = [1400, 24, 40 + lines.length * 26]
  const css = getComputedStyle(document.documentElement)
  const maps = shown.filter((c) => c.className === "map")
  const charts = shown.filter((c) => c.className !== "map")
  const mapWidth = (wide - gap * (maps.length + 1)) / maps.length
  const mapHeight = Math.max(...maps.map((c) => (c.height / c.width) * mapWidth))
  const chartWidth = (wide - gap * 4) / 3
  const rowHeight = 210
  const canvas = document.createElement("canvas")
  canvas.width = wide
  canvas.height = Math.ceil(head + mapHeight + gap * 2 + Math.ceil(charts.length / 3) * (rowHeight + gap))
  const context = canvas.getContext("2d")!
  context.fillStyle = css.getPropertyValue("--paper")
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.fillStyle = css.getPropertyValue("--ink")
  context.textBaseline = "top"
  lines.forEach((line, i) => {
    context.font = i === 0 ? "600 20px system-ui, sans-serif" : "16px system-ui, sans-serif"
    context.fillText(line, gap, gap + i * 26, wide - 2 * gap)
  })
  maps.forEach((c, i) => context.drawImage(c, gap + i * (mapWidth + gap), head, mapWidth, (c.height / c.width) * mapWidth))
  context.font = "600 14px system-ui, sans-serif"
  charts.forEach((c, i) => {
    const [x, y] = [gap + (i % 3) * (chartWidth + gap), head + mapHeight + gap + Math.floor(i / 3) * (rowHeight + gap)]
    context.fillText(titles[canvases.indexOf(c)] ?? "", x, y, chartWidth)
    const height = Math.min(rowHeight - 24, (c.height / c.width) * chartWidth)
    context.drawImage(c, x, y + 22, (c.width / c.height) * height, height)
  })
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob === null ? reject(new Error("this browser made no picture")) : resolve(blob)), "image/png"),
  )
}
