/** Given what has happened, when something is asked or a deadline closes, then this follows: the consequences that an outage is made of. */
import { describe, expect, test } from "vitest"
import { DAY, HOUR } from "../../kernel/clock.ts"
import type { Fact } from "../../kernel/row-type.ts"
import { specify } from "../../kernel/specify.ts"
import { balance, holderOf } from "../../ledger/ledger.ts"
import { estimatesOf, ticketOf, unlockedOf } from "./books.ts"
import { epochAt, isInHistory, nextDeadline, openDeadline, slotAt, SLOT_S } from "./chain-time.ts"
import type { Commands } from "./commands.ts"
import { DETECTED } from "./events.ts"
import { filecoin } from "./index.ts"
import { computeFaultFee } from "./penalties.ts"
import type { State } from "./state.ts"

const ports = { geometry: {} as never }
const T = 20_410 * DAY
const FIL = 10n ** 18n
const open = (d: number, day = 0): number => T + day * DAY + d * SLOT_S
const close = (d: number, day = 0): number => open(d + 1, day)

type Ask = Fact<Commands>
const create = (node: number): Ask => ({ type: "CreateMiner", node, offset: 0, fundsAtto: 100_000n * FIL })
const bring = (node: number, verifiedDeadlines = 0): Ask => ({
  type: "BringSectors",
  node,
  sectorsPerDeadline: 10,
  verifiedDeadlines,
  verifiedPermille: 1000,
  ageDays: 200,
  firstExpiryDays: 300,
  spreadDays: 100,
  atS: T,
})
const prove = (deadline: number, atS: number, skipped = 0): Ask => ({ type: "SubmitWindowPoSt", node: 0, deadline, skipped, atS })
const recover = (deadline: number, atS: number): Ask => ({ type: "DeclareRecoveries", node: 0, deadline, atS })
const atWork = (params: Record<string, number> = {}) => specify(filecoin, { nodes: 2, params, ports })().when(create(0), bring(0))
const ofType = <T extends { readonly type: string }>(facts: readonly T[], type: string): readonly T[] =>
  facts.filter((f) => f.type === type)
const claim = ({ miner }: State): number => miner.rawGib[0]
const ALL = 48 * 10 * 32

describe("time", () => {
  test("epochs begin at mainnet's genesis and last 30 s", () => {
    expect(epochAt(Date.UTC(2020, 7, 24, 22) / 1000)).toBe(0)
    expect(epochAt(Date.UTC(2024, 10, 20, 23) / 1000)).toBe(4_461_240)
    expect([isInHistory(1_598_306_399), isInHistory(1_598_306_400)]).toEqual([false, true])
  })
  test("the deadline of a half hour is the rules' deadline of its epochs, for every offset", () => {
    for (let offset = 0; offset < 48; offset++)
      for (const at of [T, T + 13 * HOUR, T + 5 * DAY + SLOT_S]) {
        const index = openDeadline(slotAt(at), offset)
        const { open: opens, close: closes } = nextDeadline(offset, index, epochAt(at))
        expect([opens, closes]).toEqual([epochAt(at), epochAt(at + SLOT_S)])
      }
  })
})

