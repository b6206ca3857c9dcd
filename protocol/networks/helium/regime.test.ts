/** Given, when, then, outside SOL-HNT's plain day: blocks, challenges, treasuries, epochs that wait, floors and claims. */
import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import { h3Geometry } from "../../boundary/geometry.ts"
import { DAY, HOUR, MINUTE } from "../../kernel/clock.ts"
import { specify } from "../../kernel/specify.ts"
import { balance, supply } from "../../ledger/ledger.ts"
import { computeBeacon } from "./beacon-entropy.ts"
import { computeBackstop, computeOverflow, SHARE_ONE } from "./backstop.ts"
import { VALIDATORS } from "./events-regime.ts"
import { exactBeacon } from "./exact-beacon.ts"
import { beacon, contacts, proof, SQUARE, T0, type Ask } from "./examples.ts"
import { helium } from "./index.ts"
import { computeL1DcRewards, computeL1Spillover, splitL1Pool } from "./l1.ts"
import { computeL1EpochPayouts, newL1PayoutColumns } from "./l1-payouts.ts"
import type { params } from "./params.ts"
import { HISTORY, presets, valuesFrom } from "./presets.ts"
import { dailyUnits } from "./settle-issue.ts"
import { splitHst } from "./sub-dao.ts"
import { make } from "../../kernel/decimal.ts"

type Changes = { readonly [K in keyof typeof params]?: number }
const given = (change: Changes, ...asks: readonly Ask[]) =>
  specify(helium, { nodes: 4, params: change, ports: { geometry: h3Geometry } })().when(...asks)
const only = (facts: readonly { readonly type: string }[], type: string) =>
  facts.filter((f) => f.type === type) as unknown as readonly Readonly<Record<string, number>>[]
const ledger = (pacePermille: number, at: number): Ask => ({ type: "ReportLedger", at, pacePermille })
const challenge = (challenger: number, challengee: number, at: number): Ask => ({
  type: "IssueChallenge",
  challenger,
  challengee,
  at,
})
const receipts = (challenger: number, challengee: number, at: number): Ask => ({
  type: "SubmitReceipts",
  challenger,
  challengee,
  at,
})
const named = presets as Readonly<Record<string, { readonly values: Changes; readonly from?: string }>>
const L1 = { ...valuesFrom("2022-04-14"), challengeIntervalBlocks: 60 }

describe("the dated table", () => {
  test("is in order, and every day of it is a preset with its source", () => {
    expect(HISTORY.map((h) => h.from)).toEqual(HISTORY.map((h) => h.from).toSorted())
    for (const { from, source } of HISTORY) {
      expect(source).not.toBe("")
      expect(Object.values(named).some((p) => p.from === from)).toBe(true)
    }
  })
  test("a regime forgets the one before it, and keeps what changed within it", () => {
    expect(valuesFrom("2022-07-31").witnessesMax).toBe(14)
    expect(valuesFrom("2021-12-01").witnessesMax).toBe(18)
    expect(valuesFrom("2023-04-18").ownChain).toBeUndefined()
    expect(valuesFrom("2024-02-06")).toMatchObject({ dntRewards: 1, reciprocitySeconds: 172_800, density8Max: 1 })
  })
})

