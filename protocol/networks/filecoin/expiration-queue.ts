/**
 * When the sectors of a partition expire: on time, or early after 42 days of fault. One entry per epoch of the deadline's grid,
 * which keeps what must leave the books with its sectors: pledge, power and daily fee.
 * Source: filecoin-project/builtin-actors@b0a3bdd6 actors/miner/src/expiration_queue.rs. Every function changes the queue it is
 * given; one that throws leaves it unfinished, because the chain would drop the whole message.
 */

import { addPower, NO_POWER, type PowerPair, subPower } from "./power-table.ts"
import { type Grid, quantizeUp } from "./quantize.ts"

/** A sector as the queue needs it: raw and quality-adjusted bytes, amounts in attoFIL. */
export interface ExpiringSector {
  readonly number: number
  /** The epoch it was committed to. */
  readonly expiration: number
  readonly power: PowerPair
  readonly pledgeAtto: bigint
  readonly dailyFeeAtto: bigint
}

/** What leaves with one entry. Early sectors are always faulty; sectors on time may be faulty too, just before their end. */
export interface ExpirationSet {
  onTime: Set<number>
  early: Set<number>
  /** Of the sectors on time only: an early one's pledge is settled when it is terminated. */
  pledgeAtto: bigint
  activePower: PowerPair
  faultyPower: PowerPair
  dailyFeeAtto: bigint
}

export interface ExpirationQueue {
  readonly grid: Grid
  /** By epoch on the grid; no set is empty. */
  readonly sets: Map<number, ExpirationSet>
}

export const createExpirationQueue = (grid: Grid): ExpirationQueue => ({ grid, sets: new Map() })

const createSet = (): ExpirationSet => ({
  onTime: new Set(),
  early: new Set(),
  pledgeAtto: 0n,
  activePower: NO_POWER,
  faultyPower: NO_POWER,
  dailyFeeAtto: 0n,
})

/** Enters sectors that are not faulty at their committed expiration. */
export const addActiveSectors = (queue: ExpirationQueue, sectors: Iterable<ExpiringSector>): void => {
  for (const sector of sectors) putOnTime(setAt(queue, sector.expiration), sector)
}

/**
 * Marks active sectors faulty. Those that would expire after `faultExpiration` (rounded up) move there, as early ones: their
 * pledge leaves the queue, their fee moves along. Returns their power. Throws a RangeError when one is not in the queue on
 * time.
 */
export const rescheduleAsFaults = (
  queue: ExpirationQueue,
  faultExpiration: number,
  sectors: readonly ExpiringSector[],
): PowerPair => {
  const limit = quantizeUp(queue.grid, faultExpiration)
  const moved: ExpiringSector[] = []
  let power = NO_POWER
  for (const [sector, epoch] of findOnTime(queue, sectors)) {
    const set = queue.sets.get(epoch)!
    power = addPower(power, sector.power)
    if (epoch <= limit) turnFaulty(set, sector.power)
    else {
      takeOnTime(set, sector)
      moved.push(sector)
      finish(queue, epoch)
    }
  }
  for (const sector of moved) putEarly(setAt(queue, faultExpiration), sector)
  return power
}

/**
 * Marks everything faulty, and moves whatever would expire after `faultExpiration` (rounded up) there as early; its pledge
 * leaves the queue. Throws a RangeError when an early sector would have to move: it has been faulty before.
 */
export const rescheduleAllAsFaults = (queue: ExpirationQueue, faultExpiration: number): void => {
  const limit = quantizeUp(queue.grid, faultExpiration)
  const later = epochsOf(queue).filter((epoch) => epoch > limit)
  for (const [epoch, set] of queue.sets) {
    if (epoch <= limit) turnFaulty(set, set.activePower)
    else if (set.early.size > 0) throw new RangeError(`the early sectors at ${epoch} cannot become faulty again by ${limit}`)
  }
  if (later.length === 0) return
  const target = setAt(queue, faultExpiration)
  for (const epoch of later) {
    const set = queue.sets.get(epoch)!
    for (const number of set.onTime) target.early.add(number)
    target.faultyPower = addPower(target.faultyPower, addPower(set.activePower, set.faultyPower))
    target.dailyFeeAtto += set.dailyFeeAtto
    queue.sets.delete(epoch)
  }
}

