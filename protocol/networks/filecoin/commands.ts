/** What may be asked of the chain, and why it may be refused. Amounts are attoFIL. */
import { command } from "../../kernel/row-type.ts"
import { amount, nodeIndex, permille, seconds, unit } from "../../kernel/unit.ts"
import { DEADLINES } from "./deadlines.ts"
import { dealCommands, dealRefusals } from "./commands-deals.ts"
import { possessionCommands, possessionRefusals } from "./commands-possession.ts"
import { deadlineIndex, offsetUnit } from "./events.ts"

const word = unit("beacon word", "u32")
const days = unit("days", "u16")
/** Sectors of one message; the chain's own limits are of this order. */
const batch = unit("sectors of a batch", "u32", 0, 50_000)

export const commands = {
  CreateMiner: command(
    "A provider joins, with first funds from its owner.",
    { node: nodeIndex, offset: offsetUnit, fundsAtto: amount },
    ["MinerCreated"],
  ),
  FundMiner: command("The owner sends FIL.", { node: nodeIndex, amountAtto: amount }, ["MinerFunded"]),
  BringSectors: command(
    "A run begins with sectors at work: they expire evenly over `spreadDays` from `firstExpiryDays` on.",
    {
      node: nodeIndex,
      sectorsPerDeadline: unit("sectors", "u32", 0, 1_000_000),
      verifiedDeadlines: unit("deadlines", "u8", 0, DEADLINES),
      /** Verified share of the space-time of sectors in those deadlines. */
      verifiedPermille: permille,
      ageDays: days,
      firstExpiryDays: days,
      spreadDays: days,
      atS: seconds,
    },
    ["SectorsBrought"],
  ),
  PreCommitSectors: command("A provider announces sealed sectors.", { node: nodeIndex, sectors: batch, atS: seconds }, [
    "SectorsPreCommitted",
  ]),
  ProveCommitSectors: command(
    "It proves the seal of the batch it announced.",
    { node: nodeIndex, verifiedPermille: permille, lifetimeDays: days, atS: seconds },
    ["SectorsProven"],
  ),
  SubmitWindowPoSt: command(
    "A provider proves the deadline that is open, but for sectors it skips.",
    { node: nodeIndex, deadline: deadlineIndex, skipped: unit("sectors", "u32"), atS: seconds },
    ["WindowPoStSubmitted", "SectorsFaulted", "PowerActivated"],
    { ascending: "node" },
  ),
  SubmitUnsoundWindowPoSt: command(
    "The same, with bytes that would not verify; nobody looks at them before a dispute.",
    { node: nodeIndex, deadline: deadlineIndex, atS: seconds },
    ["WindowPoStSubmitted", "PowerActivated", "UnsoundProofKept"],
  ),
  DisputeWindowPoSt: command(
    "Anyone points at a deadline's last proof: it is verified now. A disputer that is no provider is paid outside.",
    { node: nodeIndex, disputer: nodeIndex, deadline: deadlineIndex, atS: seconds },
    ["ProofDisputed"],
  ),
  DeclareFaults: command(
    "A provider says that sectors are faulty.",
    { node: nodeIndex, deadline: deadlineIndex, sectors: unit("sectors", "u32"), atS: seconds },
    ["SectorsFaulted"],
  ),
  DeclareRecoveries: command(
    "A provider says that a deadline's faulty sectors will be proven again.",
    { node: nodeIndex, deadline: deadlineIndex, atS: seconds },
    ["RecoveryDeclared"],
  ),
  ExtendSectors: command(
    "A provider gives a deadline's sectors this long from now.",
    { node: nodeIndex, deadline: deadlineIndex, days, atS: seconds },
    ["SectorsExtended"],
  ),
  TerminateSectors: command(
    "A provider ends a deadline's sectors early.",
    { node: nodeIndex, deadline: deadlineIndex, atS: seconds },
    ["SectorsTerminated", "DealsSlashed"],
  ),
  WithdrawBalance: command("An owner takes free FIL out.", { node: nodeIndex, amountAtto: amount }, ["BalanceWithdrawn"]),
  DrawElection: command(
    "The beacon of an epoch is published: 128 bits from which its winners follow.",
    { atS: seconds, w0: word, w1: word, w2: word, w3: word },
    ["ElectionDrawn", "TicketWon"],
  ),
  ProduceBlock: command("A winner makes its block.", { node: nodeIndex, atS: seconds }, ["BlockProduced"]),
  ReportConsensusFault: command(
    "Somebody proves that a provider made two blocks where it may make one.",
    { node: nodeIndex, faultS: seconds, atS: seconds },
    ["ConsensusFaultReported"],
  ),
  CertifyFinality: command(
    "F3 reports a decision and the scaled power that signed it.",
    { atS: seconds, signed: unit("scaled power", "u32"), whole: unit("scaled power", "u32") },
    ["FinalityCertified"],
  ),
  ...dealCommands,
  ...possessionCommands,
} as const
export type Commands = typeof commands

