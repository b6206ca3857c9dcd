/**
 * The embedded engine: one process orders, journals, applies and answers. Blocks are cut when something waits, and now and then when
 * nothing does, so that chain time passes. The order of a block's life: decided → journal synced → applied → answered. So whatever
 * was answered survives kill -9, and whatever was not may be in or out, but never by half.
 *
 * Chain time is kept here: it passes `speed` times as fast as the clock while the process runs, at most so much a block, and stands
 * still while it does not. A sleeping laptop, a restart and a clock that jumps are all the same to it.
 */
import { existsSync, mkdirSync, rmSync, statSync } from "node:fs"
import { join } from "node:path"
import { RecordProblem, replaceFile } from "../../protocol/boundary/durable.ts"
import { fromHex } from "../../protocol/kernel/hash.ts"
import { ChainApplication } from "./application.ts"
import { readCommand, verifyGenuine, type SignedCommand } from "./command.ts"
import { checkUnsigned } from "./early.ts"
import { genesisHash, readGenesis, type Genesis } from "./genesis.ts"
import { KeyBudget } from "./key-budget.ts"
import { lock } from "./lock.ts"
import { GENESIS_FILE, JOURNAL_FILE, loadGenesis, LOCK_FILE, recover, SNAPSHOTS, type RecoverOptions } from "./recovery.ts"
import { encodeBlock, FILE_HEAD, Journal } from "./journal.ts"
import type { Block, BlockSeen, Consensus, Info, Ledger, Result } from "./ledger.ts"
import { codeOf } from "./refusals.ts"
import { readSnapshots, writeSnapshot } from "./snapshot-file.ts"

export interface EmbeddedOptions extends RecoverOptions {
  /** Milliseconds of a clock that only goes on: tests hand in their own. */
  readonly clock?: () => number
  /** Longest time between two blocks. */
  readonly blockMs?: number
  readonly commandsMax?: number
  readonly blockBytesMax?: number
  readonly waitingMax?: number
  /** Commands a key may have taken up in a second, and in a burst. */
  readonly perKeySecond?: number
  readonly snapshotEveryBlocks?: number
  readonly tell?: (sentence: string) => void
  /** For tests that kill: called between the steps of a block's life. */
  readonly between?: (step: "decided" | "journalled" | "applied") => void
}

interface Waiting {
  readonly command: SignedCommand
  readonly done: (result: Result) => void
}

export class EmbeddedLedger implements Ledger {
  readonly application: ChainApplication
  readonly dir: string
  readonly recovered: { readonly blocks: number; readonly commands: number; readonly seconds: number }
  readonly #options: Required<Omit<EmbeddedOptions, "tell" | "between" | "cutDamage" | "distrustJournal" | "look">> &
    EmbeddedOptions
  readonly #journal: Journal
  readonly #seen = new Set<(block: BlockSeen) => void>()
  readonly #pendingNonce = new Map<string, number>()
  readonly #budget: KeyBudget
  #waiting: Waiting[] = []
  #checking = 0
  #turn: Promise<unknown> = Promise.resolve()
  #state: "open" | "closing" | "broken" = "open"
  #fullSince: number | undefined
  #clockAt: number
  #carry = 0
  #sinceSnapshot = 0
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | undefined

