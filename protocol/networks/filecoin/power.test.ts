import fc from "fast-check"
import { describe, expect, test } from "vitest"
import {
  addPower,
  applyClaimDelta,
  computeNetworkPower,
  CONSENSUS_MINIMUM,
  meetsConsensusMinimum,
  NO_POWER,
  NO_TOTALS,
  type PowerPair,
} from "./power-table.ts"
import { computeQaBytes, computeQaBytesMax, computeQuality } from "./quality.ts"

describe("network power", () => {
  const rule = { minBytes: 100n, minMiners: 4 }
  const change = fc.record({ miner: fc.nat(6), raw: fc.bigInt(-150n, 150n), qa: fc.bigInt(-1500n, 1500n) })
  test("is at every moment what a recount gives, whatever was crossed", () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
        const claims: PowerPair[] = Array.from({ length: 7 }, () => NO_POWER)
        let totals = NO_TOTALS
        for (const { miner, raw, qa } of changes) {
          const next = addPower(claims[miner], { raw, qa })
          if (next.raw < 0n || next.qa < 0n) {
            expect(() => applyClaimDelta(totals, claims[miner], { raw, qa }, rule)).toThrow("cannot fall")
            continue
          }
          const applied = applyClaimDelta(totals, claims[miner], { raw, qa }, rule)
          totals = applied.totals
          claims[miner] = applied.claim
          const large = claims.filter((claim) => claim.raw >= rule.minBytes)
          expect(totals.minersAboveMin).toBe(large.length)
          const counted = large.length < rule.minMiners ? claims : large
          expect(computeNetworkPower(totals, rule)).toEqual(counted.reduce(addPower, NO_POWER))
        }
      }),
    )
  })
  test("a small miner takes part only while large ones are few", () => {
    const few = { ...NO_TOTALS, minersAboveMin: 3 }
    const enough = { ...NO_TOTALS, minersAboveMin: 4 }
    expect(CONSENSUS_MINIMUM).toEqual({ minBytes: 10_995_116_277_760n, minMiners: 4 })
    expect([0n, 1n, 10n << 40n].map((raw) => meetsConsensusMinimum(raw, few))).toEqual([false, true, true])
    expect([0n, (10n << 40n) - 1n, 10n << 40n].map((raw) => meetsConsensusMinimum(raw, enough))).toEqual([false, false, true])
  })
})

describe("quality", () => {
  const SIZE = 32n << 30n
  test("lies between one and ten, and grows with verified space", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5_000_000 }),
        fc.bigInt(0n, 10n ** 6n),
        fc.bigInt(0n, 10n ** 6n),
        (duration, a, b) => {
          const weight = (millionths: bigint) => (SIZE * BigInt(duration) * millionths) / 10n ** 6n
          const [low, high] = a < b ? [a, b] : [b, a]
          const [less, more] = [computeQaBytes(SIZE, duration, weight(low)), computeQaBytes(SIZE, duration, weight(high))]
          expect(SIZE <= less && less <= more && more <= computeQaBytesMax(SIZE)).toBe(true)
        },
      ),
    )
  })
  test("is one without and ten with nothing but verified data", () => {
    expect(computeQuality(SIZE, 518_400, 0n)).toBe(1n << 20n)
    expect(computeQuality(SIZE, 518_400, SIZE * 518_400n)).toBe(10n << 20n)
    expect(computeQaBytesMax(SIZE)).toBe(10n * SIZE)
    expect(() => computeQuality(SIZE, 0, 0n)).toThrow(RangeError)
  })
})
