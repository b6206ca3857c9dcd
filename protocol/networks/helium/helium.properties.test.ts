/**
 * Laws of Helium, and the hot path held to the plain rules: whatever decide-poc.ts and settle.ts do to be fast, they must
 * answer as witness-checks.ts, witness-selection.ts, reward-units.ts and iot-pools.ts do, book for book.
 */
import fc from "fast-check"
import { latLngToCell } from "h3-js"
import { describe, expect, test } from "vitest"
import { h3Geometry } from "../../boundary/geometry.ts"
import { DAY, HOUR } from "../../kernel/clock.ts"
import * as decimal from "../../kernel/decimal.ts"
import { Report } from "../../kernel/invariant.ts"
import type { Fact } from "../../kernel/row-type.ts"
import { specify } from "../../kernel/specify.ts"
import type { Commands } from "./commands.ts"
import { greatCircleMetres } from "./distance.ts"
import { assert, beacon, CHANNEL_HZ, configure, measurePath, register, T0, witness, type Place } from "./examples.ts"
import { helium } from "./index.ts"
import { computeIotEpochRewards, IOT_SHARES } from "./iot-pools.ts"
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

const T = T0 + 100 * HOUR
const promises = (state: State): readonly string[] => {
  const report = new Report()
  for (const name of Object.keys(helium.invariants)) helium.invariants[name].check(state, report.within(name))
  return report.broken
}
const int = (min: number, max: number) => fc.integer({ min, max })

const cellAt = (north: number, east: number): bigint => BigInt(`0x${latLngToCell(48 + north / 1e4, 11 + east / 1e4, 12)}`)
const placeOf = (cell: bigint): Place => ({ hexHi: Number(cell >> 32n), hexLo: Number(cell & 0xffff_ffffn), ...h3Geometry.centre(cell) })
/** In a square of about 2 km, so that many pairs are near; some far off, beyond the horizon too. */
const place = fc.oneof({ weight: 6, arbitrary: fc.tuple(int(0, 180), int(0, 270)) }, { weight: 1, arbitrary: fc.tuple(int(7000, 9300), int(0, 100)) })
const oftenOne = (weight = 8) => fc.oneof({ weight, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.constant(0) })
const hotspot = fc.record({
  place,
  known: oftenOne(),
  asserted: oftenOne(),
  denied: oftenOne().map((x) => 1 - x),
  capable: oftenOne(),
  region: oftenOne().map((x) => 1 - x),
  gainDdbi: fc.oneof(int(-1000, 1000), fc.constantFrom(12, 58, -9, 19)),
  /** Seconds before T that it was last heard; 0 is never. */
  heardAgo: fc.constantFrom(0, HOUR, 48 * HOUR, 48 * HOUR + 1),
})
const HOTSPOTS = 20
const report = fc.record({
  witness: int(0, HOTSPOTS),
  lagMs: fc.oneof({ weight: 4, arbitrary: int(0, 1400) }, fc.constantFrom(-2000, -100, -1, 1500, 1501, 3900, 4000, 4001, 200_000)),
  /** Tenths of dBm above the loudest that free space allows; no louder than a column holds. */
  louder: fc.oneof({ weight: 4, arbitrary: fc.constant(-200) }, fc.constantFrom(-1, 0, 1, 2)),
  off: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, fc.constantFrom(-100_001, -100_000, 100_000, 100_001)),
  payload: oftenOne(12),
  hint: fc.oneof(fc.constant(0xffff_ffff), int(0, HOTSPOTS * HOTSPOTS)),
})
const rules = fc.record({
  witnessesMax: fc.constantFrom(1, 3, 5, 14),
  exclusionCells: fc.constantFrom(0, 3, 8, 16),
  reciprocitySeconds: fc.constantFrom(0, HOUR, 48 * HOUR),
  distanceMinCells: fc.constantFrom(0, 4, 8),
  distanceMaxKm: fc.constantFrom(1, 90, 100),
  unitsDesired: fc.constantFrom(1, 4, 10),
  unitsDecayPermille: fc.constantFrom(1, 800, 1000),
  unitsCapMilli: fc.constantFrom(0, 1500, 2000),
})
const book = fc.record({
  hotspots: fc.array(hotspot, { minLength: HOTSPOTS, maxLength: HOTSPOTS }),
  reports: fc.array(report, { maxLength: 40 }),
  /** Pairs may be measured before, or not: without measuring nobody is near anybody (HIP-136) and no edge is denied. */
  measured: oftenOne(4),
  denied: fc.array(fc.tuple(int(0, HOTSPOTS - 1), int(0, HOTSPOTS - 1)), { maxLength: 3 }),
  rules,
  witnessedAgo: fc.constantFrom(0, HOUR, HOUR, 48 * HOUR, 48 * HOUR + 1),
  txPowerDbm: int(0, 60),
  frequencyHz: fc.constantFrom(CHANNEL_HZ, 903_900_000, 922_100_000),
  scaleE4: fc.constantFrom(10_000, 2000, 1, 3333),
})
type Book = typeof book extends fc.Arbitrary<infer V> ? V : never

