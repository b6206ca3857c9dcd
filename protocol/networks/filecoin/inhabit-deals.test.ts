/** Given providers of some character in a world of their own, when days pass, then this is what is left of clients' objects. */
import { describe, expect, test } from "vitest"
import { DAY } from "../../kernel/clock.ts"
import type { Habitat } from "../../kernel/habitat.ts"
import { Report } from "../../kernel/invariant.ts"
import { Machine } from "../../kernel/machine.ts"
import { resolve } from "../../kernel/param.ts"
import { tables } from "../../kernel/row-type.ts"
import type { AnyTable } from "../../kernel/table.ts"
import { SLOT_S } from "./chain-time.ts"
import { commands } from "./commands.ts"
import { filecoin } from "./index.ts"
import type { State } from "./state.ts"

const T = 20_410 * DAY
const NODES = 20
const ALONE = { of: new Uint32Array(NODES), names: ["all"] }

/** Lives `days` days; `dark` says who is down at a time. Nobody draws elections: they are another test's. */
function live(days: number, params: Record<string, number>, dark: (node: number, atS: number) => boolean = () => false) {
  const values = resolve("filecoin", filecoin.params, undefined, {
    sectorsPerDeadline: 4,
    sizeSpreadPermille: 0,
    withdrawingPermille: 0,
    ...params,
  })
  const machine = new Machine(filecoin, NODES, values, { geometry: {} as never })
  const state = machine.state as State
  const rows = tables(commands, 64)
  const running = new Uint8Array(NODES).fill(1)
  let version = 0
  const unknown = (): never => {
    throw new Error("not lent")
  }
  const habitat: Habitat = {
    seed: 11,
    nodes: NODES,
    beginS: T,
    places: { domains: { operator: ALONE, country: ALONE } } as never,
    cells: unknown,
    radio: unknown,
    running,
    throughPermille: new Uint16Array(NODES).fill(1000),
    userThroughPermille: new Uint16Array(NODES).fill(1000),
    truthVersion: () => version,
    served: () => 0,
    corrupt: () => 0,
    demand: (_from, _to, into) => void into.fill(1_000_000),
    params: () => machine.params,
  }
  const refused = new Map<string, number>()
  machine.onRefuse = (_row, reason) => refused.set(reason, (refused.get(reason) ?? 0) + 1)
  const submit = (type: keyof typeof commands): void => {
    const t = (rows as Record<string, AnyTable>)[type]
    machine.step(type, t, 0, t.length)
    t.length = 0
  }
  const actors = filecoin.inhabit.enter({ habitat, state, commands: rows, memory: {} as never, submit })
  actors.arrive()
  for (let atS = T; atS < T + days * DAY; atS += SLOT_S) {
    for (let node = 0; node < NODES; node++) running[node] = dark(node, atS) ? 0 : 1
    version++
    actors.act(atS, atS + SLOT_S)
    machine.settle("halfHour", atS + SLOT_S)
    if ((atS + SLOT_S) % DAY === 0) machine.settle("day", atS + SLOT_S)
    machine.clear()
  }
  const report = new Report()
  for (const name of Object.keys(filecoin.invariants)) filecoin.invariants[name].check(state, report.within(name))
  expect(report.broken).toEqual([])
  const { offeredMilli, servedMilli } = actors.serve(T + days * DAY, T + days * DAY + SLOT_S)
  const read = (name: string): number => filecoin.metrics[name].of(state)
  return { state, refused, read, observed: actors.observe!(), served: servedMilli / offeredMilli }
}

const ALL = 32 * NODES

describe("honest providers", () => {
  test("keep every object, renew every deal, and are paid for it", () => {
    const { observed, read, refused, served, state } = live(210, {
      dealDays: 180,
      replicas: 3,
      lossyPermille: 0,
      lazyPermille: 0,
    })
    expect(observed).toMatchObject({ "objects.held": ALL, "objects.gone": 0 })
    expect([read("objects.recoverable"), read("objects.lost"), served]).toEqual([ALL, 0, 1])
    expect(read("deals.completed")).toBe(3 * ALL)
    expect([read("deals.published"), read("deals.timedOut"), read("deals.slashed")]).toEqual([6 * ALL, 0, 0])
    expect(state.dealTotals.paidAtto.get(0) > 0n).toBe(true)
    expect([...refused.keys()]).toEqual([])
  })
  test("that are dark for a day lose service and nothing else", () => {
    const dark = (_node: number, atS: number) => atS >= T + 2 * DAY && atS < T + 3 * DAY
    expect(live(3, { lossyPermille: 0 }, dark).served).toBe(0)
    const after = live(6, { lossyPermille: 0, lazyPermille: 0 }, dark)
    expect([after.served, after.observed["objects.gone"], after.read("objects.lost")]).toEqual([1, 0, 0])
  })
})

