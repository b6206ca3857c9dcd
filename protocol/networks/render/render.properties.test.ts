/** Laws: what holds of jobs, pay and points whatever happens. */
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { DAY, HOUR } from "../../kernel/clock.ts"
import { Report } from "../../kernel/invariant.ts"
import type { Fact } from "../../kernel/row-type.ts"
import { specify } from "../../kernel/specify.ts"
import { computeAvailabilityPoints, computeHighNodePenalty } from "./availability.ts"
import type { Commands } from "./commands.ts"
import { BME_BEGIN_S } from "./emission.ts"
import { computeFrameState } from "./frame-state.ts"
import { render } from "./index.ts"
import { RENDERING } from "./units.ts"
import { frameMicroCredit, frameSeconds, splitPool } from "./work.ts"

const T = BME_BEGIN_S + 101 * 7 * DAY
type Ask = Fact<Commands>
const NODES = 4

/** Anything people may do to a few jobs on a few nodes; refusals are part of it. */
const anyAsk: fc.Arbitrary<(atS: number) => Ask> = fc.oneof(
  { weight: 6, arbitrary: fc.constant((atS: number): Ask => ({ type: "MatchFrames", atS })) },
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.nat(NODES - 1), fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 3 }))
      .map(([node, frames, failed]) => (atS: number): Ask => ({ type: "DeliverFrames", node, frames, failed, atS })),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.nat(NODES - 1), fc.integer({ min: 1, max: 30 }), fc.constantFrom(2, 3), fc.integer({ min: 1, max: 3 }))
      .map(([creator, frames, tier, maxGpus]) => (atS: number): Ask => ({
        type: "SubmitJob",
        creator,
        tier,
        vramClass: 0,
        maxGpus,
        frames,
        milliObh: 50_000,
        deadlineS: atS + DAY,
        atS,
      })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.nat(5), fc.nat(8), fc.integer({ min: 1, max: 8 }))
      .map(([job, delivery, frames]) => (atS: number): Ask => ({ type: "RejectFrames", job, delivery, frames, atS })),
  },
  {
    weight: 2,
    arbitrary: fc.nat(5).map((job) => (atS: number): Ask => ({ type: "ApproveFrames", job, atS })),
  },
  {
    weight: 1,
    arbitrary: fc.nat(5).map((job) => (atS: number): Ask => ({ type: "CancelJob", job, atS })),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.nat(NODES - 1), fc.constantFrom(1, 2)).map(([node, cause]) => (atS: number): Ask => ({
      type: "DropNode",
      node,
      cause,
      atS,
    })),
  },
  {
    weight: 2,
    arbitrary: fc.nat(NODES - 1).map((node) => (atS: number): Ask => ({ type: "ConnectNode", node, atS })),
  },
)

const begin = () =>
  specify(render, { nodes: NODES, params: { framesPerMatch: 5 }, ports: { geometry: {} as never } })().when(
    { type: "OpenRound", atS: T },
    { type: "PostPrice", priceMicroUsd: 2_000_000, eurUsdE6: 1_100_000, atS: T },
    ...Array.from({ length: NODES }, (_, node): readonly Ask[] => [
      {
        type: "RegisterNode",
        node,
        wallet: 0,
        kind: RENDERING,
        ob: node < 2 ? 700 : 300,
        vramGb: 24,
        ramGb: 64,
        multiplierPermille: 1000,
        sinceS: T - DAY,
        atS: T,
      },
      { type: "ConnectNode", node, atS: T },
      { type: "BuyCredits", creator: node, microCredit: 60_000_000, atS: T },
    ]).flat(),
  )

describe("whatever is done to jobs", () => {
  test("every frame is in one place, is paid at most once, and every token is accounted for", () => {
    fc.assert(
      fc.property(fc.array(anyAsk, { minLength: 20, maxLength: 120 }), (asks) => {
        let s = begin()
        let approvedBefore = 0
        asks.forEach((ask, i) => {
          s = s.when(ask(T + i * 600))
          if (i % 12 === 11) s = s.settle("hour", T + i * 600 + 600 - ((i * 600 + 600) % HOUR))
          expect(s.state.service.approved[0]).toBeGreaterThanOrEqual(approvedBefore)
          approvedBefore = s.state.service.approved[0]
        })
        s = s.when({ type: "OpenRound", atS: T + 7 * DAY }).settle("hour", T + 7 * DAY)
        const report = new Report()
        for (const name of Object.keys(render.invariants)) render.invariants[name].check(s.state, report.within(name))
        expect(report.broken).toEqual([])
      }),
      { numRuns: 60 },
    )
  })
})

describe("rules", () => {
  const whole = fc.bigInt(0n, 10n ** 15n)
  test("shares never exceed the pool, keep the order of work, and leave less than a unit a wallet", () => {
    fc.assert(
      fc.property(whole, fc.array(whole, { maxLength: 40 }), (pool, work) => {
        const shares = splitPool(pool, work)
        const paid = shares.reduce((a, b) => a + b, 0n)
        expect(paid <= pool).toBe(true)
        const total = work.reduce((a, b) => a + b, 0n)
        if (total > 0n) expect(pool - paid < BigInt(work.length)).toBe(true)
        for (let i = 1; i < work.length; i++) if (work[i] >= work[i - 1]) expect(shares[i] >= shares[i - 1]).toBe(true)
      }),
    )
  })
  test("points grow with strength and idleness, and never with nodes on the wallet", () => {
    const own = fc.record({ ob: fc.nat(3000), vramGb: fc.nat(100), ageDays: fc.nat(2000) })
    const average = { ob: 600, vramGb: 20, ageDays: 400 }
    fc.assert(
      fc.property(own, fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 500 }), (a, nodes, more) => {
        const points = computeAvailabilityPoints(1, a, average, nodes)
        expect(points).toBeGreaterThanOrEqual(0)
        expect(computeAvailabilityPoints(1, { ...a, ob: a.ob + more }, average, nodes)).toBeGreaterThanOrEqual(points)
        expect(computeAvailabilityPoints(0.5, a, average, nodes)).toBeLessThanOrEqual(points)
        expect(computeHighNodePenalty(nodes + 1)).toBeLessThanOrEqual(computeHighNodePenalty(nodes))
      }),
    )
  })
  test("a frame's price covers its work, a faster card is never slower, and more silence never undoes an approval", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000_000 }),
        fc.integer({ min: 1, max: 19_999 }),
        fc.nat(200),
        (work, ob, hours) => {
          expect(frameMicroCredit(work, 100) * 100).toBeGreaterThanOrEqual(work * 1000)
          expect(frameSeconds(work, ob + 1)).toBeLessThanOrEqual(frameSeconds(work, ob))
          if (computeFrameState(hours, false, 0) === "approved") expect(computeFrameState(hours + 1, false, 0)).toBe("approved")
        },
      ),
    )
  })
})
