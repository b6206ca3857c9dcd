/** What networks declare for a live chain fits their own commands and events, and the gate keeps the promises it makes. */
import { describe, expect, test } from "vitest"
import { h3Geometry } from "../../protocol/boundary/geometry.ts"
import { Report } from "../../protocol/kernel/invariant.ts"
import { Machine } from "../../protocol/kernel/machine.ts"
import type { CommandTypes, EventTypes } from "../../protocol/kernel/row-type.ts"
import { networks } from "../../protocol/networks/index.ts"
import { newKeyPair } from "./command.ts"
import { gate } from "./gate.ts"
import { machineOf, valuesOf } from "./genesis.ts"
import { smallGenesis } from "./small-chain.ts"

describe.each(Object.values(networks).filter((n) => "live" in n && n.live !== undefined))("$name", (network) => {
  const live = (network as unknown as { live: NonNullable<(typeof networks.filecoin)["live"]> }).live
  const commands = network.commands as CommandTypes
  const events = network.events as unknown as EventTypes

  test("every command a node may sign exists, with the columns that are named", () => {
    for (const [type, { own, stake, evidence }] of Object.entries(live.access)) {
      expect(commands[type], type).toBeDefined()
      expect(commands[type].shape[own]?.unit, type).toBe("node")
      if (stake !== undefined) expect(commands[type].shape[stake]?.store, type).toBe("wide")
      if (evidence !== undefined) expect(live.storage, type).toBeDefined()
    }
    const { storage } = live
    if (storage !== undefined) {
      expect(events[storage.assigned.event].shape[storage.assigned.column]).toBeDefined()
      const possession = Object.keys(live.access).filter((type) => live.access[type].evidence === "possession")
      for (const type of possession)
        expect(Object.keys(commands[type].shape)).toEqual(expect.arrayContaining([storage.deadlineColumn, storage.skippedColumn]))
    }
  })

  test("what a provider's software asks is a row that a node may sign, and the chain's own command exists", () => {
    const { asks } = live.storage!
    for (const { type, row } of [
      asks.join(1, 1_767_225_600, 5n),
      asks.announce(1, 2),
      asks.seal(1),
      asks.possess(1, 3, 0),
      asks.recover(1, 3),
      asks.block(1, 1_767_225_600),
      asks.end(1, 3),
    ]) {
      expect(Object.keys(live.access)).toContain(type)
      expect(Object.keys(row).toSorted()).toEqual(Object.keys(commands[type].shape).toSorted())
    }
    expect(Object.keys(live.draw!.row(1, [1, 2, 3, 4])).toSorted()).toEqual(
      Object.keys(commands[live.draw!.type].shape).toSorted(),
    )
  })

  test("its departures and its income are known, and a node that is none can be looked at", () => {
    const genesis = smallGenesis(newKeyPair(), { network: network.name })
    expect(valuesOf(genesis)).toMatchObject(live.params)
    expect(Object.keys(network.nodeMeasures)).toContain(live.income)
    const { machine } = machineOf(genesis)
    for (const node of [0, 7, 8, 0xffff_ffff]) {
      expect(live.storage!.view(machine.state as never, node, genesis.beginS)).toMatchObject({ joined: false, due: 0, held: [] })
      expect(live.storage!.provable(machine.state as never, node, 0, genesis.beginS)).toBe(0)
    }
  })
})

test.each(Object.keys(gate.invariants))("the gate's promise %s is caught when it breaks", (name) => {
  const { state } = openGate()
  const broken = () => {
    const report = new Report()
    gate.invariants[name].check(state, report)
    return report.broken.length
  }
  expect(broken()).toBe(0)
  gate.sabotage[name](state)
  expect(broken()).toBeGreaterThan(0)
})

function openGate(): Machine {
  const machine = new Machine(gate, 1, {}, { geometry: h3Geometry })
  const { account } = machine.state as { account: { length: number } }
  account.length = 1
  return machine
}
