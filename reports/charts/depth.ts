/** What was served over the whole range of a parameter nobody published: the depth of the failure, or any other swept axis. */
import { draw, type Drawn } from "../canvas.ts"
import type { Data } from "../data.ts"
import { isDependence, isDepth, sayValue, type SweptRow } from "../finding.ts"
import { speak } from "../manifest.ts"
import { list, sentence, span } from "../number.ts"
import { isReference } from "../palette.ts"
import { curves, linesOf, type Line } from "./dependence.ts"

/** The swept axes other than dependence and seed, the depth first. */
export async function otherAxes(data: Data): Promise<readonly string[]> {
  if (!data.tables.includes("sweep")) return []
  const swept = await data.view<SweptRow>("swept")
  const axes = [...new Set(swept.map((r) => r.axis))].filter((a) => !isDependence(a) && !/^seeds?$/i.test(a))
  return axes.toSorted((a, b) => Number(isDepth(b)) - Number(isDepth(a)))
}

export async function depth(data: Data, axis: string): Promise<Drawn> {
  const swept = (await data.view<SweptRow>("swept")).filter((r) => r.axis === axis)
  const lines = linesOf(data, swept)
  if (lines.length === 0) return { absent: `no network of this run was swept over ${axis}` }
  const title = findingOf(lines, sayValue(swept[0].parameter))
  const seeds = Math.max(...swept.map((r) => r.seeds))
  const top = Math.max(...swept.map((r) => r.value))
  const why = isDepth(axis) ? " How much of the traffic failed was never published, so the whole range is shown." : ""
  return {
    title,
    subtitle: `Share of demand served in the incident window against the ${axis}.${why} ${seeds > 1 ? `Bands: lowest to highest of ${seeds} seeds.` : "One seed, so no interval."} Seed ${data.manifest.seed}.`,
    picture: draw((canvas) => curves(lines, null, canvas, top, axis, sayValue(swept[0].parameter)), title),
    view: "swept",
  }
}

/** Whether one network lost less at every value, and the ranges. */
function findingOf(lines: readonly Line[], say: (value: number) => string): string {
  const ranges = lines.map((l) => {
    const lost = l.rows.map((r) => 1 - r.served)
    return `${speak(l.network)} ${span(Math.min(...lost), Math.max(...lost))}`
  })
  const [reference, ...others] = lines.toSorted((a, b) => Number(isReference(b.network)) - Number(isReference(a.network)))
  if (!isReference(reference.network) || others.length !== 1)
    return `Over the range, ${list(ranges)} lost`.replace(/^Over the range, (.*) lost$/, "Lost over the range: $1")
  const other = others[0]
  const worse = other.rows.filter((r) => {
    const there = reference.rows.find((x) => x.value === r.value)
    return there !== undefined && r.served < there.served
  })
  const figures = `(${ranges.join(", ")})`
  if (worse.length === 0) return `${sentence(speak(other.network))} lost no more than the CDN at every value tried ${figures}`
  if (worse.length === other.rows.length)
    return `${sentence(speak(other.network))} lost more than the CDN at every value tried ${figures}`
  return `${sentence(speak(other.network))} lost more than the CDN at ${list(worse.map((r) => say(r.value)))}, less elsewhere ${figures}`
}
