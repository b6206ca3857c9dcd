import fc from "fast-check"
import { describe, expect, test } from "vitest"
import {
  applyPenalty,
  canRepayInFull,
  computeAvailableBalance,
  computeUnlockedBalance,
  type MinerFunds,
  repayDebt,
} from "./fee-debt.ts"
import {
  addLockedFunds,
  computeLockedReward,
  computeVestingEntries,
  REWARD_VESTING,
  sumVesting,
  unlockForDebt,
  unlockVested,
  type VestingTable,
} from "./vesting.ts"

const amount = fc.bigInt(0n, 10n ** 22n)
const spec = fc.record({
  initialDelay: fc.nat(20),
  vestPeriod: fc.integer({ min: 1, max: 60 }),
  stepDuration: fc.integer({ min: 1, max: 20 }),
  quantization: fc.integer({ min: 1, max: 20 }),
})
const start = fc.integer({ min: -50, max: 1000 })
const lock = fc.record({ now: start, amount, spec, periodStart: start })
/** Locks of one miner in order of time, as a table. */
const tableOf = (locks: { now: number; amount: bigint }[], periodStart: number): VestingTable =>
  locks.reduce<VestingTable>(
    (table, l) => addLockedFunds(table, 0, l.amount, { ...REWARD_VESTING, initialDelay: l.now }, periodStart).table,
    [],
  )
const locks = fc.array(fc.record({ now: fc.nat(100_000), amount }), { maxLength: 4 })

describe("vesting", () => {
  test("releases everything exactly once, in order, each part after its epoch", () => {
    fc.assert(
      fc.property(lock, ({ now, amount, spec, periodStart }) => {
        const entries = computeVestingEntries(now, amount, spec, periodStart)
        expect(sumVesting(entries)).toBe(amount)
        entries.forEach((entry, i) => {
          expect(entry.amountAtto > 0n).toBe(true)
          expect(entry.epoch > (entries[i - 1]?.epoch ?? now)).toBe(true)
        })
        let table: VestingTable = entries
        let released = 0n
        for (let epoch = now; table.length > 0; epoch++) {
          const due = table[0].epoch
          const step = unlockVested(table, epoch)
          if (epoch <= due) expect(step.unlockedAtto).toBe(0n)
          released += step.unlockedAtto
          table = step.table
        }
        expect(released).toBe(amount)
      }),
    )
  })
  test("is never ahead of the straight line at the released epoch, until the period is over", () => {
    fc.assert(
      fc.property(lock, ({ now, amount, spec, periodStart }) => {
        let scheduled = 0n
        for (const entry of computeVestingEntries(now, amount, spec, periodStart)) {
          scheduled += entry.amountAtto
          const elapsed = entry.epoch - now - spec.initialDelay
          if (elapsed < spec.vestPeriod) expect(scheduled * BigInt(spec.vestPeriod) <= amount * BigInt(elapsed)).toBe(true)
          else expect(scheduled).toBe(amount)
        }
      }),
    )
  })
  test("of a reward: 75%, 180 days, half-day slots of the miner's own period", () => {
    expect(computeLockedReward(1_000_001n)).toBe(750_000n)
    const entries = computeVestingEntries(0, computeLockedReward(600_000n), REWARD_VESTING, 1808)
    expect(entries).toHaveLength(180)
    expect(entries[0]).toEqual({ epoch: 3248, amountAtto: 2819n })
    expect(entries.at(-1)).toEqual({ epoch: 518_768, amountAtto: 2181n })
  })
  test("refuses steps of no length", () =>
    expect(() => computeVestingEntries(0, 1n, { ...REWARD_VESTING, stepDuration: 0 }, 0)).toThrow(RangeError))
  test("tables merge: later locks keep every earlier release, and one entry an epoch", () => {
    fc.assert(
      fc.property(locks, fc.nat(2879), fc.nat(700_000), (all, periodStart, epoch) => {
        const table = tableOf(all, periodStart)
        expect(new Set(table.map((entry) => entry.epoch)).size).toBe(table.length)
        const alone = all.map((l) => unlockVested(tableOf([l], periodStart), epoch).unlockedAtto)
        expect(unlockVested(table, epoch).unlockedAtto).toBe(alone.reduce((a, b) => a + b, 0n))
      }),
      { numRuns: 40 },
    )
  })
})

