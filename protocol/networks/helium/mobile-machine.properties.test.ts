/** Laws of Mobile on the machine: a day of random radios pays what the plain rules say, and seniority is the plain rule's. */
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { h3Geometry } from "../../boundary/geometry.ts"
import { DAY, HOUR } from "../../kernel/clock.ts"
import * as decimal from "../../kernel/decimal.ts"
import type { Fact } from "../../kernel/row-type.ts"
import { specify } from "../../kernel/specify.ts"
import type { Events } from "./events.ts"
import { helium } from "./index.ts"
import { assignmentIndex, assignmentOf } from "./mobile-assignment.ts"
import { computeShares, type RadioDay } from "./mobile-coverage.ts"
import { computeBoostedRewards, computeDataTransfer } from "./mobile-pools.ts"
import { isIndoor, RADIO_TYPES, SIGNAL_LEVELS } from "./mobile-radio.ts"
import { rankRadios } from "./mobile-rank.ts"
import { cellOf, computeMetres, parent9Hi, parent9Lo } from "./mobile-reach.ts"
import { computeSeniority, SENIORITY_REASONS, type Seniority } from "./mobile-seniority.ts"
import { computeSpeedQuarters, computeTier } from "./mobile-speedtest.ts"
import { computeTrustQuarters, TRUST_RULES } from "./mobile-trust.ts"
import { MOBILE_2025_03 } from "./params-mobile.ts"
import { PLACES, T0, type Ask, type Place } from "./story.ts"
import { boost, connections, cover, heartbeats, joinMobile, siblings, speedtests } from "./story-mobile.ts"

const ports = { geometry: h3Geometry }
const { home, cells0, cells7, km20 } = PLACES

/** A radio of a random day on the seven cells around `home`. */
const anyDay = fc.record({
  kind: fc.integer({ min: 1, max: 4 }),
  claimedS: fc.nat(3).map((n) => T0 - n),
  powerDdbm: fc.integer({ min: -3, max: 0 }),
  level: fc.constantFrom(0, 2),
  hexes: fc.integer({ min: 1, max: 7 }),
  hours: fc.constantFrom(11, 12, 13, 24),
  awayHours: fc.nat(24),
  away: fc.constantFrom<Place>(cells0, cells7, km20),
  uploadKbps: fc.constantFrom(1_999, 2_000, 5_000, 9_999, 10_000),
  tests: fc.nat(3),
  users: fc.constantFrom(0, 2, 3, 25, 26),
  dc: fc.nat(100_000_000),
})

