/**
 * The application side of a validator: ABCI 2.0's requests, answered from the very core that the simulator and the embedded ledger run.
 * Every handler is total and every answer follows from the blocks alone. What only this process knows, such as who voted lately, is for
 * its page and never in an answer.
 */
import { codeOf } from "../ledger/refusals.ts"
import { fromHex, toHex } from "../../protocol/kernel/hash.ts"
import type { Header } from "../../protocol/kernel/log.ts"
import type { ChainApplication } from "../ledger/application.ts"
import type { SignedCommand } from "../ledger/command.ts"
import type { Block, BlockSeen, Consensus, Result } from "../ledger/ledger.ts"
import { BlockIDFlag } from "./abci/types-validator.generated.js"
import type { Handlers } from "./abci-server.ts"
import type { ChainStore } from "./chain-store.ts"
import { answerQuery } from "./query.ts"
import { chunkOf, chunksOf, digestOf, SYNC_FORMAT, unpackSnapshot } from "./sync-snapshot.ts"
import { isReadable, Transactions } from "./transaction.ts"
import { ABCI_VERSION } from "./version.ts"
import type { Answer, Ask } from "./wire.ts"

/** Commands that one proposal carries at most: a block is applied in well under a second. */
const COMMANDS_MAX = 4000
const PROPOSAL = { accept: 1 } as const
const SNAPSHOT = { accept: 1, abort: 2, reject: 3, rejectFormat: 4 } as const
const CHUNK = { accept: 1, abort: 2, retry: 3, rejectSnapshot: 5 } as const

type Of<Case extends Ask["case"]> = Extract<Ask, { case: Case }>["value"]
export type Outcome = Omit<Result, "height" | "appHash">

export interface AppOptions {
  readonly tell: (sentence: string) => void
  /** Tells what became of each command of a committed block, by its own bytes. */
  readonly onCommit?: (block: Block, outcomes: ReadonlyMap<SignedCommand, Outcome>, seen: BlockSeen) => void
  readonly retryMs?: number
  /** For the perturbation suite: from this height on the app hash that is answered is a lie. */
  readonly lieFrom?: number
}

export class ValidatorApp implements Handlers {
  readonly store: ChainStore
  readonly transactions: Transactions
  /** Of each validator's address: the last height whose commit it is seen in. */
  readonly lastSigned = new Map<string, number>()
  /** Why nothing is decided here, or undefined. */
  trouble: string | undefined
  readonly #options: AppOptions
  /** Largest nonces among what the mempool holds, since the last commit. */
  readonly #pending = new Map<string, number>()
  #finalised: { block: Block; header: Header; outcomes: Map<SignedCommand, Outcome>; txs: readonly Uint8Array[] } | undefined
  #powers: ReadonlyMap<string, bigint>
  #offered: { height: number; hash: Uint8Array; appHash: Uint8Array; chunks: Uint8Array[]; count: number } | undefined

  constructor(store: ChainStore, options: AppOptions) {
    this.store = store
    this.#options = options
    this.transactions = new Transactions((command) => void (command.checked = true))
    this.#powers = this.application.quorum?.powers() ?? new Map()
  }

  get application(): ChainApplication {
    return this.store.application
  }

  prepare = (ask: Ask): void => {
    if (ask.case === "checkTx") this.transactions.read(ask.value.tx)
    else if (ask.case === "processProposal" || ask.case === "finalizeBlock")
      for (const tx of ask.value.txs) this.transactions.read(tx)
  }

  answer = (ask: Ask): Answer | Promise<Answer> => {
    switch (ask.case) {
      case "echo":
        return { case: "echo", value: { message: ask.value.message } }
      case "info":
        return this.#info()
      case "initChain":
        return this.#initChain(ask.value)
      case "checkTx":
        return this.#checkTx(ask.value)
      case "prepareProposal":
        return this.#prepareProposal(ask.value)
      case "processProposal":
        // A refusal here would stop everybody for a bug of one; what cannot be taken up is a code in the block instead.
        return { case: "processProposal", value: { status: PROPOSAL.accept } }
      case "finalizeBlock":
        return this.#finalizeBlock(ask.value)
      case "commit":
        return this.#commit()
      case "query":
        return { case: "query", value: answerQuery(this.application, ask.value.path) }
      case "listSnapshots":
        return this.#listSnapshots()
      case "offerSnapshot":
        return this.#offerSnapshot(ask.value)
      case "loadSnapshotChunk":
        return this.#loadChunk(ask.value)
      case "applySnapshotChunk":
        return this.#applyChunk(ask.value)
      case "extendVote":
        return { case: "extendVote", value: {} }
      case "verifyVoteExtension":
        return { case: "verifyVoteExtension", value: { status: PROPOSAL.accept } }
      default:
        // Flush, and whatever a later engine asks that this one has no part in.
        return { case: "flush", value: {} }
    }
  }

