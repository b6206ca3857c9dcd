/** Laws of Mobile: the columns pay what the plain rules say, reach and rank are what they are without short cuts. */
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { h3Geometry } from "../../boundary/geometry.ts"
import * as decimal from "../../kernel/decimal.ts"
import { isCell } from "../../kernel/geometry.ts"
import { filled, table, type Table } from "../../kernel/table.ts"
import { CoveragePatch } from "./inhabit-patch.ts"
import { assignmentIndex, assignmentOf } from "./mobile-assignment.ts"
import { computeHexPoints, type RadioDay } from "./mobile-coverage.ts"
import { CoverageMap, IN_MAP, QUALIFIED } from "./mobile-map.ts"
import { payCoverage, payData, payFractions, payResidual, sumFractions } from "./mobile-payouts.ts"
import { computeBoostedRewards, computeDataTransfer } from "./mobile-pools.ts"
import { MODELED_POINTS, RADIO_TYPES, SIGNAL_LEVELS, isIndoor } from "./mobile-radio.ts"
import { rankRadios } from "./mobile-rank.ts"
import { cellOf, computeMetres, isCoverageCell, isWithinReach, parent9Hi, parent9Lo } from "./mobile-reach.ts"
import { assignmentShape, boostShape, coverageShape, radioShape } from "./state-mobile.ts"
import { splitMobileData } from "./backstop.ts"
import { PLACES, type Place } from "./story.ts"
import { siblings } from "./story-mobile.ts"

const { home, cells0, cells7, km20 } = PLACES
const bytes = (list: readonly number[]) => Uint8Array.from(list)

describe("cells", () => {
  const words = (cell: bigint) => [Number(cell >> 32n), Number(cell & 0xffff_ffffn)] as const
  test("of resolution 12 are what the kernel calls cells", () =>
    fc.assert(
      fc.property(
        fc.oneof(
          fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
          // Bases, digits and what lies below them, mostly right.
          fc
            .tuple(fc.nat(130), fc.array(fc.nat(7), { minLength: 12, maxLength: 12 }), fc.constantFrom(511n, 510n, 12n))
            .map(
              ([base, digits, rest]) =>
                (1n << 59n) |
                (12n << 52n) |
                (BigInt(base % 128) << 45n) |
                (digits.reduce((all, d) => (all << 3n) | BigInt(d), 0n) << 9n) |
                rest,
            ),
        ),
        (cell) => {
          const [hi, lo] = words(cell)
          expect(isCoverageCell(hi, lo)).toBe(isCell(cell) && ((cell >> 52n) & 15n) === 12n)
          if (isCoverageCell(hi, lo)) expect(cellOf(parent9Hi(hi), parent9Lo(lo))).toBe(h3Geometry.parent(cell, 9))
        },
      ),
      { numRuns: 500 },
    ))
  test("a patch is as many different cells as asked for, in order, its own the nearest", () =>
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(PLACES)), fc.integer({ min: 1, max: 500 }), (place, size) => {
        const patch = new CoveragePatch(size)
        patch.around(place.hexHi, place.hexLo)
        expect(patch.length).toBe(size)
        const cells = Array.from(patch.hexHi, (hi, k) => cellOf(hi, patch.hexLo[k]))
        for (const [k, cell] of cells.entries()) {
          expect(isCell(cell)).toBe(true)
          if (k > 0) expect(cell > cells[k - 1]).toBe(true)
        }
        expect(cells[patch.nearness.indexOf(0)]).toBe(cellOf(place.hexHi, place.hexLo))
      }),
      { numRuns: 40 },
    ))
  test("reach is the furthest cell's distance, block by block as cell by cell", () =>
    fc.assert(
      fc.property(
        fc.constantFrom<Place>(home, cells7, km20),
        fc.constantFrom<Place>(home, cells0, km20),
        fc.integer({ min: 1, max: 400 }),
        fc.oneof(fc.nat(1500), fc.integer({ min: 19_000, max: 22_000 })),
        (from, around, size, limit) => {
          const patch = new CoveragePatch(size)
          patch.around(around.hexHi, around.hexLo)
          const anchor = cellOf(from.hexHi, from.hexLo)
          const furthest = Math.max(
            ...Array.from(patch.hexHi, (hi, k) => computeMetres(anchor, cellOf(hi, patch.hexLo[k]), h3Geometry)),
          )
          const isWithin = isWithinReach(anchor, patch.hexHi, patch.hexLo, 0, patch.length, limit, h3Geometry)
          expect(isWithin).toBe(furthest < limit)
        },
      ),
      { numRuns: 60 },
    ))
})

