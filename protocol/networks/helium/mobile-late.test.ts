/** Mobile across regimes, told: days that are issued late, MOBILE and its treasury, HIP-149's ceiling, and no Mobile before its start. */
import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import { h3Geometry } from "../../boundary/geometry.ts"
import { DAY, HOUR, MINUTE } from "../../kernel/clock.ts"
import { specify } from "../../kernel/specify.ts"
import { balance } from "../../ledger/ledger.ts"
import { computeOverflow, splitHip149Mobile } from "./backstop.ts"
import { helium } from "./index.ts"
import { MOBILE_2025_03 } from "./params-mobile.ts"
import type { params } from "./params.ts"
import { HISTORY, presets, valuesFrom } from "./presets.ts"
import { dailyUnits } from "./settle-issue.ts"
import { PLACES, T0, type Ask } from "./story.ts"
import { assignAround, cover, goodDay, heartbeats, INDOOR, joinMobile, OUTDOOR } from "./story-mobile.ts"

const { home, cells8 } = PLACES
type Changes = { readonly [K in keyof typeof params]?: number }
const START: readonly Ask[] = [
  ...joinMobile(0, home, INDOOR),
  ...joinMobile(1, cells8, OUTDOOR),
  { type: "MintCredits", hnt: 1e11, at: T0 },
  assignAround(home, "AAA"),
  assignAround(cells8, "BAA"),
  ...cover(0, 1, home),
  ...cover(1, 2, cells8),
]
const given = (changes: Changes, ...asks: readonly Ask[]) =>
  specify(helium, { nodes: 2, params: { netEmissionsCapBones: 0, ...changes }, ports: { geometry: h3Geometry } })().when(
    ...START,
    ...asks,
  )
const ledger = (pacePermille: number, at: number): Ask => ({ type: "ReportLedger", at, pacePermille })
const carry = (node: number, dc: number): Ask => ({ type: "ReportDataTransfer", node, dc })
const map = (subscribers: number): Ask => ({ type: "ReportMappers", subscribers, verificationPoints: 30 })
const all = (facts: readonly { readonly type: string }[], type: string) =>
  facts.filter((f) => f.type === type) as unknown as readonly Readonly<Record<string, number>>[]
const RULES: Changes = { ...MOBILE_2025_03, mobileQualifiedConnections: 25 }
const DAY_ONE = [...goodDay(0, 1, home, T0), ...goodDay(1, 2, cells8, T0), map(4), carry(0, 900), carry(1, 100)]
const dayTwo = [...heartbeats(1, 2, cells8, T0 + DAY, 20), map(7), carry(1, 5000)]

