/**
 * The journal: blocks in the order they were decided, appended and synced before anybody is answered. Format in
 * docs/internals/journal.md.
 *
 * A record is {"BSJR", payload bytes u32, CRC-32 of the payload u32} and the payload: height f64, time f64, app hash of the block
 * before (32 bytes), commands u32, then each command as length u32 and its bytes; where several validators decided, also the length
 * u32 and the JSON of what they agreed on beside the commands. What a crash leaves half written at the end was
 * never acknowledged: it is set aside and cut off. A damaged record with whole ones behind it is another matter: nothing is cut
 * unless the operator says so.
 */
import { closeSync, fdatasync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, writeFileSync } from "node:fs"
import { dirname } from "node:path"
import { crc32 } from "node:zlib"
import { explainFailure, RecordProblem, writeAll } from "../../protocol/boundary/durable.ts"
import type { Consensus } from "./ledger.ts"

const MAGIC = 0x524a_5342 // "BSJR", little-endian
const FILE_MAGIC = "BSJ1"
/** Bytes before the first record. */
export const FILE_HEAD = 36
const HEAD = 12
const BLOCK_HEAD = 8 + 8 + 32 + 4
export const RECORD_BYTES_MAX = 64 * 1024 * 1024
const CHUNK = 4 * 1024 * 1024

export interface JournalBlock {
  readonly height: number
  readonly time: number
  /** App hash of the block before, in bytes. */
  readonly previous: Uint8Array
  readonly commands: readonly Uint8Array[]
  readonly consensus?: Consensus
}

/** Where a journal stops being whole. */
export interface Damage {
  readonly at: number
  readonly size: number
  /** Height of the last whole block before it. */
  readonly height: number
  /** Whole records found behind it: 0 for what a crash leaves. */
  readonly wholeBehind: number
  readonly why: string
}

export function encodeBlock({ height, time, previous, commands, consensus }: JournalBlock): Uint8Array {
  const agreed = consensus === undefined ? undefined : Buffer.from(JSON.stringify(consensus))
  const length = commands.reduce((sum, c) => sum + 4 + c.length, BLOCK_HEAD + (agreed === undefined ? 0 : 4 + agreed.length))
  const record = Buffer.allocUnsafe(HEAD + length)
  record.writeUInt32LE(MAGIC, 0)
  record.writeUInt32LE(length, 4)
  record.writeDoubleLE(height, HEAD)
  record.writeDoubleLE(time, HEAD + 8)
  record.set(previous, HEAD + 16)
  record.writeUInt32LE(commands.length, HEAD + 48)
  let at = HEAD + BLOCK_HEAD
  for (const c of commands) {
    record.writeUInt32LE(c.length, at)
    record.set(c, at + 4)
    at += 4 + c.length
  }
  if (agreed !== undefined) {
    record.writeUInt32LE(agreed.length, at)
    record.set(agreed, at + 4)
  }
  record.writeUInt32LE(crc32(record.subarray(HEAD)), 8)
  return record
}

/** A payload as a block; undefined where it does not read as one. */
export function decodeBlock(payload: Buffer): JournalBlock | undefined {
  if (payload.length < BLOCK_HEAD) return undefined
  const height = payload.readDoubleLE(0)
  const time = payload.readDoubleLE(8)
  const count = payload.readUInt32LE(48)
  if (!Number.isSafeInteger(height) || height < 1 || !Number.isSafeInteger(time) || time < 0) return undefined
  const commands: Uint8Array[] = []
  let at = BLOCK_HEAD
  for (let i = 0; i < count; i++) {
    if (at + 4 > payload.length) return undefined
    const length = payload.readUInt32LE(at)
    if (at + 4 + length > payload.length) return undefined
    commands.push(payload.subarray(at + 4, at + 4 + length))
    at += 4 + length
  }
  const block = { height, time, previous: payload.subarray(16, 48), commands }
  if (at === payload.length) return block
  const consensus = at + 4 <= payload.length ? readConsensus(payload.subarray(at + 4), payload.readUInt32LE(at)) : undefined
  return consensus === undefined ? undefined : { ...block, consensus }
}

/** What validators agreed on beside the commands; undefined where the bytes do not read as that. */
function readConsensus(bytes: Buffer, length: number): Consensus | undefined {
  if (bytes.length !== length) return undefined
  try {
    const { headerMs, carryMilli, guilty } = JSON.parse(bytes.toString("utf8")) as Consensus
    const whole = [headerMs, carryMilli].every((n) => Number.isSafeInteger(n) && n >= 0)
    return whole && Array.isArray(guilty) && guilty.every((a) => typeof a === "string")
      ? { headerMs, carryMilli, guilty }
      : undefined
  } catch {
    return undefined
  }
}

/**
 * Reads records from `from` on, which follow block `behind` where that is known. Yields each block with the offset behind it; returns the damage it ended
 * at, if any: a whole record out of its order is damage too.
 */
