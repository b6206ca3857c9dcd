/** The hex-density map of the hotspots now asserted: planned once per fleet, computed again when somebody joins or leaves it. */
import type { Geometry } from "../../kernel/geometry.ts"
import type { Values } from "../../kernel/param.ts"
import { HEX_COUNT_RES, type HexLevel } from "./hex-density.ts"
import { computeHexScalesE4, planHexDensity, type HexDensityPlan } from "./hex-density-batch.ts"
import type { params } from "./params.ts"
import type { State } from "./state.ts"

const RESOLUTIONS = [4, 5, 6, 7, 8, 9, 10] as const

const levelsOf = (v: Values<typeof params>): HexLevel[] =>
  RESOLUTIONS.map((res) => ({
    res,
    n: v[`density${res}Neighbours`],
    target: v[`density${res}Target`],
    max: v[`density${res}Max`],
  }))

/** A cache: everything in it follows from the state it is asked about. */
export class DensityMap {
  #plan: HexDensityPlan | undefined
  /** Hotspots of the plan, by node. */
  #nodes: Int32Array = new Int32Array(0)
  #registry = -1
  #levels = ""
  /** Until then nobody in the map can fall silent for long enough: good beacons only get younger. */
  #quietUntilS = -1
  #window = -1
  /** Hotspots outside the map and their last good beacon, in turn. */
  readonly #inactive: number[] = []
  #scale: Int32Array = new Int32Array(0)
  #isActive: Uint8Array = new Uint8Array(0)

  /**
   * Computes active flags at `at` and the scale of every asserted hotspot, and says where they differ from the state.
   * Calls `changed` for each such hotspot, in node order.
   */
  refresh(
    state: State,
    at: number,
    v: Values<typeof params>,
    geometry: Geometry,
    changed: (node: number, scaleE4: number, active: number) => void,
  ): void {
    const { hotspot, registry } = state
    const levels = JSON.stringify([levelsOf(v), v.densityDefaultScaleE4])
    const replanned = this.#plan === undefined || registry.nodes.version !== this.#registry || levels !== this.#levels
    if (replanned) {
      this.#replan(state, v, geometry)
      this.#levels = levels
    }
    if (!replanned && at <= this.#quietUntilS && v.densityWindowSeconds === this.#window && !this.#someReturned(state)) return
    const nodes = this.#nodes
    const window = v.densityWindowSeconds
    let moved = replanned
    let oldest = Infinity
    this.#inactive.length = 0
    for (let k = 0; k < nodes.length; k++) {
      const node = nodes[k]
      const good = hotspot.goodBeaconS[node]
      const active = good > 0 && at - good <= window && registry.nodes.status[node] === 1 ? 1 : 0
      this.#isActive[k] = active
      if (active !== hotspot.active[node]) moved = true
      if (active === 0) this.#inactive.push(node, good)
      else if (good < oldest) oldest = good
    }
    this.#quietUntilS = oldest + window
    this.#window = window
    if (!moved) return
    computeHexScalesE4(this.#plan!, this.#scale, this.#isActive, v.densityDefaultScaleE4)
    for (let k = 0; k < nodes.length; k++) {
      const node = nodes[k]
      if (this.#scale[k] !== hotspot.scaleE4[node] || this.#isActive[k] !== hotspot.active[node])
        changed(node, this.#scale[k], this.#isActive[k])
    }
  }

  /** True when a hotspot outside the map had a good beacon since the map was made. */
  #someReturned({ hotspot }: State): boolean {
    for (let k = 0; k < this.#inactive.length; k += 2)
      if (hotspot.goodBeaconS[this.#inactive[k]] !== this.#inactive[k + 1]) return true
    return false
  }

  #replan({ registry }: State, v: Values<typeof params>, geometry: Geometry): void {
    const { assertions, hexHi, hexLo, length } = registry.nodes
    const nodes: number[] = []
    const cells: bigint[] = []
    for (let node = 0; node < length; node++) {
      if (assertions[node] === 0) continue
      nodes.push(node)
      cells.push((BigInt(hexHi[node]) << 32n) | BigInt(hexLo[node]))
    }
    this.#plan = planHexDensity(cells, levelsOf(v), HEX_COUNT_RES, geometry)
    this.#nodes = Int32Array.from(nodes)
    this.#scale = new Int32Array(nodes.length)
    this.#isActive = new Uint8Array(nodes.length)
    this.#registry = registry.nodes.version
  }
}