describe("the old chain", () => {
  test("columns pay what the rule pays, bone for bone", () =>
    fc.assert(
      fc.property(
        fc.array(fc.record({ c: fc.nat(9), b: fc.nat(1e9), w: fc.nat(1e9), dc: fc.nat(1e7) }), { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 4e11 }),
        fc.integer({ min: 0, max: 1e10 }),
        fc.nat(50),
        (rows, rewardBones, oraclePrice, validatorShares) => {
          const fractions = { challengers: 0.0085, challengees: 0.0473, witnesses: 0.1892 }
          const columns = newL1PayoutColumns(rows.length)
          const of = (key: "c" | "b" | "w" | "dc") => rows.map((r) => r[key])
          const { hotspots, validators } = computeL1EpochPayouts(
            {
              rewardBones,
              fractions,
              trafficFraction: 0.375,
              oraclePrice,
              length: rows.length,
              challengers: of("c"),
              validatorShares,
              challengees: of("b"),
              witnesses: of("w"),
              dc: of("dc"),
            },
            columns,
          )
          const data = computeL1DcRewards(rewardBones, 0.375, of("dc"), oraclePrice)
          const pools = computeL1Spillover(rewardBones, data.remainder, fractions)
          const challengers = splitL1Pool(pools.challengers, [...of("c"), validatorShares])
          expect([...columns.data]).toEqual(data.rewards)
          expect([...columns.beacon]).toEqual(splitL1Pool(pools.challengees, of("b")))
          expect([...columns.witness]).toEqual(splitL1Pool(pools.witnesses, of("w")))
          expect([...columns.challenger, validators]).toEqual(challengers)
          expect(hotspots).toBe(
            [...columns.challenger, ...columns.beacon, ...columns.witness, ...columns.data].reduce((a, b) => a + b, 0),
          )
        },
      ),
      { numRuns: 200 },
    ))

  test("pays a half hour of blocks its 1,736 HNT at 2.5M a month: challenger, beaconer, witnesses, consensus, securities", () => {
    const story = given(L1, ...SQUARE, challenge(1, 0, T0 + HOUR))
      .when(...proof(0, T0 + HOUR, 1, 2, 3))
      .when(receipts(1, 0, T0 + HOUR + 1))
    const { facts, state } = story.settle("density", T0 + HOUR + 30 * MINUTE)
    const [closed] = only(facts, "BlockEpochClosed")
    expect(closed).toMatchObject({ epochs: 1, scheduled: 173_611_111_111, lost: 0, sinceEpoch: 0 })
    expect(closed.hotspots + closed.consensus + closed.securities + closed.unissued).toBe(closed.scheduled + closed.reEmitted)
    const paid = only(facts, "BlockRewardPaid")
    expect(paid.find((p) => p.node === 1)).toMatchObject({ challenger: Math.round(173_611_111_111 * 0.009), beacon: 0 })
    expect(paid.map((p) => p.node)).toEqual([0, 1, 2, 3])
    // Paid at once: nothing is left to claim.
    expect(balance(state.ledger, "hnt", state.ledger.account.owners)).toBe(BigInt(closed.hotspots))
    expect(story.when({ type: "ClaimRewards", node: 0 }).refusals).toEqual(["nothing_to_claim"])
  })
  test("issues nothing for blocks it did not make, and never makes up for it", () => {
    let story = given(L1, ...SQUARE).settle("density", T0 + 30 * MINUTE)
    story = story.when(ledger(0, T0 + 40 * MINUTE)).settle("density", T0 + HOUR)
    expect(only(story.facts, "BlockEpochClosed")[0]).toMatchObject({ epochs: 0, lost: Math.floor((173_611_111_111.1 * 20) / 30) })
    story = story.settle("density", T0 + 90 * MINUTE)
    expect(only(story.facts, "BlockEpochClosed")[0]).toMatchObject({ epochs: 0, lost: 173_611_111_111 })
    story = story.when(ledger(1000, T0 + 110 * MINUTE)).settle("density", T0 + 2 * HOUR)
    // Ten minutes before the halt and ten after it: not yet an epoch.
    expect(only(story.facts, "BlockEpochClosed")[0]).toMatchObject({ epochs: 0 })
    story = story.settle("density", T0 + 150 * MINUTE)
    expect(only(story.facts, "BlockEpochClosed")[0]).toMatchObject({ epochs: 1, lost: 0 })
    expect(story.state.economy.blockEpochs[0]).toBe(2)
  })
  test("halves its pace, halves its epochs", () => {
    let story = given(L1, ...SQUARE)
      .settle("density", T0)
      .when(ledger(500, T0))
    for (let k = 1; k <= 8; k++) story = story.settle("density", T0 + k * 30 * MINUTE)
    expect(story.state.economy.blockEpochs[0]).toBe(1 + 4)
  })
  test("burnt HNT comes back, 34.24 an epoch, the rest is carried over", () => {
    let story = given({ ...L1, netEmissionsEpochBones: 3_424_000_000 }, ...SQUARE, {
      type: "MintCredits",
      hnt: 5_000_000_000,
      at: T0,
    })
    const back: number[] = []
    for (let k = 1; k <= 3; k++) {
      const settled = story.settle("density", T0 + k * 30 * MINUTE)
      back.push(only(settled.facts, "BlockEpochClosed")[0].reEmitted)
      story = settled
    }
    expect(back).toEqual([3_424_000_000, 1_576_000_000, 0])
  })
  test("a beacon nobody asked for is refused; a challenge nobody answered earns its challenger half", () => {
    const story = given(L1, ...SQUARE)
    expect(story.when(beacon(0, T0 + HOUR)).refusals).toEqual(["not_challenged"])
    const silent = story.when(challenge(1, 0, T0 + HOUR)).when(receipts(1, 0, T0 + HOUR + 1))
    expect(only(silent.facts, "ChallengeCompleted")[0].shares).toBe(1)
    const heard = story
      .when(challenge(2, 3, T0 + HOUR))
      .when(...proof(3, T0 + HOUR, 0))
      .when(receipts(2, 3, T0 + HOUR + 1))
    expect(only(heard.facts, "ChallengeCompleted")[0].shares).toBe(2)
  })
  test("what validators earn by challenging goes to the consensus group", () => {
    const story = given(
      { ...valuesFrom("2022-08-01"), challengeIntervalBlocks: 60 },
      ...SQUARE,
      challenge(VALIDATORS, 0, T0 + HOUR),
    )
      .when(...proof(0, T0 + HOUR, 1))
      .when(receipts(VALIDATORS, 0, T0 + HOUR + 1))
    const [closed] = only(story.settle("density", T0 + HOUR + 30 * MINUTE).facts, "BlockEpochClosed")
    const worth = 173_611_111_111
    expect(closed.consensus - Math.floor(worth * 0.06)).toBeCloseTo(worth * 0.0085, -1)
  })
})

