/**
 * Render's burn-mint equilibrium (RNP-001, RNP-006; the founding document's arithmetic): what is spent is burnt, what is minted
 * follows a schedule and never the burn.
 */
import * as decimal from "../../kernel/decimal.ts"
import type { Decimal } from "../../kernel/decimal.ts"
import { mulDivFloorBig } from "../../kernel/money.ts"
import { unitsForMicroUsd } from "../../markets/burn.ts"
import { quotient } from "./quotient.ts"

export const RENDER_DECIMALS = 8
export const UNITS_PER_RENDER = 100_000_000n
/** A credit is €0.25: 97 weeks of burns agree within the euro's course (facts/render.md §A1). DERIVED, not published. */
export const CREDIT_EUR = decimal.parse("0.25")
export const BURN_SHARE = decimal.parse("0.95")

/** mint_e − burn_e: negative when supply shrinks. */
export const computeNetSupply = (mint: Decimal, burn: Decimal): Decimal => decimal.sub(mint, burn)

/** RNP-001: a dollar is a credit, and the dollars buy and burn tokens at the price. Throws a RangeError at a price of 0. */
export const computeBurnForCredits = (usd: Decimal, priceUsd: Decimal): { credits: Decimal; burned: Decimal } => ({
  credits: usd,
  burned: quotient(usd, priceUsd),
})

/** Dollars for a euro that an epoch implies, to 6 decimals half to even: burned / (credits · 0.25 · 95 %). Throws a RangeError without credits. */
export const computeImpliedEurUsd = (creditsUsed: Decimal, burnedUsd: Decimal): Decimal =>
  decimal.div(burnedUsd, decimal.mul(decimal.mul(creditsUsed, CREDIT_EUR), BURN_SHARE), 6, "half_even")

/** Millionths of a dollar that millionths of a credit cost, rounded down. */
export const microUsdOfCredits = (microCredit: bigint, creditMicroEur: number, eurUsdE6: number): bigint =>
  mulDivFloorBig(microCredit * BigInt(creditMicroEur), BigInt(eurUsdE6), 1_000_000_000_000n)

/** What of a payment is burnt, in units of 1e-8 RENDER: `burnPermille` of it, rounded down, at the price, rounded down. */
export const burnUnits = (microUsd: bigint, burnPermille: number, priceMicroUsd: number): bigint =>
  unitsForMicroUsd(mulDivFloorBig(microUsd, BigInt(burnPermille), 1000n), priceMicroUsd, UNITS_PER_RENDER)
