/** How many sectors each provider brings: lognormal sizes with a fixed sum, so that concentration never changes total power. */
import { exp } from "../../kernel/real.ts"
import { block, stream } from "../../kernel/random.ts"

/** Uniform words summed for one nearly normal number: their sum less 6 has mean 0 and variance 1 (Irwin and Hall). */
const WORDS = 12
const WORDS_OF_BLOCK = 4
const TWO_32 = 4_294_967_296

/**
 * Sectors per deadline of every node, at least 1 each; they sum to about `nodes * mean`. `spreadPermille` is the standard deviation
 * of the logarithm of size, in thousandths: 0 makes all equal. The draws are a node's own, its size is relative to all others'.
 */
export function drawSizes(seed: number, nodes: number, mean: number, spreadPermille: number): Uint32Array {
  const sizes = new Uint32Array(nodes).fill(mean)
  if (spreadPermille === 0) return sizes
  const dice = stream(seed, "filecoin/size")
  const words = new Uint32Array(WORDS_OF_BLOCK)
  const weights = new Float64Array(nodes)
  let total = 0
  for (let node = 0; node < nodes; node++) {
    let sum = -WORDS / 2
    for (let k = 0; k < WORDS / WORDS_OF_BLOCK; k++) {
      block(dice, words, node, k)
      for (let w = 0; w < WORDS_OF_BLOCK; w++) sum += words[w] / TWO_32
    }
    weights[node] = exp((sum * spreadPermille) / 1000)
    total += weights[node]
  }
  // Rounded to nearest; nobody is rounded away.
  for (let node = 0; node < nodes; node++) sizes[node] = Math.max(1, Math.round((weights[node] / total) * nodes * mean))
  return sizes
}