export function* readJournal(
  path: string,
  genesis: string,
  from = 0,
  behind?: number,
): Generator<{ block: JournalBlock; end: number }, Damage | undefined> {
  const fd = openSync(path, "r")
  try {
    const { size } = fstatSync(fd)
    checkFileHead(fd, path, genesis)
    let at = Math.max(from, FILE_HEAD)
    let height = behind ?? 0
    let isKnown = behind !== undefined
    let buffer = Buffer.alloc(0)
    let base = at
    /** Bytes [at, at + n), or undefined beyond the end. */
    const bytes = (n: number): Buffer | undefined => {
      if (at + n > size) return undefined
      if (at + n > base + buffer.length) {
        const want = Math.min(size - at, Math.max(n, CHUNK))
        const next = Buffer.allocUnsafe(want)
        for (let got = 0; got < want;) got += readSync(fd, next, got, want - got, at + got)
        buffer = next
        base = at
      }
      return buffer.subarray(at - base, at - base + n)
    }
    while (at < size) {
      const head = bytes(HEAD)
      const length = head?.readUInt32LE(4) ?? 0
      const why =
        head === undefined
          ? "a record's head is cut short"
          : head.readUInt32LE(0) !== MAGIC
            ? "no record begins here"
            : length > RECORD_BYTES_MAX
              ? "a record says it is larger than any is"
              : undefined
      const checksum = head?.readUInt32LE(8)
      const record = why === undefined ? bytes(HEAD + length) : undefined
      const payload = record?.subarray(HEAD)
      const block = payload !== undefined && crc32(payload) === checksum ? decodeBlock(payload) : undefined
      if (block === undefined)
        return {
          at,
          size,
          height,
          wholeBehind: countWhole(fd, at + 1, size),
          why: why ?? (record === undefined ? "a record is cut short" : "a record's checksum does not match"),
        }
      if (isKnown && block.height !== height + 1)
        return {
          at,
          size,
          height,
          wholeBehind: countWhole(fd, at, size),
          why: `block ${block.height} stands where block ${height + 1} should`,
        }
      at += HEAD + length
      height = block.height
      isKnown = true
      yield { block, end: at }
    }
    return undefined
  } finally {
    closeSync(fd)
  }
}

/** Whole records anywhere behind a damage, so that a torn tail is told from a hole. */
function countWhole(fd: number, from: number, size: number): number {
  const rest = Buffer.allocUnsafe(size - from)
  for (let got = 0; got < rest.length;) got += readSync(fd, rest, got, rest.length - got, from + got)
  const magic = Buffer.alloc(4)
  magic.writeUInt32LE(MAGIC)
  let whole = 0
  for (let at = rest.indexOf(magic); at >= 0; at = rest.indexOf(magic, at + 1)) {
    if (at + HEAD > rest.length) break
    const length = rest.readUInt32LE(at + 4)
    if (length > RECORD_BYTES_MAX || at + HEAD + length > rest.length) continue
    const payload = rest.subarray(at + HEAD, at + HEAD + length)
    if (crc32(payload) === rest.readUInt32LE(at + 8) && decodeBlock(payload) !== undefined) {
      whole++
      at += HEAD + length - 1
    }
  }
  return whole
}

function checkFileHead(fd: number, path: string, genesis: string): void {
  const head = Buffer.alloc(FILE_HEAD)
  let got = 0
  for (let n = 1; got < FILE_HEAD && n > 0; got += n) n = readSync(fd, head, got, FILE_HEAD - got, got)
  if (got < FILE_HEAD || head.toString("latin1", 0, 4) !== FILE_MAGIC)
    throw new RecordProblem(`${path} is no journal of a chain: its first bytes are others; restore it from a copy`)
  if (head.toString("hex", 4) !== genesis)
    throw new RecordProblem(`${path} is the journal of another chain than the genesis.json beside it; restore the two together`)
}

/** Appends blocks. `append` resolves when the block survives a power cut. */
export class Journal {
  readonly #fd: number
  readonly #path: string
  #end: number

  /** Opens the journal for appending behind `end`; a new file gets its head. */
  constructor(path: string, genesis: string, end?: number) {
    this.#path = path
    try {
      this.#fd = openSync(path, end === undefined ? "wx" : "r+", 0o600)
      if (end === undefined) {
        writeAll(this.#fd, Buffer.concat([Buffer.from(FILE_MAGIC, "latin1"), Buffer.from(genesis, "hex")]))
        fsyncSync(this.#fd)
        // The file's name must survive a power cut too.
        const folder = openSync(dirname(path), "r")
        fsyncSync(folder)
        closeSync(folder)
      }
    } catch (error) {
      throw explainFailure(error, "open the journal", path)
    }
    this.#end = end ?? FILE_HEAD
  }

  get end(): number {
    return this.#end
  }

  /** Writes and syncs. On failure the file is cut back, so that no half block stays, and a RecordProblem tells why. */
  async append(record: Uint8Array): Promise<void> {
    try {
      writeAll(this.#fd, record, this.#end)
      await new Promise<void>((done, fail) => fdatasync(this.#fd, (error) => (error === null ? done() : fail(error))))
      this.#end += record.length
    } catch (error) {
      try {
        ftruncateSync(this.#fd, this.#end)
      } catch {
        // A disk that refuses even this is told by the failure itself.
      }
      throw explainFailure(error, "append to the journal", this.#path)
    }
  }

  close(): void {
    closeSync(this.#fd)
  }
}

/** Sets what follows `at` aside beside the journal, and cuts it off. Returns where it was put. */
export function cutOff(path: string, at: number): string {
  const fd = openSync(path, "r+")
  try {
    const { size } = fstatSync(fd)
    const tail = Buffer.allocUnsafe(size - at)
    for (let got = 0; got < tail.length;) got += readSync(fd, tail, got, tail.length - got, at + got)
    const aside = `${path}.cut-at-${at}`
    writeFileSync(aside, tail, { mode: 0o600 })
    ftruncateSync(fd, at)
    fsyncSync(fd)
    return aside
  } finally {
    closeSync(fd)
  }
}
