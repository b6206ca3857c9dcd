/**
 * One network at work: its state, the rows it wrote this epoch, and the step decide → evolve.
 *
 * The same machine serves a test's single row, a testnet's block and the hot path: only the range differs.
 */
import { problem, type Params, type Values } from "./param.ts"
import type { AnyNetwork, Ports } from "./network.ts"
import { tables, type CommandType, type Tables } from "./row-type.ts"
import { filled, reserve, type AnyTable, type Table } from "./table.ts"
import { count32, unit } from "./unit.ts"

/** A run: rows [begin, end) of one event type, in the order they were written. */
export interface Run {
  readonly type: number
  readonly begin: number
  readonly end: number
}
interface GrowingRun extends Run {
  end: number
}

type DecideAny = (state: unknown, rows: unknown, begin: number, end: number, to: unknown) => void

interface Emitted {
  readonly type: number
  readonly table: AnyTable
  readonly evolve: (state: unknown, rows: unknown, begin: number, end: number) => void
}

/** A command type as it is decided, and how often it was. */
interface Step {
  readonly command: CommandType
  readonly decide: DecideAny
  readonly emits: readonly Emitted[]
  taken: number
}
/** Of each command type, so many steps are looked at for rows that it does not say it emits; then all of an epoch's at once. */
const WATCHED_STEPS = 256

const paramShape = { value: unit("the parameter's own unit", "safe") } as const
/** The event by which a rule changes while a run goes on. Every network has it; the kernel decides and evolves it. */
export const PARAMETER_CHANGED = "ParameterChanged"
const changedShape = { parameter: count32, value: unit("the parameter's own unit", "safe") } as const

export class Machine {
  readonly network: AnyNetwork
  readonly state: unknown
  /** Names of the event types; a run's `type` is an index into it. The last is the kernel's own. */
  readonly types: readonly string[]
  readonly out: Tables<any>
  readonly rowsOf: readonly AnyTable[]
  readonly #runs: GrowingRun[] = []
  readonly #steps = new Map<string, Step>()
  /** Refusals by reason since genesis, in the order the network declares them. */
  readonly refused: Float64Array
  readonly reasons: readonly string[]
  readonly #reasonIndex: ReadonlyMap<string, number>
  readonly #values: Record<string, number>
  readonly #paramTable: Table<typeof paramShape>
  #tables: Readonly<Record<string, AnyTable>> | undefined
  readonly #paramNames: readonly string[]
  readonly #emitted: readonly Emitted[]
  /** Rows of each type already evolved. */
  readonly #done: Uint32Array
  /** Where each type's rows stood when a step of commuting decisions began. */
  readonly #before: Uint32Array
  readonly #context: Record<string, unknown>
  /** The last refused row and reason, for tests and the wire. */
  readonly #refuse: (row: number, reason: string) => void
  onRefuse: ((row: number, reason: string) => void) | undefined

