/** Where a measured curve crosses a level, seed by seed. */
import type { Arena } from "./arena.ts"
import type { Boundary } from "./claim.ts"
import { overShares } from "./ladder.ts"

export interface Grid {
  readonly arena: Arena
  readonly label: string
  readonly x: readonly number[]
  /** Of each seed, a value at each x. */
  readonly y: readonly (readonly number[])[]
}

/** The first x at which y rises to `level`, in a straight line between neighbours; NaN where it never does. */
export function crossing(x: readonly number[], y: readonly number[], level: number): number {
  for (let k = 0; k < x.length; k++) {
    if (!(y[k] >= level)) continue
    if (k === 0 || !(y[k - 1] === y[k - 1])) return x[k]
    return x[k - 1] + ((level - y[k - 1]) / (y[k] - y[k - 1])) * (x[k] - x[k - 1])
  }
  return NaN
}

export const flipOf = ({ arena, label, x, y }: Grid, level: number): Boundary => ({
  axis: label,
  network: arena.id,
  at: overShares(y.map((run) => crossing(x, run, level))),
  unit: "share",
  how: `shares behind a provider: interpolated in a straight line on a grid of ${x.map((s) => Math.round(s * 100)).join(", ")} %, each seed by itself: the crossing lies somewhere between its two neighbours, and the interval is of seeds alone`,
})
