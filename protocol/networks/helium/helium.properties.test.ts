/**
 * The hot path held to the plain rules: whatever decide-witness.ts does to be fast, it must answer as witness-checks.ts,
 * witness-selection.ts and reward-units.ts do, book for book.
 */
import fc from "fast-check"
import { latLngToCell } from "h3-js"
import { describe, expect, test } from "vitest"
import { h3Geometry } from "../../boundary/geometry.ts"
import { HOUR } from "../../kernel/clock.ts"
import * as decimal from "../../kernel/decimal.ts"
import type { Fact } from "../../kernel/row-type.ts"
import { specify } from "../../kernel/specify.ts"
import type { Commands } from "./commands.ts"
import { greatCircleMetres } from "./distance.ts"
import { assert, beacon, CHANNEL_HZ, configure, measurePath, register, T0, witness, type Place } from "./examples.ts"
import { helium } from "./index.ts"
import { params } from "./params.ts"
import { channelLossNanoDb, powerNanoDb, signalNanoDb, spaceLossNanoDb, wholeGainNanoDb } from "./radio-loss.ts"
import { computeRewardUnits } from "./reward-units.ts"
import type { State } from "./state.ts"
import {
  computeCellDistanceM,
  computeExpectedRssiDbm,
  verifyEdge,
  verifyWitnessFrequency,
  verifyWitnessLag,
  verifyWitnessMaxDistance,
  verifyWitnessMinCells,
  verifyWitnessRssi,
  WITNESS_CELL_RES,
} from "./witness-checks.ts"
import { findRedundantWitnesses, selectWitnesses } from "./witness-selection.ts"

/** Entropies are issued at T, the beacon comes five seconds later. */
const T = T0 + 100 * HOUR
const SENT = T + 5
const int = (min: number, max: number) => fc.integer({ min, max })

const cellAt = (north: number, east: number): bigint => BigInt(`0x${latLngToCell(48 + north / 1e4, 11 + east / 1e4, 12)}`)
const placeOf = (cell: bigint): Place => ({
  hexHi: Number(cell >> 32n),
  hexLo: Number(cell & 0xffff_ffffn),
  ...h3Geometry.centre(cell),
})
/** In a square of about 2 km, so that many pairs are near; some far off, beyond the horizon too. */
const place = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(int(0, 180), int(0, 270)) },
  { weight: 1, arbitrary: fc.tuple(int(7000, 9300), int(0, 100)) },
)
/** `usual`, but for one in `n`. */
const mostly = <V, W>(usual: V, n: number, other: fc.Arbitrary<W>): fc.Arbitrary<V | W> =>
  fc.oneof({ weight: n - 1, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: other })
const hotspot = (n: number) =>
  fc.record({
    place,
    known: mostly(1, n, fc.constant(0)),
    asserted: mostly(1, n, fc.constant(0)),
    denied: mostly(0, n, fc.constant(1)),
    capable: mostly(1, n, fc.constant(0)),
    region: mostly(0, n, fc.constant(1)),
    /** Where it stood at first, when it has moved since. */
    before: mostly(undefined, n, place),
    gainDdbi: fc.oneof(int(-1000, 1000), fc.constantFrom(12, 58, -9, 19)),
    /** Seconds before the beacon that it was last heard; 0 is never. */
    heardAgo: mostly(HOUR, n, fc.constantFrom(0, 48 * HOUR, 48 * HOUR + 1)),
  })
const HOTSPOTS = 24
const EDGES_MS = [
  -5001, -5000, -101, -100, 1399, 1400, 1401, 1500, 3999, 4000, 4001, 25_999, 26_000, 60_000, 60_001, 175_999, 176_000,
]
const report = (n: number) =>
  fc.record({
    witness: int(0, HOTSPOTS),
    lagMs: fc.oneof(
      { weight: n, arbitrary: int(0, 60).map((k) => 20 * k) },
      { weight: 1, arbitrary: fc.constantFrom(...EDGES_MS) },
    ),
    /** Tenths of dBm above the loudest that free space allows; no louder than a column holds. */
    louder: mostly(-200, n, fc.constantFrom(-1, 0, 1, 2)),
    off: mostly(0, n, fc.constantFrom(-100_001, -100_000, 100_000, 100_001)),
    payload: mostly(1, n, fc.constant(0)),
    hint: fc.oneof(
      { weight: 6, arbitrary: fc.constant("right" as const) },
      fc.constantFrom("stale", "none"),
      int(0, HOTSPOTS * HOTSPOTS),
    ),
  })
