/** A day's books on random epochs: what settle.ts pays is what the plain pools pay, and no bone is lost. */
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { h3Geometry } from "../../boundary/geometry.ts"
import { DAY } from "../../kernel/clock.ts"
import * as decimal from "../../kernel/decimal.ts"
import { Report } from "../../kernel/invariant.ts"
import { specify } from "../../kernel/specify.ts"
import { T0 } from "./examples.ts"
import { helium } from "./index.ts"
import { computeIotEpochRewards, IOT_SHARES } from "./iot-pools.ts"
import { params } from "./params.ts"
import type { State } from "./state.ts"

const int = (min: number, max: number) => fc.integer({ min, max })
const promises = (state: State): readonly string[] => {
  const report = new Report()
  for (const name of Object.keys(helium.invariants)) helium.invariants[name].check(state, report.within(name))
  return report.broken
}

describe("a day's books", () => {
  const some = (max: number) => fc.oneof(fc.constant(0), int(1, max))
  const epoch = fc.record({
    earned: fc.array(fc.record({ beacon: some(8_000_000_000), witness: some(8_000_000_000), dc: some(50_000_000) }), {
      minLength: 1,
      maxLength: 12,
    }),
    hntPriceE8Usd: fc.oneof(int(100_000, 10_000_000_000), fc.constantFrom(100_000, 215_100_000)),
    iotSharePpm: fc.constantFrom(0, 1, 110_000, 1_000_000),
    burned: some(1_000_000_000_000),
  })
  test("pay what the plain pools pay, bone for bone, and every bone of the epoch is somebody's", () => {
    fc.assert(
      fc.property(epoch, ({ earned, hntPriceE8Usd, iotSharePpm, burned }) => {
        const story = specify(helium, {
          nodes: earned.length,
          params: { hntPriceE8Usd, iotSharePpm },
          ports: { geometry: h3Geometry },
        })()
        const { hotspot } = story.state
        earned.forEach((e, node) => {
          hotspot.beaconShareE8[node] = e.beacon
          hotspot.witnessShareE8[node] = e.witness
          hotspot.dcEpoch[node] = e.dc
          hotspot.goodBeaconS[node] = hotspot.witnessedS[node] = T0
        })
        const { facts, state } = story.when({ type: "MintCredits", hnt: burned, at: T0 }).settle("day", T0 + DAY)
        const issued = facts.find((f) => f.type === "EmissionIssued")!
        const split = facts.find((f) => f.type === "PoolsSplit")!
        const closed = facts.find((f) => f.type === "EpochClosed")!
        const plain = computeIotEpochRewards(
          decimal.make(BigInt(issued.iot)),
          decimal.make(BigInt(hntPriceE8Usd), 16),
          earned.map((e) => ({
            beaconUnits: decimal.make(BigInt(e.beacon), 8),
            witnessUnits: decimal.make(BigInt(e.witness), 8),
            dc: decimal.make(BigInt(e.dc)),
          })),
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
