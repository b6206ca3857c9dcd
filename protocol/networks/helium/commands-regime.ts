/** What may be asked of Helium outside SOL-HNT's plain day, and why it may be refused. */
import { command } from "../../kernel/row-type.ts"
import { flag, nodeIndex, permille, seconds } from "../../kernel/unit.ts"
import { smallest } from "./events-mobile.ts"
import { challenger, iotUnits, priceE8 } from "./events-regime.ts"

export const regimeCommands = {
  ReportLedger: command(
    "Those who settle report the pace of the ledger: 0 ‰ is a halt. Credits that had to wait are burnt when it is back.",
    { at: seconds, pacePermille: permille },
    ["LedgerPaced", "QueuedCreditsBurned"],
  ),
  PublishPrice: command(
    "The price feed is written, or another account is put in its place.",
    { at: seconds, emaE8Usd: priceE8, confidenceE8Usd: priceE8, substituted: flag },
    ["PricePublished"],
  ),
  IssueChallenge: command("A challenger of the old chain picks a hotspot.", { challenger, challengee: nodeIndex, at: seconds }, [
    "ChallengeIssued",
  ]),
  SubmitReceipts: command(
    "A challenger brings what it heard back to the chain.",
    { challenger, challengee: nodeIndex, at: seconds },
    ["ChallengeCompleted"],
  ),
  ClaimRewards: command("An owner claims what a hotspot has earned and not drawn.", { node: nodeIndex }, ["RewardsClaimed"]),
  RedeemIot: command("An owner burns IOT for HNT of the treasury.", { node: nodeIndex, iot: iotUnits }, ["IotRedeemed"]),
  RedeemMobile: command("An owner burns MOBILE for HNT of its treasury.", { node: nodeIndex, mobile: smallest }, [
    "MobileRedeemed",
  ]),
} as const

/** Refusals, in their order of precedence within a command. */
export const regimeRefusals = {
  poc_is_retired: "Since HIP-149 there is no proof of coverage.",
  not_challenged: "On the old chain a hotspot beacons when it is challenged, and nobody did.",
  ledger_is_halted: "The settlement ledger takes no transactions now.",
  ledger_pace_is_known: "The ledger keeps that pace already.",
  price_is_older: "The feed holds a later price.",
  price_is_not_usable: "The average less twice the confidence is not above zero.",
  price_is_stale: "The published price is too old to mint credits at.",
  nobody_challenges: "In this regime hotspots beacon by their own clock.",
  not_a_challenger: "Hotspots challenge in one era and validators in another; this is the other.",
  challenged_too_soon: "The challenger's last challenge is fewer blocks ago than the interval.",
  challenge_is_not_open: "No challenge of this challenger to this hotspot awaits receipts.",
  nothing_to_claim: "The hotspot has drawn all it earned.",
  treasury_pays_nothing: "The hotspot has not so much of the token, or the treasury's part of it is less than a bone.",
} as const
