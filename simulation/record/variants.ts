/**
 * One history, many futures: the twin without the incident, and the range of what was not published. Each forks from the
 * snapshot taken before onset, so all of them share their past, their places and, where they can, their luck.
 */
import type { Scenario } from "../../protocol/boundary/scenario.ts"
import { permilleOf } from "../../protocol/boundary/scenario.ts"
import type { Params } from "../../protocol/kernel/param.ts"
import { withDepth } from "../engine/depth.ts"
import type { Dependency, Plan } from "../engine/plan.ts"
import { Simulation, type Environment } from "../engine/simulation.ts"
import { restore, type Checkpoint } from "./checkpoint.ts"
import { valuesOf } from "../engine/regimes.ts"
import { measureAll, type NetworkResult } from "./measure.ts"
import { incomesOf, spreadSince, type Spread } from "./spread.ts"

export interface Variant {
  readonly variant: string
  readonly axis: string
  readonly parameter: string
  readonly value: number
  readonly seed: number
  readonly results: readonly NetworkResult[]
  /** How evenly incomes since the fork are spread; for regimes only. */
  readonly spread?: readonly Spread[]
}

/** Runs the same plan without its timeline from the fork to the end. */
export async function runTwin(
  plan: Plan,
  env: Environment,
  fork: Checkpoint,
  breathe: (twin: Simulation) => Promise<void>,
): Promise<Simulation> {
  const twin = new Simulation({ ...plan, timeline: [], windows: [] }, { ...env, sink: undefined, chained: false })
  restore(twin, fork)
  while (!twin.done) {
    twin.tick()
    await breathe(twin)
  }
  return twin
}

/** Futures that differ in the dice alone: how much of the result is luck. */
const LUCK = 5

/** Nobody else's lot differs: a network, all that depend on it, and whatever these depend on, are all that must be lived again. */
function touchedBy({ dependencies }: Plan, network: string): ReadonlySet<string> {
  const touched = new Set([network])
  const spread = (from: "network" | "on", to: "network" | "on"): void => {
    for (let size = 0; size < touched.size;) {
      size = touched.size
      for (const d of dependencies) if (touched.has(d[from])) touched.add(d[to])
    }
  }
  spread("on", "network")
  spread("network", "on")
  return touched
}

interface Change {
  readonly variant: string
  readonly axis: string
  readonly parameter: string
  readonly value: number
  readonly seed: number
  readonly apply: (plan: Plan) => Plan
  readonly onto?: (sim: Simulation) => void
  /** What it changes is read when a run begins: it has no history to fork from. */
  readonly isAnew?: boolean
  /** The networks that live again; the others' lot is that of the future where nothing is changed. */
  readonly touches?: ReadonlySet<string>
  readonly isUnchanged?: true
  /** A regime: what its nodes earn is kept, and whether the timeline happens to it. */
  readonly regime?: { readonly network: string; readonly isDisturbed: boolean }
}

/** Runs every variant of a scenario's sweep from the fork to the end of its window. */
export async function runSweep(
  scenario: Scenario,
  plan: Plan,
  env: Environment,
  fork: Checkpoint,
  breathe: () => Promise<void>,
  onVariant: (done: number, all: number) => void,
): Promise<readonly Variant[]> {
  const changes = changesOf(scenario, plan)
  const variants = new Map<Change, Variant>()
  let unchanged: readonly NetworkResult[] | undefined
  for (const change of changes.toSorted((a, b) => Number(b.isUnchanged ?? false) - Number(a.isUnchanged ?? false))) {
    const varied = change.apply({ ...plan, endS: plan.windowS!.to })
    // Places are the base seed's whatever the luck.
    const sim = new Simulation(varied, {
      ...env,
      site: (profile, _seed, nodes, p) => env.site(profile, plan.seed, nodes, p),
      sink: undefined,
      chained: false,
    })
    if (change.isAnew !== true) restore(sim, fork)
    for (const n of change.isAnew === true ? [] : sim.networks) {
      const dependency = varied.dependencies.find((d) => d.network === n.name)
      if (dependency !== undefined) sim.attach(n, dependency)
    }
    change.onto?.(sim)
    if (change.touches !== undefined) sim.keepOnly(change.touches)
    const { regime } = change
    const before = regime === undefined ? undefined : incomesOf(sim, regime.network)
    while (!sim.done) {
      sim.tick()
      await breathe()
    }
    const results = sim.networks.map((n, i) =>
      change.touches === undefined || change.touches.has(n.name) ? measureAll(n, plan.windowS) : unchanged![i],
    )
    if (change.isUnchanged) unchanged = results
    variants.set(change, {
      variant: change.variant,
      axis: change.axis,
      parameter: change.parameter,
      value: change.value,
      seed: change.seed,
      results,
      ...(before === undefined ? {} : { spread: spreadSince(sim, regime!.network, before, regime!.isDisturbed) }),
    })
    onVariant(variants.size, changes.length)
  }
  return changes.map((change) => variants.get(change)!)
}

