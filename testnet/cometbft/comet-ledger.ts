/**
 * The port's adapter for CometBFT, as it stands in a validator's own process: what is submitted goes to the engine's mempool in batches,
 * through this validator's RPC or, when that is silent, another's; the answer comes when this validator's own application has committed
 * the block it stands in.
 */
import type { ChainApplication } from "../ledger/application.ts"
import { joinBatch } from "../ledger/batch.ts"
import { hexOf, readCommand, verifyGenuine, type SignedCommand } from "../ledger/command.ts"
import { checkUnsigned } from "../ledger/early.ts"
import type { Block, BlockSeen, Info, Ledger, Result } from "../ledger/ledger.ts"
import { KeyBudget } from "../ledger/key-budget.ts"
import { codeOf, nameOf } from "../ledger/refusals.ts"
import type { CometRpc } from "./rpc.ts"
import { TX_BYTES_MAX } from "./transaction.ts"
import type { QuorumSeen } from "./watch.ts"
import type { Outcome, ValidatorApp } from "./validator-app.ts"

export interface CometLedgerOptions {
  /** How long small commands are gathered into one transaction. */
  readonly gatherMs?: number
  /** When an answer is given though the validators have not agreed yet. */
  readonly patienceMs?: number
  readonly waitingMax?: number
  /** Commands a key may have taken up in a second. */
  readonly perKeySecond?: number
}

interface Waiting {
  readonly command: SignedCommand
  readonly done: (result: Result) => void
  readonly since: number
}
/** Commands of one transaction. */
const GATHER_MAX = 500
const idOf = (command: SignedCommand): string => hexOf(command.signature)

export class CometLedger implements Ledger {
  /** Who orders blocks and who is away, for the gateway; set by whoever watches the quorum. */
  validators: (() => QuorumSeen) | undefined
  /** The folder of its gateway, for what is not the chain's own. */
  readonly dir: string
  readonly #app: ValidatorApp
  readonly #rpc: CometRpc
  readonly #options: Required<CometLedgerOptions>
  readonly #seen = new Set<(block: BlockSeen) => void>()
  /** By signature. */
  readonly #waiting = new Map<string, Waiting>()
  readonly #budget: KeyBudget
  readonly #pendingNonce = new Map<string, number>()
  readonly #patience: NodeJS.Timeout
  #gathered: SignedCommand[] = []
  #gatheredBytes = 0
  #timer: NodeJS.Timeout | undefined
  #checking = 0
  #turn: Promise<unknown> = Promise.resolve()
  #sending: Promise<void> = Promise.resolve()
  #closed = false

  constructor(app: ValidatorApp, rpc: CometRpc, dir: string, options: CometLedgerOptions = {}) {
    this.dir = dir
    this.#app = app
    this.#rpc = rpc
    this.#options = { gatherMs: 10, patienceMs: 12_000, waitingMax: 20_000, perKeySecond: 50, ...options }
    this.#budget = new KeyBudget(this.#options.perKeySecond)
    this.#patience = setInterval(() => this.#giveUp(performance.now() - this.#options.patienceMs), 500)
    this.#patience.unref()
  }

  get application(): ChainApplication {
    return this.#app.application
  }
  get waiting(): number {
    return this.#waiting.size + this.#checking
  }
  get trouble(): string | undefined {
    return this.#app.trouble
  }
  info = (): Info => this.application.info()

  onBlock = (seen: (block: BlockSeen) => void): (() => void) => {
    this.#seen.add(seen)
    return () => void this.#seen.delete(seen)
  }

