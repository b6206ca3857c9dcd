import fc from "fast-check"
import { expect, test } from "vitest"
import { isStrongQuorum, isWeakQuorum, SCALED_POWER_MAX, scalePower } from "./f3.ts"

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
