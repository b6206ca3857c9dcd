/** The simulator and the ledger agree: a simulated run's commands, signed and submitted to a chain, end in the same state. */
import { expect, test } from "vitest"
import { toHex } from "../protocol/kernel/hash.ts"
import { Log } from "../protocol/kernel/log.ts"
import type { Machine } from "../protocol/kernel/machine.ts"
import { readRow, type AnyTable } from "../protocol/kernel/table.ts"
import { resolve } from "../simulation/engine/resolve.ts"
import { Simulation } from "../simulation/engine/simulation.ts"
import { environment, sha256 } from "../simulation/record/environment.ts"
import { quiet, small } from "../simulation/record/small-scenario.ts"
import type { Scenario } from "../protocol/boundary/scenario.ts"
import { ask, openChain, smallChain } from "../testnet/ledger/small-chain.ts"

type Recorded = { readonly type: string; readonly rows: readonly Readonly<Record<string, number | string>>[] }
interface Slice {
  readonly atS: number
  readonly steps: readonly Recorded[]
}

/** Plays a scenario and keeps what one network was asked, slice by slice, each ending where something settled. */
function record(scenario: Scenario, name: string) {
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

const hours = { hours: 12 }
test.each([
  ["cdn", quiet(1800)],
  ["cdn", small()],
  ["helium", { ...quiet(1800), lasts: hours, networks: { helium: { nodes: 40 } }, dependsOn: undefined } as unknown as Scenario],
  [
    "filecoin",
    { ...quiet(1800), lasts: hours, networks: { filecoin: { nodes: 6 } }, dependsOn: undefined } as unknown as Scenario,
  ],
] as const)("%s", { timeout: 120_000 }, async (name, scenario) => {
  const run = record(scenario, name)
  const { plan, planned } = run
  const chain = smallChain({
    network: name,
    nodes: planned.nodes,
    preset: planned.preset,
    params: planned.values,
    beginS: plan.beginS,
    authoritySlackS: 2 ** 31,
    // The simulation's own inhabitants publish the beacon.
    draws: false,
    expirySecondsMax: 2 ** 31,
  })
  const ledger = openChain(chain, { commandsMax: Infinity, blockBytesMax: Infinity, waitingMax: Infinity })
  let commands = 0
  for (const { atS, steps } of [...run.slices, { atS: run.endS, steps: run.rest }]) {
    const answers = steps.flatMap(({ type, rows }) => rows.map((row) => ledger.submit(ask(chain, chain.authority, type, row))))
    commands += answers.length
    await ledger.cut(atS)
    // The door takes everything; what is refused is refused by the network's own rules, in both worlds.
    expect((await Promise.all(answers)).filter((a) => a.code > 0 && a.code < 1000)).toEqual([])
  }
  expect(commands).toBeGreaterThan(100)
  expect(ledger.application.networkStateHash()).toBe(run.state)
  expect([...ledger.application.machine.refused]).toEqual([...run.machine.refused])
  await ledger.close()
})
