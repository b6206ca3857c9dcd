/** Who earns, and how evenly: incomes of nodes between two moments of a run, by each measure that is an income. */
import type { Simulation } from "../engine/simulation.ts"

const PPM = 1_000_000

export interface Spread {
  readonly network: string
  readonly measure: string
  /** Whose income it is, where nodes have several at once; else empty. */
  readonly part: string
  readonly unit: string
  readonly isDisturbed: boolean
  readonly nodes: number
  /** Nodes that earned anything. */
  readonly earners: number
  readonly total: number
  /** Gini coefficient over all nodes, and what the best-paid hundredth and tenth of them got of all. */
  readonly giniPpm: number
  readonly top1Ppm: number
  readonly top10Ppm: number
}

/** Income so far of every node, by measure. */
export type Incomes = ReadonlyMap<string, Float64Array>

export function incomesOf(sim: Simulation, network: string): Incomes {
  const n = sim.networks.find(({ name }) => name === network)!
  return new Map(
    Object.entries(n.network.nodeMeasures)
      .filter(([, measure]) => measure.isIncome === true)
      .map(([name, measure]) => [
        name,
        Float64Array.from({ length: n.lender.nodes }, (_, node) => measure.of(n.machine.state, node)),
      ]),
  )
}

/** The spread of what was earned since `before`, for every measure by which anybody earned. */
export function spreadSince(sim: Simulation, network: string, before: Incomes, isDisturbed: boolean): readonly Spread[] {
  const { nodeMeasures } = sim.networks.find(({ name }) => name === network)!.network
  return [...incomesOf(sim, network)].flatMap(([measure, now]) => {
    const earned = now.map((value, node) => value - before.get(measure)![node])
    const spread = spreadOf(earned)
    return spread.total > 0
      ? [
          {
            network,
            measure,
            part: nodeMeasures[measure].incomeOf ?? "",
            unit: nodeMeasures[measure].unit,
            isDisturbed,
            ...spread,
          },
        ]
      : []
  })
}

/** Gini, and the shares of the top, of incomes from 0. Shares are 0 when nobody earned. */
export function spreadOf(earned: Float64Array): Omit<Spread, "network" | "measure" | "part" | "unit" | "isDisturbed"> {
  const sorted = Float64Array.from(earned).sort()
  const nodes = sorted.length
  let total = 0
  let weighted = 0
  let earners = 0
  for (let i = 0; i < nodes; i++) {
    total += sorted[i]
    weighted += (2 * (i + 1) - nodes - 1) * sorted[i]
    if (sorted[i] > 0) earners++
  }
  const top = (part: number): number => {
    let sum = 0
    for (let i = nodes - Math.ceil(nodes * part); i < nodes; i++) sum += sorted[i]
    return total === 0 ? 0 : Math.round((sum / total) * PPM)
  }
  return {
    nodes,
    earners,
    total,
    giniPpm: total === 0 ? 0 : Math.round((weighted / (nodes * total)) * PPM),
    top1Ppm: top(0.01),
    top10Ppm: top(0.1),
  }
}
