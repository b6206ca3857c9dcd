/**
 * A node's life: every row that names it, with the rule that wrote it. Nothing of it is kept while a run goes on: it is folded anew,
 * window by window from the snapshots, the newest first, by a second simulation whose networks say why they write.
 */
import type { Plan } from "../simulation/engine/plan.ts"
import type { Simulation } from "../simulation/engine/simulation.ts"
import type { Machine } from "../protocol/kernel/machine.ts"
import type { AnyTable } from "../protocol/kernel/table.ts"
import { nodeIndex } from "../protocol/kernel/unit.ts"
import { refuse } from "../protocol/boundary/problem.ts"
import { plainRow } from "./feed.ts"
import type { LifeEvent, LifePart } from "./messages.ts"
import type { Session } from "./session.ts"
import { Trace, traced } from "./trace.ts"

/** Events kept of one window: a busy node has thousands of proofs a month. */
const WINDOW_MOST = 3000

/** Columns that name a node. */
const nodeColumns = (t: AnyTable): readonly string[] =>
  Object.keys(t.shape).filter((name) => t.shape[name].unit === nodeIndex.unit)

export class Life {
  readonly #session: Session
  readonly #network: string
  readonly #node: number
  readonly #plan: Plan
  #sim: Simulation | undefined
  readonly #trace = new Trace()
  #events: LifeEvent[] = []
  #leftOut = 0
  /** The window being folded: from a snapshot's epoch up to here. */
  #from = 0
  #to: number

  /** Throws a ScenarioProblem when there is no such node. */
  constructor(session: Session, network: string, node: number) {
    const planned = session.plan.networks.find((p) => p.network.name === network)
    if (planned === undefined) refuse(`this run has no network ${network}`)
    if (!Number.isInteger(node) || node < 0 || node >= planned!.nodes)
      refuse(`${network} has no node ${node}: its nodes are 0 to ${planned!.nodes - 1}`)
    this.#session = session
    this.#network = network
    this.#node = node
    this.#to = session.epoch
    const networks = session.plan.networks.map((p) =>
      p.network.name === network ? { ...p, network: traced(p.network, this.#trace) } : p,
    )
    this.#plan = { ...session.plan, networks }
    this.#trace.onRefuse = ({ reason, because, rows, row, cause }) => {
      if (!this.#names(rows, row)) return
      this.#keep({
        epoch: this.#sim!.epoch,
        atS: this.#sim!.nextEndS,
        side: "refusal",
        type: reason,
        because,
        row: plainRow(rows, row),
        units: unitsOf(rows),
        cause,
      })
    }
  }

  #open(): Simulation {
    const snapshot = this.#session.snapshots.before(this.#to - 1)
    this.#from = snapshot.epoch
    const sim = this.#session.simulateFrom(this.#plan, snapshot, { onEpoch: () => this.#gather(), chained: true })
    const own = sim.networks.find((n) => n.name === this.#network)!
    own.machine.onRefuse = (row, reason) => this.#trace.refuse(row, reason, own.network.refusals[reason])
    return sim
  }

  /** Folds one more epoch; a part when a window is done, undefined in between. */
  next(): LifePart | undefined {
    if (this.#to <= 0) return this.#part(0, 0)
    this.#sim ??= this.#open()
    this.#trace.clear()
    this.#sim.tick()
    if (this.#sim.epoch < this.#to) return undefined
    const part = this.#part(this.#from, this.#to)
    this.#to = this.#from
    this.#sim = undefined
    return part
  }

  #part(fromEpoch: number, toEpoch: number): LifePart {
    const part = {
      network: this.#network,
      node: this.#node,
      fromEpoch,
      toEpoch,
      events: this.#events,
      leftOut: this.#leftOut,
      done: fromEpoch === 0,
    }
    this.#events = []
    this.#leftOut = 0
    return part
  }

  /** The epoch's rows in the order they were written, before they are forgotten. */
  #gather(): void {
    const own = this.#sim!.networks.find((n) => n.name === this.#network)!
    this.#scan(own.world, "world")
    this.#scan(own.machine, "protocol")
  }

  #scan(machine: Machine, side: "protocol" | "world"): void {
    for (const { type, begin, end } of machine.runs) {
      const rows = machine.rowsOf[type]
      const name = machine.types[type]
      for (const column of nodeColumns(rows)) {
        const nodes = (rows as unknown as Record<string, ArrayLike<number>>)[column]
        for (let i = begin; i < end; i++) {
          if (nodes[i] !== this.#node) continue
          this.#keep({
            epoch: this.#sim!.epoch,
            atS: timeOf(rows, i) ?? this.#sim!.atS,
            side,
            type: name,
            because: machine.network.events[name]?.because ?? "",
            row: plainRow(rows, i),
            units: unitsOf(rows),
            ...(side === "protocol" ? { cause: this.#trace.of(name, i) } : {}),
          })
        }
      }
    }
  }

  #names(rows: AnyTable, row: number): boolean {
    const columns = rows as unknown as Record<string, ArrayLike<number>>
    return nodeColumns(rows).some((column) => columns[column][row] === this.#node)
  }

  #keep(event: LifeEvent): void {
    if (this.#events.length < WINDOW_MOST) this.#events.push(event)
    else this.#leftOut++
  }
}

const unitsOf = (rows: AnyTable): Record<string, string> =>
  Object.fromEntries(Object.entries(rows.shape).map(([column, { unit }]) => [column, unit]))

/** When a row says it happened. */
function timeOf(rows: AnyTable, i: number): number | undefined {
  const column = ["atS", "at", "receivedS"].find((name) => rows.shape[name]?.unit.startsWith("s (Unix"))
  return column === undefined ? undefined : (rows as unknown as Record<string, ArrayLike<number>>)[column][i]
}
