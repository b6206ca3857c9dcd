/**
 * A transaction of the engine is a batch of signed commands. Each is read and its signatures are checked once a process, side by side in
 * the thread pool, when its bytes are first seen: in the mempool, in a proposal, or in a decided block.
 */
import { splitBatch } from "../ledger/batch.ts"
import { hexOf, readCommand, sha256, verifyGenuine, type SignedCommand, type Unreadable } from "../ledger/command.ts"

/** Larger ones are left to the next transaction, unless one command alone is. */
export const TX_BYTES_MAX = 128 * 1024
const KEPT_MAX = 4000

export interface Transaction {
  /** Commands in their order, or why these bytes are none; undefined where the whole is no batch. */
  readonly commands: readonly (SignedCommand | Unreadable)[] | undefined
  /** Resolves when every signature was checked; those that are genuine were handed over. */
  readonly checked: Promise<void>
}

export const isReadable = (c: SignedCommand | Unreadable): c is SignedCommand => typeof c !== "string"

export class Transactions {
  readonly #kept = new Map<string, Transaction>()
  readonly #onGenuine: (command: SignedCommand) => void

  constructor(onGenuine: (command: SignedCommand) => void) {
    this.#onGenuine = onGenuine
  }

  read(bytes: Uint8Array): Transaction {
    const id = hexOf(sha256(bytes))
    const known = this.#kept.get(id)
    if (known !== undefined) return known
    // The frame that these bytes lie in is reused by nobody, but would be kept whole by a view of it.
    const commands = splitBatch(bytes.slice())?.map((one) => readCommand(one))
    const transaction = { commands, checked: this.#check(commands?.filter(isReadable) ?? []) }
    this.#keep(id, transaction)
    return transaction
  }

  /** Keeps what this process has read and checked already. */
  know(bytes: Uint8Array, commands: readonly SignedCommand[]): void {
    this.#keep(hexOf(sha256(bytes)), { commands, checked: Promise.resolve() })
  }

  forget(bytes: Uint8Array): void {
    this.#kept.delete(hexOf(sha256(bytes)))
  }

  #keep(id: string, transaction: Transaction): void {
    // The oldest goes first; what is asked for again is read again.
    if (this.#kept.size >= KEPT_MAX) this.#kept.delete(this.#kept.keys().next().value!)
    this.#kept.set(id, transaction)
  }

  async #check(commands: readonly SignedCommand[]): Promise<void> {
    await Promise.all(
      commands.map(async (command) => {
        if (await verifyGenuine(command)) this.#onGenuine(command)
      }),
    )
  }
}
