/** Burn-mint maths that two networks share: tokens for dollars at an oracle's price. */
import { mulDivFloorBig } from "../kernel/money.ts"

/**
 * Tokens in smallest units that `microUsd` buys at `priceMicroUsd` per token of `unitsPerToken` units, rounded down: what is
 * bought and burnt never costs more than was paid. Throws a RangeError at a price of 0.
 */
export const unitsForMicroUsd = (microUsd: bigint, priceMicroUsd: number, unitsPerToken: bigint): bigint =>
  mulDivFloorBig(microUsd, unitsPerToken, BigInt(priceMicroUsd))
