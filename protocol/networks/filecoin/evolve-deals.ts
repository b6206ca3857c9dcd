/** Event → state of the market and of what clients keep. */
import type { Evolve } from "../../kernel/network.ts"
import { closeSlot, openSlot } from "../../kernel/slots.ts"
import { touch, touchRow } from "../../kernel/table.ts"
import type { Wide } from "../../kernel/wide.ts"
import { postCell } from "../../ledger/ledger.ts"
import { changeQuality, movePledge, raiseFee } from "./cohorts.ts"
import { countBits, countKept, dealsOf, endBundles, reachContent } from "./deal-rows.ts"
import { computeStorageFee } from "./deals.ts"
import { dealAt } from "./deal-endings.ts"
import type { Events } from "./events.ts"
import { CLIENT, type dealEvents } from "./events-deals.ts"
import type { State } from "./state.ts"

const add = (to: Wide, i: number, by: bigint): void => to.set(i, to.get(i) + by)

/** The client pays the provider, from escrow to escrow. */
function pay({ deal, dealTotals, escrow }: State, row: number, paid: Wide, i: number): void {
  const client = deal.client[row]
  escrow.clientAtto.subtract(client, paid.hi[i], paid.lo[i])
  escrow.clientLockedAtto.subtract(client, paid.hi[i], paid.lo[i])
  escrow.providerAtto.add(deal.node[row], paid.hi[i], paid.lo[i])
  dealTotals.paidAtto.add(0, paid.hi[i], paid.lo[i])
  touch(escrow)
}

/** Collateral of the provider goes to f099. */
function slash({ deal, dealTotals, escrow, ledger, miner, network }: State, row: number, burnt: Wide, i: number): void {
  const node = deal.node[row]
  escrow.providerAtto.subtract(node, burnt.hi[i], burnt.lo[i])
  escrow.providerLockedAtto.subtract(node, burnt.hi[i], burnt.lo[i])
  dealTotals.escrowAtto.subtract(0, burnt.hi[i], burnt.lo[i])
  postCell(ledger, "fil", ledger.account.market, ledger.account.burnt, burnt, i)
  // It burns what it had put in with the market: as if it had got it back first (books.ts `burntOf`).
  miner.fundedAtto.add(node, burnt.hi[i], burnt.lo[i])
  network.burntAtto.add(0, burnt.hi[i], burnt.lo[i])
  touch(escrow)
}

/** Ends bundles, and with them what a client keeps. */
function end(state: State, row: number, mask: number): void {
  const { deal } = state
  const client = deal.client[row]
  const isKept = deal.kept[row] === 1
  endBundles(state, row, mask)
  if (isKept) countKept(state, client)
}

