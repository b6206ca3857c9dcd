/** Numbers of the mechanisms that keep and restore service: placement, repair, degradation, roll-out, receipts, black start, diversity. */
import { params } from "../kernel/param.ts"

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

export const placementParams = params({
  placementAntiAffinity: {
    default: 0b10011,
    unit: "bits: 1 country, 2 ASN, 4 provider, 8 client, 16 grid",
    range: [0, 31],
    source: "assumption; 0 ignores domains, as uniform placement does",
    because: "domains of which no more than the cap may hold an item's pieces",
  },
  placementDomainsSurvived: {
    default: 1,
    unit: "domains",
    range: [1, 10],
    source: "pigeonhole, resilience-science §2: cap = (n − k)/domains, at least 1",
    because: "outages of this many domains at once must leave k pieces",
  },
  placementTries: {
    default: 64,
    unit: "draws per piece",
    range: [1, 1000],
    source: "assumption",
    because: "how long a place is sought before the item is refused or the repair waits",
  },
})

export const repairParams = params({
  repair: { default: 1, unit: "0 off, 1 on", range: [0, 1], source: "assumption", because: "whether lost pieces are made anew" },
  repairThresholdPermille: {
    default: 440,
    unit: "‰ of the spare pieces",
    range: [0, 1000],
    source: "Storj 29/52/80: repair at 52 = 29 + 45 % of 51 spare (the production quadruple is UNVERIFIED)",
    because: "repair begins when no more of the spare pieces than this are left",
  },
  repairDelaySeconds: {
    default: 30 * MINUTE,
    unit: "s",
    range: [0, 30 * DAY],
    source: "assumption: most nodes that go silent come back; Carbonite's reason to wait",
    because: "how long a node must be down before its pieces count as lost",
  },
  repairUnitsPerMinute: {
    default: 1000,
    unit: "units/min",
    range: [0, 1_000_000_000],
    source: "assumption",
    because: "bandwidth of repair: without a limit repair is a second outage",
  },
  repairHedge: {
    default: 1,
    unit: "pieces",
    range: [0, 8],
    source: "assumption; Dean and Barroso 2013 for hedging",
    because: "pieces sent beyond those missing, because a target may be down unseen; the first to confirm win",
  },
  repairConfirmSeconds: {
    default: 5 * MINUTE,
    unit: "s",
    range: [1, DAY],
    source: "assumption",
    because: "a target that has not confirmed by then is given up",
  },
  repairBackoffSeconds: {
    default: MINUTE,
    unit: "s",
    range: [0, DAY],
    source: "assumption; doubles with each failed round, at most 64 times",
    because: "an item whose repair failed waits before it is tried again",
  },
  repairJitterPermille: {
    default: 500,
    unit: "‰ of the back-off",
    range: [0, 1000],
    source: "resilience-science §7",
    because: "items that failed together must not come back together",
  },
  repairRetryPermille: {
    default: 200,
    unit: "‰ of the bandwidth",
    range: [0, 1000],
    source: "resilience-science §7: a retry budget",
    because: "repeated repairs may not crowd out first ones",
  },
})

export const admissionParams = params({
  admission: {
    default: 1,
    unit: "0 off, 1 on",
    range: [0, 1],
    source: "resilience-science §7; closing a port was Helium's real cure on 2022-10-19",
    because: "whether work is turned away at the door when the queue is full",
  },
  admissionQueueSeconds: {
    default: 5 * MINUTE,
    unit: "s of capacity",
    range: [0, DAY],
    source: "assumption",
    because: "work queued beyond this is turned away; essential work may use all of it, the next class half, and so on",
  },
  dropExpired: {
    default: 1,
    unit: "0 off, 1 on",
    range: [0, 1],
    source: "resilience-science §7",
    because: "whether work whose deadline has passed is skipped instead of done for nobody",
  },
  priorities: {
    default: 1,
    unit: "0 off, 1 on",
    range: [0, 1],
    source: "assumption",
    because: "whether essential work goes first; otherwise by order of deadline alone",
  },
  brownOutPermille: {
    default: 300,
    unit: "‰ of the cost",
    range: [0, 900],
    source: "assumption; 0 switches it off",
    because: "what an answer without its extras saves, given only while more waits than can be served",
  },
})

export const releaseParams = params({
  rolloutStages: {
    default: 4,
    unit: "stages",
    range: [1, 16],
    source: "assumption; 1 is the global push of both Cloudflare outages of 2025 and of CrowdStrike",
    because: "in how many steps a release goes out",
  },
  rolloutCanaryPermille: {
    default: 10,
    unit: "‰",
    range: [1, 1000],
    source: "resilience-science §8: 100 canaries see a 1 % crash with .634",
    because: "share of nodes in the first stage",
  },
  rolloutBakeSeconds: {
    default: 6 * HOUR,
    unit: "s",
    range: [0, 30 * DAY],
    source: "assumption",
    because: "how long a stage is watched",
  },
  rolloutHaltPermille: {
    default: 100,
    unit: "‰",
    range: [1, 1000],
    source: "assumption; 1000 switches the automatic halt off",
    because: "fall of the proof rate among the updated, against the others, at which the roll-out halts",
  },
  versionCapPermille: {
    default: 600,
    unit: "‰",
    range: [1, 1000],
    source: "two thirds must survive any version (resilience-science §8) needs 333; assumption; 1000 switches the cap off",
    because: "no client version may hold more of the nodes",
  },
})

export const receiptParams = params({
  receiptKeepSeconds: {
    default: 30 * DAY,
    unit: "s",
    range: [0, 365 * DAY],
    source: "assumption; 0 pays only what is settled at once",
    because: "a receipt older than this is no longer paid",
  },
})

export const restartParams = params({
  restartQuorumPermille: {
    default: 667,
    unit: "‰",
    range: [500, 1000],
    source: "two thirds; Solana restarted at 80 % of stake on 2021-09-14 (outages)",
    because: "share of the ledger's keepers that must return on one snapshot before it runs again",
  },
  restartPeersMin: {
    default: 3,
    unit: "nodes",
    range: [1, 1000],
    source: "assumption",
    because: "peers a node must find before it may fetch a snapshot",
  },
  restartNextPermille: {
    default: 500,
    unit: "‰",
    range: [0, 1000],
    source: "assumption; 0 starts every role at once",
    because: "share of a role that must serve before the next may start",
  },
})

export const diversityParams = params({
  diversityBetaMilli: {
    default: 500,
    unit: "×1000",
    range: [0, 2000],
    source: "adversaries 7.2 (β = .25, .5, 1); 0 switches it off",
    because: "how much scarcity of a domain is worth: weight ∝ share^(−β)",
  },
  diversityWeightMinPermille: {
    default: 500,
    unit: "‰",
    range: [1, 1000],
    source: "assumption",
    because: "floor of a weight, and the weight of a node that does not say where it is",
  },
  diversityWeightMaxPermille: {
    default: 3000,
    unit: "‰",
    range: [1000, 100_000],
    source: "assumption; the spread of weights is what stake must back (adversaries 7.2)",
    because: "ceiling of a weight: a unique domain must not be worth faking",
  },
  diversityKinds: {
    default: 0b00011,
    unit: "bits: 1 country, 2 ASN, 4 provider, 8 client, 16 grid",
    range: [0, 31],
    source: "assumption",
    because: "domains that count; the lowest of their weights is taken (adversaries 7.3.6)",
  },
})
