/** Where cliques say they stand: cells on a square grid around the first member's own place, at the resolution hotspots assert. */
import { nodeCells } from "../world/cells.ts"
import type { Row } from "./capture.ts"

const KM_PER_DEGREE = 111.2

export interface Appointed {
  readonly all: readonly (readonly number[])[]
  readonly of: (node: number) => readonly number[]
  readonly place: (node: number) => Row
  /** The beacons its members have just reported, until they are taken. */
  beacons: readonly Row[]
  takeBeacons: () => readonly Row[]
}

/** Cliques of `size`, in the order of the rows, `gapKm` from one asserted place to the next; each near its first member's own place. */
export function appointed(rows: readonly Row[], size: number, gapKm: number): Appointed {
  const all: number[][] = []
  const cliqueOf = new Map<number, number>()
  const placeOf = new Map<number, Row>()
  const side = Math.ceil(Math.sqrt(size))
  const first = rows[0]
  rows.forEach((row, i) => {
    const c = Math.floor(i / size)
    const at = i % size
    const node = Number(row.node)
    ;(all[c] ??= []).push(node)
    cliqueOf.set(node, c)
    const anchor = rows[c * size]
    // All of one adversary's cliques are of one region: around its first gateway, a hundred kilometres apart along the parallel.
    const lat = Number(first.latE7) / 1e7 + (Math.floor(at / side) * gapKm) / KM_PER_DEGREE + (Number(anchor.node) % 7) * 0.9
    const lng = Number(first.lngE7) / 1e7 + ((at % side) * gapKm) / KM_PER_DEGREE / 0.7 + c * 1.3
    const { hexHi, hexLo, latE7, lngE7 } = nodeCells({
      nodes: 1,
      latE7: Int32Array.of(Math.round(Math.max(-80, Math.min(80, lat)) * 1e7)),
      lngE7: Int32Array.of(Math.round((((lng + 540) % 360) - 180) * 1e7)),
    } as never)
    placeOf.set(node, { hexHi: hexHi[0], hexLo: hexLo[0], latE7: latE7[0], lngE7: lngE7[0] })
  })
  let beacons: readonly Row[] = []
  return {
    all,
    of: (node) => all[cliqueOf.get(node)!],
    place: (node) => placeOf.get(node)!,
    get beacons() {
      return beacons
    },
    set beacons(rows: readonly Row[]) {
      beacons = rows
    },
    takeBeacons() {
      const taken = beacons
      beacons = []
      return taken
    },
  }
}
