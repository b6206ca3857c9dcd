/** What is due on a row of deals: payments, and every way in which deals end. Exact, by the rules of deals.ts. */
import type { Decide } from "../../kernel/network.ts"
import { addRow } from "../../kernel/table.ts"
import type { Commands, Refusal } from "./commands.ts"
import { bundlesInNext, dealsOf, firstOfCohort, nextOfCohort } from "./deal-rows.ts"
import { computeSettlement, type Deal, expireUnstartedDeal, terminateDeal } from "./deals.ts"
import type { Events } from "./events.ts"
import type { FilecoinParams } from "./params.ts"
import type { State } from "./state.ts"

export type Out = Parameters<Decide<State, Commands, Events, FilecoinParams, Refusal>["PublishDeals"]>[4]["out"]

/** One deal of a row, as the rules see it. */
export const dealAt = ({ deal }: State, row: number): Deal => ({
  pricePerEpochAtto: deal.priceAtto.get(row),
  start: deal.startEpoch[row],
  end: deal.endEpoch[row],
  providerCollateralAtto: deal.providerCollateralAtto.get(row),
  clientCollateralAtto: deal.clientCollateralAtto.get(row),
})

/** What all of a row's deals are owed at `epoch`. */
export const dueAt = (state: State, row: number, epoch: number): bigint =>
  computeSettlement(dealAt(state, row), epoch, state.deal.settledEpoch[row]) * BigInt(dealsOf(state, row, state.deal.deals[row]))

/** Writes that a row's deals were in no sector by their start. */
export function writeTimeOut(state: State, row: number, to: Out["DealsTimedOut"]): void {
  const n = BigInt(dealsOf(state, row, state.deal.deals[row]))
  const { burntAtto, clientUnlockedAtto } = expireUnstartedDeal(dealAt(state, row))
  const r = addRow(to)
  to.deal[r] = row
  to.burntAtto.set(r, burntAtto * n)
  to.refundAtto.set(r, clientUnlockedAtto * n)
}

/** Writes what deals lose when the next `sectors` of cohort `c` end at `epoch`: those that have not come to their end. */
export function writeSlashes(state: State, c: number, sectors: number, epoch: number, to: Out["DealsSlashed"]): void {
  const { deal } = state
  for (let row = firstOfCohort(state, c); row >= 0; row = nextOfCohort(state, row)) {
    // Told late, a settlement counts as the earliest end there can be.
    const ended = Math.max(epoch, deal.settledEpoch[row])
    if (ended >= deal.endEpoch[row]) continue
    const lost = bundlesInNext(state, row, sectors)
    if (lost === 0) continue
    const n = BigInt(dealsOf(state, row, lost))
    const { paymentAtto, refundAtto, slashedAtto } = terminateDeal(dealAt(state, row), ended, deal.settledEpoch[row])
    const r = addRow(to)
    to.deal[r] = row
    to.deals[r] = lost
    to.paidAtto.set(r, paymentAtto * n)
    to.refundAtto.set(r, refundAtto * n)
    to.burntAtto.set(r, slashedAtto * n)
  }
}
