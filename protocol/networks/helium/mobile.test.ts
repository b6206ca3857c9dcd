import fc from "fast-check"
import { describe, expect, test } from "vitest"
import * as decimal from "../../kernel/decimal.ts"
import { civilDate, dayOf } from "./civil-date.ts"
import { assignmentIndex, assignmentOf, computeAssignmentE2, computeTableE2 } from "./mobile-assignment.ts"
import { computeShares, shareNumber, type RadioDay } from "./mobile-coverage.ts"
import {
  computeBoostedRewards,
  computeMapperRewards,
  computeMobileEpochRewards,
  computeServiceProviderReward,
  MOBILE_SHARES_2025_03,
  MOBILE_SHARES_HIP148,
} from "./mobile-pools.ts"
import { rankRadios } from "./mobile-rank.ts"
import { computeSeniority } from "./mobile-seniority.ts"
import { averageSpeedtest, computeSpeedQuarters, computeTier } from "./mobile-speedtest.ts"
import { computeTrustQuarters, isBoostEligible, TRUST_RULES } from "./mobile-trust.ts"

const { parse } = decimal
const sum = (list: readonly bigint[]): bigint => list.reduce((a, b) => a + b, 0n)
const DAY = 86_400

const radio = (but: Partial<RadioDay> = {}): RadioDay => ({
  rules: "2025-03",
  radioType: "IndoorWifi",
  status: "Eligible",
  hasSubscribers: true,
  speedtest: "Good",
  trust: [{ score: decimal.one, distanceM: 0 }],
  hexes: [{ count: 1, signal: "High", rank: 1, assignment: "AAA", spOverride: false, boost: 5 }],
  ...but,
})
const shares = (but: Partial<RadioDay> = {}): number => {
  const { base, boosted } = computeShares(radio(but))
  return shareNumber(base) + shareNumber(boosted)
}

describe("shares", () => {
  test("a boost multiplies", () => expect(shares()).toBe(2000))
  test.each([
    ["no subscribers (HIP-84)", { hasSubscribers: false }, 400],
    ["trust below 0.75 (HIP-93)", { trust: [{ score: parse("0.74"), distanceM: 0 }] }, 400 * 0.74],
    ["trust of 0.75 is enough", { trust: [{ score: parse("0.75"), distanceM: 0 }] }, 2000 * 0.75],
    ["51 m from the asserted place (HIP-119)", { trust: [{ score: decimal.one, distanceM: 51 }] }, 400],
    ["50 m is near enough", { trust: [{ score: decimal.one, distanceM: 50 }] }, 2000],
    ["CBRS carries a GPS: neither trust nor distance", { radioType: "IndoorCbrs" as const, trust: [] }, 500],
    ["Wi-Fi without a heartbeat", { trust: [] }, 0],
    ["a failing backhaul", { speedtest: "Fail" as const }, 0],
    ["a ban (HIP-131)", { status: "Banned" as const }, 0],
  ])("%s", (_, but, expected) => expect(shares(but)).toBeCloseTo(expected, 9))
  test("a lifted assignment stays where the boost itself is refused", () =>
    expect(
      shares({
        hasSubscribers: false,
        hexes: [{ count: 1, signal: "High", rank: 1, assignment: "CCC", spOverride: false, boost: 5 }],
      }),
    ).toBe(400))
  test("a level that indoor radios do not know leaves the radio without points, as in the source", () =>
    expect(
      shares({
        hexes: [
          { count: 3, signal: "High", rank: 1, assignment: "AAA", spOverride: false, boost: 0 },
          { count: 1, signal: "Medium", rank: 1, assignment: "AAA", spOverride: false, boost: 0 },
        ],
      }),
    ).toBe(0))
  test("CBRS earns nothing under the last rules (HIP-130, 139)", () =>
    expect(shares({ rules: "2026-07", radioType: "OutdoorCbrs" })).toBe(0))
  test("the order of hexes and heartbeats does not matter", () => {
    const hex = fc.record({
      count: fc.nat(9),
      signal: fc.constantFrom("High" as const, "Low" as const),
      rank: fc.nat(5),
      assignment: fc.nat(26).map(assignmentOf),
      spOverride: fc.boolean(),
      boost: fc.nat(9),
    })
    fc.assert(
      fc.property(
        fc.array(hex, { maxLength: 8 }),
        fc.array(fc.record({ score: fc.constantFrom("0", "0.25", "1").map(parse), distanceM: fc.nat(200) }), { minLength: 1 }),
        fc.constantFrom("2025-03" as const, "2026-07" as const),
        (hexes, trust, rules) => {
          expect(shares({ hexes, trust, rules })).toBeCloseTo(
            shares({ hexes: hexes.toReversed(), trust: trust.toReversed(), rules }),
            6,
          )
        },
      ),
    )
  })
})

