import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { nextBaseFeeByGas } from "./base-fee.ts"
import { BACKLOG_MEGA_MAX, BASE_FEE_CEILING, BLOCK_MEGA_GAS, walkGas, type GasHalfHour } from "./gas-market.ts"

const quiet: GasHalfHour = {
  blocks: Array.from({ length: 60 }, () => 5),
  arrivingMega: 60 * 1000,
  backlogMega: 0,
  baseFeeAtto: 100n,
  isByPremium: false,
  premiumAtto: 10n,
  urgentPermille: 250n,
}

describe("half an hour of gas", () => {
  test("below the target the base fee stays at its least, and everything gets in", () =>
    expect(walkGas(quiet)).toEqual({
      usedMega: 60_000,
      backlogMega: 0,
      baseFeeAtto: 100n,
      burnPerMegaAtto: 100n * 1_000_000n,
      tipPerMegaAtto: 10n * 1_000_000n,
    }))
  test("full blocks raise it by an eighth a tipset, and what does not fit waits", () => {
    const full = walkGas({ ...quiet, baseFeeAtto: 1_000_000n, arrivingMega: 60 * 60_000 })
    let fee = 1_000_000n
    for (let e = 0; e < 60; e++) fee = nextBaseFeeByGas(fee, 50_000_000_000n, 5)
    expect([full.baseFeeAtto, full.usedMega, full.backlogMega]).toEqual([fee, 60 * 50_000, 60 * 10_000])
  })
  test("by premium it follows what is bid: nothing urgent, nothing rises; more waiting than fits, and it rises", () => {
    const by = (mega: number) => walkGas({ ...quiet, isByPremium: true, baseFeeAtto: 1_000_000n, arrivingMega: 60 * mega })
    expect(by(40_000).baseFeeAtto).toBeLessThan(1_000_000n)
    expect(by(60_000).baseFeeAtto).toBeGreaterThan(1_000_000n)
    // By gas alone the first would have raised it: blocks are above their target.
    expect(walkGas({ ...quiet, baseFeeAtto: 1_000_000n, arrivingMega: 60 * 40_000 }).baseFeeAtto).toBeGreaterThan(1_000_000n)
  })
  test("null rounds take nothing and leave the base fee; without a block all of it waits", () => {
    const blocks = quiet.blocks as number[]
    const none = walkGas({ ...quiet, blocks: blocks.map(() => 0), backlogMega: 7 })
    expect(none).toEqual({ usedMega: 0, backlogMega: 60_007, baseFeeAtto: 100n, burnPerMegaAtto: 0n, tipPerMegaAtto: 0n })
    const half = walkGas({ ...quiet, baseFeeAtto: 10n ** 9n, blocks: blocks.map((b, e) => (e < 30 ? 0 : b)) })
    const whole = walkGas({ ...quiet, baseFeeAtto: 10n ** 9n })
    expect(half.baseFeeAtto).toBeGreaterThan(whole.baseFeeAtto)
  })
  test("gas is neither lost nor made, no tipset takes more than its blocks, and fees keep to their bounds", () => {
    const any = fc.record({
      blocks: fc.array(fc.nat(12), { minLength: 60, maxLength: 60 }),
      arrivingMega: fc.nat(10_000_000),
      backlogMega: fc.nat(10_000_000),
      baseFeeAtto: fc.bigInt(0n, 10n ** 13n),
      isByPremium: fc.boolean(),
      premiumAtto: fc.bigInt(0n, 10n ** 9n),
      urgentPermille: fc.bigInt(0n, 10_000n),
    })
    fc.assert(
      fc.property(any, (of) => {
        const out = walkGas(of)
        const room = of.blocks.reduce((sum, b) => sum + b, 0) * BLOCK_MEGA_GAS
        expect(out.usedMega).toBeLessThanOrEqual(room)
        expect(out.usedMega + out.backlogMega).toBe(of.arrivingMega + of.backlogMega)
        expect(out.backlogMega).toBeLessThanOrEqual(BACKLOG_MEGA_MAX)
        expect(out.baseFeeAtto >= 100n && out.baseFeeAtto <= BASE_FEE_CEILING).toBe(true)
        expect(out.burnPerMegaAtto <= BASE_FEE_CEILING * 1_000_000n).toBe(true)
      }),
    )
  })
})
