/** Simulated ensembles reproduce the closed forms, inside tolerances taken from their own spread (resilience-science §4 to §10). */
import { describe, expect, test } from "vitest"
import { exp } from "../../kernel/real.ts"
import { computeRenewalAvailability } from "../analytic/churn.ts"
import { computeCommitteeHalt } from "../analytic/correlated-failure.ts"
import { computeGossipPushRounds, computeInfectAndDieCoverage } from "../analytic/gossip.ts"
import { computeGiantComponent } from "../analytic/percolation.ts"
import { computeBacklogDrain, computeMetastable, computeReconnectJitter } from "../analytic/queueing.ts"
import { computeCanaryDetect, computeStagedRollout } from "../analytic/rollout-odds.ts"
import { lnHypergeometric } from "../analytic/special.ts"
import { simulateCapture } from "./committee-run.ts"
import { Dice } from "./dice.ts"
import { simulateGossip, simulateInfectAndDie } from "./gossip-run.ts"
import { drawRandomGraph, drawRemoval, largestComponent } from "./graph.ts"
import { simulateRenewal } from "./renewal-run.ts"
import { simulateStorm, type Storm } from "./retry-storm.ts"
import { simulateRollout } from "./rollout-run.ts"

const seeds = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i + 1)
const mean = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0) / xs.length

describe("percolation", () => {
  test.each([
    [2, 0],
    [4, 0.25],
    [4, 0.5],
    [4, 0.65],
    [4, 0.8],
  ])("mean degree %d, %d removed: the giant part within .02", (degree, removed) => {
    const parts = seeds(20).map((seed) => {
      const dice = new Dice(seed, "test/percolation")
      const graph = drawRandomGraph(10_000, degree, dice)
      return largestComponent(graph, drawRemoval(graph, removed, false, dice)) / 10_000
    })
    expect(Math.abs(mean(parts) - computeGiantComponent(degree, removed))).toBeLessThan(0.02)
  })
})

describe("gossip", () => {
  test.each([[1], [3], [8]])("fan-out %d reaches 99.9 % of 10,000 within a round of the mean field", (fanout) => {
    const rounds = seeds(20).map((seed) => simulateGossip(10_000, fanout, 0.999, seed))
    expect(Math.abs(mean(rounds) - computeGossipPushRounds(10_000, fanout, 0.999)!)).toBeLessThanOrEqual(1)
  })
  test("infect and die with fan-out 3 covers what the fixed point says, where it does not die at once", () => {
    const reached = seeds(20)
      .map((seed) => simulateInfectAndDie(10_000, 3, seed))
      .filter((share) => share > 0.1)
    expect(Math.abs(mean(reached) - computeInfectAndDieCoverage(3))).toBeLessThan(0.02)
  })
})

describe("Weibull availability", () => {
  const KAD_ON = { shape: 0.61511, scale: 169.5385 }
  const KAD_OFF = { shape: 0.47648, scale: 413.6765 }
  test("10,000 nodes with KAD's sessions and gaps over 30 days, within .012", () => {
    const shares = seeds(3).map((seed) => simulateRenewal(10_000, 30 * 24 * 60, KAD_ON, KAD_OFF, seed))
    for (const share of shares) expect(Math.abs(share - computeRenewalAvailability(KAD_ON, KAD_OFF))).toBeLessThan(0.012)
  })
})