  submit = async (bytes: Uint8Array): Promise<Result> => {
    if (this.#closed) return this.#refuse("ledger_is_closing")
    // This validator waits, not the chain: another gateway takes it.
    if (this.trouble !== undefined) return this.#refuse("not_final_yet")
    if (this.waiting >= this.#options.waitingMax) return this.#refuse("queue_is_full")
    const command = readCommand(bytes)
    if (typeof command === "string") return this.#refuse(command)
    const again = this.#waiting.get(idOf(command))
    // The same bytes sent again while they are under way share one answer.
    if (again !== undefined)
      return new Promise((done) => this.#waiting.set(idOf(command), { ...again, done: both(again.done, done) }))
    const early = this.#filter(command)
    if (early !== undefined) return this.#refuse(early)
    this.#checking++
    // Verified side by side, taken up in the order they came: a key's own commands must not overtake each other.
    const verified = verifyGenuine(command)
    const before = this.#turn
    this.#turn = before.then(() => verified)
    await before
    const genuine = await verified
    this.#checking--
    if (!genuine) return this.#refuse("forged")
    command.checked = true
    const late = this.#filter(command) ?? this.#spend(command.keyHex)
    if (late !== undefined) return this.#refuse(late)
    this.#pendingNonce.set(command.keyHex, Math.max(command.body.nonce, this.#pendingNonce.get(command.keyHex) ?? 0))
    return new Promise((done) => {
      this.#waiting.set(idOf(command), { command, done, since: performance.now() })
      this.#gather(command)
    })
  }

  /** The application calls it for every committed block. */
  committed = (_: Block, outcomes: ReadonlyMap<SignedCommand, Outcome>, seen: BlockSeen): void => {
    if (this.#waiting.size > 0)
      for (const [command, outcome] of outcomes) {
        const id = idOf(command)
        const waiting = this.#waiting.get(id)
        if (waiting === undefined) continue
        this.#waiting.delete(id)
        this.#release(waiting.command)
        waiting.done({ ...outcome, height: seen.height, appHash: seen.appHash })
      }
    for (const each of this.#seen) each(seen)
  }

  close = (): Promise<void> => {
    this.#closed = true
    clearInterval(this.#patience)
    clearTimeout(this.#timer)
    for (const { done } of this.#waiting.values()) done(this.#refuse("ledger_is_closing"))
    this.#waiting.clear()
    return Promise.resolve()
  }

  #filter(command: SignedCommand): string | undefined {
    return checkUnsigned(this.application, command, this.#pendingNonce.get(command.keyHex) ?? 0)
  }

  /** The authority is the chain's own and is not held back. */
  #spend(keyHex: string): string | undefined {
    return keyHex === this.application.genesis.authority || this.#budget.spend(keyHex) ? undefined : "flooding"
  }

  #gather(command: SignedCommand): void {
    if (this.#gathered.length > 0 && this.#gatheredBytes + command.bytes.length > TX_BYTES_MAX) this.#send()
    this.#gathered.push(command)
    this.#gatheredBytes += command.bytes.length
    if (this.#gathered.length >= GATHER_MAX) this.#send()
    else this.#timer ??= setTimeout(() => this.#send(), this.#options.gatherMs)
  }

  #send(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const commands = this.#gathered
    if (commands.length === 0) return
    this.#gathered = []
    this.#gatheredBytes = 0
    const tx = joinBatch(commands.map((c) => c.bytes))
    this.#app.transactions.know(tx, commands)
    // One after the other: a key's later transaction must not reach the mempool before its earlier one.
    this.#sending = this.#sending.then(async () => {
      let code: number
      try {
        code = await this.#rpc.broadcast(tx)
      } catch {
        // Nobody took it, or somebody did and could not say so: the same bytes may be sent again.
        return this.#answer(commands, this.#refuse("not_final_yet"))
      }
      if (code === 0) return
      const reason = nameOf(code, this.application.machine.reasons)
      // Replayed in the mempool is not replayed on the chain: an earlier sending is under way, and its block is this one's answer too.
      const refused = commands.filter((c) => reason !== "replayed" || checkUnsigned(this.application, c, 0) !== undefined)
      this.#answer(refused, { ...this.#refuse(reason), code })
    })
  }

  #answer(commands: readonly SignedCommand[], result: Result): void {
    for (const command of commands) {
      const waiting = this.#waiting.get(idOf(command))
      this.#waiting.delete(idOf(command))
      this.#release(command)
      waiting?.done(result)
    }
  }

  #giveUp(before: number): void {
    const late = [...this.#waiting.values()].filter((w) => w.since < before).map((w) => w.command)
    if (late.length > 0) this.#answer(late, this.#refuse("not_final_yet"))
  }

  #release({ keyHex, body }: SignedCommand): void {
    if (this.#pendingNonce.get(keyHex) === body.nonce) this.#pendingNonce.delete(keyHex)
  }

  #refuse(reason: string): Result {
    return { code: codeOf(reason, this.application.machine.reasons), reason, height: 0, appHash: "" }
  }
}

const both =
  (a: (r: Result) => void, b: (r: Result) => void) =>
  (r: Result): void => {
    a(r)
    b(r)
  }
