import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { metresBetween } from "./earth.ts"
import type { Placement } from "./placement.ts"
import { residential } from "./profiles.ts"
import { freeSpaceDeciDb, radioDefaults, radioPaths } from "./radio.ts"
import { sampleNodes } from "./sampler.ts"

const homes = sampleNodes(residential, 7, 10_000)
const paths = radioPaths(homes, 7)
const hearers = (node: number): number => paths.begin[node + 1] - paths.begin[node]

/** Great circle on a sphere of 6,371.0 km, in metres: the reference the approximation is held to. */
function haversine(latA: number, lngA: number, latB: number, lngB: number): number {
  const r = Math.PI / 1_800_000_000
  const h =
    Math.sin(((latB - latA) * r) / 2) ** 2 + Math.cos(latA * r) * Math.cos(latB * r) * Math.sin(((lngB - lngA) * r) / 2) ** 2
  return 2 * 6_371_000 * Math.asin(Math.sqrt(h))
}

const at = (latE7: number[], lngE7: number[]): Placement => ({
  ...homes,
  nodes: latE7.length,
  latE7: Int32Array.from(latE7),
  lngE7: Int32Array.from(lngE7),
})

describe("distance", () => {
  it("is within half a percent of the great circle up to 100 km and 75 degrees", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -750_000_000, max: 750_000_000 }),
        fc.integer({ min: -1_800_000_000, max: 1_799_999_999 }),
        fc.integer({ min: -6_300_000, max: 6_300_000 }),
        fc.integer({ min: -6_300_000, max: 6_300_000 }),
        (lat, lng, north, east) => {
          const exact = haversine(lat, lng, lat + north, lng + east)
          const found = metresBetween(lat, lng, lat + north, lng + east)
          expect(Math.abs(found - exact)).toBeLessThanOrEqual(0.6 + exact * 0.005)
          expect(metresBetween(lat + north, lng + east, lat, lng)).toBe(found)
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe("radio paths", () => {
  it("are the same for the same seed and others for another", () => {
    expect(radioPaths(homes, 7)).toEqual(paths)
    expect(radioPaths(homes, 8).rssiDeciDbm).not.toEqual(paths.rssiDeciDbm)
  })

  it("join whole rows: in range, decodable, never louder than free space, strongest first", () => {
    const floor = radioDefaults.eirpDeciDbm
    for (let a = 0; a < homes.nodes; a++) {
      expect(hearers(a)).toBeLessThanOrEqual(radioDefaults.pathsMax)
      for (let p = paths.begin[a]; p < paths.begin[a + 1]; p++) {
        const b = paths.to[p]
        const before = p - 1
        const ordered =
          p === paths.begin[a] ||
          paths.rssiDeciDbm[before] > paths.rssiDeciDbm[p] ||
          (paths.rssiDeciDbm[before] === paths.rssiDeciDbm[p] && paths.to[before] < b)
        const good =
          ordered &&
          b !== a &&
          b < homes.nodes &&
          paths.metres[p] <= 40_000 &&
          paths.metres[p] === metresBetween(homes.latE7[b], homes.lngE7[b], homes.latE7[a], homes.lngE7[a]) &&
          paths.rssiDeciDbm[p] >= radioDefaults.sensitivityDeciDbm &&
          paths.rssiDeciDbm[p] <= floor - freeSpaceDeciDb(paths.metres[p]) - radioDefaults.excessMinDeciDb
        if (!good) expect.fail(`path ${a} → ${b}: ${paths.metres[p]} m, ${paths.rssiDeciDbm[p]} ddBm`)
      }
    }
    expect(paths.begin[homes.nodes]).toBe(paths.to.length)
  })

  it("give a pair one distance and one signal, whichever end speaks", () => {
    const all = radioPaths(homes, 7, { pathsMax: 1000, candidatesMax: 1_000_000 })
    const seen = new Map<number, number>()
    for (let a = 0; a < homes.nodes; a++)
      for (let p = all.begin[a]; p < all.begin[a + 1]; p++) seen.set(a * homes.nodes + all.to[p], p)
    for (const [key, p] of seen) {
      const back = seen.get((key % homes.nodes) * homes.nodes + Math.floor(key / homes.nodes))
      if (back === undefined || all.metres[back] !== all.metres[p] || all.rssiDeciDbm[back] !== all.rssiDeciDbm[p])
        expect.fail(`the pair ${key} differs by direction`)
    }
    const counts = Array.from({ length: homes.nodes }, (_, a) => all.begin[a + 1] - all.begin[a]).sort((a, b) => a - b)
    // Most hotspots hear some dozens of others; a few in the country hear nobody.
    expect(counts[2500]).toBeGreaterThanOrEqual(18)
    expect(counts[5000]).toBeLessThanOrEqual(45)
    expect(counts.filter((count) => count === 0).length).toBeGreaterThan(30)
  })

  it("keep nearly the same strongest paths when the search stops early", () => {
    const near = homes.latE7.map((lat) => 404_000_000 + (lat % 1_000_000))
    const crowd = at(
      [...near.subarray(0, 3000)],
      [...homes.lngE7.subarray(0, 3000)].map((lng) => -37_000_000 + (lng % 1_000_000)),
    )
    const early = radioPaths(crowd, 7)
    const full = radioPaths(crowd, 7, { candidatesMax: 1_000_000 })
    let same = 0
    for (let a = 0; a < crowd.nodes; a++) {
      const exact = new Set(full.to.subarray(full.begin[a], full.begin[a + 1]))
      for (const b of early.to.subarray(early.begin[a], early.begin[a + 1])) if (exact.has(b)) same++
    }
    expect(same / full.to.length).toBeGreaterThan(0.95)
  })

  it("cross the antimeridian and survive the poles", () => {
    const line = radioPaths(at([0, 0], [1_799_990_000, -1_799_990_000]), 1)
    expect([...line.to]).toEqual([1, 0])
    expect([...line.metres]).toEqual([222, 222])
    const pole = radioPaths(at([899_900_000, 899_900_000], [0, 1_799_999_999]), 1)
    expect(pole.to.length).toBe(2)
  })

  it("hear one standing in the same spot, at the power of one metre", () => {
    const same = radioPaths(at([5, 5], [5, 5]), 3)
    expect([...same.metres]).toEqual([0, 0])
    expect(same.rssiDeciDbm[0]).toBeLessThanOrEqual(270 - 316)
  })

  it("find exactly what comparing every pair finds", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(8_000_000), fc.nat(8_000_000)), { minLength: 2, maxLength: 40 }),
        fc.integer({ min: -700_000_000, max: 700_000_000 }),
        fc.integer({ min: 1, max: 40 }),
        (offsets, south, rangeKm) => {
          // Straddles the antimeridian on purpose: the wrap is where a search goes wrong.
          const lats = offsets.map(([north]) => south + north)
          const lngs = offsets.map(([, east]) => ((1_796_000_000 + east + 1_800_000_000) % 3_600_000_000) - 1_800_000_000)
          const found = radioPaths(at(lats, lngs), 1, { rangeKm, sensitivityDeciDbm: -5000, pathsMax: 50 })
          for (let a = 0; a < lats.length; a++) {
            const expected = lats
              .map((_, b) => b)
              .filter((b) => b !== a && metresBetween(lats[a], lngs[a], lats[b], lngs[b]) <= rangeKm * 1000)
            expect([...found.to.subarray(found.begin[a], found.begin[a + 1])].sort((x, y) => x - y)).toEqual(expected)
          }
        },
      ),
      { numRuns: 200 },
    )
  })
})
