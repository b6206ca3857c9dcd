/** Metrics of a run as its claims ask for them: read from the epoch rows, which are what the tables will hold. */
import { metricColumn } from "../engine/tally.ts"
import type { Inhabited } from "../engine/simulation.ts"

export interface MetricReading {
  /** The metric at the end of the last epoch that had ended by `atS`; undefined before the first. */
  readonly at: (network: string, metric: string, atS: number) => number | undefined
  /** What a counter added in the epochs of [fromS, toS); undefined when there is none. */
  readonly added: (network: string, metric: string, fromS: number, toS: number) => number | undefined
}

export function reading(networks: readonly Pick<Inhabited, "name" | "epochs">[]): MetricReading {
  const of = (network: string, metric: string) => {
    const rows = networks.find((n) => n.name === network)!.epochs.rows as unknown as Record<string, Float64Array> & {
      readonly length: number
    }
    return { length: rows.length, endS: rows.endS, seconds: rows.seconds, value: rows[metricColumn(metric)] }
  }
  return {
    at(network, metric, atS) {
      const { length, endS, value } = of(network, metric)
      let found: number | undefined
      for (let i = 0; i < length && endS[i] <= atS; i++) found = value[i]
      return found
    },
    added(network, metric, fromS, toS) {
      const { length, endS, seconds, value } = of(network, metric)
      let sum: number | undefined
      for (let i = 0; i < length; i++) if (endS[i] - seconds[i] >= fromS && endS[i] <= toS) sum = (sum ?? 0) + value[i]
      return sum
    },
  }
}
