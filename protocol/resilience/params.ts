/** Every number of the resilience mechanisms. A network spreads the tables of the mechanisms it embeds into its own parameters. */
import { params } from "../kernel/param.ts"

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const U32 = 0xffff_ffff

export const livenessParams = params({
  livenessDetector: {
    default: 3,
    unit: "0 off, 1 phi, 2 observers, 3 phi and observers",
    range: [0, 3],
    source: "assumption: both, because the ledger's own path may be what failed",
    because: "who turns silence into suspicion",
  },
  heartbeatSeconds: {
    default: MINUTE,
    unit: "s",
    range: [1, DAY],
    source: "assumption: Akka and SWIM use 1 s between machines of one hall; a ledger cannot take that from 10,000 homes",
    because: "how often a node says that it is there",
    side: "world",
  },
  phiThresholdMilli: {
    default: 8000,
    unit: "phi ×1000",
    range: [100, 100_000],
    source: "akka reference.conf, threshold 8.0 (akka/akka@9892c5e4)",
    because: "suspicion at which a silent node is suspected: 8 is one false alarm in 10^8 intervals if the law fits",
  },
  phiWindow: {
    default: 1000,
    unit: "samples",
    range: [1, 100_000],
    source: "akka reference.conf, max-sample-size 1000; here an exponential window of that length",
    because: "how many intervals the detector remembers",
  },
  phiMinDeviationMs: {
    default: 6000,
    unit: "ms",
    range: [1, HOUR * 1000],
    source: "akka reference.conf, min-std-deviation 100 ms at 1 s heartbeats, scaled to 60 s",
    because: "a very regular node must not be suspected for one late packet",
  },
  phiPauseMs: {
    default: 180_000,
    unit: "ms",
    range: [0, DAY * 1000],
    source: "akka reference.conf, acceptable-heartbeat-pause 3 s at 1 s heartbeats, scaled to 60 s",
    because: "pauses that are no failure, such as a router that restarts",
  },
  observers: {
    default: 9,
    unit: "nodes",
    range: [1, 15],
    source: "adversaries F1 (n = 9, q = 6), 2026-11-22",
    because: "how many others, of other operators and domains, are drawn to look at a suspected node",
  },
  observerQuorum: {
    default: 6,
    unit: "nodes",
    range: [1, 15],
    source: "adversaries F1: at a fifth of colluding observers a false declaration has .00305, blocking .0855",
    because: "how many of them must agree",
  },
  observerSeed: {
    default: 1,
    unit: "seed",
    range: [0, U32],
    source: "assumption: stands for a public randomness beacon",
    because: "observers are drawn so that nobody can choose them",
  },
  suspicionMinSeconds: {
    default: 4 * MINUTE,
    unit: "s",
    range: [0, DAY],
    source: "memberlist config.go, SuspicionMult 4 probe intervals (hashicorp/memberlist@1b4c746c)",
    because: "a suspected node has this long to speak up, with every confirmation in",
  },
  suspicionMaxMult: {
    default: 6,
    unit: "×",
    range: [1, 100],
    source: "memberlist config.go, SuspicionMaxTimeoutMult 6",
    because: "and this many times as long with none",
  },
})

export const outageParams = params({
  outageDeclaration: {
    default: 1,
    unit: "0 off, 1 on",
    range: [0, 1],
    source: "assumption",
    because: "whether many suspicions in one failure domain become a declared outage",
  },
  outageWindowSeconds: {
    default: 15 * MINUTE,
    unit: "s",
    range: [1, DAY],
    source: "assumption: longer than a suspicion, shorter than independent failures need to add up",
    because: "suspicions this close together may share a cause",
  },
  outageSharePermille: {
    default: 500,
    unit: "‰",
    range: [1, 1000],
    source: "assumption",
    because: "share of a domain's nodes that must have gone silent",
  },
  outageLift: {
    default: 4,
    unit: "×",
    range: [1, 1000],
    source: "assumption",
    because: "how many times as many as outside: a failure everywhere is no domain's",
  },
  outageMembersMin: {
    default: 5,
    unit: "nodes",
    range: [1, 10_000],
    source: "assumption",
    because: "below this, chance alone looks like a common cause",
  },
  outageOperatorsMin: {
    default: 3,
    unit: "operators",
    range: [1, 100],
    source: "adversaries F3: at least three operators, the claimant's own nodes left out",
    because: "one operator that switches off is no outage",
  },
  witnesses: {
    default: 21,
    unit: "nodes",
    range: [1, 31],
    source: "adversaries K19 (n = 21, q = 14)",
    because: "how many outside the domain are asked",
  },
  witnessQuorum: {
    default: 14,
    unit: "nodes",
    range: [1, 31],
    source: "adversaries K19: at 30 % colluders a false declaration has 5.6e-4, blocking .277",
    because: "how many of them must see it too",
  },
  witnessSeconds: {
    default: 10 * MINUTE,
    unit: "s",
    range: [1, DAY],
    source: "assumption",
    because: "how long a claim stays open",
  },
  claimBond: {
    default: 1000,
    unit: "smallest unit",
    range: [0, 1_000_000_000],
    source: "assumption: see the bound in grace.ts",
    because: "a false claim costs this much",
  },
  outageEndPermille: {
    default: 200,
    unit: "‰",
    range: [0, 1000],
    source: "assumption: below the share that opened it, so that it does not flicker",
    because: "share still silent at which the outage is over",
  },
  outageMaxSeconds: {
    default: 7 * DAY,
    unit: "s",
    range: [1, 365 * DAY],
    source: "assumption",
    because: "no outage lasts for ever: those who stay away have left",
  },
})

export const graceParams = params({
  graceWaivedPermille: {
    default: 1000,
    unit: "‰",
    range: [0, 1000],
    source: "Filecoin waived penalties in December 2020 (outages, filecoin-2020-12-19); 0 switches grace off",
    because: "how much of a penalty is waived inside a declared outage",
  },
  graceFullPermille: {
    default: 900,
    unit: "‰",
    range: [2, 1000],
    source: "assumption; the ramp removes the cliff at the threshold, see the bound in grace.ts",
    because: "share of a domain that must be silent for the whole waiver; it rises from nothing at outageSharePermille",
  },
  graceRewardPermille: {
    default: 0,
    unit: "‰",
    range: [0, 1000],
    source: "adversaries F2: with no reward the gain of fraud is the waived penalty alone",
    because: "share of its usual reward that a node in a declared outage still earns",
  },
  graceSecondsMax: {
    default: 2 * DAY,
    unit: "s",
    range: [0, 365 * DAY],
    source: "adversaries F2 (G = 48 h)",
    because: "grace one node may use in a period",
  },
  gracePeriodSeconds: {
    default: 90 * DAY,
    unit: "s",
    range: [1, 365 * DAY],
    source: "assumption",
    because: "after this the allowance is whole again",
  },
  graceFreezeSeconds: {
    default: 7 * DAY,
    unit: "s",
    range: [0, 365 * DAY],
    source: "adversaries F2 and 7.3.10: attributes frozen longer than a declaration takes",
    because: "a domain declared less long before the onset gives no grace",
  },
})

export {
  admissionParams,
  diversityParams,
  placementParams,
  receiptParams,
  releaseParams,
  repairParams,
  restartParams,
} from "./params-recovery.ts"
