/**
 * The exam. Every registered network sits it; nothing here knows which one is in front of it.
 *
 * A failure names the network, the seed of the history and the two things that disagree.
 */
import { createHash } from "node:crypto"
import { existsSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { Result } from "effect"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { renderReference } from "../../cli/docs.ts"
import { h3Geometry } from "../boundary/geometry.ts"
import { factCodec, problemWith } from "../boundary/rows.ts"
import { playExample, type Example, type Step } from "../kernel/example.ts"
import { hashTable, toHex, type Hasher } from "../kernel/hash.ts"
import { Report } from "../kernel/invariant.ts"
import { Machine, PARAMETER_CHANGED } from "../kernel/machine.ts"
import type { AnyNetwork, Ports } from "../kernel/network.ts"
import { problem, resolve, type Params } from "../kernel/param.ts"
import { appendFact, tables, type CommandTypes, type EventTypes, type Fact } from "../kernel/row-type.ts"
import { loadTables, saveTables } from "../kernel/snapshot.ts"
import type { Shape } from "../kernel/table.ts"
import type { Unit } from "../kernel/unit.ts"
import { Wide } from "../kernel/wide.ts"
import { misfitsOf, watchTable } from "./exam-column.ts"
import { machineFor, oneByOne, play, randomHistory, type History } from "./exam-history.ts"
import { StateHash } from "../kernel/log.ts"
import { fold, KeptLog, sourceOf } from "./exam-log.ts"
import { networks } from "./index.ts"

const newHasher = (): Hasher => createHash("sha256")
/** Cells that are none must not stop the exam here: what a network says to them is its own story. */
const ports: Ports = {
  geometry: {
    gridDistance: (a, b) => h3Geometry.gridDistance(a, b),
    gridDisk1: (cell) => orElse(() => h3Geometry.gridDisk1(cell), [cell]),
    parent: (cell, res) => orElse(() => h3Geometry.parent(cell, res), cell),
    centre: (cell) => orElse(() => h3Geometry.centre(cell), { latE7: 0, lngE7: 0 }),
    centreRadians: (cell) => orElse(() => h3Geometry.centreRadians(cell), { lat: 0, lng: 0 }),
  },
}
function orElse<T>(answer: () => T, otherwise: T): T {
  try {
    return answer()
  } catch {
    return otherwise
  }
}

/** Changes of a rule that the exam makes. */
const CHANGES_MAX = 2500
/** Steps in an epoch of the exam. */
const EPOCH = 4
const seeds = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i)

const logsByType = ({ unity }: CommandTypes[string]): boolean =>
  unity === "batch" || (unity !== "row" && ("ascending" in unity || unity.commuting === true))

const broken = (network: AnyNetwork, machine: Machine): readonly string[] => {
  const report = new Report()
  for (const name of Object.keys(network.invariants)) network.invariants[name].check(machine.state, report.within(name))
  return report.broken
}
const digest = (machine: Machine): Readonly<Record<string, string>> => {
  const named = machine.stateTables()
  return Object.fromEntries(Object.keys(named).map((name) => [name, toHex(hashTable(newHasher, named[name]))]))
}

