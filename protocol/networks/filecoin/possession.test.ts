import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { computeDetection, computeProofFee, countFaultPeriods } from "./possession.ts"
import { computeRatePerEpoch, releasePayment } from "./warm-storage.ts"

describe("proof of data possession", () => {
  test("burns 0.00023 FIL per TiB", () => {
    expect(computeProofFee(1n << 40n)).toBe(230_000_000_000_000n)
    expect(computeProofFee(1n)).toBe(209n)
    expect(() => computeProofFee(0n)).toThrow("cannot be proven")
  })
  test.each([
    [-100, false, 1],
    [0, true, 0],
    [1, false, 1],
    [2880, true, 0],
    [2881, true, 1],
    [5761, false, 3],
  ])("opened %i epochs after the deadline, proven %s: %i faults", (late, proven, faults) =>
    expect(countFaultPeriods(2880, late, proven)).toBe(faults),
  )
  test("notices a loss sooner the larger it is and the longer it lasts", () => {
    expect(computeDetection(0.01, 5, 1)).toBeCloseTo(0.04900995010000009, 12)
    expect(computeDetection(0, 5, 100)).toBe(0)
    expect(computeDetection(1, 5, 1)).toBe(1)
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 400 }), (share, days) => {
        const chance = computeDetection(share, 5, days)
        expect(chance).toBeGreaterThanOrEqual(0)
        expect(chance).toBeLessThanOrEqual(computeDetection(share, 5, days + 1))
      }),
    )
  })
})

describe("warm storage", () => {
  test("charges by size and by data set", () => {
    expect(computeRatePerEpoch(1n << 40n)).toBe(29_212_962_962_962n)
    expect(computeRatePerEpoch(0n)).toBe(277_777_777_777n)
  })
  const calendar = { activation: 100, periodEpochs: 10 }
  const release = (proven: number[], from: number, to: number, now: number, proposed = 1000n) =>
    releasePayment(calendar, (k) => proven.includes(k), from, to, now, proposed)

  test.each<[string, number[], number, number, number, bigint, number]>([
    ["pays proven periods whole", [0, 1], 100, 120, 121, 1000n, 120],
    ["passes a faulted one unpaid", [0, 2], 100, 130, 131, 666n, 130],
    ["stops before an open one", [0], 100, 120, 120, 500n, 110],
    ["passes it the epoch after its last", [0], 100, 120, 121, 500n, 120],
    ["pays parts of periods", [1], 105, 115, 131, 500n, 115],
    ["passes what lies before the activation", [], 10, 100, 100, 0n, 100],
    ["counts what lies before it as unpaid", [0], 90, 110, 111, 500n, 110],
    ["stands still in an open period", [], 103, 106, 106, 0n, 103],
  ])("%s", (_, proven, from, to, now, amount, settleUpto) =>
    expect(release(proven, from, to, now)).toEqual({ amount, settleUpto }),
  )

  test("settles the same in two steps as in one, but for the floors, when everything is past", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(20)),
        fc.integer({ min: 100, max: 200 }),
        fc.nat(80),
        fc.nat(80),
        (proven, from, a, b) => {
          const [middle, to] = [from + a + 1, from + a + b + 2]
          const rate = 7n
          const whole = release(proven, from, to, 1000, rate * BigInt(to - from))
          const first = release(proven, from, middle, 1000, rate * BigInt(middle - from))
          const second = release(proven, middle, to, 1000, rate * BigInt(to - middle))
          expect(first.amount + second.amount).toBe(whole.amount)
          expect([first.settleUpto, second.settleUpto, whole.settleUpto]).toEqual([middle, to, to])
        },
      ),
    )
  })
  test("refuses an empty range and one from the future", () => {
    expect(() => release([], 110, 110, 200)).toThrow(RangeError)
    expect(() => release([], 110, 120, 119)).toThrow(RangeError)
  })
})
