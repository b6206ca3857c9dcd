/** The vectors of the closed forms, and what the closed forms must say at the edges that no vector visits. */
import { readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"
import { registry, runVectors } from "./index.ts"

const file = JSON.parse(readFileSync("vectors/resilience.json", "utf8")) as { vectors: { fn: string; input: unknown; expected: unknown }[] }
const call = (fn: string, input: unknown) => registry[`resilience.${fn}`](input as never)

test("all resilience vectors pass and nothing is pending", () => {
  const report = runVectors(file)
  expect(report.failed).toEqual([])
  expect(report.pending).toEqual([])
  expect(report.passed).toBe(file.vectors.length)
})

describe("at the edges", () => {
  test("a group that needs nothing never fails, one that needs more than it has always does", () => {
    expect(call("kOfN", { k: 0, n: 5, p: 0 })).toBe(1)
    expect(call("kOfN", { k: 6, n: 5, p: 1 })).toBe(0)
    expect(call("kOfN", { k: 3, n: 5, p: 1 })).toBe(1)
    expect(call("domainOutageLoss", { nodes: 100, down: 100, pieces: 10, needed: 1 })).toBe(1)
    expect(call("domainOutageLoss", { nodes: 100, down: 0, pieces: 10, needed: 10 })).toBe(0)
    expect(call("committeeHalt", { n: 43, f: 14, share: 0.2, draws: 0 })).toBe(0)
  })
  test("tails keep their digits: 50 of 100 at 0.99 fails once in 10^73.2", () => {
    expect(call("kOfNLossLog10", { k: 50, n: 100, p: 0.99 })).toBeCloseTo(-73.2145, 3)
    expect(call("phi", { elapsedMs: 10_000, meanMs: 1000, stdMs: 200, pauseMs: 3000 })).toMatchObject({ normal: expect.closeTo(197.309, 2) })
  })
  test("sums reach as far as they must, and rare losses keep their digits", () => {
    // By mpmath, 60 digits: just above a mean of 50,000, and a peer lost once in 10^9.
    expect(call("stripeLoss", { k: 49_900, n: 100_000, p: 0.5, model: "poisson" })).toBeCloseTo(0.3263392375374159, 9)
    const { pFileLost } = call("peerLoss", { failuresPerMillionHours: 0.001, intervalHours: 1, k: 3, n: 10 }) as { pFileLost: number }
    expect(pFileLost / 4.499999974e-71).toBeCloseTo(1, 9)
  })
  test("figures printed in the fact sheet but not in the vectors", () => {
    expect(call("phi", { elapsedMs: 2000, meanMs: 1000, stdMs: 200, pauseMs: 0 })).toEqual({
      akka: expect.closeTo(7.3, 3),
      normal: expect.closeTo(6.543, 3),
    })
    expect(call("committeeHalt", { n: 43, f: 14, share: 0.3, draws: 1 })).toBeCloseTo(0.292, 3)
    expect(call("domainOutageLoss", { nodes: 10_000, down: 6500, pieces: 80, needed: 29 })).toBeCloseTo(0.551, 3)
    expect(call("weibullMoments", { shape: 0.47648, scale: 413.6765 })).toEqual({
      mean: expect.closeTo(907.99, 1),
      median: expect.closeTo(191.7, 1),
    })
    expect(call("nakamoto", { sharesPercent: [11.18, 10.3, 10.12, 6.38, 5.13, 3.4, 3.08, 2.98], thresholdNum: 1, thresholdDen: 2 })).toBe(8)
  })
  test("a share is compared exactly: 16.7 + 16.6 + 16.7 is 50 and not more", () => {
    expect(call("nakamoto", { sharesPercent: [16.7, 16.6, 16.7], thresholdNum: 1, thresholdDen: 2 })).toBe(null)
    expect(call("nakamoto", { sharesPercent: [], thresholdNum: 1, thresholdDen: 3 })).toBe(null)
    expect(call("finalises", { lostShare: 1 / 3 })).toBe(true)
    expect(call("gini", { values: [0, 0] })).toBe(0)
  })
  test("a graph below its threshold has no giant part, and a queue beyond its capacity no mean", () => {
    expect(call("giantComponent", { meanDegree: 4, removed: 0.75 })).toBe(0)
    expect(call("giantComponent", { meanDegree: 4, removed: 1 })).toBe(0)
    expect(call("mm1", { lambda: 5, mu: 5 })).toMatchObject({ customers: null, timeInSystem: null })
    expect(call("backlogDrain", { offered: 300, capacity: 300, outageS: 1 })).toEqual({ backlog: 300, drainS: null })
    expect(call("gossipPushRounds", { nodes: 100, fanout: 0, target: 0.5 })).toBe(null)
  })
  test("memberlist at the sizes where its steps lie", () => {
    expect(call("memberlistTimings", { nodes: 1 })).toEqual({ suspicionMinMs: 4000, suspicionMaxMs: 24_000, retransmitLimit: 4, pushPullMs: 30_000 })
    expect(call("memberlistTimings", { nodes: 33 })).toMatchObject({ pushPullMs: 60_000 })
    expect(call("memberlistTimings", { nodes: 64 })).toMatchObject({ pushPullMs: 60_000 })
    expect(call("suspicionTimeout", { expected: 0, minMs: 100, maxMs: 600, confirmations: 0 })).toBe(100)
    expect(call("suspicionTimeout", { expected: 2, minMs: 100, maxMs: 600, confirmations: 9 })).toBe(100)
  })
})
