/**
 * The port: signed commands go in, ordered blocks come out, and the core answers each with an app hash. Its application side has
 * ABCI's order, Info · CheckTx · FinalizeBlock · Commit, so that another engine can drive the same application.
 */
import type { Header } from "../../protocol/kernel/log.ts"
import type { SignedCommand } from "./command.ts"

/** What validators agree on beside the commands. A chain with one sequencer has none of it. */
export interface Consensus {
  /** Milliseconds (Unix) of the block's header: the weighted median of the voters' clocks. */
  readonly headerMs: number
  /** Thousandths of a chain second that the clock has left over, 0 to 999. */
  readonly carryMilli: number
  /** Addresses, in hex, of keys proven to have signed two blocks at one height. */
  readonly guilty: readonly string[]
}

/** What orders agree on: nothing else reaches the application. */
export interface Block {
  /** From 1, without a gap. */
  readonly height: number
  /** Chain seconds (Unix); never less than the block's before. */
  readonly time: number
  readonly commands: readonly SignedCommand[]
  readonly consensus?: Consensus
}

export interface Info {
  readonly height: number
  readonly time: number
  /** Of the last committed block, in hex; 64 zeros before the first. */
  readonly appHash: string
}

/** What became of a command. Code 0 was taken up; 1–999 the door refused, 1000 and more the network's own rules did. */
export interface Result {
  readonly code: number
  /** The refusal's name; empty for code 0. */
  readonly reason: string
  /** The block it stands in; 0 where it never got into one. */
  readonly height: number
  /** The app hash of that block; empty at height 0. */
  readonly appHash: string
}

/** ABCI's application. All four are synchronous: nothing past the door waits, looks at a clock or draws dice. */
export interface Application {
  readonly info: () => Info
  /** Why this command cannot be taken up now, or undefined. A weak filter: it reads committed state and changes nothing. */
  readonly checkTx: (command: SignedCommand, pendingNonce: number) => string | undefined
  /** Applies a decided block. Persists nothing. Commands that cannot be taken up are codes, never exceptions. */
  readonly finalizeBlock: (block: Block) => {
    readonly header: Header
    readonly results: readonly Omit<Result, "height" | "appHash">[]
  }
  /** Makes the block just finalised the committed one. */
  readonly commit: () => Info
}

export interface BlockSeen {
  readonly height: number
  readonly time: number
  readonly commands: number
  readonly refused: number
  readonly events: number
  readonly appHash: string
}

/** What nodes and gateways see of an engine, whichever it is. */
export interface Ledger {
  readonly info: () => Info
  /** Resolves when the command is final, or at once when it is refused at the door. Never rejects for what is in `bytes`. */
  readonly submit: (bytes: Uint8Array) => Promise<Result>
  /** Calls back after every commit, until the returned function is called. */
  readonly onBlock: (seen: (block: BlockSeen) => void) => () => void
  readonly close: () => Promise<void>
}
