/**
 * The graph of a stacked DRG: which labels the label of a node is made of. Six parents before it in its own layer, drawn as DRSample
 * does (first a scale, then a distance within it: Alwen, Blocki and Harsha 2017), and eight in the layer below by a Feistel
 * permutation, so that every label has exactly eight children there (Fisch 2018). Degrees are Filecoin's; sizes are scaled down.
 */
import { philox } from "../kernel/random.ts"

export const DRG_DEGREE = 6
export const EXPANDER_DEGREE = 8
export const PARENTS = DRG_DEGREE + EXPANDER_DEGREE

const words = new Uint32Array(4)
const GRAPH_KEY = 0x6273_6472 // "bsdr": the graph is the same for every sector of a size

/** The parents of `node` among `nodes`, a power of two: the first six lie before it (node 0 has none and gets zeros). */
export function parentsOf(node: number, nodes: number, into: Uint32Array): void {
  for (let k = 0; k < DRG_DEGREE; k++) {
    // The nearest one makes labelling sequential.
    if (node <= 1 || k === 0) into[k] = node === 0 ? 0 : node - 1
    else {
      philox(words, node, k, nodes, 0, GRAPH_KEY, 0)
      let scales = 0
      while (1 << (scales + 1) <= node) scales++
      const scale = 1 + (words[0] % scales)
      const far = Math.min(node, 1 << scale)
      const near = Math.max(2, 1 << (scale - 1))
      into[k] = node - (far <= near ? far : near + (words[1] % (far - near + 1)))
    }
  }
  for (let k = 0; k < EXPANDER_DEGREE; k++)
    into[DRG_DEGREE + k] = Math.floor(permute(node * EXPANDER_DEGREE + k, nodes * EXPANDER_DEGREE) / EXPANDER_DEGREE)
}

/** A keyed permutation of 0 … size − 1, size a power of two, by four Feistel rounds and walking out of what is too large. */
function permute(at: number, size: number): number {
  let bits = 2
  while (1 << bits < size) bits += 2
  const half = bits / 2
  const mask = (1 << half) - 1
  let x = at
  do {
    let left = (x >>> half) & mask
    let right = x & mask
    for (let round = 0; round < 4; round++) {
      philox(words, right, round, size, 1, GRAPH_KEY, 1)
      const next = left ^ (words[0] & mask)
      left = right
      right = next
    }
    x = (left << half) | right
  } while (x >= size)
  return x
}
