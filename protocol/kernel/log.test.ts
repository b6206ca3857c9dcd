import fc from "fast-check"
import { createHash } from "node:crypto"
import { describe, expect, it } from "vitest"
import { toHex, type NewHasher } from "./hash.ts"
import { Log, type Header, type Source } from "./log.ts"
import type { Run } from "./machine.ts"
import { appendRow, bytesOf, filled, rowBytes, table, type AnyTable } from "./table.ts"
import { amount, count16, count32, flag } from "./unit.ts"

const sha256: NewHasher = () => {
  const h = createHash("sha256")
  return { update: (b) => void h.update(b), digest: () => new Uint8Array(h.digest()) }
}

/** A source whose epochs are given: each a list of runs, each a type and its rows' values. */
type Epoch = readonly { readonly type: number; readonly values: readonly number[] }[]
const shapes = [
  { a: flag, b: count16, c: count32 },
  { held: amount, c: count32 },
] as const

function source(epoch: Epoch): Source & { tables: AnyTable[]; state: AnyTable } {
  const tables = [table(shapes[0], 0), table(shapes[1], 0)] as AnyTable[]
  const runs: Run[] = []
  for (const { type, values } of epoch) {
    const begin = tables[type].length
    for (const v of values)
      appendRow(tables[type], (type === 0 ? { a: v & 1, b: v & 0xffff, c: v } : { held: -BigInt(v), c: v }) as never)
    runs.push({ type, begin, end: tables[type].length })
  }
  const state = filled({ c: count32 }, 2)
  return {
    runs,
    rowsOf: tables,
    tables,
    state,
    stateTables: () => ({ state }),
    clear() {
      runs.length = 0
    },
  }
}

function logged(epochs: readonly Epoch[], spoil?: (epoch: number, s: ReturnType<typeof source>) => void) {
  const bodies: number[][] = []
  let body: number[] = []
  const log = new Log(sha256, { write: (bytes) => void body.push(...bytes) })
  const headers = epochs.map((epoch, e): Header => {
    const s = source(epoch)
    spoil?.(e, s)
    const header = log.close([s], 1000 + e)
    bodies.push(body)
    body = []
    return header
  })
  return { headers, bodies, log }
}

const value = fc.integer({ min: 0, max: 0xffff_ffff })
const run = fc.record({ type: fc.nat(1), values: fc.array(value, { minLength: 1, maxLength: 6 }) })
const epochs = fc.array(fc.array(run, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 4 })

describe("the chain", () => {
  it("changing any one byte of any row changes that and every later hash, and none before", () => {
    fc.assert(
      fc.property(epochs, fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), (all, pickEpoch, pickByte, mask) => {
        const e = pickEpoch % all.length
        const before = logged(all).headers
        const after = logged(all, (epoch, s) => {
          if (epoch !== e) return
          const bytes = s.tables
            .flatMap((t) => Object.keys(t.shape).flatMap((name) => bytesOf(t, name, 0, t.length)))
            .filter((b) => b.length > 0)
          let at = pickByte % bytes.reduce((sum, b) => sum + b.length, 0)
          for (const b of bytes) {
            if (at < b.length && at >= 0) b[at] ^= mask
            at -= b.length
          }
        }).headers
        before.forEach((h, i) => {
          expect(after[i].hash === h.hash).toBe(i < e)
          expect(after[i].events === h.events).toBe(i !== e)
        })
      }),
    )
  })

  it("changing the state, the time or the order of runs changes the hash", () => {
    const one: Epoch = [
      { type: 0, values: [1] },
      { type: 1, values: [1] },
    ]
    const base = logged([one]).headers[0]
    expect(logged([one], (_, s) => void ((s.state as unknown as { c: Uint32Array }).c[1] = 1)).headers[0].state).not.toBe(
      base.state,
    )
    expect(logged([one.toReversed()]).headers[0].events).not.toBe(base.events)
    expect(new Log(sha256).close([source(one)], 999).hash).not.toBe(base.hash)
    expect(logged([one]).headers[0]).toEqual(base)
  })

  it("a table named seldom is hashed again only when its length or version moved, and hashes as any other", () => {
    const s = { ...source([]), seldom: ["state"] }
    const log = new Log(sha256)
    const first = log.close([s], 1).state
    const c = (s.state as unknown as { c: Uint32Array }).c
    c[0] = 7
    expect(log.close([s], 2).state).toBe(first)
    s.state.version++
    const moved = log.close([s], 3).state
    expect(moved).not.toBe(first)
    expect(toHex(new Log(sha256).stateHash([{ ...s, seldom: [] }]))).toBe(moved)
  })
})

describe("the body", () => {
  it("is what the docstring says, however long the runs: heads, then columns as they lie in memory", () => {
    const sizes = fc.constantFrom(1, 2, 40, 600, 3000)
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(1), sizes), { maxLength: 12 }), (list) => {
        const epoch: Epoch = list.map(([type, n], k) => ({
          type,
          values: Array.from({ length: n }, (_, i) => (i * 2654435761 + k) >>> 0),
        }))
        const { bodies, headers } = logged([epoch])
        const expected: number[] = []
        const s = source(epoch)
        for (const { type, begin, end } of s.runs) {
          const head = new DataView(new ArrayBuffer(12))
          head.setUint16(0, 0, true)
          head.setUint16(2, type, true)
          head.setUint32(4, end - begin, true)
          head.setUint32(8, (end - begin) * rowBytes(s.tables[type].shape), true)
          expected.push(...new Uint8Array(head.buffer))
          for (const name of Object.keys(s.tables[type].shape))
            for (const b of bytesOf(s.tables[type], name, begin, end)) expected.push(...b)
        }
        expect(Buffer.from(bodies[0]).equals(Buffer.from(expected))).toBe(true)
        expect(headers[0].events).toBe(createHash("sha256").update(Uint8Array.from(expected)).digest("hex"))
        expect(headers[0].rows).toBe(list.reduce((sum, [, n]) => sum + n, 0))
      }),
      { numRuns: 40 },
    )
  })

  it("given a log taken up in the middle, then it goes on with the same hashes", () => {
    const all: Epoch[] = [[{ type: 0, values: [1, 2] }], [{ type: 1, values: [3] }], [{ type: 0, values: [4] }]]
    const { headers, log } = logged(all)
    const later = new Log(sha256, undefined, {
      epoch: 1,
      previous: Uint8Array.from(Buffer.from(headers[0].hash, "hex")),
      rows: 2,
    })
    expect([later.close([source(all[1])], 1001), later.close([source(all[2])], 1002)]).toEqual(headers.slice(1))
    expect([later.epoch, later.rows, toHex(later.hash)]).toEqual([log.epoch, log.rows, toHex(log.hash)])
  })
})
