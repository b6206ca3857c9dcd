/**
 * The payload of a beacon in bulk simulation: 32 bits that follow from the entropy and the hotspot, as the real 51 bytes
 * follow from both entropies (`beacon-entropy.ts` builds those bit for bit). A tag keeps "regenerate and compare"
 * as one comparison; simplified, see the README.
 */

/** The tag of a beacon of `node` with remote entropy of time `entropyS` and local entropy `local`. */
export function payloadTag(entropyS: number, local: number, node: number): number {
  let x = Math.imul(entropyS ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(local, 0xc2b2ae35) ^ Math.imul(node + 1, 0x27d4eb2f)
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d)
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b)
  return (x ^ (x >>> 16)) >>> 0
}