/** Refusals, in their order of precedence within a command. */
export const refusals = {
  unknown_node: "There is no such node.",
  unknown_miner: "The node is no storage provider yet.",
  already_created: "A provider joins once.",
  before_genesis: "The time lies before epoch 0 (2020-08-24T22:00:00Z) or beyond the 30 years that the curves are good for.",
  amount_not_positive: "An amount to move is more than 0.",
  circulation_too_small: "There is not that much FIL outside providers.",
  deposit_not_covered: "The first funds do not cover the create-miner deposit (FIP-0077).",
  network_has_begun: "Sectors are brought before the first settlement only.",
  already_has_sectors: "Sectors are brought to an empty provider only.",
  no_sectors: "There are no sectors to speak of.",
  consensus_fault_active: "The provider is out for a consensus fault.",
  fee_debt: "The provider owes fees, which come first.",
  batch_is_pending: "One announced batch at a time (ours).",
  no_pre_commit: "No batch was announced.",
  too_soon: "The seed of the seal proof is drawn 150 epochs after the announcement.",
  too_late: "The batch was announced more than 30 days and 150 epochs ago.",
  lifetime_out_of_range: "Sectors live from 180 to 1278 days from now, and an extension does not shorten them.",
  insufficient_funds: "The free balance does not cover it.",
  deadline_not_open: "Only the open deadline takes proofs.",
  already_proven: "The deadline is proven.",
  chain_halted: "There was no block for half an hour: no message gets in.",
  no_room_in_blocks: "The half hour's blocks so far have no room for a proof, or there are none.",
  nothing_to_prove: "Every sector is faulty and none recovers, or there is none.",
  too_many_skipped: "Only active sectors are skipped, and not everything there is to prove.",
  proof_is_invalid: "A proof that recovers sectors is verified at once, and so is any before FIP-0010.",
  dispute_window_closed: "A proof is disputed after its deadline closed, for 1800 epochs, and not while the deadline is open.",
  nothing_to_dispute: "The deadline's last proof stands, or there was none, or it fell before.",
  cutoff_passed: "Faults and recoveries are declared at least 70 epochs before their deadline opens.",
  not_that_many_active: "Fewer sectors of the deadline are active.",
  nothing_to_recover: "No sector of the deadline is faulty without recovering.",
  faulty_sectors: "Faulty sectors are not extended.",
  deadline_is_immutable: "A deadline is left alone from one window before it opens until it closes.",
  election_is_over: "The epoch's winners are drawn, or a later one's.",
  no_power_table: "No power was kept for this epoch's lookback, or nobody had any.",
  not_elected: "The provider won no block of this epoch, or made it.",
  fault_not_past: "A fault lies before its report.",
  fault_too_old: "The fault lies before the end of an earlier one's punishment.",
  f3_is_off: "There is no F3 in this network version.",
  no_strong_quorum: "Less than two thirds of the scaled power signed.",
  wrong_committee: "The power table is the one that the last decision left: it cannot change while F3 stands still.",
  between_rounds: "The instance's round has begun without a quorum; the next one is waited for.",
  certificate_is_stale: "A later epoch is final already.",
  ...dealRefusals,
  ...possessionRefusals,
} as const
export type Refusal = keyof typeof refusals
