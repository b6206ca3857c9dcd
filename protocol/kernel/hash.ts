/** The hasher is handed in: node:crypto on a server, a worker's own in a browser. Both must be SHA-256. */
import { bytesOf, type AnyTable } from "./table.ts"

export interface Hasher {
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

/** Feeds rows [begin, end) of a table, column after column in the order of its shape. */
export function hashRows(hasher: Hasher, t: AnyTable, begin: number, end: number): void {
  for (const name of Object.keys(t.shape)) for (const bytes of bytesOf(t, name, begin, end)) hasher.update(bytes)
}

/** Digest of a whole table: its length, then its columns. */
export function hashTable(newHasher: NewHasher, t: AnyTable): Uint8Array {
  const hasher = newHasher()
  hasher.update(new Uint8Array(new Float64Array([t.length]).buffer))
  hashRows(hasher, t, 0, t.length)
  return hasher.digest()
}

// Columns are hashed as they lie in memory. Every platform Node and Chromium run on today is little-endian.
if (new Uint8Array(new Uint32Array([1]).buffer)[0] !== 1)
  throw new Error("blackstart hashes columns as little-endian memory; this computer is big-endian and cannot run it")
