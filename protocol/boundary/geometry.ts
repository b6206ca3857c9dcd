/** The Geometry port over h3-js: the only place that knows the library. Cells outside H3 throw h3-js's own errors. */

import * as h3 from "h3-js"
import { parentCell, type Geometry } from "../kernel/geometry.ts"

const toText = (cell: bigint): string => cell.toString(16)
const toCell = (text: string): bigint => BigInt(`0x${text}`)
const RADIANS_PER_DEGREE = Math.PI / 180

export const h3Geometry: Geometry = {
  gridDistance(a, b) {
    try {
      return h3.gridDistance(toText(a), toText(b))
    } catch {
      // h3-js throws where its local coordinates fail; the port names that case -1.
      return -1
    }
  },
  gridDisk1: (cell) => h3.gridDisk(toText(cell), 1).map(toCell),
  parent: parentCell,
  centre(cell) {
    const [lat, lng] = h3.cellToLatLng(toText(cell))
    return { latE7: Math.round(lat * 1e7), lngE7: Math.round(lng * 1e7) }
  },
  centreRadians(cell) {
    const [lat, lng] = h3.cellToLatLng(toText(cell))
    return { lat: lat * RADIANS_PER_DEGREE, lng: lng * RADIANS_PER_DEGREE }
  },
}

/** The cell of resolution `res` at a place in degrees, with its centre: for whoever says where something stands. */
export function cellAt(
  lat: number,
  lng: number,
  res: number,
): { readonly cell: bigint; readonly latE7: number; readonly lngE7: number } {
  const cell = toCell(h3.latLngToCell(lat, lng, res))
  return { cell, ...h3Geometry.centre(cell) }
}
