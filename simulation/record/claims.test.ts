/** Every claim, held and broken, and the claims that cannot be judged. */
import { describe, expect, test } from "vitest"
import type { Claim } from "../../protocol/boundary/scenario.ts"
import { always, keeps, loses, minutes, percent, reads, recovers, servesMoreThan } from "../../scenarios/vocabulary.ts"
import { resolve } from "../engine/resolve.ts"
import { judge, readerOf } from "./claims.ts"
import type { NetworkResult } from "./measure.ts"
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
  return judge(scenario, resolve(scenario), results)[0]
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
})

describe("a metric read", () => {
  /** Four epochs of ten seconds from 0 on; the window is the two in the middle. */
  const rows = {
    length: 4,
    endS: [10, 20, 30, 40],
    seconds: [10, 10, 10, 10],
    requestServed: [5, 7, 3, 9],
  }
  const read = readerOf([{ name: "cdn", epochs: { rows } } as never], { windowS: { from: 10, to: 30 } })
  test("is the highest, lowest, last or sum of the epochs that lie wholly in the window, or of all", () => {
    const figures = ["highest", "lowest", "last", "total"] as const
    expect(figures.map((f) => read("cdn", "request.served", f, "window"))).toEqual([7, 3, 3, 10])
    expect(figures.map((f) => read("cdn", "request.served", f, "run"))).toEqual([9, 3, 9, 24])
    expect(
      readerOf([{ name: "cdn", epochs: { rows } } as never], { windowS: { from: 11, to: 19 } })(
        "cdn",
        "request.served",
        "last",
        "window",
      ),
    ).toBeUndefined()
  })
  test("holds between its bounds, and does not where nothing was read", () => {
    const claim = (bounds: { atLeast?: number; atMost?: number }, value?: number) => {
      const scenario = small({ expect: [reads("cdn.health.error", "highest", bounds)] })
      return judge(scenario, resolve(scenario), [cdn, helium], () => value)[0]
    }
    expect(claim({ atLeast: 7, atMost: 7 }, 7)).toEqual({
      claim: "highest cdn.health.error during the window is at least 7 and at most 7",
      holds: true,
      figure: "7",
    })
    expect(claim({ atLeast: 8 }, 7).holds).toBe(false)
    expect(claim({ atMost: 6 }, 7).holds).toBe(false)
    expect(claim({ atMost: 6 })).toMatchObject({ holds: false, figure: "no epoch lies within" })
  })
})
