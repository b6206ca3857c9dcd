/** Moments spread over a span, on whole minutes, so that a minute's changes come together. */
import type { Planner } from "./agenda.ts"

const MINUTE = 60

export const spread = (p: Planner, overS: number, node: number): number =>
  overS < MINUTE ? p.moment.atS : p.moment.atS + MINUTE * p.dice(Math.floor(overS / MINUTE), node)
