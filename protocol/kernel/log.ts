/**
 * The log: runs of rows, chained by SHA-256, one header per epoch.
 *
 * An epoch's body is its streams' runs in order, each a 12-byte head {stream u16, type u16, rows u32, bytes u32} and
 * its columns as they lie in memory. `events` is the SHA-256 of the body, `state` that of every state table, and
 * `hash` that of {previous, events, state, epoch, at}: to change one row anywhere is to change every later hash.
 */
import { hashState, PageHashes, toHex, ZERO_HASH, type Hasher, type NewHasher } from "./hash.ts"
import type { Machine } from "./machine.ts"
import { bytesOf, rowBytes, type AnyTable } from "./table.ts"

export interface Header {
  readonly epoch: number
  /** Unix seconds at the epoch's end. */
  readonly at: number
  readonly previous: string
  readonly events: string
  readonly state: string
  readonly hash: string
  /** Rows in the epoch's body. */
  readonly rows: number
}

/** Where bodies go: a file, a buffer, or nowhere. The bytes are lent until `write` returns. */
export interface Sink {
  write(bytes: Uint8Array): void
}

/** Anything whose rows belong in the log: a network's machine, or the world. */
export type Source = Pick<Machine, "runs" | "rowsOf" | "stateTables" | "clear"> & {
  readonly seldom?: readonly string[]
}

/** SHA-256 over the state of every source, table by table. Tables named `seldom` are digested only when, and paged ones where, they moved. */
export class StateHash {
  readonly #newHasher: NewHasher
  readonly #kept = new Map<string, { length: number; version: number; digest: Uint8Array }>()
  readonly #pages = new Map<string, PageHashes>()

  constructor(newHasher: NewHasher) {
    this.#newHasher = newHasher
  }