describe.each(Object.values(networks) as AnyNetwork[])("$name", (network) => {
  const { name } = network
  let loading: Promise<{ examples: readonly Example[] }> | undefined
  /** Loaded by the first test that wants them, not by all networks when only one sits the exam. */
  const loaded = () => (loading ??= import(`./${name}/examples.ts`) as Promise<{ examples: readonly Example[] }>)
  const history = async (seed: number): Promise<History> => randomHistory(network, (await loaded()).examples, seed)

  /** Plays a history with a log, an epoch every few steps. */
  const logged = (h: History, steps: readonly Step[] = h.steps, every = EPOCH): KeptLog => {
    const machine = machineFor(network, h, ports)
    const log = new KeptLog(machine, newHasher)
    for (let i = 0; i < steps.length; i += every) {
      play(machine, steps, i, Math.min(steps.length, i + every))
      log.close(i)
    }
    return log
  }

  test("replay reproduces state hash for hash, from the bytes of the log alone", async () => {
    for (const seed of seeds(250)) {
      const h = await history(seed)
      const { epochs } = logged(h)
      expect(fold(machineFor(network, h, ports), epochs, newHasher), `history ${seed}`).toEqual(epochs.map((e) => e.header))
    }
  })

  test("two runs give one log hash", async () => {
    for (const seed of seeds(60)) {
      const h = await history(seed)
      expect(logged(h).epochs.at(-1)?.header, `history ${seed}`).toEqual(logged(h).epochs.at(-1)?.header)
    }
  })

  test("decisions one by one are decisions all at once: one log, one state", async () => {
    for (const seed of seeds(300)) {
      const h = await history(seed)
      const [whole, single] = [machineFor(network, h, ports), machineFor(network, h, ports)]
      play(whole, h.steps)
      play(single, oneByOne(network, h.steps))
      expect(digest(single), `history ${seed}`).toEqual(digest(whole))
      // A batch, or books that commute, log their events by type, one by one in turn; all others must leave the same log.
      if (!Object.values(network.commands as CommandTypes).some(logsByType))
        expect(single.runs, `history ${seed}`).toEqual(whole.runs)
    }
  })

  test("promises hold and no number exceeds its column, in the log and in the state, whatever is asked", async () => {
    const wrong = new Set<string>()
    for (const seed of seeds(800)) {
      const h = await history(seed)
      const watched = machineFor(network, h, ports, 2048)
      const hear = (message: string) => void wrong.add(`history ${seed}: ${message}`)
      for (const [table, rows] of Object.entries(watched.stateTables())) if (table !== "params") watchTable(table, rows, hear)
      watched.rowsOf.forEach((rows, type) => watchTable(watched.types[type], rows, hear))
      for (let i = 0; i < h.steps.length; i += EPOCH) {
        play(watched, h.steps, i, Math.min(h.steps.length, i + EPOCH))
        for (const message of broken(network, watched)) hear(`step ${i}: ${message}`)
        watched.rowsOf.forEach((rows, type) => misfitsOf(watched.types[type], rows).forEach(hear))
        watched.clear()
      }
      for (const [table, rows] of Object.entries(watched.stateTables())) misfitsOf(table, rows).forEach(hear)
    }
    expect([...wrong].slice(0, 10)).toEqual([])
  }, 120_000)

  test("a metric that only grows never falls, whatever is asked: a fall reads as a restart to whoever watches its rate", async () => {
    const counters = Object.keys(network.metrics).filter((m) => network.metrics[m].kind === "counter")
    const fallen = new Set<string>()
    for (const seed of seeds(100)) {
      const h = await history(seed)
      const machine = machineFor(network, h, ports)
      const last = new Float64Array(counters.length)
      for (const [i, step] of oneByOne(network, h.steps).entries()) {
        play(machine, [step])
        machine.clear()
        counters.forEach((m, k) => {
          const now = network.metrics[m].of(machine.state)
          if (!(now >= last[k])) fallen.add(`${m} (history ${seed}, step ${i}: ${last[k]} to ${now})`)
          last[k] = now
        })
      }
    }
    expect([...fallen].slice(0, 10)).toEqual([])
  })

  test("a machine restored from a snapshot goes on like one that never stopped", async () => {
    for (const seed of seeds(300)) {
      const h = await history(seed)
      const half = Math.floor(h.steps.length / 2)
      const [through, resumed] = [machineFor(network, h, ports), machineFor(network, h, ports)]
      play(through, h.steps, 0, half)
      loadTables(resumed.stateTables(), saveTables(through.stateTables()))
      resumed.refreshParams()
      play(through, h.steps, half)
      play(resumed, h.steps, half)
      expect(digest(resumed), `history ${seed}`).toEqual(digest(through))
    }
  })

  test("so it does after any change of a rule: nothing that follows from a parameter is kept outside the state", async () => {
    const params = network.params as Params
    const settled = (await loaded()).examples.filter((e) => e.steps.some((s) => "settle" in s))
    // What no rule reads leaves nothing behind.
    const rules = Object.entries(params).filter(([, { side }]) => side !== "world")
    // Of many combinations every so manieth is tried: each parameter still meets examples at both its ends and both its times.
    const stride = Math.ceil((settled.length * rules.length * 4) / CHANGES_MAX)
    let turn = 0
    for (const [param, { range }] of rules)
      for (const example of settled)
        for (const value of range)
          for (const third of [1, 2]) {
            if (turn++ % stride !== 0) continue
            const start = () =>
              playExample(
                network,
                { ...example, steps: example.steps.slice(0, Math.ceil((example.steps.length * third) / 3)) },
                ports,
              ).machine
            const [through, resumed] = [start(), new Machine(network, example.nodes, resolve(name, params, undefined), ports)]
            if (network.coherent?.({ ...through.params, [param]: value }) !== undefined) continue
            through.change(param, value)
            loadTables(resumed.stateTables(), saveTables(through.stateTables()))
            resumed.refreshParams()
            for (const machine of [through, resumed]) play(machine, example.steps, Math.ceil((example.steps.length * third) / 3))
            expect(digest(resumed), `${example.name}, with ${param} = ${value}`).toEqual(digest(through))
          }
  }, 120_000)

  test("what is hashed only where it moved has the digest of what is hashed whole", async () => {
    for (const seed of seeds(100)) {
      const h = await history(seed)
      const machine = machineFor(network, h, ports)
      const kept = new StateHash(newHasher)
      h.steps.forEach((_, i) => {
        play(machine, h.steps, i, i + 1)
        const fresh = new StateHash(newHasher).of([sourceOf(machine)])
        expect(toHex(kept.of([sourceOf(machine)])), `history ${seed}, step ${i}`).toBe(toHex(fresh))
      })
      // A machine asks once which tables there are: they grow, and are never others.
      const asked = machine.stateTables()
      for (const [t, rows] of Object.entries(network.tables(machine.state) as typeof asked))
        expect(asked[t] === rows, t).toBe(true)
    }
  })

  test("a table that is hashed seldom says when it changed", async () => {
    for (const seed of seeds(150)) {
      const h = await history(seed)
      const machine = machineFor(network, h, ports)
      const named = machine.stateTables()
      const look = () =>
        (network.seldom ?? []).map((t) => ({
          t,
          said: `${named[t].length}/${named[t].version}`,
          is: toHex(hashTable(newHasher, named[t])),
        }))
      let before = look()
      h.steps.forEach((_, i) => {
        play(machine, h.steps, i, i + 1)
        const after = look()
        const silent = after.filter(({ said, is }, k) => said === before[k].said && is !== before[k].is).map(({ t }) => t)
        expect(silent, `history ${seed}, step ${i}: changed without a word`).toEqual([])
        before = after
      })
    }
  })

  test("each promise is kept at genesis and by every example, and its breaking is caught", async () => {
    const { examples } = await loaded()
    expect(Object.keys(network.sabotage).toSorted()).toEqual(Object.keys(network.invariants).toSorted())
    const genesis: Example = { name: "genesis", nodes: 3, steps: [], events: [], refusals: [] }
    for (const promise of Object.keys(network.invariants))
      for (const example of [genesis, ...examples.filter((e) => e.steps.every((s) => !("ask" in s) || s.ask.length < 1000))]) {
        const { machine } = playExample(network, example, ports)
        const check = () => {
          const report = new Report()
          network.invariants[promise].check(machine.state, report)
          return report.broken
        }
        expect(check(), `${promise} after ${example.name}`).toEqual([])
        network.sabotage[promise](machine.state)
        expect(check().length, `${promise} is not caught after ${example.name}`).toBeGreaterThan(0)
      }
  })

  describe("its examples", () => {
    test("do what they say", async () => {
      for (const example of (await loaded()).examples) {
        const { events, refusals, machine } = playExample(network, example, ports)
        expect({ events: [...events].toSorted(), refusals: [...refusals].toSorted() }, example.name).toEqual({
          events: example.events.toSorted(),
          refusals: example.refusals.toSorted(),
        })
        expect(broken(network, machine), example.name).toEqual([])
      }
    })
    test("write every event and reach every refusal", async () => {
      const { examples } = await loaded()
      const written = new Set(examples.flatMap((e) => e.events))
      const reached = new Set(examples.flatMap((e) => e.refusals))
      const unwritten = [...Object.keys(network.events), PARAMETER_CHANGED].filter((e) => !written.has(e))
      expect(unwritten, "events that no example in examples.ts writes").toEqual([])
      const unreached = Object.keys(network.refusals).filter((r) => !reached.has(r))
      expect(unreached, "refusals that no example in examples.ts reaches").toEqual([])
    })
  })

  describe("its parameters", () => {
    const params = network.params as Params
    test.each(Object.keys(params))("%s has unit, range, source and because, and its default lies in range", (param) => {
      const p = params[param]
      for (const word of [p.unit, p.source, p.because]) expect(word.trim()).not.toBe("")
      expect(p.range[0]).toBeLessThanOrEqual(p.range[1])
      for (const value of [p.default, ...p.range]) expect(problem(name, params, param, value)).toBeUndefined()
    })
    test.each(Object.keys(network.presets))("preset %s lies in range and fits together", (preset) => {
      const values = resolve(name, params, network.presets[preset])
      expect(network.coherent?.(values)).toBeUndefined()
      expect(network.presets[preset].because.trim()).not.toBe("")
    })
    test("the default preset exists", () => expect(Object.keys(network.presets)).toContain(network.defaultPreset))
  })

  describe("JSON → rows → JSON is identity", () => {
    const machine = new Machine(network, 1, resolve(name, network.params, network.presets[network.defaultPreset]), ports)
    const changed = { [PARAMETER_CHANGED]: { because: "a rule changed", shape: machine.rowsOf.at(-1)!.shape } }
    for (const [kind, types] of [
      ["event", { ...network.events, ...changed }],
      ["command", network.commands],
    ] as const)
      test.each(Object.keys(types))(`for ${kind} %s`, (type) => {
        const all = types as EventTypes
        const { shape } = all[type]
        expect(Object.keys(shape), "a fact's type is told by this word").not.toContain("type")
        const codec = factCodec({ [type]: all[type] })
        fc.assert(
          fc.property(anyRow(shape), (row) => {
            const json = JSON.parse(JSON.stringify({ type, ...row })) as unknown
            const fact = Result.getOrThrow(codec.decode(json))
            const into = tables({ [type]: all[type] }, 1)
            appendFact(into, fact as Fact<EventTypes>)
            expect(codec.write(type, into[type], 0, 1)).toEqual([json])
          }),
          { numRuns: 40 },
        )
        for (const column of Object.keys(shape))
          for (const value of beyond(shape[column])) {
            const json = { ...jsonRow(type, shape), [column]: value }
            expect(Result.isFailure(codec.decode(json)), `${type}.${column} took ${String(value)}`).toBe(true)
            expect(problemWith(all, json)).toContain(`${type}.${column}`)
          }
      })
  })

  test("its generated docs are current", () => {
    const path = fileURLToPath(new URL(`../../docs/reference/${name}.md`, import.meta.url))
    expect(existsSync(path), `docs/reference/${name}.md is missing: run npm run docs`).toBe(true)
    expect(
      readFileSync(path, "utf8") === renderReference(network),
      `docs/reference/${name}.md is out of date: run npm run docs`,
    ).toBe(true)
  })
})

