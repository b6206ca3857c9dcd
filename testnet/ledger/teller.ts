/** Puts facts that the door decided into the log of a machine of its own, as rows of one event type at a time. */
import type { Machine } from "../../protocol/kernel/machine.ts"
import type { CommandType } from "../../protocol/kernel/row-type.ts"
import { appendRow, table, type AnyTable } from "../../protocol/kernel/table.ts"

export type Rows = Readonly<Record<string, number | bigint>>

export class Teller<Event extends string> {
  readonly #machine: Machine
  readonly #rows = new Map<string, AnyTable>()

  constructor(machine: Machine) {
    this.#machine = machine
  }

  tell(type: Event, facts: readonly Rows[]): void {
    if (facts.length === 0) return
    let rows = this.#rows.get(type)
    if (rows === undefined) {
      rows = table((this.#machine.network.commands as Record<string, CommandType>)[type].shape, 16)
      this.#rows.set(type, rows)
    }
    for (const fact of facts) appendRow(rows, fact as never)
    this.#machine.step(type, rows, 0, rows.length)
    rows.length = 0
  }
}