  of(sources: readonly Source[]): Uint8Array {
    const all = this.#newHasher()
    for (let s = 0; s < sources.length; s++) {
      const { seldom = [] } = sources[s]
      const named = sources[s].stateTables()
      for (const name of Object.keys(named)) {
        const t = named[name]
        if (!seldom.includes(name)) {
          all.update(hashState(this.#newHasher, t))
          continue
        }
        const key = `${s}/${name}`
        let kept = this.#kept.get(key)
        if (kept === undefined || kept.length !== t.length || kept.version !== t.version) {
          kept = { length: t.length, version: t.version, digest: this.#digest(key, t) }
          this.#kept.set(key, kept)
        }
        all.update(kept.digest)
      }
    }
    return all.digest()
  }

  #digest(key: string, t: AnyTable): Uint8Array {
    if (t.pages === undefined) return hashState(this.#newHasher, t)
    let pages = this.#pages.get(key)
    if (pages === undefined) {
      pages = new PageHashes()
      this.#pages.set(key, pages)
    }
    return pages.of(this.#newHasher, t)
  }
}

const HEAD = 12
/** Runs up to this many bytes are gathered; longer ones go to the hasher where they lie. */
const SHORT = 4096

/** The hash of a header's parts. */
export function chain(
  newHasher: NewHasher,
  previous: Uint8Array,
  events: Uint8Array,
  state: Uint8Array,
  epoch: number,
  at: number,
): Uint8Array {
  const hasher = newHasher()
  hasher.update(previous)
  hasher.update(events)
  hasher.update(state)
  hasher.update(new Uint8Array(new Float64Array([epoch, at]).buffer))
  return hasher.digest()
}

export class Log {
  readonly #newHasher: NewHasher
  readonly #stateHash: StateHash
  readonly #sink: Sink | undefined
  #previous: Uint8Array
  #epoch: number
  rows = 0

  constructor(
    newHasher: NewHasher,
    sink?: Sink,
    from: { epoch: number; previous: Uint8Array; rows: number } = { epoch: 0, previous: ZERO_HASH, rows: 0 },
  ) {
    this.#newHasher = newHasher
    this.#stateHash = new StateHash(newHasher)
    this.#sink = sink
    this.#previous = from.previous
    this.#epoch = from.epoch
    this.rows = from.rows
  }

  get epoch(): number {
    return this.#epoch
  }
  get hash(): Uint8Array {
    return this.#previous
  }

  /** Closes an epoch at time `at`: hashes and sinks every source's runs, then its state; clears the sources. */
  close(sources: readonly Source[], at: number): Header {
    const events = this.#newHasher()
    const body = new Body(events, this.#sink)
    let rows = 0
    for (let s = 0; s < sources.length; s++) {
      const { runs, rowsOf } = sources[s]
      const layouts = rowsOf.map(layoutOf)
      for (const { type, begin, end } of runs) {
        rows += end - begin
        body.run(s, type, layouts[type], begin, end)
      }
    }
    body.flush()
    const header = this.seal(events.digest(), this.#stateHash.of(sources), at, rows)
    for (const source of sources) source.clear()
    return header
  }

  /** Chains an epoch whose body was hashed elsewhere: replay seals what it folded and compares. */
  seal(events: Uint8Array, state: Uint8Array, at: number, rows: number): Header {
    const hash = chain(this.#newHasher, this.#previous, events, state, this.#epoch, at)
    const header: Header = {
      epoch: this.#epoch,
      at,
      previous: toHex(this.#previous),
      events: toHex(events),
      state: toHex(state),
      hash: toHex(hash),
      rows,
    }
    this.#previous = hash
    this.#epoch++
    this.rows += rows
    return header
  }

  stateHash(sources: readonly Source[]): Uint8Array {
    return this.#stateHash.of(sources)
  }
}

/** A table's columns as bytes, in the order of its shape, each with the width of a cell. */
interface Layout {
  readonly columns: readonly Uint8Array[]
  /** The same memory as u32, for columns whose cells are whole words; empty for the others. */
  readonly words: readonly Uint32Array[]
  readonly widths: readonly number[]
  readonly rowBytes: number
}

function layoutOf(t: AnyTable): Layout {
  const columns = Object.keys(t.shape).flatMap((name) => bytesOf(t, name, 0, t.capacity))
  const widths = columns.map((c) => (t.capacity === 0 ? 0 : c.length / t.capacity))
  const words = columns.map((c, i) =>
    widths[i] < 4 ? new Uint32Array(0) : new Uint32Array(c.buffer, c.byteOffset, c.length >>> 2),
  )
  return { columns, words, widths, rowBytes: rowBytes(t.shape) }
}

/** Writes runs to a hasher and a sink. Short ones are gathered first: the same bytes in far fewer calls. */
class Body {
  readonly #hasher: Hasher
  readonly #sink: Sink | undefined
  readonly #buffer = new Uint8Array(8 * SHORT)
  readonly #view = new DataView(this.#buffer.buffer)
  #used = 0

  constructor(hasher: Hasher, sink: Sink | undefined) {
    this.#hasher = hasher
    this.#sink = sink
  }

  run(stream: number, type: number, layout: Layout, begin: number, end: number): void {
    const size = (end - begin) * layout.rowBytes
    if (this.#used + HEAD + SHORT > this.#buffer.length) this.flush()
    const view = this.#view
    view.setUint16(this.#used, stream, true)
    view.setUint16(this.#used + 2, type, true)
    view.setUint32(this.#used + 4, end - begin, true)
    view.setUint32(this.#used + 8, size, true)
    this.#used += HEAD
    const { columns, words, widths } = layout
    if (size > SHORT) {
      this.flush()
      for (let c = 0; c < columns.length; c++) this.#write(columns[c].subarray(begin * widths[c], end * widths[c]))
      return
    }
    const buffer = this.#buffer
    let at = this.#used
    for (let c = 0; c < columns.length; c++) {
      const width = widths[c]
      if (width >= 4) {
        const column = words[c]
        const last = (end * width) >>> 2
        for (let i = (begin * width) >>> 2; i < last; i++) {
          view.setUint32(at, column[i], true)
          at += 4
        }
      } else {
        const column = columns[c]
        const last = end * width
        for (let i = begin * width; i < last; i++) buffer[at++] = column[i]
      }
    }
    this.#used = at
  }

  flush(): void {
    if (this.#used > 0) this.#write(this.#buffer.subarray(0, this.#used))
    this.#used = 0
  }

  #write(bytes: Uint8Array): void {
    this.#hasher.update(bytes)
    this.#sink?.write(bytes)
  }
}
