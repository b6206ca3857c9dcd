/**
 * The world as the mechanisms leave it to a network's own people and machines: a node runs for them when it has power, its release does not
 * break it, and, where black starts are modelled, it has come so far as to serve.
 */
import type { Cells, Habitat, Places, RadioPaths } from "../../kernel/habitat.ts"
import type { Values } from "../../kernel/param.ts"
import type { AnyTable } from "../../kernel/table.ts"
import { below, stream, type Stream } from "../../kernel/random.ts"
import { unit, count32, seconds } from "../../kernel/unit.ts"
import { SERVING } from "../black-start.ts"
import type { ResilienceParams } from "./params.ts"
import type { Resilience } from "./state.ts"

const milli = unit("1/1000 service unit", "safe", 0)
const looks = unit("node seconds", "safe", 0)

/** What actors remember for the mechanisms. Row 0 also keeps what concerns all. */
export const memoryShape = {
  /** Node seconds by truth × 3 + belief (see confusion.ts), row 0. */
  watch0: looks,
  watch1: looks,
  watch2: looks,
  watch3: looks,
  watch4: looks,
  watch5: looks,
  watch6: looks,
  watch7: looks,
  watch8: looks,
  falseSuspicions: unit("suspicions", "safe", 0),
  /** Of release number `row`: the share of nodes that it breaks, ‰. Row 0: 1 + the facility's corruption when it was last looked at. */
  releaseBad: unit("‰", "u16"),
  /** Hours whose receipts the node keeps: bit 0 is the hour that ended at `keptS`, the others lie before it. */
  keptLow: unit("bits: hours", "u32"),
  keptHigh: unit("bits: hours", "u32"),
  keptS: seconds,
  receiptsLost: count32,
  /** Row 0: requests that wait to be tried again, and totals of the last slice. */
  waitingMilli: milli,
  inTimeMilli: milli,
  turnedAwayMilli: milli,
  retriedMilli: milli,
  gaveUpMilli: milli,
  /** When the node came up again, and 1 in row 0 once items were placed. */
  upS: seconds,
  placed: unit("0 or 1", "u8", 0, 1),
} as const
export type Memory = { readonly [K in keyof typeof memoryShape]: Float64Array | Uint32Array | Uint16Array | Uint8Array }

/** The habitat that a network's own inhabitants get. */
export class Seen implements Habitat {
  readonly seed: number
  readonly nodes: number
  readonly beginS: number
  readonly places: Places
  readonly cells: () => Cells
  readonly radio: () => RadioPaths
  readonly running: Uint8Array
  readonly throughPermille: Uint16Array
  readonly userThroughPermille: Uint16Array
  readonly lostPermille?: Uint16Array
  readonly fate?: Uint8Array
  readonly skewS?: Int32Array
  readonly askedPermille?: Uint32Array
  readonly served: (facility: string) => number
  readonly corrupt: (facility: string) => number
  readonly demand: Habitat["demand"]
  readonly params: () => Values
  readonly #truth: Habitat
  readonly #state: Resilience
  readonly #memory: Memory
  readonly #luck: Stream
  #seen = ""
  #version = 0
  /** Nodes that run here, and of those the ones whose way to the internet lets something through. */
  up = 0
  there = 0

  constructor(truth: Habitat, state: Resilience, memory: AnyTable) {
    this.#truth = truth
    this.#state = state
    this.#memory = memory as unknown as Memory
    this.#luck = stream(truth.seed, "resilience/release")
    this.seed = truth.seed
    this.nodes = truth.nodes
    this.beginS = truth.beginS
    this.places = truth.places
    this.cells = truth.cells
    this.radio = truth.radio
    this.running = new Uint8Array(truth.nodes)
    this.throughPermille = truth.throughPermille
    this.userThroughPermille = truth.userThroughPermille
    if (truth.lostPermille !== undefined) this.lostPermille = truth.lostPermille
    if (truth.fate !== undefined) this.fate = truth.fate
    if (truth.skewS !== undefined) this.skewS = truth.skewS
    if (truth.askedPermille !== undefined) this.askedPermille = truth.askedPermille
    this.served = truth.served
    this.corrupt = truth.corrupt
    this.demand = truth.demand
    this.params = truth.params
    this.look()
  }

  truthVersion = (): number => this.#version

  /** Would this release break that node: by the node's own luck, so that a worse release breaks more of the same. */
  isBroken(node: number, release: number): boolean {
    if (release === 0 || release >= this.nodes) return false
    const bad = this.#memory.releaseBad[release]
    return bad > 0 && below(this.#luck, 1000, node) < bad
  }

  /** Looks again if the truth, a release or a black start moved. */
  look(): void {
    const { releases, restart } = this.#state
    const { blackStart = 0 } = this.params() as Partial<Values<ResilienceParams>>
    const seen = `${this.#truth.truthVersion()}/${releases.node.version}/${restart.node.version}/${blackStart}`
    if (seen === this.#seen) return
    this.#seen = seen
    this.#version++
    const { running: runs } = this.#truth
    const hasReleases = releases.total.releases[0] > 0
    this.up = 0
    this.there = 0
    for (let node = 0; node < this.nodes; node++) {
      let is = runs[node]
      if (is === 1 && hasReleases && this.isBroken(node, releases.node.release[node])) is = 0
      if (is === 1 && blackStart === 1 && restart.node.phase[node] !== SERVING) is = 0
      this.running[node] = is
      this.up += is
      if (is === 1 && this.throughPermille[node] > 0) this.there++
    }
  }
}
