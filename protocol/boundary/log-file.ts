/**
 * The log on disk. `chain.jsonl` holds one header a line; `events.bin`, where a run keeps its events, one frame per epoch:
 * {"BSE1", epoch u32, body length f64} and the body as `protocol/kernel/log.ts` lays it out.
 */
import { closeSync, existsSync, fstatSync, fsyncSync, ftruncateSync, openSync, readFileSync, readSync } from "node:fs"
import { join } from "node:path"
import type { Header, Sink } from "../kernel/log.ts"
import { explainFailure, RecordProblem, writeAll } from "./durable.ts"

export const EVENTS_FILE = "events.bin"
export const CHAIN_FILE = "chain.jsonl"
const MAGIC = 0x31455342 // "BSE1", little-endian
const HEAD = 16

/** Where both files stand after an epoch. */
export interface Offsets {
  readonly events: number
  readonly chain: number
}

/** Appends epochs. Nothing is acknowledged until `sync`. */
export class LogWriter implements Sink {
  readonly #chain: number
  readonly #events: number | undefined
  readonly #paths: { readonly chain: string; readonly events: string }
  #parts: Uint8Array[] = []
  #offsets: { events: number; chain: number }

  /** Opens the files of `runDir`, cut back to `from`: what came after it was never acknowledged. */
  constructor(runDir: string, full: boolean, from: Offsets = { events: 0, chain: 0 }) {
    this.#paths = { chain: join(runDir, CHAIN_FILE), events: join(runDir, EVENTS_FILE) }
    try {
      this.#chain = openAt(this.#paths.chain, from.chain)
      if (full) this.#events = openAt(this.#paths.events, from.events)
    } catch (error) {
      throw error instanceof RecordProblem ? error : explainFailure(error, "open the log in", runDir)
    }
    this.#offsets = { ...from }
  }

  get keepsEvents(): boolean {
    return this.#events !== undefined
  }
  get offsets(): Offsets {
    return { ...this.#offsets }
  }

  /** Takes a part of the epoch's body; it is copied, because the bytes are only lent. */
  write(bytes: Uint8Array): void {
    if (this.#events !== undefined) this.#parts.push(bytes.slice())
  }

  /** Writes the epoch whose body was taken. */
  close(header: Header): void {
    let path = this.#paths.events
    try {
      if (this.#events !== undefined) {
        const length = this.#parts.reduce((sum, p) => sum + p.length, 0)
        const frame = new Uint8Array(HEAD + length)
        const view = new DataView(frame.buffer)
        view.setUint32(0, MAGIC, true)
        view.setUint32(4, header.epoch, true)
        view.setFloat64(8, length, true)
        let at = HEAD
        for (const part of this.#parts) {
          frame.set(part, at)
          at += part.length
        }
        writeAll(this.#events, frame, this.#offsets.events)
        this.#offsets.events += frame.length
        this.#parts = []
      }
      path = this.#paths.chain
      const line = new TextEncoder().encode(`${JSON.stringify(header)}\n`)
      writeAll(this.#chain, line, this.#offsets.chain)
      this.#offsets.chain += line.length
    } catch (error) {
      throw explainFailure(error, "append to the log", path)
    }
  }

  /** Makes everything written so far survive a power cut. */
  sync(): void {
    try {
      if (this.#events !== undefined) fsyncSync(this.#events)
      fsyncSync(this.#chain)
    } catch (error) {
      throw explainFailure(error, "sync the log", this.#paths.chain)
    }
  }

  end(): void {
    closeSync(this.#chain)
    if (this.#events !== undefined) closeSync(this.#events)
  }
}

/** Opens a file cut back to `length`. A shorter one must not be filled up with zeros: it lost what a checkpoint promised. */
function openAt(path: string, length: number): number {
  const fd = openSync(path, length === 0 ? "w" : "r+")
  const { size } = fstatSync(fd)
  if (size < length) {
    closeSync(fd)
    throw new RecordProblem(
      `${path} is damaged: it has ${size} bytes, and the checkpoint says ${length} were written; restore it from a copy, or run the scenario again`,
    )
  }
  ftruncateSync(fd, length)
  return fd
}

const isHeader = (line: unknown): line is Header => {
  const h = line as Partial<Record<keyof Header, unknown>> | null
  return (
    typeof h === "object" &&
    h !== null &&
    [h.epoch, h.at, h.rows].every(Number.isSafeInteger) &&
    [h.previous, h.events, h.state, h.hash].every((x) => typeof x === "string")
  )
}

/** The headers of a run, in order. A last line that was cut short is left out and said so. */
export function readChain(runDir: string): { readonly headers: readonly Header[]; readonly truncated: boolean } {
  const path = join(runDir, CHAIN_FILE)
  let text: string
  try {
    text = readFileSync(path, "utf8")
  } catch (error) {
    throw explainFailure(error, "read the chain", path)
  }
  const lines = text.split("\n")
  const tail = lines.pop()
  const headers: Header[] = []
  for (const [i, line] of lines.entries()) {
    let header: unknown
    try {
      header = JSON.parse(line)
    } catch {
      header = undefined
    }
    if (!isHeader(header))
      throw new RecordProblem(
        `line ${i + 1} of ${path} is damaged: it is no header of an epoch, though the lines before it are; restore it from a copy, or run the scenario again`,
      )
    headers.push(header)
  }
  return { headers, truncated: tail !== undefined && tail !== "" }
}

/** The bodies of a fully logged run, epoch by epoch; ends early, with `truncated`, where the file does. */
export class BodyReader {
  readonly #fd: number
  readonly #size: number
  readonly #path: string
  #at = 0

  constructor(runDir: string) {
    this.#path = join(runDir, EVENTS_FILE)
    try {
      this.#fd = openSync(this.#path, "r")
      this.#size = fstatSync(this.#fd).size
    } catch (error) {
      throw explainFailure(error, "read the events of", this.#path)
    }
  }

  /** The next epoch's body; undefined at the end; "damaged" where no whole frame follows. */
  next(epoch: number): Uint8Array | "damaged" | undefined {
    if (this.#at === this.#size) return undefined
    const head = this.#read(HEAD)
    if (head === undefined) return "damaged"
    const view = new DataView(head.buffer)
    const length = view.getFloat64(8, true)
    if (view.getUint32(0, true) !== MAGIC || view.getUint32(4, true) !== epoch || !Number.isSafeInteger(length) || length < 0)
      return "damaged"
    return this.#read(length) ?? "damaged"
  }

  /** Bytes that follow the frames read so far. */
  get left(): number {
    return this.#size - this.#at
  }

  end(): void {
    closeSync(this.#fd)
  }

  #read(length: number): Uint8Array | undefined {
    if (this.#at + length > this.#size) return undefined
    const bytes = new Uint8Array(length)
    for (let got = 0; got < length;) got += readSync(this.#fd, bytes, got, length - got, this.#at + got)
    this.#at += length
    return bytes
  }
}

export const hasEvents = (runDir: string): boolean => existsSync(join(runDir, EVENTS_FILE))
