/** How a day's pool is shared: the maths alone. */
import { splitProRata } from "../../kernel/money.ts"

/**
 * Each node's share of `pool` (token units, a safe integer from 0) by its proofs, rounded down, into `into`. Returns the dust, which the
 * caller posts to the treasury: the whole pool when nobody proved anything.
 */
export const shareByProofs = (pool: number, proofs: Float64Array, into: Float64Array): number => splitProRata(pool, proofs, into)
