/** The course of one network through a run, epoch by epoch, and what its nodes came to: those that run at the end, and those that do not. */
import type { Simulation } from "../engine/simulation.ts"
import { metricColumn } from "../engine/tally.ts"
import type { CourseJob } from "./job.ts"

/** Columns of every epoch, before those a job asks for. Offered and served in the network's own unit × 1000. */
export const COURSE = ["afterS", "offered", "served", "running", "focusOffered", "focusServed"] as const
/** Of each node measure: sums, numbers of nodes, and numbers of nodes with anything at all. */
export const SPLIT = ["present", "absent", "presentNodes", "absentNodes", "presentWithAny", "absentWithAny"] as const

/** One flat list: the number of epochs, the epochs' rows, then six figures a node measure. */
export function courseOf(sim: Simulation, { network, metrics, nodes }: CourseJob): readonly number[] {
  const n = sim.networks.find((x) => x.name === network)!
  const t = n.epochs.rows as unknown as Readonly<Record<string, Float64Array | undefined>> & { readonly length: number }
  const columns = metrics.map((m) => t[metricColumn(m)] ?? refuse(network, m))
  const values: number[] = [t.length]
  for (let i = 0; i < t.length; i++)
    values.push(
      t.endS![i] - sim.plan.beginS,
      t.offeredMilli![i],
      t.servedMilli![i],
      t.running![i],
      t.focusOfferedMilli?.[i] ?? NaN,
      t.focusServedMilli?.[i] ?? NaN,
      ...columns.map((c) => c[i]),
    )
  for (const name of nodes) {
    const { of } = n.network.nodeMeasures[name] ?? refuse(network, name)
    const split = [0, 0, 0, 0, 0, 0]
    for (let node = 0; node < n.lender.nodes; node++) {
      const side = n.lender.running[node] === 1 ? 0 : 1
      const value = of(n.machine.state, node)
      split[side] += value
      split[2 + side]++
      if (value > 0) split[4 + side]++
    }
    values.push(...split)
  }
  return values
}

export interface Course {
  readonly epochs: readonly Readonly<Record<string, number>>[]
  readonly split: Readonly<Record<string, Readonly<Record<(typeof SPLIT)[number], number>>>>
}

/** Reads what `courseOf` wrote. */
export function readCourse(values: readonly (number | null)[], { metrics, nodes }: Pick<CourseJob, "metrics" | "nodes">): Course {
  const names = [...COURSE, ...metrics]
  const epochs = values[0] ?? 0
  const at = (k: number): number => values[k] ?? NaN
  const end = 1 + epochs * names.length
  return {
    epochs: Array.from({ length: epochs }, (_, i) => Object.fromEntries(names.map((n, k) => [n, at(1 + i * names.length + k)]))),
    split: Object.fromEntries(
      nodes.map((name, k) => [
        name,
        Object.fromEntries(SPLIT.map((s, j) => [s, at(end + k * SPLIT.length + j)])) as Record<(typeof SPLIT)[number], number>,
      ]),
    ),
  }
}

function refuse(network: string, name: string): never {
  throw new RangeError(`${network} records no ${name}`)
}
