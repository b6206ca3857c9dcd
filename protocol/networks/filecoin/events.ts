/** What has happened on the chain. Past tense, one shape each; amounts are attoFIL. */
import { event } from "../../kernel/row-type.ts"
import { amount, count32, flag, nodeIndex, seconds, unit } from "../../kernel/unit.ts"
import { DEADLINES } from "./deadlines.ts"
import { chainEvents } from "./events-chain.ts"
import { dealEvents } from "./events-deals.ts"
import { possessionEvents } from "./events-possession.ts"
import { cohortIndex, deadlineIndex, epochUnit, offsetUnit, sectorCount, sectorQaGib } from "./units.ts"

export { cohortIndex, deadlineIndex, epochUnit, offsetUnit, sectorCount, sectorQaGib }
export const winCount = unit("wins", "u8")
/** An exact number of 2^100 and more: `high` times 2^100 plus `low`. */
export const high100 = unit("2^100 of the unit", "wide")
export const low100 = unit("the unit, below 2^100", "wide")

/** Why sectors became faulty. */
export const DECLARED = 1
export const DETECTED = 2
export const SKIPPED = 3
export const faultCause = unit("1 declared, 2 detected, 3 skipped", "u8", 1, 3)
/** Why sectors were terminated. */
export const ASKED = 1
export const OUTLASTED = 2
export const terminationCause = unit("1 by its provider, 2 faulty too long", "u8", 1, 2)

/** Out of what a fee was paid at once: nothing, so that it is owed; rewards still vesting, soonest first; or free funds. */
export const OWED = 0
export const FROM_VESTING = 1
export const FROM_FREE = 2
export const payment = unit("0 owed, 1 from vesting rewards, 2 from free funds", "u8", 0, 2)

/** The reward clock and both filters: what the event says is what the state keeps. */
export const kpiColumns = {
  epochRewardAtto: amount,
  baselineBytes: unit("B", "wide"),
  cumsumRealised: unit("B epochs", "wide"),
  cumsumBaseline: unit("B epochs", "wide"),
  networkTime: epochUnit,
  effectiveBaselineBytes: unit("B", "wide"),
  rewardPositionHigh: high100,
  rewardPositionLow: low100,
  rewardVelocityHigh: high100,
  rewardVelocityLow: low100,
  qaPositionHigh: high100,
  qaPositionLow: low100,
  qaVelocityHigh: high100,
  qaVelocityLow: low100,
} as const

