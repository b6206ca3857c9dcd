/** Every claim, held and broken, and the claims that cannot be judged. */
import { expect, test } from "vitest"
import type { Claim } from "../../protocol/boundary/scenario.ts"
import {
  always,
  hours,
  keeps,
  loses,
  minutes,
  percent,
  reads,
  recovers,
  servesMoreThan,
  stands,
} from "../../scenarios/vocabulary.ts"
import { resolve } from "../engine/resolve.ts"
import { judge } from "./claims.ts"
import type { NetworkResult } from "./measure.ts"
import { reading, type MetricReading } from "./reading.ts"
import { small } from "./small-scenario.ts"

const nothing: NetworkResult = {
  network: "cdn",
  nodeWord: "PoP",
  unit: "request",
  nodes: 30,
  offeredMilli: 0,
  servedMilli: 0,
  degradedMilli: 0,
  windowOfferedMilli: null,
  windowServedMilli: null,
  windowAvailabilityPpm: null,
  blastRadiusPpm: null,
  lostCapacityMinutes: null,
  detectS: null,
  mitigateS: null,
  recoverS: null,
}
/** The cdn serves a quarter in the window and 90 % of the run, and is back after 65 minutes; helium serves 95 % and 99 %. */
const cdn: NetworkResult = {
  ...nothing,
  offeredMilli: 1000,
  servedMilli: 900,
  windowOfferedMilli: 400,
  windowServedMilli: 100,
  recoverS: 65 * 60,
}
const helium: NetworkResult = {
  ...nothing,
  network: "helium",
  offeredMilli: 1000,
  servedMilli: 990,
  windowOfferedMilli: 200,
  windowServedMilli: 190,
  recoverS: 0,
}

const judged = (claim: Claim, results: readonly NetworkResult[] = [cdn, helium]) => {
  const scenario = small({ expect: [claim] })
  return judge(scenario, resolve(scenario), results, readings)[0]
}

const ONSET_S = Date.parse("2025-11-18T06:30:00Z") / 1000
/** A gauge that falls by a tenth an hour from onset on, and a counter that adds 5,000 in any span. */
const readings: MetricReading = {
  at: (metric, atS) => (metric === "cdn.pops.failing" ? 1000 - Math.max(0, atS - ONSET_S) / 36 : undefined),
  figure: (metric, figure) => (metric === "helium.reward.paid" && figure === "total" ? 5000 : undefined),
}

test.each([
  [keeps("helium", percent(95)), true, "95.00 %"],
  [keeps("helium", percent(96)), false, "95.00 %"],
  [keeps("cdn", percent(90), "run"), true, "90.00 %"],
  [loses("cdn", percent(75)), true, "75.00 %"],
  [loses("cdn", percent(76)), false, "75.00 %"],
  [loses("cdn", percent(11), "run"), false, "10.00 %"],
  [servesMoreThan("helium", "cdn"), true, "95.00 % against 25.00 %"],
  [servesMoreThan("cdn", "helium"), false, "25.00 % against 95.00 %"],
  [servesMoreThan("helium", "helium"), false, "95.00 % against 95.00 %"],
  [servesMoreThan("helium", "cdn", "run"), true, "99.00 % against 90.00 %"],
  // Onset is 06:30 and the right file is out at 07:30: 65 minutes from onset are 5 from then.
  [recovers("cdn", minutes(5), "the right file"), true, "5 min"],
  [recovers("cdn", minutes(4), "the right file"), false, "5 min"],
  [recovers("cdn", minutes(65), "a bad file"), true, "65 min"],
  // Never below is recovered at once, and before the moment is no debt.
  [recovers("helium", minutes(1), "the right file"), true, "0 min"],
] as const)("%j", (claim, holds, figure) => {
  expect(judged(claim)).toMatchObject({ holds, figure })
})

test("a promise is checked after every epoch: a run that broke it would not have got this far", () => {
  expect(judged(always("debits_equal_credits"))).toEqual({
    claim: "always debits_equal_credits",
    holds: true,
    figure: "checked after every epoch",
  })
})