/**
 * Marks faulty sectors active again; early ones return to their committed expiration with their pledge. Returns their power.
 * Throws a RangeError when one is not in the queue.
 */
export const rescheduleRecovered = (queue: ExpirationQueue, sectors: readonly ExpiringSector[]): PowerPair => {
  const remaining = byNumber(sectors)
  const returning: ExpiringSector[] = []
  let power = NO_POWER
  for (const epoch of epochsOf(queue)) {
    const set = queue.sets.get(epoch)!
    for (const sector of remaining.values()) {
      if (set.onTime.has(sector.number)) turnActive(set, sector.power)
      else if (set.early.has(sector.number)) {
        takeEarly(set, sector)
        returning.push(sector)
      } else continue
      remaining.delete(sector.number)
      power = addPower(power, sector.power)
    }
    finish(queue, epoch)
  }
  assertFound(remaining)
  addActiveSectors(queue, returning)
  return power
}

/** Moves active sectors to another expiration (rounded up). Throws a RangeError when one is not in the queue on time. */
export const rescheduleExpirations = (queue: ExpirationQueue, expiration: number, sectors: readonly ExpiringSector[]): void => {
  for (const [sector, epoch] of findOnTime(queue, sectors)) {
    takeOnTime(queue.sets.get(epoch)!, sector)
    finish(queue, epoch)
  }
  for (const sector of sectors) putOnTime(setAt(queue, expiration), sector)
}

/** What was removed, and the power among it that was recovering. */
export interface Removal {
  readonly removed: ExpirationSet
  readonly recoveringPower: PowerPair
}

/**
 * Removes sectors, active or faulty, wherever they are; `faults` and `recovering` tell which were so. As on chain, recovering
 * power counts among faults only. Throws a RangeError when one is not found, or when a sector not among the faults is not on
 * time.
 */
export const removeSectors = (
  queue: ExpirationQueue,
  sectors: readonly ExpiringSector[],
  faults: ReadonlySet<number>,
  recovering: ReadonlySet<number>,
): Removal => {
  const removed = createSet()
  let recoveringPower = NO_POWER
  const active = sectors.filter((sector) => !faults.has(sector.number))
  for (const [sector, epoch] of findOnTime(queue, active)) {
    takeOnTime(queue.sets.get(epoch)!, sector)
    putOnTime(removed, sector)
    finish(queue, epoch)
  }
  const remaining = byNumber(sectors.filter((sector) => faults.has(sector.number)))
  for (const epoch of epochsOf(queue)) {
    const set = queue.sets.get(epoch)!
    for (const sector of remaining.values()) {
      if (set.onTime.has(sector.number)) {
        turnActive(set, sector.power)
        takeOnTime(set, sector)
        putOnTime(removed, sector)
        turnFaulty(removed, sector.power)
      } else if (set.early.has(sector.number)) {
        takeEarly(set, sector)
        putEarly(removed, sector)
      } else continue
      remaining.delete(sector.number)
      if (recovering.has(sector.number)) recoveringPower = addPower(recoveringPower, sector.power)
    }
    finish(queue, epoch)
  }
  assertFound(remaining)
  return { removed, recoveringPower }
}

/** Takes every entry up to and including `epoch` out of the queue, as one. */
export const popUntil = (queue: ExpirationQueue, epoch: number): ExpirationSet => {
  const popped = createSet()
  for (const due of epochsOf(queue)) {
    if (due > epoch) break
    const set = queue.sets.get(due)!
    for (const number of set.onTime) popped.onTime.add(number)
    for (const number of set.early) popped.early.add(number)
    popped.pledgeAtto += set.pledgeAtto
    popped.activePower = addPower(popped.activePower, set.activePower)
    popped.faultyPower = addPower(popped.faultyPower, set.faultyPower)
    popped.dailyFeeAtto += set.dailyFeeAtto
    queue.sets.delete(due)
  }
  return popped
}