describe("a deadline that nobody proves", () => {
  test("loses its power when it closes, not before, and pays nothing that once (FIP-0002)", () => {
    const before = atWork()
    expect(claim(before.state)).toBe(ALL)
    const after = before.settle("halfHour", close(0))
    expect(ofType(after.facts, "SectorsFaulted")).toMatchObject([{ deadline: 0, sectors: 10, cause: DETECTED }])
    expect(claim(after.state)).toBe(ALL - 320)
    expect(ofType(after.facts, "FaultFeeCharged")).toEqual([])
  })
  test("pays 3.51 days of expected reward at each further close", () => {
    const missed = atWork().settle("halfHour", close(0))
    const fee = computeFaultFee(estimatesOf(missed.state), 320n << 30n)
    expect(ofType(missed.settle("halfHour", close(0, 1)).facts, "FaultFeeCharged")).toMatchObject([{ feeAtto: fee }])
  })
  test("has its power again only with the proof after a declared recovery, and then pays nothing", () => {
    const declared = atWork()
      .settle("halfHour", close(0))
      .when(recover(0, open(0, 1) - HOUR))
    expect(claim(declared.state)).toBe(ALL - 320)
    const proven = declared.when(prove(0, open(0, 1)))
    expect(claim(proven.state)).toBe(ALL)
    expect(ofType(proven.settle("halfHour", close(0, 1)).facts, "FaultFeeCharged")).toEqual([])
  })
  test("pays for a recovery that fails", () => {
    const failed = atWork()
      .settle("halfHour", close(0))
      .when(recover(0, open(0, 1) - HOUR))
      .settle("halfHour", close(0, 1))
    expect(ofType(failed.facts, "FaultFeeCharged")).toHaveLength(1)
    expect([failed.state.miner.recovering[0], failed.state.miner.faulty[0]]).toEqual([0, 10])
  })
  test("is terminated after 42 days, and its pledge is free again", () => {
    const missed = atWork().settle("halfHour", close(0))
    expect(missed.settle("halfHour", close(0, 41)).state.miner.live[0]).toBe(480)
    const pledge = missed.state.miner.pledgeAtto.get(0)
    const ended = missed.settle("halfHour", close(0, 42))
    expect(ofType(ended.facts, "SectorsTerminated")).toMatchObject([{ sectors: 10, cause: 2 }])
    expect(ended.state.miner.live[0]).toBe(470)
    expect(ended.state.miner.pledgeAtto.get(0)).toBe(pledge - pledge / 48n)
  })
})

describe("sectors skipped or declared", () => {
  test("lose power at once and pay at that same close", () => {
    const skipped = atWork().when(prove(0, open(0), 3))
    expect(claim(skipped.state)).toBe(ALL - 3 * 32)
    expect(ofType(skipped.settle("halfHour", close(0)).facts, "FaultFeeCharged")).toHaveLength(1)
  })
})

describe("an outage of twelve hours", () => {
  /** Provider 1 is dark from midnight to noon, provider 0 never; both declare and prove whatever they can. */
  const live = (untilSlot: number) => {
    let story = specify(filecoin, { nodes: 2, ports })().when(create(0), create(1), bring(0), { ...bring(1), node: 1 } as Ask)
    const claims: number[] = []
    const fees: bigint[] = []
    for (let s = 0; s < untilSlot; s++) {
      const up = s < 24 ? [0] : [0, 1]
      const d = s % 48
      const atS = T + s * SLOT_S
      const ahead = (d + 2) % 48
      if (s >= 24) story = story.when({ ...recover(ahead, atS), node: 1 } as Ask)
      story = story.when(...up.map((node) => ({ ...prove(d, atS), node }) as Ask)).settle("halfHour", atS + SLOT_S)
      claims.push(story.state.miner.rawGib[1])
      for (const fact of story.facts) if (fact.type === "FaultFeeCharged" && fact.node === 1) fees.push(fact.feeAtto)
    }
    return { claims, fees, state: story.state }
  }
  const { claims, fees, state } = live(96)
  test("takes one forty-eighth of the power at each close, and so half of it in all", () =>
    expect(claims.slice(0, 24)).toEqual(Array.from({ length: 24 }, (_, i) => ALL - (i + 1) * 320)))
  test("gives none back before the missed deadlines come round again, a day after", () => {
    expect(claims.slice(24, 48)).toEqual(Array.from({ length: 24 }, () => ALL / 2))
    expect(claims.slice(48, 72)).toEqual(Array.from({ length: 24 }, (_, i) => ALL / 2 + (i + 1) * 320))
  })
  test("costs no fault fee when every recovery is declared and proven", () => {
    expect(fees.every((fee) => fee === 0n)).toBe(true)
    expect([state.miner.missed[0], state.miner.missed[1], state.network.faultFeesAtto.get(0)]).toEqual([0, 24, 0n])
  })
})