describe("assignments", () => {
  test("27 of them, each its own byte", () =>
    expect(new Set(Array.from({ length: 27 }, (_, i) => assignmentIndex(assignmentOf(i))))).toEqual(
      new Set(Array.from({ length: 27 }, (_, i) => i)),
    ))
  test("nowhere is a rural hex worth more than an urban one, nor worse land more than better", () => {
    for (const f of "ABC" as Iterable<"A" | "B" | "C">)
      for (const l of "ABC" as Iterable<"A" | "B" | "C">) {
        expect(computeTableE2(`${f}${l}A`, "land")).toBeGreaterThanOrEqual(computeTableE2(`${f}${l}B`, "land"))
        expect(computeTableE2(`${f}${l}C`, "land")).toBe(0)
      }
  })
  test("a ban beats a boost, a qualified CBRS radio is none", () => {
    const hex = { assignment: "CCC", spOverride: true, boosted: true } as const
    expect(computeAssignmentE2(hex, "Banned", "IndoorWifi", "2025-03")).toBe(0)
    const plain = { assignment: "CAB", spOverride: false, boosted: false } as const
    expect(computeAssignmentE2(plain, "Qualified", "OutdoorCbrs", "2025-03")).toBe(20)
    expect(computeAssignmentE2(plain, "Qualified", "OutdoorWifi", "2025-03")).toBe(100)
    expect(computeAssignmentE2(plain, "Eligible", "OutdoorWifi", "2026-07")).toBe(3)
  })
})

describe("speed tests", () => {
  test("latency is strict, speeds are not", () => {
    expect(computeTier({ uploadMbps: 10, downloadMbps: 100, latencyMs: 50 })).toBe("Acceptable")
    expect(computeTier({ uploadMbps: 2, downloadMbps: 30, latencyMs: 99 })).toBe("Poor")
    expect(computeTier({ uploadMbps: 2, downloadMbps: 30, latencyMs: 100 })).toBe("Fail")
  })
  test("one sample is too few, none averages to nothing", () => {
    expect(computeSpeedQuarters([{ uploadMbps: 99, downloadMbps: 999, latencyMs: 1 }])).toBe(0)
    expect(averageSpeedtest([])).toEqual({ uploadMbps: 0, downloadMbps: 0, latencyMs: 0 })
  })
})

describe("location trust", () => {
  const at = (metres: number, but = {}) => ({ metresToAsserted: metres, isValidated: true, isWithinReach: true, ...but })
  test.each([
    ["IndoorWifi", 200, 4],
    ["IndoorWifi", 201, 1],
    ["IndoorWifi", 300, 1],
    ["IndoorWifi", 301, 0],
    ["OutdoorWifi", 75, 4],
    ["OutdoorWifi", 76, 1],
    ["OutdoorWifi", 101, 0],
    ["OutdoorCbrs", 9999, 4],
  ] as const)("%s at %i m", (type, metres, quarters) =>
    expect(computeTrustQuarters(type, at(metres), TRUST_RULES["HIP-119"])).toBe(quarters),
  )
  test("nothing without a validated place, nor with coverage out of reach", () => {
    expect(computeTrustQuarters("IndoorWifi", at(0, { isValidated: false }), TRUST_RULES["HIP-119"])).toBe(0)
    expect(computeTrustQuarters("IndoorWifi", at(0, { isWithinReach: false }), TRUST_RULES["HIP-119"])).toBe(0)
  })
  test("a mean of distances decides, not the worst", () =>
    expect(
      isBoostEligible("IndoorWifi", true, [
        { score: decimal.one, distanceM: 100 },
        { score: decimal.one, distanceM: 0 },
      ]),
    ).toBe(true))
})

describe("rank", () => {
  test("power, then age, then the order given", () => {
    const anyRadio = fc.record({ signalPower: fc.integer({ min: -3, max: 0 }), claimedAtS: fc.nat(3) })
    fc.assert(
      fc.property(fc.array(anyRadio), (radios) => {
        const order = rankRadios(radios)
        expect(order.toSorted((a, b) => a - b)).toEqual(radios.map((_, i) => i))
        for (let i = 1; i < order.length; i++) {
          const [a, b] = [radios[order[i - 1]], radios[order[i]]]
          const gap = b.signalPower - a.signalPower || a.claimedAtS - b.claimedAtS || order[i - 1] - order[i]
          expect(gap).toBeLessThan(0)
        }
      }),
    )
  })
})

