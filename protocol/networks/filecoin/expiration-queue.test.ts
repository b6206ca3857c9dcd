import fc from "fast-check"
import { describe, expect, test } from "vitest"
import {
  addActiveSectors,
  createExpirationQueue,
  type ExpirationQueue,
  type ExpirationSet,
  type ExpiringSector,
  popUntil,
  removeSectors,
  rescheduleAllAsFaults,
  rescheduleAsFaults,
  rescheduleExpirations,
  rescheduleRecovered,
} from "./expiration-queue.ts"
import { addPower, NO_POWER, type PowerPair } from "./power-table.ts"
import { quantizeUp } from "./quantize.ts"

const GRID = { unit: 4, offset: 1 }
/** The six sectors of the source's test; powers differ so that they tell who was counted. */
const SECTORS: ExpiringSector[] = [2, 3, 7, 8, 11, 13].map((expiration, i) => ({
  number: i + 1,
  expiration,
  power: { raw: 1n << BigInt(i), qa: 10n << BigInt(i) },
  pledgeAtto: BigInt(1000 + i),
  dailyFeeAtto: BigInt(3000 + 1000 * i),
}))
const pick = (...numbers: number[]) => SECTORS.filter((sector) => numbers.includes(sector.number))
const filled = (sectors = SECTORS): ExpirationQueue => {
  const queue = createExpirationQueue(GRID)
  addActiveSectors(queue, sectors)
  return queue
}
const powerOf = (sectors: ExpiringSector[]) => sectors.reduce<PowerPair>((sum, s) => addPower(sum, s.power), NO_POWER)
const inOrder = (numbers: Iterable<number>) => [...numbers].sort((a, b) => a - b)
/** A set in short: numbers on time, early, pledge, raw active and faulty power. */
const show = (set: ExpirationSet) => [
  inOrder(set.onTime),
  inOrder(set.early),
  set.pledgeAtto,
  set.activePower.raw,
  set.faultyPower.raw,
]

describe("the expiration queue (cases of the source)", () => {
  test("some fault: those due sooner stay on time, the others move", () => {
    const queue = filled()
    expect(rescheduleAsFaults(queue, 6, pick(2, 3, 4, 5))).toEqual(powerOf(pick(2, 3, 4, 5)))
    expect(show(popUntil(queue, 5))).toEqual([[1, 2], [], 2001n, 1n, 2n])
    expect(show(popUntil(queue, 9))).toEqual([[3, 4], [5], 2005n, 0n, 28n])
    expect(show(popUntil(queue, 13))).toEqual([[6], [], 1005n, 32n, 0n])
  })
  test("all fault: the later sets become one early set", () => {
    const queue = filled()
    rescheduleAllAsFaults(queue, 6)
    expect(show(popUntil(queue, 5))).toEqual([[1, 2], [], 2001n, 0n, 3n])
    expect(show(popUntil(queue, 9))).toEqual([[3, 4], [5, 6], 2005n, 0n, 60n])
    expect(queue.sets.size).toBe(0)
    const tomorrow = filled()
    rescheduleAllAsFaults(tomorrow, 100)
    expect(tomorrow.sets.size).toBe(3)
    const again = filled()
    rescheduleAsFaults(again, 9, pick(6))
    expect(() => rescheduleAllAsFaults(again, 5)).toThrow("cannot become faulty again")
  })
  test("removal finds active, faulty and early sectors, and tells what recovered", () => {
    const queue = filled()
    rescheduleAsFaults(queue, 6, pick(2, 3, 4, 5, 6))
    const { removed, recoveringPower } = removeSectors(queue, pick(1, 4, 5, 6), new Set([4, 5, 6]), new Set([6]))
    expect(show(removed)).toEqual([[1, 4], [5, 6], 2003n, 1n, 56n])
    expect(recoveringPower).toEqual(powerOf(pick(6)))
    expect(show(popUntil(queue, 5))).toEqual([[2], [], 1001n, 0n, 2n])
    expect(show(popUntil(queue, 9))).toEqual([[3], [], 1002n, 0n, 4n])
    expect(queue.sets.size).toBe(0)
  })
  test("an extension moves a sector with all it carries", () => {
    const queue = filled()
    rescheduleExpirations(queue, 30, pick(1, 2))
    expect([...queue.sets.keys()].sort((a, b) => a - b)).toEqual([9, 13, 33])
    expect(show(queue.sets.get(33)!)).toEqual([[1, 2], [], 2001n, 3n, 0n])
    // Found at its new epoch, although its commitment names the old one.
    expect(show(removeSectors(queue, pick(2), new Set(), new Set()).removed)).toEqual([[2], [], 1001n, 2n, 0n])
  })
  test("what is not there as told is refused", () => {
    expect(() => rescheduleAsFaults(filled(pick(1)), 6, pick(2))).toThrow("sectors 2 are not in the queue")
    expect(() => rescheduleRecovered(filled(pick(1)), pick(1, 2))).toThrow(RangeError)
    expect(() => removeSectors(filled(pick(1)), pick(2), new Set([2]), new Set())).toThrow(RangeError)
    const early = filled()
    rescheduleAsFaults(early, 6, pick(6))
    expect(() => removeSectors(early, pick(6), new Set(), new Set())).toThrow(RangeError)
    // Recovering a sector that is not faulty would leave negative faulty power.
    expect(() => rescheduleRecovered(filled(), pick(1))).toThrow("went below 0")
  })
})