/** The world a book is told in: hotspot 0 is the beaconer and always in order. */
function tell(b: Book) {
  const people = b.hotspots.map((h, node) => (node === 0 ? { ...h, place: [90, 135] as const, known: 1, asserted: 1, denied: 0, capable: 1, region: 0 } : h))
  const cells = people.map((h) => cellAt(h.place[0], h.place[1]))
  const places = cells.map(placeOf)
  const asks: Fact<Commands>[] = people.flatMap((h, node) =>
    h.known === 0
      ? []
      : [
          register(node),
          ...(h.asserted === 1 ? [assert(node, places[node])] : []),
          configure(node, h),
          ...(h.denied === 1 ? [{ type: "PublishDenylist", node, denied: 1 } as const] : []),
        ],
  )
  const standing = people.flatMap((h, node) => (h.known === 1 && h.asserted === 1 ? [node] : []))
  if (b.measured === 1) for (const a of standing) for (const w of standing) if (a !== w) asks.push(measurePath(a, w))
  // An edge is denied where it was measured; where it was not, nobody knows it yet (see poc.test.ts).
  const edges = b.measured === 1 ? b.denied.filter(([x, y]) => x !== y && standing.includes(x) && standing.includes(y)) : []
  for (const [x, y] of edges) asks.push({ type: "DenyEdge", a: x, b: y, denied: 1 })
  const story = specify(helium, { nodes: HOTSPOTS, params: b.rules, ports: { geometry: h3Geometry } })().when(...asks)
  const columns = story.state.hotspot
  people.forEach((h, node) => (columns.goodBeaconS[node] = h.heardAgo === 0 ? 0 : T - h.heardAgo))
  columns.witnessedS[0] = b.witnessedAgo === 0 ? 0 : T - b.witnessedAgo
  columns.scaleE4[0] = b.scaleE4
  const opened = story.when(beacon(0, T, { txPowerDbm: b.txPowerDbm, frequencyHz: b.frequencyHz }))
  expect(opened.refusals).toEqual([])
  const metres = places.map((p) => greatCircleMetres(places[0].latE7, places[0].lngE7, p.latE7, p.lngE7))
  const radio = (node: number) => ({ txPowerDbm: b.txPowerDbm, beaconGainDdbi: people[0].gainDdbi, witnessGainDdbi: people[node]?.gainDdbi ?? 0, frequencyHz: b.frequencyHz })
  const rows = b.reports.map((r) => {
    const most = Math.floor(10 * computeExpectedRssiDbm(radio(r.witness), Math.max(1, metres[r.witness] ?? 1)))
    return witness(0, r.witness, T, {
      receivedMs: T * 1000 + r.lagMs,
      signalDdbm: Math.max(-3000, Math.min(1000, most + r.louder)),
      frequencyHz: b.frequencyHz + r.off,
      ...(r.payload === 1 ? {} : { payload: 1 }),
      path: r.hint,
    })
  })
  return { opened, rows, people, cells, edges, metres, radio }
}