export const evolveDeals: Pick<Evolve<State, Events>, keyof typeof dealEvents> = {
  MarketFunded({ dealTotals, escrow, ledger }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      const { hi, lo } = rows.amountAtto
      postCell(ledger, "fil", ledger.account.circulation, ledger.account.market, rows.amountAtto, i)
      ;(rows.side[i] === CLIENT ? escrow.clientAtto : escrow.providerAtto).add(rows.node[i], hi[i], lo[i])
      dealTotals.escrowAtto.add(0, hi[i], lo[i])
    }
    touch(escrow)
  },
  MarketWithdrawn({ dealTotals, escrow, ledger }, rows, begin, end) {
    for (let i = begin; i < end; i++) {
      const { hi, lo } = rows.amountAtto
      postCell(ledger, "fil", ledger.account.market, ledger.account.circulation, rows.amountAtto, i)
      ;(rows.side[i] === CLIENT ? escrow.clientAtto : escrow.providerAtto).subtract(rows.node[i], hi[i], lo[i])
      dealTotals.escrowAtto.subtract(0, hi[i], lo[i])
    }
    touch(escrow)
  },
  DealsPublished(state, rows, begin, end) {
    const { deal, dealHead, dealTotals, escrow, keeper } = state
    for (let i = begin; i < end; i++) {
      const row = openSlot(deal, dealHead)
      const client = rows.client[i]
      for (const name of ["client", "node", "deals", "each", "pieceMib", "verified", "kept"] as const)
        deal[name][row] = rows[name][i]
      for (const name of ["startEpoch", "endEpoch", "claimEpoch"] as const) deal[name][row] = rows[name][i]
      for (const name of ["priceAtto", "providerCollateralAtto", "clientCollateralAtto"] as const) {
        deal[name].hi[row] = rows[name].hi[i]
        deal[name].lo[row] = rows[name].lo[i]
      }
      deal.cohort[row] = deal.sectors[row] = deal.goneBefore[row] = deal.settledEpoch[row] = 0
      deal.nextOfCohort[row] = 0
      deal.nextOfClient[row] = keeper.deal[client]
      keeper.deal[client] = row + 1
      const terms = dealAt(state, row)
      const n = dealsOf(state, row, deal.deals[row])
      add(escrow.clientLockedAtto, client, (computeStorageFee(terms) + terms.clientCollateralAtto) * BigInt(n))
      add(escrow.providerLockedAtto, rows.node[i], terms.providerCollateralAtto * BigInt(n))
      dealTotals.pending[0]++
      dealTotals.published[0] += n
    }
    touch(escrow)
    touch(keeper)
  },
  DealsActivated(state, rows, begin, end) {
    const { cohort, content, deal, dealTotals } = state
    for (let i = begin; i < end; i++) {
      const row = rows.deal[i]
      const c = rows.cohort[i]
      const node = deal.node[row]
      const n = dealsOf(state, row, deal.deals[row])
      reachContent(state, c)
      if (deal.verified[row] === 1) {
        if (content.baseQaGib[c] === 0) content.baseQaGib[c] = cohort.qaGib[c]
        content.verifiedMib[c] += n * deal.pieceMib[row]
      }
      content.deals[c] += n
      content.usedMib[c] += n * deal.pieceMib[row]
      deal.cohort[row] = c + 1
      deal.sectors[row] = cohort.sectors[c]
      deal.goneBefore[row] = content.gone[c]
      deal.nextOfCohort[row] = content.deal[c]
      content.deal[c] = row + 1
      dealTotals.pending[0]--
      dealTotals.activated[0] += n
      if (rows.qaGib[i] !== cohort.qaGib[c]) {
        changeQuality(state, c, rows.qaGib[i])
        cohort.pledgeAtto.add(c, rows.pledgeAtto.hi[i], rows.pledgeAtto.lo[i])
        raiseFee(state, c, rows.dailyFeeAtto, i)
        movePledge(state, node, rows.pledgeAtto.hi[i], rows.pledgeAtto.lo[i], true)
      }
      touchRow(deal, row)
      touchRow(content, c)
      if (deal.kept[row] === 0) continue
      countKept(state, deal.client[row])
      fulfilRepair(state, row)
    }
  },
  DealsSettled(state, rows, begin, end) {
    const { deal } = state
    for (let i = begin; i < end; i++) {
      pay(state, rows.deal[i], rows.paidAtto, i)
      deal.settledEpoch[rows.deal[i]] = rows.epoch[i]
      touchRow(deal, rows.deal[i])
    }
  },
  DealsCompleted(state, rows, begin, last) {
    const { deal, dealTotals, escrow } = state
    for (let i = begin; i < last; i++) {
      const row = rows.deal[i]
      const n = dealsOf(state, row, deal.deals[row])
      pay(state, row, rows.paidAtto, i)
      add(escrow.clientLockedAtto, deal.client[row], -deal.clientCollateralAtto.get(row) * BigInt(n))
      add(escrow.providerLockedAtto, deal.node[row], -deal.providerCollateralAtto.get(row) * BigInt(n))
      dealTotals.completed[0] += n
      end(state, row, deal.deals[row])
    }
  },
  DealsSlashed(state, rows, begin, last) {
    const { deal, dealTotals, escrow } = state
    for (let i = begin; i < last; i++) {
      const row = rows.deal[i]
      const n = dealsOf(state, row, rows.deals[i])
      pay(state, row, rows.paidAtto, i)
      slash(state, row, rows.burntAtto, i)
      add(escrow.clientLockedAtto, deal.client[row], -rows.refundAtto.get(i) - deal.clientCollateralAtto.get(row) * BigInt(n))
      dealTotals.slashed[0] += n
      end(state, row, rows.deals[i])
    }
  },
  DealsTimedOut(state, rows, begin, last) {
    const { deal, dealTotals, escrow } = state
    for (let i = begin; i < last; i++) {
      const row = rows.deal[i]
      slash(state, row, rows.burntAtto, i)
      add(escrow.clientLockedAtto, deal.client[row], -rows.refundAtto.get(i))
      dealTotals.timedOut[0] += dealsOf(state, row, deal.deals[row])
      end(state, row, deal.deals[row])
    }
  },
  RepairOrdered({ dealTotals, keeper, repair, repairHead }, rows, begin, last) {
    for (let i = begin; i < last; i++) {
      const row = openSlot(repair, repairHead)
      repair.client[row] = rows.client[i]
      repair.node[row] = rows.node[i]
      repair.objects[row] = rows.objects[i]
      repair.orderedEpoch[row] = rows.epoch[i]
      keeper.repair[rows.client[i]] = row + 1
      dealTotals.repairing[0] += countBits(rows.objects[i])
    }
    touch(keeper)
  },
  RepairGivenUp(state, rows, begin, last) {
    const { dealTotals, repair } = state
    for (let i = begin; i < last; i++) {
      dealTotals.repairsGivenUp[0] += countBits(repair.objects[rows.repair[i]])
      closeRepair(state, rows.repair[i])
    }
  },
}

/** A copy that was ordered of this provider has come: what it holds is repaired. */
function fulfilRepair(state: State, row: number): void {
  const { deal, dealTotals, keeper, repair } = state
  const ordered = keeper.repair[deal.client[row]] - 1
  if (ordered < 0 || repair.node[ordered] !== deal.node[row]) return
  const made = countBits(repair.objects[ordered] & deal.deals[row])
  if (made === 0) return
  dealTotals.repaired[0] += made
  closeRepair(state, ordered)
}

function closeRepair({ dealTotals, keeper, repair, repairHead }: State, ordered: number): void {
  dealTotals.repairing[0] -= countBits(repair.objects[ordered])
  keeper.repair[repair.client[ordered]] = 0
  closeSlot(repair, repairHead, ordered)
  touch(keeper)
}
