/** A log kept in memory, and folded again from its bytes alone: what the exam holds a network's replay to. */
import type { NewHasher } from "../kernel/hash.ts"
import { Log, type Header, type Source } from "../kernel/log.ts"
import type { Machine } from "../kernel/machine.ts"
import { bytesOf, reserve, rowBytes, table, type AnyTable } from "../kernel/table.ts"

export interface KeptEpoch {
  readonly header: Header
  readonly body: Uint8Array
}

export const sourceOf = (machine: Machine): Source => ({
  seldom: machine.network.seldom,
  rowsOf: machine.rowsOf,
  get runs() {
    return machine.runs
  },
  stateTables: () => machine.stateTables(),
  clear: () => machine.clear(),
})

/** A log whose bodies are kept. */
export class KeptLog {
  readonly #log: Log
  readonly #source: Source
  readonly epochs: KeptEpoch[] = []
  #parts: Uint8Array[] = []

  constructor(machine: Machine, newHasher: NewHasher) {
    this.#source = sourceOf(machine)
    this.#log = new Log(newHasher, { write: (bytes) => void this.#parts.push(bytes.slice()) })
  }

  close(at: number): Header {
    const header = this.#log.close([this.#source], at)
    const body = new Uint8Array(this.#parts.reduce((n, p) => n + p.length, 0))
    let k = 0
    for (const part of this.#parts) {
      body.set(part, k)
      k += part.length
    }
    this.#parts = []
    this.epochs.push({ header, body })
    return header
  }
}

const HEAD = 12

/** Folds kept epochs on a fresh machine and gives the headers that come of it. */
export function fold(machine: Machine, epochs: readonly KeptEpoch[], newHasher: NewHasher): readonly Header[] {
  const log = new Log(newHasher)
  const source = sourceOf(machine)
  return epochs.map(({ header, body }) => {
    const rows = foldBody(machine, body)
    const hasher = newHasher()
    hasher.update(body)
    return log.seal(hasher.digest(), log.stateHash([source]), header.at, rows)
  })
}

function foldBody(machine: Machine, body: Uint8Array): number {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
  let rows = 0
  for (let at = 0; at < body.length;) {
    const type = view.getUint16(at + 2, true)
    const n = view.getUint32(at + 4, true)
    const size = view.getUint32(at + 8, true)
    const t = table(machine.rowsOf[type].shape, n) as AnyTable
    if (size !== n * rowBytes(t.shape))
      throw new Error(`a run of ${n} ${machine.types[type]} says ${size} bytes instead of ${n * rowBytes(t.shape)}`)
    reserve(t, n)
    t.length = n
    at += HEAD
    for (const name of Object.keys(t.shape))
      for (const part of bytesOf(t, name, 0, n)) {
        part.set(body.subarray(at, at + part.length))
        at += part.length
      }
    machine.replay(type, t, 0, n)
    rows += n
  }
  return rows
}
