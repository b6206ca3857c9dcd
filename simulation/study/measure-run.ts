/** The figures a study wants of one finished run, read from what every run records. NaN where nothing was there to be measured. */
import type { Measure } from "../../protocol/boundary/study.ts"
import { metricColumn } from "../engine/tally.ts"
import type { Inhabited, Simulation } from "../engine/simulation.ts"
import { measure as measureOutage, type NetworkResult } from "../record/measure.ts"
import { reading } from "../record/reading.ts"
import { aggregate } from "./maths/inequality.ts"

const PPM = 1_000_000

export function measureRun(sim: Simulation, measures: Readonly<Record<string, Measure>>): number[] {
  const { plan } = sim
  const read = reading(sim.networks)
  const results = new Map<string, NetworkResult>()
  const named = (name: string): Inhabited => sim.networks.find((n) => n.name === name)!
  const resultOf = (name: string): NetworkResult => {
    let r = results.get(name)
    if (r === undefined) results.set(name, (r = measureOutage(named(name), plan.windowS)))
    return r
  }
  const spanOf = (during: "window" | "run" | undefined) =>
    during === "window" ? plan.windowS : { from: plan.beginS, to: plan.endS }
  return Object.values(measures).map((m): number => {
    switch (m.of) {
      case "metric": {
        const span = spanOf(m.during)
        if (span === undefined) return NaN
        if (m.figure === "mean") {
          const [name] = m.metric.split(".", 1)
          return meanOf(named(name), m.metric.slice(name.length + 1), span)
        }
        return read.figure(m.metric, m.figure, span.from, span.to) ?? NaN
      }
      case "service": {
        const r = resultOf(m.network)
        const isWindow = m.during === "window"
        if (m.figure === "degraded") return isWindow ? degraded(named(m.network), plan.windowS) : r.degradedMilli / r.offeredMilli
        const offered = isWindow ? r.windowOfferedMilli : r.offeredMilli
        const served = isWindow ? r.windowServedMilli : r.servedMilli
        if (offered === null || served === null || offered === 0) return NaN
        return m.figure === "served" ? served / offered : (offered - served) / offered
      }
      case "outage": {
        const r = resultOf(m.network)
        return (m.figure === "blastRadius" ? (r.blastRadiusPpm === null ? null : r.blastRadiusPpm / PPM) : r[m.figure]) ?? NaN
      }
      case "nodes": {
        const [name] = m.measure.split(".", 1)
        const n = named(name)
        const { of } = n.network.nodeMeasures[m.measure.slice(name.length + 1)]
        return aggregate(
          Float64Array.from({ length: n.lender.nodes }, (_, node) => of(n.machine.state, node)),
          m.figure,
        )
      }
    }
  })
}

interface Columns extends Readonly<Record<string, Float64Array | number>> {
  readonly length: number
}

/** Epochs that lie wholly in a span. */
function* epochsIn({ epochs }: Inhabited, span: { readonly from: number; readonly to: number }) {
  const t = epochs.rows as unknown as Columns & Readonly<Record<"endS" | "seconds", Float64Array>>
  for (let i = 0; i < t.length; i++) if (t.endS[i] - t.seconds[i] >= span.from && t.endS[i] <= span.to) yield i
}

/** A gauge's mean over time: each epoch weighs as long as it lasted. */
function meanOf(n: Inhabited, metric: string, span: { readonly from: number; readonly to: number }): number {
  const t = n.epochs.rows as unknown as Readonly<Record<string, Float64Array>>
  const column = t[metricColumn(metric)]
  let sum = 0
  let seconds = 0
  for (const i of epochsIn(n, span)) {
    sum += column[i] * t.seconds[i]
    seconds += t.seconds[i]
  }
  return sum / seconds
}

function degraded(n: Inhabited, span: { readonly from: number; readonly to: number } | undefined): number {
  if (span === undefined) return NaN
  const t = n.epochs.rows as unknown as Readonly<Record<string, Float64Array>>
  let [offered, some] = [0, 0]
  for (const i of epochsIn(n, span)) {
    offered += t.offeredMilli[i]
    some += t.degradedMilli[i]
  }
  return some / offered
}
