/**
 * What a validator keeps on its own disk beside the engine's: the journal of committed blocks, snapshots of its own to start from, and
 * snapshots that a newcomer may ask for. The application is never ahead of the journal, and the journal never ahead of what was decided.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs"
import { join } from "node:path"
import { replaceFile } from "../../protocol/boundary/durable.ts"
import { fromHex } from "../../protocol/kernel/hash.ts"
import type { Header } from "../../protocol/kernel/log.ts"
import { ChainApplication, type Snapshot } from "../ledger/application.ts"
import { genesisHash, type Genesis } from "../ledger/genesis.ts"
import { encodeBlock, FILE_HEAD, Journal } from "../ledger/journal.ts"
import type { Block } from "../ledger/ledger.ts"
import { JOURNAL_FILE, loadGenesis, recover, SNAPSHOTS } from "../ledger/recovery.ts"
import { readSnapshots, writeSnapshot } from "../ledger/snapshot-file.ts"
import { packSnapshot } from "./sync-snapshot.ts"

export const SYNC_FOLDER = "sync"
const SYNC_KEPT = 2

export interface StoreOptions {
  readonly snapshotEveryBlocks: number
  readonly tell: (sentence: string) => void
  /** For tests that kill: called before the journal is appended, before the snapshots, and before the answer. */
  readonly between?: (step: "committing" | "journalled" | "kept", height: number) => void
}

/** A committed block as the store takes it. */
export interface Committed {
  readonly block: Block
  readonly header: Header
}

export class ChainStore {
  readonly dir: string
  readonly genesis: Genesis
  readonly #options: StoreOptions
  application: ChainApplication
  #journal: Journal

  /** Opens the chain in `dir`, where its genesis.json lies. Throws a RecordProblem when it is damaged. */
  constructor(dir: string, options: StoreOptions) {
    this.dir = dir
    this.#options = options
    this.genesis = loadGenesis(dir)
    const path = join(dir, JOURNAL_FILE)
    const hash = genesisHash(this.genesis)
    // A start that was cut short before the file's head was whole had committed nothing.
    if (existsSync(path) && statSync(path).size < FILE_HEAD) rmSync(path)
    if (!existsSync(path)) {
      this.#journal = new Journal(path, hash)
      this.application = this.#restored() ?? new ChainApplication(this.genesis)
      return
    }
    const { application, end } = recover(dir, this.genesis, {}, options.tell)
    this.application = application
    this.#journal = new Journal(path, hash, end)
  }

  /** Makes the finalised block the committed one, on disk before in memory. Rejects with a RecordProblem when the disk refuses; try again. */
  async commit({ block, header }: Committed): Promise<void> {
    const { application } = this
    const { height, time, consensus } = block
    this.#options.between?.("committing", height)
    const commands = block.commands.map((c) => c.bytes)
    const previous = fromHex(header.previous)
    await this.#journal.append(encodeBlock({ height, time, previous, commands, consensus }))
    application.commit()
    this.#options.between?.("journalled", height)
    if (height % this.#options.snapshotEveryBlocks === 0) this.#keep(application.save(), header)
    this.#options.between?.("kept", height)
  }

  /** Goes on from a snapshot that others vouched for: what this disk held before is none of this chain's committed past. */
  adopt(application: ChainApplication, snapshot: Snapshot, header: Pick<Header, "previous" | "events">): void {
    const path = join(this.dir, JOURNAL_FILE)
    this.#journal.close()
    rmSync(join(this.dir, SNAPSHOTS), { recursive: true, force: true })
    // A start between these steps finds nothing, or the snapshot alone; the engine's store is empty until after, and asks again.
    rmSync(path, { force: true })
    writeSnapshot(join(this.dir, SNAPSHOTS), { snapshot, journalEnd: FILE_HEAD })
    this.#journal = new Journal(path, genesisHash(this.genesis))
    this.application = application
    this.#publish(snapshot, header)
  }

  /** Heights of the snapshots that newcomers may have, from the newest. */
  syncHeights(): readonly number[] {
    const folder = join(this.dir, SYNC_FOLDER)
    if (!existsSync(folder)) return []
    return readdirSync(folder)
      .filter((f) => /^\d+\.sync$/u.test(f))
      .map((f) => Number(f.slice(0, -5)))
      .toSorted((a, b) => b - a)
  }

  /** The bytes of one of them; undefined where it is gone. */
  readSync(height: number): Uint8Array | undefined {
    try {
      return readFileSync(join(this.dir, SYNC_FOLDER, `${height}.sync`))
    } catch {
      return undefined
    }
  }

  close(): void {
    this.#journal.close()
  }

  #restored(): ChainApplication | undefined {
    const kept = readSnapshots(join(this.dir, SNAPSHOTS), this.#options.tell)[0]
    if (kept === undefined) return undefined
    const application = new ChainApplication(this.genesis)
    application.restore(kept.snapshot)
    return application
  }

  #keep(snapshot: Snapshot, header: Header): void {
    try {
      writeSnapshot(join(this.dir, SNAPSHOTS), { snapshot, journalEnd: this.#journal.end })
      this.#publish(snapshot, header)
    } catch (error) {
      // Snapshots only spare time, here or elsewhere: the journal has everything.
      this.#options.tell((error as Error).message)
    }
  }

  #publish(snapshot: Snapshot, header: Pick<Header, "previous" | "events">): void {
    const folder = join(this.dir, SYNC_FOLDER)
    mkdirSync(folder, { recursive: true })
    replaceFile(join(folder, `${snapshot.meta.height}.sync`), packSnapshot(snapshot, header))
    for (const old of this.syncHeights().slice(SYNC_KEPT)) rmSync(join(folder, `${old}.sync`), { force: true })
  }
}
