/** A miner's money and its prices, read from the state: pure functions, in attoFIL. */
import type { Values } from "../../kernel/param.ts"
import { balance, holderOf } from "../../ledger/ledger.ts"
import type { NetworkEstimates } from "./expected-reward.ts"
import type { PledgeConditions } from "./pledge.ts"
import type { FilecoinParams } from "./params.ts"
import type { State } from "./state.ts"
import { readEstimateAt } from "./wide-pair.ts"

/** Balance that is neither vesting, deposit nor pledge. */
export const unlockedOf = ({ miner, ledger }: State, node: number): bigint =>
  balance(ledger, "fil", holderOf(ledger, node)) -
  miner.lockedAtto.get(node) -
  miner.depositAtto.get(node) -
  miner.pledgeAtto.get(node)

/** What may be withdrawn or pledged: negative while the debt is larger. */
export const availableOf = (state: State, node: number): bigint => unlockedOf(state, node) - state.miner.feeDebtAtto.get(node)

/** All that a miner has burnt: what came in and has neither gone out nor stayed. */
export const burntOf = ({ miner, ledger }: State, node: number): bigint =>
  miner.fundedAtto.get(node) + miner.earnedAtto.get(node) - balance(ledger, "fil", holderOf(ledger, node))

export const isInDebt = ({ miner }: State, node: number): boolean =>
  miner.feeDebtAtto.hi[node] > 0 || miner.feeDebtAtto.lo[node] > 0

export const estimatesOf = ({ network }: State): NetworkEstimates => ({
  reward: readEstimateAt(network, "reward", 0),
  networkQa: readEstimateAt(network, "qa", 0),
})

/**
 * What circulates: the start's, and what was minted since, less what is burnt, pledged or vesting since (lotus stmgr/supply.go).
 * Sectors brought were pledged before the start already.
 */
export const circulatingOf = ({ network }: State): bigint => {
  const left =
    network.circulatingBaseAtto.get(0) +
    network.mintedAtto.get(0) -
    network.burntAtto.get(0) -
    network.pledgeAtto.get(0) -
    network.lockedAtto.get(0)
  return left > 0n ? left : 0n
}

export const conditionsOf = (state: State, v: Values<FilecoinParams>, epoch: number): PledgeConditions => ({
  ...estimatesOf(state),
  baselineBytes: state.network.baselineBytes.get(0),
  circulatingAtto: circulatingOf(state),
  epochsSinceRampStart: epoch - v.rampStartEpoch,
  rampEpochs: v.rampEpochs,
})

/** All FIL there will ever be: no fee and no debt is larger, whatever the estimates say, so that it fits its column. */
export const FEE_MAX = 2_000_000_000n * 10n ** 18n
export const capFee = (fee: bigint): bigint => (fee < FEE_MAX ? fee : FEE_MAX)

/** The row of `ticket` with wins that a miner has left in the epoch elected last, or -1. */
export function ticketOf({ network, ticket }: State, node: number): number {
  for (let t = 0; t < network.tickets[0]; t++) if (ticket.node[t] === node && ticket.wins[t] > 0) return t
  return -1
}
