/** Lends one network's inhabitants the truth about their world, tick by tick. */
import type { Cells, Habitat, Places, RadioPaths } from "../../protocol/kernel/habitat.ts"
import type { Machine } from "../../protocol/kernel/machine.ts"
import type { Values } from "../../protocol/kernel/param.ts"
import { diurnalPermille, localMinuteOfDay } from "../world/demand.ts"
import type { TruthState } from "../world/truth.ts"

const MINUTE = 60
/** Demand is summed by quarters of an hour: the diurnal curve moves by less than 3 % in one. */
const DEMAND_STEP_S = 15 * MINUTE
const DAY = 24 * 60 * MINUTE
const QUARTERS = DAY / DEMAND_STEP_S

/** What never changes while a run goes on; made once per seed and shared by every variant of it. */
export interface Site {
  readonly places: Places
  readonly cells: () => Cells
  readonly radio: () => RadioPaths
}

export class Lender implements Habitat {
  readonly seed: number
  readonly nodes: number
  readonly beginS: number
  readonly places: Places
  readonly cells: () => Cells
  readonly radio: () => RadioPaths
  readonly running: Uint8Array
  readonly throughPermille: Uint16Array
  readonly userThroughPermille: Uint16Array
  /** Why the timeline last took a node from its users; told by the simulation as it happens. */
  readonly fate: Uint8Array
  readonly lostPermille?: Uint16Array
  readonly skewS?: Int32Array
  readonly askedPermille?: Uint32Array
  readonly #world: Machine
  readonly #facilities: readonly string[]
  readonly #params: () => Values
  readonly #demand: () => number
  /** Nodes that share a UTC offset share a clock: offsets, and each node's place among them. */
  readonly #offsetOf: Uint16Array
  /** Per offset and quarter of the UTC day: demand in permille, and its integral up to there in permille seconds. */
  readonly #rate: Float64Array
  readonly #before: Float64Array
  readonly #factor: Float64Array
  #seen = -1
  #version = 0
  /** Nodes running now. */
  up = 0
  /** Nodes that do not run, or run without any way to the internet. */
  away = 0

  constructor(
    seed: number,
    beginS: number,
    site: Site,
    world: Machine,
    facilities: readonly string[],
    params: () => Values,
    demandMilli: (v: Values) => number,
  ) {
    const { places } = site
    this.seed = seed
    this.nodes = places.nodes
    this.beginS = beginS
    this.places = places
    this.cells = site.cells
    this.radio = site.radio
    this.running = new Uint8Array(places.nodes)
    this.throughPermille = new Uint16Array(places.nodes)
    this.userThroughPermille = new Uint16Array(places.nodes)
    this.fate = new Uint8Array(places.nodes)
    this.#world = world
    const { plight } = world.state as TruthState
    if (plight.length > 0) {
      this.lostPermille = plight.lost
      this.skewS = plight.skewS
      this.askedPermille = plight.asked
    }
    this.#facilities = facilities
    this.#params = params
    this.#demand = () => demandMilli(params())
    const offsets = [...new Set(places.utcOffsetMinutes)].sort((a, b) => a - b)
    this.#rate = new Float64Array(offsets.length * QUARTERS)
    this.#before = new Float64Array(offsets.length * (QUARTERS + 1))
    offsets.forEach((offset, o) => {
      for (let q = 0; q < QUARTERS; q++) {
        const rate = diurnalPermille(localMinuteOfDay(q * DEMAND_STEP_S, offset))
        this.#rate[o * QUARTERS + q] = rate
        this.#before[o * (QUARTERS + 1) + q + 1] = this.#before[o * (QUARTERS + 1) + q] + rate * DEMAND_STEP_S
      }
    })
    this.#offsetOf = Uint16Array.from(places.utcOffsetMinutes, (o) => offsets.indexOf(o))
    this.#factor = new Float64Array(offsets.length)
    this.look()
  }

  /** Reads the world again if any of its tables moved. Called between slices, never within one. */
  look(): void {
    const { node, facility, provider, plight } = this.#world.state as TruthState
    const seen = node.version + facility.version + provider.version + plight.version
    if (seen === this.#seen) return
    this.#seen = seen
    this.#version++
    const served = provider.served[0]
    this.up = 0
    this.away = 0
    for (let i = 0; i < this.nodes; i++) {
      const runs = node.stops[i] === 0 ? 1 : 0
      this.up += runs
      this.running[i] = runs
      const passes = node.cuts[i] > 0 ? 0 : node.passes[i]
      this.throughPermille[i] = node.behind[i] === 1 ? Math.floor((passes * served) / 1000) : passes
      if (runs === 0 || this.throughPermille[i] === 0) this.away++
      this.userThroughPermille[i] = node.userBehind[i] === 1 ? served : 1000
    }
  }

  truthVersion = (): number => this.#version
  served = (facility: string): number => (this.#world.state as TruthState).facility.served[this.#index(facility)]
  corrupt = (facility: string): number => (this.#world.state as TruthState).facility.corrupt[this.#index(facility)]
  params = (): Values => this.#params()

  /**
   * Demand near each node in [fromS, toS): mean × local hour, whole thousandths of the service unit. It is the difference of
   * a running total, so that a day in one tick asks for exactly as much as the same day in 1,440.
   */
  demand = (fromS: number, toS: number, into: Float64Array): void => {
    const base = this.#demand()
    const factor = this.#factor
    for (let o = 0; o < factor.length; o++) factor[o] = this.#asked(o, toS, base) - this.#asked(o, fromS, base)
    const asking = this.askedPermille
    if (asking === undefined) for (let i = 0; i < this.nodes; i++) into[i] = factor[this.#offsetOf[i]]
    else for (let i = 0; i < this.nodes; i++) into[i] = Math.floor((factor[this.#offsetOf[i]] * asking[i]) / 1000)
  }

  /** What one node was asked for since genesis's midnight by `atS`. */
  #asked(offset: number, atS: number, base: number): number {
    const sinceS = atS - Math.floor(this.beginS / DAY) * DAY
    const days = Math.floor(sinceS / DAY)
    const quarter = Math.floor((sinceS - days * DAY) / DEMAND_STEP_S)
    const within = sinceS - days * DAY - quarter * DEMAND_STEP_S
    const permilleSeconds =
      days * DAY * 1000 + this.#before[offset * (QUARTERS + 1) + quarter] + within * this.#rate[offset * QUARTERS + quarter]
    return Math.floor((base * permilleSeconds) / (1000 * MINUTE))
  }

  #index(facility: string): number {
    const i = this.#facilities.indexOf(facility)
    if (i < 0)
      throw new Error(`inhabitants asked about facility ${facility}; the network declares ${this.#facilities.join(", ")}`)
    return i
  }
}