describe("SOL-DNT", () => {
  const DNT = { ...named["SOL-DNT"].values, rewarderPatienceSeconds: 0 }
  test("divides the HNT by utility, and IOT by its own schedule", () => {
    const story = given(DNT, ...SQUARE).when(...contacts(T0 + HOUR))
    const { facts, state } = story.settle("day", T0 + DAY)
    const [emitted] = only(facts, "SubDaoEmitted")
    const all = emitted.scheduled + emitted.reEmitted
    const slice = splitHst(
      BigInt(Math.floor((all * emitted.shareE9) / 1e9)),
      BigInt(dailyUnits("iot", T0 / DAY)),
      make(32n),
      make(6n),
    )
    expect([emitted.treasury, emitted.iot, emitted.delegators].map(BigInt)).toEqual([
      slice.treasury,
      slice.escrow,
      slice.delegators,
    ])
    expect(emitted.treasury + emitted.others + emitted.securities).toBe(all)
    expect(balance(state.ledger, "hnt", state.ledger.account.iot_treasury)).toBe(BigInt(emitted.treasury))
    const paid = only(facts, "IotRewardPaid").reduce((sum, p) => sum + p.beacon + p.witness + p.data, 0)
    const [closed] = only(facts, "IotEpochClosed")
    const [split] = only(facts, "IotPoolsSplit")
    expect(paid).toBeGreaterThan(0)
    expect(closed.paid).toBe(paid)
    expect(paid + closed.unallocated + split.operations + split.oracles).toBe(emitted.iot)
  })
  test("redeems IOT at treasury over supply", () => {
    const story = given(DNT, ...SQUARE)
      .when(...contacts(T0 + HOUR))
      .settle("day", T0 + DAY)
    const { state } = story
    const [treasury, all] = [balance(state.ledger, "hnt", state.ledger.account.iot_treasury), supply(state.ledger, "iot")]
    const { facts } = story.when({ type: "RedeemIot", node: 0, iot: 1_000_000_000 })
    const exact = (1_000_000_000 * Number(treasury)) / Number(all)
    const [{ hnt }] = only(facts, "IotRedeemed")
    expect(hnt).toBeLessThanOrEqual(exact)
    // The price is cut to eleven decimals of an HNT: 1,000 IOT lose a bone at most by it.
    expect(hnt).toBeGreaterThan(exact - 2)
  })
})

