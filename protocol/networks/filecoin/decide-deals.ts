/** The built-in market: escrow, publication, activation in sectors, settlement on request (FIP-0074). */
import type { Decide } from "../../kernel/network.ts"
import { addRow } from "../../kernel/table.ts"
import { computeInitialPledge } from "./pledge.ts"
import { balance } from "../../ledger/ledger.ts"
import { allocateForDeal, isWithinTerm } from "./allocation.ts"
import { availableOf, circulatingOf, conditionsOf } from "./books.ts"
import { epochAt, isInHistory, offsetEpochs } from "./chain-time.ts"
import { firstCohort, nextCohort } from "./cohorts.ts"
import type { Commands, Refusal } from "./commands.ts"
import { computePeriodStart, isMutable } from "./deadlines.ts"
import { computeProviderCollateralMin, computeStorageFee, DEAL_EPOCHS_MAX, DEAL_EPOCHS_MIN } from "./deals.ts"
import { dueAt, writeTimeOut } from "./deal-endings.ts"
import { countBits, dealsOf, hasRoom, isDeal } from "./deal-rows.ts"
import { EPOCHS_PER_DAY } from "./epoch.ts"
import type { Events } from "./events.ts"
import { CLIENT, DEALS_PER_SECTOR } from "./events-deals.ts"
import { networkPowerGib } from "./network-clock.ts"
import type { FilecoinParams } from "./params.ts"
import { adjustDailyFee } from "./proof-fee.ts"
import { computeSectorQaGib } from "./quality.ts"
import { SECTOR_GIB, type State } from "./state.ts"

type Decisions = Decide<State, Commands, Events, FilecoinParams, Refusal>

const SECTOR_MIB = SECTOR_GIB * 1024

/** Escrow of a node on one side of the market that no deal locks. */
export const freeEscrowOf = ({ escrow }: State, node: number, side: number): bigint =>
  side === CLIENT
    ? escrow.clientAtto.get(node) - escrow.clientLockedAtto.get(node)
    : escrow.providerAtto.get(node) - escrow.providerLockedAtto.get(node)

/** Least collateral of a piece now. */
export const collateralMin = (state: State, mib: number): bigint =>
  computeProviderCollateralMin(
    circulatingOf(state),
    BigInt(mib) << 20n,
    BigInt(networkPowerGib(state).raw) << 30n,
    state.network.baselineBytes.get(0),
  )

const isMiner = ({ miner }: State, node: number): boolean => node < miner.length && miner.created[node] === 1
const isPieceSize = (mib: number): boolean => mib > 0 && mib <= SECTOR_MIB && (mib & (mib - 1)) === 0

export const decideDeals: Pick<
  Decisions,
  "AddMarketBalance" | "WithdrawMarketBalance" | "PublishDeals" | "ActivateDeals" | "SettleDealPayments"
