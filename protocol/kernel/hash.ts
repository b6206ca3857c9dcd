/** The hasher is handed in: node:crypto on a server, a worker's own in a browser. Both must be SHA-256. */
import { copyRows, layoutOf } from "./layout.ts"
import type { AnyTable } from "./table.ts"

export interface Hasher {
  /** The bytes are lent until it returns: what is to be kept of them is copied. */
  update(bytes: Uint8Array): void
  /** 32 bytes; the hasher is finished afterwards. */
  digest(): Uint8Array
}
export type NewHasher = () => Hasher

export const ZERO_HASH = new Uint8Array(32)

export const toHex = (bytes: Uint8Array): string => {
  let text = ""
  for (const b of bytes) text += (b < 16 ? "0" : "") + b.toString(16)
  return text
}

export const fromHex = (text: string): Uint8Array => {
  const bytes = new Uint8Array(text.length / 2)
  for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(text.slice(2 * i, 2 * i + 2), 16)
  return bytes
}

/** Up to so many bytes are gathered before they are hashed: fewer calls, and no view of each column. */
const SHORT = 4096
const LENGTH = 8
const scratch = new Uint8Array(LENGTH + SHORT)
const view = new DataView(scratch.buffer)

/** Digest of a whole table: its length, then its columns one after the other in the order of its shape. */
export function hashTable(newHasher: NewHasher, t: AnyTable): Uint8Array {
  const hasher = newHasher()
  const layout = layoutOf(t)
  view.setFloat64(0, t.length, true)
  if (t.length * layout.rowBytes <= SHORT) {
    hasher.update(scratch.subarray(0, copyRows(layout, 0, t.length, view, LENGTH)))
    return hasher.digest()
  }
  hasher.update(scratch.subarray(0, LENGTH))
  const { columns, widths } = layout
  for (let c = 0; c < columns.length; c++) hasher.update(columns[c].subarray(0, t.length * widths[c]))
  return hasher.digest()
}

/** Bytes of a digest. */
export const DIGEST = 32

/**
 * Digests of a paged table's pages, kept from one hash to the next. A table's digest is that of its length and its pages'
 * digests in order; a page's is that of its columns, one after the other.
 */
export class PageHashes {
  #digests = new Uint8Array(0)
  #seen = new Uint32Array(0)
  #length = 0
  #buffer = new Uint8Array(0)

  /** The digest of `t`, which has pages: only those that moved since the last call are hashed. */
  of(newHasher: NewHasher, t: AnyTable): Uint8Array {
    const pages = t.pages!
    const pageRows = t.pageRows!
    const count = Math.ceil(t.length / pageRows)
    if (this.#seen.length < count) {
      const digests = new Uint8Array(pages.length * DIGEST)
      digests.set(this.#digests)
      this.#digests = digests
      const seen = new Uint32Array(pages.length)
      seen.set(this.#seen)
      this.#seen = seen
    }
    // A page that gained or lost rows is another page, whoever touched it.
    const whole = Math.floor(Math.min(this.#length, t.length) / pageRows)
    const { columns, widths, rowBytes } = layoutOf(t)
    if (this.#buffer.length < pageRows * rowBytes) this.#buffer = new Uint8Array(pageRows * rowBytes)
    const buffer = this.#buffer
    for (let p = 0; p < count; p++) {
      if (this.#seen[p] === pages[p] && (p < whole || this.#length === t.length)) continue
      this.#seen[p] = pages[p]
      const end = Math.min(t.length, (p + 1) * pageRows)
      let at = 0
      for (let c = 0; c < columns.length; c++) {
        const bytes = columns[c].subarray(p * pageRows * widths[c], end * widths[c])
        buffer.set(bytes, at)
        at += bytes.length
      }
      const hasher = newHasher()
      hasher.update(buffer.subarray(0, at))
      this.#digests.set(hasher.digest(), p * DIGEST)
    }
    this.#length = t.length
    const all = newHasher()
    view.setFloat64(0, t.length, true)
    all.update(scratch.subarray(0, LENGTH))
    all.update(this.#digests.subarray(0, count * DIGEST))
    return all.digest()
  }
}

/** Digest of a table as the state hash takes it: page by page if it is paged. */
export const hashState = (newHasher: NewHasher, t: AnyTable): Uint8Array =>
  t.pages === undefined ? hashTable(newHasher, t) : new PageHashes().of(newHasher, t)

// Columns are hashed as they lie in memory. Every platform Node and Chromium run on today is little-endian.
if (new Uint8Array(new Uint32Array([1]).buffer)[0] !== 1)
  throw new Error("blackstart hashes columns as little-endian memory; this computer is big-endian and cannot run it")
