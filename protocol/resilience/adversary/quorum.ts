/**
 * Captured quorums, forks, censorship and biased dice: closed form 5.9 and checkpoints K19 to K22, K25, K26, K29, K30 of the adversaries
 * fact sheet (2026-11-22).
 */
import { exp, pow } from "../../kernel/real.ts"
import { atLeastOnce, binomialAtLeast, bisect, expm1, lnHypergeometric, lnSum } from "../analytic/special.ts"

/** P(at least q of n seats drawn without replacement from N are among the aN colluders) (5.9; K19 to K21). */
export function computeCapture(population: number, colluders: number, seats: number, quorum: number): number {
  if (quorum <= 0) return 1
  const term = (x: number): number => lnHypergeometric(x, population, colluders, seats)
  if (quorum > seats) return 0
  return quorum > (seats * colluders) / population ? exp(lnSum(quorum, seats, term)) : 0 - expm1(lnSum(0, quorum - 1, term))
}
/** P(colluders hold seats enough to keep the others from a quorum) (5.9; K20). */
export const computeBlocking = (population: number, colluders: number, seats: number, quorum: number): number =>
  computeCapture(population, colluders, seats, seats - quorum + 1)
/** The same with so large a population that draws are independent (K22). */
export const computeCaptureShare = (share: number, seats: number, quorum: number): number => binomialAtLeast(quorum, seats, share)

/** The share β of power from which n-split on Expected Consensus pays, m blocks an epoch: βm = 1 − e^(−(1−β)m) (C1; K25). */
export const computeSplitThreshold = (blocks: number): number =>
  bisect(1e-9, 1, (b) => b * blocks - (0 - expm1(-(1 - b) * blocks)))

/** Revenue share of selfish mining on a longest chain (Eyal and Sirer; formula evaluated, paper UNVERIFIED; C2). */
export function computeSelfishRevenue(a: number, g: number): number {
  const top = a * (1 - a) * (1 - a) * (4 * a + g * (1 - 2 * a)) - a * a * a
  return top / (1 - a * (1 + (2 - a) * a))
}

/** a^d: a censor makes d blocks in a row (C3; K29). */
export const computeCensorship = (share: number, slots: number): number => pow(share, slots)
/** No honest block in so many epochs of Expected Consensus: e^(−m(1−a)·epochs) (C3; K29). */
export const computeExclusion = (share: number, epochs: number, blocks = 5): number => exp(-blocks * (1 - share) * epochs)

/** 1 − (1−π)^(2^k): a good outcome for who holds the last k reveals (C4; K30). */
export const computeRevealBias = (good: number, held: number): number => atLeastOnce(good, pow(2, held))

/** a^D: all of a victim's peers are the attacker's; only the outbound ones count where inbound can be forced (C6). */
export const computeEclipse = (share: number, peers: number): number => pow(share, peers)

/** Days until growing power reaches `ratio` of the others' (K26): a·t = ratio·(start + b·t); Infinity where it never does. */
export const computeTakeoverDays = (start: number, own: number, others: number, ratio: number): number =>
  own <= ratio * others ? Infinity : (ratio * start) / (own - ratio * others)

/** Share of power from raw bytes where a share of them counts tenfold (B8; K27). */
export function computeQualityShare(raw: number, ownTenfold: number, othersTenfold: number): number {
  const own = raw * (1 + 9 * ownTenfold)
  return own / (own + (1 - raw) * (1 + 9 * othersTenfold))
}
/** Raw share and power share of tenfold bytes, from raw and quality-adjusted totals (FIP-0080's figures; K27). */
export const computeTenfoldShares = (raw: number, quality: number) => {
  const tenfold = (quality - raw) / 9
  return { ofRaw: tenfold / raw, ofPower: (10 * tenfold) / quality }
}
