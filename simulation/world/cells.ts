/**
 * The H3 cell each node truly stands in, and the cell's centre.
 *
 * The only file of the world that imports h3-js. h3-js computes with the engine's own sine and cosine, so its results are
 * fixed by measurement rather than by construction: Node 22, 24 and Chromium share one implementation (V8's ieee754), and a
 * golden test would notice a change. Centres are rounded to 1e-7 degree (1 cm), far above any difference in last bits.
 */
import { cellToLatLng, latLngToCell } from "h3-js"
import type { Placement } from "./placement.ts"

/** Resolution 12: cells of about 307 m², the resolution of a hotspot's asserted location. */
export const CELL_RESOLUTION = 12

export interface Cells {
  /** The 64-bit cell id as two words. */
  readonly hexHi: Uint32Array
  readonly hexLo: Uint32Array
  /** Centre of the cell, 1e-7 degree. */
  readonly latE7: Int32Array
  readonly lngE7: Int32Array
}

/** One row a node, in node order. */
export function nodeCells(placement: Placement, resolution = CELL_RESOLUTION): Cells {
  const { nodes } = placement
  const hexHi = new Uint32Array(nodes)
  const hexLo = new Uint32Array(nodes)
  const latE7 = new Int32Array(nodes)
  const lngE7 = new Int32Array(nodes)
  for (let node = 0; node < nodes; node++) {
    const cell = latLngToCell(placement.latE7[node] / 1e7, placement.lngE7[node] / 1e7, resolution)
    hexHi[node] = Number.parseInt(cell.slice(0, -8), 16)
    hexLo[node] = Number.parseInt(cell.slice(-8), 16)
    const [lat, lng] = cellToLatLng(cell)
    latE7[node] = Math.round(lat * 1e7)
    lngE7[node] = Math.round(lng * 1e7)
  }
  return { hexHi, hexLo, latE7, lngE7 }
}

/** The cell id as h3-js writes it: 15 hexadecimal digits. */
export function cellText(hexHi: number, hexLo: number): string {
  return hexHi.toString(16) + hexLo.toString(16).padStart(8, "0")
}
