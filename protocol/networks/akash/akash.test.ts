/** Stories: who is paid what, when and why; what a halt does to a bill; how debts end; what the breaker lets through. */
import { describe, expect, test } from "vitest"
import { DAY, HOUR } from "../../kernel/clock.ts"
import type { Fact } from "../../kernel/row-type.ts"
import { specify } from "../../kernel/specify.ts"
import { balance, supply } from "../../ledger/ledger.ts"
import { countMissed, heightAt, missedMax } from "./chain-clock.ts"
import type { Commands } from "./commands.ts"
import * as ask from "./example-asks.ts"
import { akash } from "./index.ts"
import {
  DECOMMISSION,
  INSUFFICIENT_FUNDS,
  MANIFEST_TIMEOUT,
  OWNER,
  UNSPECIFIED,
  UNSTABLE,
  computeDeadline,
} from "./lease-rules.ts"
import type { AkashParams } from "./params.ts"
import { breakerAt, priceAt } from "./price-of-akt.ts"
import { STATUS_HALT_CR, STATUS_HALT_ORACLE, STATUS_HEALTHY, type State } from "./state.ts"
import { UACT, UAKT } from "./units.ts"

const { T, ONE, BEGUN, LEASED, blocks } = ask
type Changes = { readonly [K in keyof AkashParams]?: number }
const begin = (...requests: Fact<Commands>[]) => ruled({}, ...requests)
const ruled = (params: Changes, ...requests: Fact<Commands>[]) =>
  specify(akash, { nodes: 3, params, ports: { geometry: {} as never } })().when(...requests)
const act = (state: State, node: number): bigint => balance(state.ledger, "act", state.ledger.accounts.length + node)
const escrow = (state: State): bigint => balance(state.ledger, "act", state.ledger.account.deployment_escrow)

describe("billing", () => {
  test("counts blocks: 1,000 of them at 100 uact", () => {
    const { state } = begin(...LEASED, ask.withdraw(T + blocks(1000)))
    expect([heightAt(state, T + blocks(1000)), act(state, 0), escrow(state)]).toEqual([1001, 100_000n, 9_900_000n])
  })
  test("a fraction of a micro-token is not charged, and not forgotten: what is due is cut at each settlement", () => {
    const { state } = begin(
      ...BEGUN,
      ask.deploy(),
      ask.bid(0, 500_000),
      ask.lease(),
      ask.withdraw(T + blocks(3)),
      ask.withdraw(T + blocks(4)),
    )
    // 3 blocks at half a uact are 1, one more block is 0: the chain cuts twice.
    expect(act(state, 0)).toBe(1n)
  })
  test("a second call in the same block pays nothing more and is no error", () => {
    const { refusals, state } = begin(...LEASED, ask.withdraw(T + 650), ask.withdraw(T + 651))
    expect([refusals, act(state, 0)]).toEqual([[], 10_000n])
  })
  test("stands still while the chain does, and goes on while the provider is gone", () => {
    const halted = ruled({ validators: 3 }, ...LEASED, ask.miss(0, T + 650), ask.signBlocks(0, T + 6500), ask.withdraw(T + 7150))
    // 100 blocks before the halt and 100 after it, of 1,100 there would have been.
    expect([act(halted.state, 0), halted.state.chain.haltedSeconds[0]]).toEqual([20_000n, 5850])
    // Nobody tells the chain that a provider is down, so nothing is asked and everything is owed.
    expect(act(begin(...LEASED, ask.withdraw(T + 7150)).state, 0)).toBe(110_000n)
  })
  test("the pool takes its cut before 2026, and none since", () => {
    const changes = { paidInAct: 0, bmeOn: 0, takePermille: 40 }
    const requests = [ask.start(), ask.provider(0), ask.deploy(), ask.bid(0), ask.lease(), ask.withdraw(T + blocks(1000))]
    const { state } = ruled(changes, ...requests)
    const { ledger: l } = state
    expect(balance(l, "akt", l.accounts.length)).toBe(10n * BigInt(ONE) - 500_000n + 96_000n)
    expect(balance(l, "akt", l.account.community)).toBe(5_000_000n * BigInt(ONE) + 4000n)
  })
})

