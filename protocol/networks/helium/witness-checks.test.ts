import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import * as checks from "./witness-checks.ts"

const path = { txPowerDbm: 12, beaconGainDdbi: 81, witnessGainDdbi: 83, frequencyHz: 867_900_024 }

describe("signal", () => {
  test("free space at 508 m (test_calc_expected_rssi)", () =>
    expect(checks.computeExpectedRssiDbm(path, 508)).toBeCloseTo(-57.334232963418515, 12))
  test("gains are cut to whole dB, toward zero", () => {
    const whole = { ...path, beaconGainDdbi: 80, witnessGainDdbi: -10 }
    expect(checks.computeExpectedRssiDbm({ ...path, witnessGainDdbi: -19 }, 508)).toBe(checks.computeExpectedRssiDbm(whole, 508))
  })
  test("a report as loud as free space allows is accepted, one tenth of a dB louder is not", () => {
    const limit = Math.floor(checks.computeExpectedRssiDbm(path, 508) * 10)
    expect(checks.verifyWitnessRssi(path, limit, 508)).toBe("ok")
    expect(checks.verifyWitnessRssi(path, limit + 1, 508)).toBe("BadRssi")
  })
  test("twice as far is six decibels weaker", () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), (metres) => {
        const drop = checks.computeExpectedRssiDbm(path, metres) - checks.computeExpectedRssiDbm(path, 2 * metres)
        expect(drop).toBeCloseTo(6.020599913279624, 9)
      }),
    ))
})

describe("limits are allowed, one beyond is not", () => {
  test("frequency", () => {
    expect(checks.verifyWitnessFrequency(904_500_000, 904_600_000, 100_000)).toBe("ok")
    expect(checks.verifyWitnessFrequency(904_500_000, 904_399_999, 100_000)).toBe("InvalidFrequency")
  })
  test("lag after the beacon", () => {
    expect(checks.verifyWitnessLag(1_000, 1_000, 5_000)).toBe("ok")
    expect(checks.verifyWitnessLag(1_000, 1_000, 5_001)).toBe("TooLate")
  })
  test("lag after a first witness that beat the beacon", () => {
    expect(checks.verifyWitnessLag(2_000, 1_000, 2_500)).toBe("ok")
    expect(checks.verifyWitnessLag(2_000, 1_000, 2_501)).toBe("TooLate")
  })
})

describe("distance", () => {
  const at = (steps: number) => ({ gridDistance: () => steps, parent: (cell: bigint) => cell })
  const fine = (1n << 59n) | (12n << 52n)
  test("eight steps are enough, seven are not, and an unknown distance is refused", () => {
    expect([8, 7, -1].map((steps) => checks.verifyWitnessMinCells(fine, fine, 8, 11, at(steps)))).toEqual([
      "ok",
      "BelowMinDistance",
      "BelowMinDistance",
    ])
  })
  test("a cell coarser than the resolution has no distance", () =>
    expect(checks.computeCellGridDistance(fine, (1n << 59n) | (9n << 52n), 11, at(100))).toBe(-1))
  test("kilometres are cut, not rounded: 100.999 km is within 100", () => {
    const degree = (Math.PI / 180) * 0.9
    const centre = (far: number) => ({ centreRadians: (cell: bigint) => ({ lat: cell === 0n ? 0 : far, lng: 0 }) })
    const metresAt = (far: number) => checks.computeCellDistanceM(0n, 1n, centre(far))
    const perMetre = degree / metresAt(degree)
    expect(checks.verifyWitnessMaxDistance(0n, 1n, 100, centre(100_999 * perMetre))).toBe("ok")
    expect(checks.verifyWitnessMaxDistance(0n, 1n, 100, centre(101_000 * perMetre))).toBe("MaxDistanceExceeded")
  })
})

test("a denied edge has no direction", () => {
  const edges: [string, string][] = [["a", "b"]]
  expect(checks.verifyEdge(edges, "b", "a")).toBe("DeniedEdge")
  expect(checks.verifyEdge(edges, "a", "c")).toBe("ok")
  expect(checks.verifyEdge(edges, "a", "a")).toBe("ok")
})
