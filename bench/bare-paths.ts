/** What the bare loop knows before it starts: copies of a running fleet's columns, and its paths in as few words as will do. */
import type { RadioPaths } from "../protocol/kernel/habitat.ts"
import type { Values } from "../protocol/kernel/param.ts"
import type { params } from "../protocol/networks/helium/params.ts"
import { isFresh, isTooNear } from "../protocol/networks/helium/path.ts"
import { wholeGainNanoDb } from "../protocol/networks/helium/radio-loss.ts"
import type { State } from "../protocol/networks/helium/state.ts"

const NEVER = -2_000_000_000

export interface BarePaths {
  readonly begin: Uint32Array
  readonly to: Uint32Array
  readonly rssiDeciDbm: Int16Array
  /** The loudest honest report, gains less loss in 1e-6 dB, to be added to the power; `NEVER` where a standing check fails. */
  readonly limit: Int32Array
  readonly cells: Uint16Array
  readonly nearBegin: Uint32Array
  readonly nearTo: Uint32Array
  readonly isNearAny: Uint8Array
}

/** Throws unless the protocol's paths are the radio map's, row by row. */
export function barePaths(state: State, radio: RadioPaths, v: Values<typeof params>): BarePaths {
  const { path, hotspot, registry } = state
  const { region, gainDdbi, denied, capable } = hotspot
  const { status, assertions } = registry.nodes
  const paths = radio.to.length
  const limit = new Int32Array(paths)
  const nearBegin = new Uint32Array(hotspot.length + 1)
  const isNearAny = new Uint8Array(hotspot.length)
  const edges = state.deniedEdges.of(state)
  // Nearness has no direction, whichever of the two was measured.
  const near: number[][] = Array.from({ length: hotspot.length }, () => [])
  for (let a = 0; a < hotspot.length; a++) {
    for (let p = radio.begin[a]; p < radio.begin[a + 1]; p++) {
      const w = radio.to[p]
      if (path.beaconer[p] !== a || path.witness[p] !== w)
        throw new Error(`path ${p} is not the radio map's; the bare loop would not do the same`)
      const passes =
        a !== w &&
        status[w] === 1 &&
        assertions[w] > 0 &&
        denied[w] === 0 &&
        capable[w] === 1 &&
        region[w] === region[a] &&
        !edges.has(a, w) &&
        !isTooNear(path.cells[p], v.distanceMinCells) &&
        path.metres[p] < (v.distanceMaxKm + 1) * 1000 &&
        isFresh(state, p)
      limit[p] = passes
        ? Math.floor((wholeGainNanoDb(gainDdbi[a]) + wholeGainNanoDb(gainDdbi[w]) - path.spaceLossNanoDb[p]) / 1000)
        : NEVER
      if (path.cells[p] >= v.exclusionCells) continue
      near[a].push(w)
      near[w].push(a)
      isNearAny[a] = isNearAny[w] = 1
    }
  }
  for (let a = 0; a < hotspot.length; a++) nearBegin[a + 1] = nearBegin[a] + near[a].length
  return {
    begin: radio.begin,
    to: radio.to,
    rssiDeciDbm: radio.rssiDeciDbm,
    limit,
    cells: path.cells.slice(0, paths),
    nearBegin,
    nearTo: Uint32Array.from(near.flat()),
    isNearAny,
  }
}
