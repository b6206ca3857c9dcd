/**
 * The burn-mint engine: AKT is burnt into ACT, a dollar credit, and ACT back into AKT, from a vault, behind a circuit breaker
 * (AEP-76; x/bme/keeper, node@3efe26bf). Pure rules; amounts are whole micro-units, prices decimals in USD.
 */
import * as dec from "./legacy-dec.ts"
import type { Dec } from "./legacy-dec.ts"

export type Denom = "uakt" | "uact"
export const BPS = 10_000
/** About a day of blocks of 6 s: no epoch is longer. */
export const EPOCH_BLOCKS_MAX = 14_400
/** Each step of the back-off is this many basis points of collateral. */
const STEP_BPS = 10
export const RATIO_BPS_MAX = 2 ** 32 - 1
export const SPREAD_BPS_MAX = 1000

export const HEALTHY = "healthy"
export const WARNING = "warning"
export const HALT_CR = "halt_cr"
export const HALT_ORACLE = "halt_oracle"
export type MintStatus = typeof HEALTHY | typeof WARNING | typeof HALT_CR | typeof HALT_ORACLE

/** Blocks until the next mint epoch: grows by `backoffPercent` for each 10 basis points below the warning. The minimum beats the cap. */
export const computeEpochBlocks = (ratioBps: number, warnBps: number, backoffPercent: number, minBlocks: number): number => {
  if (ratioBps >= warnBps || backoffPercent === 0) return minBlocks
  const steps = Math.floor((warnBps - ratioBps) / STEP_BPS)
  const factor = dec.power(dec.quo(dec.fromWhole(100 + backoffPercent), dec.fromWhole(100)), steps)
  const blocks = dec.min(dec.mul(dec.fromWhole(minBlocks), factor), dec.fromWhole(EPOCH_BLOCKS_MAX))
  return Math.max(minBlocks, Number(dec.truncate(blocks)))
}

export type SwapRefusal = "zero_price" | "epsilon" | "minimum_mint"
export interface Swap {
  readonly error: SwapRefusal | null
  /** Minted, or paid from credits; the spread of it stays in the vault. Whole, toward zero. */
  readonly mint: bigint
  readonly spread: bigint
}

/** What burning `burn` mints. `minMint` 0 is none. */
export const computeSwap = (burn: bigint, priceFrom: Dec, priceTo: Dec, spreadBps: number, minMint: bigint): Swap => {
  const refuse = (error: SwapRefusal): Swap => ({ error, mint: 0n, spread: 0n })
  if (priceFrom === 0n || priceTo === 0n) return refuse("zero_price")
  const exact = dec.mul(dec.fromWhole(burn), dec.quo(priceFrom, priceTo))
  const mint = dec.truncate(exact)
  if (mint <= 0n) return refuse("epsilon")
  if (minMint > 0n && mint < minMint) return refuse("minimum_mint")
  const spread = dec.truncate(dec.quo(dec.mul(exact, dec.fromWhole(spreadBps)), dec.fromWhole(BPS)))
  return { error: null, mint, spread: spread > 0n ? spread : 0n }
}

/** ACT back into AKT: credits of earlier burns pay first, new AKT the rest. */
export const spendCredits = (credits: bigint, mint: bigint): { readonly remint: bigint; readonly minted: bigint } => {
  const remint = mint < credits ? mint : credits > 0n ? credits : 0n
  return { remint, minted: mint - remint }
}

/** Value of the vault over what is outstanding; with nothing outstanding it is not divided. */
export const computeRatio = (vault: bigint, priceAkt: Dec, priceAct: Dec, outstanding: bigint): Dec => {
  const value = dec.mul(dec.fromWhole(vault), dec.quo(priceAkt, priceAct))
  return outstanding > 0n ? dec.quo(value, dec.fromWhole(outstanding)) : value
}

/** Basis points, toward zero, at most 2^32 − 1. */
export const ratioBps = (ratio: Dec): number => {
  const bps = dec.truncate(dec.mul(ratio, dec.fromWhole(BPS)))
  return bps > BigInt(RATIO_BPS_MAX) ? RATIO_BPS_MAX : Number(bps)
}

/** Both limits are exclusive: at the warning it is a warning, at the halt it is halted. */
export const statusOf = (bps: number, warnBps: number, haltBps: number): MintStatus =>
  bps > warnBps ? HEALTHY : bps > haltBps ? WARNING : HALT_CR

/** The way out of ACT stays open while collateral is short; a blind oracle closes both ways. */
export const isRequestAllowed = (status: string, from: string, to: string): boolean => {
  const isMint = from === "uakt" && to === "uact"
  const isSettle = from === "uact" && to === "uakt"
  if (status === HEALTHY || status === WARNING) return isMint || isSettle
  return status === HALT_CR && isSettle
}

export const areParamsValid = (warnBps: number, haltBps: number, mintSpreadBps: number): boolean =>
  warnBps <= BPS && haltBps <= BPS && warnBps > haltBps && mintSpreadBps <= SPREAD_BPS_MAX

export type Attempt = "retriable" | `fatal:${string}`
/** A pending request after failed attempts: fatal ones cancel it at once, others when they are as many as allowed. */
export const retry = (
  attemptsMax: number,
  outcomes: readonly string[],
): { readonly state: "pending" | "canceled"; readonly reason: string | null } => {
  let attempts = 0
  for (const outcome of outcomes) {
    if (outcome.startsWith("fatal:")) return { state: "canceled", reason: outcome.slice("fatal:".length) }
    attempts++
    if (attempts >= attemptsMax) return { state: "canceled", reason: "max_attempts" }
  }
  return { state: "pending", reason: null }
}
