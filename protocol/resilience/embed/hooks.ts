/** What a network says of itself so that the mechanisms mean something in it: its penalties, its rewards, its work, its ledger. */
import type { Values } from "../../kernel/param.ts"

/** Rows that a settlement line writes and that cost somebody something: softened by grace before they are evolved. */
export interface Penalty {
  readonly cadence: string
  readonly line: string
  readonly event: string
  /** Wide or numeric column of what is taken; `node` says from whom. */
  readonly column: string
  readonly because: string
}

/** Rows that a settlement line pays: split anew by the weights of domains, the sum of each column the same. */
export interface Reward {
  readonly cadence: string
  readonly line: string
  readonly event: string
  readonly columns: readonly string[]
  readonly because: string
}

/** What users ask this network to keep, as items of the placement component. */
export interface Placed {
  readonly because: string
  readonly needed: number
  readonly pieces: number
  readonly units: number
  /** 1 where lost work is done again from its source. */
  readonly hasSource: 0 | 1
}

export interface Hooks<State> {
  /** In which words the ten mechanisms are told here; for the docs. */
  readonly because: Readonly<Record<"penalty" | "reward" | "work" | "ledger", string>>
  readonly penalties: readonly Penalty[]
  readonly rewards: readonly Reward[]
  readonly placed: Placed
  /** What a node does for the network, for the shares of its domains: any unit, 0 for none. Whole numbers. */
  readonly workOf: (state: State, node: number) => number
  /** Does the node prove what it should, as the network knows it. Liveness is asked besides. */
  readonly proves?: (state: State, node: number) => boolean
  /** The facility without which the ledger stands still, and what else makes it stand still. */
  readonly ledger: { readonly facility: string; readonly isHalted?: (state: State) => boolean }
  /** What "all mechanisms on" means here beyond `ON`: departures with their reason in the folder's README. */
  readonly on?: Readonly<Record<string, number>>
  /** Refuses parameters that do not fit together here, in one sentence. */
  readonly coherent?: (values: Values) => string | undefined
}
