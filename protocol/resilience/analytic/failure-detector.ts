/**
 * When silence becomes suspicion: phi-accrual (Hayashibara 2004 as coded in Akka), SWIM (2002) and the timings of HashiCorp's memberlist.
 * Spec: resilience-science §5.
 */
import { exp, ln, log10, log2 } from "../../kernel/real.ts"
import { atLeastOnce, bisect, expm1, LN10, lnNormalTail, log1p } from "./special.ts"

// Akka's logistic approximation of the normal distribution.
const LOGISTIC_LINEAR = 1.5976
const LOGISTIC_CUBIC = 0.070566
const Y_MAX = 1e6

const logisticExponent = (y: number): number => y * (LOGISTIC_LINEAR + LOGISTIC_CUBIC * y * y)
/** ln(1 + e^w) without overflow. */
const softplus = (w: number): number => (w > 0 ? w + log1p(exp(-w)) : log1p(exp(w)))

/** Suspicion after `elapsedMs` of silence: by Akka's approximation and by the exact normal law. */
export const computePhi = (elapsedMs: number, meanMs: number, stdMs: number, pauseMs: number) => {
  const y = (elapsedMs - meanMs - pauseMs) / stdMs
  return { akka: softplus(logisticExponent(y)) / LN10, normal: -lnNormalTail(y) / LN10 }
}

/** How many standard deviations beyond the mean a suspicion of `threshold` is reached, both ways. */
export const computePhiDeviations = (threshold: number) => {
  // phi = log10(1 + e^w), so w = ln(10^threshold − 1).
  const w = threshold * LN10 + ln(-expm1(-threshold * LN10))
  return {
    akka: bisect(-Y_MAX, Y_MAX, (y) => logisticExponent(y) - w),
    normal: bisect(-40, Y_MAX, (y) => -lnNormalTail(y) - threshold * LN10),
  }
}

/** Milliseconds of silence until the suspicion reaches `threshold`. */
export const computePhiTimeTo = (meanMs: number, stdMs: number, pauseMs: number, threshold: number) => {
  const y = computePhiDeviations(threshold)
  return { akka: meanMs + pauseMs + y.akka * stdMs, normal: meanMs + pauseMs + y.normal * stdMs }
}

/**
 * Periods until a failed node is first found by random probing (in the limit of many nodes), and the chance of being probed in one period.
 * Each of the n − 1 others is correct with chance `activeShare` and then picks one of n − 1 targets, as in the paper's derivation.
 */
export const computeSwimDetection = (nodes: number, activeShare: number) => ({
  periods: 1 / -expm1(-activeShare),
  pProbed: nodes > 1 ? atLeastOnce(activeShare / (nodes - 1), nodes - 1) : 0,
})

// memberlist's DefaultLANConfig.
const SUSPICION_MULT = 4
const SUSPICION_MAX_MULT = 6
const PROBE_INTERVAL_MS = 1000
const RETRANSMIT_MULT = 4
const PUSH_PULL_MS = 30_000
const PUSH_PULL_SCALE_FROM = 32

/** Timings of memberlist at its local-network defaults. A comment in its source says 120 s for the maximum; its code gives 96 s. */
export const computeMemberlistTimings = (nodes: number) => {
  const scaleMilli = Math.floor(1000 * Math.max(1, log10(Math.max(1, nodes))))
  const suspicionMinMs = (SUSPICION_MULT * scaleMilli * PROBE_INTERVAL_MS) / 1000
  const doublings = nodes <= PUSH_PULL_SCALE_FROM ? 1 : Math.ceil(log2(nodes) - log2(PUSH_PULL_SCALE_FROM)) + 1
  return {
    suspicionMinMs,
    suspicionMaxMs: SUSPICION_MAX_MULT * suspicionMinMs,
    retransmitLimit: RETRANSMIT_MULT * Math.ceil(log10(nodes + 1)),
    pushPullMs: PUSH_PULL_MS * doublings,
  }
}

/** Suspicion timeout in whole ms after `confirmations` of `expected`: falls from max to min with the logarithm, never below min. */
export const computeSuspicionTimeout = (expected: number, minMs: number, maxMs: number, confirmations: number): number => {
  if (expected < 1) return minMs
  const share = ln(confirmations + 1) / ln(expected + 1)
  return Math.max(minMs, Math.floor(maxMs - share * (maxMs - minMs)))
}
