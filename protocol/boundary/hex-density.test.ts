import * as h3 from "h3-js"
import { expect, test } from "vitest"
import * as decimal from "../kernel/decimal.ts"
import { computeHexScalesE4, planHexDensity } from "../networks/helium/hex-density-batch.ts"
import { computeHexScales, HIP104_LEVELS, HIP17_LEVELS } from "../networks/helium/hex-density.ts"
import { h3Geometry } from "./geometry.ts"

/** 2,000 hotspots crowded around thirty towns, from a fixed walk. */
const fleet = (): bigint[] => {
  let state = 1
  const draw = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 4294967296
  return Array.from({ length: 2000 }, () => {
    const town = Math.floor(draw() * draw() * 30)
    const near = (): number => (draw() + draw() - 1) * 0.1
    return BigInt(`0x${h3.latLngToCell(30 + town * 0.7 + near(), -120 + town * 1.1 + near(), 12)}`)
  })
}

test.each([
  ["HIP-17", HIP17_LEVELS],
  ["HIP-104", HIP104_LEVELS],
] as const)("on the real grid the batch gives every hotspot the scale of the rule (%s)", (_, levels) => {
  const cells = fleet()
  const scales = computeHexScales(cells, levels, 11, h3Geometry)
  const batch = new Int32Array(cells.length)
  computeHexScalesE4(planHexDensity(cells, levels, 11, h3Geometry), batch)
  expect(Array.from(batch)).toEqual(cells.map((cell) => Number(decimal.toUnits(scales.get(cell)!, 4, "trunc"))))
  expect(batch.some((scale) => scale < 5000)).toBe(true)
})
