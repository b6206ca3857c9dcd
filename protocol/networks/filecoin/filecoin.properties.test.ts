/** Laws: the network's columns do what the rule files say, whatever happens. */
import type { HasResilience } from "../../resilience/embed/index.ts"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { DAY } from "../../kernel/clock.ts"
import { Report } from "../../kernel/invariant.ts"
import { resolve } from "../../kernel/param.ts"
import type { Fact } from "../../kernel/row-type.ts"
import { specify } from "../../kernel/specify.ts"
import { Wide } from "../../kernel/wide.ts"
import { SLOT_S } from "./chain-time.ts"
import { changeClaim } from "./cohorts.ts"
import type { Commands } from "./commands.ts"
import { filecoin } from "./index.ts"
import { networkPowerGib } from "./network-clock.ts"
import { applyClaimDelta, computeNetworkPower, NO_POWER, NO_TOTALS } from "./power-table.ts"
import { genesis } from "./state.ts"
import { closeDays, lockToday, spreadLocked, sumScheduled, takeSoonest, vestedBy } from "./vesting-days.ts"

const T = 20_410 * DAY
const GIB = 1n << 30n
const values = resolve("filecoin", filecoin.params, undefined)
const amount = fc.bigInt(1n, 10n ** 27n)

const lock = (state: ReturnType<typeof genesis>, atto: bigint): void => {
  const cell = new Wide(1)
  cell.set(0, atto)
  lockToday(state, 0, cell, 0)
}

describe("claims", () => {
  test("count as power-table.ts says, through every crossing of the minimum", () => {
    const delta = fc.record({ node: fc.nat(5), raw: fc.integer({ min: -20_000, max: 20_000 }), tenfold: fc.boolean() })
    fc.assert(
      fc.property(fc.array(delta, { maxLength: 40 }), (all) => {
        const state = genesis({ nodes: 6 }, values)
        let totals = NO_TOTALS
        const claims = Array.from({ length: 6 }, () => NO_POWER)
        for (const { node, raw, tenfold } of all) {
          const qa = raw * (tenfold ? 10 : 1)
          if (state.miner.rawGib[node] + raw < 0 || state.miner.qaGib[node] + qa < 0) continue
          changeClaim(state, node, raw, qa)
          const next = applyClaimDelta(totals, claims[node], { raw: BigInt(raw) * GIB, qa: BigInt(qa) * GIB })
          totals = next.totals
          claims[node] = next.claim
          const { raw: r, qa: q } = networkPowerGib(state)
          expect({ raw: BigInt(r) * GIB, qa: BigInt(q) * GIB }).toEqual(computeNetworkPower(totals))
        }
      }),
    )
  })
})

/** The same in the plainest way: a list of what comes free on which day, and what was locked today. */
class PlainVesting {
  readonly due = new Map<number, bigint>()
  today = 0n
  day: number
  constructor(day: number) {
    this.day = day
  }
  take(atto: bigint): void {
    let left = atto
    for (const day of [...this.due.keys()].toSorted((a, b) => a - b)) {
      const taken = this.due.get(day)! < left ? this.due.get(day)! : left
      this.due.set(day, this.due.get(day)! - taken)
      left -= taken
    }
    this.today -= left
  }
  vest(day: number): bigint {
    let free = 0n
    for (let d = this.day + 1; d <= day; d++) {
      free += this.due.get(d) ?? 0n
      this.due.delete(d)
    }
    this.day = day
    return free
  }
  spread(): void {
    for (let k = 1; k <= 180; k++) {
      const step = this.today / 180n + (k === 180 ? this.today % 180n : 0n)
      this.due.set(this.day + k, (this.due.get(this.day + k) ?? 0n) + step)
    }
    this.today = 0n
  }
  get locked(): bigint {
    return [...this.due.values()].reduce((sum, n) => sum + n, this.today)
  }
}

describe("locked rewards", () => {
  test("come free in 180 daily steps that are the amount, none ahead of the straight line", () => {
    fc.assert(
      fc.property(amount, fc.integer({ min: 1, max: 30_000 }), (atto, day) => {
        const state = genesis({ nodes: 2 }, values)
        state.network.vestedDay[0] = day
        lock(state, atto)
        spreadLocked(state, 0, state.miner.lockedTodayAtto, 0)
        let released = 0n
        for (let k = 1; k <= 180; k++) {
          released += vestedBy(state, 0, day + k)?.get(0) ?? 0n
          expect(released).toBe(k === 180 ? atto : (atto / 180n) * BigInt(k))
          closeDays(state, day + k)
        }
        expect(vestedBy(state, 0, day + 400)).toBeUndefined()
      }),
    )
  })
  test("vest and are eaten day for day as a plain list of entries is: soonest first, today's last, nothing lost", () => {
    const step = fc.record({
      locked: fc.oneof(amount, fc.constant(0n)),
      takes: fc.array(fc.bigInt(0n, 1000n), { maxLength: 5 }),
      days: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 200 })),
    })
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), (steps) => {
        const state = genesis({ nodes: 1 }, values)
        const plain = new PlainVesting(20_000)
        state.network.vestedDay[0] = plain.day
        for (const { locked, takes, days } of steps) {
          lock(state, locked)
          plain.today += locked
          for (const permille of takes) {
            const atto = (state.miner.lockedAtto.get(0) * permille) / (permille > 500n ? 1000n : 1_000_000n)
            takeSoonest(state, 0, Number(atto >> 48n), Number(atto & 0xffff_ffff_ffffn))
            plain.take(atto)
          }
          const day = plain.day + days
          const free = vestedBy(state, 0, day)?.get(0) ?? 0n
          expect(free).toBe(plain.vest(day))
          state.miner.lockedAtto.set(0, state.miner.lockedAtto.get(0) - free)
          closeDays(state, day)
          spreadLocked(state, 0, state.miner.lockedTodayAtto, 0)
          plain.spread()
          expect(state.miner.lockedAtto.get(0)).toBe(plain.locked)
          const { scheduled, left } = sumScheduled(state, 0, 1)
          expect([scheduled.get(0), left.get(0)]).toEqual([plain.locked, 0n])
        }
      }),
    )
  })
})

