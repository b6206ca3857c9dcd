/**
 * Vesting: a grant that becomes free in proportion to time. What is not yet released lies in the account "vesting".
 *
 * `decide` and `settle` ask `releasable`, write the amount into an event, and `evolve` calls `releaseGrant` with it.
 */
import { divFloor } from "../kernel/money.ts"
import { assertOpen, closeSlot, openSlot } from "../kernel/slots.ts"
import { postEither, postWide, VESTING, type Ledger } from "./ledger.ts"

export interface Schedule {
  /** Unix seconds. */
  readonly startS: number
  /** Everything is free once this much has passed; 0 frees it at the start. */
  readonly periodS: number
  /** Nothing is free before this much has passed. */
  readonly cliffS?: number
  /** Time counts in whole steps of this length; by default one second. */
  readonly stepS?: number
}

/** Sets `total` from `from` aside for `holder` and returns the grant's row: an identity until it ends. Throws on an overdraft. */
export function grant<T extends string>(
  l: Ledger<T>,
  from: number,
  holder: number,
  token: T,
  total: number | bigint,
  schedule: Schedule,
): number {
  postEither(l, token, from, VESTING, total)
  const row = openSlot(l.grants, l.grantHead)
  const { grants } = l
  grants.holder[row] = holder
  grants.token[row] = l.tokenNames.indexOf(token)
  grants.total.set(row, BigInt(total))
  grants.released.setNumber(row, 0)
  grants.startS[row] = schedule.startS
  grants.periodS[row] = schedule.periodS
  grants.cliffS[row] = schedule.cliffS ?? 0
  grants.stepS[row] = schedule.stepS ?? 1
  return row
}

/** What is free of grant `row` at time `at`, released or not: floor(total · elapsed / period), rounding down. */
export function vestedBy(l: Ledger, row: number, at: number): bigint {
  const { startS, periodS, cliffS, stepS, total } = l.grants
  const passed = at - startS[row]
  const all = total.get(row)
  if (passed < cliffS[row] || passed < 0) return 0n
  if (passed >= periodS[row]) return all
  const elapsed = passed - (passed % stepS[row])
  return divFloor(all * BigInt(elapsed), BigInt(periodS[row]))
}

/** What may be released of grant `row` at time `at`, from 0. */
export const releasable = (l: Ledger, row: number, at: number): bigint => vestedBy(l, row, at) - l.grants.released.get(row)

/** What grant `row` has not yet released. */
export const grantLeft = (l: Ledger, row: number): bigint => l.grants.total.get(row) - l.grants.released.get(row)

/**
 * Releases `amount` to the holder. A grant that has released all of its total ends, and its row may be handed to
 * another. Throws when it holds less, or is not open.
 */
export function releaseGrant<T extends string>(l: Ledger<T>, row: number, amount: number | bigint): void {
  assertOpen(l.grants, row)
  const left = grantLeft(l, row)
  if (left < BigInt(amount))
    throw new Error(`grant ${row} has ${left} left, too little to release ${amount}; decide should have refused`)
  postEither(l, tokenAt(l, row), VESTING, l.grants.holder[row], amount)
  l.grants.released.set(row, l.grants.released.get(row) + BigInt(amount))
  l.grants.version++
  if (left === BigInt(amount)) end(l, row)
}

/** Ends a grant early: what is not yet released goes to `to` (the giver, or wherever a slash goes). Says how much it was. */
export function revokeGrant<T extends string>(l: Ledger<T>, row: number, to: number): bigint {
  assertOpen(l.grants, row)
  const left = grantLeft(l, row)
  postWide(l, tokenAt(l, row), VESTING, to, left)
  end(l, row)
  return left
}

function end(l: Ledger, row: number): void {
  l.grants.total.setNumber(row, 0)
  l.grants.released.setNumber(row, 0)
  closeSlot(l.grants, l.grantHead, row)
}

const tokenAt = <T extends string>(l: Ledger<T>, row: number): T => l.tokenNames[l.grants.token[row]]
