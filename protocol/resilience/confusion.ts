/**
 * How well the network told individual from correlated failure, against what was true: the confusion matrix. The truth is handed in by
 * whoever knows it (a simulation, an incident report); the protocol never sees it.
 */
import type { HasRegistry } from "../registry/registry.ts"
import { DOWN, HEARD, type HasLiveness } from "./liveness.ts"
import { DECLARED, type HasOutages } from "./outage.ts"
import { domainsOf } from "./rows.ts"

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

/** What the network believes of each node, into `into`: well until confirmed down; correlated where a declared outage covers it. */
export function believe(state: HasRegistry & HasLiveness & HasOutages, into: Uint8Array): void {
  const { status, suspectedS, length } = state.liveness.node
  const { claim, total } = state.outages
  for (let node = 0; node < length; node++) into[node] = status[node] === DOWN ? INDIVIDUAL : WELL
  if (total.declared[0] === 0) return
  for (let c = 0; c < claim.length; c++) {
    if (claim.status[c] !== DECLARED) continue
    const of = domainsOf(state.registry, claim.kind[c])
    // Who was silent before the onset has a cause of its own.
    for (let node = 0; node < length; node++)
      if (of[node] === claim.domain[c] && status[node] !== HEARD && suspectedS[node] >= claim.onsetS[c]) into[node] = CORRELATED
  }
}
