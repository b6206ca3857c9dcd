/** Given blocks or none, when half hours end, proofs are disputed or F3 stands still, then this follows. */
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { DAY, HOUR } from "../../kernel/clock.ts"
import type { Fact } from "../../kernel/row-type.ts"
import { specify } from "../../kernel/specify.ts"
import { balance, holderOf } from "../../ledger/ledger.ts"
import { estimatesOf } from "./books.ts"
import { epochAt, SLOT_S } from "./chain-time.ts"
import type { Commands } from "./commands.ts"
import { countBlock } from "./evolve-chain.ts"
import { filecoin } from "./index.ts"
import { MAINNET_ALLOCATION } from "./minting.ts"
import { computeDisputePenalty, DISPUTE_REWARD_ATTO } from "./penalties.ts"
import { updateNetworkKpi } from "./reward.ts"
import type { State } from "./state.ts"
import { slotAt } from "./chain-time.ts"
import { readEstimateAt } from "./wide-pair.ts"

const ports = { geometry: {} as never }
const T = 20_410 * DAY
const FIL = 10n ** 18n
const open = (d: number, day = 0): number => T + day * DAY + d * SLOT_S
const close = (d: number, day = 0): number => open(d + 1, day)

type Ask = Fact<Commands>
const create = (node: number): Ask => ({ type: "CreateMiner", node, offset: 0, fundsAtto: 100_000n * FIL })
const bring = (node: number): Ask => ({
  type: "BringSectors",
  node,
  sectorsPerDeadline: 10,
  verifiedPermille: 1000,
  verifiedDeadlines: 0,
  ageDays: 200,
  firstExpiryDays: 300,
  spreadDays: 100,
  atS: T,
})
const prove = (deadline: number, atS: number): Ask => ({ type: "SubmitWindowPoSt", node: 0, deadline, skipped: 0, atS })
const forge = (deadline: number, atS: number): Ask => ({ type: "SubmitUnsoundWindowPoSt", node: 0, deadline, atS })
const dispute = (deadline: number, atS: number, disputer = 1): Ask => ({
  type: "DisputeWindowPoSt",
  node: 0,
  disputer,
  deadline,
  atS,
})
const declare = (deadline: number, atS: number): Ask => ({ type: "DeclareFaults", node: 0, deadline, sectors: 1, atS })
const draw = (atS: number): Ask => ({ type: "DrawElection", atS, w0: 1, w1: 2, w2: 3, w3: 4 })
const block = (atS: number): Ask => ({ type: "ProduceBlock", node: 0, atS })
const atWork = (params: Record<string, number> = {}) =>
  specify(filecoin, { nodes: 2, params, ports })().when(create(0), create(1), bring(0))
const ofType = <T extends { readonly type: string }>(facts: readonly T[], type: string): readonly T[] =>
  facts.filter((f) => f.type === type)
const ALL = 48 * 10 * 32
/** The half hour of deadline 1 has one block, at its first epoch. */
const begun = (params: Record<string, number> = {}) =>
  atWork(params)
    .when(prove(0, T))
    .settle("halfHour", close(0))
    .when(draw(open(1)), block(open(1)), prove(1, open(1)))
    .settle("halfHour", close(1))

