import fc from "fast-check"
import { expect, test } from "vitest"
import {
  computeReach,
  computeRoundStart,
  isRoundBeginning,
  isStrongQuorum,
  isWeakQuorum,
  roundAt,
  SCALED_POWER_MAX,
  scalePower,
} from "./f3.ts"

test("power is scaled to 16 bits, floored, and never above the total", () => {
  fc.assert(
    fc.property(fc.bigInt(0n, 1n << 70n), fc.bigInt(1n, 1n << 70n), (power, rest) => {
      const scaled = BigInt(scalePower(power, power + rest))
      expect(scaled * (power + rest) <= 65_535n * power).toBe(true)
      expect((scaled + 1n) * (power + rest) > 65_535n * power).toBe(true)
    }),
  )
  expect(scalePower(7n, 7n)).toBe(SCALED_POWER_MAX)
  expect(() => scalePower(8n, 7n)).toThrow("exceeds")
  expect(() => scalePower(0n, 0n)).toThrow(RangeError)
})

test("two strong quorums always share more than a third; a weak one and a strong one always meet", () => {
  fc.assert(
    fc.property(fc.nat(SCALED_POWER_MAX), fc.nat(SCALED_POWER_MAX), (a, whole) => {
      const part = Math.min(a, whole)
      expect(isStrongQuorum(part, whole)).toBe(3n * BigInt(part) >= 2n * BigInt(whole))
      if (isWeakQuorum(part, whole)) expect(isStrongQuorum(whole - part, whole)).toBe(false)
    }),
  )
  expect([66, 67].map((part) => isStrongQuorum(part, 100))).toEqual([false, true])
  expect([34, 35].map((part) => isWeakQuorum(part, 100))).toEqual([false, true])
  expect(isWeakQuorum(21_845, 65_535)).toBe(false)
})

test("rounds double: round 10 begins after 13.6 hours and lasts as long again, as in July 2025 (lotus#13208)", () => {
  expect([0, 1, 2, 3].map(computeRoundStart)).toEqual([0, 48, 144, 336])
  expect(computeRoundStart(10) / 3600).toBeCloseTo(13.64, 2)
  expect((computeRoundStart(11) - computeRoundStart(10)) / 3600).toBeCloseTo(13.65, 2)
})

test("an instance is in the round that began last, and heard when one has just begun", () => {
  fc.assert(
    fc.property(fc.nat(10_000_000), fc.integer({ min: 1, max: 1000 }), (elapsed, within) => {
      const round = roundAt(elapsed)
      expect(computeRoundStart(round)).toBeLessThanOrEqual(elapsed)
      expect(computeRoundStart(round + 1)).toBeGreaterThan(elapsed)
      const begins = Array.from({ length: within }, (_, k) => elapsed - k).some((s) => s <= 0 || isStart(s))
      expect(isRoundBeginning(elapsed, within)).toBe(begins)
    }),
  )
})
const isStart = (s: number): boolean => computeRoundStart(roundAt(s)) === s

test("an instance makes at most 20 epochs final, and none beyond the head", () => {
  expect(computeReach(100, 1000, 1)).toBe(120)
  expect(computeReach(100, 1000, 10)).toBe(300)
  expect(computeReach(100, 105, 10)).toBe(105)
})
