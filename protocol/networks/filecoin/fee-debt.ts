/**
 * Fee debt: what a miner owes and how it is paid, from locked rewards first, soonest to vest first, then from free funds.
 * Source: filecoin-project/builtin-actors@b0a3bdd6 actors/miner/src/state.rs `apply_penalty`,
 * `repay_partial_debt_in_priority_order`, `repay_debts`, `get_unlocked_balance`.
 */

import { sumVesting, unlockForDebt, type VestingTable } from "./vesting.ts"

/** A miner actor's money, in attoFIL. */
export interface MinerFunds {
  /** All it holds; the next three are parts of it. */
  readonly balanceAtto: bigint
  readonly vesting: VestingTable
  readonly depositsAtto: bigint
  readonly pledgeAtto: bigint
  readonly feeDebtAtto: bigint
}

/**
 * Balance that is neither vesting, deposit nor pledge. Throws a RangeError when that is below 0: the miner's books are broken.
 */
export const computeUnlockedBalance = (funds: MinerFunds): bigint => {
  const unlocked = funds.balanceAtto - sumVesting(funds.vesting) - funds.depositsAtto - funds.pledgeAtto
  if (unlocked < 0n)
    throw new RangeError(`the miner's balance of ${funds.balanceAtto} is ${-unlocked} less than what it has locked`)
  return unlocked
}

/** What may be withdrawn or pledged: the unlocked balance less the debt; negative while the debt is larger. */
export const computeAvailableBalance = (funds: MinerFunds): bigint => computeUnlockedBalance(funds) - funds.feeDebtAtto

/** The funds with a penalty owed. Throws a RangeError for a negative penalty. */
export const applyPenalty = (funds: MinerFunds, penaltyAtto: bigint): MinerFunds => {
  if (penaltyAtto < 0n) throw new RangeError(`a penalty of ${penaltyAtto} is below 0`)
  return { ...funds, feeDebtAtto: funds.feeDebtAtto + penaltyAtto }
}

export interface Repayment {
  readonly funds: MinerFunds
  /** Left the miner. */
  readonly burntAtto: bigint
  /** Left the vesting table, vested or not; the power actor's pledge total falls by it. */
  readonly unlockedAtto: bigint
}

/** Pays as much debt as the miner can at `now`; what it cannot stays owed. */
export const repayDebt = (funds: MinerFunds, now: number): Repayment => {
  const { table, vestedAtto, unvestedAtto } = unlockForDebt(funds.vesting, now, funds.feeDebtAtto)
  const released = { ...funds, vesting: table }
  const unlocked = computeUnlockedBalance(released)
  const burntAtto = unlocked < funds.feeDebtAtto ? unlocked : funds.feeDebtAtto
  return {
    funds: { ...released, balanceAtto: funds.balanceAtto - burntAtto, feeDebtAtto: funds.feeDebtAtto - burntAtto },
    burntAtto,
    unlockedAtto: vestedAtto + unvestedAtto,
  }
}

/**
 * Can the whole debt be paid without touching locked rewards? Pre-commits, recoveries and withdrawals ask this first
 * (`repay_debts`).
 */
export const canRepayInFull = (funds: MinerFunds): boolean => computeAvailableBalance(funds) >= 0n
