/** Estimates in Q.128 need some 200 bits: two wide columns, `high` * 2^100 + `low`, low from 0. */
import type { Columns } from "../../kernel/table.ts"
import type { networkShape } from "./state.ts"
import type { Estimate } from "./smoothing.ts"

const BITS = 100n
const MASK = (1n << BITS) - 1n

type Columned = Pick<
  Columns<typeof networkShape>,
  | "rewardPositionHigh"
  | "rewardPositionLow"
  | "rewardVelocityHigh"
  | "rewardVelocityLow"
  | "qaPositionHigh"
  | "qaPositionLow"
  | "qaVelocityHigh"
  | "qaVelocityLow"
>

export const readEstimateAt = (from: Columned, name: "reward" | "qa", i: number): Estimate => ({
  position: (from[`${name}PositionHigh`].get(i) << BITS) + from[`${name}PositionLow`].get(i),
  velocity: (from[`${name}VelocityHigh`].get(i) << BITS) + from[`${name}VelocityLow`].get(i),
})

export const writeEstimate = (to: Columned, name: "reward" | "qa", i: number, { position, velocity }: Estimate): void => {
  to[`${name}PositionHigh`].set(i, position >> BITS)
  to[`${name}PositionLow`].set(i, position & MASK)
  to[`${name}VelocityHigh`].set(i, velocity >> BITS)
  to[`${name}VelocityLow`].set(i, velocity & MASK)
}
