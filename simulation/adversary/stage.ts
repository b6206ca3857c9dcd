/**
 * A network's whole machine as a stage: a short run of a few nodes, with an adversary among them or without. The twin without it shares seed,
 * places and luck, and is played once for all plays that compare with it.
 */
import type { Scenario } from "../../protocol/boundary/scenario.ts"
import type { Places } from "../../protocol/kernel/habitat.ts"
import type { Values } from "../../protocol/kernel/param.ts"
import { networkOf } from "../../protocol/networks/index.ts"
import { resolve } from "../engine/resolve.ts"
import { Simulation, type Environment } from "../engine/simulation.ts"
import { metricColumn } from "../engine/tally.ts"
import { environment } from "../record/environment.ts"
import type { Outcome } from "./entry.ts"
import { captured, type Capture } from "./capture.ts"

export interface Stage {
  readonly network: string
  readonly nodes: number
  readonly days: number
  readonly change?: Readonly<Record<string, number>>
  /** Length of a tick, so how often an adversary is asked; six where it is left out. */
  readonly epochHours?: number
}

export interface Staged {
  readonly own: Uint8Array
  readonly places: Places
  readonly params: Values
  readonly measure: (name: string) => Float64Array
  /** Sum of a metric over all epochs for a counter, mean over them for a gauge or what actors observe. */
  readonly total: (metric: string) => number
  readonly mean: (metric: string) => number
  readonly last: (metric: string) => number
  readonly served: number
  readonly offered: number
  readonly state: unknown
  readonly refused: number
  readonly logHash: string
}

const BEGINS = "2025-11-10T00:00:00Z"

/** Places of the seeds that were played last: plays of a few seeds come in turn. */
const lent = new Map<number, Environment>()
const LENT_KEPT = 4
const environmentOf = (seed: number): Environment => {
  let env = lent.get(seed)
  if (env === undefined) {
    env = environment()
    lent.set(seed, env)
    if (lent.size > LENT_KEPT) lent.delete(lent.keys().next().value!)
  }
  return env
}

/** Plays a stage. With `chained` it keeps the log's hash, which costs time. */
export function runStage(stage: Stage, seed: number, capture?: Capture, chained = false): Staged {
  const scenario = {
    question: "-",
    begins: BEGINS,
    lasts: { days: stage.days },
    seed,
    epoch: { hours: stage.epochHours ?? 6 },
    networks: { [stage.network]: { nodes: stage.nodes, change: stage.change ?? {} } },
  } as unknown as Scenario
  const plan = resolve(scenario)
  let own = new Uint8Array(stage.nodes)
  const network = networkOf(stage.network)!
  const planned = plan.networks[0]
  const playing = capture === undefined ? network : captured(network, capture, (o) => (own = o as Uint8Array<ArrayBuffer>))
  const sim = new Simulation({ ...plan, networks: [{ ...planned, network: playing }] }, { ...environmentOf(seed), chained })
  let logHash = ""
  while (!sim.done) {
    const { header } = sim.tick()
    if (header !== undefined) logHash = header.hash
  }
  const n = sim.networks[0]
  const columns = n.epochs.rows as unknown as Readonly<Record<string, Float64Array>> & { readonly length: number }
  const sum = (name: string): number => {
    if (columns[name] === undefined) throw new RangeError(`${stage.network} records no ${name}`)
    let all = 0
    for (let i = 0; i < columns.length; i++) all += columns[name][i]
    return all
  }
  return {
    own,
    places: n.lender.places,
    params: n.machine.params,
    measure: (name) =>
      Float64Array.from({ length: stage.nodes }, (_, node) => network.nodeMeasures[name].of(n.machine.state, node)),
    total: (metric) => sum(metricColumn(metric)),
    mean: (metric) => sum(metricColumn(metric)) / columns.length,
    last: (metric) => columns[metricColumn(metric)][columns.length - 1],
    served: sum("servedMilli"),
    offered: sum("offeredMilli"),
    state: n.machine.state,
    refused: n.machine.refused.reduce((a, b) => a + b, 0),
    logHash,
  }
}

const twins = new Map<string, Staged>()
const TWINS_KEPT = 8

/** The same stage without an adversary. */
export function runTwin(stage: Stage, seed: number): Staged {
  const key = JSON.stringify([stage.network, stage.nodes, stage.days, stage.change, stage.epochHours, seed])
  let twin = twins.get(key)
  if (twin === undefined) {
    twin = runStage(stage, seed)
    twins.set(key, twin)
    if (twins.size > TWINS_KEPT) twins.delete(twins.keys().next().value!)
  }
  return twin
}

export interface Incomes {
  readonly own: number
  readonly others: number
}
/** Sums over the adversary's nodes and over the others. */
export function split(values: Float64Array, own: Uint8Array): Incomes {
  let [mine, others] = [0, 0]
  for (let i = 0; i < values.length; i++)
    if (own[i] === 1) mine += values[i]
    else others += values[i]
  return { own: mine, others }
}

/**
 * Incomes and costs where hardware costs what it earns honestly, as under free entry: the twin says how much that is, node by node, so that
 * size and luck of a place cancel. `saved` is the part of that cost the cheat does without, `extra` what it spends besides.
 */
export function payOf(
  income: Float64Array,
  honestly: Float64Array,
  own: Uint8Array,
  saved = 0,
  extra = 0,
): Pick<Outcome, "income" | "cost" | "honestIncome" | "honestCost" | "paid"> {
  const now = split(income, own)
  const then = split(honestly, own)
  return {
    income: now.own,
    cost: then.own * (1 - saved) + extra,
    honestIncome: now.others,
    honestCost: then.others,
    paid: now.own + now.others,
  }
}
