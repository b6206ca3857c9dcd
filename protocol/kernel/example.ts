/**
 * Worked examples of a network, as data: what happened, step by step, and which events and refusals came of it.
 *
 * The exam plays them all and demands that together they write every event and reach every refusal. Its random histories
 * are cut from them too, so a new network is tried hard as soon as it has examples.
 */
import { Machine } from "./machine.ts"
import type { AnyNetwork, Ports } from "./network.ts"
import { resolve } from "./param.ts"
import type { CommandTypes, Fact } from "./row-type.ts"
import { appendRow, table, type AnyTable } from "./table.ts"

export type Step =
  /** Commands in order; those of one type that stand together are decided together. */
  | { readonly ask: readonly Asked[] }
  /** A cadence falls due at Unix second `at`. */
  | { readonly settle: string; readonly at: number }
  /** A rule changes. */
  | { readonly change: string; readonly value: number }
export type Asked = { readonly type: string } & Readonly<Record<string, number | bigint | string>>

export interface Example {
  /** A sentence: what it shows. */
  readonly name: string
  readonly nodes: number
  readonly params?: Readonly<Record<string, number>>
  readonly steps: readonly Step[]
  /** Exactly the event types written and the refusals given, in any order. */
  readonly events: readonly string[]
  readonly refusals: readonly string[]
}

/** Checks an example's words against the network's own types. */
export const examplesFor =
  <N extends AnyNetwork>(_network: N) =>
  (
    all: readonly (Omit<Example, "steps" | "events" | "refusals"> & {
      readonly steps: readonly (
        | { readonly ask: readonly Fact<N["commands"]>[] }
        | { readonly settle: keyof N["cadences"] & string; readonly at: number }
        | { readonly change: keyof N["params"] & string; readonly value: number }
      )[]
      readonly events: readonly ((keyof N["events"] & string) | "ParameterChanged")[]
      readonly refusals: readonly (keyof N["refusals"] & string)[]
    })[],
  ): readonly Example[] =>
    all as unknown as readonly Example[]

/** Does one step on a machine. */
export function takeStep(machine: Machine, step: Step): void {
  if ("settle" in step) machine.settle(step.settle, step.at)
  else if ("change" in step) machine.change(step.change, step.value)
  else {
    const { ask } = step
    for (let i = 0; i < ask.length;) {
      const { type } = ask[i]
      const command = (machine.network.commands as CommandTypes)[type]
      if (command === undefined) throw new RangeError(`${machine.network.name} has no command ${type}`)
      const rows: AnyTable = table(command.shape, 16)
      for (; i < ask.length && ask[i].type === type; i++) {
        const { type: _, ...row } = ask[i]
        try {
          appendRow(rows, row as never)
        } catch (wrong) {
          throw new RangeError(`${machine.network.name}.${type}: ${(wrong as Error).message}`, { cause: wrong })
        }
      }
      machine.step(type, rows, 0, rows.length)
    }
  }
}

/** Plays an example from genesis. */
export function playExample(
  network: AnyNetwork,
  example: Example,
  ports: Ports,
): { readonly machine: Machine; readonly events: ReadonlySet<string>; readonly refusals: ReadonlySet<string> } {
  const machine = new Machine(
    network,
    example.nodes,
    resolve(network.name, network.params, network.presets[network.defaultPreset], example.params),
    ports,
  )
  example.steps.forEach((step, i) => {
    try {
      takeStep(machine, step)
    } catch (wrong) {
      throw new Error(`step ${i + 1} of the example "${example.name}": ${(wrong as Error).message}`, { cause: wrong })
    }
  })
  return {
    machine,
    events: new Set(machine.runs.map(({ type }) => machine.types[type])),
    refusals: new Set(machine.reasons.filter((_, i) => machine.refused[i] > 0)),
  }
}