test.each([
  [stands("cdn.pops.failing", hours(5), { atLeast: percent(50), atMost: percent(50) }), true, "50.00 %"],
  [stands("cdn.pops.failing", hours(5), { atLeast: percent(51), atMost: percent(100) }), false, "50.00 %"],
  [stands("cdn.pops.failing", hours(5), { atLeast: percent(0), atMost: percent(49.9) }), false, "50.00 %"],
  [stands("cdn.pops.failing", hours(100), { atLeast: percent(0), atMost: percent(100) }), false, "not recorded"],
  [stands("cdn.pops.registered", hours(1), { atLeast: percent(0), atMost: percent(100) }), false, "not recorded"],
  [reads("helium.reward.paid", "total", { atLeast: 5000 }), true, "5,000 bones"],
  [reads("helium.reward.paid", "total", { atLeast: 5001 }), false, "5,000 bones"],
  [reads("helium.reward.paid", "total", { atLeast: 5000, atMost: 5000 }, "run"), true, "5,000 bones"],
  [reads("helium.reward.paid", "total", { atMost: 4999 }), false, "5,000 bones"],
  [reads("helium.credits.burned", "total", { atMost: 4 }), false, "no epoch lies within"],
] as const)("%j", (claim, holds, figure) => {
  expect(judged(claim)).toMatchObject({ holds, figure })
})

test("a metric is read from the epochs that lie in the span", () => {
  const rows = {
    length: 3,
    endS: Uint32Array.of(100, 200, 300),
    seconds: Uint32Array.of(100, 100, 100),
    aB: Float64Array.of(7, 8, 9),
  }
  const network = { metrics: { "a.c": { kind: "counter" } } } as never
  const read = reading([{ name: "cdn", epochs: { rows } as never, network }])
  expect([99, 100, 250, 900].map((atS) => read.at("cdn.a.b", atS))).toEqual([undefined, 7, 8, 9])
  const figures = ["highest", "lowest", "last", "total"] as const
  expect(figures.map((f) => read.figure("cdn.a.b", f, 0, 300))).toEqual([9, 7, 9, 24])
  expect(figures.map((f) => read.figure("cdn.a.b", f, 100, 299))).toEqual([8, 8, 8, 8])
  expect(figures.map((f) => read.figure("cdn.a.b", f, 50, 150))).toEqual([undefined, undefined, undefined, undefined])
})

test("an epoch that a moment cut short is not the lowest of a counter; of a gauge it may be", () => {
  const column = Float64Array.of(7, 0, 9)
  const rows = { length: 3, endS: Uint32Array.of(100, 120, 200), seconds: Uint32Array.of(100, 20, 80), aB: column, aC: column }
  const network = { metrics: { "a.b": { kind: "gauge" }, "a.c": { kind: "counter" } } } as never
  const read = reading([{ name: "cdn", epochs: { rows } as never, network }])
  expect(["cdn.a.b", "cdn.a.c"].map((m) => read.figure(m, "lowest", 0, 200))).toEqual([0, 7])
  expect(read.figure("cdn.a.c", "total", 0, 200)).toBe(16)
  expect(read.figure("cdn.a.c", "lowest", 100, 120)).toBe(0)
})

test("what cannot be judged says so, and does not hold", () => {
  for (const claim of [
    keeps("cdn", percent(0)),
    loses("cdn", percent(0)),
    keeps("cdn", percent(0), "run"),
    servesMoreThan("helium", "cdn"),
  ])
    expect(judged(claim, [nothing, helium])).toMatchObject({ holds: false, figure: "nothing was asked for" })
  expect(judged(recovers("cdn", minutes(500), "the right file"), [{ ...cdn, recoverS: null }, helium])).toMatchObject({
    holds: false,
    figure: "not recovered",
  })
})

test("a claim is told in words, with its bound", () => {
  expect(judged(loses("cdn", percent(25))).claim).toBe("cdn loses at least 25.00 % during the window")
  expect(judged(recovers("cdn", minutes(5), "the right file")).claim).toBe('cdn recovers within 5 min of "the right file"')
  expect(judged(servesMoreThan("helium", "cdn")).claim).toBe("helium serves a larger share than cdn during the window")
  expect(judged(stands("cdn.pops.failing", hours(5), { atLeast: percent(1), atMost: percent(2) })).claim).toBe(
    "cdn.pops.failing stands at 1.00 % to 2.00 % of what it was, 5 h after onset",
  )
  expect(judged(reads("helium.reward.paid", "total", { atLeast: 1, atMost: 2 })).claim).toBe(
    "total helium.reward.paid during the window is at least 1 bones and at most 2 bones",
  )
})
