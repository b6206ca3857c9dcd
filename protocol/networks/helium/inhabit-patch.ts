/**
 * The cells that a radio is said to cover: those that share the finest ancestors with its own, nearest first, in the order of their
 * indexes. All of it is arithmetic on the digits of H3 indexes, for there are millions.
 */
import { isCoverageCell } from "./mobile-reach.ts"

/** Digits finer than resolution 12 say "unused". */
const UNUSED = 0x1ff
const DIGIT = 8
const CHILDREN = 7
const UNUSED_BITS = 9
/** Values of the low word's digits. */
const LOW = 2 ** 23

export class CoveragePatch {
  readonly hexHi: Uint32Array
  readonly hexLo: Uint32Array
  /** 0 for the nearest cell. */
  readonly nearness: Uint32Array
  length = 0
  readonly #size: number
  readonly #index: Float64Array
  readonly #order: Uint32Array

  constructor(size: number) {
    this.#size = size
    this.hexHi = new Uint32Array(size)
    this.hexLo = new Uint32Array(size)
    this.nearness = new Uint32Array(size)
    this.#index = new Float64Array(size)
    this.#order = new Uint32Array(size)
  }

  /** Fills the columns with up to `size` cells around one of resolution 12, itself the first. */
  around(hexHi: number, hexLo: number): void {
    // Base cell and digits as one whole number: 20 bits of the high word, 23 of the low.
    const high = (hexHi >>> 20) * 0x10_0000
    const own = (hexHi & 0xfffff) * LOW + (hexLo >>> UNUSED_BITS)
    let n = 0
    // Digits are varied from the finest up, each new one over all that was there: first its siblings, then their cousins.
    for (let k = 0; n < this.#size; k++) {
      let shifted = own
      let rest = k
      let place = 1
      while (rest > 0) {
        const digit = Math.floor(own / place) % DIGIT
        shifted += (((digit + (rest % CHILDREN)) % CHILDREN) - digit) * place
        rest = Math.floor(rest / CHILDREN)
        place *= DIGIT
      }
      const hi = high + Math.floor(shifted / LOW)
      const lo = ((shifted % LOW) * (UNUSED + 1) + UNUSED) >>> 0
      if (!isCoverageCell(hi, lo)) continue
      this.#index[n] = shifted
      n++
    }
    this.length = n
    const order = this.#order
    for (let i = 0; i < n; i++) order[i] = i
    order.subarray(0, n).sort((a, b) => this.#index[a] - this.#index[b])
    for (let i = 0; i < n; i++) {
      const shifted = this.#index[order[i]]
      this.hexHi[i] = high + Math.floor(shifted / LOW)
      this.hexLo[i] = ((shifted % LOW) * (UNUSED + 1) + UNUSED) >>> 0
      this.nearness[i] = order[i]
    }
  }
}
