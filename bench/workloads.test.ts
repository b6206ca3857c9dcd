/** The published workloads give their published check values on the kernel: the condition for timing them at all. */
import { describe, expect, test } from "vitest"
import { ZERO_HASH, toHex } from "../protocol/kernel/hash.ts"
import { Log, type Sink } from "../protocol/kernel/log.ts"
import { Machine } from "../protocol/kernel/machine.ts"
import { appendRow, bytesOf, reserve, table, type AnyTable } from "../protocol/kernel/table.ts"
import { unit } from "../protocol/kernel/unit.ts"
import { align, figure } from "./table.ts"
import { ECONOMY_PUBLISHED, economyLogHash, economyOnKernel, tokenEconomy, w1, type Economy } from "./w1.ts"
import { checkWhole, detectionBare, heartbeatsThroughProtocol, protocolLogHash, w2Full } from "./w2-full.ts"
import { failureDetector, heartbeatsBare, heartbeatsLogHash, heartbeatsOnKernel } from "./w2.ts"
import { checkSupplies, suppliesBare, suppliesOnModel, w3 } from "./w3.ts"
import { agree, h, measure, noPorts, sha256 } from "./workload.ts"

describe("W1 token economy", () => {
  test.each([60, 365])("gives the published figures after %i days", (days) => {
    const result = economyOnKernel(days)
    for (const name of Object.keys(result) as (keyof Economy)[])
      agree(`W1, ${days} days`, name, result[name], ECONOMY_PUBLISHED[days][name])
  })

  test("every variant, timed once", () => {
    const rows = w1({ days: 60, repeats: 1 })
    expect(rows.map((r) => r.variant)).toEqual(["bare typed arrays", "kernel, log off", "kernel, log on"])
    for (const row of rows) expect(row.rate).toBeGreaterThan(0)
  })

  test("two runs give one log hash, and replay of the log the same states", () => {
    expect(economyLogHash(20)).toBe(economyLogHash(20))
    expectReplay(tokenEconomy, 10_000, (log) => economyOnKernel(20, log))
  })
})

describe("W2 heartbeat", () => {
  // The full size takes seconds and checks itself in the bench; here an hour of 500 nodes, outage included.
  const size = { nodes: 500, endS: 3600 }

  test("the kernel and the bare loop agree, log on and off", () => {
    const bare = heartbeatsBare(size)
    expect(bare.suspicions).toBeGreaterThan(500)
    expect(bare.recoveries).toBe(bare.suspicions)
    expect(heartbeatsOnKernel(size)).toEqual(bare)
    expect(heartbeatsOnKernel(size, new Log(sha256))).toEqual(bare)
  })

  test("the figures of this size stay what they are", () => {
    const { events, sent, delivered, suspicions, checksum } = heartbeatsBare(size)
    expect({ events, sent, delivered, suspicions, checksum }).toMatchInlineSnapshot(`
      {
        "checksum": 3990499808,
        "delivered": 449334,
        "events": 521651,
        "sent": 464000,
        "suspicions": 1081,
      }
    `)
  })

  test("two runs give one log hash, and replay of the log the same states", () => {
    expect(heartbeatsLogHash(size)).toBe(heartbeatsLogHash(size))
    expectReplay(failureDetector, size.nodes, (log) => heartbeatsOnKernel(size, log))
  })
})

describe("W2 with the protocol whole", () => {
  const size = { nodes: 500, endS: 3600 }
  const bare = detectionBare(size)
  const whole = heartbeatsThroughProtocol(size)

  test("the mechanisms hear, suspect, confirm and hear again whom the bare loop does, and when", () => {
    expect(() => checkWhole(whole, bare, "whole")).not.toThrow()
    const { events, delivered } = heartbeatsBare(size)
    expect([whole.events, whole.delivered]).toEqual([events, delivered])
    expect(whole.heard + whole.old).toBe(delivered)
  })

  test("one node in five is gone for ten minutes: all of them are found, nobody else is, and it is one outage", () => {
    const gone = size.nodes / 5
    expect(whole).toMatchObject({ suspicions: gone, falseSuspicions: 0, confirmed: gone, recovered: gone })
    expect(whole).toMatchObject({ declared: 1, ended: 1, lostItems: 0, precision: 1 })
    expect(whole.declaredAfterS).toBeGreaterThanOrEqual(60)
    expect(whole.declaredAfterS).toBeLessThanOrEqual(180)
    expect(whole.repaired).toBeGreaterThan(0)
    expect(whole.graceSeconds).toBe(gone * 3600)
  })

  test("a wrong run is refused", () => {
    expect(() => checkWhole({ ...whole, confirmed: whole.confirmed - 1 }, bare, "wrong")).toThrow(/confirmed is 99, .* has 100/)
    expect(() => checkWhole({ ...whole, declared: 2 }, bare, "wrong")).toThrow(/a wrong run is not timed/)
  })

  test("two runs give one log hash, and every variant is timed", () => {
    expect(protocolLogHash(size)).toBe(protocolLogHash(size))
    for (const row of w2Full({ ...size, repeats: 1 })) expect(row.rate).toBeGreaterThan(0)
  })
})

