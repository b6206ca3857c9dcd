import * as fc from "fast-check"
import * as h3 from "h3-js"
import { describe, expect, test } from "vitest"
import { EARTH_RADIUS_M, greatCircleMetres, parentCell, resolutionOf } from "../kernel/geometry.ts"
import { h3Geometry } from "./geometry.ts"

const place = fc.record({
  lat: fc.double({ min: -89.9, max: 89.9, noNaN: true }),
  lng: fc.double({ min: -180, max: 180, noNaN: true }),
})
const cellAt = (p: { lat: number; lng: number }, res: number): bigint => BigInt(`0x${h3.latLngToCell(p.lat, p.lng, res)}`)

describe("bit arithmetic agrees with h3-js", () => {
  test("ancestors and resolutions", () =>
    fc.assert(
      fc.property(place, fc.nat(15), fc.nat(15), (p, a, b) => {
        const [coarse, fine] = a < b ? [a, b] : [b, a]
        const cell = cellAt(p, fine)
        expect(resolutionOf(cell)).toBe(fine)
        expect(parentCell(cell, coarse)).toBe(BigInt(`0x${h3.cellToParent(cell.toString(16), coarse)}`))
      }),
    ))
  test("a coarser cell has no finer ancestor", () =>
    expect(() => parentCell(cellAt({ lat: 0, lng: 0 }, 4), 5)).toThrow(RangeError))
})

describe("distances agree with h3-js", () => {
  test("great circle, to a micrometre per kilometre", () =>
    fc.assert(
      fc.property(place, place, (p, q) => {
        const [a, b] = [cellAt(p, 12), cellAt(q, 12)]
        const mine = greatCircleMetres(h3Geometry.centreRadians(a), h3Geometry.centreRadians(b))
        const theirs = h3.greatCircleDistance(h3.cellToLatLng(a.toString(16)), h3.cellToLatLng(b.toString(16)), "m")
        // Near the antipode the arc sine turns steep: allow for it there.
        const far = theirs > 0.99 * Math.PI * EARTH_RADIUS_M
        expect(Math.abs(mine - theirs)).toBeLessThan(far ? 1 : 1e-6 + theirs * 1e-9)
      }),
    ))
  test("grid distance, and -1 where there is none", () => {
    const near = cellAt({ lat: 38, lng: -122 }, 11)
    expect(h3Geometry.gridDistance(near, near)).toBe(0)
    expect(h3Geometry.gridDistance(near, h3Geometry.gridDisk1(near)[1])).toBe(1)
    expect(h3Geometry.gridDistance(near, cellAt({ lat: -38, lng: 58 }, 11))).toBe(-1)
  })
  test("a cell and its neighbours", () => {
    const cell = cellAt({ lat: 51.5, lng: -0.1 }, 8)
    expect(h3Geometry.gridDisk1(cell)).toHaveLength(7)
    expect(h3Geometry.gridDisk1(cell)).toContain(cell)
    const { latE7, lngE7 } = h3Geometry.centre(cell)
    expect([latE7 / 1e7, lngE7 / 1e7].map((x) => Math.round(x * 100) / 100)).toEqual(
      h3.cellToLatLng(cell.toString(16)).map((x) => Math.round(x * 100) / 100),
    )
  })
})
