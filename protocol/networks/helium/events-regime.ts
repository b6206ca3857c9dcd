/** What has happened on Helium outside SOL-HNT's plain day: the old chain, IOT, halts and late epochs, claims, HIP-149. */
import { event } from "../../kernel/row-type.ts"
import { count, count16, count32, count8, flag, nodeIndex, permille, seconds, unit } from "../../kernel/unit.ts"

export const bones = unit("bones (1e-8 HNT)", "safe", 0)
export const credits = unit("DC", "safe", 0)
/** Smallest units of IOT. */
export const iotUnits = unit("1e-6 IOT", "safe", 0)
export const shareE9 = unit("1e-9", "u32", 0, 1_000_000_000)
/** A hotspot, or nobody: the validators. */
export const challenger = unit("node, or 2^32 - 1 for the validators", "u32")
export const VALIDATORS = 0xffff_ffff
/** Time at a pace: a halted chain makes no blocks, whatever the clock says. */
export const paceSeconds = unit("s × ‰", "safe", 0)
/** Up to 100 USD, as the parameter: what a credit purchase comes to then fits a safe number. */
export const priceE8 = unit("1e-8 USD per HNT", "safe", 0, 10_000_000_000)

export const regimeEvents = {
  LedgerPaced: event("The settlement ledger was seen to halt, to slow down, or to keep pace again.", {
    at: seconds,
    pacePermille: permille,
    /** Blocks' worth of time since the last epoch, up to now. */
    sinceEpoch: paceSeconds,
  }),
  PricePublished: event("The price feed that the programs read was written.", {
    at: seconds,
    emaE8Usd: priceE8,
    confidenceE8Usd: priceE8,
    /** 1 when the account is not the pinned one: HIP-149 then issues nothing. */
    substituted: flag,
  }),
  ChallengeIssued: event("A challenger of the old chain asked a hotspot to beacon.", {
    challenger,
    challengee: nodeIndex,
    at: seconds,
  }),
  ChallengeCompleted: event("A challenger brought the receipts of its challenge to the chain.", {
    challenger,
    challengee: nodeIndex,
    /** 2 when the challenged hotspot was on the air, else 1. */
    shares: count8,
  }),
  BlockEpochClosed: event(
    "Half an hour of the old chain was settled: for whole epochs HNT was minted, for missing ones it never will be.",
    {
      at: seconds,
      epochs: count8,
      sinceEpoch: paceSeconds,
      /** What the epochs were worth, and burnt HNT issued again. */
      scheduled: bones,
      reEmitted: bones,
      burnOverage: bones,
      /** Minted to hotspots, to the consensus group and to holders of security tokens. */
      hotspots: bones,
      consensus: bones,
      securities: bones,
      /** Of those epochs, what found no claimant; each pool's rounding may make it a bone less than nothing. */
      unissued: unit("bones (1e-8 HNT)", "safe"),
      /** An epoch that did not come about within its half hour. */
      lost: bones,
    },
  ),
  BlockRewardPaid: event("The old chain paid a hotspot's owner for one settlement.", {
    node: nodeIndex,
    challenger: bones,
    beacon: bones,
    witness: bones,
    data: bones,
  }),
  EpochDeferred: event("An epoch could not be settled at its end; its shares are kept until it can be.", {
    day: count16,
    /** 0 the ledger is halted, 1 the rewarder waits for data, 2 the mint breaker, 3 a substituted price, 4 an earlier epoch waits. */
    reason: count8,
  }),
  BreakerTripped: event("Minting an epoch would pass the circuit breaker; it is tried again half an hour later.", {
    day: count16,
    at: seconds,
  }),
  SubDaoEmitted: event("A day's HNT went to the sub-networks' treasuries, and a day's IOT to its pools.", {
    day: count16,
    scheduled: bones,
    reEmitted: bones,
    shareE9,
    treasury: bones,
    others: bones,
    securities: bones,
    iot: iotUnits,
    delegators: iotUnits,
    burned: bones,
    smoothed: bones,
    /** When it was minted, and what the mint breaker's window holds then. */
    at: seconds,
    windowed: bones,
  }),
  IotPoolsSplit: event("The IOT epoch was divided into its pools before payment.", {
    day: count16,
    beacons: iotUnits,
    witnesses: iotUnits,
    data: iotUnits,
    operations: iotUnits,
    oracles: iotUnits,
  }),
  IotRewardPaid: event("A hotspot's owner was paid in IOT for one epoch.", {
    node: nodeIndex,
    beacon: iotUnits,
    witness: iotUnits,
    data: iotUnits,
  }),
  IotEpochClosed: event("The IOT epoch's books were closed.", {
    day: count16,
    paid: iotUnits,
    unallocated: iotUnits,
    late: flag,
  }),
  LateEpochClosed: event("An epoch that had waited was closed.", {
    day: count16,
    paid: bones,
    unallocated: bones,
    shares: count,
  }),
  BackstopApplied: event("HIP-149's floor, ceiling and supplement were worked out for an epoch.", {
    day: count16,
    topUp: bones,
    /** 0: no ceiling, because the price was unusable. */
    deployerCap: bones,
    overflow: bones,
    /** Minted per sub-network, the council's part included. */
    supplement: bones,
    council: bones,
    dormant: flag,
  }),
  TransferQueued: event("Paid traffic was carried while the ledger was down: it counts at once, its credits burn later.", {
    node: nodeIndex,
    dc: count32,
  }),
  QueuedCreditsBurned: event("Credits of queued traffic were burnt once the ledger was back.", { dc: credits }),
  RewardsClaimed: event("An owner drew what the lazy distributor owed a hotspot: lifetime rewards less lifetime claims.", {
    node: nodeIndex,
    hnt: bones,
    iot: iotUnits,
  }),
  IotRedeemed: event("IOT was burnt for its part of the treasury.", { node: nodeIndex, iot: iotUnits, hnt: bones }),
} as const
