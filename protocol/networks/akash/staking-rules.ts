/** When a validator is jailed for being away (Cosmos SDK x/slashing with mainnet's parameters, node@3efe26bf genesis.go). */
import * as decimal from "../../kernel/decimal.ts"
import { divHalfEven } from "../../kernel/money.ts"

/** A validator that missed more than this many of the last `window` blocks is jailed. The signed minimum rounds half to even. */
export const computeMissedMax = (window: number, minSigned: decimal.Decimal): number =>
  window - Number(divHalfEven(BigInt(window) * minSigned.units, decimal.tenTo(minSigned.scale)))

/** Hours of continuous absence that many blocks last. */
export const computeMissedHours = (blocks: number, blockSeconds: decimal.Decimal): decimal.Decimal =>
  decimal.div(decimal.mul(decimal.make(BigInt(blocks)), blockSeconds), decimal.make(3600n), 30, "half_even")