describe("an epoch of Solana", () => {
  const paidTo = (facts: readonly { readonly type: string }[]) =>
    only(facts, "RewardPaid").map((p) => [p.node, p.beacon + p.witness + p.data])
  const two = () =>
    given({}, ...SQUARE)
      .when(...contacts(T0 + HOUR))
      .when(...contacts(T0 + 7 * HOUR))
  test("that waits pays to the bone what it would have paid at midnight, though the next day has begun", () => {
    const onTime = two().settle("day", T0 + DAY)
    const late = two()
      .when(ledger(0, T0 + 20 * HOUR))
      .settle("day", T0 + DAY)
      .when(...contacts(T0 + 25 * HOUR))
      .when(ledger(1000, T0 + 26 * HOUR))
      .settle("density", T0 + 27 * HOUR)
    expect(paidTo(late.facts)).toEqual(paidTo(onTime.facts))
    expect(only(late.facts, "LateEpochClosed")[0].paid).toBe(only(onTime.facts, "EpochClosed")[0].paid)
    // What was proved since is not of that epoch.
    expect(late.state.hotspot.witnessShareE8.some((share) => share > 0)).toBe(true)
  })
  test("one after the other, oldest first, as many as the mint breaker lets in", () => {
    let story = two().when(ledger(0, T0 + 20 * HOUR))
    for (let day = 1; day <= 7; day++) story = story.settle("day", T0 + day * DAY)
    expect(story.state.waiting.length).toBe(7)
    story = story.when(ledger(1000, T0 + 7 * DAY + HOUR))
    const issued: number[] = []
    let tripped = 0
    for (let k = 3; k <= 12; k++) {
      const settled = story.settle("density", T0 + 7 * DAY + k * 30 * MINUTE)
      issued.push(...only(settled.facts, "EmissionIssued").map((e) => e.day))
      tripped += only(settled.facts, "BreakerTripped").length
      story = settled
    }
    // Five epochs' amounts in 24 hours; as the window empties, a sixth has room only hours later.
    expect(issued).toEqual([0, 1, 2, 3, 4].map((d) => T0 / DAY + d))
    expect(tripped).toBe(5)
  })
  test("waits for its rewarder while proofs have stopped, and for the operator's switch not at all", () => {
    const waits = given({ rewarderPatienceSeconds: 21_600 }, ...SQUARE)
      .when(...contacts(T0 + HOUR))
      .settle("day", T0 + DAY)
    expect(only(waits.facts, "EpochDeferred")[0].reason).toBe(1)
    expect(only(waits.settle("density", T0 + 26 * HOUR).facts, "EmissionIssued")).toEqual([])
    const resumed = waits.when(...contacts(T0 + 26 * HOUR)).settle("density", T0 + 27 * HOUR)
    expect(only(resumed.facts, "EmissionIssued")[0].day).toBe(T0 / DAY)
    const never = given({}, ...SQUARE)
      .when(...contacts(T0 + HOUR))
      .settle("day", T0 + DAY)
    expect(only(never.facts, "EpochDeferred")).toEqual([])
  })
})