describe("a proof that would not verify", () => {
  test("counts as one until it is disputed", () => {
    const { state, facts } = atWork().when(forge(0, T)).settle("halfHour", close(0))
    expect(state.miner.rawGib[0]).toBe(ALL)
    expect(ofType(facts, "SectorsFaulted")).toEqual([])
  })
  test("costs its sectors' power at once, 5.51 days of reward and 20 FIL and 4 more for who found it, and fees like any fault", () => {
    const closed = atWork().when(forge(0, T)).settle("halfHour", close(0))
    const before = balance(closed.state.ledger, "fil", holderOf(closed.state.ledger, 1))
    const penalty = computeDisputePenalty(estimatesOf(closed.state), 320n << 30n)
    const { state, facts, settle } = closed.when(dispute(0, close(0)))
    expect(facts).toMatchObject([
      {
        type: "ProofDisputed",
        sectors: 10,
        penaltyAtto: penalty.totalAtto,
        burntAtto: penalty.baseAtto,
        rewardAtto: DISPUTE_REWARD_ATTO,
      },
    ])
    expect([state.miner.rawGib[0], state.miner.faulty[0]]).toEqual([ALL - 320, 10])
    expect(balance(state.ledger, "fil", holderOf(state.ledger, 1)) - before).toBe(DISPUTE_REWARD_ATTO)
    expect(state.miner.feeDebtAtto.get(0)).toBe(0n)
    expect(ofType(settle("halfHour", close(0, 1)).facts, "DeadlineClosed")[0]).not.toMatchObject({ faultFeeAtto: 0n })
  })
  test("takes locked rewards before free funds, and what cannot be paid is owed; the finder has at most what could be taken", () => {
    const poor = atWork({ minerDepositOn: 0 }).when(forge(0, T)).settle("halfHour", close(0))
    const { ledger, miner } = poor.state
    const free = balance(ledger, "fil", holderOf(ledger, 0)) - miner.pledgeAtto.get(0)
    const { state, facts } = poor
      .when({ type: "WithdrawBalance", node: 0, amountAtto: free - 3n * FIL })
      .when(dispute(0, close(0)))
    expect(ofType(facts, "ProofDisputed")).toMatchObject([{ rewardAtto: 3n * FIL, burntAtto: 0n }])
    expect(state.miner.feeDebtAtto.get(0)).toBe((facts[0] as { penaltyAtto: bigint }).penaltyAtto - 3n * FIL)
  })
  test("is disputed from its deadline's close for 1800 epochs: not before, not after", () => {
    const closed = atWork().when(forge(0, T)).settle("halfHour", close(0))
    const last = close(0) + 1800 * 30 - 30
    expect(closed.when(dispute(0, close(0) - 30)).refusals).toEqual(["dispute_window_closed"])
    expect(closed.when(dispute(0, last + 30)).refusals).toEqual(["dispute_window_closed"])
    expect(ofType(closed.when(dispute(0, last)).facts, "ProofDisputed").length).toBe(1)
    expect(closed.when(dispute(0, last)).refusals).toEqual(["nothing_to_dispute"])
  })
  test("a proof that stands cannot be disputed, nor one of the day before", () => {
    const sound = atWork().when(prove(0, T)).settle("halfHour", close(0))
    expect(sound.when(dispute(0, close(0))).refusals).toEqual(["nothing_to_dispute"])
    const old = atWork()
      .when(forge(0, T))
      .settle("halfHour", close(0))
      .when(prove(0, open(0, 1)))
      .settle("halfHour", close(0, 1))
    expect(old.when(dispute(0, close(0, 1))).refusals).toEqual(["nothing_to_dispute"])
  })
  test("is refused where it recovers sectors, and wherever disputes were not yet known", () => {
    const recovering = atWork()
      .settle("halfHour", close(0))
      .when({ type: "DeclareRecoveries", node: 0, deadline: 0, atS: open(0, 1) - HOUR })
    expect(recovering.when(forge(0, open(0, 1))).refusals).toEqual(["proof_is_invalid"])
    expect(atWork({ disputesOn: 0 }).when(forge(0, T)).refusals).toEqual(["proof_is_invalid"])
  })
})

describe("windows", () => {
  test("faults are declared 70 epochs before the deadline opens or never", () => {
    expect(atWork().when(declare(9, open(9) - 71 * 30)).refusals).toEqual([])
    expect(atWork().when(declare(9, open(9) - 70 * 30)).refusals).toEqual(["cutoff_passed"])
  })
  test("proofs come while the deadline is open, not an epoch before or after", () => {
    expect(atWork().when(prove(9, open(9) - 30)).refusals).toEqual(["deadline_not_open"])
    expect(atWork().when(prove(9, close(9))).refusals).toEqual(["deadline_not_open"])
    expect(atWork().when(prove(9, close(9) - 30)).refusals).toEqual([])
  })
})

