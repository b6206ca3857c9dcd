/** Decisions outside SOL-HNT's plain day: the ledger's pace, the price, challenges of the old chain, claims and redemption. */
import * as decimal from "../../kernel/decimal.ts"
import type { Decide } from "../../kernel/network.ts"
import type { Values } from "../../kernel/param.ts"
import { reserve } from "../../kernel/table.ts"
import { balance, canPay, holderOf, supply } from "../../ledger/ledger.ts"
import type { Commands, Refusal } from "./commands.ts"
import type { Events } from "./events.ts"
import { VALIDATORS } from "./events-regime.ts"
import { computeLazyPayout } from "./issuance-safety.ts"
import { countPace } from "./ledger-pace.ts"
import type { params } from "./params.ts"
import { lifetimeHnt } from "./lifetime-rewards.ts"
import { BONES, type State } from "./state.ts"
import { computeTreasuryPrice } from "./sub-dao.ts"

const HOTSPOTS = 1
const HNT_DECIMALS = 8
/** Of IOT and of MOBILE. */
const DNT_DECIMALS = 6
/** Shares of a challenger whose challenge was answered on the air; 1 when it was not (blockchain_txn_rewards_v2). */
const ANSWERED_SHARES = 2

type Regime =
  | "ReportLedger"
  | "PublishPrice"
  | "IssueChallenge"
  | "SubmitReceipts"
  | "ClaimRewards"
  | "RedeemIot"
  | "RedeemMobile"

export const decideRegime: Pick<Decide<State, Commands, Events, typeof params, Refusal>, Regime> = {
  ReportLedger({ economy }, rows, begin, end, { out, refuse }) {
    for (let i = begin; i < end; i++) {
      const pace = rows.pacePermille[i]
      if (pace === economy.pacePermille[0]) {
        refuse(i, "ledger_pace_is_known")
        continue
      }
      const to = out.LedgerPaced
      reserve(to, 1)
      const j = to.length++
      to.at[j] = Math.max(rows.at[i], economy.pacedS[0])
      to.pacePermille[j] = pace
      to.sinceEpoch[j] = countPace(economy, rows.at[i])
      const queued = economy.creditsQueued[0]
      if (pace === 0 || queued === 0) continue
      const burnt = out.QueuedCreditsBurned
      reserve(burnt, 1)
      burnt.dc[burnt.length++] = queued
    }
  },

  PublishPrice({ economy }, rows, begin, end, { out, refuse }) {
    const to = out.PricePublished
    reserve(to, end - begin)
    for (let i = begin; i < end; i++) {
      if (rows.at[i] < economy.priceS[0]) {
        refuse(i, "price_is_older")
        continue
      }
      if (rows.emaE8Usd[i] - 2 * rows.confidenceE8Usd[i] <= 0) {
        refuse(i, "price_is_not_usable")
        continue
      }
      const j = to.length++
      to.at[j] = rows.at[i]
      to.emaE8Usd[j] = rows.emaE8Usd[i]
      to.confidenceE8Usd[j] = rows.confidenceE8Usd[i]
      to.substituted[j] = rows.substituted[i]
    }
  },

  /** A challenger waits its interval; the validators together challenge a hotspot no more often than that. */
  IssueChallenge(state, rows, begin, end, { out, refuse, params }) {
    const to = out.ChallengeIssued
    reserve(to, end - begin)
    for (let i = begin; i < end; i++) {
      const challenger = rows.challenger[i]
      const challengee = rows.challengee[i]
      const reason = challengeProblem(state, params, challenger, challengee, rows.at[i])
      if (reason !== undefined) {
        refuse(i, reason)
        continue
      }
      const j = to.length++
      to.challenger[j] = challenger
      to.challengee[j] = challengee
      to.at[j] = rows.at[i]
    }
  },

  SubmitReceipts({ challenge, economy, hotspot }, rows, begin, end, { out, refuse }) {
    const to = out.ChallengeCompleted
    reserve(to, end - begin)
    for (let i = begin; i < end; i++) {
      const challengee = rows.challengee[i]
      if (economy.pacePermille[0] === 0) {
        refuse(i, "ledger_is_halted")
        continue
      }
      if (challenge.challenger[challengee] !== rows.challenger[i] + 1) {
        refuse(i, "challenge_is_not_open")
        continue
      }
      const j = to.length++
      to.challenger[j] = rows.challenger[i]
      to.challengee[j] = challengee
      to.shares[j] = hotspot.openReceivedS[challengee] >= challenge.openedS[challengee] ? ANSWERED_SHARES : 1
    }
  },

  /** Lifetime rewards less lifetime claims (lazy-distributor): a claim that was missed loses nothing. */
  ClaimRewards(state, rows, begin, end, { out, refuse }) {
    const { claim, economy, hotspot, ledger } = state
    const to = out.RewardsClaimed
    reserve(to, end - begin)
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      if (economy.pacePermille[0] === 0) {
        refuse(i, "ledger_is_halted")
        continue
      }
      if (!(node < hotspot.length)) {
        refuse(i, "gateway_not_found")
        continue
      }
      const hnt = Number(computeLazyPayout([BigInt(lifetimeHnt(state, node))], BigInt(claim.hnt[node])))
      const iotHeld = balance(ledger, "iot", holderOf(ledger, node))
      const iot = iotHeld > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(iotHeld)
      if (hnt === 0 && iot === 0) {
        refuse(i, "nothing_to_claim")
        continue
      }
      const j = to.length++
      to.node[j] = node
      to.hnt[j] = hnt
      to.iot[j] = iot
    }
  },

  RedeemIot(state, rows, begin, end, { out, refuse }) {
    const to = out.IotRedeemed
    reserve(to, end - begin)
    for (let i = begin; i < end; i++) {
      const hnt = redeem(state, "iot", rows.node[i], rows.iot[i])
      if (typeof hnt === "string") {
        refuse(i, hnt)
        continue
      }
      const j = to.length++
      to.node[j] = rows.node[i]
      to.iot[j] = rows.iot[i]
      to.hnt[j] = hnt
    }
  },

  RedeemMobile(state, rows, begin, end, { out, refuse }) {
    const to = out.MobileRedeemed
    reserve(to, end - begin)
    for (let i = begin; i < end; i++) {
      const hnt = redeem(state, "mobile", rows.node[i], rows.mobile[i])
      if (typeof hnt === "string") {
        refuse(i, hnt)
        continue
      }
      const j = to.length++
      to.node[j] = rows.node[i]
      to.mobile[j] = rows.mobile[i]
      to.hnt[j] = hnt
    }
  },
}