/** A radio of a random map: its hexes are siblings 0 to 6 of one place, one level and power each. */
const anyRadio = fc.record({
  kind: fc.integer({ min: 1, max: 4 }),
  seniorityS: fc.nat(2),
  isInMap: fc.boolean(),
  isQualified: fc.boolean(),
  hexes: fc.uniqueArray(
    fc.record({ digit: fc.nat(6), powerDdbm: fc.integer({ min: -2, max: 0 }), level: fc.constantFrom(0, 2) }),
    { selector: (h) => h.digit, maxLength: 7 },
  ),
})

describe("the map", () => {
  test("ranks and sums what the plain rules rank and sum, hex by hex, whatever came before", () => {
    const map = new CoverageMap()
    let version = 0
    fc.assert(
      fc.property(
        fc.array(anyRadio, { maxLength: 9 }),
        fc.nat(26).map(assignmentOf),
        fc.constantFrom("2025-03" as const, "2026-07" as const),
        fc.option(fc.record({ digit: fc.nat(6), multiplier: fc.integer({ min: 1, max: 9 }), kind: fc.nat(4) })),
        (radios, assignment, rules, boosted) => {
          const cells = siblings(home)
          const radio = filled(radioShape, radios.length)
          const coverage = table(coverageShape, 100)
          const assigned = filled(assignmentShape, 1)
          assigned.hexHi[0] = parent9Hi(home.hexHi)
          assigned.hexLo[0] = parent9Lo(home.hexLo)
          assigned.index[0] = assignmentIndex(assignment)
          const boosts = filled(boostShape, boosted === null ? 0 : 1)
          if (boosted !== null) {
            boosts.hexHi[0] = home.hexHi
            boosts.hexLo[0] = cells[boosted.digit].hexLo
            boosts.kind[0] = boosted.kind
            boosts.multiplier[0] = boosted.multiplier
            boosts.untilS[0] = 10
          }
          const flags = new Uint8Array(radios.length)
          radios.forEach((r, k) => {
            radio.node[k] = radios.length - k
            radio.kind[k] = r.kind
            radio.seniorityS[k] = r.seniorityS
            radio.hexBegin[k] = coverage.length
            radio.hexes[k] = r.hexes.length
            for (const h of r.hexes) {
              const row = coverage.length++
              coverage.hexHi[row] = home.hexHi
              coverage.hexLo[row] = cells[h.digit].hexLo
              coverage.powerDdbm[row] = h.powerDdbm
              coverage.level[row] = h.level
            }
            flags[k] = r.isInMap ? IN_MAP | (r.isQualified && r.kind <= 2 ? QUALIFIED : 0) : 0
          })
          coverage.version = assigned.version = ++version
          const points = new Float64Array(20)
          RADIO_TYPES.forEach((type, k) =>
            SIGNAL_LEVELS.forEach((level, l) => (points[(k + 1) * 4 + l] = MODELED_POINTS[rules][type][level] ?? 0)),
          )
          const rule = {
            points,
            outdoorRanksE2: [100, 50, 25] as const,
            footfallCE2: rules === "2025-03" ? 0 : 3,
            isAssigned: true,
          }
          map.rank({ radio, coverage, assignment: assigned, boost: boosts }, flags, 5, rule)
          radios.forEach((r, k) => {
            const type = RADIO_TYPES[r.kind - 1]
            const day: RadioDay = {
              rules,
              radioType: type,
              status: r.isQualified ? "Qualified" : "Eligible",
              hasSubscribers: true,
              speedtest: "Good",
              trust: [],
              hexes: r.hexes.map((h) => {
                // Everybody in the map on this hex, in the order of nodes: the higher row has the lower node here.
                const there = radios
                  .map((other, index) => ({ other, index, hex: other.hexes.find((o) => o.digit === h.digit) }))
                  .filter((x) => x.other.kind === r.kind && x.other.isInMap && x.hex !== undefined)
                  .toReversed()
                const order = rankRadios(
                  there.map((x) => ({
                    signalPower: isIndoor(type) ? -x.hex!.level : x.hex!.powerDdbm,
                    claimedAtS: x.other.seniorityS,
                  })),
                )
                const boostHere = boosted !== null && boosted.digit === h.digit && (boosted.kind === 0 || boosted.kind === r.kind)
                return {
                  count: 1,
                  signal: SIGNAL_LEVELS[h.level],
                  rank: order.findIndex((place) => there[place].index === k) + 1,
                  assignment,
                  spOverride: false,
                  boost: boostHere ? boosted.multiplier : 0,
                }
              }),
            }
            const { baseE4, boostedE4 } = computeHexPoints(day, true)
            expect([map.baseE4[k], map.boostedE4[k]]).toEqual(r.isInMap ? [baseE4, boostedE4] : [0, 0])
          })
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe("payouts over columns", () => {
  const anyWeight = fc.record({
    weight: fc.oneof(
      fc.nat(50),
      fc.nat(1_000_000_000),
      fc.maxSafeNat().map((n) => n % 2 ** 52),
    ),
    count: fc.nat(24),
  })
  const weights = (list: readonly { weight: number; count: number }[]) => ({
    weight: Float64Array.from(list, (w) => w.weight),
    count: bytes(list.map((w) => w.count)),
    length: list.length,
  })
  const pool = fc
    .tuple(fc.bigInt({ min: 0n, max: 2n ** 53n - 1n }), fc.constantFrom(1n, 100n))
    .map(([above, below]) => ({ above, below }))
  test("are floor(pool · fraction / total), exactly", () =>
    fc.assert(
      fc.property(pool, fc.array(anyWeight, { maxLength: 30 }), (p, list) => {
        const w = weights(list)
        const out = new Float64Array(list.length)
        const total = sumFractions(w)
        const paid = payFractions(p, w, total, out)
        const lcm = 5_354_228_880n
        const parts = list.map(({ weight, count }) => (count === 0 ? 0n : (BigInt(weight) * lcm) / BigInt(count)))
        const sum = parts.reduce((a, b) => a + b, 0n)
        expect(total).toBe(sum)
        expect(Array.from(out, BigInt)).toEqual(parts.map((part) => (sum === 0n ? 0n : (p.above * part) / (p.below * sum))))
        expect(paid <= p.above / p.below).toBe(true)
      }),
      { numRuns: 500 },
    ))
  test("with boosts are the plain rule's", () =>
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 14n }),
        fc.bigInt({ min: 0n, max: 10n ** 14n }),
        fc.array(fc.record({ base: fc.nat(1e9), boosted: fc.nat(1e9) }), { maxLength: 12 }),
        (poc, boosted, list) => {
          const make = (of: "base" | "boosted") => weights(list.map((r) => ({ weight: r[of], count: 1 })))
          const out = { base: new Float64Array(list.length), boosted: new Float64Array(list.length) }
          payCoverage({ above: poc, below: 1n }, { above: boosted, below: 1n }, make("base"), make("boosted"), out)
          const plain = computeBoostedRewards(
            decimal.make(poc),
            decimal.make(boosted),
            list.map((r) => ({ base: decimal.make(BigInt(r.base)), boosted: decimal.make(BigInt(r.boosted)) })),
          )
          expect(list.map((_, k) => BigInt(out.base[k]) + BigInt(out.boosted[k]))).toEqual(plain)
        },
      ),
      { numRuns: 300 },
    ))
  test("for data are the plain rule's, and HIP-149's", () =>
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 14n }),
        fc.array(fc.nat(2 ** 31), { maxLength: 12 }),
        fc.integer({ min: 1, max: 10_000_000_000 }),
        (emissions, dc, priceE8Usd) => {
          const out = new Float64Array(dc.length)
          payData({ above: emissions * 40n, below: 100n }, dc, dc.length, priceE8Usd, 100_000_000n, out)
          const credits = dc.map((n) => decimal.make(BigInt(n)))
          const price = decimal.make(BigInt(priceE8Usd), 16)
          const { values, demand, spent } = computeDataTransfer(decimal.make(emissions), credits, price)
          const isOver = decimal.compare(demand, spent) > 0
          const plain = values.map((value) =>
            isOver
              ? (spent.units * value.units * decimal.tenTo(demand.scale)) /
                (demand.units * decimal.tenTo(spent.scale + value.scale))
              : decimal.toUnits(value, 0, "floor"),
          )
          expect(Array.from(out, BigInt)).toEqual(plain)
          payResidual(emissions, dc, dc.length, out)
          expect(Array.from(out, BigInt)).toEqual(splitMobileData(decimal.make(emissions), dc.map(BigInt)).rewards)
        },
      ),
      { numRuns: 300 },
    ))
})

test("a map of nobody is empty", () => {
  const none: Table<typeof radioShape> = table(radioShape, 0)
  const map = new CoverageMap().rank(
    { radio: none, coverage: table(coverageShape, 0), assignment: table(assignmentShape, 0), boost: table(boostShape, 0) },
    new Uint8Array(0),
    0,
    { points: new Float64Array(20), outdoorRanksE2: [100, 50, 25], footfallCE2: 0, isAssigned: true },
  )
  expect([map.hexes, map.hexesCovered]).toEqual([0, 0])
})
