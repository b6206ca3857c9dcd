/** The simulator and the ledger agree: a simulated run's commands, signed and submitted to a chain, end in the same state. */
import { expect, test } from "vitest"
import type { Scenario } from "../protocol/boundary/scenario.ts"
import { quiet, small } from "../simulation/record/small-scenario.ts"
import { ask, openChain, smallChain } from "../testnet/ledger/small-chain.ts"
import { record } from "./recorded-run.ts"

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