/** Bones that a treasury pays for `units` of its token, at H / S cut to eleven decimals (HIP-52), or why it pays nothing. */
function redeem({ economy, hotspot, ledger }: State, token: "iot" | "mobile", node: number, units: number): number | Refusal {
  if (economy.pacePermille[0] === 0) return "ledger_is_halted"
  if (!(node < hotspot.length)) return "gateway_not_found"
  const all = supply(ledger, token)
  const treasury = balance(ledger, "hnt", token === "iot" ? ledger.account.iot_treasury : ledger.account.mobile_treasury)
  const price =
    all === 0n ? decimal.zero : computeTreasuryPrice(decimal.make(treasury, HNT_DECIMALS), decimal.make(all, DNT_DECIMALS))
  const paid = decimal.mul(decimal.mul(price, decimal.make(BigInt(units), DNT_DECIMALS)), decimal.make(BigInt(BONES)))
  const hnt = Number(decimal.toUnits(paid, 0, "floor"))
  return hnt === 0 || !canPay(ledger, token, holderOf(ledger, node), units) ? "treasury_pays_nothing" : hnt
}

/** The first thing that is wrong with a challenge, or undefined. */
function challengeProblem(
  { challenge, economy, registry }: State,
  v: Values<typeof params>,
  challenger: number,
  challengee: number,
  at: number,
): Refusal | undefined {
  const { status, assertions } = registry.nodes
  const fromValidators = challenger === VALIDATORS
  if (v.challengers === 0) return "nobody_challenges"
  if (economy.pacePermille[0] === 0) return "ledger_is_halted"
  if (fromValidators !== (v.challengers !== HOTSPOTS)) return "not_a_challenger"
  if (status[challengee] !== 1 || (!fromValidators && status[challenger] !== 1)) return "gateway_not_found"
  if (assertions[challengee] === 0) return "not_asserted"
  const last = fromValidators ? challenge.openedS[challengee] : challenge.issuedS[challenger]
  return last > 0 && at - last < v.challengeIntervalBlocks * v.blockSeconds ? "challenged_too_soon" : undefined
}
