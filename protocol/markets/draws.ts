/** Numbers that markets draw: standard normals in billionths, from a named stream, by integer sums. */
import { block, type Stream } from "../kernel/random.ts"

const WORDS = 4
const BLOCKS = 3
/** Twelve uniform words have mean 6 · 2^32 − 6 and a variance of one in units of 2^32. */
const MEAN = 6 * 2 ** 32 - 6
const words = new Uint32Array(WORDS)

/**
 * A standard normal at counter (a, b), in billionths: the sum of twelve uniform words less its mean (Irwin and Hall). It ends at
 * ±6 and its tails are a little thin: what must be fat-tailed adds jumps. Rounds to the nearest.
 */
export function normalE9(s: Stream, a: number, b = 0): number {
  let sum = 0
  for (let k = 0; k < BLOCKS; k++) {
    block(s, words, a, b, k)
    sum += words[0] + words[1] + words[2] + words[3]
  }
  // A division by a power of two is exact; the product rounds once, the same way on every engine.
  return Math.round(((sum - MEAN) / 2 ** 32) * 1e9)
}
