/** What happened, in sentences with figures: the last lines of a run. */
import type { Simulation } from "../engine/simulation.ts"
import type { Manifest } from "./manifest.ts"
import type { NetworkResult } from "./measure.ts"

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

export function summarise(m: Manifest, sim: Simulation, twin: Simulation | undefined): readonly string[] {
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
  const failed = m.claims.filter((c) => !c.holds)
  if (m.claims.length > 0)
    lines.push(
      failed.length === 0
        ? `All ${m.claims.length} claims hold.`
        : `${failed.length} of ${m.claims.length} claims do not hold: ${failed.map((c) => `${c.claim} (${c.figure})`).join("; ")}.`,
    )
  return lines
}
