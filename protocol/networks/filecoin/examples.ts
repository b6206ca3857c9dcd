/** Filecoin by example: sectors proven and missed, blocks and their rewards, every end a sector can have, and all that is refused. */
import { DAY, HOUR } from "../../kernel/clock.ts"
import { examplesFor } from "../../kernel/example.ts"
import type { Fact } from "../../kernel/row-type.ts"
import { resilienceExamples } from "../../resilience/embed/examples.ts"
import { SLOT_S } from "./chain-time.ts"
import type { Commands } from "./commands.ts"
import { dealExamples } from "./examples-deals.ts"
import { filecoin } from "./index.ts"

/** 2025-11-18T00:00:00Z: deadline 0 of a miner with offset 0 opens. */
const T = 20_410 * DAY
const FIL = 10n ** 18n
/** The half hour in which deadline `d` is open, on day `day`. */
const open = (d: number, day = 0): number => T + day * DAY + d * SLOT_S
const close = (d: number, day = 0): number => open(d + 1, day)

type Ask = Fact<Commands>
const create = (node: number, fil = 100_000n, offset = 0): Ask => ({ type: "CreateMiner", node, offset, fundsAtto: fil * FIL })
const fund = (node: number, fil: bigint): Ask => ({ type: "FundMiner", node, amountAtto: fil * FIL })
const withdraw = (node: number, amountAtto: bigint): Ask => ({ type: "WithdrawBalance", node, amountAtto })
const bring = (node: number, sectorsPerDeadline = 10, more: Partial<Extract<Ask, { type: "BringSectors" }>> = {}): Ask => ({
  type: "BringSectors",
  node,
  sectorsPerDeadline,
  verifiedDeadlines: 24,
  verifiedPermille: 1000,
  ageDays: 200,
  firstExpiryDays: 300,
  spreadDays: 100,
  atS: T,
  ...more,
})
const preCommit = (node: number, sectors: number, atS: number): Ask => ({ type: "PreCommitSectors", node, sectors, atS })
const proveCommit = (node: number, atS: number, lifetimeDays = 540): Ask => ({
  type: "ProveCommitSectors",
  node,
  verifiedPermille: 1000,
  lifetimeDays,
  atS,
})
const prove = (node: number, deadline: number, atS: number, skipped = 0): Ask => ({
  type: "SubmitWindowPoSt",
  node,
  deadline,
  skipped,
  atS,
})
const forge = (node: number, deadline: number, atS: number): Ask => ({ type: "SubmitUnsoundWindowPoSt", node, deadline, atS })
const dispute = (node: number, deadline: number, atS: number, disputer = 1): Ask => ({
  type: "DisputeWindowPoSt",
  node,
  disputer,
  deadline,
  atS,
})
const declare = (node: number, deadline: number, sectors: number, atS: number): Ask => ({
  type: "DeclareFaults",
  node,
  deadline,
  sectors,
  atS,
})
const recover = (node: number, deadline: number, atS: number): Ask => ({ type: "DeclareRecoveries", node, deadline, atS })
const extend = (node: number, deadline: number, days: number, atS: number): Ask => ({
  type: "ExtendSectors",
  node,
  deadline,
  days,
  atS,
})
const terminate = (node: number, deadline: number, atS: number): Ask => ({ type: "TerminateSectors", node, deadline, atS })
const draw = (atS: number, w0 = 1): Ask => ({ type: "DrawElection", atS, w0, w1: 2, w2: 3, w3: 4 })
const block = (node: number, atS: number): Ask => ({ type: "ProduceBlock", node, atS })
const report = (node: number, faultS: number, atS: number): Ask => ({ type: "ReportConsensusFault", node, faultS, atS })
const certify = (atS: number, signed = 700, whole = 1000): Ask => ({ type: "CertifyFinality", atS, signed, whole })
const halfHour = (at: number) => ({ settle: "halfHour", at }) as const
const day = (n: number) => ({ settle: "day", at: T + n * DAY }) as const

