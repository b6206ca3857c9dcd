import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import { computeBeacon, verifyBeaconSchedule, verifyEntropyWindow } from "./beacon-entropy.ts"

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const CHANNELS = [867_100_000, 867_300_000, 867_500_000]

describe("a beacon", () => {
  test("is a pure function of its entropies, and each bit of them moves it", () =>
    fc.assert(
      fc.property(bytes(32), bytes(4), fc.nat(2 ** 31), fc.nat(31), (remote, local, time, at) => {
        const beacon = computeBeacon(remote, time, local, CHANNELS)
        expect(computeBeacon(remote, time, local, CHANNELS)).toEqual(beacon)
        expect(beacon.payload).toHaveLength(51)
        expect(CHANNELS).toContain(beacon.frequencyHz)
        const other = remote.slice()
        other[at] ^= 1
        expect(computeBeacon(other, time, local, CHANNELS).payload).not.toEqual(beacon.payload)
        expect(computeBeacon(remote, time + 1, local, CHANNELS).payload).not.toEqual(beacon.payload)
      }),
      { numRuns: 30 },
    ))
  test("needs a channel", () => expect(() => computeBeacon(new Uint8Array(32), 0, new Uint8Array(4), [])).toThrow(RangeError))
})

describe("the life of an entropy", () => {
  test.each([
    [40_000, 220_000, 40_000, "ok"],
    [40_000, 220_000, 39_999, "EntropyExpired"],
    // Seconds are compared, so the last second counts whole.
    [40_000, 220_000, 220_999, "ok"],
    [40_000, 220_000, 221_000, "EntropyExpired"],
    [40_900, 220_000, 40_100, "ok"],
  ])("from %i to %i ms, received at %i: %s", (start, end, received, verdict) =>
    expect(verifyEntropyWindow(start, end, received)).toBe(verdict),
  )
})

describe("one beacon per aligned interval", () => {
  test.each([
    [null, 5, "ok"],
    [21_599, 21_600, "ok"],
    [21_600, 43_199, "IrregularInterval"],
    [43_200, 21_600, "IrregularInterval"],
  ])("last %s, now %i: %s", (last, now, verdict) => expect(verifyBeaconSchedule(last, now, 21_600)).toBe(verdict))
})
