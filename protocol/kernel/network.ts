/** The contract of a network: what a folder under `networks/` must say to sit the exam and to run. */
import type { ChartDeclaration } from "./chart.ts"
import type { Geometry } from "./geometry.ts"
import type { Inhabit } from "./habitat.ts"
import type { Invariants } from "./invariant.ts"
import type { Live } from "./live.ts"
import type { Param, Params, Preset, Values } from "./param.ts"
import type { CommandTypes, EventTypes, Fact, Tables } from "./row-type.ts"
import type { AnyTable, Columns } from "./table.ts"

/** What the core may use besides its arguments: pure, handed in, equal on every engine. */
export interface Ports {
  readonly geometry: Geometry
}

/** `evolve` is total and silent: it never fails and never looks outside its arguments. */
export type Evolve<State, E extends EventTypes> = {
  readonly [K in keyof E]: (state: State, rows: Columns<E[K]["shape"]>, begin: number, end: number) => void
}

/** Refuses row `row` of the command being decided. */
export type Refuse<R extends string> = (row: number, reason: R) => void

export interface DecideContext<E extends EventTypes, P extends Params, R extends string> {
  readonly out: Tables<E>
  readonly params: Values<P>
  readonly refuse: Refuse<R>
  readonly ports: Ports
}

/** read · refuse · write. The rows [begin, end) are one decision, or a batch of independent ones. */
export type Decide<State, C extends CommandTypes, E extends EventTypes, P extends Params, R extends string> = {
  readonly [K in keyof C]: (
    state: State,
    rows: Columns<C[K]["shape"]>,
    begin: number,
    end: number,
    to: DecideContext<E, P, R>,
  ) => void
}

/** One named line of a settlement. It writes event rows; they are evolved before the next line runs. */
export type Settle<State, E extends EventTypes, P extends Params> = (
  state: State,
  at: number,
  to: { readonly out: Tables<E>; readonly params: Values<P>; readonly ports: Ports },
) => void

export interface Cadence<State, E extends EventTypes, P extends Params> {
  readonly because: string
  /** Falls due at every multiple of this many seconds of Unix time. */
  readonly everySeconds: number
  /** It falls due only while this holds of the parameters as they stand; absent: always. What is off cuts no time into slices. */
  readonly when?: (values: Values) => boolean
  /** The settlement's table of contents, in the order it happens. */
  readonly lines: Readonly<Record<string, Settle<State, E, P>>>
}

/** A named number read from the state at the end of an epoch. Counters only grow; gauges are as they stand. */
export interface Metric<State> {
  readonly unit: string
  readonly because: string
  readonly kind: "counter" | "gauge"
  readonly of: (state: State) => number
}

/** A number per node, read once at the end of a run. */
export interface NodeMeasure<State> {
  readonly unit: string
  readonly because: string
  /** What a node is paid, counted from genesis: incomes of regimes are compared by it. */
  readonly isIncome?: true
  /** Whose income it is, where a node has several at once; none is its only or first one. */
  readonly incomeOf?: string
  readonly of: (state: State, node: number) => number
}

export interface Network<
  State = any,
  C extends CommandTypes = any,
  E extends EventTypes = any,
  P extends Params = any,
  R extends string = string,
> {
  readonly name: string
  readonly because: string
  /** What users get from it, and the unit it is counted in. Compared as fractions served, never unit with unit. */
  readonly service: { readonly unit: string; readonly because: string }
  /** What its community calls a node. */
  readonly nodeWord: string
  readonly commands: C
  readonly events: E
  readonly refusals: Readonly<Record<R, string>>
  readonly params: P
  /** What is wrong with parameters that are each in range but do not fit together, in one sentence. */
  readonly coherent?: (values: Values<P>) => string | undefined
  readonly presets: Readonly<Record<string, Preset<P>>>
  readonly defaultPreset: string
  readonly genesis: (size: { readonly nodes: number }, params: Values<P>) => State
  /** Every table of the state, by name: hashed each epoch and kept in snapshots. */
  readonly tables: (state: State) => Readonly<Record<string, AnyTable>>
  /** Names of tables that change seldom: hashed only when their length or `version` moved. */
  readonly seldom?: readonly string[]
  readonly decide: Decide<State, C, E, P, R>
  readonly evolve: Evolve<State, E>
  readonly cadences: Readonly<Record<string, Cadence<State, E, P>>>
  readonly invariants: Invariants<State>
  readonly metrics: Readonly<Record<string, Metric<State>>>
  /**
   * When the network itself last held an incident to have begun, Unix seconds; 0: never. Without it a network detects nothing. With `sinceS`,
   * the first time after it, as far as the network remembers: an alarm from before an onset says nothing of what began there.
   */
  readonly detectedS?: (state: State, sinceS?: number) => number
  /** The metric that beats for as long as its ledger or its proofs go on. Without one it has no ledger that could halt. */
  readonly pulse?: string
  readonly nodeMeasures: Readonly<Record<string, NodeMeasure<State>>>
  /** What a report draws of it, beside what it draws of every network. */
  readonly charts?: readonly ChartDeclaration[]
  /** Its people and machines in a simulated world. Never seen by decide, evolve or settle. */
  readonly inhabit: Inhabit<State, C>
  /** How real nodes take part, on a live testnet. */
  readonly live?: Live<State>
  /** Broken states, one per invariant, so that the exam sees each promise caught. */
  readonly sabotage: Readonly<Record<string, (state: State) => void>>
}

/** Declares a network: checks the parts against each other in the type system, and gives it back. */
export const network = <
  State,
  const C extends CommandTypes,
  const E extends EventTypes,
  const P extends Params,
  R extends string,
>(
  n: Network<State, C, E, P, R>,
): Network<State, C, E, P, R> => n

export type AnyNetwork = Network<any, any, any, any, any>
export type { Fact, Param }
