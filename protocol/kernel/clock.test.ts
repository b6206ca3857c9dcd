import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { DAY, HOUR, MINUTE, nextMultiple, tickEnd } from "./clock.ts"

describe("tickEnd", () => {
  const begin = 1_700_000_000
  const time = fc.integer({ min: begin, max: begin + 2 * DAY })
  const every = fc.constantFrom(1, 5, 7, MINUTE, HOUR)
  const window = fc.record({ fromS: time, toS: time, everySeconds: every }).filter((w) => w.fromS < w.toS)

  it("moves forward, to the nearest of everything that may change the world", () => {
    fc.assert(
      fc.property(
        time,
        fc.integer({ min: 1, max: DAY }),
        fc.constantFrom(MINUTE, HOUR, DAY),
        fc.array(window, { maxLength: 4 }),
        fc.array(fc.constantFrom(MINUTE, 90, HOUR, DAY), { maxLength: 3 }),
        fc.array(time, { maxLength: 5 }),
        (at, span, fallback, windows, cadences, moments) => {
          const endS = at + span
          const end = tickEnd(at, endS, fallback, windows, cadences, moments)
          const finest = Math.min(fallback, ...windows.filter((w) => w.fromS <= at && at < w.toS).map((w) => w.everySeconds))
          const stops = [
            endS,
            ...moments,
            ...windows.flatMap((w) => [w.fromS, w.toS]),
            ...[finest, ...cadences].map((c) => nextMultiple(at, c)),
          ]
          expect(end).toBe(Math.min(...stops.filter((s) => s > at)))
        },
      ),
    )
  })

  it("a walk meets every cadence, edge and moment exactly once, and ends at the end", () => {
    fc.assert(
      fc.property(fc.array(window, { maxLength: 3 }), fc.array(time, { maxLength: 5 }), (windows, moments) => {
        const endS = begin + 6 * HOUR
        const coarse = windows.map((w) => ({ ...w, everySeconds: Math.max(w.everySeconds, MINUTE) }))
        const met = new Set<number>()
        for (let at = begin; at < endS;) {
          at = tickEnd(at, endS, 10 * MINUTE, coarse, [HOUR], moments)
          expect(met.has(at)).toBe(false)
          met.add(at)
        }
        expect(Math.max(...met)).toBe(endS)
        for (let h = nextMultiple(begin, HOUR); h <= endS; h += HOUR) expect(met.has(h)).toBe(true)
        for (const m of [...moments, ...windows.flatMap((w) => [w.fromS, w.toS])])
          if (m > begin && m <= endS) expect(met.has(m)).toBe(true)
      }),
    )
  })

  it("the next multiple is strictly later", () => {
    expect([nextMultiple(0, 60), nextMultiple(59, 60), nextMultiple(60, 60)]).toEqual([60, 60, 120])
  })
})
