import { readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"
import { filecoin } from "./filecoin.ts"
import { runVectors } from "./index.ts"
import { PENDING } from "./pending.ts"

const file = JSON.parse(readFileSync("vectors/filecoin.json", "utf8")) as { vectors: { fn: string }[] }

describe("Filecoin's public vectors", () => {
  test("pass, all of them", () => {
    const report = runVectors(file)
    expect(report.failed).toEqual([])
    expect(report.passed).toBe(file.vectors.length)
  })
  test("name every function that is registered, and none of them is pending", () => {
    expect(Object.keys(filecoin).sort()).toEqual([...new Set(file.vectors.map((v) => v.fn))].sort())
    expect([...PENDING.keys()].filter((fn) => fn.startsWith("filecoin."))).toEqual([])
  })
})

describe("what the vectors' forms need", () => {
  const queue = (ops: object[]) =>
    filecoin["filecoin.expirationQueue"]({
      quant: { unit: 4, offset: 1 },
      sectors: [{ number: 1, expiration: 8, pledge: "1000", dailyFee: "3000" }],
      ops: ops.map((op) => ({ epoch: null, sectors: [], faults: [], recovering: [], ...op })) as never,
    })
  test("the queue's other operations", () => {
    const early = queue([
      { op: "add", sectors: [1] },
      { op: "rescheduleAllAsFaults", epoch: 3 },
      { op: "remove", sectors: [1], faults: [1], recovering: [1] },
    ])
    const zero = { onTime: [], early: [], pledge: "0", dailyFee: "0", active: 0, faulty: 0, recovering: 0, setsLeft: 0 }
    expect(early).toEqual([{ ...zero, early: [1], dailyFee: "3000", faulty: 1, recovering: 1 }])
    const recovered = queue([
      { op: "add", sectors: [1] },
      { op: "rescheduleAsFaults", epoch: 3, sectors: [1] },
      { op: "rescheduleRecovered", sectors: [1] },
      { op: "popUntil", epoch: 9 },
    ])
    expect(recovered).toEqual([{ ...zero, onTime: [1], pledge: "1000", dailyFee: "3000", active: 1 }])
  })
  test("no room is a result; a deadline closed to changes stays null", () => {
    const limit = { partitionSize: 5, maxPartitions: 5, deadlines: 48, liveEach: 1, deadEach: 1 }
    const fill = (newSectors: number) => filecoin["filecoin.assignDeadlinesLimit"]({ ...limit, newSectors })
    expect(fill(1105)).toEqual({ error: true, fewest: null, most: null })
    expect(fill(1104)).toEqual({ error: false, fewest: 23, most: 23 })
    const closed = { partitionSize: 4, maxPartitions: 9, newSectors: 1, deadlines: [null, { live: 0, dead: 0 }] }
    expect(filecoin["filecoin.assignDeadlines"](closed)).toEqual([null, [0]])
  })
  test("a run of proofs is the sum of its proofs", () => {
    const share = { power: "20", totalPower: "100" }
    const proofs = ["40420f0000", "41420f0000", "42420f0000"]
    const single = proofs.map((proofHex) => filecoin["filecoin.winCount"]({ proofHex, ...share }))
    expect(filecoin["filecoin.winCountTotal"]({ first: 1_000_000, count: 3, ...share })).toBe(single.reduce((a, b) => a + b))
  })
})
