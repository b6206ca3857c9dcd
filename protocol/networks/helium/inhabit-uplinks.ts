/** What devices around the hotspots get: an uplink is served when any hotspot that hears it is up and gets it through. */
import type { Habitat, RadioPaths, ServiceMeasure } from "../../kernel/habitat.ts"

const PPM = 1_000_000
const NOBODY = 0xffff_ffff

/** Served shares per place, computed again only when the truth or the range changed. */
export class Uplinks {
  readonly #h: Habitat
  readonly #servedPpm: Float64Array
  /** The hotspot that carries a place's traffic: its own, or the strongest neighbour that is up. */
  readonly #carrier: Uint32Array
  readonly #offered: Float64Array
  #version = -1
  #range = -1

  constructor(h: Habitat) {
    this.#h = h
    this.#servedPpm = new Float64Array(h.nodes)
    this.#carrier = new Uint32Array(h.nodes)
    this.#offered = new Float64Array(h.nodes)
  }

  serve(fromS: number, toS: number, rangeMetres: number, radio: RadioPaths, carriedMilli: Float64Array, byNode?: { offered: Float64Array; served: Float64Array }): ServiceMeasure {
    if (this.#version !== this.#h.truthVersion() || this.#range !== rangeMetres) {
      this.#look(rangeMetres, radio)
      this.#version = this.#h.truthVersion()
      this.#range = rangeMetres
    }
    const offered = this.#offered
    const servedPpm = this.#servedPpm
    const carrier = this.#carrier
    this.#h.demand(fromS, toS, offered)
    let offeredMilli = 0
    let servedMilli = 0
    for (let node = 0; node < offered.length; node++) {
      const asked = offered[node]
      // Almost everybody is served in full almost always, and then there is nothing to round.
      const got = servedPpm[node] === PPM ? asked : Math.floor((asked * servedPpm[node]) / PPM)
      offeredMilli += asked
      servedMilli += got
      if (got > 0) carriedMilli[carrier[node]] += got
      offered[node] = got
      if (byNode !== undefined) byNode.offered[node] += asked
    }
    if (byNode !== undefined) for (let node = 0; node < offered.length; node++) byNode.served[node] += offered[node]
    return { offeredMilli, servedMilli, degradedMilli: 0 }
  }

  /** P(an uplink at this place is served), from what is up and what gets through now. */
  #look(rangeMetres: number, radio: RadioPaths): void {
    const { running, throughPermille, userThroughPermille } = this.#h
    const router = this.#h.served("packet-router")
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
      this.#servedPpm[node] = carrier === NOBODY ? 0 : Math.floor(((PPM - lostPpm) * userThroughPermille[node] * router) / 1_000_000)
      this.#carrier[node] = carrier
    }
  }
}
