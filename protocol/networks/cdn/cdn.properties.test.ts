/** Laws of the centralised network, tried on random histories. */
import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import { Report } from "../../kernel/invariant.ts"
import { Machine } from "../../kernel/machine.ts"
import { defaults, resolve } from "../../kernel/param.ts"
import { appendRow, type Row, type Table } from "../../kernel/table.ts"
import { saveTables } from "../../kernel/snapshot.ts"
import { tables } from "../../kernel/row-type.ts"
import { at, handMadeWorld } from "./inhabit-hand-made.ts"
import { BUILDER, CONTROL_PLANE, EDGE, KV_THROUGH_PROXY, LATE_SERVICES } from "./inhabit-truth.ts"
import { cdn } from "./index.ts"
import { params } from "./params.ts"
import { computeSlot, computeStage } from "./rollout.ts"

const ports = { geometry: {} as never }
const NODES = 4

const time = fc.integer({ min: 1, max: 200 }).map((m) => m * 60)
const node = fc.integer({ min: 0, max: NODES })
const revision = fc.integer({ min: 0, max: 8 })
const request = fc.oneof(
  fc.record({
    type: fc.constant("RegisterPop"),
    row: fc.record({ node, latE7: fc.constant(1), lngE7: fc.constant(2), atS: time }),
  }),
  fc.record({ type: fc.constant("PublishConfig"), row: fc.record({ features: fc.constantFrom(0, 60, 240), atS: time }) }),
  fc.record({
    type: fc.constant("AcknowledgeConfig"),
    row: fc.record({ node, revision, outcome: fc.integer({ min: 0, max: 2 }), atS: time }),
  }),
  fc.record({ type: fc.constant("AdvanceRollout"), row: fc.record({ atS: time }) }),
  fc.record({ type: fc.constant("RollBackConfig"), row: fc.record({ revision, atS: time }) }),
  fc.record({
    type: fc.constant("ReportHealth"),
    row: fc.record({ node, errorPermille: fc.integer({ min: 0, max: 1000 }), atS: time }),
  }),
  fc.record({ type: fc.constant("ProbeFleet"), row: fc.record({ atS: time }) }),
)
/** Requests in the order of their times, as a rule: then a random history gets far. */
const history = fc
  .array(fc.tuple(request, fc.integer({ min: 1, max: 4 })), { maxLength: 120 })
  .map((all) => all.toSorted((a, b) => a[0].row.atS - b[0].row.atS))
const setting = fc.record({
  rolloutStages: fc.integer({ min: 1, max: 4 }),
  rolloutBakeSeconds: fc.constantFrom(0, 60),
  detectProbes: fc.integer({ min: 1, max: 3 }),
  clearProbes: fc.integer({ min: 1, max: 3 }),
  silenceSeconds: fc.constant(3600),
})

function play(machine: Machine, requests: readonly (readonly [{ type: string; row: object }, number])[]): void {
  let i = 0
  while (i < requests.length) {
    const { type } = requests[i][0]
    const rows = (tables(cdn.commands, 8) as unknown as Record<string, Table>)[type]
    // Rows of one type that stand together are decided in one step, some of them several times over.
    for (; i < requests.length && requests[i][0].type === type; i++)
      for (let times = 0; times < requests[i][1]; times++) appendRow(rows, requests[i][0].row as Row<Table["shape"]>)
    machine.step(type, rows, 0, rows.length)
    if (i % 7 === 0 && i < requests.length) machine.settle("hour", requests[i][0].row["atS" as never])
  }
}