const AT_WORK: readonly Ask[] = [create(0), bring(0)]
const CLOCK = ["TipsetsFolded", "PowerTableKept", "NetworkKpiUpdated"] as const
const BEGUN = ["MinerCreated", "SectorsBrought", "DailyFeeCharged", ...CLOCK] as const

const own = examplesFor(filecoin)([
  ...dealExamples,
  {
    name: "a deadline is proven, blocks are won and made, rewards are locked and come free, F3 makes epochs final",
    nodes: 2,
    steps: [
      { ask: [...AT_WORK, prove(0, 0, open(0) + 30)] },
      halfHour(close(0)),
      { ask: [draw(close(0)), block(0, close(0)), draw(close(0) + 30, 7), block(0, close(0) + 30), certify(close(0) + 300)] },
      { ask: [prove(0, 1, open(1) + 60)] },
      halfHour(close(1)),
      day(1),
      day(2),
    ],
    events: [
      ...BEGUN,
      "WindowPoStSubmitted",
      "ElectionDrawn",
      "TicketWon",
      "BlockProduced",
      "FinalityCertified",
      "RewardsVested",
      "RewardsLocked",
      "DayVested",
      "GasPaid",
      "TipsShared",
    ],
    refusals: [],
  },
  {
    name: "a missed proof costs power at the deadline's close and no fee; the next close costs one; a recovery takes a proof",
    nodes: 2,
    steps: [
      { ask: AT_WORK },
      halfHour(close(0)),
      halfHour(close(0, 1)),
      { ask: [recover(0, 0, open(0, 2) - HOUR)] },
      { ask: [prove(0, 0, open(0, 2) + 90)] },
      halfHour(close(0, 2)),
    ],
    events: [
      ...BEGUN,
      "SectorsFaulted",
      "FaultFeeCharged",
      "DebtRepaid",
      "RecoveryDeclared",
      "WindowPoStSubmitted",
      "PowerActivated",
    ],
    refusals: [],
  },
  {
    name: "faults are declared before they are found, and sectors skipped in a proof are faulty at once",
    nodes: 2,
    steps: [
      { ask: [...AT_WORK, declare(0, 5, 3, T), prove(0, 0, T + 30, 2)] },
      halfHour(close(0)),
      { ask: [prove(0, 5, open(5))] },
      halfHour(close(5)),
    ],
    events: [...BEGUN, "SectorsFaulted", "FaultFeeCharged", "DebtRepaid", "WindowPoStSubmitted"],
    refusals: [],
  },
  {
    name: "a batch is announced, sealed, assigned to a deadline, and has power with its first proof; another is never sealed",
    nodes: 1,
    steps: [
      { ask: [create(0), preCommit(0, 12, T)] },
      { ask: [proveCommit(0, T + 2 * HOUR), preCommit(0, 5, T + 3 * HOUR)] },
      { ask: [prove(0, 0, open(0, 1))] },
      { ask: [prove(0, 6, open(6, 1))] },
      halfHour(close(0, 1)),
      halfHour(close(0, 40)),
    ],
    events: [
      "MinerCreated",
      "SectorsPreCommitted",
      "SectorsProven",
      "WindowPoStSubmitted",
      "PowerActivated",
      "DailyFeeCharged",
      "PreCommitExpired",
      "SectorsFaulted",
      "DebtRepaid",
      ...CLOCK,
    ],
    refusals: ["nothing_to_prove"],
  },
  {
    name: "sectors end: as agreed, at their provider's wish, and after 42 days of fault; an extension keeps others",
    nodes: 2,
    steps: [
      {
        ask: [
          create(0),
          create(1),
          bring(0, 10, { firstExpiryDays: 10, spreadDays: 0 }),
          bring(1),
          extend(0, 3, 400, T + HOUR),
          terminate(1, 9, T + HOUR),
        ],
      },
      halfHour(close(4)),
      halfHour(close(4, 10)),
      halfHour(close(4, 43)),
    ],
    events: [
      ...BEGUN,
      "SectorsExtended",
      "SectorsTerminated",
      "SectorsFaulted",
      "FaultFeeCharged",
      "SectorsExpired",
      "DebtRepaid",
    ],
    refusals: [],
  },
  {
    name: "a provider whose owner took everything out cannot pay its fees: rewards still vesting go first, then it owes",
    nodes: 2,
    params: { faultFeeEpochs: 28_800, cronNeedsBlocks: 0 },
    steps: [
      { ask: AT_WORK },
      halfHour(close(0)),
      { ask: [withdraw(0, 97_000n * FIL), draw(close(0)), block(0, close(0))] },
      day(1),
      ...[1, 2, 3, 4, 5, 6].map((n) => halfHour(close(0, n))),
      { ask: [report(0, T + 6 * DAY, T + 6 * DAY + 2 * HOUR)] },
      { ask: [withdraw(0, 1n), recover(0, 0, T + 8 * DAY), preCommit(0, 1, T + 8 * DAY), fund(0, 100_000n)] },
      halfHour(close(0, 7)),
      { ask: [withdraw(0, 1n)] },
    ],
    events: [
      "FaultFeeCharged",
      ...BEGUN,
      "BalanceWithdrawn",
      "ElectionDrawn",
      "TicketWon",
      "BlockProduced",
      "RewardsLocked",
      "DayVested",
      "SectorsFaulted",
      "DebtRepaid",
      "ConsensusFaultReported",
      "MinerFunded",
    ],
    refusals: ["fee_debt"],
  },
  {
    name: "two blocks in one epoch: out for 900 epochs",
    nodes: 1,
    steps: [
      { ask: [...AT_WORK, report(0, T, T), report(0, T, T + HOUR), report(0, T + 60, T + 2 * HOUR)] },
      { ask: [preCommit(0, 1, T + 3 * HOUR), recover(0, 40, T + 3 * HOUR), preCommit(0, 1, T + 9 * HOUR)] },
    ],
    events: ["MinerCreated", "SectorsBrought", "ConsensusFaultReported", "SectorsPreCommitted"],
    refusals: ["fault_not_past", "fault_too_old", "consensus_fault_active"],
  },
  {
    name: "what is refused about funds and joining",
    nodes: 3,
    steps: [
      {
        ask: [
          create(3),
          create(0, 0n),
          create(0, 900_000_000n),
          { type: "CreateMiner", node: 0, offset: 0, fundsAtto: 1n },
          create(0),
          create(0),
        ],
      },
      { ask: [fund(1, 1n), fund(0, 0n), fund(0, 900_000_000n), withdraw(0, 0n), withdraw(0, 200_000n * FIL)] },
      { ask: [bring(0, 0), bring(0, 1_000_000), bring(0, 1, { atS: 5 }), bring(0), bring(0)] },
      halfHour(close(0)),
      { ask: [create(1), bring(1)] },
      { change: "faultyDaysMax", value: 43 },
    ],
    events: [...BEGUN, "SectorsFaulted", "ParameterChanged"],
    refusals: [
      "unknown_node",
      "unknown_miner",
      "already_created",
      "amount_not_positive",
      "circulation_too_small",
      "deposit_not_covered",
      "insufficient_funds",
      "no_sectors",
      "before_genesis",
      "network_has_begun",
      "already_has_sectors",
    ],
  },
  {
    name: "what is refused about sectors and proofs",
    nodes: 2,
    steps: [
      {
        ask: [
          create(0),
          bring(0),
          create(1),
          preCommit(1, 5, T),
          preCommit(1, 5, T),
          proveCommit(0, T),
          proveCommit(1, T + HOUR),
          proveCommit(1, T + 2 * HOUR, 100),
          proveCommit(1, T + 40 * DAY),
        ],
      },
      { ask: [prove(0, 1, T), prove(0, 0, T, 11), prove(0, 0, T, 10), prove(0, 0, T), prove(0, 0, T + 30)] },
      {
        ask: [
          declare(0, 1, 1, T),
          declare(0, 9, 11, T),
          recover(0, 9, T),
          declare(0, 9, 1, T),
          extend(0, 9, 540, T),
          extend(0, 8, 100, T),
          terminate(0, 1, T),
        ],
      },
    ],
    events: ["MinerCreated", "SectorsBrought", "SectorsPreCommitted", "WindowPoStSubmitted", "SectorsFaulted"],
    refusals: [
      "batch_is_pending",
      "no_pre_commit",
      "too_soon",
      "lifetime_out_of_range",
      "too_late",
      "deadline_not_open",
      "too_many_skipped",
      "already_proven",
      "cutoff_passed",
      "not_that_many_active",
      "nothing_to_recover",
      "faulty_sectors",
      "deadline_is_immutable",
    ],
  },
  {
    name: "what is refused about blocks and finality",
    nodes: 2,
    steps: [
      { ask: [...AT_WORK, draw(T), block(0, T)] },
      halfHour(close(0)),
      { ask: [draw(close(0)), draw(close(0)), certify(close(0), 600), certify(close(0)), certify(close(0))] },
      { change: "f3On", value: 0 },
      { ask: [certify(close(0) + 300)] },
    ],
    events: [...BEGUN, "SectorsFaulted", "ElectionDrawn", "TicketWon", "FinalityCertified", "ParameterChanged"],
    refusals: ["no_power_table", "not_elected", "election_is_over", "no_strong_quorum", "certificate_is_stale", "f3_is_off"],
  },
  {
    name: "a proof that would not verify is accepted, disputed within 1800 epochs of its deadline's close, and costs power and a penalty",
    nodes: 2,
    steps: [
      { ask: [...AT_WORK, create(1), forge(0, 0, T), dispute(0, 0, T + 60), forge(0, 0, T + 60), forge(0, 7, T)] },
      halfHour(close(0)),
      { ask: [dispute(0, 1, close(0)), dispute(0, 0, close(0)), dispute(0, 0, close(0)), dispute(0, 0, close(0) + 15 * HOUR)] },
      { ask: [recover(0, 0, open(0, 1) - HOUR), forge(0, 0, open(0, 1))] },
      { ask: [forge(1, 1, open(1)), dispute(9, 0, T), forge(9, 0, T), dispute(0, 0, 5)] },
    ],
    events: [...BEGUN, "WindowPoStSubmitted", "UnsoundProofKept", "ProofDisputed", "RecoveryDeclared"],
    refusals: [
      "dispute_window_closed",
      "already_proven",
      "deadline_not_open",
      "nothing_to_dispute",
      "proof_is_invalid",
      "nothing_to_prove",
      "unknown_miner",
      "before_genesis",
    ],
  },
  {
    name: "the chain halts: nothing is proven, said or closed; the first half hour with a block closes what passed",
    nodes: 2,
    steps: [
      { ask: [...AT_WORK, prove(0, 0, T)] },
      halfHour(close(0)),
      { ask: [draw(close(0)), block(0, close(0)), prove(0, 1, open(1))] },
      halfHour(close(1)),
      { ask: [prove(0, 2, open(2))] },
      halfHour(close(2)),
      { ask: [declare(0, 20, 1, open(3)), recover(0, 20, open(3)), preCommit(0, 1, open(3)), extend(0, 20, 540, open(3))] },
      { ask: [dispute(0, 0, open(3)), terminate(0, 20, open(3)), proveCommit(0, open(3))] },
      halfHour(close(3)),
      { ask: [draw(open(4)), block(0, open(4)), prove(0, 4, open(4))] },
      halfHour(close(4)),
    ],
    events: [...BEGUN, "WindowPoStSubmitted", "ElectionDrawn", "TicketWon", "BlockProduced", "SectorsFaulted", "DebtRepaid"],
    refusals: ["no_room_in_blocks", "chain_halted"],
  },
  {
    name: "F3 keeps its committee while it stands still, and decides when a round begins",
    nodes: 1,
    steps: [
      { ask: AT_WORK },
      halfHour(close(0)),
      { ask: [certify(close(0)), certify(close(0) + 300)] },
      { ask: [certify(close(0) + 1200, 65_535, 65_535), certify(close(0) + 1500, 65_535, 65_535)] },
    ],
    events: [...BEGUN, "SectorsFaulted", "FinalityCertified"],
    refusals: ["wrong_committee", "between_rounds"],
  },
])

/** Its own, and those of the mechanisms it embeds. */
export const examples = [...own, ...resilienceExamples]
