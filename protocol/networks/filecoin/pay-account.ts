/**
 * A payer's account of Filecoin Pay: funds, what its rails lock, and how far it covers them. In base units of USDFC (1e-18).
 * Source: FilOzone/filecoin-pay@04ded6af (`settleAccountLockup`), by the digest facts/filecoin.md §11.
 */

/** Epochs that stay locked behind every rail, and for which a terminated one is still paid: 30 days. */
export const LOCKUP_EPOCHS = 86_400

export interface PayAccount {
  readonly funds: bigint
  readonly lockup: bigint
  /** What all running rails take per epoch. */
  readonly rate: bigint
  /** Up to which epoch the account has locked what they take. */
  readonly lockedEpoch: number
}

/** Locks what the rails took since, as far as free funds go: whole epochs, the last uncovered one left open. */
export const advanceLockup = (account: PayAccount, now: number): PayAccount => {
  const elapsed = now - account.lockedEpoch
  if (elapsed <= 0) return account
  if (account.rate === 0n) return { ...account, lockedEpoch: now }
  const free = account.funds - account.lockup
  const covered = free / account.rate
  const epochs = covered < BigInt(elapsed) ? Number(covered) : elapsed
  return { ...account, lockup: account.lockup + account.rate * BigInt(epochs), lockedEpoch: account.lockedEpoch + epochs }
}

/** A client whose account, brought up to now, does not reach it. */
export const isDelinquent = (account: PayAccount, now: number): boolean => account.lockedEpoch < now
