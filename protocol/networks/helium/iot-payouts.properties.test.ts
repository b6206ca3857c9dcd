import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import * as decimal from "../../kernel/decimal.ts"
import { computeIotEpochPayouts, newIotPayoutColumns, payColumn } from "./iot-payouts.ts"
import {
  computeHip149DataRewards,
  computeIotEpochRewards,
  computeIotPools,
  IOT_SHARES,
  IOT_SHARES_HIP149,
  splitPool,
} from "./iot-pools.ts"

const share = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 8_000_000_000 }), fc.constantFrom(100_000_000, 300_000_000))
const row = fc.record({ beacon: share, witness: share, dc: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 10_000_000 })) })
const epoch = fc.record({
  emissions: fc.oneof(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 1, max: 500_000_000_000 })),
  price: fc.integer({ min: 1, max: 10_000_000_000 }),
  rows: fc.array(row, { maxLength: 40 }),
})
type Epoch = typeof epoch extends fc.Arbitrary<infer T> ? T : never

const priceOf = (e: Epoch) => decimal.make(BigInt(e.price), 16)
const columnsOf = (e: Epoch) => ({
  emissionsBones: e.emissions,
  pricePerBone: priceOf(e),
  length: e.rows.length,
  beaconSharesE8: e.rows.map((r) => r.beacon),
  witnessSharesE8: e.rows.map((r) => r.witness),
  dc: e.rows.map((r) => r.dc),
})
const bigints = (column: Float64Array) => Array.from(column, BigInt)
const gatewaysOf = (e: Epoch) =>
  e.rows.map((r) => ({
    beaconUnits: decimal.make(BigInt(r.beacon), 8),
    witnessUnits: decimal.make(BigInt(r.witness), 8),
    dc: decimal.make(BigInt(r.dc)),
  }))

describe("columns pay what the decimal rule pays, bone for bone", () => {
  test("before HIP-149", () =>
    fc.assert(
      fc.property(epoch, (e) => {
        const out = newIotPayoutColumns(e.rows.length)
        const totals = computeIotEpochPayouts(columnsOf(e), out)
        const rule = computeIotEpochRewards(decimal.make(BigInt(e.emissions)), priceOf(e), gatewaysOf(e))
        expect(bigints(out.beacon)).toEqual(rule.beacon)
        expect(bigints(out.witness)).toEqual(rule.witness)
        expect(bigints(out.dataTransfer)).toEqual(rule.dataTransfer)
        expect(totals.unallocated).toBe(rule.unallocated)
      }),
      { numRuns: 400 },
    ))
  test("after HIP-149", () =>
    fc.assert(
      fc.property(epoch, (e) => {
        const out = newIotPayoutColumns(e.rows.length)
        computeIotEpochPayouts(columnsOf(e), out, IOT_SHARES_HIP149)
        const dc = gatewaysOf(e).map((gateway) => gateway.dc)
        const rule = computeHip149DataRewards(decimal.make(BigInt(e.emissions)), priceOf(e), dc)
        expect(bigints(out.dataTransfer)).toEqual(rule)
      }),
      { numRuns: 200 },
    ))
  test("a pool of any size over shares of any size", () => {
    const pool = fc.record({ units: fc.bigInt({ min: 0n, max: 10n ** 32n }), scale: fc.integer({ min: 17, max: 20 }) })
    const shares = fc.array(fc.integer({ min: 0, max: 2 ** 53 - 1 }), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(pool, shares, (amount, list) => {
        const out = new Float64Array(list.length)
        const paid = payColumn(amount, list, 8, list.length, out)
        const rule = splitPool(
          amount,
          list.map((s) => decimal.make(BigInt(s), 8)),
        )
        expect(bigints(out)).toEqual(rule)
        expect(paid).toBe(rule.reduce((a, b) => a + b, 0n))
      }),
      { numRuns: 400 },
    )
  })
})

describe("laws of an epoch", () => {
  test("paid + unallocated = the three pools, floored", () =>
    fc.assert(
      fc.property(epoch, (e) => {
        const { beacon, witness, dataTransfer, unallocated } = computeIotEpochPayouts(
          columnsOf(e),
          newIotPayoutColumns(e.rows.length),
        )
        expect(beacon + witness + dataTransfer + unallocated).toBe((BigInt(e.emissions) * 80n) / 100n)
      }),
    ))
  test("data is never paid more than the value of its credits, nor more than half the epoch", () =>
    fc.assert(
      fc.property(epoch, (e) => {
        const { dataTransfer } = computeIotEpochPayouts(columnsOf(e), newIotPayoutColumns(e.rows.length))
        const dc = e.rows.reduce((sum, r) => sum + BigInt(r.dc), 0n)
        expect(dataTransfer * 2n <= BigInt(e.emissions)).toBe(true)
        expect(dataTransfer * BigInt(e.price) <= dc * 10n ** 11n + BigInt(e.price)).toBe(true)
      }),
    ))
  test("the pools of an epoch sum to 94% of it, before HIP-149 and after", () =>
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), (bones) => {
        for (const shares of [IOT_SHARES, IOT_SHARES_HIP149]) {
          const pools = Object.values(computeIotPools(decimal.make(bones), decimal.zero, shares))
          const total = pools.reduce(decimal.add, decimal.zero)
          expect(decimal.compare(total, decimal.mul(decimal.make(bones), decimal.parse("0.94")))).toBe(0)
        }
      }),
    ))
})

test("given no shares at all, then everything is unallocated", () => {
  const none = computeIotEpochPayouts(columnsOf({ emissions: 1000, price: 1, rows: [] }), newIotPayoutColumns(0))
  expect(none).toEqual({ beacon: 0n, witness: 0n, dataTransfer: 0n, operations: 70n, oracles: 70n, unallocated: 800n })
})

test("an epoch without a price is refused", () =>
  expect(() => computeIotEpochPayouts(columnsOf({ emissions: 1, price: 0, rows: [] }), newIotPayoutColumns(0))).toThrow(
    RangeError,
  ))