/** What the plain rules say to each row: a reason, or the witness's share; in the verifier's order. */
function plainly(b: Book, { rows, people, cells, edges, metres, radio }: ReturnType<typeof tell>) {
  const v = { ...Object.fromEntries(Object.entries(params).map(([name, p]) => [name, p.default])), ...b.rules } as Record<keyof typeof params, number>
  const named = edges.map(([x, y]) => [String(x), String(y)] as const)
  const beaconMs = T * 1000
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
    if (verifyWitnessMinCells(cells[0], cells[r.witness], v.distanceMinCells, WITNESS_CELL_RES, h3Geometry) !== "ok") return "below_min_distance"
    if (verifyWitnessMaxDistance(cells[0], cells[r.witness], v.distanceMaxKm, h3Geometry) !== "ok") return "max_distance_exceeded"
    // Two hotspots in one cell are 0 m apart, where the plain rule allows any loudness and the hot one takes a metre.
    if (verifyWitnessRssi(radio(r.witness), r.signalDdbm, Math.max(1, metres[r.witness])) !== "ok") return "bad_rssi"
    return undefined
  }
  const reasons = rows.map(check)
  const within = (ago: number) => v.reciprocitySeconds === 0 || (ago > 0 && ago <= v.reciprocitySeconds)
  const refused = rows.map((r, i) =>
    reasons[i] !== undefined ? reasons[i] : !within(people[r.witness].heardAgo) ? "gateway_no_valid_beacons" : !within(b.witnessedAgo) ? "gateway_no_valid_witnesses" : undefined,
  )
  const kept = rows.filter((_, i) => refused[i] === undefined).map((r) => ({ id: String(r.witness), receivedMs: r.receivedMs, status: "Valid", cell: cells[r.witness] }))
  const cellsMin = b.measured === 1 ? v.exclusionCells : 0
  const redundant = new Set(findRedundantWitnesses(kept, v.witnessesMax, cellsMin, WITNESS_CELL_RES, h3Geometry))
  const { selected } = selectWitnesses(kept.filter((w) => !redundant.has(w.id)), v.witnessesMax)
  const units = computeRewardUnits(selected.length, { n: v.unitsDesired, r: decimal.make(BigInt(v.unitsDecayPermille), 3), cap: decimal.make(BigInt(v.unitsCapMilli), 3) })
  const e4 = (d: decimal.Decimal) => Number(decimal.toUnits(d, 4, "half_even"))
  const valid = rows.filter((_, i) => reasons[i] === undefined)
  return {
    refused,
    shares: new Map(valid.map((r) => [r.witness, selected.includes(String(r.witness)) ? e4(units.witness) * b.scaleE4 : 0])),
    resolved: { shareE8: e4(units.beaconer) * b.scaleE4, selected: selected.length, valid: valid.length, unreciprocated: within(b.witnessedAgo) ? 0 : 1 },
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
    const distinct = book.map((b) => ({ ...b, reports: [...new Map(b.reports.map((r, i) => [r.witness, { ...r, lagMs: 100 + 7 * i }])).values()] }))
    fc.assert(
      fc.property(distinct, fc.infiniteStream(int(0, 1 << 20)), (b, dice) => {
        const shuffled = b.reports.map((r) => ({ r, key: dice.next().value })).toSorted((x, y) => x.key - y.key).map(({ r }) => r)
        const [one, other] = [b, { ...b, reports: shuffled }].map((x) => {
          const told = tell(x)
          const got = answered(told.opened.when(...told.rows), told.rows.length)
          return { shares: [...got.shares].toSorted((p, q) => p[0] - q[0]), refused: x.reports.map((r, i) => [r.witness, got.refused[i]] as const).toSorted((p, q) => p[0] - q[0]), resolved: got.resolved }
        })
        expect(other).toEqual(one)
      }),
      { numRuns: 100 },
    )
  })
})