describe("laws of the expiration queue", () => {
  const sector = (number: number) =>
    fc
      .record({
        expiration: fc.nat(500),
        raw: fc.bigInt(1n, 100n),
        qa: fc.bigInt(1n, 1000n),
        pledgeAtto: fc.bigInt(0n, 10_000n),
        dailyFeeAtto: fc.bigInt(0n, 100n),
      })
      .map(({ raw, qa, ...rest }): ExpiringSector => ({ number, power: { raw, qa }, ...rest }))
  const sectors = fc.integer({ min: 0, max: 12 }).chain((n) => fc.tuple(...Array.from({ length: n }, (_, i) => sector(i))))
  const grid = fc.record({ unit: fc.integer({ min: 1, max: 60 }), offset: fc.nat(60) })
  const fillOn = (grid: { unit: number; offset: number }, all: ExpiringSector[]) => {
    const queue = createExpirationQueue(grid)
    addActiveSectors(queue, all)
    return queue
  }
  /** Every book of the queue, recomputed from where its sectors are and who is faulty. */
  const expectBooks = (queue: ExpirationQueue, all: ExpiringSector[], faulty: ReadonlySet<number>) => {
    const found: number[] = []
    for (const [epoch, set] of queue.sets) {
      expect(quantizeUp(queue.grid, epoch)).toBe(epoch)
      const onTime = all.filter((s) => set.onTime.has(s.number))
      const early = all.filter((s) => set.early.has(s.number))
      found.push(...set.onTime, ...set.early)
      expect(onTime.length + early.length).toBeGreaterThan(0)
      expect(early.every((s) => faulty.has(s.number))).toBe(true)
      expect(set.pledgeAtto).toBe(onTime.reduce((sum, s) => sum + s.pledgeAtto, 0n))
      expect(set.dailyFeeAtto).toBe([...onTime, ...early].reduce((sum, s) => sum + s.dailyFeeAtto, 0n))
      expect(set.activePower).toEqual(powerOf(onTime.filter((s) => !faulty.has(s.number))))
      expect(set.faultyPower).toEqual(powerOf([...onTime, ...early].filter((s) => faulty.has(s.number))))
    }
    expect(found.sort((a, b) => a - b)).toEqual(all.map((s) => s.number))
  }

  test("through faults, recoveries and removals every sector is in one set and every sum is that of its sectors", () => {
    const step = fc.record({ kind: fc.constantFrom("fault", "recover", "remove", "all"), mask: fc.nat(4095), epoch: fc.nat(600) })
    fc.assert(
      fc.property(grid, sectors, fc.array(step, { maxLength: 12 }), (grid, start, steps) => {
        let all = [...start]
        const queue = fillOn(grid, all)
        const faulty = new Set<number>()
        for (const { kind, mask, epoch } of steps) {
          const chosen = all.filter((s) => (mask >> s.number) & 1)
          if (kind === "fault") {
            const healthy = chosen.filter((s) => !faulty.has(s.number))
            expect(rescheduleAsFaults(queue, epoch, healthy)).toEqual(powerOf(healthy))
            for (const s of healthy) faulty.add(s.number)
          } else if (kind === "recover") {
            const back = chosen.filter((s) => faulty.has(s.number))
            expect(rescheduleRecovered(queue, back)).toEqual(powerOf(back))
            for (const s of back) faulty.delete(s.number)
          } else if (kind === "remove") {
            const { removed, recoveringPower } = removeSectors(queue, chosen, faulty, new Set(chosen.map((s) => s.number)))
            expect(removed.onTime.size + removed.early.size).toBe(chosen.length)
            expect(removed.activePower).toEqual(powerOf(chosen.filter((s) => !faulty.has(s.number))))
            expect(recoveringPower).toEqual(powerOf(chosen.filter((s) => faulty.has(s.number))))
            all = all.filter((s) => !chosen.includes(s))
          } else if (faulty.size === 0) {
            rescheduleAllAsFaults(queue, epoch)
            for (const s of all) faulty.add(s.number)
          }
          expectBooks(queue, all, faulty)
        }
      }),
    )
  })
  test("a fault that recovers leaves the queue as it was", () => {
    fc.assert(
      fc.property(grid, sectors, fc.nat(600), (grid, all, epoch) => {
        const queue = fillOn(grid, all)
        rescheduleAsFaults(queue, epoch, all)
        rescheduleRecovered(queue, all)
        expect(new Map([...queue.sets].sort(([a], [b]) => a - b))).toEqual(
          new Map([...fillOn(grid, all).sets].sort(([a], [b]) => a - b)),
        )
      }),
    )
  })
  test("faulting everything is faulting each", () => {
    fc.assert(
      fc.property(grid, sectors, fc.nat(600), (grid, all, epoch) => {
        const one = fillOn(grid, all)
        const other = fillOn(grid, all)
        rescheduleAllAsFaults(one, epoch)
        rescheduleAsFaults(other, epoch, all)
        expect(one.sets).toEqual(other.sets)
      }),
    )
  })
  test("popping takes what is due and nothing else", () => {
    fc.assert(
      fc.property(grid, sectors, fc.nat(600), (grid, all, epoch) => {
        const queue = fillOn(grid, all)
        const due = all.filter((s) => quantizeUp(grid, s.expiration) <= epoch)
        const popped = popUntil(queue, epoch)
        expect([...popped.onTime].sort((a, b) => a - b)).toEqual(due.map((s) => s.number))
        expect(popped.activePower).toEqual(powerOf(due))
        expectBooks(
          queue,
          all.filter((s) => !due.includes(s)),
          new Set(),
        )
      }),
    )
  })
})
