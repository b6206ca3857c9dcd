/** The promises of the market and of what clients keep, and a broken state for each. Walked only when a table moved. */
import type { Invariants } from "../../kernel/invariant.ts"
import { isOpen } from "../../kernel/slots.ts"
import { touch } from "../../kernel/table.ts"
import { Wide } from "../../kernel/wide.ts"
import { balance } from "../../ledger/ledger.ts"
import { countBits, dealsOf, reachContent } from "./deal-rows.ts"
import { dealAt } from "./deal-endings.ts"
import type { State } from "./state.ts"
import { turnOf, unlessPassed } from "./sums.ts"

const SIDES = ["clientAtto", "providerAtto"] as const

export const dealInvariants: Invariants<State> = {
  market_escrow_is_held: {
    because: "f05 holds exactly what clients and providers put in, and nobody has locked more than that.",
    check({ dealTotals, escrow, ledger }, report) {
      const held = balance(ledger, "fil", ledger.account.market)
      report.require(
        held === dealTotals.escrowAtto.get(0),
        () => `the market holds ${held}, ${dealTotals.escrowAtto.get(0)} is counted`,
      )
      unlessPassed("escrow", escrow, dealTotals, () => {
        const sum = new Wide(1)
        let holds = true
        for (const side of SIDES) {
          const put = escrow[side]
          const locked = escrow[side === "clientAtto" ? "clientLockedAtto" : "providerLockedAtto"]
          for (let n = 0; n < escrow.length; n++) {
            sum.add(0, put.hi[n], put.lo[n])
            if (put.covers(n, locked.hi[n], locked.lo[n]) && !locked.isNegative(n)) continue
            holds = false
            report.require(false, () => `node ${n} has ${put.get(n)} in ${side}, ${locked.get(n)} of it locked`)
          }
        }
        const isSum = sum.get(0) === dealTotals.escrowAtto.get(0)
        report.require(isSum, () => `escrow adds up to ${sum.get(0)}, ${dealTotals.escrowAtto.get(0)} is counted`)
        return holds && isSum
      })
    },
  },
  locked_escrow_is_for_deals: {
    because: "What the market locks is the price of epochs not yet paid and the collateral of deals that run: no more, no less.",
    check(state, report) {
      const { deal, escrow } = state
      const { from, to } = turnOf(state)
      unlessPassed(`locked ${from}`, deal, escrow, () => {
        const clients = new Map<number, bigint>()
        const providers = new Map<number, bigint>()
        const isTurn = (n: number): boolean => n >= from && n < to
        for (let row = 0; row < deal.length; row++) {
          if (!isOpen(deal, row) || !(isTurn(deal.client[row]) || isTurn(deal.node[row]))) continue
          const { pricePerEpochAtto, clientCollateralAtto, providerCollateralAtto, start, end } = dealAt(state, row)
          const n = BigInt(dealsOf(state, row, deal.deals[row]))
          const left = pricePerEpochAtto * BigInt(end - Math.max(start, deal.settledEpoch[row])) + clientCollateralAtto
          clients.set(deal.client[row], (clients.get(deal.client[row]) ?? 0n) + n * left)
          providers.set(deal.node[row], (providers.get(deal.node[row]) ?? 0n) + n * providerCollateralAtto)
        }
        let holds = true
        for (let n = from; n < to; n++)
          for (const [name, sums] of [
            ["clientLockedAtto", clients],
            ["providerLockedAtto", providers],
          ] as const) {
            const sum = sums.get(n)
            if (sum === undefined && escrow[name].hi[n] === 0 && escrow[name].lo[n] === 0) continue
            const isSum = escrow[name].get(n) === (sum ?? 0n)
            holds &&= isSum
            if (!isSum) report.require(false, () => `node ${n} has ${name} ${escrow[name].get(n)}, its deals take ${sum ?? 0n}`)
          }
        return holds
      })
    },
  },
  deals_fit_their_sectors: {
    because: "What a cohort holds is the sum of its deals.",
    check(state, report) {
      const { cohort, content, deal } = state
      const { from, to } = turnOf(state)
      unlessPassed(`content ${from}`, content, deal, () => {
        const used = new Map<number, number>()
        const deals = new Map<number, number>()
        for (let row = 0; row < deal.length; row++) {
          const c = deal.cohort[row] - 1
          if (!isOpen(deal, row) || c < 0 || deal.node[row] < from || deal.node[row] >= to) continue
          const n = dealsOf(state, row, deal.deals[row])
          deals.set(c, (deals.get(c) ?? 0) + n)
          used.set(c, (used.get(c) ?? 0) + n * deal.pieceMib[row])
        }
        let holds = true
        const { usedMib: keptMib, deals: keptDeals } = content
        const { node: nodeOf } = cohort
        const compare = (c: number): void => {
          const [usedMib, dealsIn] = [used.get(c) ?? 0, deals.get(c) ?? 0]
          if (nodeOf[c] < from || nodeOf[c] >= to || (usedMib === keptMib[c] && dealsIn === keptDeals[c])) return
          holds = false
          report.require(
            false,
            () => `cohort ${c} counts ${content.deals[c]} deals of ${content.usedMib[c]} MiB, it has ${dealsIn} of ${usedMib}`,
          )
        }
        // Most cohorts hold no deal and say so: those are nobody's to look up.
        for (let c = 0; c < content.length; c++) if (keptMib[c] !== 0 || keptDeals[c] !== 0) compare(c)
        for (const c of used.keys()) if (c < content.length && keptMib[c] === 0 && keptDeals[c] === 0) compare(c)
        return holds
      })
    },
  },
  objects_are_in_deals: {
    because: "An object is recoverable while a deal that runs holds a copy, and the totals count just those.",
    check(state, report) {
      const { deal, dealTotals, keeper } = state
      unlessPassed("objects", keeper, deal, () => {
        const present = new Uint32Array(keeper.length)
        for (let row = 0; row < deal.length; row++)
          if (isOpen(deal, row) && deal.kept[row] === 1 && deal.cohort[row] !== 0) present[deal.client[row]] |= deal.deals[row]
        let [all, placed] = [0, 0]
        let holds = true
        for (let n = 0; n < keeper.length; n++) {
          all += countBits(present[n])
          placed += countBits(keeper.placed[n])
          if (present[n] === keeper.present[n] && (present[n] & ~keeper.placed[n]) === 0) continue
          holds = false
          report.require(
            false,
            () => `client ${n} has objects ${keeper.present[n]} of ${keeper.placed[n]}, its deals hold ${present[n]}`,
          )
        }
        const isSum = all === dealTotals.present[0] && placed === dealTotals.placed[0]
        report.require(
          isSum,
          () => `${dealTotals.present[0]} of ${dealTotals.placed[0]} objects are counted, the clients have ${all} of ${placed}`,
        )
        return holds && isSum
      })
    },
  },
}

export const dealSabotage: Readonly<Record<keyof typeof dealInvariants, (s: State) => void>> = {
  market_escrow_is_held: ({ dealTotals }) => dealTotals.escrowAtto.addNumber(0, 1),
  locked_escrow_is_for_deals: ({ escrow }) => {
    escrow.providerLockedAtto.addNumber(0, 1)
    touch(escrow)
  },
  deals_fit_their_sectors: (s) => {
    reachContent(s, 0)
    s.content.usedMib[0]++
    touch(s.content)
  },
  objects_are_in_deals: ({ keeper }) => {
    keeper.present[0] ^= 1
    touch(keeper)
  },
}
