/**
 * What a network says about being run live, by real nodes: who may ask what about whom, which commands need evidence that the door
 * checks, and what the chain itself asks at its own times. Without it only the chain's authority may ask anything.
 */

/** One command that a node may sign itself. What is not listed is the authority's alone. */
export interface Access {
  /** The column that must hold the index of the signer's own node. */
  readonly own: string
  /** A wide column that is paid out of the signer's test stake. */
  readonly stake?: string
  /** How far in the past the row's time may lie, in chain seconds. Without it the door stamps the block's time. */
  readonly claimSeconds?: number
  /** What must come with it: commitments to sealed sectors, a proof of the seal, or a proof that the bytes are still there. */
  readonly evidence?: "announcement" | "seal" | "possession"
}

/** A command as a node signs it; the door stamps times that are 0. */
export interface Ask {
  readonly type: string
  readonly row: Readonly<Record<string, number | string>>
}

/** What a provider's own software reads of the chain to know what to do next. */
export interface StorageView {
  /** Is the node a provider yet? */
  readonly joined: boolean
  /** The deadline open now, and what a proof of it must show; 0 when it is proven, or nothing is due. */
  readonly deadline: number
  readonly due: number
  /** Chain seconds of the won election that still takes this node's block; 0: none. */
  readonly wonS: number
  /** Deadlines with faulty sectors that can be declared recovering now. */
  readonly recoverable: readonly number[]
  /** Deadlines with sectors, and those that may be ended now. */
  readonly held: readonly number[]
  readonly endable: readonly number[]
}

/** The commands of a provider's life, in its own network's words. */
export interface StorageAsks {
  /** `nowS`: chain time. Stakes a part of `stakeAtto`. */
  readonly join: (node: number, nowS: number, stakeAtto: bigint) => Ask
  readonly announce: (node: number, sectors: number) => Ask
  readonly seal: (node: number) => Ask
  readonly possess: (node: number, deadline: number, skipped: number) => Ask
  readonly recover: (node: number, deadline: number) => Ask
  readonly block: (node: number, wonS: number) => Ask
  readonly end: (node: number, deadline: number) => Ask
}

/** How the core counts the sectors that the door has seen proven. */
export interface StorageDoor<State> {
  /** The column of the announcing command that counts sectors. */
  readonly countColumn: string
  /** Chain seconds between an announcement and the first window whose seed challenges the seal. */
  readonly sealDelaySeconds: number
  /** The event, and its column, that says in which deadline proven sectors lie. */
  readonly assigned: { readonly event: string; readonly column: string }
  readonly deadlineColumn: string
  readonly skippedColumn: string
  /** Sectors of a node's deadline that a proof now must show, less the skipped ones. `atS` is the time of the proof. */
  readonly provable: (state: State, node: number, deadline: number, atS: number) => number
  readonly view: (state: State, node: number, atS: number) => StorageView
  readonly asks: StorageAsks
}

export interface Live<State = any> {
  readonly because: string
  /** Chain seconds of a window: each begins with a seed drawn from the chain, which challenges are cut from. */
  readonly windowSeconds: number
  readonly access: Readonly<Record<string, Access>>
  /** What the chain asks by itself: once in so many seconds, with 128 bits of the chain's own. */
  readonly draw?: {
    readonly type: string
    readonly everySeconds: number
    readonly row: (atS: number, words: readonly number[]) => Readonly<Record<string, number | bigint>>
  }
  readonly storage?: StorageDoor<State>
  /** Rules that a chain of a handful of nodes departs from, with the reason in the file that says so. */
  readonly params: Readonly<Record<string, number>>
  /** The figure of a node that says what it earned, among `nodeMeasures`. */
  readonly income: string
}
