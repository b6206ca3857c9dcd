/** What happened, in sentences with figures: the last lines of a run. */
import type { Simulation } from "../engine/simulation.ts"
import type { Manifest } from "./manifest.ts"
import { measureAll, type NetworkResult } from "./measure.ts"
import type { Variant } from "./variants.ts"

const plural = (n: number, word: string): string => `${n.toLocaleString("en-GB")} ${word}${n === 1 ? "" : "s"}`
const percent = (ppm: number): string => `${(ppm / 10_000).toFixed(2)} %`
const minutes = (s: number): string => `${Math.round(s / 60)} min`

function lost(r: NetworkResult): string {
  if (r.windowAvailabilityPpm === null) {
    const ppm = r.offeredMilli === 0 ? 1_000_000 : Math.round((r.servedMilli * 1_000_000) / r.offeredMilli)
    return `${r.network}: ${percent(ppm)} of ${r.unit}s served by ${plural(r.nodes, r.nodeWord)}.`
  }
  const detect = r.detectS === null ? "" : ` It noticed after ${minutes(r.detectS)}.`
  const recover =
    r.recoverS === null
      ? "It had not recovered when the run ended."
      : r.recoverS === 0
        ? "It never fell below 99.9 %."
        : `It was back above 99.9 % after ${minutes(r.recoverS)}.`
  return `${r.network}: users lost ${percent(1_000_000 - r.windowAvailabilityPpm)} of ${r.unit}s between onset and main recovery, at worst ${percent(r.blastRadiusPpm!)}; ${r.lostCapacityMinutes} minutes of its whole capacity in all.${detect} ${recover}`
}

/** What the scenario watches, beside the same without its timeline: what a rule changed is read off here. */
const watched = (m: Manifest, sim: Simulation, twin: Simulation | undefined): readonly string[] =>
  twin === undefined
    ? []
    : sim.networks.flatMap((n) => {
        const other = twin.networks.find((t) => t.name === n.name)
        const [now, without] = [n, other].map((of) => (of === undefined ? {} : (measureAll(of, undefined).metrics ?? {})))
        return (m.scenario.watch ?? []).flatMap((name) => {
          const metric = name.startsWith(`${n.name}.`) ? name.slice(n.name.length + 1) : ""
          const unit = n.network.metrics[metric]?.unit ?? n.network.inhabit.observes?.[metric]?.unit ?? ""
          return now[metric] === undefined || without[metric] === undefined
            ? []
            : [`${name}: ${told(now[metric].run, unit)}; without the timeline ${told(without[metric].run, unit)}.`]
        })
      })
const say = (n: number): string => n.toLocaleString("en-GB")
const told = (n: number, unit: string): string => (unit === "0 or 1" ? (n === 0 ? "no" : "yes") : `${say(n)} ${unit}`)

/** Regimes side by side: who earns, how evenly, and what the timeline took from them. */
function regimeLines(variants: readonly Variant[]): readonly string[] {
  const all = variants.flatMap((v) => (v.spread ?? []).map((s) => ({ regime: v.variant, ...s })))
  const hasParts = new Set(all.map((s) => s.part)).size > 1
  return all
    .filter((s) => !s.isDisturbed)
    .map((calm) => {
      const met = all.find((s) => s.isDisturbed && s.regime === calm.regime && s.measure === calm.measure)
      const cost =
        met === undefined
          ? ""
          : `; the timeline costs them ${percent(1_000_000 - Math.round((met.total / calm.total) * 1_000_000))}`
      return `${calm.regime}${hasParts ? `, ${calm.part}` : ""}: ${say(calm.earners)} of ${say(calm.nodes)} earn ${say(calm.total)} ${calm.unit}, Gini ${(calm.giniPpm / 1_000_000).toFixed(3)}, the best-paid tenth ${percent(calm.top10Ppm)} and hundredth ${percent(calm.top1Ppm)}${cost}.`
    })
}

export function summarise(
  m: Manifest,
  sim: Simulation,
  twin: Simulation | undefined,
  variants: readonly Variant[] = [],
): readonly string[] {
  const lines = m.results.map(lost)
  for (const n of sim.networks) {
    const other = twin?.networks.find((t) => t.name === n.name)
    const earned = Object.entries(n.network.nodeMeasures).find(([name]) => name.startsWith("earned"))?.[1]
    if (other === undefined || earned === undefined) continue
    let losers = 0
    let moved = 0
    for (let node = 0; node < n.lender.nodes; node++) {
      const difference = earned.of(n.machine.state, node) - earned.of(other.machine.state, node)
      if (difference < 0) {
        losers++
        moved -= difference
      }
    }
    lines.push(
      `${n.name}: ${plural(losers, n.network.nodeWord)} earned less than without the incident, ${moved.toLocaleString("en-GB")} ${earned.unit} in all.`,
    )
  }
  lines.push(...watched(m, sim, twin), ...regimeLines(variants))
  const failed = m.claims.filter((c) => !c.holds)
  if (m.claims.length > 0)
    lines.push(
      failed.length === 0
        ? `All ${m.claims.length} claims hold.`
        : `${failed.length} of ${m.claims.length} claims do not hold: ${failed.map((c) => `${c.claim} (${c.figure})`).join("; ")}.`,
    )
  return lines
}
