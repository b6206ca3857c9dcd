/** What has happened to the chain under the storage: tipsets and null rounds, gas, disputes. Amounts are attoFIL. */
import { event } from "../../kernel/row-type.ts"
import { amount, count, flag, nodeIndex, unit } from "../../kernel/unit.ts"
import { DEADLINES } from "./deadlines.ts"

const deadline = unit("deadline", "u8", 0, DEADLINES - 1)
const slot = unit("half hour (Unix)", "u32")
const mega = unit("million gas", "safe", 0)

export const chainEvents = {
  TipsetsFolded: event(
    "Half an hour of tipsets: null rounds counted, the base fee moved, gas counted. Without a block it closes nothing; with one, also what a halt before it left open.",
    {
      slot,
      dueFrom: slot,
      dueTo: slot,
      tipsets: unit("epochs", "u8"),
      nullRounds: unit("epochs", "u8"),
      blocks: unit("blocks", "u32"),
      isHalted: flag,
      gasUsedMega: mega,
      backlogMega: mega,
      baseFeeAtto: amount,
      /** Of a million gas, at the half hour's mean, and of a proof. */
      burnPerMegaAtto: amount,
      tipPerMegaAtto: amount,
      proofBurnAtto: amount,
      proofTipAtto: amount,
      recoveryMegaGas: mega,
      preCommitMegaGas: mega,
      proveCommitMegaGas: mega,
    },
  ),
  GasPaid: event(
    "A provider paid a day's gas: base fees burnt, premiums put aside for winners; its owner paid what it could not.",
    {
      node: nodeIndex,
      burntAtto: amount,
      tipAtto: amount,
      fromOwnerAtto: amount,
    },
  ),
  TipsShared: event("A winner got its part of the day's premiums, by its wins.", {
    node: nodeIndex,
    wins: count,
    amountAtto: amount,
  }),
  UnsoundProofKept: event("The bytes of a deadline's proof are on the chain, and would not verify.", {
    node: nodeIndex,
    deadline,
    slot,
  }),
  ProofDisputed: event("A proof did not stand: its sectors are faulty, the penalty is owed, and what could be paid is.", {
    node: nodeIndex,
    disputer: nodeIndex,
    deadline,
    sectors: unit("sectors", "u32"),
    epoch: unit("epoch", "u32"),
    penaltyAtto: amount,
    unlockedAtto: amount,
    burntAtto: amount,
    rewardAtto: amount,
  }),
} as const