const rules = fc.record({
  witnessesMax: fc.constantFrom(1, 3, 5, 14),
  exclusionCells: fc.constantFrom(0, 3, 8, 16),
  reciprocitySeconds: fc.constantFrom(0, HOUR, 48 * HOUR),
  entropyLifespanSeconds: fc.constantFrom(30, 180),
  lagAfterBeaconMs: fc.constantFrom(4000, 60_000),
  distanceMinCells: fc.constantFrom(0, 4, 8),
  distanceMaxKm: fc.constantFrom(1, 90, 100),
  unitsDesired: fc.constantFrom(1, 4, 10),
  unitsDecayPermille: fc.constantFrom(1, 800, 1000),
  unitsCapMilli: fc.constantFrom(0, 1500, 2000),
})
/** One fault in `n`: a book of orderly people, where selection decides, or of all sorts, where checks do. */
const bookOf = (
  n: number,
  reports: fc.Arbitrary<readonly (ReturnType<typeof report> extends fc.Arbitrary<infer V> ? V : never)[]>,
) =>
  fc.record({
    hotspots: fc.array(hotspot(n), { minLength: HOTSPOTS, maxLength: HOTSPOTS }),
    reports,
    /** Pairs may be measured before, or not: without measuring nobody is near anybody (HIP-136) and no edge is denied. */
    measured: mostly(1, 4, fc.constant(0)),
    denied: fc.array(fc.tuple(fc.constantFrom(0, 0, 1, 2), int(0, HOTSPOTS - 1)), { maxLength: 3 }),
    rules,
    witnessedAgo: mostly(HOUR, n, fc.constantFrom(0, 48 * HOUR, 48 * HOUR + 1)),
    txPowerDbm: int(0, 60),
    frequencyHz: fc.constantFrom(CHANNEL_HZ, 903_900_000, 922_100_000),
    scaleE4: fc.constantFrom(10_000, 2000, 1, 3333),
  })
const everybody = fc
  .tuple(
    fc.shuffledSubarray(
      Array.from({ length: HOTSPOTS }, (_, i) => i),
      { minLength: 12 },
    ),
    fc.array(report(40), { minLength: HOTSPOTS, maxLength: HOTSPOTS }),
  )
  .map(([who, reports]) => who.map((w, i) => ({ ...reports[i], witness: w })))
const book = fc.oneof(bookOf(40, everybody), bookOf(8, fc.array(report(8), { minLength: 10, maxLength: 40 })))
type Book = typeof book extends fc.Arbitrary<infer V> ? V : never

/**
 * The world a book is told in: hotspot 0 is the beaconer and always in order. All stand elsewhere, in order and under other
 * rules at first, and a proof of coverage is settled: what was remembered of that must be forgotten.
 */
