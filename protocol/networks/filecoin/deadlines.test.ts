import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { assignDeadlines, type DeadlineLoad } from "./deadline-assignment.ts"
import {
  CHALLENGE_WINDOW_EPOCHS,
  computeDeadline,
  computeDeadlineAt,
  computeExpirationGrid,
  computeNextNotElapsed,
  computePeriodStart,
  DEADLINES,
  isCompactable,
  isCutoffPassed,
  isDisputable,
  isMutable,
  isOpen,
  phaseAt,
  PROVING_PERIOD_EPOCHS,
} from "./deadlines.ts"
import { EVERY_EPOCH, quantizeDown, quantizeUp } from "./quantize.ts"

const epoch = fc.integer({ min: -100_000, max: 10_000_000 })
const offset = fc.nat(PROVING_PERIOD_EPOCHS - 1)
const index = fc.nat(DEADLINES - 1)
const grid = fc.record({ unit: fc.integer({ min: 1, max: 5000 }), offset: fc.integer({ min: -10_000, max: 10_000_000 }) })
const modulo = (a: number, b: number) => ((a % b) + b) % b

describe("quantising", () => {
  test("goes to the nearest epoch of the grid above and below, negative epochs too", () => {
    fc.assert(
      fc.property(grid, epoch, (g, e) => {
        const up = quantizeUp(g, e)
        const down = quantizeDown(g, e)
        expect(modulo(up - g.offset, g.unit)).toBe(0)
        expect(up >= e && up - e < g.unit).toBe(true)
        expect(down <= e && e - down < g.unit).toBe(true)
        expect(up - down).toBe(up === e ? 0 : g.unit)
      }),
    )
  })
  test("is idempotent and never reverses order", () => {
    fc.assert(
      fc.property(grid, epoch, epoch, (g, a, b) => {
        expect(quantizeUp(g, quantizeUp(g, a))).toBe(quantizeUp(g, a))
        expect(quantizeUp(g, Math.min(a, b))).toBeLessThanOrEqual(quantizeUp(g, Math.max(a, b)))
      }),
    )
    expect(quantizeUp(EVERY_EPOCH, -17)).toBe(-17)
    expect(() => quantizeUp({ unit: 0, offset: 0 }, 1)).toThrow(RangeError)
  })
})

describe("the calendar", () => {
  test("every epoch lies in one open deadline of one period", () => {
    fc.assert(
      fc.property(offset, epoch, (o, e) => {
        const deadline = computeDeadlineAt(o, e)
        expect(isOpen(deadline, e)).toBe(true)
        expect(deadline.periodStart).toBe(computePeriodStart(o, e))
        expect(modulo(deadline.periodStart, PROVING_PERIOD_EPOCHS)).toBe(o)
        expect(deadline.periodEnd - deadline.periodStart).toBe(PROVING_PERIOD_EPOCHS - 1)
      }),
    )
  })
  test("has the distances of the policy", () => {
    expect(computeDeadline(1024, 10)).toEqual({
      index: 10,
      periodStart: 1024,
      open: 1624,
      close: 1684,
      last: 1683,
      challenge: 1604,
      faultCutoff: 1554,
      faultExpiration: 122_643,
      periodEnd: 3903,
    })
    expect(computeExpirationGrid(computeDeadline(1024, 10))).toEqual({ unit: 2880, offset: 1683 })
    expect([1553, 1554].map((e) => isCutoffPassed(computeDeadline(1024, 10), e))).toEqual([false, true])
    for (const wrong of [-1, 48]) expect(() => computeDeadline(0, wrong)).toThrow("0 to 47")
  })
  test("the next instance of a deadline has not closed, and the one before has", () => {
    fc.assert(
      fc.property(epoch, index, fc.nat(100_000), (start, i, later) => {
        const now = start + later
        const next = computeNextNotElapsed(computeDeadline(start, i), now)
        expect(now < next.close).toBe(true)
        expect(next.periodStart === start || now >= next.close - PROVING_PERIOD_EPOCHS).toBe(true)
      }),
    )
  })
  test("a deadline is open, disputable or compactable, one at a time, and none of them just before it opens", () => {
    fc.assert(
      fc.property(epoch, index, fc.nat(3 * PROVING_PERIOD_EPOCHS), (start, i, later) => {
        const now = start + later
        const next = computeNextNotElapsed(computeDeadline(start, i), now)
        const states = [isOpen(next, now), isDisputable(start, i, now), isCompactable(start, i, now)]
        const isNear = !isOpen(next, now) && now >= next.open - CHALLENGE_WINDOW_EPOCHS
        expect(states.filter(Boolean)).toHaveLength(isNear ? 0 : 1)
        expect(isMutable(start, i, now)).toBe(!isNear && !isOpen(next, now))
      }),
    )
  })
  test("nothing is disputable before the first period", () => expect(isDisputable(100, 0, 99)).toBe(false))
})

