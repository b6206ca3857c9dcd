/**
 * A stand-in for the engine, for computers without it: it speaks the real socket protocol to 1…n applications, decides blocks by itself,
 * compares every answer across them, and throws at the first fork. It is no consensus: nothing of it is ever shipped.
 */
import * as net from "node:net"
import { fromHex, toHex } from "../../protocol/kernel/hash.ts"
import type { Genesis } from "../ledger/genesis.ts"
import { addressOf, powerOf } from "../ledger/quorum.ts"
import { ABCI_VERSION, BLOCK_PROTOCOL, P2P_PROTOCOL } from "./version.ts"
import { decodeResponse, Deframer, encodeRequest, type AskInit } from "./wire.ts"
import type { Response } from "./abci/abci-types.generated.js"

type Reply<Case extends Response["value"]["case"]> = Extract<Response["value"], { case: Case }>["value"]
const MISBEHAVIOUR = 1
const VOTED = 2
/** What every kind of yes has as its number. */
const ACCEPT = 1

/** One connection: answers come in the order of the questions. */
export class AbciClient {
  readonly #socket: net.Socket
  readonly #open: { readonly done: (r: Response["value"]) => void; readonly fail: (e: Error) => void }[] = []

  private constructor(socket: net.Socket) {
    this.#socket = socket
    const deframer = new Deframer()
    socket.on("data", (chunk: Buffer) => {
      for (const body of deframer.push(chunk)) this.#open.shift()?.done(decodeResponse(body))
    })
    socket.on("error", () => {})
    socket.on("close", () => {
      for (const { fail } of this.#open.splice(0)) fail(new Error("the application hung up"))
    })
  }

  static connect(path: string): Promise<AbciClient> {
    return new Promise((done, fail) => {
      const socket = net.connect(path, () => done(new AbciClient(socket)))
      socket.once("error", fail)
    })
  }

  /** Asks and flushes. Rejects when the application hangs up, or answers with an exception. */
  async ask<Case extends Response["value"]["case"]>(value: AskInit, expected: Case): Promise<Reply<Case>> {
    const answer = new Promise<Response["value"]>((done, fail) => this.#open.push({ done, fail }))
    const flushed = new Promise<Response["value"]>((done, fail) => this.#open.push({ done, fail }))
    this.#socket.write(Buffer.concat([encodeRequest(value), encodeRequest({ case: "flush", value: {} })]))
    const [got] = await Promise.all([answer, flushed])
    if (got.case !== expected)
      throw new Error(`${expected} was answered by ${got.case}: ${got.case === "exception" ? got.value.error : ""}`)
    return got.value as Reply<Case>
  }

  /** Bytes as they stand, for tests of what is no request. */
  write(bytes: Uint8Array): void {
    this.#socket.write(bytes)
  }
  get closed(): Promise<void> {
    return new Promise((done) => (this.#socket.destroyed ? done() : this.#socket.once("close", () => done())))
  }
  close(): void {
    this.#socket.destroy()
  }
}

/** One application as the stand-in sees it: the four connections of an engine. */
export interface Peer {
  readonly name: string
  readonly consensus: AbciClient
  readonly mempool: AbciClient
  readonly query: AbciClient
  readonly snapshot: AbciClient
}
export async function dial(name: string, path: string): Promise<Peer> {
  const [consensus, mempool, query, snapshot] = await Promise.all(Array.from({ length: 4 }, () => AbciClient.connect(path)))
  return { name, consensus, mempool, query, snapshot }
}
export const hangUp = ({ consensus, mempool, query, snapshot }: Peer): void => {
  for (const client of [consensus, mempool, query, snapshot]) client.close()
}

interface Decided {
  readonly txs: readonly Uint8Array[]
  readonly headerMs: number
  readonly guilty: readonly string[]
  appHash: string
}

/** Two applications gave two answers to one block. */
export class Fork extends Error {
  constructor(why: string) {
    super(why)
    this.name = "Fork"
  }
}

export class StandIn {
  readonly genesis: Genesis
  readonly blocks: Decided[] = []
  /** Power by address, as the applications last said. */
  readonly powers = new Map<string, bigint>()
  readonly #genesisMs: number

  constructor(genesis: Genesis, genesisMs = 1_800_000_000_000) {
    this.genesis = genesis
    this.#genesisMs = genesisMs
    for (const { key, stakeAtto } of genesis.validators!) this.powers.set(addressOf(fromHex(key)), powerOf(BigInt(stakeAtto)))
  }

  get height(): number {
    return this.blocks.length
  }

  /** What an engine does at its start: asks where the application stands, and plays back what it lacks. Returns the height it was at. */
  async handshake(peer: Peer): Promise<number> {
    const info = await peer.query.ask(
      {
        case: "info",
        value: { version: "0.38.25", blockVersion: BLOCK_PROTOCOL, p2pVersion: P2P_PROTOCOL, abciVersion: ABCI_VERSION },
      },
      "info",
    )
    const at = Number(info.lastBlockHeight)
    if (at > this.height) throw new Fork(`${peer.name} is at ${at}, ahead of the engine's ${this.height}`)
    const expected = at === 0 ? "" : this.blocks[at - 1].appHash
    if (toHex(info.lastBlockAppHash) !== expected) throw new Fork(`${peer.name} has another app hash at ${at}`)
    if (at === 0)
      await peer.consensus.ask(
        {
          case: "initChain",
          value: {
            chainId: this.genesis.chain,
            appStateBytes: Buffer.from(JSON.stringify(this.genesis)),
            initialHeight: 1n,
            time: stamp(this.#genesisMs),
          },
        },
        "initChain",
      )
    for (let height = at + 1; height <= this.height; height++) await this.#apply([peer], height, this.blocks[height - 1])
    return at
  }

  /** Puts a tx through every mempool. Returns the codes. */
  check = (peers: readonly Peer[], tx: Uint8Array): Promise<number[]> =>
    Promise.all(peers.map(async (p) => (await p.mempool.ask({ case: "checkTx", value: { tx } }, "checkTx")).code))

  /** Proposes, has it processed, finalised and committed by all. Returns the block's results of each tx. Throws a Fork where they differ. */
  async decide(
    peers: readonly Peer[],
    txs: readonly Uint8Array[],
    more: { readonly afterMs?: number; readonly guilty?: readonly string[] } = {},
  ): Promise<readonly { readonly code: number; readonly data: Uint8Array }[]> {
    const height = this.height + 1
    const headerMs = (this.blocks.at(-1)?.headerMs ?? this.#genesisMs) + (more.afterMs ?? 1000)
    const proposer = peers[height % peers.length]
    const proposal = await proposer.consensus.ask(
      {
        case: "prepareProposal",
        value: { txs: [...txs], maxTxBytes: 4_000_000n, height: BigInt(height), time: stamp(headerMs) },
      },
      "prepareProposal",
    )
    const block: Decided = { txs: proposal.txs, headerMs, guilty: more.guilty ?? [], appHash: "" }
    for (const { name, consensus } of peers) {
      const { status } = await consensus.ask(
        { case: "processProposal", value: { txs: [...block.txs], height: BigInt(height), time: stamp(headerMs) } },
        "processProposal",
      )
      if ((status as number) !== ACCEPT) throw new Fork(`${name} refuses the proposal of ${height}`)
    }
    return this.#apply(peers, height, block)
  }

  /** Hands a newcomer the newest snapshot that a donor lists, chunk by chunk. Returns its height; 0 where it was refused. */
  async stateSync(donor: Peer, newcomer: Peer, bend: (chunk: Uint8Array) => Uint8Array = (c) => c): Promise<number> {
    const { snapshots } = await donor.snapshot.ask({ case: "listSnapshots", value: {} }, "listSnapshots")
    const snapshot = snapshots.toSorted((a, b) => Number(b.height - a.height))[0]
    const height = Number(snapshot.height)
    const appHash = fromHex(this.blocks[height - 1].appHash)
    const { result } = await newcomer.snapshot.ask({ case: "offerSnapshot", value: { snapshot, appHash } }, "offerSnapshot")
    if ((result as number) !== ACCEPT) return 0
    for (let index = 0; index < snapshot.chunks; index++) {
      const which = { height: snapshot.height, format: snapshot.format, chunk: index }
      const { chunk } = await donor.snapshot.ask({ case: "loadSnapshotChunk", value: which }, "loadSnapshotChunk")
      const applied = await newcomer.snapshot.ask(
        { case: "applySnapshotChunk", value: { index, chunk: bend(chunk), sender: donor.name } },
        "applySnapshotChunk",
      )
      if ((applied.result as number) !== ACCEPT) return 0
    }
    return height
  }

  async #apply(peers: readonly Peer[], height: number, block: Decided) {
    const value = {
      txs: [...block.txs],
      height: BigInt(height),
      time: stamp(block.headerMs),
      decidedLastCommit: {
        votes: [...this.powers].map(([address, power]) => ({
          validator: { address: fromHex(address), power },
          blockIdFlag: VOTED,
        })),
      },
      misbehavior: block.guilty.map((address) => ({
        type: MISBEHAVIOUR,
        validator: { address: fromHex(address), power: this.powers.get(address) ?? 0n },
      })),
    }
    const answers = await Promise.all(peers.map((p) => p.consensus.ask({ case: "finalizeBlock", value }, "finalizeBlock")))
    const digest = (a: (typeof answers)[number]): string =>
      JSON.stringify([
        toHex(a.appHash),
        a.txResults.map((r) => [r.code, toHex(r.data)]),
        a.validatorUpdates.map((u) => [toHex((u.pubKey?.sum.value as Uint8Array) ?? new Uint8Array(0)), String(u.power)]),
      ])
    const first = block.appHash === "" ? answers[0] : undefined
    if (first !== undefined) {
      block.appHash = toHex(first.appHash)
      this.blocks.push(block)
      for (const { pubKey, power } of first.validatorUpdates) this.powers.set(addressOf(pubKey!.sum.value as Uint8Array), power)
    }
    for (const [i, answer] of answers.entries())
      if (toHex(answer.appHash) !== block.appHash || digest(answer) !== digest(answers[0]))
        throw new Fork(`${peers[i].name} answers block ${height} otherwise than ${peers[0].name}`)
    await Promise.all(peers.map((p) => p.consensus.ask({ case: "commit", value: {} }, "commit")))
    return answers[0].txResults
  }
}

const stamp = (ms: number) => ({ seconds: BigInt(Math.floor(ms / 1000)), nanos: (ms % 1000) * 1_000_000 })