describe("seniority", () => {
  const before = { object: 1, seniorityS: 5 * DAY, lastHeartbeatS: 10 * DAY, reason: "NewCoverageClaimTime" } as const
  const beat = (but: Partial<{ object: number; claimedAtS: number; atS: number }> = {}) => ({
    object: 1,
    claimedAtS: 5 * DAY,
    atS: 10 * DAY + 3600,
    ...but,
  })
  test("starts with the claim", () => expect(computeSeniority(undefined, beat()).seniorityS).toBe(5 * DAY))
  test("stays while heartbeats come", () =>
    expect(computeSeniority(before, beat())).toEqual({ ...before, lastHeartbeatS: 10 * DAY + 3600 }))
  test("three days of silence are borne, a second more is not", () => {
    expect(computeSeniority(before, beat({ atS: 13 * DAY })).seniorityS).toBe(5 * DAY)
    expect(computeSeniority(before, beat({ atS: 13 * DAY + 1 }))).toMatchObject({
      seniorityS: 13 * DAY + 1,
      reason: "HeartbeatNotSeen",
    })
  })
  test("a new object brings its own claim, but nobody re-claims his way out of silence", () => {
    expect(computeSeniority(before, beat({ object: 2, claimedAtS: 9 * DAY })).seniorityS).toBe(9 * DAY)
    const silent = { ...before, seniorityS: 10 * DAY, reason: "HeartbeatNotSeen" } as const
    expect(computeSeniority(silent, beat({ object: 2, claimedAtS: 6 * DAY }))).toEqual(silent)
    expect(computeSeniority(silent, beat({ object: 2, claimedAtS: 10 * DAY })).object).toBe(2)
  })
})

describe("money", () => {
  const bones = fc.bigInt({ min: 0n, max: 10n ** 16n })
  const share = fc.nat(100_000_000).map((n) => decimal.make(BigInt(n), 4))
  const anyDc = fc.bigInt({ min: 0n, max: 10n ** 15n }).map((n) => decimal.make(n))
  const price = fc.integer({ min: 1, max: 1_000_000 }).map((n) => decimal.make(BigInt(n), 14))
  test("payouts and unallocated are the bucket, to the bone", () =>
    fc.assert(
      fc.property(
        bones,
        fc.array(anyDc, { maxLength: 8 }),
        price,
        fc.array(fc.array(share, { maxLength: 3 }), { maxLength: 8 }),
        fc.constantFrom(MOBILE_SHARES_2025_03, MOBILE_SHARES_HIP148),
        (emissions, dc, at, radios, rule) => {
          const epoch = computeMobileEpochRewards(decimal.make(emissions), dc, at, radios, rule)
          const percent = BigInt(rule.dataPercent + rule.pocPercent + rule.boostedPercent)
          expect(sum(epoch.poc) + sum(epoch.data) + epoch.unallocated).toBe((emissions * percent) / 100n)
          expect(epoch.unallocated >= 0n).toBe(true)
          expect(sum(epoch.data) <= (emissions * BigInt(rule.dataPercent)) / 100n).toBe(true)
          const turned = computeMobileEpochRewards(decimal.make(emissions), dc.toReversed(), at, radios.toReversed(), rule)
          expect([turned.poc.toReversed(), turned.data.toReversed()]).toEqual([epoch.poc, epoch.data])
        },
      ),
    ))
  test("boosted payouts stay within both pools and leave only dust where both have takers", () =>
    fc.assert(
      fc.property(
        bones,
        bones,
        fc.array(fc.record({ base: share, boosted: share }), { minLength: 1, maxLength: 8 }),
        (poc, boosted, radios) => {
          const paid = sum(computeBoostedRewards(decimal.make(poc), decimal.make(boosted), radios))
          const isTaken = (part: "base" | "boosted") => radios.some((r) => r[part].units > 0n)
          expect(paid <= poc + boosted).toBe(true)
          if (isTaken("base")) expect(paid > poc + boosted - 2n * BigInt(radios.length) - 1n).toBe(true)
        },
      ),
    ))
  test("nobody holds a share: nobody is paid", () =>
    expect(computeBoostedRewards(decimal.make(5n), decimal.make(5n), [{ base: decimal.zero, boosted: decimal.zero }])).toEqual([
      0n,
    ]))
  test("exact division pays the bone that the source's 28 digits lose (its own test has 999 for 1,000)", () => {
    // helium/oracles@21935653 reward_shares.rs service_provider_reward_amounts: a tenth of an hour's emission, 1,000 credits.
    const pool = parse("342465753424.7")
    const value = parse(1000)
    const coded = decimal.mul(pool, decimal.div(value, pool, 28, "half_even"))
    expect(decimal.toUnits(coded, 0, "floor")).toBe(999n)
    expect(computeServiceProviderReward(pool, value, parse("0.00001"))).toEqual({ paid: 1000n, unallocated: 342_465_752_424n })
  })
  test("mappers and service providers leave what they do not get", () => {
    fc.assert(
      fc.property(bones, fc.nat(1000), fc.nat(100), fc.nat(100), (emissions, n, discovery, verification) => {
        const r = computeMapperRewards(decimal.make(emissions), n, discovery, verification)
        expect(r.allocated + r.unallocated).toBe((emissions * 20n) / 100n)
        expect(r.unallocated >= 0n).toBe(true)
      }),
    )
    fc.assert(
      fc.property(bones, anyDc, price, (pool, dc, at) => {
        const r = computeServiceProviderReward(decimal.make(pool), dc, at)
        expect(r.paid + r.unallocated).toBe(pool)
        expect(r.paid >= 0n && r.unallocated >= 0n).toBe(true)
      }),
    )
  })
})

test("a day number and its date are one", () =>
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 65_535 }), (day) => {
      expect(dayOf(civilDate(day))).toBe(day)
    }),
  ))
