/**
 * How well the network told individual from correlated failure, against what was true: the confusion matrix. The truth is handed in by
 * whoever knows it (a simulation, an incident report); the protocol never sees it.
 */

export const WELL = 0
export const INDIVIDUAL = 1
export const CORRELATED = 2
const CLASSES = 3

/** 3 × 3 counts: row = truth, column = belief. */
export interface Confusion {
  readonly counts: Float64Array
}
export const confusion = (): Confusion => ({ counts: new Float64Array(CLASSES * CLASSES) })

/** Adds one look: per node, what is true and what the network believes. Throws a RangeError for columns of different length. */
export function addLook({ counts }: Confusion, truth: Uint8Array, belief: Uint8Array): void {
  if (truth.length !== belief.length) throw new RangeError(`${truth.length} truths and ${belief.length} beliefs`)
  for (let i = 0; i < truth.length; i++) counts[truth[i] * CLASSES + belief[i]]++
}

export const countOf = ({ counts }: Confusion, truth: number, belief: number): number => counts[truth * CLASSES + belief]

/** Of those believed to be of a class, the share that is; 1 where none is believed to be. */
export const precision = (c: Confusion, of: number): number => {
  const believed = countOf(c, WELL, of) + countOf(c, INDIVIDUAL, of) + countOf(c, CORRELATED, of)
  return believed === 0 ? 1 : countOf(c, of, of) / believed
}
/** Of those that are of a class, the share believed to be; 1 where there is none. */
export const recall = (c: Confusion, of: number): number => {
  const real = countOf(c, of, WELL) + countOf(c, of, INDIVIDUAL) + countOf(c, of, CORRELATED)
  return real === 0 ? 1 : countOf(c, of, of) / real
}
