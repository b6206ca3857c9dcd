/** Declared facts and requests: a name, why it exists, and its columns. */
import { appendRow, readRow, table, type AnyTable, type Row, type Shape, type Table } from "./table.ts"

export interface EventType<S extends Shape = Shape> {
  readonly because: string
  readonly shape: S
}
export type EventTypes = Readonly<Record<string, EventType>>

/** How a run of command rows is cut into decisions. */
export type Unity =
  /** One row is one decision; the next row sees what it did. The default. */
  | "row"
  /** Rows with equal values in this column stand together and are one decision: a beacon's witnesses, an auction's bids. */
  | {
      readonly book: string
      /**
       * The events of different decisions of one step commute, so they are logged by type, as a batch's are: fewer, longer runs.
       * Every decision still sees the ones before it. The exam proves it: it replays the log and compares every state hash.
       */
      readonly commuting?: true
    }
  /** Rows of different nodes are independent: as long as this column ascends, they are one decision. */
  | { readonly ascending: string }
  /** Rows are independent, and a property proves that a batch equals one by one. */
  | "batch"

export interface CommandType<S extends Shape = Shape> extends EventType<S> {
  readonly unity: Unity
  /** The events that deciding it may write, in the order they are logged and evolved. */
  readonly emits: readonly string[]
}
export type CommandTypes = Readonly<Record<string, CommandType>>

export const event = <const S extends Shape>(because: string, shape: S): EventType<S> => ({ because, shape })
export const command = <const S extends Shape>(
  because: string,
  shape: S,
  emits: readonly string[],
  unity: Unity = "row",
): CommandType<S> => ({ because, shape, emits, unity })

export type Tables<T extends EventTypes> = { readonly [K in keyof T]: Table<T[K]["shape"]> }

export const tables = <const T extends EventTypes>(types: T, capacity: number): Tables<T> =>
  Object.fromEntries(Object.keys(types).map((name) => [name, table(types[name].shape, capacity)])) as Tables<T>

/** The readable face: one row as a plain object. For tests, vectors, docs and the wire. */
export type Fact<T extends EventTypes> = {
  [K in keyof T & string]: { readonly type: K } & Row<T[K]["shape"]>
}[keyof T & string]

export function appendFact<T extends EventTypes>(to: Tables<T>, fact: Fact<T>): void {
  const { type, ...row } = fact as { type: string } & Record<string, number | bigint>
  if (!Object.hasOwn(to, type)) throw new RangeError(`there is no ${type}; there are ${Object.keys(to).join(", ")}`)
  appendRow((to as Record<string, Table>)[type], row as Row<Shape>)
}

/** Row `i` of a table as a fact. */
export const factAt = (
  type: string,
  from: AnyTable,
  i: number,
): { readonly type: string } & Readonly<Record<string, number | bigint | string>> => ({ type, ...readRow(from, i) }) as never
