/** Snapshots: every table's rows as bytes, so that a run resumes, or forks, from any epoch. Never upcast: rebuilt. */
import { bytesOf, reserve, rowBytes, type AnyTable } from "./table.ts"

export const SNAPSHOT_FORMAT = 1

/** Lays the tables' lengths, versions and columns end to end, in their order. */
export function saveTables(named: Readonly<Record<string, AnyTable>>): Uint8Array {
  const names = Object.keys(named)
  const size = names.reduce((sum, n) => sum + 16 + named[n].length * rowBytes(named[n].shape), 0)
  const bytes = new Uint8Array(size)
  const view = new DataView(bytes.buffer)
  let at = 0
  for (const name of names) {
    const t = named[name]
    view.setFloat64(at, t.length, true)
    view.setFloat64(at + 8, t.version, true)
    at += 16
    for (const column of Object.keys(t.shape))
      for (const part of bytesOf(t, column, 0, t.length)) {
        bytes.set(part, at)
        at += part.length
      }
  }
  return bytes
}

/** Puts saved rows back into tables of the same shapes. Throws a RangeError when the bytes do not fit them. */
export function loadTables(named: Readonly<Record<string, AnyTable>>, bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  for (const name of Object.keys(named)) {
    const t = named[name]
    if (at + 16 > bytes.length) throw new RangeError(`the snapshot ends before table ${name}: it is cut short`)
    const length = view.getFloat64(at, true)
    const version = view.getFloat64(at + 8, true)
    at += 16
    const need = length * rowBytes(t.shape)
    if (!Number.isSafeInteger(length) || length < 0 || at + need > bytes.length)
      throw new RangeError(`the snapshot holds ${bytes.length} bytes, too few for ${length} rows of table ${name}`)
    t.length = 0
    reserve(t, length)
    t.length = length
    t.version = version
    // Digests kept of what was here before are none of what is here now.
    if (t.pages !== undefined) for (let p = 0; p < t.pages.length; p++) t.pages[p]++
    for (const column of Object.keys(t.shape))
      for (const part of bytesOf(t, column, 0, length)) {
        part.set(bytes.subarray(at, at + part.length))
        at += part.length
      }
  }
  if (at !== bytes.length) throw new RangeError(`the snapshot holds ${bytes.length - at} bytes too many for this state`)
}
