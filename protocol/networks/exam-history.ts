/**
 * Random histories for the exam, cut from a network's own examples and then spoilt.
 *
 * The examples know how to get far; the dice know no manners. Rows are dropped, repeated, mixed with others and have
 * cells set to neighbours, extremes or anything their column may hold. All of it follows from the seed.
 */
import { nextMultiple } from "../kernel/clock.ts"
import { takeStep, type Asked, type Example, type Step } from "../kernel/example.ts"
import { Machine } from "../kernel/machine.ts"
import type { AnyNetwork, Ports } from "../kernel/network.ts"
import { defaults, resolve, type Params, type Values } from "../kernel/param.ts"
import { block, Mixer, stream } from "../kernel/random.ts"
import type { Shape } from "../kernel/table.ts"
import type { Unit } from "../kernel/unit.ts"

export interface History {
  readonly nodes: number
  readonly values: Values
  readonly steps: readonly Step[]
}

/** Examples with more requests than this are left to themselves. */
const ROWS_MAX = 500
const WIDE_END = 1n << 101n

class Dice {
  readonly #mixer = new Mixer()
  constructor(seed: number, name: string) {
    const words = new Uint32Array(4)
    block(stream(seed, name), words, 0)
    this.#mixer.seed(words)
  }
  below(n: number): number {
    return Math.floor((this.#mixer.next() / 0x1_0000_0000) * n)
  }
  chance(permille: number): boolean {
    return this.below(1000) < permille
  }
  pick<T>(all: readonly T[]): T {
    return all[this.below(all.length)]
  }
  /** A whole number from min to max, both included, evenly. */
  between(min: number, max: number): number {
    const wide = this.#mixer.next() * 0x20_0000 + (this.#mixer.next() >>> 11)
    return Math.min(max, Math.max(min, Math.floor(min + (wide / 0x20_0000_0000_0000) * (max - min + 1))))
  }
}

/** Anything the column may hold: an end, near an end, or in between. */
function anyCell(dice: Dice, u: Unit): number | bigint {
  if (u.store === "wide") return dice.pick([0n, 1n, -1n, WIDE_END, -WIDE_END, BigInt(dice.between(0, Number.MAX_SAFE_INTEGER))])
  if (dice.chance(400)) return dice.pick([u.min, u.max])
  if (dice.chance(300)) return Math.min(u.max, Math.max(u.min, dice.below(4)))
  return dice.between(u.min, u.max) + 0
}

function spoilt(dice: Dice, u: Unit, cell: number | bigint, nodes: number, seen: readonly (number | bigint)[]): number | bigint {
  if (typeof cell === "bigint") return anyCell(dice, u)
  if (u.unit === "node" && dice.chance(800)) return dice.below(nodes + 1)
  if (dice.chance(400) && seen.length > 0) return dice.pick(seen)
  if (dice.chance(500))
    return Math.min(u.max, Math.max(u.min, cell + dice.pick([-1, 1, -1000, 1000, dice.between(-100_000, 100_000)])))
  return anyCell(dice, u)
}

/** Parameters: mostly as they are, some at their ends or anywhere between, always such that they fit together. */
export function randomValues(network: AnyNetwork, seed: number, from: Values = defaults(network.params)): Values {
  const dice = new Dice(seed, `${network.name}/exam/values`)
  const all = network.params as Params
  const values: Record<string, number> = { ...from }
  const wild = dice.pick([0, 100, 300, 700])
  for (const name of Object.keys(all)) {
    if (!dice.chance(wild)) continue
    const [min, max] = all[name].range
    const before = values[name]
    values[name] = dice.pick([min, max, dice.between(min, max)])
    if (network.coherent?.(values) !== undefined) values[name] = before
  }
  return values
}

/** A history of `network`: up to four examples end to end, spoilt, with cadences and changes of rules in between. */
export function randomHistory(network: AnyNetwork, examples: readonly Example[], seed: number): History {
  const dice = new Dice(seed, `${network.name}/exam/history`)
  const usable = examples.filter((e) => e.steps.reduce((n, s) => n + ("ask" in s ? s.ask.length : 1), 0) <= ROWS_MAX)
  const chosen = Array.from({ length: 1 + dice.below(4) }, () => dice.pick(usable))
  const nodes = Math.max(...chosen.map((e) => e.nodes))
  // Every preset takes its turn, whatever the dice say.
  const presets = Object.keys(network.presets)
  const regime = resolve(network.name, network.params as Params, network.presets[presets[seed % presets.length]])
  const mixed: Values = { ...regime, ...chosen[0].params }
  const base: Values = dice.chance(500) && network.coherent?.(mixed) === undefined ? mixed : regime
  const values = randomValues(network, seed, base)
  const spoilPermille = dice.pick([0, 20, 100, 300])
  const types = Object.keys(network.commands)
  const seen = new Map<string, (number | bigint)[]>()
  const steps: Step[] = []
  const clock = { nowS: 0, settled: new Map<string, number>() }
  const settle = (cadence: string, at: number): void => {
    if (at <= (clock.settled.get(cadence) ?? 0)) return
    clock.settled.set(cadence, at)
    clock.nowS = Math.max(clock.nowS, at)
    steps.push({ settle: cadence, at })
  }
  const ends = { ...values }
  const spoil = (asked: Asked): Asked => {
    const { shape } = network.commands[asked.type] as { shape: Shape }
    const row: Record<string, number | bigint | string> = { ...asked }
    for (const name of Object.keys(shape)) {
      const cell = asked[name] as number | bigint
      const u = shape[name]
      if (u.unit === "s (Unix)" && typeof cell === "number") clock.nowS = Math.max(clock.nowS, cell)
      const pool = seen.get(u.unit) ?? []
      if (pool.length < 50) seen.set(u.unit, [...pool, cell])
      // Shapes that share a unit's name may still differ in range.
      const fitting = pool.filter((v) => typeof v === "bigint" || (v >= u.min && v <= u.max))
      if (dice.chance(spoilPermille)) row[name] = spoilt(dice, u, cell, nodes, fitting)
    }
    return row as Asked
  }
  const anything = (): Asked => {
    const type = dice.pick(types)
    const { shape } = network.commands[type] as { shape: Shape }
    return {
      type,
      ...Object.fromEntries(Object.keys(shape).map((n) => [n, spoilt(dice, shape[n], anyCell(dice, shape[n]), nodes, [])])),
    } as Asked
  }
  for (const example of chosen)
    for (const step of example.steps) {
      if (dice.chance(40)) continue
      if (dice.chance(80)) {
        const cadence = dice.pick(Object.keys(network.cadences))
        const { everySeconds } = network.cadences[cadence]
        if (clock.nowS > 0) settle(cadence, nextMultiple(clock.nowS, everySeconds) + dice.below(3) * everySeconds)
      }
      if (dice.chance(50)) {
        const name = dice.pick(Object.keys(network.params))
        const [min, max] = (network.params as Params)[name].range
        const value = dice.pick([min, max, dice.between(min, max), network.params[name].default])
        if (network.coherent?.({ ...ends, [name]: value }) === undefined) {
          ends[name] = value
          steps.push({ change: name, value })
        }
      }
      if ("settle" in step) settle(step.settle, step.at)
      else if ("change" in step) {
        if (network.coherent?.({ ...ends, [step.change]: step.value }) !== undefined) continue
        ends[step.change] = step.value
        steps.push(step)
      } else {
        const rows: Asked[] = []
        for (const asked of step.ask) {
          if (dice.chance(spoilPermille / 4)) continue
          rows.push(spoil(asked))
          if (dice.chance(spoilPermille / 4)) rows.push(rows[dice.below(rows.length)])
          if (dice.chance(spoilPermille / 4)) rows.push(anything())
        }
        if (rows.length > 0) steps.push({ ask: rows })
      }
    }
  return { nodes, values, steps }
}

/** A machine at the history's genesis. */
export const machineFor = (network: AnyNetwork, { nodes, values }: History, ports: Ports, capacity?: number): Machine =>
  new Machine(network, nodes, values, ports, capacity)

/** The same steps with every decision in a step of its own: row by row, or book by book. */
export function oneByOne(network: AnyNetwork, steps: readonly Step[]): readonly Step[] {
  return steps.flatMap((step): readonly Step[] => {
    if (!("ask" in step)) return [step]
    const cut: Asked[][] = []
    for (const asked of step.ask) {
      const { unity } = network.commands[asked.type]
      const last = cut.at(-1)
      const together =
        typeof unity === "object" &&
        "book" in unity &&
        last !== undefined &&
        last[0].type === asked.type &&
        last[0][unity.book] === asked[unity.book]
      if (together) last.push(asked)
      else cut.push([asked])
    }
    return cut.map((ask) => ({ ask }))
  })
}

/** Plays steps [from, to) of a history. */
export function play(machine: Machine, steps: readonly Step[], from = 0, to = steps.length): void {
  for (let i = from; i < to; i++) takeStep(machine, steps[i])
}