function changesOf(scenario: Scenario, plan: Plan): readonly Change[] {
  const { seed } = plan
  const changes: Change[] = []
  for (const sweep of scenario.sweep ?? [])
    for (const item of sweep.values) {
      if (sweep.axis === "preset") {
        const preset = item as string
        const planned = plan.networks.find((n) => n.network.name === sweep.network)!
        const values = valuesOf(planned, preset, Object.keys(scenario.networks[sweep.network].change ?? {}))
        for (const isDisturbed of [true, false])
          changes.push({
            variant: preset,
            axis: sweep.label,
            parameter: `${sweep.network}.preset`,
            value: sweep.values.indexOf(preset as never),
            seed,
            apply: (p) => (isDisturbed ? p : { ...p, timeline: [] }),
            onto: (sim) => sim.networks.find((n) => n.name === sweep.network)!.machine.changeAll(values),
            regime: { network: sweep.network, isDisturbed },
          })
        continue
      }
      if (sweep.axis === "parameter") {
        const value = item as number
        const set = (p: Plan): Plan => ({
          ...p,
          networks: p.networks.map((n) =>
            n.network.name === sweep.network ? { ...n, values: { ...n.values, [sweep.parameter]: value } } : n,
          ),
        })
        const { network } = plan.networks.find((n) => n.network.name === sweep.network)!
        const isAnew = (network.params as Params)[sweep.parameter].atStart === true
        changes.push({
          variant: `${sweep.network}.${sweep.parameter} = ${value}`,
          axis: sweep.label,
          parameter: `${sweep.network}.${sweep.parameter}`,
          value,
          seed,
          isAnew,
          touches: touchedBy(plan, sweep.network),
          apply: isAnew ? set : (p) => p,
          ...(isAnew
            ? {}
            : {
                onto: (sim: Simulation) =>
                  sim.networks.find((n) => n.name === sweep.network)!.machine.change(sweep.parameter, value),
              }),
        })
        continue
      }
      const share = permilleOf(item as never)!
      if (sweep.axis === "depth") {
        changes.push({
          variant: `${sweep.label} = ${share} ‰`,
          axis: sweep.label,
          parameter: `${sweep.network}.depth`,
          value: share,
          seed,
          touches: touchedBy(plan, sweep.network),
          apply: (p) => ({ ...p, timeline: withDepth(p.timeline, sweep.network, share) }),
        })
        continue
      }
      const which = sweep.axis === "nodesBehind" ? "nodesPermille" : "usersPermille"
      const other = sweep.axis === "nodesBehind" ? "usersPermille" : "nodesPermille"
      changes.push({
        variant: `${sweep.label} = ${share} ‰`,
        axis: sweep.label,
        parameter: `${sweep.network}.${sweep.axis}`,
        value: share,
        seed,
        touches: touchedBy(plan, sweep.network),
        apply: (p) => ({
          ...p,
          dependencies: p.dependencies.map((d): Dependency =>
            d.network === sweep.network ? { ...d, [which]: share, [other]: 0 } : d,
          ),
        }),
      })
    }
  // Regimes are compared with the same luck; nothing of them is a range.
  const isRanged = (scenario.sweep ?? []).some(({ axis }) => axis !== "preset")
  for (let luck = 0; isRanged && luck < LUCK; luck++)
    changes.push({
      variant: `luck ${luck}`,
      axis: "seed",
      parameter: "seed",
      value: luck,
      seed: seed + luck,
      ...(luck === 0 ? { isUnchanged: true } : {}),
      apply: (p) => ({ ...p, seed: seed + luck }),
    })
  return changes
}
