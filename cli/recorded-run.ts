/** A simulated run as a chain would hear it: what one network was asked, slice by slice, each ending where something settled. For tests. */
import type { Scenario } from "../protocol/boundary/scenario.ts"
import { toHex } from "../protocol/kernel/hash.ts"
import { Log } from "../protocol/kernel/log.ts"
import type { Machine } from "../protocol/kernel/machine.ts"
import { readRow, type AnyTable } from "../protocol/kernel/table.ts"
import { resolve } from "../simulation/engine/resolve.ts"
import { Simulation } from "../simulation/engine/simulation.ts"
import { environment, sha256 } from "../simulation/record/environment.ts"

type Recorded = { readonly type: string; readonly rows: readonly Readonly<Record<string, number | string>>[] }
interface Slice {
  readonly atS: number
  readonly steps: readonly Recorded[]
}

/** Plays a scenario and keeps what one network was asked, slice by slice, each ending where something settled. */
export function record(scenario: Scenario, name: string) {
  const plan = resolve(scenario)
  const sim = new Simulation(plan, environment())
  const { machine } = sim.networks.find((n) => n.name === name)!
  const slices: Slice[] = []
  let steps: Recorded[] = []
  const watched = machine as { -readonly [K in keyof Machine]: Machine[K] }
  const step = machine.step.bind(machine)
  const settle = machine.settle.bind(machine)
  watched.step = function (type: string, rows: AnyTable, begin: number, end: number) {
    const kept = Array.from({ length: end - begin }, (_, k) =>
      Object.fromEntries(Object.entries(readRow(rows, begin + k)).map(([c, v]) => [c, typeof v === "bigint" ? String(v) : v])),
    )
    steps.push({ type, rows: kept as Recorded["rows"] })
    step(type, rows, begin, end)
  }
  watched.settle = function (cadence: string, at: number) {
    if (slices.at(-1)?.atS !== at) {
      slices.push({ atS: at, steps })
      steps = []
    }
    settle(cadence, at)
  }
  while (!sim.done) sim.tick()
  return {
    plan,
    slices,
    rest: steps,
    endS: sim.atS,
    state: toHex(new Log(sha256).stateHash([machine])),
    machine,
    planned: plan.networks.find((n) => n.network.name === name)!,
  }
}
