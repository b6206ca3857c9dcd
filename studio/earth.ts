/** The map's ground: equal-earth projection (Šavrič, Patterson and Jenny 2018) and the outlines of the land. For pictures only. */
import { feature } from "topojson-client"
import type { Topology, GeometryCollection } from "topojson-specification"
import land from "world-atlas/land-110m.json" with { type: "json" }

const [A1, A2, A3, A4] = [1.340264, -0.081106, 0.000893, 0.003796]
const ROOT3 = Math.sqrt(3)
/** Half the width and height of the projected earth. */
const HALF_WIDTH = 2.7066297
const HALF_HEIGHT = 1.3173628
/** The south below this holds no node: it is cut off. */
const SOUTH = -58
export const ASPECT = HALF_WIDTH / ((HALF_HEIGHT + HALF_HEIGHT * 0.86) / 2)

/** x and y in 0 to 1 of the map's frame, y downwards. */
export function project(lat: number, lng: number): readonly [x: number, y: number] {
  const theta = Math.asin((ROOT3 / 2) * Math.sin((lat * Math.PI) / 180))
  const t2 = theta * theta
  const t6 = t2 * t2 * t2
  const x = (2 * ROOT3 * ((lng * Math.PI) / 180) * Math.cos(theta)) / (3 * (9 * A4 * t6 * t2 + 7 * A3 * t6 + 3 * A2 * t2 + A1))
  const y = theta * (A4 * t6 * t2 + A3 * t6 + A2 * t2 + A1)
  return [(x + HALF_WIDTH) / (2 * HALF_WIDTH), (HALF_HEIGHT - y) / (HALF_HEIGHT - LOWEST)]
}
const LOWEST = -HALF_HEIGHT * 0.86

/** Rings of the land, as pairs in 0 to 1. */
export function landRings(): readonly Float32Array[] {
  const topology = land as unknown as Topology<{ land: GeometryCollection }>
  const found = feature(topology, topology.objects.land)
  const rings: Float32Array[] = []
  for (const { geometry } of found.features) {
    const polygons =
      geometry.type === "MultiPolygon" ? geometry.coordinates : geometry.type === "Polygon" ? [geometry.coordinates] : []
    for (const polygon of polygons)
      for (const ring of polygon) {
        if (ring.every(([, lat]) => lat < SOUTH)) continue
        // A ring that crosses the date line is unrolled, and drawn at both edges; the frame cuts off what is outside.
        let turn = 0
        const unrolled = ring.map(([lng, lat], i) => {
          const step = i === 0 ? 0 : lng - ring[i - 1][0]
          if (step > 180) turn -= 360
          else if (step < -180) turn += 360
          return [lng + turn, lat] as const
        })
        const lngs = unrolled.map(([lng]) => lng)
        const shifts = [0, ...(Math.max(...lngs) > 180 ? [-360] : []), ...(Math.min(...lngs) < -180 ? [360] : [])]
        for (const shift of shifts) {
          const points = new Float32Array(ring.length * 2)
          unrolled.forEach(([lng, lat], i) => points.set(project(lat, lng + shift), 2 * i))
          rings.push(points)
        }
      }
  }
  return rings
}
