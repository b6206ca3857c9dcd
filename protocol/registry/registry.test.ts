import { describe, expect, it } from "vitest"
import { Report } from "../kernel/invariant.ts"
import { network } from "../kernel/network.ts"
import { params } from "../kernel/param.ts"
import { event } from "../kernel/row-type.ts"
import { specify } from "../kernel/specify.ts"
import { readRow, table } from "../kernel/table.ts"
import { count32 } from "../kernel/unit.ts"
import { absence, registryDecide, registryInvariants } from "./decide.ts"
import {
  isRegistered,
  registry,
  registryCommands,
  registryEvents,
  registryEvolve,
  registryRefusals,
  registrySeldom,
  registryTables,
  type Registry,
} from "./registry.ts"

/** The least network that embeds a registry, with an event of its own so that the types are seen to spread. */
interface State {
  readonly registry: Registry
  pinged: number
}
const toy = network({
  name: "toy",
  because: "a registry and nothing else",
  service: { unit: "ping", because: "none" },
  nodeWord: "node",
  commands: registryCommands,
  events: { ...registryEvents, Pinged: event("a ping was seen", { value: count32 }) },
  refusals: { ...registryRefusals, no_ping: "not asked for" },
  params: params({}),
  presets: {},
  defaultPreset: "none",
  genesis: ({ nodes }): State => ({ registry: registry(nodes), pinged: 0 }),
  tables: (s) => registryTables(s.registry),
  seldom: registrySeldom,
  decide: registryDecide,
  evolve: {
    ...registryEvolve,
    Pinged: (s, _rows, begin, end) => {
      s.pinged += end - begin
    },
  },
  cadences: {},
  invariants: registryInvariants,
  metrics: {},
  nodeMeasures: {},
  inhabit: {
    profile: "none",
    facilities: [],
    demandMilliPerNodeMinute: () => 0,
    enter: () => ({ arrive() {}, act() {}, serve: () => ({ offeredMilli: 0, servedMilli: 0, degradedMilli: 0 }) }),
  },
  sabotage: {
    registry_totals_are_counted: (s) => void s.registry.total.registered[0]++,
    unknown_nodes_have_said_nothing: (s) => void (s.registry.nodes.asn[0] = 7),
  },
})

const given = specify(toy, { nodes: 3, ports: {} as never })
const at = 1_700_000_000
const registered = { type: "NodeRegistered", node: 1, owner: 9, at } as const
const retired = { type: "NodeRetired", node: 1, at } as const
const place = { hexHi: 0x8c2ab, hexLo: 5, latE7: 515_000_000, lngE7: -1_000_000 }
const domains = { country: 44, asn: 2856, provider: 3, client: 2, grid: 1 }
const register = (node: number) => ({ type: "RegisterNode", node, owner: 9, at }) as const
const assert = (node: number) => ({ type: "AssertLocation", node, ...place, at }) as const
const declare = (node: number) => ({ type: "DeclareDomains", node, ...domains, at }) as const
const retire = (node: number) => ({ type: "RetireNode", node, at }) as const

describe("joining, speaking, leaving", () => {
  it("given nobody, when a node joins, says where it is and what it shares, then the registry knows", () => {
    const { facts, state, refusals } = given().when(register(1), assert(1), declare(1))
    expect(facts.map((f) => f.type)).toEqual(["NodeRegistered", "LocationAsserted", "DomainsDeclared"])
    expect(refusals).toEqual([])
    expect(isRegistered(state.registry, 1)).toBe(true)
    expect(readRow(state.registry.nodes, 1)).toEqual({ status: 1, owner: 9, joinedS: at, ...place, assertions: 1, ...domains })
    expect(readRow(state.registry.total, 0)).toEqual({ registered: 1, retired: 0 })
  })

  it("given a node, when it leaves, then its place stays taken", () => {
    const { facts, state } = given(registered).when(retire(1))
    expect(facts).toEqual([retired])
    expect(readRow(state.registry.total, 0)).toEqual({ registered: 0, retired: 1 })
    expect(absence(state.registry, 1)).toBe("node_is_retired")
  })

  it("given a node that moved, when it moves again, then the assertions are counted", () => {
    const { state } = given(registered).when(assert(1), { ...assert(1), hexLo: 6 })
    expect(state.registry.nodes.assertions[1]).toBe(2)
    expect(state.registry.nodes.hexLo[1]).toBe(6)
  })

  it("given a first assertion of all zeros, then it counts: until then nothing was said", () => {
    expect(
      given(registered).when({ type: "AssertLocation", node: 1, hexHi: 0, hexLo: 0, latE7: 0, lngE7: 0, at }).facts,
    ).toHaveLength(1)
  })

  it("every change is seen by the hash of a table that changes seldom", () => {
    const before = given().state.registry.nodes.version
    const { state } = given().when(register(1), assert(1), declare(1), retire(1))
    expect(state.registry.nodes.version).toBe(before + 4)
  })
})

