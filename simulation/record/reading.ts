/** Metrics of a run as its claims ask for them: read from the epoch rows, which are what the tables will hold. */
import type { Claim } from "../../protocol/boundary/scenario.ts"
import { metricColumn } from "../engine/tally.ts"
import type { Inhabited } from "../engine/simulation.ts"

export type Figure = Extract<Claim, { claim: "reads" }>["figure"]

/** Metrics are named "network.metric". */
export interface MetricReading {
  /** The metric at the end of the last epoch that had ended by `atS`; undefined before the first. */
  readonly at: (metric: string, atS: number) => number | undefined
  /**
   * A figure of the epochs that lie wholly in [fromS, toS); undefined when there is none. The lowest of a counter leaves out epochs that a
   * moment of the timeline cut to less than half of the longest: they add less for being short.
   */
  readonly figure: (metric: string, figure: Figure, fromS: number, toS: number) => number | undefined
}

export function reading(networks: readonly Pick<Inhabited, "name" | "epochs" | "network">[]): MetricReading {
  const of = (metric: string) => {
    const [name] = metric.split(".", 1)
    const found = networks.find((n) => n.name === name)!
    const own = metric.slice(name.length + 1)
    const rows = found.epochs.rows as unknown as Record<string, Float64Array> & {
      readonly length: number
    }
    return {
      length: rows.length,
      endS: rows.endS,
      seconds: rows.seconds,
      value: rows[metricColumn(own)],
      isCounter: found.network.metrics[own]?.kind === "counter",
    }
  }
  return {
    at(metric, atS) {
      const { length, endS, value } = of(metric)
      let found: number | undefined
      for (let i = 0; i < length && endS[i] <= atS; i++) found = value[i]
      return found
    },
    figure(metric, figure, fromS, toS) {
      const { length, endS, seconds, value, isCounter } = of(metric)
      let longest = 0
      if (isCounter && figure === "lowest")
        for (let i = 0; i < length; i++)
          if (endS[i] - seconds[i] >= fromS && endS[i] <= toS) longest = Math.max(longest, seconds[i])
      let read: number | undefined
      for (let i = 0; i < length; i++) {
        if (endS[i] - seconds[i] < fromS || endS[i] > toS || 2 * seconds[i] < longest) continue
        const x = value[i]
        if (read === undefined || figure === "last") read = x
        else if (figure === "total") read += x
        else read = figure === "highest" ? Math.max(read, x) : Math.min(read, x)
      }
      return read
    },
  }
}