describe("a chain without blocks", () => {
  const halted = begun().settle("halfHour", close(2)).settle("halfHour", close(3))
  test("closes nothing and moves no reward clock, whatever time it is", () => {
    expect(halted.facts.map(({ type }) => type)).toEqual(["TipsetsFolded", "PowerTableKept"])
    expect(halted.facts).toMatchObject([{ isHalted: 1, nullRounds: 60, dueFrom: slotAt(open(4)), dueTo: slotAt(open(3)) }, {}])
    expect([halted.state.network.epoch[0], halted.state.miner.rawGib[0]]).toEqual([epochAt(close(1)), ALL])
  })
  test("takes no proof and no declaration", () => {
    expect(halted.when(prove(4, open(4)), declare(30, open(4))).refusals).toEqual(["no_room_in_blocks", "chain_halted"])
  })
  test("closes what passed at its first half hour with a block: unproven, free that once, and nothing twice", () => {
    const back = halted.when(draw(open(4)), block(open(4)), prove(4, open(4))).settle("halfHour", close(4))
    expect(ofType(back.facts, "SectorsFaulted").map((f) => (f as { deadline: number }).deadline)).toEqual([2, 3])
    expect(ofType(back.facts, "FaultFeeCharged")).toEqual([])
    expect([back.state.miner.rawGib[0], back.state.network.epoch[0]]).toEqual([ALL - 640, epochAt(close(4))])
    expect(ofType(back.when(draw(open(5)), block(open(5))).settle("halfHour", close(5)).facts, "SectorsFaulted")).toMatchObject([
      { deadline: 5 },
    ])
  })
  test("or skips it, where halts cost nobody power", () => {
    const back = begun({ haltedDeadlinesMissed: 0 })
      .settle("halfHour", close(2))
      .settle("halfHour", close(3))
      .when(draw(open(4)), block(open(4)), prove(4, open(4)))
      .settle("halfHour", close(4))
    expect([ofType(back.facts, "SectorsFaulted"), back.state.miner.rawGib[0]]).toEqual([[], ALL])
  })
  test("catches up with a day at most, each deadline once, however long it stood", () => {
    const long = begun()
      .settle("halfHour", close(1, 3))
      .when(draw(open(2, 3)), block(open(2, 3)))
      .settle("halfHour", close(2, 3))
    const closed = ofType(long.facts, "SectorsFaulted").map((f) => (f as { deadline: number }).deadline)
    expect(closed.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 48 }, (_, d) => d))
  })
  test("a restart elects by the power kept while it stood, though nothing else moved", () => {
    let story = begun()
    for (let d = 2; d < 40; d++) story = story.settle("halfHour", close(d))
    expect(story.when(draw(open(40)), block(open(40))).refusals).toEqual([])
  })
})

describe("an epoch's order", () => {
  test("messages and blocks first, then what they leave: gas, deadlines, debts, the power table, the reward clock", () => {
    expect(Object.keys(filecoin.cadences.halfHour.lines)).toEqual([
      "fold_tipsets",
      "charge_fault_fees",
      "charge_daily_fees",
      "detect_missed",
      "expire_sectors",
      "terminate_faulty",
      "burn_expired_deposits",
      "repay_debts",
      "keep_power",
      "update_network",
      "fault_periods",
    ])
  })
  test("a block of a half hour is paid what the half hour before it left", () => {
    const before = begun()
    const reward = before.state.network.epochRewardAtto.get(0)
    const { state, facts } = before.when(draw(open(2)), block(open(2)))
    expect(state.miner.wins[0]).toBeGreaterThan(0)
    expect(ofType(facts, "BlockProduced")).toMatchObject([
      { rewardAtto: (reward * BigInt((facts.at(-1) as { wins: number }).wins)) / 5n },
    ])
  })
})