describe("a day that Solana issues late", () => {
  const onTime = () => given(RULES, ...DAY_ONE).settle("day", T0 + DAY)
  const halted = () => given(RULES, ledger(0, T0 + HOUR), ...DAY_ONE).settle("day", T0 + DAY)

  test("waits at midnight with its radios' claims, and its credits burn when the ledger is back", () => {
    const story = halted()
    expect(all(story.facts, "MobileEmissionIssued")).toEqual([])
    expect(all(story.facts, "MobileEpochDeferred")).toMatchObject([{ day: T0 / DAY, dc: 1000, heartbeats: 24 }])
    expect(all(story.facts, "RadioDeferred").map((f) => [f.node, f.heartbeats, f.dc])).toEqual([
      [0, 12, 900],
      [1, 12, 100],
    ])
    expect([story.state.mobileTotal.creditsQueued[0], story.state.mobileTotal.creditsBurned[0]]).toEqual([1000, 0])
    const { mobileTotal, economy } = story.when(ledger(1000, T0 + DAY + MINUTE)).state
    expect([mobileTotal.creditsQueued[0], mobileTotal.creditsBurned[0], economy.creditsQueued[0]]).toEqual([0, 1000, 0])
  })

  test("pays each radio to the bone what it would have paid at midnight, whatever the next day has brought", () => {
    const late = halted()
      .when(...dayTwo, ledger(1000, T0 + DAY + 2 * HOUR))
      .settle("density", T0 + DAY + 3 * HOUR)
    const money = (facts: readonly { readonly type: string }[]) => [
      ...all(facts, "MobileEmissionIssued"),
      ...all(facts, "MobilePoolsSplit"),
      ...all(facts, "RadioPaid"),
      ...all(facts, "MobileEpochClosed").map(({ late: _late, ...rest }) => rest),
    ]
    expect(money(late.facts)).toEqual(money(onTime().facts))
    expect(all(late.facts, "RadioPaid")).toHaveLength(2)
    expect(all(late.facts, "MobileEpochClosed")).toMatchObject([{ late: 1 }])
    // The day that is still open keeps its own: heartbeats, credits and mappers.
    expect([late.state.mobileTotal.dcEpoch[0], late.state.mapper.length, late.state.mobileWaiting.length]).toEqual([5000, 1, 0])
  })

  test("is paid once, and in its turn: two days of a halt in two half hours, the oldest first", () => {
    let story = halted()
      .when(...dayTwo)
      .settle("day", T0 + 2 * DAY)
    expect([...story.state.mobileWaiting.day.subarray(0, 2)]).toEqual([T0 / DAY, T0 / DAY + 1])
    story = story.when(ledger(1000, T0 + 2 * DAY + MINUTE))
    const paid = []
    for (const k of [1, 2, 3]) {
      story = story.settle("density", T0 + 2 * DAY + k * 30 * MINUTE)
      paid.push(all(story.facts, "MobileEmissionIssued").map((f) => f.day - T0 / DAY))
    }
    expect(paid).toEqual([[0], [1], []])
    expect(story.state.mobileTotal.epochsLate[0]).toBe(2)
    // Radio 0 was silent on the second day: it has nothing of it.
    const second = story.state.radio.earnedHnt[0]
    expect(second).toBe(onTime().state.radio.earnedHnt[0])
  })

  test("waits no longer for a radio than for a hotspot: a radio that came afterwards has no part in it", () => {
    const alone = specify(helium, { nodes: 2, params: RULES, ports: { geometry: h3Geometry } })()
      .when(ledger(0, T0 + HOUR))
      .settle("day", T0 + DAY)
      .when(...START, ledger(1000, T0 + DAY + HOUR))
      .settle("density", T0 + DAY + 2 * HOUR)
    expect(all(alone.facts, "EmissionIssued")).toHaveLength(1)
    expect(all(alone.facts, "MobileEmissionIssued")).toEqual([])
    expect(all(alone.settle("day", T0 + 2 * DAY).facts, "MobileEmissionIssued")).toMatchObject([{ day: T0 / DAY + 1 }])
  })

  test("under any halts Mobile gets of every issued day what IoT leaves of it, each day once, in order", () =>
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0, 1000), { minLength: 2, maxLength: 7 }), fc.boolean(), (paces, isHip149) => {
        let story = given(isHip149 ? { ...presets.HIP149.values, netEmissionsCapBones: 0 } : RULES)
        const issued: Readonly<Record<string, number>>[] = []
        const mobile: Readonly<Record<string, number>>[] = []
        const collect = () => {
          issued.push(...all(story.facts, "EmissionIssued"))
          mobile.push(...all(story.facts, "MobileEmissionIssued"))
        }
        paces.forEach((pace, d) => {
          const midnight = T0 + (d + 1) * DAY
          story = story.when(carry(0, 10 + d), ...heartbeats(0, 1, home, T0 + d * DAY, 24), ledger(pace, midnight - HOUR))
          story = story.settle("day", midnight)
          collect()
          for (const k of [1, 2]) {
            story = story.settle("density", midnight + k * 30 * MINUTE)
            collect()
          }
        })
        const gives = issued.map((e) => [e.day, e.scheduled + e.reEmitted + e.toppedUp - e.iot])
        expect(mobile.map((m) => [m.day, m.emission])).toEqual(gives)
        expect(mobile.map((m) => m.day)).toEqual(mobile.map((m) => m.day).toSorted((a, b) => a - b))
        const sum = gives.reduce((a, [, hnt]) => a + BigInt(hnt), 0n)
        expect(story.state.mobileTotal.setAside.get(0)).toBe(sum)
      }),
      { numRuns: 40 },
    ))
})