describe("deadline assignment", () => {
  const assign = (size: number, sectors: number, loads: (DeadlineLoad | null)[]) => [...assignDeadlines(loads, sectors, size)]
  // The cases of the source's own test, with partitions of 4.
  test.each<[string, number, (DeadlineLoad | null)[], number[]]>([
    ["fills a partition before it opens another", 10, [load(0), load(0)], [0, 0, 0, 0, 1, 1, 1, 1, 0, 0]],
    ["fills the open one first", 5, [load(0), null, null, load(1)], [3, 3, 3, 0, 0]],
    ["counts live partitions first", 1, [load(8), load(7, 5)], [1]],
    ["then all partitions", 1, [load(4, 4), load(4)], [1]],
    ["then takes the fullest", 1, [load(1), load(2)], [1]],
    ["dead sectors fill too", 1, [load(1), load(0, 2)], [1]],
    ["equally full: fewest live", 1, [load(1, 1), load(0, 2)], [1]],
  ])("%s", (_, sectors, loads, expected) => expect(assign(4, sectors, loads)).toEqual(expected))

  test("is balanced: empty deadlines end within one partition of each other, and at most one partition is open", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.nat(2000), fc.integer({ min: 1, max: 48 }), (size, sectors, deadlines) => {
        const counts = Array.from({ length: deadlines }, () => 0)
        const empty = counts.map(() => load(0))
        for (const d of assign(size, sectors, empty)) counts[d]++
        const partitions = counts.map((n) => Math.ceil(n / size))
        expect(Math.max(...partitions) - Math.min(...partitions)).toBeLessThanOrEqual(1)
        expect(counts.filter((n) => n % size !== 0).length).toBeLessThanOrEqual(1)
        expect(counts.reduce((a, b) => a + b, 0)).toBe(sectors)
      }),
    )
  })
  test("is the same one sector at a time", () => {
    const loads = fc.array(fc.record({ live: fc.nat(40), dead: fc.nat(40) }), { minLength: 1, maxLength: 10 })
    fc.assert(
      fc.property(loads, fc.nat(50), (start, sectors) => {
        const now = start.map((l) => ({ ...l }))
        const singly: number[] = []
        for (let i = 0; i < sectors; i++) {
          const [d] = assign(7, 1, now)
          now[d].live++
          singly.push(d)
        }
        expect(assign(7, sectors, start)).toEqual(singly)
      }),
    )
  })
  test("knows when there is no room", () => {
    const loads = (live: number, dead: number) => Array.from({ length: 48 }, () => load(live, dead))
    expect(assignDeadlines(loads(0, 0), 1200, 5, 5)).toHaveLength(1200)
    expect(() => assignDeadlines(loads(0, 0), 1201, 5, 5)).toThrow("limit of 5 partitions")
    expect(assignDeadlines(loads(1, 1), 1104, 5, 5)).toHaveLength(1104)
    expect(() => assignDeadlines(loads(1, 1), 1105, 5, 5)).toThrow(RangeError)
    expect(() => assignDeadlines([null, null], 1, 5, 5)).toThrow("no deadline is open")
  })
})

function load(live: number, dead = 0): DeadlineLoad {
  return { live, dead }
}

test("an instance goes through its phases once, in order, and they are what the predicates say", () => {
  fc.assert(
    fc.property(offset, epoch, (o, e) => {
      const d = computeDeadlineAt(o, e)
      const phases = ["declarable", "cut_off", "challenged", "open", "disputable", "over"]
      const edges = [d.faultCutoff, d.challenge, d.open, d.close, d.close + 1800]
      edges.forEach((edge, k) => expect([phaseAt(d, edge - 1), phaseAt(d, edge)]).toEqual([phases[k], phases[k + 1]]))
      expect(phaseAt(d, e)).toBe("open")
      expect(isOpen(d, e)).toBe(true)
      for (const at of edges) expect(isCutoffPassed(d, at)).toBe(phaseAt(d, at) !== "declarable")
      // Where periods repeat, the last closed instance is disputable just as long.
      for (const at of [d.close, d.close + 1799, d.close + 1800])
        expect(isDisputable(computePeriodStart(o, at), d.index, at)).toBe(phaseAt(d, at) === "disputable")
    }),
  )
})
