/**
 * Given facts, when requests, then facts or refusals: a test that reads as a story, on any network.
 *
 *     const { facts, refusals, state } = specify(helium, { nodes: 3, ports })(joined(0)).when(beacon(0))
 *
 * Given facts are folded without deciding. Requests of one type that stand together go into one table and are stepped
 * together, so that the rows of a book are one decision.
 */
import { Machine } from "./machine.ts"
import type { Network, Ports } from "./network.ts"
import { resolve, type Params, type Preset } from "./param.ts"
import { appendFact, factAt, tables, type CommandTypes, type EventTypes, type Fact } from "./row-type.ts"
import type { AnyTable } from "./table.ts"

/** A fact as it was logged; wide amounts are bigint. */
export type LoggedFact<E extends EventTypes> =
  | Fact<E>
  | { readonly type: "ParameterChanged"; readonly parameter: number; readonly value: number }

export interface Outcome<State, C extends CommandTypes, E extends EventTypes, R extends string> extends Story<State, C, E, R> {
  /** What the last step wrote, in the order of the log. */
  readonly facts: readonly LoggedFact<E>[]
  /** Reasons, in the order they were given. */
  readonly refusals: readonly R[]
  /** For each refusal, the place of its request among those of the last `when`. */
  readonly refusedAt: readonly number[]
}

export interface Story<State, C extends CommandTypes, E extends EventTypes, R extends string> {
  readonly state: State
  readonly machine: Machine
  /** Decides the requests on top of all that went before. */
  readonly when: (...requests: Fact<C>[]) => Outcome<State, C, E, R>
  /** Settles a cadence at `at` (Unix seconds). */
  readonly settle: (cadence: string, at: number) => Outcome<State, C, E, R>
}

export interface Setting<P extends Params> {
  readonly nodes: number
  /** Changes to the network's default preset. Throws a RangeError when one is wrong. */
  readonly params?: { readonly [K in keyof P]?: number }
  readonly ports: Ports
}

export const specify =
  <State, C extends CommandTypes, E extends EventTypes, P extends Params, R extends string>(
    network: Network<State, C, E, P, R>,
    { nodes, params = {}, ports }: Setting<P>,
  ) =>
  (...given: Fact<E>[]): Story<State, C, E, R> => {
    const preset: Preset<P> | undefined = network.presets[network.defaultPreset]
    const values = resolve(network.name, network.params, preset, params as Record<string, number>)
    const wrong = network.coherent?.(values)
    if (wrong !== undefined) throw new RangeError(wrong)
    const machine = new Machine(network, nodes, values, ports)
    const past = tables(network.events, given.length)
    for (const fact of given) {
      appendFact(past, fact)
      const rows = (past as Record<string, AnyTable>)[fact.type]
      machine.replay(machine.types.indexOf(fact.type), rows, rows.length - 1, rows.length)
    }
    return story(machine)
  }

function story<State, C extends CommandTypes, E extends EventTypes, R extends string>(machine: Machine): Story<State, C, E, R> {
  const observe = (act: (refused: (at: number) => void) => void): Outcome<State, C, E, R> => {
    const refusals: R[] = []
    const refusedAt: number[] = []
    let base = 0
    machine.onRefuse = (row, reason) => {
      refusals.push(reason as R)
      refusedAt.push(base + row)
    }
    machine.clear()
    act((at) => (base = at))
    machine.onRefuse = undefined
    const facts: LoggedFact<E>[] = []
    for (const { type, begin, end } of machine.runs)
      for (let i = begin; i < end; i++)
        facts.push(factAt(machine.types[type], machine.rowsOf[type], i) as unknown as LoggedFact<E>)
    return { ...story<State, C, E, R>(machine), facts, refusals, refusedAt }
  }
  return {
    state: machine.state as State,
    machine,
    when: (...requests) =>
      observe((startAt) => {
        for (let i = 0; i < requests.length;) {
          let j = i
          const { type } = requests[i]
          const all = machine.network.commands as C
          // Only the table that is asked for: a network may have dozens of commands.
          const rows = tables((Object.hasOwn(all, type) ? { [type]: all[type] } : all) as C, requests.length)
          while (j < requests.length && requests[j].type === type) appendFact(rows, requests[j++])
          startAt(i)
          machine.step(type, (rows as Record<string, AnyTable>)[type], 0, j - i)
          i = j
        }
      }),
    settle: (cadence, at) => observe(() => machine.settle(cadence, at)),
  }
}