> = {
  AddMarketBalance({ ledger, miner }, rows, begin, end, { out, refuse }) {
    for (let i = begin; i < end; i++) {
      const sent = rows.amountAtto.get(i)
      if (rows.node[i] >= miner.length) refuse(i, "unknown_node")
      else if (sent <= 0n) refuse(i, "amount_not_positive")
      else if (balance(ledger, "fil", ledger.account.circulation) < sent) refuse(i, "circulation_too_small")
      else {
        const to = out.MarketFunded
        const r = addRow(to)
        to.node[r] = rows.node[i]
        to.side[r] = rows.side[i]
        to.amountAtto.set(r, sent)
      }
    }
  },

  WithdrawMarketBalance(state, rows, begin, end, { out, refuse }) {
    for (let i = begin; i < end; i++) {
      const wanted = rows.amountAtto.get(i)
      if (rows.node[i] >= state.miner.length) refuse(i, "unknown_node")
      else if (wanted <= 0n) refuse(i, "amount_not_positive")
      else if (freeEscrowOf(state, rows.node[i], rows.side[i]) < wanted) refuse(i, "escrow_locked")
      else {
        const to = out.MarketWithdrawn
        const r = addRow(to)
        to.node[r] = rows.node[i]
        to.side[r] = rows.side[i]
        to.amountAtto.set(r, wanted)
      }
    }
  },

  PublishDeals(state, rows, begin, end, { out, refuse }) {
    for (let i = begin; i < end; i++) {
      const client = rows.client[i]
      const node = rows.node[i]
      const each = rows.each[i]
      const mib = rows.pieceMib[i]
      const n = BigInt(countBits(rows.deals[i]) * each)
      const now = epochAt(rows.atS[i])
      const start = epochAt(rows.startS[i])
      const ends = start + rows.days[i] * EPOCHS_PER_DAY
      const pricePerEpochAtto = rows.priceAtto.get(i)
      const collateral = rows.providerCollateralAtto.get(i)
      const clientCollateral = rows.clientCollateralAtto.get(i)
      if (client >= state.miner.length) refuse(i, "unknown_node")
      else if (!isMiner(state, node)) refuse(i, "unknown_miner")
      else if (!isInHistory(rows.atS[i]) || !isInHistory(rows.startS[i])) refuse(i, "before_genesis")
      else if (n === 0n) refuse(i, "no_deals")
      else if (!isPieceSize(mib)) refuse(i, "piece_size_invalid")
      else if (each > DEALS_PER_SECTOR || each * mib > SECTOR_MIB) refuse(i, "too_many_deals")
      else if (start < now) refuse(i, "start_in_past")
      else if (ends - start < DEAL_EPOCHS_MIN || ends - start > DEAL_EPOCHS_MAX) refuse(i, "duration_out_of_range")
      else if (pricePerEpochAtto < 0n || clientCollateral < 0n) refuse(i, "price_below_zero")
      else if (collateral < collateralMin(state, mib)) refuse(i, "provider_collateral_too_small")
      else if (
        freeEscrowOf(state, client, CLIENT) <
        n * (computeStorageFee({ pricePerEpochAtto, start, end: ends }) + clientCollateral)
      )
        refuse(i, "client_escrow_too_small")
      else if (freeEscrowOf(state, node, 1 - CLIENT) < n * collateral) refuse(i, "provider_escrow_too_small")
      else {
        const to = out.DealsPublished
        const r = addRow(to)
        to.client[r] = client
        to.node[r] = node
        to.deals[r] = rows.deals[i]
        to.each[r] = each
        to.pieceMib[r] = mib
        to.verified[r] = rows.verified[i]
        to.kept[r] = rows.kept[i]
        to.startEpoch[r] = start
        to.endEpoch[r] = ends
        to.claimEpoch[r] = rows.verified[i] === 1 ? allocateForDeal(now, start, ends).claimUntil : start
        to.priceAtto.set(r, pricePerEpochAtto)
        to.providerCollateralAtto.set(r, collateral)
        to.clientCollateralAtto.set(r, clientCollateral)
      }
    }
  },

  ActivateDeals(state, rows, begin, end, { out, params: v, refuse }) {
    const { cohort, deal, miner } = state
    for (let i = begin; i < end; i++) {
      const node = rows.node[i]
      const row = rows.deal[i]
      const deadline = rows.deadline[i]
      const epoch = epochAt(rows.atS[i])
      if (!isMiner(state, node)) refuse(i, "unknown_miner")
      else if (!isInHistory(rows.atS[i])) refuse(i, "before_genesis")
      else if (!isDeal(state, row) || deal.node[row] !== node) refuse(i, "unknown_deal")
      else if (deal.cohort[row] !== 0) refuse(i, "already_active")
      else if (epoch > deal.startEpoch[row]) refuse(i, "start_passed")
      else if (deal.verified[row] === 1 && epoch > deal.claimEpoch[row]) refuse(i, "allocation_expired")
      else if (!isMutable(computePeriodStart(offsetEpochs(miner.offset[node]), epoch), deadline, epoch))
        refuse(i, "deadline_is_immutable")
      else {
        let reason: Refusal | "" = "no_sectors"
        let c = firstCohort(state, node, deadline)
        for (; c >= 0; c = nextCohort(state, c)) {
          reason = whyNotIn(state, row, c, epoch)
          if (reason === "") break
        }
        if (reason !== "") {
          refuse(i, reason)
          continue
        }
        const { qaGib, pledgeAtto, dailyFeeAtto } = raiseQuality(state, row, c, epoch, v)
        if (pledgeAtto > 0n && availableOf(state, node) < pledgeAtto) {
          refuse(i, "insufficient_funds")
          continue
        }
        const to = out.DealsActivated
        const r = addRow(to)
        to.deal[r] = row
        to.cohort[r] = c
        to.qaGib[r] = qaGib
        to.pledgeAtto.set(r, pledgeAtto)
        to.dailyFeeAtto.set(r, dailyFeeAtto)
      }
    }

    /** Why a cohort cannot take a deal; empty when it can. */
    function whyNotIn(s: State, row: number, c: number, epoch: number): Refusal | "" {
      if (cohort.faulty[c] > 0) return "faulty_sectors"
      if (cohort.expirationEpoch[c] < deal.endEpoch[row]) return "sector_ends_before_deal"
      const term = allocateForDeal(epoch, deal.startEpoch[row], deal.endEpoch[row])
      if (deal.verified[row] === 1 && !isWithinTerm(term, epoch, cohort.expirationEpoch[c])) return "claim_term_out_of_range"
      if (!hasRoom(s, row, c)) return "no_room"
      return ""
    }
  },

  SettleDealPayments(state, rows, begin, end, { out, refuse }) {
    const { deal } = state
    for (let i = begin; i < end; i++) {
      const row = rows.deal[i]
      const epoch = epochAt(rows.atS[i])
      if (!isInHistory(rows.atS[i])) refuse(i, "before_genesis")
      else if (!isDeal(state, row)) refuse(i, "unknown_deal")
      else if (deal.cohort[row] === 0) {
        if (epoch <= deal.startEpoch[row]) refuse(i, "deal_not_active")
        else writeTimeOut(state, row, out.DealsTimedOut)
      } else if (epoch >= deal.endEpoch[row]) {
        const to = out.DealsCompleted
        const r = addRow(to)
        to.deal[r] = row
        to.paidAtto.set(r, dueAt(state, row, epoch))
      } else if (epoch <= Math.max(deal.startEpoch[row], deal.settledEpoch[row])) refuse(i, "nothing_to_settle")
      else {
        const to = out.DealsSettled
        const r = addRow(to)
        to.deal[r] = row
        to.epoch[r] = epoch
        to.paidAtto.set(r, dueAt(state, row, epoch))
      }
    }
  },
}

