/**
 * The doors between proofs and the network's rules: each checks one kind of evidence before the core is asked, keeps the gate's books
 * of it, and at the beginning of a block asks what follows by itself. Nothing in them waits, looks at a clock or draws dice.
 */
import type { Live } from "../../protocol/kernel/live.ts"
import type { Machine } from "../../protocol/kernel/machine.ts"
import type { SignedCommand } from "./command.ts"
import type { GateEvent, GateState } from "./gate.ts"
import type { Genesis } from "./genesis.ts"

export type Rows = Readonly<Record<string, number | bigint>>

/** What a door may do to the chain. */
export interface Host {
  readonly genesis: Genesis
  readonly machine: Machine
  readonly gate: GateState
  readonly live: Live
  /** The core decides a signed command as it stands; the refusal's name, or undefined where it was taken. */
  readonly stepSigned: (command: SignedCommand, time: number) => string | undefined
  /** The core decides a command of the chain's own. */
  readonly stepOwn: (type: string, row: Rows) => string | undefined
  /** Several rows of one command, as one batch. */
  readonly stepRows: (type: string, rows: readonly Rows[]) => void
  readonly tell: (type: GateEvent, rows: readonly Rows[]) => void
  readonly accountOf: (keyHex: string) => number | undefined
}

export interface Door {
  /** A signed command that brings this door's evidence: why it is refused, or undefined. */
  readonly take: (command: SignedCommand, account: number, time: number) => string | undefined
  /** Commands of the gate that are this door's, with the columns of their rows. */
  readonly asks?: Readonly<Record<string, (command: SignedCommand, account: number, time: number) => string | undefined>>
  /** What follows by itself, before the block's commands. `last` is the time of the block before. */
  readonly begin?: (time: number, last: number) => void
}

/** The account of a node: places are given in the order of accounts, the first of which is the authority's and has none. */
export const accountOfNode = (node: number): number => node + 1
