/**
 * What a witness on each measured path may report at the loudest, with every check folded in that does not depend on the
 * report itself. One comparison then passes what eleven checks would pass; what it does not pass is asked in full order.
 */
import type { Values } from "../../kernel/param.ts"
import { isFresh, isTooNear } from "./path.ts"
import type { params } from "./params.ts"
import { wholeGainNanoDb } from "./radio-loss.ts"
import type { State } from "./state.ts"

/** Lower than any report, even after the transmit power is added: a check fails, and which one must be asked. */
export const NEVER = -0x8000
/** As low; of the checks that do not depend on the report, it is the least distance that fails first. */
export const TOO_NEAR = NEVER + 1
/** Limits are kept in the unit of a report, 0.1 dB: two bytes a path, because a beacon's paths are read from cold memory. */
const NANO_PER_DECI = 100_000_000

/** A cache: everything in it follows from the state's versions and three parameters. */
export class PathLimits {
  /**
   * By path row, the loudest report: gains less loss in 0.1 dB, rounded down, to be added to transmit power less channel loss;
   * `TOO_NEAR` or `NEVER` where a check fails.
   */
  loudestDdb = new Int16Array(0)
  /** Rows [first, end) are all of one beaconer: a hint between them needs no further proof of whose path it is. */
  first = new Uint32Array(0)
  end = new Uint32Array(0)
  /** Hotspots nearer than the exclusion of HIP-136: those of node a are `nearTo[nearBegin[a]]` up to `nearBegin[a + 1]`. */
  nearBegin = new Uint32Array(1)
  nearTo = new Uint32Array(0)
  /** 1 for a hotspot that is either end of any such pair. */
  isNearAny = new Uint8Array(0)
  #paths = -1
  #pathVersion = -1
  #registryVersion = -1
  #hotspotVersion = -1
  #edges = -1
  #cellsMin = -1
  #maxKm = -1
  #exclusion = -1

  /** The limits for the state as it stands. */
  of(state: State, v: Values<typeof params>): this {
    const { path, registry, hotspot, edge } = state
    if (
      path.length !== this.#paths ||
      path.version !== this.#pathVersion ||
      registry.nodes.version !== this.#registryVersion ||
      hotspot.version !== this.#hotspotVersion ||
      edge.version !== this.#edges ||
      v.distanceMinCells !== this.#cellsMin ||
      v.distanceMaxKm !== this.#maxKm ||
      v.exclusionCells !== this.#exclusion
    ) {
      this.#compute(state, v)
      this.#findBlocks(state)
      this.#listNear(state, v.exclusionCells)
      this.#paths = path.length
      this.#pathVersion = path.version
      this.#registryVersion = registry.nodes.version
      this.#hotspotVersion = hotspot.version
      this.#edges = edge.version
      this.#cellsMin = v.distanceMinCells
      this.#maxKm = v.distanceMaxKm
      this.#exclusion = v.exclusionCells
    }
    return this
  }

  #compute(state: State, v: Values<typeof params>): void {
    const { path, registry, hotspot } = state
    if (this.loudestDdb.length < path.length) this.loudestDdb = new Int16Array(path.capacity)
    const { loudestDdb } = this
    const { status, assertions } = registry.nodes
    const { denied, capable, region, gainDdbi } = hotspot
    const metresEnd = (v.distanceMaxKm + 1) * 1000
    const edges = state.deniedEdges.of(state)
    for (let p = 0; p < path.length; p++) {
      const a = path.beaconer[p]
      const w = path.witness[p]
      const isFit =
        a !== w &&
        status[w] === 1 &&
        assertions[w] > 0 &&
        denied[w] === 0 &&
        capable[w] === 1 &&
        region[w] === region[a] &&
        !edges.has(a, w) &&
        isFresh(state, p)
      if (isFit && isTooNear(path.cells[p], v.distanceMinCells)) loudestDdb[p] = TOO_NEAR
      else
        loudestDdb[p] =
          isFit && path.metres[p] < metresEnd
            ? Math.floor((wholeGainNanoDb(gainDdbi[a]) + wholeGainNanoDb(gainDdbi[w]) - path.spaceLossNanoDb[p]) / NANO_PER_DECI)
            : NEVER
    }
  }

  /** The last unbroken block of each beaconer's paths. */
  #findBlocks({ path: { beaconer, length }, hotspot }: State): void {
    const first = new Uint32Array(hotspot.length)
    const end = new Uint32Array(hotspot.length)
    for (let p = 0; p < length; p++) {
      const a = beaconer[p]
      if (p === 0 || beaconer[p - 1] !== a) first[a] = p
      end[a] = p + 1
    }
    this.first = first
    this.end = end
  }

  /** A counting sort of the fresh paths shorter than the exclusion, by either end: nearness has no direction. */
  #listNear(state: State, exclusionCells: number): void {
    const { path, hotspot } = state
    const begin = new Uint32Array(hotspot.length + 1)
    const isNear = (p: number): boolean => path.cells[p] < exclusionCells && isFresh(state, p)
    for (let p = 0; p < path.length; p++)
      if (isNear(p)) {
        begin[path.beaconer[p] + 1]++
        begin[path.witness[p] + 1]++
      }
    for (let node = 0; node < hotspot.length; node++) begin[node + 1] += begin[node]
    const cursor = begin.slice()
    const to = new Uint32Array(begin[hotspot.length])
    for (let p = 0; p < path.length; p++)
      if (isNear(p)) {
        to[cursor[path.beaconer[p]]++] = path.witness[p]
        to[cursor[path.witness[p]]++] = path.beaconer[p]
      }
    this.nearBegin = begin
    this.nearTo = to
    this.isNearAny = new Uint8Array(hotspot.length)
    for (let node = 0; node < hotspot.length; node++) if (begin[node + 1] > begin[node]) this.isNearAny[node] = 1
  }
}
