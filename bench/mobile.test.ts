/** A fleet with Mobile: what honest, idle and spoofing radios earn, and that another share of them moves nobody else's luck. */
import { expect, test } from "vitest"
import { MOBILE_2025_03 } from "../protocol/networks/helium/params-mobile.ts"
import type { State } from "../protocol/networks/helium/state.ts"
import { fleet, runDay } from "./fleet.ts"

const NODES = 200
const run = (changes: Readonly<Record<string, number>>, days = 2): State => {
  const f = fleet({ nodes: NODES, days, changes: { mobileGeofence: 0, mobileHexesPerRadio: 20, ...changes } })
  for (let d = 0; d < days; d++) runDay(f)
  return f.hotspots.machine.state as State
}
/** Earned for coverage and for data, by node. */
const earnings = ({ radio }: State) =>
  Array.from({ length: radio.length }, (_, r) => ({
    node: radio.node[r],
    coverage: radio.earnedCoverage[r],
    data: radio.earnedHnt[r] - radio.earnedCoverage[r],
    trust: radio.trustQuarters[r],
  }))

test("a share of the places has a radio, and a larger share only adds some", () => {
  const few = run({ mobileRadiosPermille: 200 }, 1)
  const more = run({ mobileRadiosPermille: 500 }, 1)
  const nodesOf = ({ radio }: State) => new Set(radio.node.subarray(0, radio.length))
  expect(few.radio.length).toBeGreaterThan(NODES * 0.1)
  expect(more.radio.length).toBeGreaterThan(few.radio.length)
  for (const node of nodesOf(few)) expect(nodesOf(more)).toContain(node)
})

test("who stands elsewhere than he says earns nothing for coverage; without the check he would", () => {
  const spoofed = earnings(run({ mobileRadiosPermille: 1000, mobileSpoofPermille: 300 }))
  const liars = spoofed.filter((r) => r.trust === 0)
  const honest = spoofed.filter((r) => r.trust > 0)
  expect(liars.length).toBeGreaterThan(NODES * 0.15)
  expect(liars.every((r) => r.coverage === 0)).toBe(true)
  expect(honest.some((r) => r.coverage > 0)).toBe(true)
  // HIP-119's limits and the reach of coverage opened wide: as if nobody had looked.
  const blind = earnings(
    run({
      mobileRadiosPermille: 1000,
      mobileSpoofPermille: 300,
      mobileReachMetres: 100_000,
      mobileIndoorFullMetres: 100_000,
      mobileOutdoorFullMetres: 100_000,
    }),
  )
  const caught = new Set(liars.map((r) => r.node))
  expect(blind.filter((r) => caught.has(r.node)).some((r) => r.coverage > 0)).toBe(true)
})

test("under the rules of March 2025 boosts and mappers take their parts", () => {
  const state = run({ mobileRadiosPermille: 1000, ...MOBILE_2025_03, mobileBoostedPermille: 500 })
  expect(state.boost.length).toBeGreaterThan(NODES * 0.3)
  expect(state.map.boostedE4.some((points) => points > 0)).toBe(true)
  expect(state.ledger.tokens.hnt.balance.toNumber(state.ledger.account.mappers)).toBeGreaterThan(0)
})

test("radios without users earn for coverage only, and nothing once HIP-149 ended coverage", () => {
  const idle = earnings(run({ mobileRadiosPermille: 1000, mobileIdlePermille: 1000 }))
  expect(idle.every((r) => r.data === 0)).toBe(true)
  expect(idle.some((r) => r.coverage > 0)).toBe(true)
  const residual = run({ mobileRadiosPermille: 1000, mobileIdlePermille: 400, mobileDataResidual: 1 })
  const paid = earnings(residual)
  expect(paid.every((r) => r.coverage === 0)).toBe(true)
  expect(paid.filter((r) => r.data === 0).length).toBeGreaterThan(NODES * 0.3)
  expect(paid.some((r) => r.data > 0)).toBe(true)
})
