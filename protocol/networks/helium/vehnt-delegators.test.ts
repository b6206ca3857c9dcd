/** Locked HNT, told: what a position weighs, how delegation moves the sub-networks' shares, and what delegators earn and draw. */
import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import { h3Geometry } from "../../boundary/geometry.ts"
import { DAY, HOUR } from "../../kernel/clock.ts"
import { specify } from "../../kernel/specify.ts"
import { balance } from "../../ledger/ledger.ts"
import { delegate, draw, lock } from "./examples-vehnt.ts"
import { helium } from "./index.ts"
import type { params } from "./params.ts"
import { presets } from "./presets.ts"
import { delegatedAt } from "./state-vehnt.ts"
import { PLACES, T0, type Ask } from "./story.ts"
import { INDOOR, joinMobile } from "./story-mobile.ts"
import { computeLockBones, computeVehntPower } from "./vehnt.ts"

type Changes = { readonly [K in keyof typeof params]?: number }
const given = (changes: Changes, ...asks: readonly Ask[]) =>
  specify(helium, { nodes: 1, params: { netEmissionsCapBones: 0, ...changes }, ports: { geometry: h3Geometry } })().when(...asks)
const all = (facts: readonly { readonly type: string }[], type: string) =>
  facts.filter((f) => f.type === type) as unknown as readonly Readonly<Record<string, number>>[]
const V = { vehntBaseline: 0, vehntExtra: 100, vehntSaturationDays: 1460 }

describe("a position weighs", () => {
  test("what the rule in doubles says, in whole bones, floored", () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e15 }),
        fc.nat(3000),
        fc.nat(50),
        fc.nat(200),
        fc.constantFrom(1, 3),
        (locked, days, baseline, extra, genesis) => {
          const exact = computeLockBones(locked, days * DAY, { baseline, extra, saturationS: 1460 * DAY, genesis })
          const rule = computeVehntPower({
            amountHnt: locked,
            remainingDays: days,
            saturationDays: 1460,
            baseline,
            extra,
            genesis,
          })
          expect(Math.abs(Number(exact) - rule)).toBeLessThanOrEqual(3 + rule * 1e-12)
        },
      ),
    ))
  test("less every day, unless it is constant, and nothing once its delegation or its lock has ended", () => {
    const { state } = given(
      {},
      lock(1000, 300),
      lock(1000, 300, { constant: 1 }),
      delegate(0, 1),
      delegate(1, 1),
      lock(1000, 300),
    )
    const at = (p: number, day: number) => Number(delegatedAt(state, p, T0 + day * DAY, V)) / 1e8
    expect(at(0, 0)).toBeCloseTo((1000 * 100 * 300) / 1460, 6)
    expect(at(0, 100)).toBeCloseTo((1000 * 100 * 200) / 1460, 6)
    expect(at(1, 100)).toBe(at(1, 0))
    expect([at(0, -1), at(2, 0)]).toEqual([0, 0])
    // T0 is 2025-11-18: the first of August is 256 days on.
    expect([at(1, 255) > 0, at(1, 256)]).toEqual([true, 0])
  })
})

describe("delegation", () => {
  test("draws IoT's share a thirtieth of the way to its part of the veHNT a day (HIP-141), whatever the parameter says", () => {
    const share = (iot: number, mobile: number) =>
      given({ iotSharePpm: 110_000 }, lock(iot, 1000), lock(mobile, 1000), delegate(0, 1), delegate(1, 2)).settle("day", T0 + DAY)
        .state.economy.iotShareE9[0]
    expect(share(300, 100)).toBe(Math.floor((29 * 110_000_000 + 750_000_000) / 30))
    expect(share(100, 300)).toBe(Math.floor((29 * 110_000_000 + 250_000_000) / 30))
  })
  test("drives the utility score of SOL-DNT (HIP-51)", () => {
    const dnt = {
      ...presets["SOL-DNT"].values,
      rewarderPatienceSeconds: 0,
      mobileOnboardingUsd: 0,
      iotOnboardingUsd: 0,
      mobileCreditsPerDay: 0,
    }
    const { facts } = given(dnt, lock(3000, 1460), lock(1000, 1460), delegate(0, 1), delegate(1, 2)).settle("day", T0 + DAY)
    expect(all(facts, "SubDaoEmitted")[0].shareE9).toBe(750_000_000)
  })
})