describe("HIP-149", () => {
  const NOW = named.HIP149.values
  const price = (at: number, substituted = 0): Ask => ({
    type: "PublishPrice",
    at,
    emaE8Usd: 200_000_000,
    confidenceE8Usd: 1_000_000,
    substituted,
  })
  test("operations take what data leaves; floor and ceiling are the program's", () => {
    const story = given(NOW, ...SQUARE, { type: "MintCredits", hnt: 1e9, at: T0 }).when({
      type: "ReportTransfer",
      node: 0,
      dc: 1000,
    })
    const { facts } = story.settle("day", T0 + DAY)
    const [issued] = only(facts, "EmissionIssued")
    const [applied] = only(facts, "BackstopApplied")
    const [split] = only(facts, "PoolsSplit")
    expect([split.beacons, split.witnesses]).toEqual([0, 0])
    const whole = issued.iot
    // 37 %, and what 1,000 credits, a cent, leave of data's 50 %; both are cut to whole bones.
    expect(split.data).toBe(Math.floor(1e6 / 1.072))
    expect(Math.abs(split.operations - (whole * 0.87 - split.data))).toBeLessThan(2)
    const floor = computeBackstop({
      emission: BigInt(issued.scheduled),
      smoothedBurn: BigInt(issued.smoothed),
      netEmissionsCap: 164_383_561_643n,
      dcBurned: 970_000_000n,
      mobileShare: (SHARE_ONE * 890_000_000n) / 1_000_000_000n,
      floorPrice: 107_200_000n,
      capPrice: 107_200_000n,
    })
    expect([applied.topUp, applied.deployerCap].map(BigInt)).toEqual([floor.topUp, floor.deployerCap])
    const all = issued.scheduled + issued.reEmitted + issued.toppedUp
    const mobile = all - issued.iot
    expect(BigInt(applied.overflow)).toBe(
      computeOverflow(BigInt(mobile), floor.deployerCap, BigInt(mobile - Math.floor((mobile * 6) / 100))),
    )
  })
  test("a stale price puts it to sleep and stops nobody's pay; a substituted one stops the mint until it is put right", () => {
    const stale = given(NOW, ...SQUARE, price(T0)).settle("day", T0 + DAY)
    expect(only(stale.facts, "BackstopApplied")[0]).toMatchObject({ dormant: 1, topUp: 0, deployerCap: 0, overflow: 0 })
    const fresh = given(NOW, ...SQUARE, price(T0 + DAY - 3600)).settle("day", T0 + DAY)
    expect(only(fresh.facts, "BackstopApplied")[0].dormant).toBe(0)
    const wrong = given(NOW, ...SQUARE, price(T0 + DAY - 60, 1)).settle("day", T0 + DAY)
    expect(only(wrong.facts, "EpochDeferred")[0].reason).toBe(3)
    const right = wrong.when(price(T0 + DAY + HOUR)).settle("density", T0 + DAY + HOUR)
    expect(only(right.facts, "EmissionIssued")[0].day).toBe(T0 / DAY)
  })
  test("credits are minted at the low end of a price not older than ten minutes", () => {
    const story = given(NOW, ...SQUARE, price(T0))
    const { facts } = story.when({ type: "MintCredits", hnt: 1e8, at: T0 + 600 })
    expect(only(facts, "CreditsMinted")[0].dc).toBe(198_000)
    expect(story.when({ type: "MintCredits", hnt: 1e8, at: T0 + 601 }).refusals).toEqual(["price_is_stale"])
  })
  test("traffic is worth its credits at the published price, where there is one", () => {
    const paid = (...asks: readonly Ask[]) =>
      only(
        given(NOW, ...SQUARE, { type: "MintCredits", hnt: 1e9, at: T0 }, ...asks, {
          type: "ReportTransfer",
          node: 0,
          dc: 1000,
        }).settle("day", T0 + DAY).facts,
        "RewardPaid",
      )[0].data
    expect(paid()).toBe(Math.floor(1e6 / 1.072))
    expect(paid(price(T0))).toBe(1e6 / 2)
  })
  test("the supplement is sized by the clock at which it is minted", () => {
    const at = Date.UTC(2026, 7, 6) / 1000
    const { facts } = given({ ...NOW, supplement: 1 }).settle("day", at)
    expect(only(facts, "BackstopApplied")[0]).toMatchObject({ supplement: 196_000e8, council: 2_450e8 })
    expect(only(given({ ...NOW, supplement: 1 }).settle("day", at - DAY).facts, "BackstopApplied")[0].supplement).toBe(0)
  })
})

test("HIP-141: the share moves a thirtieth of the way each day", () => {
  let story = given({ iotSharePpm: 110_000 })
  story.machine.change("iotSharePpm", 410_000)
  const shares: number[] = []
  for (let day = 1; day <= 2; day++) {
    const settled = story.settle("day", T0 + day * DAY)
    shares.push(only(settled.facts, "EmissionIssued")[0].shareE9)
    story = settled
  }
  expect(shares).toEqual([120_000_000, 129_666_666])
})

describe("beacons that are audited", () => {
  test("are built as gateways build them, and refused when a byte or the channel differs", () => {
    const at = T0 + HOUR
    const made = exactBeacon(at, 7, 0)
    const story = given({ exactBeacons: 1 }, ...SQUARE)
    const report = (but: object = {}): Ask => beacon(0, at, { payload: made.payload, frequencyHz: made.frequencyHz, ...but })
    expect(story.when(report()).refusals).toEqual([])
    expect(given({ exactBeacons: 1 }, ...SQUARE).when(report({ payload: (made.payload ^ 1) >>> 0 })).refusals).toEqual([
      "invalid_packet",
    ])
    expect(given({ exactBeacons: 1 }, ...SQUARE).when(report({ frequencyHz: made.frequencyHz + 200_000 })).refusals).toEqual([
      "invalid_packet",
    ])
  })
  test("from the real construction: another entropy, another payload; the same, the same", () => {
    expect(exactBeacon(60, 1, 0)).toEqual(exactBeacon(60, 1, 0))
    expect(exactBeacon(60, 1, 0)).not.toEqual(exactBeacon(120, 1, 0))
    expect(exactBeacon(60, 1, 0)).not.toEqual(exactBeacon(60, 2, 0))
    expect(computeBeacon(new Uint8Array(32), 0, new Uint8Array(4), [1, 2]).payload).toHaveLength(51)
  })
})
