/** What canaries see and what stages save. Spec: resilience-science §8. */
import { pow } from "../../kernel/real.ts"
import { atLeastOnce } from "./special.ts"

/** Chance that a group of n shows at least one crash, each crashing with chance p during the bake. */
export const computeCanaryDetect = (p: number, n: number): number => atLeastOnce(p, n)

/** Expected share hit: each stage's share times the chance that it is the first to detect. What no stage detects adds nothing. */
export const computeStagedRollout = (stages: readonly number[], detect: readonly number[]): number => {
  let unseen = 1
  let blast = 0
  for (let i = 0; i < stages.length; i++) {
    blast += stages[i] * unseen * detect[i]
    unseen *= 1 - detect[i]
  }
  return blast
}

/** A service rebuilt every period and bad when the draw hits an updated machine (Cloudflare, 18 November 2025). */
export const computeBadDrawOscillation = (badShare: number, periodMin: number, draws: number) => ({
  badFraction: badShare,
  meanBadRunMin: badShare < 1 ? periodMin / (1 - badShare) : null,
  pAllGood: pow(1 - badShare, draws),
})
