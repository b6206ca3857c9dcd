/**
 * Locked rewards: three quarters of every block reward are released in daily steps over 180 days. A table is a list of entries
 * in order of epoch, one an epoch; functions return a new table.
 * Sources: filecoin-project/builtin-actors@b0a3bdd6 actors/miner/src/{vesting_state,monies,policy,state}.rs; FIP-0004 (75%).
 */

import { EPOCHS_PER_DAY, EPOCHS_PER_HOUR } from "./epoch.ts"
import { quantizeUp } from "./quantize.ts"

export interface VestingSpec {
  /** Epochs before the clock starts. */
  readonly initialDelay: number
  /** Epochs over which everything is released, in proportion. */
  readonly vestPeriod: number
  readonly stepDuration: number
  /** Grid of the release epochs, offset by the miner's proving period start. */
  readonly quantization: number
}

export const REWARD_VESTING: VestingSpec = {
  initialDelay: 0,
  vestPeriod: 180 * EPOCHS_PER_DAY,
  stepDuration: EPOCHS_PER_DAY,
  quantization: 12 * EPOCHS_PER_HOUR,
}

/** Released in the first epoch after `epoch`. */
export interface VestingEntry {
  readonly epoch: number
  readonly amountAtto: bigint
}
export type VestingTable = readonly VestingEntry[]

/** The part of a block reward that is locked: 75%, floored; attoFIL. */
export const computeLockedReward = (rewardAtto: bigint): bigint => (rewardAtto * 3n) / 4n

/**
 * Entries for an amount locked at `now`: at each step, rounded up to the grid, what is due by then in proportion (floored) less
 * what the earlier entries release; steps on one slot are one entry. Together they are the amount exactly. Throws a RangeError
 * when a step is shorter than an epoch.
 */
export const computeVestingEntries = (
  now: number,
  amountAtto: bigint,
  spec: VestingSpec,
  periodStart: number,
): VestingEntry[] => {
  if (!(spec.stepDuration >= 1)) throw new RangeError(`vesting steps last at least 1 epoch, not ${spec.stepDuration}`)
  const start = now + spec.initialDelay
  const grid = { unit: spec.quantization, offset: periodStart }
  const entries: VestingEntry[] = []
  let scheduled = 0n
  for (let epoch = start + spec.stepDuration; scheduled < amountAtto; epoch += spec.stepDuration) {
    const slot = quantizeUp(grid, epoch)
    const elapsed = slot - start
    const due = elapsed < spec.vestPeriod ? (amountAtto * BigInt(elapsed)) / BigInt(spec.vestPeriod) : amountAtto
    // The chain also writes entries of 0 (a second step on a slot); they release nothing, so they are left out.
    if (due > scheduled) entries.push({ epoch: slot, amountAtto: due - scheduled })
    scheduled = due
  }
  return entries
}

/** The table with more funds locked at `now`, less what had vested before, which comes back as `unlockedAtto`. */
export const addLockedFunds = (
  table: VestingTable,
  now: number,
  amountAtto: bigint,
  spec: VestingSpec,
  periodStart: number,
): { readonly table: VestingTable; readonly unlockedAtto: bigint } =>
  unlockVested(merge(table, computeVestingEntries(now, amountAtto, spec, periodStart)), now)

/** Releases every entry whose epoch lies strictly before `now`. */
export const unlockVested = (
  table: VestingTable,
  now: number,
): { readonly table: VestingTable; readonly unlockedAtto: bigint } => {
  let vested = 0
  while (vested < table.length && table[vested].epoch < now) vested++
  return vested === 0
    ? { table, unlockedAtto: 0n }
    : { table: table.slice(vested), unlockedAtto: sumVesting(table.slice(0, vested)) }
}

export interface Unlocking {
  readonly table: VestingTable
  readonly vestedAtto: bigint
  readonly unvestedAtto: bigint
}

/**
 * Releases what has vested, then up to `targetAtto` of what has not, soonest first: how a debt is paid out of locked funds. With
 * nothing to pay it touches nothing, not even what has vested, as the chain does.
 */
export const unlockForDebt = (table: VestingTable, now: number, targetAtto: bigint): Unlocking => {
  if (targetAtto <= 0n) return { table, vestedAtto: 0n, unvestedAtto: 0n }
  const { table: unvested, unlockedAtto: vestedAtto } = unlockVested(table, now)
  let wanted = targetAtto
  let gone = 0
  while (gone < unvested.length && unvested[gone].amountAtto <= wanted) wanted -= unvested[gone++].amountAtto
  const left = unvested.slice(gone)
  if (left.length > 0 && wanted > 0n) {
    left[0] = { epoch: left[0].epoch, amountAtto: left[0].amountAtto - wanted }
    wanted = 0n
  }
  return { table: left, vestedAtto, unvestedAtto: targetAtto - wanted }
}

/** Everything still in the table, in attoFIL. */
export const sumVesting = (table: VestingTable): bigint => table.reduce((sum, entry) => sum + entry.amountAtto, 0n)

/** Two tables as one, entries of one epoch added up. */
const merge = (a: VestingTable, b: VestingTable): VestingEntry[] => {
  const merged: VestingEntry[] = []
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    if (j === b.length || (i < a.length && a[i].epoch < b[j].epoch)) merged.push(a[i++])
    else if (i === a.length || b[j].epoch < a[i].epoch) merged.push(b[j++])
    else merged.push({ epoch: a[i].epoch, amountAtto: a[i++].amountAtto + b[j++].amountAtto })
  }
  return merged
}