function tell(b: Book) {
  const home = {
    place: [90, 135] as [number, number],
    before: undefined,
    known: 1,
    asserted: 1,
    denied: 0,
    capable: 1,
    region: 0,
  }
  const people = b.hotspots.map((h, node) => (node === 0 ? { ...h, ...home } : h))
  const cells = people.map((h) => cellAt(...h.place))
  const places = cells.map(placeOf)
  const known = people.flatMap((h, node) => (h.known === 1 ? [node] : []))
  const standing = known.filter((node) => people[node].asserted === 1)
  const moved = standing.filter((node) => people[node].before !== undefined)
  const first = (node: number): Place => placeOf(cellAt(...(people[node].before ?? people[node].place)))
  const pairs = (of: readonly number[]) => of.flatMap((x) => of.filter((y) => x !== y).map((y) => measurePath(x, y)))
  const start: Fact<Commands>[] = known.flatMap((node) => [register(node), configure(node)])
  start.push(...standing.map((node) => assert(node, first(node))), ...(b.measured === 1 ? pairs(standing) : []))
  const story = specify(helium, { nodes: HOTSPOTS, ports: { geometry: h3Geometry } })().when(...start)
  story.when(
    beacon(0, SENT - 6 * HOUR),
    ...standing.map((node, k) => witness(0, node, SENT - 6 * HOUR, { path: Math.max(0, k - 1) })),
  )
  for (const [name, value] of Object.entries(b.rules)) story.machine.change(name, value)
  // An edge is denied where it was measured; where it was not, nobody knows it yet (see poc.test.ts).
  const edges = b.measured === 1 ? b.denied.filter(([x, y]) => x !== y && standing.includes(x) && standing.includes(y)) : []
  story.when(
    ...moved.map((node) => assert(node, places[node])),
    // Those that never moved are known, and refused.
    ...(b.measured === 1 && moved.length > 0 ? pairs(standing) : []),
    ...known.map((node) => configure(node, people[node])),
    ...known.filter((node) => people[node].denied === 1).map((node) => ({ type: "PublishDenylist", node, denied: 1 }) as const),
    ...edges.map(([x, y]) => ({ type: "DenyEdge", a: x, b: y, denied: 1 }) as const),
  )
  const columns = story.state.hotspot
  people.forEach((h, node) => (columns.goodBeaconS[node] = h.heardAgo === 0 ? 0 : SENT - h.heardAgo))
  columns.witnessedS[0] = b.witnessedAgo === 0 ? 0 : SENT - b.witnessedAgo
  columns.scaleE4[0] = b.scaleE4
  const opened = story.when(beacon(0, SENT, { txPowerDbm: b.txPowerDbm, frequencyHz: b.frequencyHz }))
  expect(opened.refusals).toEqual([])
  const metres = places.map((p) => greatCircleMetres(places[0].latE7, places[0].lngE7, p.latE7, p.lngE7))
  const radio = (node: number) => ({
    txPowerDbm: b.txPowerDbm,
    beaconGainDdbi: people[0].gainDdbi,
    witnessGainDdbi: people[node]?.gainDdbi ?? 0,
    frequencyHz: b.frequencyHz,
  })
  const rows = b.reports.map((r) => {
    const most = Math.floor(10 * computeExpectedRssiDbm(radio(r.witness), Math.max(1, metres[r.witness] ?? 1)))
    return witness(0, r.witness, SENT, {
      receivedMs: SENT * 1000 + r.lagMs,
      signalDdbm: Math.max(-3000, Math.min(1000, most + r.louder)),
      frequencyHz: b.frequencyHz + r.off,
      ...(r.payload === 1 ? {} : { payload: 1 }),
      path: hinted(story.state, r.witness, r.hint),
    })
  })
  return { opened, rows, people, cells, edges, metres, radio }
}

function hinted({ path }: State, node: number, hint: "right" | "stale" | "none" | number): number {
  const own = Array.from({ length: path.length }, (_, p) => p).filter((p) => path.beaconer[p] === 0 && path.witness[p] === node)
  return typeof hint === "number"
    ? hint
    : hint === "none" || own.length === 0
      ? 0xffff_ffff
      : own[hint === "right" ? own.length - 1 : 0]
}