describe("while MOBILE is paid (SOL-DNT)", () => {
  const DNT = { ...presets["SOL-DNT"].values, rewarderPatienceSeconds: 0, netEmissionsCapBones: 0 }
  const played = () => given(DNT, ...DAY_ONE).settle("day", T0 + DAY)
  test("its own schedule is minted, and the day's HNT of Mobile backs it", () => {
    const day = played()
    const [{ emission, delegators, treasury, inMobile }] = all(day.facts, "MobileEmissionIssued")
    expect([emission, inMobile]).toEqual([dailyUnits("mobile", T0 / DAY), 1])
    expect(delegators).toBe(Math.floor(emission * 0.06))
    const [{ others }] = all(day.facts, "SubDaoEmitted")
    expect(treasury).toBe(others)
    const { ledger: books, radio } = day.state
    expect(balance(books, "hnt", books.account.mobile_treasury)).toBe(BigInt(others))
    expect([radio.earnedMobile[0] > 0, radio.earnedHnt[0]]).toEqual([true, 0])
  })
  test("a tenth of the supply redeems for a tenth of the treasury, and no more of it than is held", () => {
    const day = played()
    const [{ emission, treasury }] = all(day.facts, "MobileEmissionIssued")
    const tenth = Math.floor(emission / 10)
    const { facts, state } = day.when({ type: "RedeemMobile", node: 0, mobile: tenth })
    const [redeemed] = all(facts, "MobileRedeemed")
    // H / S is cut to eleven decimals.
    expect(redeemed.hnt / (treasury / 10)).toBeCloseTo(1, 4)
    expect(redeemed.hnt).toBeLessThanOrEqual(treasury / 10)
    expect(state.mobileTotal.redeemed.get(0)).toBe(BigInt(tenth))
    expect(day.when({ type: "RedeemMobile", node: 0, mobile: emission }).refusals).toEqual(["treasury_pays_nothing"])
  })
  test("the utility score hears of the credits that its radios carried", () => {
    const share = (dc: number) => all(given(DNT, carry(0, dc)).settle("day", T0 + DAY).facts, "SubDaoEmitted")[0].shareE9
    expect(share(4_000_000)).toBeLessThan(share(1))
  })
})

