/** Burn-mint maths that two networks share: tokens for dollars at an oracle's price, and what remains between. */
import { mulDivFloorBig, divCeil } from "../kernel/money.ts"

/**
 * Tokens in smallest units that `microUsd` buys at `priceMicroUsd` per token of `unitsPerToken` units, rounded down: what is
 * bought and burnt never costs more than was paid. Throws a RangeError at a price of 0.
 */
export const unitsForMicroUsd = (microUsd: bigint, priceMicroUsd: number, unitsPerToken: bigint): bigint =>
  mulDivFloorBig(microUsd, unitsPerToken, BigInt(priceMicroUsd))

/** The same rounded up: what a debt of dollars takes at least. */
export const unitsOwedForMicroUsd = (microUsd: bigint, priceMicroUsd: number, unitsPerToken: bigint): bigint =>
  divCeil(microUsd * unitsPerToken, BigInt(priceMicroUsd))

/** Millionths of a dollar that `units` are worth, rounded down. */
export const microUsdOfUnits = (units: bigint, priceMicroUsd: number, unitsPerToken: bigint): bigint =>
  mulDivFloorBig(units, BigInt(priceMicroUsd), unitsPerToken)