describe("bids", () => {
  test("come back in full when lost, and the winner's when its lease ends", () => {
    const free = (state: State) => [0, 1].map((n) => balance(state.ledger, "akt", state.ledger.accounts.length + n))
    const before = begin(...BEGUN, ask.deploy(), ask.bid(0), ask.bid(1))
    expect(free(before.state)).toEqual([9_500_000n, 9_500_000n])
    expect(free(before.when(ask.lease()).state)).toEqual([9_500_000n, 10_000_000n])
    expect(free(before.when(ask.lease(), ask.closeLease(T + 60)).state)).toEqual([10_000_000n, 10_000_000n])
  })
  test("one more than the parameter fits, and closed ones count", () => {
    const book = [ask.bid(0), ask.bid(1), ask.bid(2)]
    const all = [...BEGUN, ask.provider(2), ask.deploy()]
    expect(ruled({ orderMaxBids: 1 }, ...all, ...book).refusals).toEqual(["too_many_bids"])
    const { refusals } = ruled({ orderMaxBids: 1 }, ...all, ask.bid(0), ask.bid(1), ask.closeBid(1, T), ask.bid(2))
    expect(refusals).toEqual(["too_many_bids"])
  })
  test("a tenant may take any of them, the dearest too", () => {
    const { state } = begin(...BEGUN, ask.deploy(), ask.bid(0, 10), ask.bid(1, 1000 * ONE), ask.lease(1))
    expect([state.group.node[0], state.payment.rate[0]]).toEqual([1, 1000 * ONE])
  })
  test("signatures filter: all of some, any of others", () => {
    const deploy = ask.deploy({ attributes: 3, allOf: 0b010, anyOf: 0b101 })
    const given = [ask.start(), ask.provider(0, T, 3), ask.price(), ask.request(1000 * ONE), ask.end(), deploy]
    const bids = (...signed: [auditor: number, attributes: number][]) =>
      begin(...given, ...signed.map(([a, m]) => ask.sign(0, a, m)), ask.bid(0)).refusals
    expect(bids([1, 3], [2, 7])).toEqual([])
    for (const signed of [
      [],
      [[1, 3]],
      [
        [0, 3],
        [2, 3],
      ],
      [
        [1, 1],
        [0, 3],
      ],
      [
        [1, 3],
        [0, 1],
      ],
    ] as [number, number][][])
      expect(bids(...signed)).toEqual(["attributes_mismatch"])
  })
})

describe("a lease ends", () => {
  const reasons = (state: State) => [
    state.chain.closedByOwner[0],
    state.chain.closedUnstable[0],
    state.chain.closedByProvider[0],
    state.chain.closedForFunds[0],
  ]
  test("by its tenant: the next order is open at once", () => {
    const { facts, state } = begin(...LEASED).when(ask.closeLease(T + 650))
    expect(facts.map((f) => f.type)).toEqual(["PaymentSettled", "PaymentPaidOut", "LeaseClosed", "OrderCreated"])
    expect([state.group.oseq[0], state.group.order[0], reasons(state)]).toEqual([2, 1, [1, 0, 0, 0]])
  })
  test("by its provider: the group waits until its tenant starts it, and takes no bids before", () => {
    const story = begin(...LEASED).when(ask.closeBid(0, T + 650))
    expect(story.when(ask.bid(1, 10, { atS: T + 660 })).refusals).toEqual(["order_not_open"])
    const started = story.when(ask.startGroup(T + 1250), ask.bid(1, 10, { atS: T + 1260 }), ask.lease(0, 0, T + 1310))
    expect([started.refusals, reasons(started.state)]).toEqual([[], [0, 1, 0, 0]])
    expect([started.state.chain.replaced[0], started.state.chain.replacedSecondsMax[0]]).toEqual([1, 660])
  })
  test("with notice: the tenant may leave at any time, the provider at the deadline, and a halt does not move it", () => {
    const window = { windowS: 3600 }
    const noticed = ruled({ validators: 3 }, ...BEGUN, ask.deploy(), ask.bid(0, 100, window), ask.lease(), ask.reclaim(T + 100))
    const deadline = computeDeadline(T + 100, 3600)
    expect(noticed.state.group.deadlineS[0]).toBe(deadline)
    expect(noticed.when(ask.closeBid(0, deadline - 1, DECOMMISSION)).refusals).toEqual(["reclamation_window_not_elapsed"])
    expect(noticed.when(ask.closeLease(T + 200)).refusals).toEqual([])
    const other = ruled({ validators: 3 }, ...BEGUN, ask.deploy(), ask.bid(0, 100, window), ask.lease(), ask.reclaim(T + 100))
    expect(
      other.when(ask.miss(0, T + 200), ask.signBlocks(0, deadline), ask.closeBid(0, deadline, DECOMMISSION)).refusals,
    ).toEqual([])
  })
  test("for want of funds: the provider has all there was, the tenant a debt, and the deployment is over", () => {
    const { state, facts } = begin(...LEASED).when(ask.withdraw(T + blocks(100_050)))
    expect(reasons(state)).toEqual([0, 0, 0, 1])
    expect([act(state, 0), escrow(state), state.payment.unsettled[0]]).toEqual([10_000_000n, 0n, 5000])
    expect(facts.at(-1)).toMatchObject({ type: "DeploymentClosed", isOverdrawn: 1 })
  })
  test("and its reason is kept with the provider that gave it", () => {
    const { facts } = begin(...LEASED).when(ask.closeBid(0, T + 60, UNSTABLE))
    expect(facts.find((f) => f.type === "LeaseClosed")).toMatchObject({ reason: UNSTABLE })
    expect(begin(...LEASED, ask.closeBid(0, T + 60, OWNER)).refusals).toEqual(["wrong_reason"])
  })
  test.each([UNSTABLE, DECOMMISSION, UNSPECIFIED, MANIFEST_TIMEOUT, 19_999])("a provider may give reason %i", (reason) => {
    const { facts, state } = begin(...LEASED).when(ask.closeBid(0, T + 60, reason))
    expect(facts.find((f) => f.type === "LeaseClosed")).toMatchObject({ reason })
    expect(reasons(state)).toEqual([0, ...(reason === UNSTABLE ? [1, 0] : [0, 1]), 0])
  })
  test.each([0, OWNER, 9999, INSUFFICIENT_FUNDS])("and not reason %i", (reason) => {
    expect(begin(...LEASED, ask.closeBid(0, T + 60, reason)).refusals).toEqual(["wrong_reason"])
  })
})

