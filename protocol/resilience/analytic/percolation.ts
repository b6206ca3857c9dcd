/** How much of a network hangs together after nodes are taken away. Spec: resilience-science §4. */
import { pow } from "../../kernel/real.ts"
import { bisect, expm1 } from "./special.ts"

/** The positive root of S = 1 − e^(−cS); 0 where there is none (c ≤ 1). */
export const solveOutbreak = (c: number): number => {
  if (!(c > 1)) return 0
  // At 2(c−1)/c² and beyond the curve may lie on either side, far below it is surely above the line.
  const low = Math.min(0.5, (c - 1) / (c * c))
  return bisect(low, 1, (s) => s + expm1(-c * s))
}

/** Largest connected part of a random graph after a share of nodes was removed at random, as a share of the original nodes. */
export const computeGiantComponent = (meanDegree: number, removed: number): number =>
  removed >= 1 ? 0 : (1 - removed) * solveOutbreak(meanDegree * (1 - removed))

/** Share of nodes whose random removal breaks the giant component (Molloy and Reed; Cohen 2000); 0 where there is none to break. */
export const computeCriticalRemoval = (meanDegree: number, meanSquareDegree: number): number => {
  const kappa = meanSquareDegree / meanDegree
  return kappa > 2 ? 1 - 1 / (kappa - 1) : 0
}

/** The same for a scale-free graph of exponent alpha in (2, 3) with the natural cut-off K = m N^(1/(alpha − 1)). */
export const computeScaleFreeCritical = (alpha: number, minDegree: number, nodes: number) => {
  const cutOff = minDegree * pow(nodes, 1 / (alpha - 1))
  const kappa0 = Math.abs((2 - alpha) / (3 - alpha)) * pow(minDegree, alpha - 2) * pow(cutOff, 3 - alpha)
  return { kappa0, critical: 1 - 1 / (kappa0 - 1) }
}

/** Expected survivors that lost all their mesh peers, peers independent. */
export const computeMeshIsolation = (nodes: number, degree: number, removed: number): number =>
  nodes * (1 - removed) * pow(removed, degree)
