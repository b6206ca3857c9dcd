/**
 * The log: runs of rows, chained by SHA-256, one header per epoch.
 *
 * An epoch's body is its streams' runs in order, each a 12-byte head {stream u16, type u16, rows u32, bytes u32} and
 * its columns as they lie in memory. `events` is the SHA-256 of the body, `state` that of every state table, and
 * `hash` that of {previous, events, state, epoch, at}: to change one row anywhere is to change every later hash.
 */
import { DIGEST, hashState, PageHashes, toHex, ZERO_HASH, type Hasher, type NewHasher } from "./hash.ts"
import { copyRows, layoutOf, type Layout } from "./layout.ts"
import type { Machine } from "./machine.ts"
import type { AnyTable } from "./table.ts"

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

const NONE: readonly string[] = []

/** SHA-256 over the state of every source, table by table. Tables named `seldom` are digested only when, and paged ones where, they moved. */
export class StateHash {
  readonly #newHasher: NewHasher
  readonly #kept = new Map<string, { length: number; version: number; digest: Uint8Array }>()
  readonly #pages = new Map<string, PageHashes>()
  readonly #seldom = new Map<readonly string[], ReadonlySet<string>>()
  /** The tables' digests in order: one update for all of them. */
  #digests = new Uint8Array(64 * DIGEST)

  constructor(newHasher: NewHasher) {
    this.#newHasher = newHasher
  }

  of(sources: readonly Source[]): Uint8Array {
    let at = 0
    for (let s = 0; s < sources.length; s++) {
      const seldom = this.#seldomOf(sources[s])
      const named = sources[s].stateTables()
      for (const name of Object.keys(named)) {
        if (at === this.#digests.length) {
          const wider = new Uint8Array(2 * at)
          wider.set(this.#digests)
          this.#digests = wider
        }
        const t = named[name]
        this.#digests.set(seldom.has(name) ? this.#seldomDigest(`${s}/${name}`, t) : hashState(this.#newHasher, t), at)
        at += DIGEST
      }
    }
    const all = this.#newHasher()
    all.update(this.#digests.subarray(0, at))
    return all.digest()
  }

  #seldomOf({ seldom = NONE }: Source): ReadonlySet<string> {
    let names = this.#seldom.get(seldom)
    if (names === undefined) this.#seldom.set(seldom, (names = new Set(seldom)))
    return names
  }

  #seldomDigest(key: string, t: AnyTable): Uint8Array {
    let kept = this.#kept.get(key)
    if (kept === undefined || kept.length !== t.length || kept.version !== t.version) {
      kept = { length: t.length, version: t.version, digest: this.#digest(key, t) }
      this.#kept.set(key, kept)
    }
    return kept.digest
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
  readonly #body: Body
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
    this.#body = new Body(sink)
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
    const body = this.#body
    body.begin(events)
    let rows = 0
    for (let s = 0; s < sources.length; s++) {
      const { runs, rowsOf } = sources[s]
      for (const { type, begin, end } of runs) {
        rows += end - begin
        body.run(s, type, layoutOf(rowsOf[type]), begin, end)
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

/** Writes runs to a hasher and a sink. Short ones are gathered first: the same bytes in far fewer calls. */
class Body {
  readonly #sink: Sink | undefined
  #hasher!: Hasher
  readonly #buffer = new Uint8Array(8 * SHORT)
  readonly #view = new DataView(this.#buffer.buffer)
  #used = 0

  constructor(sink: Sink | undefined) {
    this.#sink = sink
  }

  /** The next epoch's body goes to this hasher. */
  begin(hasher: Hasher): void {
    this.#hasher = hasher
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
    if (size > SHORT) {
      this.flush()
      const { columns, widths } = layout
      for (let c = 0; c < columns.length; c++) this.#write(columns[c].subarray(begin * widths[c], end * widths[c]))
      return
    }
    this.#used = copyRows(layout, begin, end, view, this.#used)
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
