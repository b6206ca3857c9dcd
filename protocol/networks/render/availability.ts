/** Availability points of RNP-015: idle machines are paid by their strength, memory and age, and less when one wallet has many. */
import { exp, ln } from "../../kernel/real.ts"

const FREE_NODES = 3
const DECAY = 0.65

/** 1 for up to three nodes of a wallet, then e^(−0.65 (n − 3)). */
export const computeHighNodePenalty = (nodes: number): number => (nodes <= FREE_NODES ? 1 : exp(-DECAY * (nodes - FREE_NODES)))

export interface Standing {
  readonly ob: number
  readonly vramGb: number
  readonly ageDays: number
}

/** ln value / ln average: both count as 1 at least, and an average of 1, whose logarithm is 0, gives 0. */
const term = (value: number, average: number): number => {
  const below = ln(Math.max(1, average))
  return below === 0 ? 0 : ln(Math.max(1, value)) / below
}

/** idle · (3 · strength + 3 · memory + age) · penalty; a node at all averages that was always idle has 7. */
export const computeAvailabilityPoints = (
  idle: number,
  { ob, vramGb, ageDays }: Standing,
  average: Standing,
  walletNodes: number,
): number =>
  idle *
  (3 * term(ob, average.ob) + 3 * term(vramGb, average.vramGb) + term(ageDays, average.ageDays)) *
  computeHighNodePenalty(walletNodes)
