/** Helium by example, outside SOL-HNT's plain day: the old chain, IOT, HIP-149, halts, waits and claims. */
import { DAY, HOUR, MINUTE } from "../../kernel/clock.ts"
import { VALIDATORS } from "./events-regime.ts"
import { presets } from "./presets.ts"
import { beacon, contacts, INTERVAL, join, PLACES, proof, register, SQUARE, T0, type Ask } from "./story.ts"

const HALF_HOUR = 30 * MINUTE
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
const ledger = (pacePermille: number, at: number): Ask => ({ type: "ReportLedger", at, pacePermille })
const price = (
  at: number,
  but: { readonly emaE8Usd?: number; readonly confidenceE8Usd?: number; readonly substituted?: number } = {},
): Ask => ({
  type: "PublishPrice",
  at,
  emaE8Usd: 200_000_000,
  confidenceE8Usd: 1_000_000,
  substituted: 0,
  ...but,
})
const credits = (hnt: number, at: number): Ask => ({ type: "MintCredits", hnt, at })
const traffic = (node: number, dc: number): Ask => ({ type: "ReportTransfer", node, dc })
const claim = (node: number): Ask => ({ type: "ClaimRewards", node })

/** The old chain as it was in August 2022, and with hotspots as challengers. */
export const L1_2022 = presets["L1-2020/2022-08-01" as keyof typeof presets].values
const L1 = { ...presets["L1-2020/2022-04-14" as keyof typeof presets].values, challengeIntervalBlocks: 60 }
const DNT = { ...presets["SOL-DNT"].values, rewarderPatienceSeconds: 0 }
const NOW = { ...presets.HIP149.values, supplement: 1 }
const joined = ["NodeRegistered", "LocationAsserted", "HotspotConfigured"] as const
const covered = ["BeaconReported", "WitnessProved", "PocResolved"] as const
const hntDay = ["EmissionIssued", "PoolsSplit", "RewardPaid"] as const