/** A row within its columns' ranges, as JSON has it; the ends come up often. */
const anyRow = (shape: Shape): fc.Arbitrary<Record<string, number | string>> =>
  fc.record(Object.fromEntries(Object.keys(shape).map((column) => [column, anyJsonCell(shape[column])])))

function anyJsonCell(u: Unit): fc.Arbitrary<number | string> {
  if (u.store === "wide")
    return fc.oneof(fc.constantFrom(0n, -1n, Wide.MAX, -Wide.MAX), fc.bigInt({ min: -Wide.MAX, max: Wide.MAX })).map(String)
  if (u.store === "real")
    return fc.oneof(fc.constantFrom(u.min, u.max), fc.double({ min: u.min, max: u.max, noNaN: true })).map((x) => x + 0)
  const inside = [0, 1].filter((v) => v >= u.min && v <= u.max)
  return fc.oneof(fc.constantFrom(u.min, u.max, ...inside), fc.integer({ min: u.min, max: u.max }))
}

const jsonRow = (type: string, shape: Shape): Record<string, unknown> => ({
  type,
  ...Object.fromEntries(Object.keys(shape).map((c) => [c, shape[c].store === "wide" ? "0" : Math.max(0, shape[c].min)])),
})

/** What a column must not take. */
const beyond = (u: Unit): readonly unknown[] =>
  u.store === "wide"
    ? [String(Wide.MAX + 1n), String(-Wide.MAX - 1n), 1, "1.5", "0x1", "", null]
    : [
        u.store === "real" ? Infinity : u.max + 0.5,
        u.min === -Infinity ? NaN : u.min - Math.abs(u.min) - 1,
        -0,
        NaN,
        "1",
        true,
        null,
        undefined,
      ].filter((v) => u.store !== "real" || typeof v !== "number" || !Number.isFinite(v) || Object.is(v, -0))