describe("fast finality", () => {
  const certify = (atS: number): Ask => ({ type: "CertifyFinality", atS, signed: 667, whole: 1000 })
  test("stands still without certificates, while blocks go on", () => {
    const read = (s: State) => ["f3.halted", "f3.lag"].map((name) => filecoin.metrics[name].of(s))
    const final = atWork()
      .settle("halfHour", close(0))
      .when(certify(close(0) + 1500))
      .settle("halfHour", close(1))
    expect(read(final.state)).toEqual([0, 14])
    const still = final.settle("halfHour", close(2))
    expect(read(still.state)).toEqual([1, 74])
    expect(still.when({ type: "DrawElection", atS: close(2), w0: 1, w1: 2, w2: 3, w3: 4 }).facts.length).toBeGreaterThan(1)
  })
  test("does not count less than two thirds", () =>
    expect(atWork().when({ type: "CertifyFinality", atS: close(0), signed: 666, whole: 1000 }).refusals).toEqual([
      "no_strong_quorum",
    ]))
})

describe("elections", () => {
  const draw = (atS: number): Ask => ({ type: "DrawElection", atS, w0: 1, w1: 2, w2: 3, w3: 4 })
  const block = (atS: number): Ask => ({ type: "ProduceBlock", node: 0, atS })
  test("are by the power of 900 epochs before, where it was kept", () => {
    let story = atWork().settle("halfHour", T)
    for (let d = 0; d < 16; d++) story = story.settle("halfHour", close(d))
    // At the 16th half hour the power of the first counts, before anything was missed.
    const k = (slotAt(close(15)) - 15) % 16
    expect(story.state.kept.slot[k]).toBe(slotAt(close(0)))
    expect(story.when(draw(close(15))).facts.length).toBeGreaterThan(1)
  })
  test("pay a fifth of the epoch's reward a win, three quarters of it locked", () => {
    const won = atWork()
      .settle("halfHour", close(0))
      .when(draw(close(0)))
    const wins = won.state.ticket.wins[ticketOf(won.state, 0)]
    const each = won.state.network.epochRewardAtto.get(0)
    const locked = won.state.miner.lockedAtto.get(0)
    const { state, facts } = won.when(block(close(0)))
    const reward = (each * BigInt(wins)) / 5n
    expect(facts).toMatchObject([{ rewardAtto: reward, lockedAtto: (reward * 3n) / 4n }])
    expect(state.miner.lockedAtto.get(0) - locked).toBe((reward * 3n) / 4n)
  })
  test("a win without a block is not minted", () => {
    const { state } = atWork()
      .settle("halfHour", close(0))
      .when(draw(close(0)), draw(close(0) + 30))
    expect(state.network.mintedAtto.get(0)).toBe(0n)
    expect(state.network.winsDrawn[0]).toBeGreaterThan(0)
  })
  test("locked rewards come free over 180 days, to the last atto", () => {
    let story = atWork({ minerDepositOn: 0 })
      .settle("halfHour", close(0))
      .when(draw(close(0)), block(close(0)))
    const locked = story.state.miner.lockedAtto.get(0)
    story = story.settle("day", T + DAY)
    for (let d = 2; d <= 91; d++) story = story.settle("day", T + d * DAY)
    expect(story.state.miner.lockedAtto.get(0)).toBe(locked - (locked / 180n) * 90n)
    story = story.settle("day", T + 181 * DAY)
    expect(story.state.miner.lockedAtto.get(0)).toBe(0n)
  })
})

describe("money", () => {
  test("a provider's parts are of one balance, and only what is free goes out", () => {
    const { state, when } = atWork()
    const free = unlockedOf(state, 0)
    const { state: after } = when({ type: "WithdrawBalance", node: 0, amountAtto: free })
    expect(balance(after.ledger, "fil", holderOf(after.ledger, 0))).toBe(
      after.miner.pledgeAtto.get(0) + after.miner.lockedAtto.get(0),
    )
    expect(when({ type: "WithdrawBalance", node: 0, amountAtto: 1n }).refusals).toEqual(["insufficient_funds"])
  })
  test("verified sectors pledge and count tenfold", () => {
    const plain = atWork().state
    const verified = specify(filecoin, { nodes: 2, ports })().when(create(0), bring(0, 48)).state
    expect(verified.miner.qaGib[0]).toBe(10 * plain.miner.qaGib[0])
    expect(verified.miner.rawGib[0]).toBe(plain.miner.rawGib[0])
  })
})
