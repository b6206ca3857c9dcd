/**
 * A snapshot as it travels to a newcomer, in chunks: the same bytes on every honest validator. The newcomer trusts nobody for it: the
 * light client hands it the app hash of that height, and the app hash is the SHA-256 of {previous app hash, events, state, epoch, time}, so
 * the tables, hashed again, either come to it or are another chain's.
 *
 *     meta length u32 | meta as JSON | tables
 */
import { chain } from "../../protocol/kernel/log.ts"
import type { Header } from "../../protocol/kernel/log.ts"
import { fromHex, toHex } from "../../protocol/kernel/hash.ts"
import { RecordProblem } from "../../protocol/boundary/durable.ts"
import { ChainApplication, newHasher, type Snapshot } from "../ledger/application.ts"
import { hexOf, sha256 } from "../ledger/command.ts"
import type { Genesis } from "../ledger/genesis.ts"

export const SYNC_FORMAT = 1
/** Well under the 16 MB that the engine carries. */
export const CHUNK_BYTES = 1024 * 1024

type Parts = Pick<Header, "previous" | "events">

export function packSnapshot({ meta, tables }: Snapshot, { previous, events }: Parts): Uint8Array {
  const json = Buffer.from(JSON.stringify({ ...meta, previous, events }))
  const head = Buffer.alloc(4)
  head.writeUInt32LE(json.length)
  return Buffer.concat([head, json, tables])
}

export const chunksOf = (bytes: Uint8Array): number => Math.max(1, Math.ceil(bytes.length / CHUNK_BYTES))
export const chunkOf = (bytes: Uint8Array, k: number): Uint8Array => bytes.subarray(k * CHUNK_BYTES, (k + 1) * CHUNK_BYTES)

export interface Unpacked {
  readonly application: ChainApplication
  readonly snapshot: Snapshot
  readonly parts: Parts
}

/** An application at the snapshot's height; a reason where the bytes do not come to the trusted app hash. Total. */
export function unpackSnapshot(genesis: Genesis, bytes: Uint8Array, height: number, trusted: Uint8Array): Unpacked | string {
  try {
    const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(0, true)
    const { previous, events, ...meta } = JSON.parse(
      Buffer.from(bytes.subarray(4, 4 + length)).toString("utf8"),
    ) as Snapshot["meta"] & Parts
    if (meta.height !== height || meta.appHash !== hexOf(trusted)) return "it is of another block"
    const snapshot = { meta, tables: new Uint8Array(bytes.subarray(4 + length)) }
    const application = new ChainApplication(genesis)
    application.restore(snapshot)
    const state = fromHex(application.stateHash())
    // Epochs count from 0, blocks from 1.
    const hash = chain(newHasher, fromHex(previous), fromHex(events), state, height - 1, meta.time)
    return toHex(hash) === meta.appHash
      ? { application, snapshot, parts: { previous, events } }
      : "its tables come to another app hash"
  } catch (error) {
    return error instanceof RecordProblem || error instanceof Error ? error.message : String(error)
  }
}

export const digestOf = (bytes: Uint8Array): Uint8Array => sha256(bytes)