describe("null rounds", () => {
  test("are caught up as the reward actor does, whichever epochs have blocks", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 58 }), { maxLength: 20 }), (epochs) => {
        const { state, settle } = begun()
        const { network } = state
        const first = epochAt(open(2))
        const raw = BigInt(network.committedRawGib[0] - 320) << 30n
        let rule = {
          // What the state calls its epoch is the one that the reward is for.
          epoch: network.epoch[0],
          thisEpochRewardAtto: network.epochRewardAtto.get(0),
          thisEpochBaselineBytes: network.baselineBytes.get(0),
          cumsumRealised: network.cumsumRealised.get(0),
          cumsumBaseline: network.cumsumBaseline.get(0),
          effectiveNetworkTime: network.networkTime[0],
          effectiveBaselineBytes: network.effectiveBaselineBytes.get(0),
          rewardEstimate: readEstimateAt(network, "reward", 0),
          allocation: MAINNET_ALLOCATION,
        }
        for (const e of [...epochs, 0]) countBlock(state, first + e, slotAt(open(2)))
        const after = settle("halfHour", close(2)).state.network
        for (const e of [...new Set([...epochs, 0, 59])].toSorted((a, b) => a - b))
          rule = { ...updateNetworkKpi(rule, raw, first + e) }
        expect([after.cumsumRealised.get(0), after.cumsumBaseline.get(0)]).toEqual([rule.cumsumRealised, rule.cumsumBaseline])
        expect([after.baselineBytes.get(0), after.networkTime[0]]).toEqual([
          rule.thisEpochBaselineBytes,
          rule.effectiveNetworkTime,
        ])
        expect(after.epochRewardAtto.get(0)).toBe(rule.thisEpochRewardAtto)
      }),
      { numRuns: 25 },
    )
  })
  test("are counted", () => {
    const { state } = begun()
    expect([state.chain.nullRounds[0], state.chain.tipsets[0], state.chain.blocks[0]]).toEqual([59, 1, 1])
    expect(filecoin.metrics["tipset.null"].of(state)).toBe(59)
  })
})

describe("gas", () => {
  test("a proof's base fee is burnt and its premium goes to winners, at midnight, to the last atto", () => {
    const params = { baseFeeAtto: 1_000_000, proofMegaGas: 7, otherMegaGas: 0, premiumAtto: 500 }
    const owed = begun(params)
    // One tipset: the whole half hour pays its base fee.
    expect(owed.state.gas.owedBurnAtto.get(0)).toBe(7_000_000n * 1_000_000n)
    expect(owed.state.gas.owedTipAtto.get(0)).toBe(7_000_000n * 500n)
    const before = owed.state.network.burntAtto.get(0)
    const { state, facts } = owed.settle("day", T + DAY)
    expect(ofType(facts, "GasPaid")).toMatchObject([
      { node: 0, burntAtto: 7n * 10n ** 12n, tipAtto: 35n * 10n ** 8n, fromOwnerAtto: 0n },
    ])
    expect(state.network.burntAtto.get(0) - before).toBe(7n * 10n ** 12n)
    const { wins } = state.miner
    expect(ofType(facts, "TipsShared")).toMatchObject([
      { wins: wins[0], amountAtto: ((35n * 10n ** 8n) / BigInt(wins[0])) * BigInt(wins[0]) },
    ])
  })
  test("comes from the owner where the provider has nothing free, never from pledge", () => {
    const owed = begun({ minerDepositOn: 0, baseFeeAtto: 1_000_000_000, dailyFeeOn: 0 })
    const free = (s: State) =>
      balance(s.ledger, "fil", holderOf(s.ledger, 0)) - s.miner.pledgeAtto.get(0) - s.miner.lockedAtto.get(0)
    const { facts, state } = owed.when({ type: "WithdrawBalance", node: 0, amountAtto: free(owed.state) }).settle("day", T + DAY)
    const paid = ofType(facts, "GasPaid")[0] as { burntAtto: bigint; tipAtto: bigint; fromOwnerAtto: bigint }
    expect(paid.fromOwnerAtto).toBe(paid.burntAtto + paid.tipAtto)
    expect(free(state)).toBeGreaterThanOrEqual(0n)
  })
  test("a half hour's blocks have room for so many proofs: those after wait for another block, or miss", () => {
    const three = specify(filecoin, { nodes: 3, params: { proofMegaGas: 5000 }, ports })()
      .when(create(0), create(1), create(2), bring(0), bring(1), bring(2))
      .settle("halfHour", close(0))
    // Whoever won first: the draw is among three, and each has power.
    const winner = (ofType(three.when(draw(open(1))).facts, "TicketWon")[0] as { node: number }).node
    const all = [0, 1, 2].map((node) => ({ ...prove(1, open(1)), node }) as Ask)
    const full = three.when({ ...block(open(1)), node: winner } as Ask, ...all)
    expect([full.refusals, full.refusedAt]).toEqual([["no_room_in_blocks"], [3]])
    const closed = full.settle("halfHour", close(1))
    expect(ofType(closed.facts, "SectorsFaulted")).toMatchObject([{ node: 2, deadline: 1 }])
  })
  test("without a bound on blocks a proof needs none", () => {
    const story = begun({ capacityOn: 0 })
    expect(story.when(prove(2, open(2))).refusals).toEqual([])
  })
})