describe("free space in whole nano-decibels", () => {
  const path = fc.record({ txPowerDbm: int(0, 60), beaconGainDdbi: int(-1000, 1000), witnessGainDdbi: int(-1000, 1000), frequencyHz: int(400_000_000, 1_000_000_000) })
  test("allows what the rule in doubles allows, to a tenth of a dBm", () => {
    fc.assert(
      fc.property(path, int(1, 101_000), int(-3, 4), (p, metres, step) => {
        const signal = Math.floor(10 * computeExpectedRssiDbm(p, metres)) + step
        const loudest = powerNanoDb(p.txPowerDbm) + wholeGainNanoDb(p.beaconGainDdbi) + wholeGainNanoDb(p.witnessGainDdbi) - channelLossNanoDb(p.frequencyHz) - spaceLossNanoDb(metres)
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
        expect(Math.abs(greatCircleMetres(p.latE7, p.lngE7, q.latE7, q.lngE7) - computeCellDistanceM(x, y, h3Geometry))).toBeLessThanOrEqual(1)
      }),
    )
  })
})

describe("a day's books", () => {
  const some = (max: number) => fc.oneof(fc.constant(0), int(1, max))
  const epoch = fc.record({
    earned: fc.array(fc.record({ beacon: some(8_000_000_000), witness: some(8_000_000_000), dc: some(50_000_000) }), { minLength: 1, maxLength: 12 }),
    hntPriceE8Usd: fc.oneof(int(100_000, 10_000_000_000), fc.constantFrom(100_000, 215_100_000)),
    iotSharePpm: fc.constantFrom(0, 1, 110_000, 1_000_000),
    burned: some(1_000_000_000_000),
  })
  test("pay what the plain pools pay, bone for bone, and every bone of the epoch is somebody's", () => {
    fc.assert(
      fc.property(epoch, ({ earned, hntPriceE8Usd, iotSharePpm, burned }) => {
        const story = specify(helium, { nodes: earned.length, params: { hntPriceE8Usd, iotSharePpm }, ports: { geometry: h3Geometry } })()
        const { hotspot } = story.state
        earned.forEach((e, node) => {
          hotspot.beaconShareE8[node] = e.beacon
          hotspot.witnessShareE8[node] = e.witness
          hotspot.dcEpoch[node] = e.dc
          hotspot.goodBeaconS[node] = hotspot.witnessedS[node] = T0
        })
        const { facts, state } = story.when({ type: "MintCredits", hnt: burned }).settle("day", T0 + DAY)
        const issued = facts.find((f) => f.type === "EmissionIssued")!
        const split = facts.find((f) => f.type === "PoolsSplit")!
        const closed = facts.find((f) => f.type === "EpochClosed")!
        const plain = computeIotEpochRewards(
          decimal.make(BigInt(issued.iot)),
          decimal.make(BigInt(hntPriceE8Usd), 16),
          earned.map((e) => ({ beaconUnits: decimal.make(BigInt(e.beacon), 8), witnessUnits: decimal.make(BigInt(e.witness), 8), dc: decimal.make(BigInt(e.dc)) })),
          { ...IOT_SHARES, operationsPercent: params.operationsPercent.default, oraclePercent: params.oraclesPercent.default },
        )
        const paid = new Map(facts.flatMap((f) => (f.type === "RewardPaid" ? [[f.node, f] as const] : [])))
        earned.forEach((_, node) => {
          const { beacon: b = 0, witness: w = 0, data = 0 } = paid.get(node) ?? {}
          expect([b, w, data].map(BigInt)).toEqual([plain.beacon[node], plain.witness[node], plain.dataTransfer[node]])
        })
        expect(closed.paid + closed.unallocated + split.operations + split.oracles + issued.delegators).toBe(issued.iot)
        expect(promises(state)).toEqual([])
      }),
      { numRuns: 300 },
    )
  })
})