  constructor(network: AnyNetwork, nodes: number, values: Values, ports: Ports, capacity = 256) {
    this.network = network
    this.state = network.genesis({ nodes }, values)
    const names = Object.keys(network.events)
    if (names.includes(PARAMETER_CHANGED))
      throw new Error(`${network.name} may not declare ${PARAMETER_CHANGED}: it is the kernel's`)
    this.types = [...names, PARAMETER_CHANGED]
    this.out = tables({ ...network.events, [PARAMETER_CHANGED]: { because: "", shape: changedShape } }, capacity)
    this.rowsOf = this.types.map((name) => (this.out as Record<string, AnyTable>)[name])
    this.#paramNames = Object.keys(network.params)
    this.#values = { ...values }
    this.#paramTable = filled(paramShape, this.#paramNames.length)
    this.#paramNames.forEach((name, i) => (this.#paramTable.value[i] = values[name]))
    this.reasons = Object.keys(network.refusals)
    this.#reasonIndex = new Map(this.reasons.map((r, i) => [r, i]))
    this.refused = new Float64Array(this.reasons.length)
    this.#refuse = (row, reason) => {
      const i = this.#reasonIndex.get(reason)
      if (i === undefined) throw new Error(`${network.name} refused with ${reason}, which it does not declare`)
      this.refused[i]++
      this.onRefuse?.(row, reason)
    }
    this.#emitted = this.types.map((name, type) => ({
      type,
      table: this.rowsOf[type],
      evolve: (name === PARAMETER_CHANGED ? this.#evolveParameter : network.evolve[name]) as Emitted["evolve"],
    }))
    this.#done = new Uint32Array(this.types.length)
    this.#before = new Uint32Array(this.types.length)
    this.#context = { out: this.out, params: this.#values, refuse: this.#refuse, ports }
  }

  /** Parameters as they stand now. */
  get params(): Values {
    return this.#values
  }

  /** Tables that are hashed only when they moved. */
  get seldom(): readonly string[] {
    return this.network.seldom ?? []
  }

  /** This epoch's runs in the order they were evolved, emptied by `clear`. */
  get runs(): readonly Run[] {
    return this.#runs
  }

  /** Decides and evolves rows [begin, end) of a command, unit by unit, and logs what was evolved in that order. */
  step(type: string, rows: AnyTable, begin: number, end: number): void {
    const found = this.#steps.get(type) ?? this.#findStep(type)
    const { command, decide, emits } = found
    const { state } = this
    const context = this.#context
    const unity = command.unity
    if (unity === "batch") {
      decide(state, rows, begin, end, context)
      this.#evolveAll(emits)
    } else if (unity === "row") {
      for (let i = begin; i < end; i++) {
        decide(state, rows, i, i + 1, context)
        this.#evolveAll(emits)
      }
    } else if ("ascending" in unity) {
      const key = (rows as unknown as Record<string, ArrayLike<number>>)[unity.ascending]
      for (let i = begin; i < end;) {
        let j = i + 1
        while (j < end && key[j] > key[j - 1]) j++
        decide(state, rows, i, j, context)
        this.#evolveAll(emits)
        i = j
      }
    } else {
      const key = (rows as unknown as Record<string, ArrayLike<number>>)[unity.book]
      const logged = unity.commuting !== true
      this.#before.set(this.#done)
      for (let i = begin; i < end;) {
        let j = i + 1
        const k = key[i]
        while (j < end && key[j] === k) j++
        decide(state, rows, i, j, context)
        this.#evolveAll(emits, logged)
        i = j
      }
      if (!logged)
        for (const { type } of emits)
          if (this.#done[type] > this.#before[type]) this.#log(type, this.#before[type], this.#done[type])
    }
    if (found.taken < WATCHED_STEPS) {
      found.taken++
      this.#assertEvolved(type)
    }
  }

  /** Runs every line of a cadence at time `at`, in its documented order. */
  settle(cadence: string, at: number): void {
    this.#assertEvolved()
    const { lines } = this.network.cadences[cadence]
    for (const line of Object.keys(lines)) {
      lines[line](this.state, at, this.#context as never)
      this.#evolveAll(this.#emitted)
    }
  }

  /** Changes a parameter from now on. Throws a RangeError in one sentence when name or value is wrong. */
  change(name: string, value: number): void {
    this.changeAll({ [name]: value })
  }

  /**
   * Changes several parameters at one instant: only together need they fit. Those that stand already are no change. Throws a
   * RangeError in one sentence, and changes nothing, when one is wrong.
   */
  changeAll(values: Readonly<Record<string, number>>): void {
    const names = Object.keys(values)
    const params = this.network.params as Params
    const wrong =
      names.map((name) => problem(this.network.name, params, name, values[name])).find((p) => p !== undefined) ??
      this.network.coherent?.({ ...this.#values, ...values })
    if (wrong !== undefined) throw new RangeError(wrong)
    const rows = (this.out as Record<string, Table<typeof changedShape>>)[PARAMETER_CHANGED]
    const isOne = names.length === 1
    reserve(rows, names.length)
    for (const name of names) {
      if (!isOne && this.#values[name] === values[name]) continue
      const i = rows.length++
      rows.parameter[i] = this.#paramNames.indexOf(name)
      rows.value[i] = values[name]
    }
    this.#evolveAll(this.#emitted)
  }

  /** Folds logged rows into the state without deciding anything: replay. */
  replay(type: number, rows: AnyTable, begin: number, end: number): void {
    this.#emitted[type].evolve(this.state, rows, begin, end)
  }

  /** Forgets this epoch's rows once they are hashed and recorded. */
  clear(): void {
    this.#assertEvolved()
    this.#runs.length = 0
    for (const t of this.rowsOf) t.length = 0
    this.#done.fill(0)
  }

  /** Every table that makes up the state, parameters included, in hashing order. Tables grow, they are never replaced: the same each time. */
  stateTables(): Readonly<Record<string, AnyTable>> {
    this.#tables ??= { ...this.network.tables(this.state), params: this.#paramTable }
    return this.#tables
  }

  /** After tables were restored in place, makes the parameter values follow. */
  refreshParams(): void {
    this.#paramNames.forEach((name, i) => (this.#values[name] = this.#paramTable.value[i]))
  }

  readonly #evolveParameter = (_state: unknown, rows: unknown, begin: number, end: number): void => {
    const { parameter, value } = rows as Table<typeof changedShape>
    for (let i = begin; i < end; i++) {
      this.#paramTable.value[parameter[i]] = value[i]
      this.#values[this.#paramNames[parameter[i]]] = value[i]
    }
  }

  #findStep(type: string): Step {
    const command: CommandType | undefined = this.network.commands[type]
    if (command === undefined)
      throw new RangeError(`${this.network.name} has no command ${type}; it has ${Object.keys(this.network.commands).join(", ")}`)
    const emits = command.emits.map((name) => {
      const i = this.types.indexOf(name)
      if (i < 0) throw new Error(`${this.network.name}.${type} says it emits ${name}, which is not among its events`)
      return this.#emitted[i]
    })
    const found: Step = { command, decide: this.network.decide[type] as DecideAny, emits, taken: 0 }
    this.#steps.set(type, found)
    return found
  }

  #evolveAll(emits: readonly Emitted[], logged = true): void {
    for (let k = 0; k < emits.length; k++) {
      const { type, table, evolve } = emits[k]
      const done = this.#done[type]
      const length = table.length
      if (length > done) {
        evolve(this.state, table, done, length)
        this.#done[type] = length
        if (logged) this.#log(type, done, length)
      }
    }
  }

  /**
   * Rows that follow rows of their own type continue its run. So the log keeps the order in which the state saw them,
   * which replay repeats, and does not depend on how commands were cut into steps.
   */
  #log(type: number, begin: number, end: number): void {
    const last = this.#runs.length - 1
    if (last >= 0 && this.#runs[last].type === type) this.#runs[last].end = end
    else this.#runs.push({ type, begin, end })
  }

  #assertEvolved(command?: string): void {
    for (let t = 0; t < this.rowsOf.length; t++)
      if (this.rowsOf[t].length !== this.#done[t]) {
        const who = command === undefined ? `a command of ${this.network.name}` : `${this.network.name}.${command}`
        throw new Error(`${who} wrote ${this.types[t]}, which it does not say it emits`)
      }
  }
}