describe("two leases on one account", () => {
  const two = [
    ...BEGUN,
    ask.deploy({ groups: 2 }),
    ask.bid(0, 100 * ONE),
    ask.bid(1, 100 * ONE, { group: 1 }),
    ask.lease(0, 0),
    ask.lease(1, 1),
  ]
  test("are served in turn: the later one bears the whole shortfall", () => {
    // 10 ACT last 50,000 blocks; after 60,000 the first has its 6 ACT and the second 4, as the chain's own test has it.
    const { state } = begin(...two, ask.withdraw(T + blocks(60_000), 1))
    expect([act(state, 0), act(state, 1)]).toEqual([6_000_000n, 4_000_000n])
    expect(state.chain.closedForFunds[0]).toBe(2)
  })
  test("the oddity: a new lease swallows what the first accrued since the last settlement", () => {
    const requests = [
      ...BEGUN,
      ask.deploy({ groups: 2 }),
      ask.bid(0),
      ask.bid(1, 100 * ONE, { group: 1 }),
      ask.lease(0, 0),
      ask.lease(1, 1, T + blocks(100)),
      ask.withdraw(T + blocks(200), 0),
    ]
    expect(act(begin(...requests).state, 0)).toBe(20_000n)
    const odd = ruled({ trapsOn: 1 }, ...requests).state
    expect([act(odd, 0), odd.chain.strandedUact.get(0)]).toEqual([10_000n, 10_000n])
  })
  test("the oddity: closed in a block that was settled before, the payment stays and goes on charging", () => {
    const requests = [
      ...two,
      ask.withdraw(T + 650, 0),
      ask.closeLease(T + 650, 1),
      ask.withdraw(T + 1300, 0),
      ask.closeDeployment(T + 1300 + 7),
    ]
    expect(act(begin(...requests).state, 1)).toBe(10_000n)
    expect(act(ruled({ trapsOn: 1 }, ...requests).state, 1)).toBe(20_100n)
  })
})