describe("HIP-149", () => {
  const NOW = { ...presets.HIP149.values, netEmissionsCapBones: 0 }
  const split = (dc: number) => given(NOW, carry(0, dc - dc / 10), carry(1, dc / 10)).settle("day", T0 + DAY)
  test("what passes three times the carriers' payment goes to delegators; providers get 24 % of the whole, data the rest by credits", () => {
    const { facts, state } = split(1_000_000)
    const [{ emission, delegators, overflow }] = all(facts, "MobileEmissionIssued")
    const [{ deployerCap, overflow: applied }] = all(facts, "BackstopApplied")
    // 1,000,000 credits are 10 USD: 30 USD at 1.072 USD a HNT.
    expect(deployerCap).toBe(Math.floor((30 * 1e16) / 107_200_000))
    expect(overflow).toBe(applied)
    expect(overflow).toBe(Number(computeOverflow(BigInt(emission), BigInt(deployerCap), BigInt(emission - delegators))))
    const whole = splitHip149Mobile(BigInt(emission), BigInt(emission - delegators - overflow))
    const [pools] = all(facts, "MobilePoolsSplit")
    expect([pools.serviceProviders, pools.coverage]).toEqual([Number(whole.serviceProviders), 0])
    expect(Number(whole.dataTransfer) - pools.data).toBeLessThan(2)
    expect(state.radio.earnedHnt[0] / state.radio.earnedHnt[1]).toBeCloseTo(9, 5)
    const { ledger: books } = state
    expect(balance(books, "hnt", books.account.delegators)).toBe(
      BigInt(delegators + overflow + all(facts, "EmissionIssued")[0].delegators),
    )
  })
  test("with traffic enough there is no overflow, and with a price too old neither floor nor ceiling", () => {
    const busy = given(NOW, { type: "MintCredits", hnt: 1e12, at: T0 }, carry(0, 600_000_000)).settle("day", T0 + DAY)
    expect(all(busy.facts, "MobileEmissionIssued")).toMatchObject([{ overflow: 0 }])
    const stale: Ask = { type: "PublishPrice", at: T0, emaE8Usd: 107_200_000, confidenceE8Usd: 0, substituted: 0 }
    const { facts } = given(NOW, carry(0, 1000), stale).settle("day", T0 + DAY)
    expect(all(facts, "BackstopApplied")).toMatchObject([{ dormant: 1, deployerCap: 0 }])
    expect(all(facts, "MobileEmissionIssued")).toMatchObject([{ overflow: 0 }])
  })
  test("the supplement is minted to its own vault and to the council: it is no part of what data is paid", () => {
    const at = 1_785_974_400
    const issued = (supplement: number) => {
      const story = specify(helium, { nodes: 2, params: { ...NOW, supplement }, ports: { geometry: h3Geometry } })()
      return story.when(...START, carry(0, 1000)).settle("day", at)
    }
    const [without, withIt] = [issued(0), issued(1)]
    expect(all(withIt.facts, "BackstopApplied")).toMatchObject([{ supplement: 2 * 98_000 * 1e8 }])
    expect(all(withIt.facts, "MobilePoolsSplit")).toEqual(all(without.facts, "MobilePoolsSplit"))
  })
  test("the floor fills what carriers paid half of, out of burn beyond the cap, and Mobile's radios get it", () => {
    const burn: Ask = { type: "MintCredits", hnt: 1e13, at: T0 }
    const changes = { ...NOW, netEmissionsCapBones: 1000, burnSmoothed: 0 }
    const { facts } = given(changes, burn, carry(0, 4_200_000_000)).settle("day", T0 + DAY)
    const [{ scheduled, reEmitted, toppedUp, iot }] = all(facts, "EmissionIssued")
    expect([reEmitted, toppedUp > 0]).toEqual([1000, true])
    expect(all(facts, "MobileEmissionIssued")[0].emission).toBe(scheduled + reEmitted + toppedUp - iot)
  })
})

describe("the dated table", () => {
  test("has no Mobile before the move to Solana, and begins it with MOBILE", () => {
    expect(valuesFrom("2023-04-17").mobileBegun).toBe(0)
    expect(valuesFrom("2023-04-18")).toMatchObject({ mobileInMobile: 1, mobileMappersPercent: 10 })
    const { refusals, state } = given(valuesFrom("2023-04-17"))
    expect(refusals.filter((r) => r === "mobile_has_not_begun")).toHaveLength(2)
    expect(state.radio.length).toBe(0)
  })
  test("ends on the defaults of November 2025, and each change between fits together", () => {
    const mobile = (day: string) => Object.entries(valuesFrom(day)).filter(([name]) => name.startsWith("mobile"))
    for (const [name, value] of mobile("2025-11-30")) expect(value, name).toBe(helium.params[name as keyof typeof params].default)
    expect(Object.fromEntries(mobile("2025-03-25"))).toMatchObject({ mobileOutdoorCbrsHigh: 0, mobileOutdoorWifiHigh: 16 })
    expect(Object.fromEntries(mobile("2026-07-17"))).toMatchObject({ mobileDataResidual: 1, mobileCreditsPerGigabyte: 10_000 })
    expect(HISTORY.filter((h) => /HIP-(79|84|103|113|119|122|130|134|140|147|148)/.test(h.source))).toHaveLength(11)
  })
})
