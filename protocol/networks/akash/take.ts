/** The network's cut of what a provider withdraws: x/take up to v1.x, gone since v2.0.0 (node@1d36cc1d x/take/keeper). */
import * as dec from "./legacy-dec.ts"
import type { Dec } from "./legacy-dec.ts"

/** The fee on a whole amount at a rate such as 0.02; toward zero. */
export const computeFee = (amount: bigint, rate: Dec): bigint => dec.truncate(dec.mul(dec.fromWhole(amount), rate))

/** Percent → rate. */
export const rateOfPercent = (percent: number): Dec => dec.quo(dec.fromWhole(percent), dec.fromWhole(100))