describe("burn and mint", () => {
  test("AKT stay in the vault as credits, ACT come of them less the spread, and go back by credits first", () => {
    const { state } = begin(...BEGUN)
    expect([supply(state.ledger, "act"), balance(state.ledger, "act", state.ledger.account.public)]).toEqual([
      1_000_000_000n,
      997_500_000n,
    ])
    const before = supply(state.ledger, "akt")
    expect(state.chain.remintCredits.get(0)).toBe(1_000_000_000n)
    const back = begin(...BEGUN).when(ask.request(400 * ONE, UACT, T + 10), ask.end(T + 70))
    expect(back.state.chain.remintCredits.get(0)).toBe(600_000_000n)
    expect(supply(back.state.ledger, "akt")).toBe(before)
  })
  test("at a lower price credits do not suffice, and AKT are minted", () => {
    const requests = [...BEGUN, ask.price(500_000_000, T + 60), ask.request(900 * ONE, UACT, T + 70), ask.end(T + 140)]
    const { state, facts } = ruled({ vaultSeedAkt: 3000 }, ...requests)
    expect(facts.filter((f) => f.type === "BurnMintExecuted").at(-1)).toMatchObject({
      mint: 1_800_000_000n,
      remint: 1_000_000_000n,
    })
    expect(supply(state.ledger, "akt")).toBe(280_000_000_000_000n + 800_000_000n)
  })
  test("the breaker halts minting at 0.90 and leaves the way out open; a blind oracle closes both", () => {
    const values = { ...akash.params }
    const low = ruled({ vaultSeedAkt: 0, bidDepositUakt: 0 }, ask.start(), ask.price())
    expect(breakerAt(low.state, low.machine.params as never, T).status).toBe(STATUS_HALT_CR)
    const fallen = ruled({ vaultSeedAkt: 10, twapSeconds: 1 }, ...BEGUN, ask.price(890_000_000, T + 60))
    expect(values.haltBps.default).toBe(9000)
    expect(breakerAt(fallen.state, fallen.machine.params as never, T + 90).status).toBe(STATUS_HALT_CR)
    expect(fallen.when(ask.request(ONE, UAKT, T + 90), ask.request(ONE, UACT, T + 90)).refusals).toEqual(["circuit_breaker"])
    const blind = begin(...BEGUN, { type: "StopFeed", source: 0, atS: T + 60 })
    expect(breakerAt(blind.state, blind.machine.params as never, T + 90).status).toBe(STATUS_HEALTHY)
    expect(breakerAt(blind.state, blind.machine.params as never, T + 91).status).toBe(STATUS_HALT_ORACLE)
    expect(blind.when(ask.request(ONE, UACT, T + 91)).refusals).toEqual(["no_price"])
  })
  test("requests wait for their epoch, fifty at a time", () => {
    const many = Array.from({ length: 60 }, () => ask.request(ONE, UACT, T + 10))
    const once = begin(...BEGUN, ...many).when(ask.end(T + 20), ask.end(T + 70))
    expect(once.state.chain.executed[0]).toBe(1 + 50)
    expect(once.when(ask.end(T + 135)).state.chain.executed[0]).toBe(1 + 60)
  })
  test("the price is an average over the window of each source, and none when they differ too much", () => {
    const params = { twapSeconds: 100, sourcesMin: 1 }
    const one = ruled(params, ask.start(), ask.price(1_000_000_000), ask.price(2_000_000_000, T + 100))
    const at = (story: typeof one, atS: number) => priceAt(story.state, story.machine.params as never, atS)
    expect([at(one, T + 125), at(one, T + 200)]).toEqual([125n * 10n ** 16n, 2n * 10n ** 18n])
    const two = (nano: number) => ruled(params, ask.start(), ask.price(1_000_000_000), ask.price(nano, T, 1))
    expect([at(two(1_015_000_000), T + 100), at(two(1_016_000_000), T + 100)]).toEqual([10_075n * 10n ** 14n, null])
  })
})

describe("validators", () => {
  test("are jailed after more than 28,500 missed blocks: 51 and a half hours", () => {
    const story = begin(ask.start(), ask.miss(9, T))
    const hourOf = (h: number) => story.settle("hour", T + h * HOUR).facts.some((f) => f.type === "ValidatorJailed")
    expect(missedMax(story.machine.params as never)).toBe(28_500)
    expect([hourOf(51), hourOf(52)]).toEqual([false, true])
  })
  test("absences count only as far as the window goes back", () => {
    const params = { signedWindowBlocks: 1000 }
    const story = ruled(params, ask.start(), ask.miss(9, T + 650), ask.signBlocks(9, T + 1950), ask.miss(9, T + 3250))
    const missed = (h: number) => countMissed(story.state, 9, 1000, h)
    expect([missed(601), missed(1151), missed(1300), missed(1501)]).toEqual([300, 800, 799 + 1, 1000])
  })
  test("inflation goes to those who stake, day by day, and moves toward its goal", () => {
    const story = begin(ask.start()).settle("day", T + DAY)
    const minted = story.facts.find((f) => f.type === "InflationMinted") as unknown as { amount: bigint; blocks: number }
    const perBlock = (280_000_000n * 1_000_000n * 130n) / 1000n / 4_855_015n
    expect(minted.blocks).toBe(Math.floor(DAY / 6.5))
    // Bonded below the goal: a little above the rate of the beginning.
    expect(Number(minted.amount) / Number(perBlock * BigInt(minted.blocks))).toBeCloseTo(1.0003, 3)
    expect(supply(story.state.ledger, "akt")).toBe(280_000_000n * 1_000_000n + minted.amount)
  })
})