const epochsOf = (queue: ExpirationQueue): number[] => [...queue.sets.keys()].sort((a, b) => a - b)

/** The entry for an epoch, rounded up to the grid, made when it is missing. */
const setAt = (queue: ExpirationQueue, epoch: number): ExpirationSet => {
  const key = quantizeUp(queue.grid, epoch)
  let set = queue.sets.get(key)
  if (set === undefined) queue.sets.set(key, (set = createSet()))
  return set
}

/**
 * Each sector with the epoch at which it expires on time, earliest first; a rescheduled one need not be at its committed epoch.
 */
const findOnTime = (queue: ExpirationQueue, sectors: readonly ExpiringSector[]): [ExpiringSector, number][] => {
  const remaining = byNumber(sectors)
  const found: [ExpiringSector, number][] = []
  for (const epoch of epochsOf(queue)) {
    if (remaining.size === 0) break
    const set = queue.sets.get(epoch)!
    for (const sector of remaining.values()) {
      if (!set.onTime.has(sector.number)) continue
      found.push([sector, epoch])
      remaining.delete(sector.number)
    }
  }
  assertFound(remaining)
  return found
}

const byNumber = (sectors: readonly ExpiringSector[]): Map<number, ExpiringSector> =>
  new Map(sectors.map((sector) => [sector.number, sector]))

const assertFound = (remaining: ReadonlyMap<number, ExpiringSector>): void => {
  if (remaining.size > 0) throw new RangeError(`sectors ${[...remaining.keys()].join(", ")} are not in the queue as expected`)
}

const putOnTime = (set: ExpirationSet, { number, power, pledgeAtto, dailyFeeAtto }: ExpiringSector): void => {
  set.onTime.add(number)
  set.activePower = addPower(set.activePower, power)
  set.pledgeAtto += pledgeAtto
  set.dailyFeeAtto += dailyFeeAtto
}
const takeOnTime = (set: ExpirationSet, { number, power, pledgeAtto, dailyFeeAtto }: ExpiringSector): void => {
  set.onTime.delete(number)
  set.activePower = subPower(set.activePower, power)
  set.pledgeAtto -= pledgeAtto
  set.dailyFeeAtto -= dailyFeeAtto
}
const putEarly = (set: ExpirationSet, { number, power, dailyFeeAtto }: ExpiringSector): void => {
  set.early.add(number)
  set.faultyPower = addPower(set.faultyPower, power)
  set.dailyFeeAtto += dailyFeeAtto
}
const takeEarly = (set: ExpirationSet, { number, power, dailyFeeAtto }: ExpiringSector): void => {
  set.early.delete(number)
  set.faultyPower = subPower(set.faultyPower, power)
  set.dailyFeeAtto -= dailyFeeAtto
}
const turnFaulty = (set: ExpirationSet, power: PowerPair): void => {
  set.activePower = subPower(set.activePower, power)
  set.faultyPower = addPower(set.faultyPower, power)
}
const turnActive = (set: ExpirationSet, power: PowerPair): void => {
  set.activePower = addPower(set.activePower, power)
  set.faultyPower = subPower(set.faultyPower, power)
}

/** Drops an entry that lost its last sector, and refuses one whose books went below 0: a caller named the wrong sectors. */
const finish = (queue: ExpirationQueue, epoch: number): void => {
  const set = queue.sets.get(epoch)!
  const amounts = [
    set.pledgeAtto,
    set.dailyFeeAtto,
    set.activePower.raw,
    set.activePower.qa,
    set.faultyPower.raw,
    set.faultyPower.qa,
  ]
  if (amounts.some((amount) => amount < 0n)) throw new RangeError(`the books of the sectors expiring at ${epoch} went below 0`)
  if (set.onTime.size === 0 && set.early.size === 0) queue.sets.delete(epoch)
}