  #info(): Answer {
    const { height, appHash } = this.application.info()
    const hash = height === 0 ? new Uint8Array(0) : fromHex(appHash)
    const value = {
      data: "blackstart",
      version: ABCI_VERSION,
      appVersion: 1n,
      lastBlockHeight: BigInt(height),
      lastBlockAppHash: hash,
    }
    return { case: "info", value }
  }

  #initChain({ chainId, appStateBytes }: Of<"initChain">): Answer {
    const { genesis } = this.store
    if (chainId !== genesis.chain || JSON.stringify(genesis) !== JSON.stringify(parse(appStateBytes)))
      this.#options.tell(
        `the engine starts ${chainId}, and this application ${genesis.chain} by another genesis: they cannot agree`,
      )
    const validators = [...this.#powers].toSorted(byKey).map(([key, power]) => update(key, power))
    return { case: "initChain", value: { validators, appHash: fromHex(this.application.info().appHash) } }
  }

  async #checkTx({ tx }: Of<"checkTx">): Promise<Answer> {
    const { commands, checked } = this.transactions.read(tx)
    await checked
    let code = this.#codeOf("malformed")
    let first = true
    for (const command of commands ?? []) {
      const reason = isReadable(command)
        ? this.application.checkTx(command, this.#pending.get(command.keyHex) ?? 0)
        : (command as string)
      if (reason === undefined && isReadable(command)) {
        this.#pending.set(command.keyHex, command.body.nonce)
        code = 0
      } else if (first) code = this.#codeOf(reason!)
      first = false
    }
    return { case: "checkTx", value: { code } }
  }

  #prepareProposal({ txs, maxTxBytes }: Of<"prepareProposal">): Answer {
    const taken: Uint8Array[] = []
    let bytes = 0
    let commands = 0
    for (const tx of txs) {
      // Each transaction costs its bytes and a few of protobuf's own.
      bytes += tx.length + 12
      commands += this.transactions.read(tx).commands?.length ?? 0
      if (bytes > Number(maxTxBytes) || (taken.length > 0 && commands > COMMANDS_MAX)) break
      taken.push(tx)
    }
    return { case: "prepareProposal", value: { txs: taken } }
  }

  async #finalizeBlock(ask: Of<"finalizeBlock">): Promise<Answer> {
    const { application } = this
    const height = Number(ask.height)
    const read = ask.txs.map((tx) => this.transactions.read(tx))
    await Promise.all(read.map((t) => t.checked))
    for (const vote of ask.decidedLastCommit?.votes ?? [])
      if (vote.blockIdFlag === BlockIDFlag.BLOCK_ID_FLAG_COMMIT && vote.validator !== undefined)
        this.lastSigned.set(toHex(vote.validator.address), height - 1)
    const headerMs = Number(ask.time?.seconds ?? 0n) * 1000 + Math.floor((ask.time?.nanos ?? 0) / 1e6)
    const { time, carryMilli } = application.quorum!.timeAt(application.info().time, this.store.genesis.speed, headerMs)
    const guilty = [...new Set(ask.misbehavior.map((m) => toHex(m.validator?.address ?? new Uint8Array(0))))].sort()
    const consensus: Consensus = { headerMs, carryMilli, guilty }
    // The same command may stand in two transactions: each place has its own outcome.
    const commands = read.flatMap((t) => (t.commands ?? []).filter(isReadable))
    const block: Block = { height, time, commands, consensus }
    let finalised: ReturnType<ChainApplication["finalizeBlock"]>
    try {
      finalised = application.finalizeBlock(block)
    } catch (error) {
      // A broken promise breaks alike on every validator. The chain stands still there rather than go on from it.
      this.trouble = `a promise of the network broke at block ${height}: ${(error as Error).message}`
      this.#options.tell(this.trouble)
      return new Promise(() => {})
    }
    const outcomes = new Map<SignedCommand, Outcome>()
    let at = 0
    const txResults = read.map(({ commands: all }) => {
      if (all === undefined) return { code: this.#codeOf("malformed") }
      const data = Buffer.alloc(2 * all.length)
      for (const [k, command] of all.entries()) {
        const outcome = isReadable(command) ? finalised.results[at++] : { code: this.#codeOf(command), reason: command }
        data.writeUInt16BE(outcome.code, 2 * k)
        // A command that stands here twice counted the first time: the first outcome is its own.
        if (isReadable(command) && (!outcomes.has(command) || outcome.code === 0)) outcomes.set(command, outcome)
      }
      return { code: 0, data }
    })
    this.#finalised = { block, header: finalised.header, outcomes, txs: ask.txs }
    const appHash = fromHex(finalised.header.hash)
    if (height >= (this.#options.lieFrom ?? Infinity)) appHash[0] ^= 1
    return { case: "finalizeBlock", value: { txResults, validatorUpdates: this.#updates(), appHash } }
  }

  async #commit(): Promise<Answer> {
    const finalised = this.#finalised
    if (finalised === undefined) return { case: "commit", value: {} }
    for (;;) {
      try {
        await this.store.commit(finalised)
        break
      } catch (error) {
        // Nothing is answered before it is on the disk: this validator waits, and the others go on without it.
        if (this.trouble === undefined) this.#options.tell((error as Error).message)
        this.trouble = "disk_is_full"
        await new Promise((next) => setTimeout(next, this.#options.retryMs ?? 500))
      }
    }
    this.trouble = undefined
    this.#finalised = undefined
    this.#pending.clear()
    for (const tx of finalised.txs) this.transactions.forget(tx)
    const { block, header, outcomes } = finalised
    const refused = [...outcomes.values()].filter((o) => o.code !== 0).length
    const info = this.application.info()
    this.#options.onCommit?.(block, outcomes, { ...info, commands: block.commands.length, refused, events: header.rows })
    // Nothing may be pruned: a chain kept for study is replayed from its first block.
    return { case: "commit", value: { retainHeight: 0n } }
  }

  #updates() {
    const before = this.#powers
    const now = this.application.quorum!.powers()
    this.#powers = now
    const changed = [...new Set([...before.keys(), ...now.keys()])].filter((key) => before.get(key) !== now.get(key))
    return changed.sort().map((key) => update(key, now.get(key) ?? 0n))
  }

  #listSnapshots(): Answer {
    const snapshots = this.store.syncHeights().flatMap((height) => {
      const bytes = this.store.readSync(height)
      const facts = { height: BigInt(height), format: SYNC_FORMAT }
      return bytes === undefined ? [] : [{ ...facts, chunks: chunksOf(bytes), hash: digestOf(bytes) }]
    })
    return { case: "listSnapshots", value: { snapshots } }
  }

  #offerSnapshot({ snapshot, appHash }: Of<"offerSnapshot">): Answer {
    const say = (result: number): Answer => ({ case: "offerSnapshot", value: { result } })
    if (snapshot === undefined || snapshot.chunks === 0 || snapshot.chunks > 10_000) return say(SNAPSHOT.reject)
    if (snapshot.format !== SYNC_FORMAT) return say(SNAPSHOT.rejectFormat)
    this.#offered = { height: Number(snapshot.height), hash: snapshot.hash, appHash, chunks: [], count: snapshot.chunks }
    return say(SNAPSHOT.accept)
  }

  #loadChunk({ height, format, chunk }: Of<"loadSnapshotChunk">): Answer {
    const bytes = format === SYNC_FORMAT ? this.store.readSync(Number(height)) : undefined
    const found = bytes === undefined || chunk >= chunksOf(bytes) ? new Uint8Array(0) : chunkOf(bytes, chunk)
    return { case: "loadSnapshotChunk", value: { chunk: found } }
  }

  #applyChunk({ index, chunk, sender }: Of<"applySnapshotChunk">): Answer {
    const say = (result: number, rejectSenders: string[] = []): Answer => ({
      case: "applySnapshotChunk",
      value: { result, rejectSenders },
    })
    const offered = this.#offered
    if (offered === undefined || index >= offered.count) return say(CHUNK.abort)
    offered.chunks[index] = chunk.slice()
    for (let k = 0; k < offered.count; k++) if (offered.chunks[k] === undefined) return say(CHUNK.accept)
    this.#offered = undefined
    const bytes = Buffer.concat(offered.chunks)
    if (!Buffer.from(digestOf(bytes)).equals(offered.hash)) return say(CHUNK.rejectSnapshot, [sender])
    const unpacked = unpackSnapshot(this.store.genesis, bytes, offered.height, offered.appHash)
    if (typeof unpacked === "string") {
      this.#options.tell(`the snapshot of block ${offered.height} is refused: ${unpacked}`)
      return say(CHUNK.rejectSnapshot, [sender])
    }
    try {
      this.store.adopt(unpacked.application, unpacked.snapshot, unpacked.parts)
    } catch (error) {
      this.#options.tell((error as Error).message)
      return say(CHUNK.abort)
    }
    this.#powers = this.application.quorum?.powers() ?? new Map()
    return say(CHUNK.accept)
  }

  #codeOf(reason: string): number {
    return codeOf(reason, this.application.machine.reasons)
  }
}

const byKey = (a: readonly [string, bigint], b: readonly [string, bigint]): number => (a[0] < b[0] ? -1 : 1)
const update = (key: string, power: bigint) => ({ pubKey: { sum: { case: "ed25519" as const, value: fromHex(key) } }, power })

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8"))
  } catch {
    return undefined
  }
}