describe("paying from locked funds", () => {
  test("takes the soonest first and no more than asked for; nothing is lost", () => {
    fc.assert(
      fc.property(locks, amount, fc.nat(700_000), (all, target, now) => {
        const table = tableOf(all, 0)
        const vested = unlockVested(table, now).unlockedAtto
        const taken = unlockForDebt(table, now, target)
        expect(taken.vestedAtto + taken.unvestedAtto + sumVesting(taken.table)).toBe(sumVesting(table))
        expect(taken.table.every((entry) => entry.amountAtto > 0n)).toBe(true)
        if (target === 0n) expect(taken).toEqual({ table, vestedAtto: 0n, unvestedAtto: 0n })
        else {
          expect(taken.vestedAtto).toBe(vested)
          const unvested = sumVesting(table) - vested
          expect(taken.unvestedAtto).toBe(target < unvested ? target : unvested)
          // What is left is the end of what was there, but for one entry cut short.
          expect(taken.table.slice(1)).toEqual(table.slice(table.length - taken.table.length + 1))
        }
      }),
      { numRuns: 60 },
    )
  })
  test("an entry taken whole disappears (cases of the source)", () => {
    const table = computeVestingEntries(100, 100n, { initialDelay: 0, vestPeriod: 5, stepDuration: 1, quantization: 1 }, 0)
    expect(unlockForDebt(table, 100, 40n).table.map((entry) => entry.epoch)).toEqual([103, 104, 105])
    expect(unlockForDebt(table, 100, 39n).table[0]).toEqual({ epoch: 102, amountAtto: 1n })
    expect(unlockForDebt(table, 100, 200n)).toEqual({ table: [], vestedAtto: 0n, unvestedAtto: 100n })
  })
})

describe("fee debt", () => {
  const funds = fc
    .record({ locks, free: amount, deposits: amount, pledge: amount, debt: amount })
    .map(({ locks, free, deposits, pledge, debt }): MinerFunds => {
      const vesting = tableOf(locks, 0)
      const balanceAtto = sumVesting(vesting) + free + deposits + pledge
      return { balanceAtto, vesting, depositsAtto: deposits, pledgeAtto: pledge, feeDebtAtto: debt }
    })
  test("is paid as far as locked rewards and free funds reach, never from pledge or deposits", () => {
    fc.assert(
      fc.property(funds, fc.nat(700_000), (before, now) => {
        const { funds: after, burntAtto, unlockedAtto } = repayDebt(before, now)
        const reach = computeUnlockedBalance(before) + sumVesting(before.vesting)
        expect(burntAtto).toBe(before.feeDebtAtto < reach ? before.feeDebtAtto : reach)
        expect(after.feeDebtAtto).toBe(before.feeDebtAtto - burntAtto)
        expect(after.balanceAtto).toBe(before.balanceAtto - burntAtto)
        expect(unlockedAtto).toBe(sumVesting(before.vesting) - sumVesting(after.vesting))
        expect(computeUnlockedBalance(after) >= 0n).toBe(true)
      }),
      { numRuns: 60 },
    )
  })
  test("a penalty is owed first, and must be paid before a miner commits again", () => {
    const miner = { balanceAtto: 100n, vesting: [], depositsAtto: 10n, pledgeAtto: 20n, feeDebtAtto: 0n }
    expect(computeAvailableBalance(miner)).toBe(70n)
    expect(canRepayInFull(applyPenalty(miner, 70n))).toBe(true)
    expect(canRepayInFull(applyPenalty(miner, 71n))).toBe(false)
    expect(computeAvailableBalance(applyPenalty(miner, 71n))).toBe(-1n)
    expect(() => applyPenalty(miner, -1n)).toThrow(RangeError)
  })
  test("broken books are found", () =>
    expect(() =>
      computeUnlockedBalance({ balanceAtto: 1n, vesting: [], depositsAtto: 1n, pledgeAtto: 1n, feeDebtAtto: 0n }),
    ).toThrow("1 less than what it has locked"))
})