test("a day on the machine pays what the plain rules say, radio by radio, and leaves the rest unallocated", () =>
  fc.assert(
    fc.property(
      fc.array(anyDay, { minLength: 1, maxLength: 5 }),
      fc.nat(26).map(assignmentOf),
      fc.boolean(),
      (radios, assignment, isBoosted) => {
        const asks: Ask[] = radios.flatMap((r, node) => [
          ...joinMobile(node, home, r.kind),
          ...cover(node, node + 1, home, r),
          connections(node, r.users),
          ...speedtests(node, T0 + HOUR, r),
          ...heartbeats(node, node + 1, home, T0, r.hours).map((h, k) =>
            k < r.awayHours ? { ...h, hexHi: r.away.hexHi, hexLo: r.away.hexLo } : h,
          ),
        ])
        const story = specify(helium, { nodes: 5, params: MOBILE_2025_03, ports })().when(
          { type: "MintCredits", hnt: 1_000_000_000_000, at: T0 },
          { type: "AssignHex", hexHi: parent9Hi(home.hexHi), hexLo: parent9Lo(home.hexLo), index: assignmentIndex(assignment) },
          ...(isBoosted ? [boost(siblings(home)[0], 7, T0 - DAY)] : []),
          ...asks,
          ...radios.map((r, node): Ask => ({ type: "ReportDataTransfer", node, dc: r.dc })),
        )
        expect(story.refusals).toEqual([])
        const { facts } = story.settle("day", T0 + DAY)
        const one = <K extends keyof Events>(type: K) => facts.find((f) => f.type === type) as Extract<Fact<Events>, { type: K }>
        const emission = decimal.make(BigInt(one("MobileEmissionIssued").emission))

        const trusts = radios.map((r) =>
          Array.from({ length: r.hours }, (_, k) => {
            const place = k < r.awayHours ? r.away : home
            const metres = computeMetres(cellOf(place.hexHi, place.hexLo), cellOf(home.hexHi, home.hexLo), h3Geometry)
            const isWithin = place !== km20
            const type = RADIO_TYPES[r.kind - 1]
            return {
              score: decimal.make(
                BigInt(
                  25 *
                    computeTrustQuarters(
                      type,
                      { metresToAsserted: metres, isValidated: true, isWithinReach: isWithin },
                      TRUST_RULES["HIP-119"],
                    ),
                ),
                2,
              ),
              distanceM: metres,
            }
          }),
        )
        const samples = radios.map((r) =>
          Array.from({ length: r.tests }, () => ({
            uploadMbps: Math.floor(r.uploadKbps / 1000),
            downloadMbps: 200,
            latencyMs: 20,
          })),
        )
        const isInMap = radios.map(
          (r, k) =>
            r.hours >= 12 &&
            samples[k].length > 0 &&
            computeTier(samples[k][0]) !== "Fail" &&
            (r.kind > 2 || trusts[k].some((t) => t.score.units > 0n)),
        )
        const shares = radios.map((r, k) => {
          if (!isInMap[k]) return { base: decimal.zero, boosted: decimal.zero }
          const type = RADIO_TYPES[r.kind - 1]
          const isWifi = r.kind <= 2
          const isUsa = assignment[2] !== "C"
          const day: RadioDay = {
            rules: "2025-03",
            radioType: type,
            status: isWifi && r.users > 25 ? "Qualified" : "Eligible",
            hasSubscribers: isUsa ? isWifi && r.users > 25 : r.users >= 3,
            speedtest: "Good",
            trust: trusts[k],
            hexes: Array.from({ length: r.hexes }, (_, digit) => {
              const there = radios
                .map((other, index) => ({ other, index }))
                .filter((x) => x.other.kind === r.kind && isInMap[x.index] && x.other.hexes > digit)
              const order = rankRadios(
                there.map((x) => ({
                  signalPower: isIndoor(type) ? -x.other.level : x.other.powerDdbm,
                  claimedAtS: x.other.claimedS,
                })),
              )
              return {
                count: 1,
                signal: SIGNAL_LEVELS[r.level],
                rank: order.findIndex((place) => there[place].index === k) + 1,
                assignment,
                spOverride: false,
                boost: isBoosted && digit === 0 ? 7 : 0,
              }
            }),
          }
          const quarters = BigInt(computeSpeedQuarters(samples[k]))
          // Over a common denominator, so that the plain rule sees whole shares.
          const whole = ({ numerator, denominator }: { numerator: decimal.Decimal; denominator: bigint }) =>
            decimal.make((numerator.units * quarters * 5_354_228_880n * 4n) / denominator, numerator.scale)
          const { base, boosted } = computeShares(day)
          return { base: whole(base), boosted: whole(boosted) }
        })
        const price = decimal.make(215_100_000n, 16)
        const { values, demand, spent } = computeDataTransfer(
          emission,
          radios.map((r) => decimal.make(BigInt(r.dc))),
          price,
        )
        const isOver = decimal.compare(demand, spent) > 0
        const data = values.map((v) =>
          isOver
            ? (spent.units * v.units * decimal.tenTo(demand.scale)) / (demand.units * decimal.tenTo(spent.scale + v.scale))
            : decimal.toUnits(v, 0, "floor"),
        )
        const tenth = decimal.mul(emission, decimal.parse("0.1"))
        const poc = decimal.sub(decimal.mul(emission, decimal.parse("0.5")), decimal.make(data.reduce((a, b) => a + b, 0n)))
        const coverage = computeBoostedRewards(poc, tenth, shares)
        const paid = radios.map((_, node) => {
          const fact = facts.find((f) => f.type === "RadioPaid" && (f as { node: number }).node === node) as
            | Extract<Fact<Events>, { type: "RadioPaid" }>
            | undefined
          return fact === undefined ? [0n, 0n] : [BigInt(fact.coverage + fact.boosted), BigInt(fact.data)]
        })
        expect(paid).toEqual(radios.map((_, k) => [coverage[k], data[k]]))
        const { delegators } = one("MobileEmissionIssued")
        const { mappers, serviceProviders } = one("MobilePoolsSplit")
        const closed = one("MobileEpochClosed")
        expect(closed.paid + closed.unallocated + delegators + mappers + serviceProviders).toBe(
          one("MobileEmissionIssued").emission,
        )
      },
    ),
    { numRuns: 150 },
  ))

describe("seniority", () => {
  test("on the machine is the plain rule's, heartbeat by heartbeat", () =>
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            isNew: fc.boolean(),
            claimedS: fc.nat(5).map((n) => T0 - n * HOUR),
            gapHours: fc.constantFrom(1, 24, 71, 72, 73, 200),
            isBanned: fc.boolean(),
          }),
          { minLength: 1, maxLength: 8 },
        ),
        (turns) => {
          let story = specify(helium, { nodes: 1, ports })().when(...joinMobile(0, home, 1), ...cover(0, 1, home))
          let object = 1
          let claimedAtS = T0
          let at = T0 + HOUR
          let plain: Seniority | undefined
          for (const turn of turns) {
            if (turn.isNew) {
              object++
              claimedAtS = turn.claimedS
              story = story.when(...cover(0, object, home, turn))
            }
            if (turn.isBanned) {
              story = story.when({ type: "BanRadio", node: 0, banned: 1, at })
              plain = { object, seniorityS: at, lastHeartbeatS: plain?.lastHeartbeatS ?? 0, reason: "ServiceProviderBan" }
            }
            at += turn.gapHours * HOUR
            story = story.when(...heartbeats(0, object, home, at, 1))
            plain = computeSeniority(plain, { object, claimedAtS, atS: at + 60 })
            const { radio } = story.state
            expect({
              object: radio.seniorityObject[0],
              seniorityS: radio.seniorityS[0],
              reason: SENIORITY_REASONS[radio.seniorityReason[0]],
            }).toEqual({ object: plain.object, seniorityS: plain.seniorityS, reason: plain.reason })
          }
        },
      ),
      { numRuns: 200 },
    ))
})
