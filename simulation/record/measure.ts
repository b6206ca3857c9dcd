/**
 * What an outage cost, from the epoch tables. Definitions, the same for every network (resilience-science §1):
 * availability Q = served / offered; blast radius = the largest 1 − Q of an epoch from onset on; lost-capacity minutes =
 * the integral of 1 − Q from onset to the end; times run from onset: detected = the network itself declared an incident,
 * mitigated = the last epoch below 95 % ended, recovered = the last epoch below 99.9 % ended.
 */
import type { Inhabited } from "../engine/simulation.ts"
import { metricColumn } from "../engine/tally.ts"

export const MITIGATED_PERMILLE = 950
export const RECOVERED_PERMILLE = 999
const PPM = 1_000_000

export interface NetworkResult {
  readonly network: string
  readonly nodeWord: string
  readonly unit: string
  readonly nodes: number
  /** Whole run, service unit × 1000. */
  readonly offeredMilli: number
  readonly servedMilli: number
  readonly degradedMilli: number
  /** Between onset and main recovery; null where the scenario names no incident. */
  readonly windowOfferedMilli: number | null
  readonly windowServedMilli: number | null
  readonly windowAvailabilityPpm: number | null
  readonly blastRadiusPpm: number | null
  /** Minutes of the network's whole capacity. */
  readonly lostCapacityMinutes: number | null
  /** Seconds from onset; null: never, or the protocol has no notion of it. 0: never below. */
  readonly detectS: number | null
  readonly mitigateS: number | null
  readonly recoverS: number | null
  /** Every metric of the network and its people: a counter's sum, a gauge as it stood at the end. */
  readonly metrics?: Readonly<Record<string, { readonly run: number; readonly window?: number }>>
}

interface Epochs {
  readonly length: number
  readonly endS: Uint32Array
  readonly seconds: Uint32Array
  readonly offeredMilli: Float64Array
  readonly servedMilli: Float64Array
  readonly degradedMilli: Float64Array
}

/** Measures one network of a run, or of a variant of it, from `windowS` and its epoch rows. */
export function measure(n: Inhabited, windowS: { readonly from: number; readonly to: number } | undefined): NetworkResult {
  const t = n.epochs.rows as unknown as Epochs
  const sum = (column: Float64Array, keep: (i: number) => boolean = () => true): number => {
    let all = 0
    for (let i = 0; i < t.length; i++) if (keep(i)) all += column[i]
    return all
  }
  const base = {
    network: n.name,
    nodeWord: n.network.nodeWord,
    unit: n.network.service.unit,
    nodes: n.lender.nodes,
    offeredMilli: sum(t.offeredMilli),
    servedMilli: sum(t.servedMilli),
    degradedMilli: sum(t.degradedMilli),
  }
  if (windowS === undefined)
    return {
      ...base,
      windowOfferedMilli: null,
      windowServedMilli: null,
      windowAvailabilityPpm: null,
      blastRadiusPpm: null,
      lostCapacityMinutes: null,
      detectS: null,
      mitigateS: null,
      recoverS: null,
    }
  const inside = (i: number): boolean => t.endS[i] - t.seconds[i] >= windowS.from && t.endS[i] <= windowS.to
  const after = (i: number): boolean => t.endS[i] > windowS.from
  const offered = sum(t.offeredMilli, inside)
  const served = sum(t.servedMilli, inside)
  let blastPpm = 0
  let lostSeconds = 0
  let below95 = 0
  let below999 = 0
  let lastAfter = 0
  for (let i = 0; i < t.length; i++) {
    if (!after(i) || t.offeredMilli[i] === 0) continue
    const lostPpm = Math.round(((t.offeredMilli[i] - t.servedMilli[i]) * PPM) / t.offeredMilli[i])
    blastPpm = Math.max(blastPpm, lostPpm)
    lostSeconds += (lostPpm * t.seconds[i]) / PPM
    lastAfter = t.endS[i]
    if (lostPpm > (1000 - MITIGATED_PERMILLE) * 1000) below95 = t.endS[i]
    if (lostPpm > (1000 - RECOVERED_PERMILLE) * 1000) below999 = t.endS[i]
  }
  const since = (end: number): number | null => (end === 0 ? 0 : end === lastAfter ? null : end - windowS.from)
  return {
    ...base,
    windowOfferedMilli: offered,
    windowServedMilli: served,
    windowAvailabilityPpm: offered === 0 ? null : Math.round((served * PPM) / offered),
    blastRadiusPpm: blastPpm,
    lostCapacityMinutes: Math.round((lostSeconds / 60) * 100) / 100,
    detectS: detected(n, windowS.from),
    mitigateS: since(below95),
    recoverS: since(below999),
  }
}

/** The same, and every metric of the network and its people. */
export const measureAll = (n: Inhabited, windowS: { readonly from: number; readonly to: number } | undefined): NetworkResult => ({
  ...measure(n, windowS),
  metrics: metricsOf(n, n.epochs.rows as unknown as Epochs, windowS),
})

function metricsOf(n: Inhabited, t: Epochs, windowS: { readonly from: number; readonly to: number } | undefined) {
  const columns = t as unknown as Record<string, Float64Array>
  const of = (name: string, isCounter: boolean, isWithin: (i: number) => boolean): number => {
    const column = columns[metricColumn(name)]
    let found = 0
    for (let i = 0; i < t.length; i++) if (isWithin(i)) found = isCounter ? found + column[i] : column[i]
    return found
  }
  const kinds = [
    ...Object.entries(n.network.metrics).map(([name, m]) => [name, m.kind === "counter"] as const),
    ...Object.keys(n.network.inhabit.observes ?? {}).map((name) => [name, false] as const),
  ]
  return Object.fromEntries(
    kinds.map(([name, isCounter]) => [
      name,
      {
        run: of(name, isCounter, () => true),
        ...(windowS === undefined
          ? {}
          : { window: of(name, isCounter, (i) => t.endS[i] - t.seconds[i] >= windowS.from && t.endS[i] <= windowS.to) }),
      },
    ]),
  )
}

/** When the network itself declared the incident, seconds from onset; null where it did not, or has no notion of one. */
function detected(n: Inhabited, onsetS: number): number | null {
  const at = n.network.detectedS?.(n.machine.state, onsetS) ?? 0
  return at > onsetS ? at - onsetS : null
}