  private constructor(
    dir: string,
    application: ChainApplication,
    journal: Journal,
    recovered: EmbeddedLedger["recovered"],
    options: EmbeddedOptions,
  ) {
    this.dir = dir
    this.application = application
    this.recovered = recovered
    this.#journal = journal
    this.#options = {
      clock: () => performance.now(),
      blockMs: 250,
      commandsMax: 4000,
      blockBytesMax: 8 * 1024 * 1024,
      waitingMax: 20_000,
      perKeySecond: 50,
      snapshotEveryBlocks: 500,
      ...options,
    }
    this.#budget = new KeyBudget(this.#options.perKeySecond, this.#options.clock)
    this.#clockAt = this.#options.clock()
  }

  /** Makes a chain in a new folder. */
  static create(dir: string, genesis: Genesis): void {
    mkdirSync(dir, { recursive: true })
    if (existsSync(join(dir, GENESIS_FILE))) throw new RecordProblem(`${dir} has a chain already`)
    replaceFile(join(dir, GENESIS_FILE), `${JSON.stringify(readGenesis(genesis), null, 1)}\n`)
  }

  /** Opens the chain in `dir`, folding what its journal holds. Throws a RecordProblem when it is damaged, with the way back. */
  static open(dir: string, options: EmbeddedOptions = {}): EmbeddedLedger {
    const began = performance.now()
    const tell = options.tell ?? (() => {})
    const genesis = loadGenesis(dir)
    // Two ledgers on one journal would write over each other.
    const unlock = lock(
      join(dir, LOCK_FILE),
      (pid) => `a ledger runs in ${dir} already (process ${pid}): stop it first, or name another folder`,
    )
    try {
      return EmbeddedLedger.#openLocked(dir, genesis, options, tell, began)
    } catch (error) {
      unlock()
      throw error
    }
  }

  static #openLocked(
    dir: string,
    genesis: Genesis,
    options: EmbeddedOptions,
    tell: (sentence: string) => void,
    began: number,
  ): EmbeddedLedger {
    const path = join(dir, JOURNAL_FILE)
    const hash = genesisHash(genesis)
    // A start that was killed before it had written the head had nothing to lose.
    if (existsSync(path) && statSync(path).size < FILE_HEAD && readSnapshots(join(dir, SNAPSHOTS), tell).length === 0)
      rmSync(path)
    if (!existsSync(path)) {
      if (readSnapshots(join(dir, SNAPSHOTS), tell).length > 0)
        throw new RecordProblem(
          `${path} is missing, and there are snapshots of it: restore it from a copy; without it nothing can be checked`,
        )
      const ledger = new EmbeddedLedger(
        dir,
        new ChainApplication(genesis),
        new Journal(path, hash),
        { blocks: 0, commands: 0, seconds: 0 },
        options,
      )
      ledger.#start()
      return ledger
    }
    const { application, end, blocks, commands } = recover(dir, genesis, options, tell)
    const seconds = (performance.now() - began) / 1000
    const ledger = new EmbeddedLedger(dir, application, new Journal(path, hash, end), { blocks, commands, seconds }, options)
    ledger.#start()
    return ledger
  }

  info = (): Info => this.application.info()

  get waiting(): number {
    return this.#waiting.length + this.#checking
  }
  /** Why nothing is taken up now, or undefined when all is well. */
  get trouble(): string | undefined {
    return this.#state === "broken"
      ? "a promise of the network broke: see the log"
      : this.#fullSince !== undefined
        ? "disk_is_full"
        : undefined
  }

  onBlock = (seen: (block: BlockSeen) => void): (() => void) => {
    this.#seen.add(seen)
    return () => void this.#seen.delete(seen)
  }

  submit = async (bytes: Uint8Array): Promise<Result> => {
    if (this.#state !== "open") return this.#refuse("ledger_is_closing")
    if (this.#fullSince !== undefined) return this.#refuse("disk_is_full")
    if (this.waiting >= this.#options.waitingMax) return this.#refuse("queue_is_full")
    const command = readCommand(bytes)
    if (typeof command === "string") return this.#refuse(command)
    // Everything cheap first: a forged flood must not cost a verification more than it has to.
    const early = this.#filter(command)
    if (early !== undefined && early !== "forged") return this.#refuse(early)
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
    // The nonce may have been used while the signature was checked.
    const late = this.#filter(command) ?? this.#spend(command.keyHex)
    if (late !== undefined) return this.#refuse(late)
    if ((this.#state as string) !== "open") return this.#refuse("ledger_is_closing")
    this.#pendingNonce.set(command.keyHex, Math.max(command.body.nonce, this.#pendingNonce.get(command.keyHex) ?? 0))
    return new Promise((done) => {
      this.#waiting.push({ command, done })
      if (this.#running === undefined) this.#schedule(0)
    })
  }

  /** Cuts one block now, whatever waits, at this chain time: for tests and for bridges that keep time themselves. */
  cut = async (time?: number, consensus?: Consensus): Promise<Info> => {
    // What was submitted before is in it: signatures are checked beside this thread.
    while (this.#checking > 0) await new Promise((next) => setImmediate(next))
    while (this.#running !== undefined) await this.#running
    this.#running = this.#makeBlock(time, consensus).finally(() => (this.#running = undefined))
    await this.#running
    return this.info()
  }

  close = async (): Promise<void> => {
    if (this.#state === "closing") return
    const wasBroken = this.#state === "broken"
    this.#state = "closing"
    clearTimeout(this.#timer)
    while (this.#running !== undefined) await this.#running
    if (!wasBroken && this.#waiting.length > 0) await this.#makeBlock()
    for (const { done } of this.#waiting.splice(0)) done(this.#refuse("ledger_is_closing"))
    if (!wasBroken && this.info().height > 0 && this.#fullSince === undefined) this.#snapshot()
    this.#journal.close()
    rmSync(join(this.dir, LOCK_FILE), { force: true })
  }

  #filter(command: SignedCommand): string | undefined {
    return checkUnsigned(this.application, command, this.#pendingNonce.get(command.keyHex) ?? 0)
  }

  /** The authority is the chain's own and is not held back. */
  #spend(keyHex: string): string | undefined {
    return keyHex === this.application.genesis.authority || this.#budget.spend(keyHex) ? undefined : "flooding"
  }

  #refuse(reason: string): Result {
    return { code: codeOf(reason, this.application.machine.reasons), reason, height: 0, appHash: "" }
  }

  #start(): void {
    if (this.#options.blockMs < Infinity) this.#schedule(this.#options.blockMs)
  }

  #schedule(ms: number): void {
    if (this.#state !== "open" || this.#options.blockMs === Infinity) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      if (this.#running !== undefined || this.#state !== "open") return
      this.#running = this.#makeBlock().finally(() => {
        this.#running = undefined
        this.#schedule(this.#waiting.length > 0 ? 0 : this.#options.blockMs)
      })
    }, ms)
  }

  /** Chain seconds since the last block: never more than a few block times of them, and never backwards. */
  #nextTime(): number {
    const now = this.#options.clock()
    const { speed } = this.application.genesis
    const passedMs = Math.min(Math.max(0, now - this.#clockAt), 4 * Math.min(this.#options.blockMs, 1000))
    this.#clockAt = now
    this.#carry += (passedMs / 1000) * speed
    const whole = Math.floor(this.#carry)
    this.#carry -= whole
    return Math.min(this.info().time + whole, 2 ** 32 - 1)
  }

  async #makeBlock(at?: number, consensus?: Consensus): Promise<void> {
    const { application } = this
    const { height, appHash } = this.info()
    const taken = this.#take()
    const block: Block = { height: height + 1, time: at ?? this.#nextTime(), commands: taken.map((w) => w.command), consensus }
    this.#options.between?.("decided")
    try {
      const commands = block.commands.map((c) => c.bytes)
      await this.#journal.append(
        encodeBlock({ height: block.height, time: block.time, previous: fromHex(appHash), commands, consensus }),
      )
      this.#fullSince = undefined
    } catch (error) {
      if (this.#fullSince === undefined) this.#options.tell?.((error as Error).message)
      this.#fullSince ??= this.#options.clock()
      for (const { command, done } of taken) {
        this.#pendingNonce.delete(command.keyHex)
        done(this.#refuse("disk_is_full"))
      }
      return
    }
    this.#options.between?.("journalled")
    let results: ReturnType<ChainApplication["finalizeBlock"]>["results"]
    let rows: number
    try {
      const finalised = application.finalizeBlock(block)
      results = finalised.results
      rows = finalised.header.rows
    } catch (error) {
      // Ours: the chain stops rather than go on from a state that broke a promise.
      this.#state = "broken"
      this.#options.tell?.((error as Error).message)
      for (const { done } of [...taken, ...this.#waiting.splice(0)]) done(this.#refuse("ledger_is_closing"))
      return
    }
    const info = application.commit()
    this.#options.between?.("applied")
    let refused = 0
    for (const [i, { command, done }] of taken.entries()) {
      if (results[i].code !== 0) refused++
      if (this.#pendingNonce.get(command.keyHex) === command.body.nonce) this.#pendingNonce.delete(command.keyHex)
      done({ ...results[i], height: info.height, appHash: info.appHash })
    }
    for (const seen of this.#seen) seen({ ...info, commands: taken.length, refused, events: rows })
    if (++this.#sinceSnapshot >= this.#options.snapshotEveryBlocks) this.#snapshot()
  }

  #take(): readonly Waiting[] {
    let bytes = 0
    let n = 0
    const { commandsMax, blockBytesMax } = this.#options
    while (n < this.#waiting.length && n < commandsMax) {
      bytes += this.#waiting[n].command.bytes.length
      if (n > 0 && bytes > blockBytesMax) break
      n++
    }
    return this.#waiting.splice(0, n)
  }

  #snapshot(): void {
    try {
      writeSnapshot(join(this.dir, SNAPSHOTS), { snapshot: this.application.save(), journalEnd: this.#journal.end })
      this.#sinceSnapshot = 0
    } catch (error) {
      // A snapshot only spares time: the journal has everything.
      this.#options.tell?.((error as Error).message)
    }
  }
}
