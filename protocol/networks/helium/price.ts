/** The HNT price that the programs read: as published, or the parameter while nobody publishes one. */
import type { Values } from "../../kernel/param.ts"
import type { params } from "./params.ts"
import type { State } from "./state.ts"

export interface Price {
  /** Average, and average less twice the confidence; 1e-8 USD. The lower end may be 0 or less: then nothing can be minted at it. */
  readonly emaE8: number
  readonly lowE8: number
  /** When it was published, Unix seconds; 0: never. */
  readonly atS: number
}

export const priceOf = ({ economy }: State, v: Values<typeof params>): Price => {
  const atS = economy.priceS[0]
  const emaE8 = atS > 0 ? economy.emaE8Usd[0] : v.hntPriceE8Usd
  const confidence = atS > 0 ? economy.confidenceE8Usd[0] : v.priceConfidenceE8Usd
  return { emaE8, lowE8: emaE8 - 2 * confidence, atS }
}

/** True when a published price is older than `seconds` at `at`; a parameter never is. */
export const isStale = (price: Price, at: number, seconds: number): boolean => price.atS > 0 && at - price.atS > seconds