describe("providers that lose data", () => {
  const lossy = { lossyPermille: 1000, lossPermille: 500, lazyPermille: 0, replicas: 1 }
  test("lose objects at once, and the chain learns of it when their sectors end", () => {
    const early = live(20, { ...lossy, repairOn: 0 })
    expect(early.observed["objects.gone"]).toBeGreaterThan(0)
    expect([early.read("objects.lost"), early.served < 1]).toEqual([0, true])
    const late = live(60, { ...lossy, repairOn: 0 })
    expect(late.read("objects.lost")).toBeGreaterThan(0)
    expect(late.read("deals.slashed")).toBe(late.read("objects.lost"))
    expect(late.read("objects.lost")).toBeLessThanOrEqual(late.observed["objects.gone"])
  })
  test("cannot have copied what nobody has: repair of single copies saves nothing that is gone", () => {
    const { observed, read } = live(30, lossy)
    expect(observed["objects.gone"]).toBeGreaterThan(0)
    expect(read("repair.givenUp")).toBeGreaterThan(0)
  })
  test("are made good by repair, where other copies are there to make it from", () => {
    // Of twenty providers some lose data; three copies and a repair after one missed proof against the same without repair.
    const world = { lossyPermille: 400, lossPermille: 500, lazyPermille: 0, replicas: 2, repairAfterMissed: 1 }
    const off = live(60, { ...world, repairOn: 0 })
    const on = live(60, world)
    expect(on.read("repair.done")).toBeGreaterThan(0)
    expect(on.observed["objects.gone"]).toBeLessThan(off.observed["objects.gone"])
    expect(on.served).toBeGreaterThan(off.served)
  })
})

describe("an outage in which nothing is lost", () => {
  test("is repaired by what the chain shows, although every copy is still there", () => {
    const dark = (node: number, atS: number) => node < 5 && atS >= T + DAY && atS < T + 8 * DAY
    const { observed, read } = live(9, { lossyPermille: 0, lazyPermille: 0, repairAfterMissed: 3 }, dark)
    expect(observed["objects.gone"]).toBe(0)
    expect(read("repair.done")).toBeGreaterThan(0)
    expect(live(9, { lossyPermille: 0, lazyPermille: 0, repairAfterMissed: 12 }, dark).read("repair.done")).toBe(0)
  })
})

describe("warm storage", () => {
  const warm = { pdpOn: 1, pdpPermille: 1000, lossyPermille: 0, lazyPermille: 0 }
  test("is proven every day and paid once a month; clients that lapse are left", () => {
    const { read, refused, state } = live(100, { ...warm, lapsingPermille: 500 })
    expect(read("pdp.faulted")).toBeLessThan(NODES * 2)
    expect(read("pdp.proven")).toBeGreaterThan(NODES * 75)
    expect(read("pdp.terminated")).toBeGreaterThan(0)
    expect(state.dataSetHead.open[0]).toBeLessThan(NODES)
    expect(read("pdp.paid")).toBeGreaterThan(0)
    expect([...refused.keys()]).toEqual([])
  })
  test("misses the period whose window was dark, and is paid for the others", () => {
    const dark = (_node: number, atS: number) => atS >= T + 5 * DAY && atS < T + 6 * DAY
    const { read } = live(10, { ...warm, lapsingPermille: 0 }, dark)
    expect(read("pdp.faulted")).toBe(NODES)
  })
  test("catches providers that lose data by their challenges", () => {
    const honest = live(30, warm).read("pdp.faulted")
    expect(live(30, { ...warm, lossyPermille: 1000, lossPermille: 100 }).read("pdp.faulted")).toBeGreaterThan(honest)
  })
  test("is off before its date", () => expect(live(3, { pdpPermille: 1000 }).read("pdp.stored")).toBe(0))
})