describe("refusals", () => {
  const all = [register, assert, declare, retire]
  it.each(all.map((make) => [make(3).type, make] as const))("%s outside the registry", (_, make) => {
    expect(given().when(make(3)).refusals).toEqual(["node_is_outside_the_registry"])
  })
  it.each(all.map((make) => [make(1).type, make] as const))("%s by a retired node, before anything else", (_, make) => {
    const { refusals, facts } = given(
      registered,
      { type: "LocationAsserted", node: 1, ...place, at },
      { type: "DomainsDeclared", node: 1, ...domains, at },
      retired,
    ).when(make(1))
    expect([refusals, facts]).toEqual([["node_is_retired"], []])
  })
  it.each(all.slice(1).map((make) => [make(1).type, make] as const))("%s by an unknown node", (_, make) => {
    expect(given().when(make(1)).refusals).toEqual(["node_is_unknown"])
  })
  it("a node joins once, also within one step", () => {
    expect(given(registered).when(register(1)).refusals).toEqual(["node_is_already_registered"])
    const { refusals, refusedAt, facts } = given().when(register(0), register(2), register(0))
    expect([refusals, refusedAt, facts.length]).toEqual([["node_is_already_registered"], [2], 2])
  })
  it("the same place again, before the count of assertions ends", () => {
    const story = given(registered).when(assert(1))
    expect(story.when(assert(1)).refusals).toEqual(["location_is_unchanged"])
    story.state.registry.nodes.assertions[1] = 0xffff
    expect(story.when(assert(1)).refusals).toEqual(["location_is_unchanged"])
    expect(story.when({ ...assert(1), hexLo: 6 }).refusals).toEqual(["location_is_asserted_too_often"])
  })
  it("the same domains again", () => {
    expect(given(registered).when(declare(1)).when(declare(1)).refusals).toEqual(["domains_are_unchanged"])
  })
})

describe("promises", () => {
  const broken = (state: State) => {
    const report = new Report()
    for (const name of Object.keys(toy.invariants)) toy.invariants[name].check(state, report.within(name))
    return report.broken
  }
  it("hold after every command of a life", () => {
    let story = given().when()
    for (const request of [register(1), assert(1), register(2), declare(2), retire(1)]) {
      story = story.when(request)
      expect(broken(story.state)).toEqual([])
    }
  })
  it.each(Object.keys(toy.sabotage))("%s is caught when it breaks", (name) => {
    const { state } = given(registered)
    toy.sabotage[name](state)
    expect(broken(state)).toHaveLength(1)
    expect(broken(state)[0]).toContain(name)
  })
})

describe("batches", () => {
  it("a hundred thousand registrations are one run", () => {
    const n = 100_000
    const story = specify(toy, { nodes: n, ports: {} as never })()
    const rows = table(registryCommands.RegisterNode.shape, n)
    rows.length = n
    for (let i = 0; i < n; i++) rows.node[i] = i
    story.machine.step("RegisterNode", rows, 0, n)
    expect(story.state.registry.total.registered[0]).toBe(n)
    expect(story.machine.runs).toHaveLength(1)
  })
})
