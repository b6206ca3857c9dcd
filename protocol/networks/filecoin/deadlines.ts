/**
 * The calendar of window proofs: a proving period of one day in 48 deadlines of half an hour, and what each of them still
 * allows.
 * Source: filecoin-project/builtin-actors@b0a3bdd6 actors/miner/src/{deadline_info,deadlines,state}.rs,
 * runtime/src/runtime/policy.rs.
 */

import { EPOCHS_PER_DAY } from "./epoch.ts"
import { type Grid, quantizeDown } from "./quantize.ts"
import { FAULT_EPOCHS_MAX } from "./penalties.ts"

export const PROVING_PERIOD_EPOCHS = EPOCHS_PER_DAY
/** Deadlines of a proving period. */
export const DEADLINES = 48
/** Epochs in which a deadline takes proofs. */
export const CHALLENGE_WINDOW_EPOCHS = PROVING_PERIOD_EPOCHS / DEADLINES
/** The challenge is drawn this long before a deadline opens. */
export const CHALLENGE_LOOKBACK_EPOCHS = 20
/** Faults and recoveries must be declared this long before a deadline opens. */
export const DECLARATION_CUTOFF_EPOCHS = 70
/** A proof may be disputed this long after its deadline closed: 2 * CHAIN_FINALITY_EPOCHS. */
export const DISPUTE_WINDOW_EPOCHS = 1800

/** One deadline of one proving period. It takes proofs in [open, close). */
export interface Deadline {
  readonly index: number
  readonly periodStart: number
  readonly open: number
  readonly close: number
  /** Its last epoch, at which cron closes it. */
  readonly last: number
  readonly challenge: number
  /** First epoch at which declarations of faults and recoveries are refused. */
  readonly faultCutoff: number
  /** When a sector found faulty here is terminated, if it never recovers. */
  readonly faultExpiration: number
  /** Last epoch of the proving period. */
  readonly periodEnd: number
}

/** Start of the proving period that holds `epoch`, for a miner with this offset (0 to 2879); before genesis it is negative. */
export const computePeriodStart = (offset: number, epoch: number): number =>
  quantizeDown({ unit: PROVING_PERIOD_EPOCHS, offset }, epoch)

/** The epochs of a deadline. Throws a RangeError unless `index` is 0 to 47. */
export const computeDeadline = (periodStart: number, index: number): Deadline => {
  if (!(index >= 0 && index < DEADLINES)) throw new RangeError(`deadlines are numbered 0 to ${DEADLINES - 1}, not ${index}`)
  const open = periodStart + index * CHALLENGE_WINDOW_EPOCHS
  const close = open + CHALLENGE_WINDOW_EPOCHS
  return {
    index,
    periodStart,
    open,
    close,
    last: close - 1,
    challenge: open - CHALLENGE_LOOKBACK_EPOCHS,
    faultCutoff: open - DECLARATION_CUTOFF_EPOCHS,
    faultExpiration: close - 1 + FAULT_EPOCHS_MAX,
    periodEnd: periodStart + PROVING_PERIOD_EPOCHS - 1,
  }
}

/** The deadline that is open at `epoch`, for a miner with this offset. */
export const computeDeadlineAt = (offset: number, epoch: number): Deadline => {
  const periodStart = computePeriodStart(offset, epoch)
  return computeDeadline(periodStart, Math.floor((epoch - periodStart) / CHALLENGE_WINDOW_EPOCHS))
}

/** This deadline, or its next instance that has not closed before `epoch`. */
export const computeNextNotElapsed = (deadline: Deadline, epoch: number): Deadline => {
  if (epoch < deadline.close) return deadline
  const periods = 1 + Math.floor((epoch - deadline.close) / PROVING_PERIOD_EPOCHS)
  return computeDeadline(deadline.periodStart + periods * PROVING_PERIOD_EPOCHS, deadline.index)
}

export const isOpen = (deadline: Deadline, epoch: number): boolean => epoch >= deadline.open && epoch < deadline.close

/** Have declarations of faults and recoveries become too late for this instance? */
export const isCutoffPassed = (deadline: Deadline, epoch: number): boolean => epoch >= deadline.faultCutoff

/** May sectors be added to or moved in the deadline? Not from one window before it opens until it closes. */
export const isMutable = (periodStart: number, index: number, epoch: number): boolean =>
  epoch < computeNextNotElapsed(computeDeadline(periodStart, index), epoch).open - CHALLENGE_WINDOW_EPOCHS

/**
 * May a proof of the deadline's last closed instance be disputed? Not while it is open, nor 1800 epochs after it closed or
 * later.
 */
export const isDisputable = (periodStart: number, index: number, epoch: number): boolean => {
  if (periodStart > epoch) return false
  const deadline = computeNextNotElapsed(computeDeadline(periodStart, index), epoch)
  const lastClose = deadline.close - PROVING_PERIOD_EPOCHS
  return !isOpen(deadline, epoch) && epoch < lastClose + DISPUTE_WINDOW_EPOCHS
}

/** May the deadline's partitions be compacted? Only while it is mutable and nothing of it can be disputed. */
export const isCompactable = (periodStart: number, index: number, epoch: number): boolean =>
  isMutable(periodStart, index, epoch) && !isDisputable(periodStart, index, epoch)

/** The grid that a deadline's expirations are rounded up to: the last epochs of its instances. */
export const computeExpirationGrid = (deadline: Deadline): Grid => ({ unit: PROVING_PERIOD_EPOCHS, offset: deadline.last })

/** What may be done at an epoch with one instance of a deadline, in the order in which it comes. */
export type DeadlinePhase = "declarable" | "cut_off" | "challenged" | "open" | "disputable" | "over"
/**
 * The phase of this instance: faults and recoveries may be declared; no longer; its challenge is known; it takes proofs; they may
 * be disputed; nothing more can happen to it.
 */
export const phaseAt = (deadline: Deadline, epoch: number): DeadlinePhase =>
  epoch < deadline.faultCutoff
    ? "declarable"
    : epoch < deadline.challenge
      ? "cut_off"
      : epoch < deadline.open
        ? "challenged"
        : epoch < deadline.close
          ? "open"
          : epoch < deadline.close + DISPUTE_WINDOW_EPOCHS
            ? "disputable"
            : "over"
