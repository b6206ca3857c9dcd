/**
 * Half an hour of gas: messages arrive evenly, blocks take what they have room for, the base fee follows tipset by tipset.
 *
 * That proving periods begin on half hours here is ours; on the chain they begin at any epoch, and so proofs come evenly. Gas is
 * counted in millions. Every tipset is taken to hold each message once.
 */
import { BASE_FEE_MIN, BLOCK_GAS_LIMIT, computePremiumPercentile, nextBaseFeeByGas, nextBaseFeeByPremium } from "./base-fee.ts"

const GAS_PER_MEGA = 1_000_000n
/** Million gas that a block takes. */
export const BLOCK_MEGA_GAS = Number(BLOCK_GAS_LIMIT / GAS_PER_MEGA)
/** Ours: the chain has no ceiling; at this one a million gas costs one FIL. Estimates gone wild stop here. */
export const BASE_FEE_CEILING = 10n ** 12n
/** Ours: what may wait, in million gas; mempools drop the rest. */
export const BACKLOG_MEGA_MAX = 1_000_000_000

export interface GasHalfHour {
  /** Blocks of each epoch, 0 for a null round. */
  readonly blocks: ArrayLike<number>
  /** Million gas that arrives in these epochs, and that was left from before. */
  readonly arrivingMega: number
  readonly backlogMega: number
  readonly baseFeeAtto: bigint
  /** The rule of FIP-0115, by premium, or the one before it, by gas. */
  readonly isByPremium: boolean
  /** What messages bid, and at least while more waits than fits: permille of the base fee. */
  readonly premiumAtto: bigint
  readonly urgentPermille: bigint
}

export interface GasOutcome {
  readonly usedMega: number
  readonly backlogMega: number
  readonly baseFeeAtto: bigint
  /** For a million gas, at the mean of the tipsets weighed by their gas; floored. The last tipset's where none took any; 0 without. */
  readonly burnPerMegaAtto: bigint
  readonly tipPerMegaAtto: bigint
}

const clamp = (fee: bigint): bigint => (fee < BASE_FEE_MIN ? BASE_FEE_MIN : fee > BASE_FEE_CEILING ? BASE_FEE_CEILING : fee)

/** Walks the epochs. A null round takes no message and leaves the base fee as it is. */
export function walkGas(of: GasHalfHour): GasOutcome {
  const epochs = of.blocks.length
  let pending = of.backlogMega
  let used = 0
  let fee = clamp(of.baseFeeAtto)
  let [burnt, tipped] = [0n, 0n]
  let [lastFee, lastPremium] = [0n, 0n]
  for (let e = 0; e < epochs; e++) {
    pending += Math.floor((of.arrivingMega * (e + 1)) / epochs) - Math.floor((of.arrivingMega * e) / epochs)
    const blocks = of.blocks[e]
    if (blocks === 0) continue
    const room = blocks * BLOCK_MEGA_GAS
    const taken = Math.min(pending, room)
    const urgent = (fee * of.urgentPermille) / 1000n
    const premium = pending > room && urgent > of.premiumAtto ? urgent : of.premiumAtto
    const gas = BigInt(taken) * GAS_PER_MEGA
    burnt += BigInt(taken) * fee
    tipped += BigInt(taken) * premium
    lastFee = fee
    lastPremium = premium
    used += taken
    pending -= taken
    fee = clamp(
      of.isByPremium
        ? nextBaseFeeByPremium(fee, computePremiumPercentile([{ premium, gasLimit: gas }]))
        : nextBaseFeeByGas(fee, gas, blocks),
    )
  }
  return {
    usedMega: used,
    backlogMega: Math.min(pending, BACKLOG_MEGA_MAX),
    baseFeeAtto: fee,
    burnPerMegaAtto: used === 0 ? lastFee * GAS_PER_MEGA : (burnt * GAS_PER_MEGA) / BigInt(used),
    tipPerMegaAtto: used === 0 ? lastPremium * GAS_PER_MEGA : (tipped * GAS_PER_MEGA) / BigInt(used),
  }
}