describe("retry metastability", () => {
  const storm: Storm = {
    capacity: 300,
    offered: 280,
    timeoutS: 1,
    retries: 1,
    outageS: 10,
    outageStartS: 10,
    horizonS: 1200,
    dropExpired: false,
  }
  test("in the vulnerable band one retry keeps the outage going for ever; without retries it drains as the closed form says", () => {
    expect(computeMetastable(300, 280, 1).metastable).toBe(true)
    expect(simulateStorm(storm).recoveredS).toBe(null)
    const drained = simulateStorm({ ...storm, retries: 0 }).recoveredS!
    // Good again once the wait is below the timeout: all but one second's work of the backlog is gone.
    const { drainS } = computeBacklogDrain(280, 300, 10)
    expect(Math.abs(drained - (20 + drainS! - 300 / 20))).toBeLessThan(3)
  })
  test("below C/(1+r) it heals by itself, and above it does not", () => {
    const { selfHealsBelow } = computeMetastable(300, 280, 1)
    expect(simulateStorm({ ...storm, offered: selfHealsBelow * 0.93 }).recoveredS).not.toBe(null)
    expect(simulateStorm({ ...storm, offered: selfHealsBelow * 1.07, horizonS: 5000 }).recoveredS).toBe(null)
  })
  test.each([
    ["expired work is dropped", { ...storm, dropExpired: true }, {}],
    ["the queue holds less than a timeout's work", storm, { queueMax: 250 }],
    ["the youngest work goes first", storm, { lifo: true }],
    ["retries have a small budget", storm, { budget: 0.02 }],
  ])("it is gone where %s", (_, with_, cures) => expect(simulateStorm(with_, cures).recoveredS).not.toBe(null))
  test("back-off and jitter alone do not heal a saturated server: they move retries, they do not remove them", () =>
    expect(simulateStorm(storm, { backoffS: 2, jitterS: 10 }).recoveredS).toBe(null))
  test("a queue that holds more than a timeout's work is no cure: whatever it admits is too late", () =>
    expect(simulateStorm(storm, { queueMax: 600 }).recoveredS).toBe(null))
  test("a budget that the capacity cannot carry is no cure", () =>
    expect(simulateStorm(storm, { budget: 0.2 }).recoveredS).toBe(null))
  test("an outage shorter than the client's timeout leaves no trace", () =>
    expect(simulateStorm({ ...storm, outageS: 0.5 }).recoveredS).toBeLessThan(11))
  test("reconnections spread over a minute exceed 200 a second as rarely as the binomial says", () => {
    const { pExceed } = computeReconnectJitter(10_000, 60, 200)
    let exceeded = 0
    for (const seed of seeds(200)) {
      const dice = new Dice(seed, "test/jitter")
      const second = new Uint32Array(60)
      for (let n = 0; n < 10_000; n++) second[dice.below(60)]++
      for (const n of second) if (n > 200) exceeded++
    }
    // 12,000 seconds: about 60 beyond, standard deviation 8.
    expect(Math.abs(exceeded / 12_000 - pExceed)).toBeLessThan(3 * Math.sqrt(pExceed / 12_000))
  })
})

describe("committee capture, with panels as the protocol draws them", () => {
  const tail = (nodes: number, bad: number, size: number, from: number): number => {
    let p = 0
    for (let k = from; k <= size; k++) p += exp(lnHypergeometric(k, nodes, bad, size))
    return p
  }
  test.each([
    [10_000, 2000, 9, 6],
    [10_000, 4000, 21, 14],
    [500, 150, 21, 14],
  ])("of %d nodes %d collude, %d drawn, %d needed", (nodes, bad, size, quorum) => {
    const draws = 40_000
    const { captured, blocked } = simulateCapture(nodes, bad, size, quorum, draws, 7)
    for (const [measured, from] of [
      [captured, quorum],
      [blocked, size - quorum + 1],
    ]) {
      const p = tail(nodes, bad, size, from)
      expect(Math.abs(measured - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / draws) + 1 / draws)
    }
  })
  test("the fact sheet's checkpoints K19 and K20", () => {
    expect(tail(10_000, 2000, 21, 14)).toBeCloseTo(4.384067339e-6, 12)
    expect(tail(10_000, 3000, 21, 8)).toBeCloseTo(0.27683404788, 9)
    expect(tail(10_000, 2000, 9, 6)).toBeCloseTo(0.00305234408, 9)
    expect(computeCommitteeHalt(43, 14, 0.3, 1)).toBeCloseTo(0.292, 3)
  })
})

describe("staged roll-out", () => {
  test.each([
    [4, 10, 0.01],
    [4, 10, 0.001],
    [2, 300, 0.0005],
  ])("%d stages, %d ‰ canaries, a crash rate of %d: the blast is what the closed form says", (stages, canary, p) => {
    const runs = seeds(400).map((seed) => simulateRollout(5000, stages, canary, p, seed))
    const rest = (1 - canary / 1000) / (stages - 1)
    const sizes = Array.from({ length: stages }, (_, i) => (i === 0 ? canary / 1000 : rest))
    const exposed = sizes.map((_, i) => sizes.slice(0, i + 1).reduce((a, b) => a + b, 0))
    const expected = computeStagedRollout(
      exposed,
      sizes.map((s) => computeCanaryDetect(p, Math.round(s * 5000))),
    )
    const unseen = sizes.reduce((a, s) => a * (1 - computeCanaryDetect(p, Math.round(s * 5000))), 1)
    const blasts = runs.map((r) => r.blast)
    const spread = Math.sqrt(mean(blasts.map((b) => (b - mean(blasts)) ** 2)) / blasts.length)
    // What nobody saw reached everyone; the closed form leaves it out.
    expect(Math.abs(mean(blasts) - (expected + unseen))).toBeLessThan(4 * spread + 0.01)
  })
  test("a global push of the same release hits everyone", () => expect(simulateRollout(5000, 1, 10, 0.01, 1).blast).toBe(1))
})