describe("elections", () => {
  /** Wins of two providers, the first with three times the power of the second, in 4,000 epochs. */
  function winsOf(params: Readonly<Record<string, number>>, weights: readonly number[]): readonly number[] {
    const create = (node: number): Fact<Commands> => ({ type: "CreateMiner", node, offset: 0, fundsAtto: 10n ** 24n })
    const bring = (node: number, sectorsPerDeadline: number): Fact<Commands> => ({
      type: "BringSectors",
      node,
      sectorsPerDeadline,
      verifiedDeadlines: 0,
      verifiedPermille: 1000,
      ageDays: 0,
      firstExpiryDays: 300,
      spreadDays: 0,
      atS: T,
    })
    const wins = [0, 0]
    const begun = specify(filecoin, { nodes: 2, params, ports: { geometry: {} as never } })()
      .when(create(0), create(1), bring(0, 30), bring(1, 10))
      .settle("halfHour", T)
    const { standing } = (begun.state as unknown as HasResilience).resilience
    weights.forEach((weight, node) => (standing.weightPermille[node] = weight))
    const draws = Array.from({ length: EPOCHS }, (_, i): Fact<Commands> => ({
      type: "DrawElection",
      atS: T + 30 * (i % 60),
      w0: i,
      w1: 7,
      w2: 8,
      w3: 9,
    }))
    // Each epoch is drawn once: sixty at a time, from the same beginning.
    for (let i = 0; i < EPOCHS; i += 60) {
      const { machine } = begun
      machine.network.evolve.ElectionDrawn(begun.state, { epoch: [0], wins: [0] } as never, 0, 1)
      for (const fact of begun.when(...draws.slice(i, i + 60)).facts) if (fact.type === "TicketWon") wins[fact.node] += fact.wins
    }
    return wins
  }
  const EPOCHS = 4000
  // Standard deviations: sqrt(20000) = 141 of the sum; of the split sqrt(20000 * p * (1 - p)), 71 at most.
  const expectSplit = (wins: readonly number[], first: number): void => {
    const all = wins[0] + wins[1]
    expect(Math.abs(all - 5 * EPOCHS)).toBeLessThan(5 * 141)
    expect(Math.abs(wins[0] - all * first)).toBeLessThan(5 * 71)
  }

  test("give each provider wins in proportion to its power, five an epoch in all", () => {
    const wins = winsOf({}, [])
    expectSplit(wins, 3 / 4)
    // Weights that nobody asked for move no die.
    expect(winsOf({}, [500, 2000])).toEqual(wins)
  })

  test("with diversity on, in proportion to power times weight, and as many in all", () => {
    // 3 x 500 against 1 x 2,000, and 3 x 1,000 (never weighed) against 1 x 3,000.
    expectSplit(winsOf({ diversityBetaMilli: 500 }, [500, 2000]), 1500 / 3500)
    expectSplit(winsOf({ diversityBetaMilli: 500 }, [0, 3000]), 1 / 2)
  })
})

test("promises hold after any mix of half hours proven, missed and recovered", () => {
  const slot = fc.record({ prove: fc.boolean(), recover: fc.boolean(), skipped: fc.nat(3) })
  fc.assert(
    fc.property(fc.array(slot, { maxLength: 100 }), (slots) => {
      let story = specify(filecoin, { nodes: 1, ports: { geometry: {} as never } })().when(
        { type: "CreateMiner", node: 0, offset: 0, fundsAtto: 10n ** 24n },
        {
          type: "BringSectors",
          node: 0,
          sectorsPerDeadline: 5,
          verifiedDeadlines: 20,
          verifiedPermille: 1000,
          ageDays: 0,
          firstExpiryDays: 1,
          spreadDays: 3,
          atS: T,
        },
      )
      slots.forEach((s, i) => {
        const atS = T + i * SLOT_S
        if (s.recover) story = story.when({ type: "DeclareRecoveries", node: 0, deadline: (i + 2) % 48, atS })
        if (s.prove) story = story.when({ type: "SubmitWindowPoSt", node: 0, deadline: i % 48, skipped: s.skipped, atS })
        story = story.settle("halfHour", atS + SLOT_S)
        if ((i + 1) % 48 === 0) story = story.settle("day", atS + SLOT_S)
        const report = new Report()
        for (const name of Object.keys(filecoin.invariants)) filecoin.invariants[name].check(story.state, report.within(name))
        expect(report.broken).toEqual([])
      })
    }),
    { numRuns: 40 },
  )
})
