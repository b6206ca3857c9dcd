/** Dice of the ensembles: one keyed block an instance, a fast mixer inside it, so that two variants of a run share their luck. */
import { block, Mixer, stream } from "../../kernel/random.ts"

const WORD = 0x1_0000_0000

export class Dice {
  readonly #mixer = new Mixer()

  /** Dice of `seed` for the named purpose; instances of one purpose are told apart by `instance`. */
  constructor(seed: number, name: string, instance = 0) {
    const words = new Uint32Array(4)
    block(stream(seed, name), words, instance)
    this.#mixer.seed(words)
  }

  /** Uniform in (0, 1]. */
  unit(): number {
    return (this.#mixer.next() + 1) / WORD
  }
  /** A whole number in [0, n). */
  below(n: number): number {
    return Math.floor((this.#mixer.next() / WORD) * n)
  }
  chance(p: number): boolean {
    return this.#mixer.next() < p * WORD
  }
  /** Shuffles the first `n` places of `all` to a uniform sample without replacement. */
  sample(all: Uint32Array, n: number): void {
    for (let i = 0; i < n; i++) {
      const j = i + this.below(all.length - i)
      const kept = all[i]
      all[i] = all[j]
      all[j] = kept
    }
  }
}
