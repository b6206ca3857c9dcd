/** The numbers of the chain under the storage: blocks, gas, finality, disputes. */
import { params } from "../../kernel/param.ts"

const SHEET = "facts/filecoin.md"

export const chainParams = params({
  cronNeedsBlocks: {
    default: 1,
    unit: "0 or 1",
    range: [0, 1],
    source: `${SHEET} §1: cron runs at the end of a tipset; null rounds have none`,
    because:
      "A half hour without a block closes no deadline: the next one with a block catches up. Counts from the first block on.",
  },
  haltedDeadlinesMissed: {
    default: 1,
    unit: "0 or 1",
    range: [0, 1],
    source:
      "assumption. For 1: power fell by 23.8 % in the day of 2020-12-19 (mytokencap.com/news/192007). For 0: filecoin.io's post-mortem says that miners were not penalised; and builtin-actors, as read in part, looks up the deadline of the present epoch (UNVERIFIED)",
    because: "1: deadlines that passed in a halt close at its end, unproven. 0: they are skipped, and no power is lost.",
  },
  gasOn: {
    default: 1,
    unit: "0 or 1",
    range: [0, 1],
    source: `${SHEET} §14`,
    because: "Messages use gas, the base fee moves, and gas is paid for.",
  },
  capacityOn: {
    default: 1,
    unit: "0 or 1",
    range: [0, 1],
    source: `${SHEET} §1: a block takes 10^10 gas`,
    because: "A window proof needs a block with room: with few blocks it may miss its deadline.",
  },
  baseFeeByPremium: {
    default: 0,
    unit: "0 or 1",
    range: [0, 1],
    source: "FIP-0115, nv28, 2026-05-27",
    because: "The base fee follows what senders bid (1) or how full blocks are (0).",
  },
  baseFeeAtto: {
    default: 100,
    unit: "attoFIL per gas",
    range: [100, 1_000_000_000_000],
    source: "lotus@b835fab7: the least base fee. Where it stood on a given day is not in our sources",
    because: "The base fee at the start.",
    atStart: true,
  },
  premiumAtto: {
    default: 100_000,
    unit: "attoFIL per gas",
    range: [0, 1_000_000_000],
    source: "assumption: about what wallets bid when nothing presses",
    because: "What messages bid for the winner beside the base fee.",
  },
  urgentPremiumPermille: {
    default: 250,
    unit: "‰ of the base fee",
    range: [0, 10_000],
    source: "assumption: twice FIP-0115's eighth",
    because: "What messages bid at least while more wait than blocks take.",
  },
  proofMegaGas: {
    default: 6,
    unit: "million gas",
    range: [0, 5000],
    source:
      "arithmetic: 5 * 10^12 gas a week in 2021-05 (lotus#6335) over about 2,500 providers * 336 deadlines; the count is UNVERIFIED",
    because: "Gas of a deadline's proof. One message a deadline, whatever its partitions.",
  },
  recoveryMegaGas: {
    default: 6,
    unit: "million gas",
    range: [0, 5000],
    source: "assumption: like a proof",
    because: "Gas of a declaration of faults or recoveries.",
  },
  preCommitMegaGas: {
    default: 16,
    unit: "million gas a sector",
    range: [0, 5000],
    source: "FIP-0013's estimate for one sector: 16,433,324 (specs-actors); batches are cheaper",
    because: "Gas of announcing a sector.",
  },
  proveCommitMegaGas: {
    default: 49,
    unit: "million gas a sector",
    range: [0, 5000],
    source: "FIP-0013's estimate for one sector: 49,299,973 (specs-actors); aggregates are cheaper",
    because: "Gas of proving a sector's seal.",
  },
  otherMegaGas: {
    default: 2000,
    unit: "million gas an epoch",
    range: [0, 1_000_000],
    source: "assumption",
    because: "Gas of everybody else's messages: they wait when blocks are full, proofs go first.",
  },
  disputesOn: {
    default: 1,
    unit: "0 or 1",
    range: [0, 1],
    source: "FIP-0010, nv10, 2021-03",
    because: "Window proofs are accepted unseen and may be disputed (1), or are verified when they come (0).",
  },
  f3BackoffOn: {
    default: 1,
    unit: "0 or 1",
    range: [0, 1],
    source:
      "lotus#13208: rounds 10 and 11 began 14 h apart. CONFLICT: by go-f3#1008 an instance far below its quorum waits in round 0 and goes on as soon as it is back",
    because: "An undecided instance goes through rounds that double, and decides only as one begins (1); or at once (0).",
  },
})
