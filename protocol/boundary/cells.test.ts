/** `isCell` against h3-js, which knows every cell. */
import * as fc from "fast-check"
import { isValidCell, latLngToCell } from "h3-js"
import { expect, test } from "vitest"
import { isCell } from "../kernel/geometry.ts"

const text = (cell: bigint): string => cell.toString(16)

test("every cell h3-js makes is one", () =>
  fc.assert(
    fc.property(
      fc.double({ min: -90, max: 90, noNaN: true }),
      fc.double({ min: -180, max: 180, noNaN: true }),
      fc.integer({ min: 0, max: 15 }),
      (lat, lng, res) => {
        expect(isCell(BigInt(`0x${latLngToCell(lat, lng, res)}`))).toBe(true)
      },
    ),
  ))

test("what is no cell for h3-js is none here, and the other way round", () =>
  fc.assert(
    fc.property(
      fc.double({ min: -90, max: 90, noNaN: true }),
      fc.double({ min: -180, max: 180, noNaN: true }),
      fc.integer({ min: 0, max: 15 }),
      fc.array(fc.integer({ min: 0, max: 63 }), { minLength: 1, maxLength: 3 }),
      (lat, lng, res, flips) => {
        let cell = BigInt(`0x${latLngToCell(lat, lng, res)}`)
        for (const bit of flips) cell ^= 1n << BigInt(bit)
        expect(isCell(cell)).toBe(isValidCell(text(cell)))
      },
    ),
    { numRuns: 2000 },
  ))

test("under a pentagon no index begins with 1", () => {
  for (const base of [4, 14, 24, 38, 49, 58, 63, 72, 83, 97, 107, 117])
    for (let digit = 0; digit < 7; digit++) {
      const cell = (1n << 59n) | (1n << 52n) | (BigInt(base) << 45n) | (BigInt(digit) << 42n) | ((1n << 42n) - 1n)
      expect(isCell(cell)).toBe(isValidCell(text(cell)))
    }
})
