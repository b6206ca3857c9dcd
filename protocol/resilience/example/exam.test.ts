/** The exam of the networks (protocol/networks/conformance.test.ts), sat by the example network and with it by every mechanism here. */
import { createHash } from "node:crypto"
import { describe, expect, test } from "vitest"
import { playExample, type Example, type Step } from "../../kernel/example.ts"
import { hashTable, toHex, type Hasher } from "../../kernel/hash.ts"
import { Report } from "../../kernel/invariant.ts"
import { PARAMETER_CHANGED, type Machine } from "../../kernel/machine.ts"
import type { Ports } from "../../kernel/network.ts"
import { problem, type Params } from "../../kernel/param.ts"
import { loadTables, saveTables } from "../../kernel/snapshot.ts"
import { misfitsOf, watchTable } from "../../networks/exam-column.ts"
import { machineFor, oneByOne, play, randomHistory, type History } from "../../networks/exam-history.ts"
import { fold, KeptLog } from "../../networks/exam-log.ts"
import { examples } from "./examples.ts"
import { example as network } from "./index.ts"

const newHasher = (): Hasher => createHash("sha256")
const ports = {} as Ports
const EPOCH = 4
const seeds = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i)
const history = (seed: number): History => randomHistory(network, examples, seed)
const digest = (machine: Machine): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(machine.stateTables()).map(([name, t]) => [name, toHex(hashTable(newHasher, t))]))
const broken = (machine: Machine): readonly string[] => {
  const report = new Report()
  for (const [name, { check }] of Object.entries(network.invariants)) check(machine.state as never, report.within(name))
  return report.broken
}
const logged = (h: History, steps: readonly Step[] = h.steps): KeptLog => {
  const machine = machineFor(network, h, ports)
  const log = new KeptLog(machine, newHasher)
  for (let i = 0; i < steps.length; i += EPOCH) {
    play(machine, steps, i, Math.min(steps.length, i + EPOCH))
    log.close(i)
  }
  return log
}

test("replay reproduces state hash for hash, from the bytes of the log alone", () => {
  for (const seed of seeds(60)) {
    const { epochs } = logged(history(seed))
    expect(fold(machineFor(network, history(seed), ports), epochs, newHasher), `history ${seed}`).toEqual(
      epochs.map((e) => e.header),
    )
  }
})

test("two runs give one log hash", () => {
  for (const seed of seeds(15))
    expect(logged(history(seed)).epochs.at(-1)?.header).toEqual(logged(history(seed)).epochs.at(-1)?.header)
})

test("decisions one by one are decisions all at once", () => {
  for (const seed of seeds(80)) {
    const h = history(seed)
    const [whole, single] = [machineFor(network, h, ports), machineFor(network, h, ports)]
    play(whole, h.steps)
    play(single, oneByOne(network, h.steps))
    expect(digest(single), `history ${seed}`).toEqual(digest(whole))
  }
})

test("promises hold and no number exceeds its column, whatever is asked", () => {
  const wrong = new Set<string>()
  for (const seed of seeds(200)) {
    const h = history(seed)
    const watched = machineFor(network, h, ports, 2048)
    const hear = (message: string) => void wrong.add(`history ${seed}: ${message}`)
    for (const [table, rows] of Object.entries(watched.stateTables())) if (table !== "params") watchTable(table, rows, hear)
    watched.rowsOf.forEach((rows, type) => watchTable(watched.types[type], rows, hear))
    for (let i = 0; i < h.steps.length; i += EPOCH) {
      play(watched, h.steps, i, Math.min(h.steps.length, i + EPOCH))
      for (const message of broken(watched)) hear(`step ${i}: ${message}`)
      watched.rowsOf.forEach((rows, type) => misfitsOf(watched.types[type], rows).forEach(hear))
      watched.clear()
    }
    for (const [table, rows] of Object.entries(watched.stateTables())) misfitsOf(table, rows).forEach(hear)
  }
  expect([...wrong].slice(0, 10)).toEqual([])
})

test("a machine restored from a snapshot goes on like one that never stopped", () => {
  for (const seed of seeds(80)) {
    const h = history(seed)
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

test("a table that is hashed seldom says when it changed", () => {
  for (const seed of seeds(40)) {
    const h = history(seed)
    const machine = machineFor(network, h, ports)
    const named = machine.stateTables()
    const look = () =>
      network.seldom!.map((t) => ({
        t,
        said: `${named[t].length}/${named[t].version}`,
        is: toHex(hashTable(newHasher, named[t])),
      }))
    let before = look()
    h.steps.forEach((_, i) => {
      play(machine, h.steps, i, i + 1)
      const after = look()
      expect(after.filter(({ said, is }, k) => said === before[k].said && is !== before[k].is).map(({ t }) => t)).toEqual([])
      before = after
    })
  }
})

test("each promise is kept at genesis and by every example, and its breaking is caught", () => {
  expect(Object.keys(network.sabotage).toSorted()).toEqual(Object.keys(network.invariants).toSorted())
  const genesis: Example = { name: "genesis", nodes: 3, steps: [], events: [], refusals: [] }
  for (const promise of Object.keys(network.invariants))
    for (const example of [genesis, ...examples.filter((e) => e.steps.every((s) => !("ask" in s) || s.ask.length < 1000))]) {
      const { machine } = playExample(network, example, ports)
      const check = () => {
        const report = new Report()
        network.invariants[promise].check(machine.state as never, report)
        return report.broken
      }
      expect(check(), `${promise} after ${example.name}`).toEqual([])
      network.sabotage[promise](machine.state as never)
      expect(check().length, `${promise} is not caught after ${example.name}`).toBeGreaterThan(0)
    }
})

describe("its examples", () => {
  test.each(examples.map((e) => [e.name, e] as const))("%s", (_, example) => {
    const { events, refusals, machine } = playExample(network, example, ports)
    expect({ events: [...events].toSorted(), refusals: [...refusals].toSorted() }).toEqual({
      events: example.events.toSorted(),
      refusals: example.refusals.toSorted(),
    })
    expect(broken(machine)).toEqual([])
  })
  test("write every event and reach every refusal", () => {
    const written = new Set(examples.flatMap((e) => e.events))
    const reached = new Set(examples.flatMap((e) => e.refusals))
    expect([...Object.keys(network.events), PARAMETER_CHANGED].filter((e) => !written.has(e))).toEqual([])
    expect(Object.keys(network.refusals).filter((r) => !reached.has(r))).toEqual([])
  })
})

test("its parameters have unit, range, source and because, and their defaults lie in range", () => {
  const params = network.params as Params
  for (const [name, p] of Object.entries(params)) {
    for (const word of [p.unit, p.source, p.because]) expect(word.trim(), name).not.toBe("")
    for (const value of [p.default, ...p.range]) expect(problem(network.name, params, name, value)).toBeUndefined()
  }
})