export const events = {
  MinerCreated: event("A provider joined, with its deposit locked (FIP-0077).", {
    node: nodeIndex,
    offset: offsetUnit,
    fundsAtto: amount,
    depositAtto: amount,
  }),
  MinerFunded: event("A provider's owner sent it FIL.", { node: nodeIndex, amountAtto: amount }),
  BalanceWithdrawn: event("A provider's owner took free FIL out.", { node: nodeIndex, amountAtto: amount }),
  SectorsBrought: event("Sectors sealed before the run began, the same number in each deadline.", {
    node: nodeIndex,
    sectorsPerDeadline: sectorCount,
    verifiedDeadlines: unit("deadlines", "u8", 0, DEADLINES),
    verifiedQaGib: sectorQaGib,
    activationEpoch: epochUnit,
    expirationEpoch: epochUnit,
    spreadEpochs: epochUnit,
    plainPledgeAtto: amount,
    verifiedPledgeAtto: amount,
    plainFeeAtto: amount,
    verifiedFeeAtto: amount,
  }),
  SectorsPreCommitted: event("A batch of sealed sectors was announced, against a deposit.", {
    node: nodeIndex,
    sectors: sectorCount,
    epoch: epochUnit,
    depositAtto: amount,
  }),
  PreCommitExpired: event("A batch was never proven: its deposit is owed.", {
    node: nodeIndex,
    sectors: sectorCount,
    depositAtto: amount,
  }),
  SectorsProven: event(
    "The batch's seal was proven: the deposit is freed, the pledge locked, power waits for the first window proof.",
    {
      node: nodeIndex,
      deadline: deadlineIndex,
      sectors: sectorCount,
      qaGib: sectorQaGib,
      activationEpoch: epochUnit,
      expirationEpoch: epochUnit,
      pledgeAtto: amount,
      dailyFeeAtto: amount,
    },
  ),
  WindowPoStSubmitted: event("A deadline was proven: skipped sectors are faulty, recovering and new ones have power.", {
    node: nodeIndex,
    deadline: deadlineIndex,
    slot: unit("half hour (Unix)", "u32"),
    sectors: sectorCount,
  }),
  PowerActivated: event("Sectors that recovered, and new ones, were proven with their deadline: they have power.", {
    node: nodeIndex,
    deadline: deadlineIndex,
    recovered: sectorCount,
    activated: sectorCount,
  }),
  SectorsFaulted: event(
    "Sectors lost their power: declared faulty, skipped in a proof, or found so when none had come at the close.",
    {
      node: nodeIndex,
      deadline: deadlineIndex,
      sectors: sectorCount,
      epoch: epochUnit,
      cause: faultCause,
    },
  ),
  RecoveryDeclared: event("A deadline's faulty sectors will be proven again at its next window.", {
    node: nodeIndex,
    deadline: deadlineIndex,
    sectors: sectorCount,
  }),
  SectorsExtended: event("A deadline's sectors live longer.", {
    node: nodeIndex,
    deadline: deadlineIndex,
    expirationEpoch: epochUnit,
  }),
  SectorsExpired: event("A cohort came to its end as agreed, and its pledge is free.", {
    cohort: cohortIndex,
    node: nodeIndex,
    sectors: sectorCount,
    pledgeAtto: amount,
  }),
  SectorsTerminated: event("Sectors of a cohort ended early: their pledge is free and a fee is owed.", {
    cohort: cohortIndex,
    node: nodeIndex,
    sectors: sectorCount,
    pledgeAtto: amount,
    feeAtto: amount,
    dailyFeeAtto: amount,
    cause: terminationCause,
  }),
  FaultFeeCharged: event("A deadline closed with sectors that were faulty before it.", {
    node: nodeIndex,
    deadline: deadlineIndex,
    feeAtto: amount,
    paid: payment,
  }),
  DailyFeeCharged: event("A deadline closed: the daily fee of its sectors (FIP-0100).", {
    node: nodeIndex,
    deadline: deadlineIndex,
    feeAtto: amount,
    paid: payment,
  }),
  DebtRepaid: event("A provider paid what it owes: from rewards still vesting, soonest first, then from free funds.", {
    node: nodeIndex,
    unlockedAtto: amount,
    burntAtto: amount,
  }),
  ElectionDrawn: event("An epoch's winners were drawn by the power of 900 epochs before.", { epoch: epochUnit, wins: winCount }),
  TicketWon: event("A provider may make a block in this epoch.", { node: nodeIndex, epoch: epochUnit, wins: winCount }),
  BlockProduced: event("A winner made its block and was paid; three quarters are locked.", {
    node: nodeIndex,
    epoch: epochUnit,
    wins: winCount,
    rewardAtto: amount,
    lockedAtto: amount,
  }),
  ConsensusFaultReported: event("A provider is out for 900 epochs, and pays or owes one epoch's reward.", {
    node: nodeIndex,
    untilEpoch: epochUnit,
    burntAtto: amount,
    reporterAtto: amount,
    owedAtto: amount,
  }),
  FinalityCertified: event("A strong quorum of power made an epoch final (F3).", {
    epoch: epochUnit,
    atS: seconds,
    instances: unit("instances", "u16"),
  }),
  ...chainEvents,
  PowerTableKept: event("Power as it stands, for elections 900 epochs from now.", { slot: unit("half hour (Unix)", "u32") }),
  NetworkKpiUpdated: event("Half an hour of the reward clock and of both filters.", {
    atS: seconds,
    epoch: epochUnit,
    alarmed: flag,
    ...kpiColumns,
  }),
  RewardsVested: event("Locked rewards came free, up to this day's.", { node: nodeIndex, day: count32, amountAtto: amount }),
  RewardsLocked: event("A day's locked rewards begin their 180 days.", { node: nodeIndex, amountAtto: amount }),
  DayVested: event("Every table of locked rewards has come to this day.", { day: count32 }),
  ...dealEvents,
  ...possessionEvents,
} as const
export type Events = typeof events
