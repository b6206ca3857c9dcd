/** What networks declare for a live chain fits their own commands and events, and the gate keeps the promises it makes. */
import { describe, expect, test } from "vitest"
import { h3Geometry } from "../../protocol/boundary/geometry.ts"
import { Report } from "../../protocol/kernel/invariant.ts"
import { Machine } from "../../protocol/kernel/machine.ts"
import type { CommandTypes, EventTypes } from "../../protocol/kernel/row-type.ts"
import { networks } from "../../protocol/networks/index.ts"
import type { Ask, Live, Own } from "../../protocol/kernel/live.ts"
import { DOOR_OF } from "./doors-of.ts"
import { newKeyPair } from "./command.ts"
import { gate } from "./gate.ts"
import { machineOf, valuesOf } from "./genesis.ts"
import { smallGenesis } from "./small-chain.ts"

describe.each(Object.values(networks).filter((n) => "live" in n && n.live !== undefined))("$name", (network) => {
  const { live } = network as unknown as { live: Live }
  const commands = network.commands as CommandTypes
  const events = network.events as unknown as EventTypes

  test("every command a node may sign exists, with the columns that are named", () => {
    for (const [type, { own, owner, stake, evidence, fixed }] of Object.entries(live.access)) {
      expect(commands[type], type).toBeDefined()
      expect(own === undefined, type).toBe(owner !== undefined)
      if (own !== undefined) expect(["node", "tenant", "creator"], type).toContain(commands[type].shape[own]?.unit)
      if (stake !== undefined) expect(["wide", "safe"], type).toContain(commands[type].shape[stake]?.store)
      if (evidence !== undefined) expect((live as unknown as Record<string, unknown>)[DOOR_OF[evidence]], type).toBeDefined()
      expect(Object.keys(commands[type].shape)).toEqual(expect.arrayContaining(Object.keys(fixed ?? {})))
    }
    const { storage } = live
    if (storage !== undefined) {
      expect(events[storage.assigned.event].shape[storage.assigned.column]).toBeDefined()
      const possession = Object.keys(live.access).filter((type) => live.access[type].evidence === "possession")
      for (const type of possession)
        expect(Object.keys(commands[type].shape)).toEqual(expect.arrayContaining([storage.deadlineColumn, storage.skippedColumn]))
    }
  })

  test("what a node's software asks is a row that it may sign, and the chain's own commands exist", () => {
    for (const { type, row } of asksOf(live)) {
      expect(Object.keys(live.access)).toContain(type)
      expect(Object.keys(row).toSorted()).toEqual(Object.keys(commands[type].shape).toSorted())
    }
    for (const { type, row } of ownOf(live))
      expect(Object.keys(row(1)).toSorted(), type).toEqual(Object.keys(commands[type].shape).toSorted())
    if (live.draw !== undefined)
      expect(Object.keys(live.draw.row(1, [1, 2, 3, 4])).toSorted()).toEqual(
        Object.keys(commands[live.draw.type].shape).toSorted(),
      )
  })

  test("its departures and its income are known, and a node that is none can be looked at", () => {
    const genesis = smallGenesis(newKeyPair(), { network: network.name })
    expect(valuesOf(genesis)).toMatchObject(live.params)
    expect(Object.keys(network.nodeMeasures)).toContain(live.income)
    const { machine } = machineOf(genesis)
    for (const node of [0, 7, 8, 0xffff_ffff]) {
      if (live.storage !== undefined) {
        expect(live.storage.view(machine.state as never, node, genesis.beginS)).toMatchObject({ joined: false, due: 0, held: [] })
        expect(live.storage.provable(machine.state as never, node, 0, genesis.beginS)).toBe(0)
      }
      if (live.lease !== undefined)
        expect(live.lease.view(machine.state as never, node)).toEqual({ joined: false, orders: [], leases: [] })
      for (const { owner } of Object.values(live.access))
        expect(owner?.(machine.state, { group: node, deployment: node, job: node }) ?? -1).toBe(-1)
    }
  })
})

function asksOf({ storage, lease, render, coverage }: Live): readonly Ask[] {
  return [
    ...(storage === undefined
      ? []
      : [
          storage.asks.join(1, 1_767_225_600, 5n),
          storage.asks.announce(1, 2),
          storage.asks.seal(1),
          storage.asks.possess(1, 3, 0),
          storage.asks.recover(1, 3),
          storage.asks.block(1, 1_767_225_600),
          storage.asks.end(1, 3),
        ]),
    ...(lease === undefined
      ? []
      : [
          lease.asks.join(1, 5n),
          lease.asks.bid(1, 2, 3),
          lease.asks.collect(2),
          lease.asks.giveUp(1, 2),
          lease.asks.deploy(1, 5n, 2, 3),
          lease.asks.close(0),
        ]),
    ...(coverage === undefined
      ? []
      : [
          coverage.asks.join(1),
          coverage.asks.place(1, { hexHi: 1, hexLo: 2, latE7: 3, lngE7: 4 }),
          coverage.asks.configure(1),
          coverage.asks.beacon(1, 7),
          coverage.asks.leave(1),
        ]),
    ...(render === undefined
      ? []
      : [
          render.asks.join(1),
          render.asks.connect(1),
          render.asks.deliver(1, 2),
          render.asks.buy(1, 5n),
          render.asks.submit(1, 4, 1_767_225_600),
          render.asks.drop(1),
        ]),
  ]
}
const ownOf = ({ begin, lease, render, coverage }: Live): readonly Own[] => [
  ...(begin ?? []),
  ...(lease === undefined ? [] : [lease.accept(1, 2), lease.end(1)]),
  ...(coverage === undefined ? [] : [coverage.beacon(1, 7), coverage.witness(1, 2, 7, 1), coverage.deny(1)]),
  ...(render === undefined
    ? []
    : [render.openRound, render.match, render.dropSilent(1), render.approve(1), render.reject(1, 2, 3)]),
]

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
