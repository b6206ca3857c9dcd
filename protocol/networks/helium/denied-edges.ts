/** The edge denylist as a set: pairs whose reports of each other count for nothing, whichever beacons, measured or not. */
import type { State } from "./state.ts"

/** Nodes are far fewer than 2^21, so a pair is one safe whole number. */
const NODES = 0x1_0000_0000
const key = (a: number, b: number): number => (a < b ? a * NODES + b : b * NODES + a)

/** A cache of the `edge` table. */
export class DeniedEdges {
  readonly #pairs = new Set<number>()
  #rows = 0
  #version = -1

  /** The set for the state as it stands. */
  of({ edge }: State): this {
    if (edge.version === this.#version && edge.length === this.#rows) return this
    this.#pairs.clear()
    // The last word on a pair holds.
    for (let i = 0; i < edge.length; i++) {
      if (edge.denied[i] === 1) this.#pairs.add(key(edge.a[i], edge.b[i]))
      else this.#pairs.delete(key(edge.a[i], edge.b[i]))
    }
    this.#rows = edge.length
    this.#version = edge.version
    return this
  }

  has(a: number, b: number): boolean {
    return this.#pairs.size > 0 && this.#pairs.has(key(a, b))
  }
}
