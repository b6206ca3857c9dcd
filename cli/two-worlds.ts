/** One scenario, two worlds: what the simulator predicts, and the orders that do the same to real processes. The only file that knows both. */
import { RecordProblem } from "../protocol/boundary/durable.ts"
import { parseInstant, spanSeconds } from "../protocol/boundary/instant.ts"
import type { Scenario } from "../protocol/boundary/scenario.ts"
import { resolve } from "../simulation/engine/resolve.ts"
import { Simulation } from "../simulation/engine/simulation.ts"
import { environment } from "../simulation/record/environment.ts"
import { at, type Point } from "../testnet/worlds/compare.ts"
import { ordersOf, type Order } from "../testnet/worlds/orders.ts"

/** More real nodes than this are for a bench. */
export const NODES_MAX = 40

export interface Prediction {
  readonly network: string
  readonly preset: string
  /** What the scenario changes, and what a chain of a handful of nodes departs from: the same in both worlds. */
  readonly params: Readonly<Record<string, number>>
  readonly nodes: number
  readonly beginS: number
  readonly lengthS: number
  readonly orders: readonly Order[]
  readonly metrics: readonly { readonly name: string; readonly unit: string; readonly course: readonly Point[] }[]
  readonly logHash: string
  readonly moments: readonly { readonly atS: number; readonly label: string }[]
}

/** Plays the scenario in the simulator, under the rules that the live chain runs. Throws a RecordProblem where processes cannot play it. */
export function predict(written: Scenario): Prediction {
  const names = Object.keys(written.networks)
  const first = resolve(written)
  const live = first.networks[0].network.live
  if (names.length !== 1 || live?.storage === undefined)
    throw new RecordProblem(
      `a scenario for two worlds has one network that real nodes can run: filecoin; this one has ${names.join(", ")}`,
    )
  const [name] = names
  const { nodes, preset } = first.networks[0]
  if (nodes > NODES_MAX)
    throw new RecordProblem(`networks.${name}.nodes is ${nodes}: real processes on one computer may be up to ${NODES_MAX}`)
  const params = { ...live.params, ...written.networks[name].change }
  const plan = resolve({ ...written, networks: { [name]: { ...written.networks[name], change: params } } })
  const watched = (written.watch ?? []).map((w) => w.slice(name.length + 1))
  const all = plan.networks[0].network.metrics
  const sim = new Simulation(plan, environment())
  const orders = ordersOf(sim.agenda, plan.beginS)
  if (typeof orders === "string") throw new RecordProblem(orders)
  const { machine } = sim.networks[0]
  const courses = watched.map((): Point[] => [])
  const look = (): void => {
    for (const [i, metric] of watched.entries())
      courses[i].push({ atS: sim.atS - plan.beginS, value: all[metric].of(machine.state) })
  }
  let logHash = ""
  while (!sim.done) {
    logHash = sim.tick().header!.hash
    look()
  }
  return {
    network: name,
    preset,
    params,
    nodes,
    beginS: plan.beginS,
    lengthS: plan.endS - plan.beginS,
    orders,
    metrics: watched.map((metric, i) => ({ name: metric, unit: all[metric].unit, course: courses[i] })),
    logHash,
    moments: plan.timeline.map(({ atS, label }) => ({ atS: atS - plan.beginS, label })),
  }
}

export interface Judged {
  readonly words: string
  readonly predicted: boolean
  readonly observed: boolean
}

/** The scenario's `stands` claims on what was sampled, asked of both worlds: the gauge as a share of what it was at the onset. */
export function judgeStands(
  scenario: Scenario,
  predicted: Prediction,
  observed: readonly (readonly Point[])[],
): readonly Judged[] {
  const onset = scenario.incident?.onset
  if (onset === undefined) return []
  const onsetS = typeof onset === "string" ? parseInstant(onset)! - predicted.beginS : spanSeconds(onset)!
  return (scenario.expect ?? []).flatMap((claim) => {
    if (claim.claim !== "stands") return []
    const i = predicted.metrics.findIndex((m) => `${predicted.network}.${m.name}` === claim.metric)
    if (i < 0) return []
    const [low, high] = [shareOf(claim.atLeast), shareOf(claim.atMost)]
    const holds = (course: readonly Point[]): boolean => {
      const share = at(course, onsetS + spanSeconds(claim.after)!) / at(course, onsetS)
      return share >= low && share <= high
    }
    const words = `${claim.metric} stands ${(spanSeconds(claim.after)! / 3600).toFixed(1)} h after the onset between ${100 * low} % and ${100 * high} % of what it was`
    return [{ words, predicted: holds(predicted.metrics[i].course), observed: holds(observed[i]) }]
  })
}

const shareOf = (ratio: { readonly percent: number } | { readonly permille: number }): number =>
  "percent" in ratio ? ratio.percent / 100 : ratio.permille / 1000
