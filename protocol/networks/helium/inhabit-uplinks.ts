/** What devices around the hotspots get: an uplink is served when any hotspot that hears it is up and gets it through. */
import type { Habitat, RadioPaths, ServiceMeasure } from "../../kernel/habitat.ts"

const PPM = 1_000_000
const NOBODY = 0xffff_ffff

interface ByNode {
  readonly offered: Float64Array
  readonly served: Float64Array
}

/** Served shares per place, computed again only when the truth or the range changed. */
export class Uplinks {
  readonly #h: Habitat
  readonly #servedPpm: Float64Array
  /** The hotspot that carries a place's traffic: its own, or the strongest neighbour that is up. */
  readonly #carrier: Uint32Array
  readonly #offered: Float64Array
  /** True while every place is served in full by its own hotspot: most of the time, and a third of the work. */
  #isWhole = false
  #version = -1
  #range = -1

  constructor(h: Habitat) {
    this.#h = h
    this.#servedPpm = new Float64Array(h.nodes)
    this.#carrier = new Uint32Array(h.nodes)
    this.#offered = new Float64Array(h.nodes)
  }

  serve(
    fromS: number,
    toS: number,
    rangeMetres: number,
    radio: RadioPaths,
    carriedMilli: Float64Array,
    byNode?: ByNode,
  ): ServiceMeasure {
    if (this.#version !== this.#h.truthVersion() || this.#range !== rangeMetres) {
      this.#look(rangeMetres, radio)
      this.#version = this.#h.truthVersion()
      this.#range = rangeMetres
    }
    const offered = this.#offered
    this.#h.demand(fromS, toS, offered)
    return this.#isWhole ? carryAll(offered, carriedMilli, byNode) : this.#carry(offered, carriedMilli, byNode)
  }

  #carry(offered: Float64Array, carriedMilli: Float64Array, byNode?: ByNode): ServiceMeasure {
    const servedPpm = this.#servedPpm
    const carrier = this.#carrier
    let offeredMilli = 0
    let servedMilli = 0
    for (let node = 0; node < offered.length; node++) {
      const asked = offered[node]
      const got = Math.floor((asked * servedPpm[node]) / PPM)
      offeredMilli += asked
      servedMilli += got
      if (got > 0) carriedMilli[carrier[node]] += got
      if (byNode !== undefined) {
        byNode.offered[node] += asked
        byNode.served[node] += got
      }
    }
    return { offeredMilli, servedMilli, degradedMilli: 0 }
  }

  /** P(an uplink at this place is served), from what is up and what gets through now. */
  #look(rangeMetres: number, radio: RadioPaths): void {
    const { running, throughPermille, userThroughPermille } = this.#h
    const router = this.#h.served("packet-router")
    this.#isWhole = true
    for (let node = 0; node < running.length; node++) {
      let lostPpm = PPM
      let carrier = NOBODY
      if (running[node] === 1 && throughPermille[node] > 0) {
        lostPpm = Math.floor((lostPpm * (1000 - throughPermille[node])) / 1000)
        carrier = node
      }
      for (let p = radio.begin[node]; lostPpm > 0 && p < radio.begin[node + 1]; p++) {
        const other = radio.to[p]
        if (radio.metres[p] > rangeMetres || running[other] === 0 || throughPermille[other] === 0) continue
        lostPpm = Math.floor((lostPpm * (1000 - throughPermille[other])) / 1000)
        if (carrier === NOBODY) carrier = other
      }
      // The application behind the place is one for all its hotspots: a second hotspot does not help.
      this.#servedPpm[node] =
        carrier === NOBODY ? 0 : Math.floor(((PPM - lostPpm) * userThroughPermille[node] * router) / 1_000_000)
      this.#carrier[node] = carrier
      if (this.#servedPpm[node] !== PPM || carrier !== node) this.#isWhole = false
    }
  }
}

/** Every place gets all it asks for, from its own hotspot. */
function carryAll(offered: Float64Array, carriedMilli: Float64Array, byNode?: ByNode): ServiceMeasure {
  let sum = 0
  for (let node = 0; node < offered.length; node++) {
    const asked = offered[node]
    sum += asked
    carriedMilli[node] += asked
    if (byNode === undefined) continue
    byNode.offered[node] += asked
    byNode.served[node] += asked
  }
  return { offeredMilli: sum, servedMilli: sum, degradedMilli: 0 }
}
