/** Moments spread over a span, on whole minutes, so that a minute's changes come together. */
import type { Curve } from "./action.ts"
import type { Planner } from "./agenda.ts"

const MINUTE = 60
const MILLION = 1_000_000

/**
 * Recovery curves as knots [share of the span, share of nodes], both in parts per million. `exponential` is
 * (1 - e^(-3t)) / (1 - e^-3): its rate halves every 23 % of the span. `human` is operator by operator: Prysm, 2025-12-04, where a fifth of
 * those lost were back 11 minutes after the workaround was public, three fifths after 86 and four fifths after 158; that the last
 * fifth took until three times as long is an assumption.
 */
const KNOTS: Readonly<Record<"exponential" | "human", readonly (readonly [number, number])[]>> = {
  exponential: [
    [0, 0],
    [100_000, 272_764],
    [200_000, 474_835],
    [300_000, 624_534],
    [400_000, 735_434],
    [500_000, 817_574],
    [600_000, 878_437],
    [800_000, 956_922],
    [MILLION, MILLION],
  ],
  human: [
    [0, 0],
    [23_207, 200_000],
    [181_435, 600_000],
    [333_333, 800_000],
    [MILLION, MILLION],
  ],
}

/** Share of the span, in parts per million, by which that share of the nodes is back. */
export function timeOf(curve: "exponential" | "human", sharePpm: number): number {
  const knots = KNOTS[curve]
  const k = Math.max(
    1,
    knots.findIndex(([, share]) => share >= sharePpm),
  )
  const [[t0, s0], [t1, s1]] = [knots[k - 1], knots[k]]
  return Math.floor(t0 + ((t1 - t0) * (sharePpm - s0)) / (s1 - s0))
}

/** Each node's own moment of the span that begins now. */
export function spread(p: Planner, overS: number, node: number, curve: Curve = "linear"): number {
  if (overS < MINUTE || curve === "instant") return p.moment.atS
  const minutes = Math.floor(overS / MINUTE)
  if (curve === "linear") return p.moment.atS + MINUTE * p.dice(minutes, node)
  return p.moment.atS + MINUTE * Math.min(minutes - 1, Math.floor((timeOf(curve, p.dice(MILLION, node)) * minutes) / MILLION))
}