describe("delegators", () => {
  const held = (story: ReturnType<typeof given>, token: "hnt" | "iot" | "mobile" = "hnt") =>
    balance(story.state.ledger, token, story.state.ledger.account.delegators)
  test("share the day's HNT of both sub-networks by veHNT at its beginning; floors leave the rest in the pool", () => {
    const story = given(
      {},
      lock(300, 1460),
      lock(100, 1460),
      delegate(0, 1),
      delegate(1, 2),
      ...joinMobile(0, PLACES.home, INDOOR),
    )
    const { facts, state } = story.settle("day", T0 + DAY)
    const pool = all(facts, "EmissionIssued")[0].delegators + all(facts, "MobileEmissionIssued")[0].delegators
    const paid = all(facts, "DelegatorPaid")
    expect(paid.map((p) => p.hnt)).toEqual([Math.floor((pool * 3) / 4), Math.floor(pool / 4)])
    expect(Number(held(story)) - paid[0].hnt - paid[1].hnt).toBeLessThan(2)
    expect(state.economy.delegatorDay[0]).toBe(0)
  })
  test("who delegated after the day began has no part in it", () => {
    const story = given({}, lock(100, 1460), delegate(0, 1, T0 + HOUR))
    expect(all(story.settle("day", T0 + DAY).facts, "DelegatorPaid")).toEqual([])
    expect(all(story.settle("day", T0 + 2 * DAY).facts, "DelegatorPaid")).toHaveLength(1)
  })
  test("draw everything in one claim after many days, and nothing twice", () => {
    let story = given({}, lock(100, 1460), delegate(0, 2))
    let earned = 0
    for (let d = 1; d <= 5; d++) {
      story = story.settle("day", T0 + d * DAY)
      earned += all(story.facts, "DelegatorPaid")[0].hnt
    }
    story = story.when(draw(0))
    expect(all(story.facts, "DelegationClaimed")).toMatchObject([{ hnt: earned }])
    expect(story.when(draw(0)).refusals).toEqual(["nothing_to_claim"])
  })
  test("of SOL-DNT earn their own sub-network's token", () => {
    const dnt = { ...presets["SOL-DNT"].values, rewarderPatienceSeconds: 0 }
    const story = given(
      dnt,
      lock(100, 1460),
      lock(300, 1460),
      delegate(0, 1),
      delegate(1, 2),
      ...joinMobile(0, PLACES.home, INDOOR),
    )
    const { facts } = story.settle("day", T0 + DAY)
    const [iot, mobile] = all(facts, "DelegatorPaid")
    expect([iot.iot, iot.mobile, iot.hnt]).toEqual([all(facts, "SubDaoEmitted")[0].delegators, 0, 0])
    expect([mobile.iot, mobile.mobile]).toEqual([0, all(facts, "MobileEmissionIssued")[0].delegators])
  })
  test("of HIP-149 earn what passes the deployers' ceiling", () => {
    const now = { ...presets.HIP149.values }
    const asks: readonly Ask[] = [lock(100, 1460), delegate(0, 2), ...joinMobile(0, PLACES.home, INDOOR)]
    const story = given(now, { type: "MintCredits", hnt: 1e9, at: T0 }, ...asks, {
      type: "ReportDataTransfer",
      node: 0,
      dc: 1000,
    })
    const { facts } = story.settle("day", T0 + DAY)
    const [{ overflow }] = all(facts, "BackstopApplied")
    expect(overflow).toBeGreaterThan(0)
    expect(all(facts, "DelegatorPaid")[0].hnt).toBe(
      all(facts, "EmissionIssued")[0].delegators + all(facts, "MobileEmissionIssued")[0].delegators + overflow,
    )
  })
})
