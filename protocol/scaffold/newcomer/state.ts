/** The state of newcomer: tables and genesis. Its promises are in invariants.ts. */
import { filled, type AnyTable, type Table } from "../../kernel/table.ts"
import { count, count32, flag, seconds } from "../../kernel/unit.ts"
import { ledger, tablesOf, type Ledger } from "../../ledger/ledger.ts"

/** One row a node. Times are Unix seconds; 0 means never. */
export const nodeShape = {
  joined: flag,
  /** When it was last heard: it joined, or proved itself. */
  heardS: seconds,
  silent: flag,
  proofs: count32,
  /** Proofs since the last day was closed. */
  dayProofs: count32,
} as const

/** One row: kept sums, so that a metric costs the same for any number of nodes. */
export const totalShape = {
  joined: count32,
  silent: count32,
  proofs: count,
  dayProofs: count,
  alarmed: flag,
  /** When the last alarm was raised. */
  alarmS: seconds,
  alarms: count,
} as const

export interface State {
  readonly node: Table<typeof nodeShape>
  readonly total: Table<typeof totalShape>
  /** `rewards` holds a day's pool while it is shared out; `treasury` what nobody got. */
  readonly ledger: Ledger<"token", "rewards" | "treasury">
}

export const genesis = ({ nodes }: { readonly nodes: number }): State => ({
  node: filled(nodeShape, nodes),
  total: filled(totalShape, 1),
  ledger: ledger(["token"], ["rewards", "treasury"], nodes),
})

export const stateTables = ({ node, total, ledger: l }: State): Readonly<Record<string, AnyTable>> => ({
  node,
  total,
  ...tablesOf(l),
})
