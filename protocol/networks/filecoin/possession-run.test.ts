/** Warm storage in a run: given a data set, when periods are proven or not, then exactly the proven ones are paid. */
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { DAY, HOUR } from "../../kernel/clock.ts"
import { Report } from "../../kernel/invariant.ts"
import { specify } from "../../kernel/specify.ts"
import { balance, holderOf } from "../../ledger/ledger.ts"
import { epochAt, SLOT_S } from "./chain-time.ts"
import { CLIENT, PROVIDER } from "./events-deals.ts"
import { dataSet, deposit, endSet, join, possess, settleRail, T } from "./examples-deals.ts"
import { filecoin } from "./index.ts"
import { advanceLockup, isDelinquent, LOCKUP_EPOCHS } from "./pay-account.ts"
import { computeProofFee } from "./possession.ts"
import type { State } from "./state.ts"
import { accountOf } from "./state-possession.ts"
import { computeRatePerEpoch } from "./warm-storage.ts"

const ports = { geometry: {} as never }
const RATE = computeRatePerEpoch(1n << 40n)
const begin = (usdfc = 6n) =>
  specify(filecoin, { nodes: 2, params: { pdpOn: 1 }, ports })().when(...join(0), deposit(1, usdfc), dataSet())
const earned = (s: State): bigint => balance(s.ledger, "usdfc", holderOf(s.ledger, 0))
const broken = (s: State): readonly string[] => {
  const report = new Report()
  for (const name of Object.keys(filecoin.invariants)) filecoin.invariants[name].check(s, report.within(name))
  return report.broken
}

describe("a data set", () => {
  test("is proven in the last 60 epochs of its period, once, for a fee that is burnt", () => {
    expect(begin().when(possess(1, { atS: T + DAY - 31 * 60 })).refusals).toEqual(["window_not_open"])
    expect(begin().when(possess(1, { atS: T + DAY + 30 })).refusals).toEqual(["window_not_open"])
    const proven = begin().when(possess(1, { atS: T + DAY }))
    expect(balance(proven.state.ledger, "fil", proven.state.ledger.account.burnt)).toBe(computeProofFee(1n << 40n))
    expect(proven.when(possess(1)).refusals).toEqual(["window_not_open"])
  })
  test("that misses a period is not paid for it, and loses nothing else", () => {
    const before = begin()
    const burnt = balance(before.state.ledger, "fil", before.state.ledger.account.burnt)
    const missed = before.settle("halfHour", T + DAY + SLOT_S)
    expect(missed.facts.filter((f) => f.type === "PeriodsFaulted")).toMatchObject([{ dataSet: 0, periods: 1 }])
    const { state, facts } = missed.when(possess(2), settleRail(T + 2 * DAY))
    expect(facts.at(-1)).toMatchObject({ type: "RailSettled", paidUsdfc: RATE * 2880n, settledEpoch: epochAt(T + 2 * DAY) })
    expect(earned(state)).toBe(RATE * 2880n)
    // What is burnt besides the proof's fee is the sectors' business.
    const fees = state.network.dailyFeesAtto.get(0) + state.network.faultFeesAtto.get(0)
    expect(balance(state.ledger, "fil", state.ledger.account.burnt)).toBe(burnt + computeProofFee(1n << 40n) + fees)
    expect(broken(state)).toEqual([])
  })
  test("is not paid beyond an open period", () => {
    const { facts } = begin().when(possess(1), settleRail(T + DAY + 12 * HOUR))
    expect(facts.at(-1)).toMatchObject({ paidUsdfc: RATE * 2880n, settledEpoch: epochAt(T + DAY) })
  })
})

describe("a client", () => {
  test("that runs dry stops the settlement, may be left, and pays 30 days more out of its lockup", () => {
    // 6 USDFC are 71 days at 1 TiB: 30 are locked, the rest lasts for 41.
    let story = begin()
    for (let n = 1; n <= 30; n++) story = story.when(possess(n))
    story = story.when(settleRail(T + 30 * DAY + HOUR))
    for (let n = 31; n <= 50; n++) story = story.when(possess(n))
    expect(story.when(endSet(PROVIDER, T + 20 * DAY)).refusals).toEqual(["client_is_funded"])
    const dry = advanceLockup(accountOf(story.state, 1), epochAt(T + 50 * DAY))
    expect(isDelinquent(dry, epochAt(T + 50 * DAY))).toBe(true)
    story = story.when(settleRail(T + 50 * DAY))
    expect(story.facts).toMatchObject([{ settledEpoch: dry.lockedEpoch }])
    expect(story.when(settleRail(T + 50 * DAY)).refusals).toEqual(["nothing_to_settle"])
    expect(story.when(endSet(CLIENT, T + 50 * DAY)).refusals).toEqual(["client_is_delinquent"])
    story = story.when(endSet(PROVIDER, T + 50 * DAY))
    for (let n = 51; n <= 71; n++) story = story.when(possess(n))
    const end = dry.lockedEpoch + LOCKUP_EPOCHS
    story = story.when(settleRail(T + 80 * DAY))
    expect(story.facts).toMatchObject([{ settledEpoch: end }])
    expect(story.state.dataSetHead.open[0]).toBe(0)
    // Every period but the last, which nobody proved, is paid: 71 whole days.
    expect(earned(story.state)).toBe(RATE * 71n * 2880n)
    expect(accountOf(story.state, 1)).toMatchObject({ lockup: 0n, rate: 0n })
    expect(broken(story.state)).toEqual([])
  })
  test("locks whole epochs as far as its funds go", () => {
    const account = { funds: 100n, lockup: 0n, rate: 7n, lockedEpoch: 10 }
    expect(advanceLockup(account, 9)).toBe(account)
    expect(advanceLockup(account, 24)).toMatchObject({ lockup: 98n, lockedEpoch: 24 })
    expect(advanceLockup(account, 30)).toMatchObject({ lockup: 98n, lockedEpoch: 24 })
    expect(advanceLockup({ ...account, rate: 0n }, 30)).toMatchObject({ lockup: 0n, lockedEpoch: 30 })
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 6n), fc.bigInt(0n, 1000n), fc.nat(5000), fc.nat(5000), (funds, rate, a, b) => {
        const one = advanceLockup(advanceLockup({ funds, lockup: 0n, rate, lockedEpoch: 0 }, Math.min(a, b)), Math.max(a, b))
        expect(one).toEqual(advanceLockup({ funds, lockup: 0n, rate, lockedEpoch: 0 }, Math.max(a, b)))
        expect(one.lockup <= funds).toBe(true)
      }),
    )
  })
})

test("a rail pays exactly its proven periods, however it is settled", () => {
  fc.assert(
    fc.property(fc.array(fc.record({ prove: fc.boolean(), settle: fc.boolean() }), { minLength: 1, maxLength: 28 }), (days) => {
      let story = begin()
      let periods = 0n
      days.forEach(({ prove, settle }, i) => {
        if (prove) story = story.when(possess(i + 1))
        if (prove) periods++
        story = story.settle("halfHour", T + (i + 1) * DAY + SLOT_S)
        if (settle) story = story.when(settleRail(T + (i + 1) * DAY + HOUR))
        expect(broken(story.state)).toEqual([])
      })
      const { state } = story.when(settleRail(T + days.length * DAY + 2 * HOUR))
      expect(earned(state)).toBe(periods * RATE * 2880n)
      const funds = accountOf(state, 1).funds
      expect(funds + earned(state)).toBe(6n * 10n ** 18n)
    }),
    { numRuns: 60 },
  )
})