describe("W3 ten-year supply", () => {
  const few = 20

  test("gives the published figures, and the bare loop's in every run", () => {
    checkSupplies(suppliesOnModel(few), "model", suppliesBare(few))
    checkSupplies(suppliesBare(few), "bare")
  })

  test("a run does not depend on those before it", () => {
    expect(suppliesOnModel(few).runs.slice(0, 5)).toEqual(suppliesOnModel(5).runs)
  })

  test("a wrong run is refused", () => {
    const { runs, quantiles } = suppliesOnModel(5)
    const wrong = { runs: runs.with(4, { ...runs[4], locked: runs[4].locked + 0.001 }), quantiles }
    expect(() => checkSupplies(wrong, "wrong")).toThrow("W3 wrong, run 4: locked is -9957509.31")
    const far = { runs: runs.with(2, { ...runs[2], minted: runs[2].minted * (1 + 1e-11) }), quantiles }
    expect(() => checkSupplies(far, "far", suppliesBare(5))).toThrow("W3 far: minted of run 2")
  })

  test("every variant, timed once", () => {
    expect(w3({ runs: few, repeats: 1 }).map((r) => r.variant)).toEqual(["bare typed arrays", "supply model"])
  })
})

describe("the stopwatch", () => {
  test("refuses to time a run whose check values differ", () => {
    let runs = 0
    const run = () => ++runs
    const check = () => agree("W0", "answer", 41, "42")
    expect(() => measure("W0", "runs", 1, { wrong: run }, check, 5)).toThrow("W0: answer is 41, the published check value is 42")
    expect(runs).toBe(1)
  })

  test("the generator is the specification's", () => {
    // By hand, with 64-bit integers.
    const exact = (a: bigint, b: bigint, c: bigint) => {
      const u32 = (x: bigint) => BigInt.asUintN(32, x)
      let x = u32(a * 0x9e3779b1n) ^ u32(b * 0x85ebca77n) ^ u32(c * 0xc2b2ae3dn)
      x ^= x >> 16n
      x = u32(x * 0x7feb352dn)
      x ^= x >> 15n
      x = u32(x * 0x846ca68bn)
      return Number(x ^ (x >> 16n))
    }
    for (const [a, b, c] of [
      [0, 0, 0],
      [42, 1, 100],
      [42_001, 9999, 365],
      [0xffff_ffff, 7_777_777, 3],
    ])
      expect(h(a, b, c)).toBe(exact(BigInt(a), BigInt(b), BigInt(c)))
  })

  test("tables align", () => {
    expect(
      align(
        ["what", "rate [1/s]"],
        [
          ["a", "1"],
          ["long", "1,000"],
        ],
      ),
    ).toBe("what  rate [1/s]\n----  ----------\na              1\nlong       1,000")
    expect([figure(1234567.8), figure(0.5), figure(99.5)]).toEqual(["1,234,568", "0.500", "99.5"])
  })
})

describe("real columns", () => {
  test("take any finite double and refuse the rest", () => {
    const t = table({ x: unit("token", "real") }, 1)
    for (const x of [0, 0.1, -1e308, 5e-324]) appendRow(t, { x })
    expect(Array.from(t.x.subarray(0, 4))).toEqual([0, 0.1, -1e308, 5e-324])
    for (const x of [NaN, Infinity, -0]) expect(() => appendRow(t, { x })).toThrow(/x must be a finite number of token/)
  })
})

/** Folds every logged row of the machine's stream (0) into a fresh state, and expects the state hash of every epoch again. */
function expectReplay(net: typeof tokenEconomy | typeof failureDetector, nodes: number, run: (log: Log) => void): void {
  const parts: Uint8Array[] = []
  const sink: Sink = { write: (bytes) => parts.push(bytes.slice()) }
  const headers: { state: string; length: number }[] = []
  class Watched extends Log {
    override close(...args: Parameters<Log["close"]>) {
      const header = super.close(...args)
      headers.push({ state: header.state, length: parts.reduce((sum, p) => sum + p.length, 0) })
      return header
    }
  }
  run(new Watched(sha256, sink))
  const body = Buffer.concat(parts)
  const view = new DataView(body.buffer, body.byteOffset, body.length)
  const machine = new Machine(net as never, nodes, {}, noPorts)
  const fresh = new Log(sha256)
  let at = 0
  for (const header of headers) {
    while (at < header.length) {
      const [stream, type, rows, bytes] = [
        view.getUint16(at, true),
        view.getUint16(at + 2, true),
        view.getUint32(at + 4, true),
        view.getUint32(at + 8, true),
      ]
      at += 12
      if (stream === 0) {
        const t: AnyTable = machine.rowsOf[type]
        t.length = 0
        reserve(t, rows)
        t.length = rows
        let from = at
        for (const name of Object.keys(t.shape))
          for (const column of bytesOf(t, name, 0, rows)) {
            column.set(body.subarray(from, from + column.length))
            from += column.length
          }
        machine.replay(type, t, 0, rows)
        t.length = 0
      }
      at += bytes
    }
    expect(toHex(fresh.stateHash([machine]))).toBe(header.state)
  }
  expect(toHex(ZERO_HASH)).not.toBe(headers.at(-1)?.state)
}