export const regimeExamples = [
  {
    name: "the old chain: hotspots challenge each other, half hours of blocks are paid, and a halt issues nothing",
    nodes: 4,
    params: L1,
    steps: [
      { ask: SQUARE },
      { ask: [credits(1_000_000_000, T0), beacon(0, T0 + HOUR), challenge(VALIDATORS, 0, T0), register(9)] },
      { ask: [challenge(1, 0, T0 + HOUR), challenge(1, 2, T0 + HOUR + 59 * MINUTE), challenge(9, 0, T0 + HOUR)] },
      { ask: proof(0, T0 + HOUR, 1, 2, 3) },
      { ask: [receipts(1, 0, T0 + HOUR + 1), receipts(1, 0, T0 + HOUR + 2), traffic(2, 5)] },
      { settle: "density", at: T0 + HOUR + HALF_HOUR },
      { ask: [challenge(2, 3, T0 + 2 * HOUR), receipts(2, 3, T0 + 2 * HOUR + 1)] },
      { ask: [ledger(1000, T0 + 2 * HOUR), ledger(0, T0 + 2 * HOUR + 60)] },
      {
        ask: [
          challenge(0, 1, T0 + 2 * HOUR + 61),
          receipts(0, 1, T0 + 2 * HOUR + 62),
          traffic(2, 7),
          credits(1, T0 + 2 * HOUR + 61),
        ],
      },
      { settle: "density", at: T0 + 2 * HOUR + HALF_HOUR },
      { ask: [ledger(1000, T0 + 3 * HOUR)] },
      { settle: "density", at: T0 + 4 * HOUR },
      { settle: "day", at: T0 + DAY },
    ],
    events: [
      ...joined,
      ...covered,
      "BeaconRefused",
      "CreditsMinted",
      "DataTransferred",
      "ChallengeIssued",
      "ChallengeCompleted",
      "BlockEpochClosed",
      "BlockRewardPaid",
      "HexScaleChanged",
      "LedgerPaced",
      "TransferQueued",
      "QueuedCreditsBurned",
    ],
    refusals: [
      "node_is_outside_the_registry",
      "not_challenged",
      "not_a_challenger",
      "challenged_too_soon",
      "gateway_not_found",
      "challenge_is_not_open",
      "ledger_pace_is_known",
      "ledger_is_halted",
    ],
  },
  {
    name: "validators challenge, once an interval, a hotspot that has said where it is",
    nodes: 3,
    params: { ...L1_2022, challengeIntervalBlocks: 60 },
    steps: [
      { ask: [...join(0, PLACES.home), ...join(1, PLACES.cells23), register(2)] },
      { ask: [challenge(1, 0, T0), challenge(VALIDATORS, 2, T0), challenge(VALIDATORS, 0, T0 + HOUR)] },
      { ask: proof(0, T0 + HOUR, 1) },
      { ask: [receipts(VALIDATORS, 0, T0 + HOUR + 1), challenge(VALIDATORS, 0, T0 + HOUR + 2)] },
      { settle: "density", at: T0 + HOUR + HALF_HOUR },
    ],
    events: [
      ...joined,
      ...covered,
      "ChallengeIssued",
      "ChallengeCompleted",
      "HexScaleChanged",
      "BlockEpochClosed",
      "BlockRewardPaid",
    ],
    refusals: ["not_a_challenger", "not_asserted", "challenged_too_soon"],
  },
  {
    name: "a day of SOL-DNT: IOT to hotspots, HNT to the treasury that backs it, redeemed and claimed",
    nodes: 4,
    params: DNT,
    steps: [
      { ask: [...SQUARE, challenge(0, 1, T0), credits(1_000_000_000, T0)] },
      { ask: contacts(T0 + HOUR) },
      { ask: [traffic(0, 1000), claim(0)] },
      { settle: "density", at: T0 + DAY },
      { settle: "day", at: T0 + DAY },
      { ask: [{ type: "RedeemIot", node: 0, iot: 5_000_000 }, { type: "RedeemIot", node: 0, iot: 0 }, claim(1), claim(9)] },
      {
        ask: [
          ledger(0, T0 + DAY + HOUR),
          claim(0),
          { type: "RedeemIot", node: 0, iot: 1 },
          { type: "RedeemIot", node: 9, iot: 1 },
        ],
      },
      { settle: "day", at: T0 + 2 * DAY },
      { ask: [ledger(1000, T0 + 2 * DAY + HOUR), { type: "RedeemIot", node: 9, iot: 1 }] },
      { settle: "density", at: T0 + 2 * DAY + 2 * HOUR },
    ],
    events: [
      ...joined,
      ...covered,
      "CreditsMinted",
      "DataTransferred",
      "HexScaleChanged",
      "SubDaoEmitted",
      "IotPoolsSplit",
      "IotRewardPaid",
      "IotEpochClosed",
      "IotRedeemed",
      "RewardsClaimed",
      "LedgerPaced",
      "EpochDeferred",
    ],
    refusals: ["nobody_challenges", "nothing_to_claim", "treasury_pays_nothing", "gateway_not_found", "ledger_is_halted"],
  },
  {
    name: "Solana halts over a midnight: both days wait with their shares and are paid after it, one each half hour",
    nodes: 4,
    steps: [
      { ask: [...SQUARE, credits(1_000_000_000, T0)] },
      { ask: contacts(T0 + HOUR) },
      { ask: contacts(T0 + INTERVAL + HOUR) },
      { ask: [ledger(0, T0 + 20 * HOUR), traffic(0, 1000)] },
      { settle: "day", at: T0 + DAY },
      { ask: contacts(T0 + DAY + HOUR) },
      { settle: "density", at: T0 + DAY + 2 * HOUR },
      { settle: "day", at: T0 + 2 * DAY },
      { ask: [ledger(1000, T0 + 2 * DAY + HOUR)] },
      { settle: "density", at: T0 + 2 * DAY + 2 * HOUR },
      { settle: "density", at: T0 + 2 * DAY + 3 * HOUR },
      { ask: [claim(0), claim(0)] },
    ],
    events: [
      ...joined,
      ...covered,
      ...hntDay,
      "CreditsMinted",
      "HexScaleChanged",
      "LedgerPaced",
      "TransferQueued",
      "QueuedCreditsBurned",
      "EpochDeferred",
      "LateEpochClosed",
      "RewardsClaimed",
    ],
    refusals: ["gateway_no_valid_beacons", "gateway_no_valid_witnesses", "nothing_to_claim"],
  },
  {
    name: "the rewarder waits for proofs that come after midnight; then the breaker lets one epoch in and stops the next",
    nodes: 4,
    params: { rewarderPatienceSeconds: 21_600, mintBreakerEpochs: 1, netEmissionsCapBones: 0 },
    steps: [
      { ask: SQUARE },
      { ask: contacts(T0 + HOUR) },
      { settle: "day", at: T0 + DAY },
      { settle: "density", at: T0 + DAY + HALF_HOUR },
      { ask: contacts(T0 + DAY + 20 * HOUR) },
      { settle: "density", at: T0 + DAY + 21 * HOUR },
      { settle: "day", at: T0 + 2 * DAY },
      { settle: "density", at: T0 + 2 * DAY + HALF_HOUR },
    ],
    events: [...joined, ...covered, ...hntDay, "HexScaleChanged", "EpochDeferred", "LateEpochClosed", "BreakerTripped"],
    refusals: ["gateway_no_valid_beacons", "gateway_no_valid_witnesses"],
  },
  {
    name: "HIP-149: no coverage, data and operations alone; a stale price puts the floor to sleep, a substituted one stops the mint",
    nodes: 4,
    params: NOW,
    steps: [
      { ask: [...SQUARE, credits(1_000_000_000, T0), beacon(0, T0 + HOUR)] },
      { ask: [traffic(0, 1000), price(T0 + HOUR), price(T0 + MINUTE), price(T0 + 2 * HOUR, { confidenceE8Usd: 100_000_000 })] },
      { settle: "day", at: T0 + DAY },
      { ask: [credits(10, T0 + DAY), price(T0 + DAY, { substituted: 1 })] },
      { settle: "day", at: T0 + 2 * DAY },
      {
        ask: [
          price(T0 + 2 * DAY + HOUR),
          {
            type: "ReportWitness",
            beaconer: 0,
            witness: 1,
            receivedMs: T0 * 1000,
            payload: 1,
            frequencyHz: 1,
            signalDdbm: 0,
            path: 0,
          },
        ],
      },
      { settle: "density", at: T0 + 2 * DAY + HOUR },
    ],
    events: [
      ...joined,
      ...hntDay,
      "CreditsMinted",
      "DataTransferred",
      "PricePublished",
      "BackstopApplied",
      "EpochClosed",
      "EpochDeferred",
      "LateEpochClosed",
    ],
    refusals: ["poc_is_retired", "price_is_older", "price_is_not_usable", "price_is_stale", "beacon_is_not_open"],
  },
] as const