/** What the plain rules say to each row: a reason, or the witness's share; in the verifier's order. */
function plainly(b: Book, { rows, people, cells, edges, metres, radio }: ReturnType<typeof tell>) {
  const v = { ...Object.fromEntries(Object.entries(params).map(([name, p]) => [name, p.default])), ...b.rules } as Record<
    keyof typeof params,
    number
  >
  const named = edges.map(([x, y]) => [String(x), String(y)] as const)
  const beaconMs = SENT * 1000
  const first = Math.min(...rows.filter((r) => r.witness !== 0).map((r) => r.receivedMs))
  const lag = { beaconToWitnessMsMax: v.lagAfterBeaconMs, witnessMsMax: v.lagAfterFirstWitnessMs }
  const seen = new Set<number>()
  const check = (r: (typeof rows)[number]): string | undefined => {
    const h = people[r.witness]
    if (h === undefined || h.known === 0) return "gateway_not_found"
    if (h.asserted === 0) return "not_asserted"
    if (h.denied === 1) return "denied"
    if (verifyEdge(named, "0", String(r.witness)) !== "ok") return "denied_edge"
    if (r.witness === 0) return "self_witness"
    if (seen.has(r.witness)) return "duplicate"
    seen.add(r.witness)
    const receivedS = Math.floor(r.receivedMs / 1000)
    if (receivedS < T || receivedS > T + v.entropyLifespanSeconds) return "entropy_expired"
    if (verifyWitnessLag(beaconMs, first, r.receivedMs, lag) !== "ok") return "too_late"
    if (r.payload === 1) return "wrong_payload"
    if (h.capable === 0) return "invalid_capability"
    if (verifyWitnessFrequency(b.frequencyHz, r.frequencyHz, v.frequencyToleranceHz) !== "ok") return "invalid_frequency"
    if (h.region !== 0) return "invalid_region"
    if (verifyWitnessMinCells(cells[0], cells[r.witness], v.distanceMinCells, WITNESS_CELL_RES, h3Geometry) !== "ok")
      return "below_min_distance"
    if (verifyWitnessMaxDistance(cells[0], cells[r.witness], v.distanceMaxKm, h3Geometry) !== "ok") return "max_distance_exceeded"
    // Two hotspots in one cell are 0 m apart, where the plain rule allows any loudness and the hot one takes a metre.
    if (verifyWitnessRssi(radio(r.witness), r.signalDdbm, Math.max(1, metres[r.witness])) !== "ok") return "bad_rssi"
    return undefined
  }
  const reasons = rows.map(check)
  const within = (ago: number) => v.reciprocitySeconds === 0 || (ago > 0 && ago <= v.reciprocitySeconds)
  const refused = rows.map((r, i) =>
    reasons[i] !== undefined
      ? reasons[i]
      : !within(b.witnessedAgo)
        ? "gateway_no_valid_witnesses"
        : !within(people[r.witness].heardAgo)
          ? "gateway_no_valid_beacons"
          : undefined,
  )
  const kept = rows
    .filter((_, i) => refused[i] === undefined)
    .map((r) => ({ id: String(r.witness), receivedMs: r.receivedMs, status: "Valid", cell: cells[r.witness] }))
  const cellsMin = b.measured === 1 ? v.exclusionCells : 0
  const redundant = new Set(findRedundantWitnesses(kept, v.witnessesMax, cellsMin, WITNESS_CELL_RES, h3Geometry))
  const { selected } = selectWitnesses(
    kept.filter((w) => !redundant.has(w.id)),
    v.witnessesMax,
  )
  const units = computeRewardUnits(selected.length, {
    n: v.unitsDesired,
    r: decimal.make(BigInt(v.unitsDecayPermille), 3),
    cap: decimal.make(BigInt(v.unitsCapMilli), 3),
  })
  const e4 = (d: decimal.Decimal) => Number(decimal.toUnits(d, 4, "half_even"))
  const valid = rows.filter((_, i) => reasons[i] === undefined)
  return {
    refused,
    shares: new Map(valid.map((r) => [r.witness, selected.includes(String(r.witness)) ? e4(units.witness) * b.scaleE4 : 0])),
    resolved: {
      shareE8: e4(units.beaconer) * b.scaleE4,
      selected: selected.length,
      valid: valid.length,
      unreciprocated: within(b.witnessedAgo) ? 0 : 1,
    },
  }
}