describe("fast finality", () => {
  const certify = (atS: number, signed: number, whole: number): Ask => ({ type: "CertifyFinality", atS, signed, whole })
  const ALONE = 65_535
  const at = close(1) + 300
  const decided = () => begun().when(draw(open(2)), block(open(2)), certify(at, ALONE, ALONE))
  test("never passes the chain's last block", () => {
    const { state } = decided()
    expect(state.network.finalEpoch[0]).toBe(epochAt(open(2)))
    const later = decided().when(certify(at + 300, ALONE, ALONE))
    // The block of the half hour's first epoch is behind what is final already.
    expect(later.refusals).toEqual(["certificate_is_stale"])
  })
  test("keeps the committee of its last decision while it stands still", () => {
    const { state, when } = atWork()
      .settle("halfHour", close(0))
      .when(certify(close(0) + 300, 700, 1000))
    expect([state.f3.whole[0], state.committee.scaled[0]]).toEqual([ALONE, ALONE])
    expect(when(certify(close(0) + 600, 700, 1000)).refusals).toEqual(["wrong_committee"])
    expect(when(certify(close(0) + 600, ALONE, ALONE)).refusals).toEqual([])
  })
  test("after a stall waits for the next round, which comes the later the longer the stall; or not, where rounds do not double", () => {
    const story = (params = {}) =>
      atWork(params)
        .settle("halfHour", close(0))
        .when(certify(close(0) + 300, 700, 1000)).when
    const t = (s: number) => close(0) + 300 + s
    for (const s of [300, 600, 900, 1500, 3300, 6300]) expect(story()(certify(t(s), ALONE, ALONE)).refusals).toEqual([])
    for (const s of [1200, 1800, 2700, 3600, 6000, 9000]) {
      expect(story()(certify(t(s), ALONE, ALONE)).refusals).toEqual(["between_rounds"])
      expect(story({ f3BackoffOn: 0 })(certify(t(s), ALONE, ALONE)).refusals).toEqual([])
    }
  })
  test("catches up 20 epochs an instance, 200 a certificate", () => {
    const day = atWork()
      .settle("halfHour", close(0))
      .when(certify(close(0) + 300, 700, 1000))
    const final = day.state.network.finalEpoch[0]
    const after = day.when({ ...certify(close(0) + 300 + 49_200, ALONE, ALONE) })
    expect(after.refusals).toEqual([])
    expect(after.state.network.finalEpoch[0]).toBe(final + 200)
  })
})
