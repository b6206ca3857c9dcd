/** Folds a recorded body onto machines without deciding anything, and says where a header differs from what was folded. */
import type { Hasher } from "../kernel/hash.ts"
import { toHex, ZERO_HASH } from "../kernel/hash.ts"
import type { Header, Log } from "../kernel/log.ts"
import type { Machine } from "../kernel/machine.ts"
import { bytesOf, reserve, rowBytes, type AnyTable } from "../kernel/table.ts"

/** Where a log and what it derives part. */
export interface Difference {
  readonly epoch: number
  readonly at: string
  readonly what: "events" | "state" | "chain" | "truncated" | "manifest"
  readonly expected: string
  readonly found: string
}

/** What a verification came to. */
export interface Replayed {
  readonly verified: boolean
  readonly how: "folded" | "run again"
  readonly epochs: number
  readonly events: number
  readonly seconds: number
  readonly logHash: string
  readonly difference?: Difference
}

/** The first field of a recorded header that its epoch does not give. */
export function differenceOf(recorded: Header, found: Header): Pick<Difference, "what" | "expected" | "found"> | undefined {
  for (const [what, field] of [
    ["events", "events"],
    ["events", "rows"],
    ["state", "state"],
    ["chain", "previous"],
    ["chain", "at"],
    ["chain", "hash"],
  ] as const)
    if (recorded[field] !== found[field]) return { what, expected: String(recorded[field]), found: String(found[field]) }
  return undefined
}

/** Puts a body's runs into tables and calls `fold` for each. False where the body does not read as runs of this plan. */
export function readBody(
  body: Uint8Array,
  tablesOf: (stream: number, type: number) => AnyTable | undefined,
  fold: (stream: number, type: number, rows: AnyTable, length: number) => void,
): boolean {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
  let at = 0
  while (at < body.length) {
    if (at + 12 > body.length) return false
    const stream = view.getUint16(at, true)
    const type = view.getUint16(at + 2, true)
    const length = view.getUint32(at + 4, true)
    const size = view.getUint32(at + 8, true)
    at += 12
    const rows = tablesOf(stream, type)
    if (rows === undefined || size !== length * rowBytes(rows.shape) || at + size > body.length) return false
    rows.length = 0
    reserve(rows, length)
    for (const name of Object.keys(rows.shape))
      for (const part of bytesOf(rows, name, 0, length)) {
        part.set(body.subarray(at, at + part.length))
        at += part.length
      }
    fold(stream, type, rows, length)
  }
  return true
}

/** Rows folded; undefined where the body does not read as runs of these machines. */
export function foldBody(body: Uint8Array, machines: readonly Machine[]): number | undefined {
  let rows = 0
  const whole = readBody(
    body,
    (stream, type) => machines[stream]?.rowsOf[type],
    (stream, type, table, length) => {
      rows += length
      machines[stream].replay(type, table, 0, length)
    },
  )
  return whole ? rows : undefined
}

/** Folds one epoch's body and seals it as `header` says it was: the header that these machines come to. */
export function foldEpoch(
  newHasher: () => Hasher,
  log: Log,
  machines: readonly Machine[],
  body: Uint8Array,
  header: Header,
): Header {
  const hasher = newHasher()
  hasher.update(body)
  const events = hasher.digest()
  // Changed rows are never folded: evolve trusts what decide wrote. Their hash says already that they were changed.
  const rows = toHex(events) === header.events ? foldBody(body, machines) : undefined
  return log.seal(events, rows === undefined ? ZERO_HASH : log.stateHash(machines), header.at, rows ?? header.rows)
}