describe("any history", () => {
  test("keeps every promise", () => {
    fc.assert(
      fc.property(history, setting, (requests, changes) => {
        const machine = new Machine(cdn, NODES, resolve("cdn", params, undefined, changes), ports)
        play(machine, requests)
        const report = new Report()
        for (const name of Object.keys(cdn.invariants)) cdn.invariants[name].check(machine.state as never, report.within(name))
        expect(report.broken).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  test("replays to the same state, however many rows were decided at once", () => {
    fc.assert(
      fc.property(history, setting, (requests, changes) => {
        const values = resolve("cdn", params, undefined, changes)
        const machine = new Machine(cdn, NODES, values, ports)
        play(machine, requests)
        const again = new Machine(cdn, NODES, values, ports)
        for (const { type, begin, end } of machine.runs) again.replay(type, machine.rowsOf[type], begin, end)
        expect(cdn.tables(again.state as never)).toEqual(cdn.tables(machine.state as never))
      }),
      { numRuns: 200 },
    )
  })
})

describe("a world", () => {
  const stateOf = (w: ReturnType<typeof handMadeWorld>) => saveTables(w.machine.stateTables())

  test("without faults, ticks of a minute, an hour or a day end in the same state, and everything is served", () => {
    const calm = fc.record({
      propagationSeconds: fc.integer({ min: 1, max: 240 }),
      rolloutStages: fc.integer({ min: 1, max: 10 }),
      rolloutBakeSeconds: fc.constantFrom(0, 90, 600),
      checkEverySeconds: fc.constantFrom(10, 60, 77),
      configEverySeconds: fc.constantFrom(60, 300, 3600),
      buildOffsetSeconds: fc.integer({ min: 0, max: 4000 }),
    })
    fc.assert(
      fc.property(calm, fc.integer({ min: 0, max: 99 }), (changes, seed) => {
        const [minutes, hours, day] = [60, 3600, 86_400].map((tick) => {
          const world = handMadeWorld({ nodes: 7, seed, params: changes }).until(at(14, 0), tick)
          // A new file for a good reason: a roll-out, but no fault.
          world.machine.change("featuresInUse", 61)
          return world.until(at(20, 0), tick)
        })
        expect(stateOf(hours)).toEqual(stateOf(minutes))
        expect(stateOf(day)).toEqual(stateOf(minutes))
        const { offeredMilli, servedMilli, degradedMilli } = minutes.served()
        expect([servedMilli, degradedMilli]).toEqual([offeredMilli, 0])
      }),
      { numRuns: 25 },
    )
  })

  test("under one fault that outlasts the ticks, ticks of a minute and an hour still agree on state and on service", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 999 }),
        fc.integer({ min: 0, max: 1000 }),
        fc.integer({ min: 1, max: 4 }),
        (seed, corrupt, rolloutStages) => {
          const [a, b] = [60, 3600].map((tick) => {
            const world = handMadeWorld({ nodes: 9, seed, params: { rolloutStages } }).until(at(12, 0), tick)
            world.truth.corrupt[BUILDER] = corrupt
            return world.until(at(15, 0), tick)
          })
          expect(stateOf(a)).toEqual(stateOf(b))
          // Each tick rounds each PoP's requests down to a thousandth of one.
          expect(Math.abs(a.served().servedMilli - b.served().servedMilli)).toBeLessThan(9 * 180)
        },
      ),
      { numRuns: 25 },
    )
  })

  test("never serves more than was asked, keeps its promises under any faults, and fits its columns", () => {
    const permille = fc.constantFrom(0, 300, 1000)
    const truth = fc.record({
      builder: permille,
      corrupt: permille,
      control: permille,
      edge: permille,
      kv: permille,
      late: permille,
      down: fc.integer({ min: 0, max: 9 }),
    })
    const extreme = fc.record(
      Object.fromEntries(
        Object.entries(params).map(([name, p]) => [name, fc.constantFrom(p.default, p.default, p.range[0], p.range[1])]),
      ),
    )
    fc.assert(
      fc.property(fc.array(truth, { minLength: 1, maxLength: 6 }), extreme, fc.constantFrom(60, 3600), (steps, changes, tick) => {
        const world = handMadeWorld({ nodes: 9, params: changes })
        for (const step of steps) {
          Object.assign(world.truth.served, {
            [BUILDER]: step.builder,
            [CONTROL_PLANE]: step.control,
            [EDGE]: step.edge,
            [KV_THROUGH_PROXY]: step.kv,
            [LATE_SERVICES]: step.late,
          })
          world.truth.corrupt[BUILDER] = step.corrupt
          world.truth.running.fill(1).fill(0, 0, step.down)
          const { offeredMilli, servedMilli, degradedMilli, nodeServed } = world.until(world.nowS() + 25 * 60, tick).served()
          expect(servedMilli).toBeLessThanOrEqual(offeredMilli)
          expect(degradedMilli).toBeLessThanOrEqual(servedMilli)
          expect(Math.abs(nodeServed.reduce((sum, n) => sum + n, 0) - servedMilli)).toBeLessThan(9 * 25)
          expect(world.broken()).toEqual([])
        }
      }),
      { numRuns: 60 },
    )
  })
})

describe("stages", () => {
  test("every PoP has one, the first is as large as asked, and node 0 is in it", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 1000 }), (stages, first) => {
        const sizes = Array.from({ length: stages + 1 }, () => 0)
        for (let n = 0; n < 330; n++) sizes[computeStage(n, stages, first)]++
        expect(sizes.slice(1).reduce((sum, s) => sum + s, 0)).toBe(330)
        expect(computeStage(0, stages, first)).toBe(1)
        if (stages > 1) expect(Math.abs(sizes[1] - (330 * first) / 1000)).toBeLessThan(3)
      }),
    )
  })
  test("slots are spread evenly", () => {
    const slots = Array.from({ length: 1000 }, (_, n) => computeSlot(n)).sort((a, b) => a - b)
    expect(slots.every((s, i) => Math.abs(s - i) <= 3)).toBe(true)
  })
  test("defaults are one push to all", () => expect(defaults(params).rolloutStages).toBe(1))
})
