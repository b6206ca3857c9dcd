/** What the end of an epoch does to everybody: time counted, reputations and tiers moved, counts begun anew. Called from evolve. */
import type { Wide } from "../../kernel/wide.ts"
import { postCell, ISSUANCE } from "../../ledger/ledger.ts"
import { countTime } from "./jobs.ts"
import { delistNode, enlistNode, isIdle } from "./queues.ts"
import type { State } from "./state.ts"
import { T2, T3 } from "./units.ts"

/** The amount in `row` is bought on the market and burnt. */
export function burnFromMarket({ ledger, service }: State, amounts: Wide, row: number): void {
  postCell(ledger, "render", ledger.account.market, ISSUANCE, amounts, row)
  service.burnt8.add(0, amounts.hi[row], amounts.lo[row])
}

/**
 * Reputation after an epoch with this many frames approved and rejected, in millionths: half of the old and half of the epoch's share
 * approved (an EWMA with a half-life of one epoch), rounded down; unchanged when nothing was judged. The formula is not published
 * (UNVERIFIED): the fact sheet's stand-in.
 */
export const nextReputationE6 = (reputationE6: number, approved: number, rejected: number): number =>
  approved + rejected === 0
    ? reputationE6
    : Math.floor((reputationE6 + Math.floor((approved * 1_000_000) / (approved + rejected))) / 2)

/** The tier of a node with this reputation and strength. */
export function nextTier(
  tier: number,
  reputationE6: number,
  ob: number,
  v: { readonly promotePermille: number; readonly demotePermille: number; readonly tier2ObMin: number },
): number {
  if (tier === T2) return reputationE6 < v.demotePermille * 1000 || ob < v.tier2ObMin ? T3 : T2
  return reputationE6 >= v.promotePermille * 1000 && ob >= v.tier2ObMin ? T2 : T3
}

/** Time up to the epoch's end counts for it; then everything of the epoch starts at 0. */
export function closeBooks(state: State, atS: number): void {
  const { creator, node } = state
  for (let n = 0; n < node.length; n++) {
    if (node.registered[n] === 0) continue
    countTime(state, n, atS)
    node.reputationE6[n] = nextReputationE6(node.reputationE6[n], node.approved[n], node.rejected[n])
    node.lastBusyS[n] = node.busyS[n]
    node.lastRentedS[n] = node.rentedS[n]
    node.idleS[n] = 0
    node.busyS[n] = 0
    node.rentedS[n] = 0
    node.approved[n] = 0
    node.rejected[n] = 0
    node.workMicroCredit[n] = 0
  }
  for (let c = 0; c < creator.length; c++) {
    creator.reputationE6[c] = nextReputationE6(creator.reputationE6[c], creator.approved[c], creator.rejected[c])
    creator.approved[c] = 0
    creator.rejected[c] = 0
  }
}

/** A node changes its tier, and its line with it. */
export function moveTier(state: State, n: number, tier: number): void {
  const waits = isIdle(state, n)
  if (waits) delistNode(state, n)
  state.node.tier[n] = tier
  if (waits) enlistNode(state, n)
}