type Outcome = ReturnType<ReturnType<typeof tell>["opened"]["when"]>
function answered(outcome: Outcome, n: number) {
  const refused: (string | undefined)[] = Array.from({ length: n }, () => undefined)
  outcome.refusedAt.forEach((row, k) => (refused[row] = outcome.refusals[k]))
  const shares = new Map<number, number>()
  for (const fact of outcome.facts) if (fact.type === "WitnessProved") shares.set(fact.witness, fact.shareE8)
  const last = outcome.facts.find((f) => f.type === "PocResolved")
  return { refused, shares, resolved: last }
}

describe("a book of witnesses", () => {
  test("is decided as the plain rules decide it", () => {
    fc.assert(
      fc.property(book, (b) => {
        const told = tell(b)
        if (told.rows.length === 0) return
        // A metre of rounding at the very limit of distance is nobody's business here.
        fc.pre(told.metres.every((m) => Math.abs(m - (b.rules.distanceMaxKm + 1) * 1000) > 1))
        const expected = plainly(b, told)
        const got = answered(told.opened.when(...told.rows), told.rows.length)
        expect(got.refused).toEqual(expected.refused)
        expect(got.shares).toEqual(expected.shares)
        expect(got.resolved).toMatchObject(expected.resolved)
        const units = [...got.shares.values()].reduce((a, x) => a + x, 0) / b.scaleE4 / 10_000
        // HIP-15: N units in all, less what decays; each is rounded to four decimals.
        expect(units).toBeLessThanOrEqual(b.rules.unitsDesired + b.rules.witnessesMax * 0.000_05)
      }),
      { numRuns: 400 },
    )
  })

  test("does not depend on the order of its rows when their times differ", () => {
    const distinct = book.map((b) => ({
      ...b,
      reports: [...new Map(b.reports.map((r, i) => [r.witness, { ...r, lagMs: 100 + 7 * i }])).values()],
    }))
    fc.assert(
      fc.property(distinct, fc.infiniteStream(int(0, 1 << 20)), (b, dice) => {
        const shuffled = b.reports
          .map((r) => ({ r, key: dice.next().value }))
          .toSorted((x, y) => x.key - y.key)
          .map(({ r }) => r)
        const [one, other] = [b, { ...b, reports: shuffled }].map((x) => {
          const told = tell(x)
          const got = answered(told.opened.when(...told.rows), told.rows.length)
          return {
            shares: [...got.shares].toSorted((p, q) => p[0] - q[0]),
            refused: x.reports.map((r, i) => [r.witness, got.refused[i]] as const).toSorted((p, q) => p[0] - q[0]),
            resolved: got.resolved,
          }
        })
        expect(other).toEqual(one)
      }),
      { numRuns: 100 },
    )
  })
})

describe("free space in whole nano-decibels", () => {
  const path = fc.record({
    txPowerDbm: int(0, 60),
    beaconGainDdbi: int(-1000, 1000),
    witnessGainDdbi: int(-1000, 1000),
    frequencyHz: int(400_000_000, 1_000_000_000),
  })
  test("allows what the rule in doubles allows, to a tenth of a dBm", () => {
    fc.assert(
      fc.property(path, int(1, 101_000), int(-3, 4), (p, metres, step) => {
        const signal = Math.floor(10 * computeExpectedRssiDbm(p, metres)) + step
        const loudest =
          powerNanoDb(p.txPowerDbm) +
          wholeGainNanoDb(p.beaconGainDdbi) +
          wholeGainNanoDb(p.witnessGainDdbi) -
          channelLossNanoDb(p.frequencyHz) -
          spaceLossNanoDb(metres)
        expect(signalNanoDb(signal) > loudest ? "BadRssi" : "ok").toBe(verifyWitnessRssi(p, signal, metres))
      }),
      { numRuns: 5000 },
    )
  })
  test("and measures the cells it is given to the metre", () => {
    fc.assert(
      fc.property(place, place, (a, b) => {
        const [x, y] = [cellAt(...a), cellAt(...b)]
        const [p, q] = [placeOf(x), placeOf(y)]
        expect(
          Math.abs(greatCircleMetres(p.latE7, p.lngE7, q.latE7, q.lngE7) - computeCellDistanceM(x, y, h3Geometry)),
        ).toBeLessThanOrEqual(1)
      }),
    )
  })
})