/**
 * What a cohort's sectors count with the deal's claims among them, and what it takes: the pledge of the better sectors, but never
 * less than now (`ProveReplicaUpdates3`), and the daily fee in proportion (FIP-0100). Nothing for deals that are not verified.
 */
function raiseQuality(
  state: State,
  row: number,
  c: number,
  epoch: number,
  v: Parameters<Decisions["ActivateDeals"]>[4]["params"],
): { readonly qaGib: number; readonly pledgeAtto: bigint; readonly dailyFeeAtto: bigint } {
  const { cohort, content, deal } = state
  const now = cohort.qaGib[c]
  if (deal.verified[row] === 0) return { qaGib: now, pledgeAtto: 0n, dailyFeeAtto: 0n }
  const has = c < content.length && content.baseQaGib[c] > 0
  const claimedMib = (has ? content.verifiedMib[c] : 0) + dealsOf(state, row, deal.deals[row]) * deal.pieceMib[row]
  const sectors = cohort.sectors[c]
  const qaGib = Math.max(now, computeSectorQaGib(has ? content.baseQaGib[c] : now, claimedMib / sectors))
  if (qaGib === now) return { qaGib, pledgeAtto: 0n, dailyFeeAtto: 0n }
  const wanted = BigInt(sectors) * computeInitialPledge(conditionsOf(state, v, epoch), BigInt(qaGib) << 30n)
  const pledged = cohort.pledgeAtto.get(c)
  const fee = cohort.dailyFeeAtto.get(c)
  return {
    qaGib,
    pledgeAtto: wanted > pledged ? wanted - pledged : 0n,
    dailyFeeAtto: adjustDailyFee(fee, BigInt(now), BigInt(qaGib)) - fee,
  }
}
