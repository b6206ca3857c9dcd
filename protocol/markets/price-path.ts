/**
 * Where a token's price comes from. It is drawn outside the protocol, by inhabitants, and reaches the rules as an oracle's command.
 *
 * Exogenous paths (constant, table, geometric walk) look at the day only; the endogenous one looks at spending and supply as well.
 * All have one shape, so that a scenario swaps one for the other. Prices are whole millionths of a dollar per token, from 1.
 */
import { below, stream } from "../kernel/random.ts"
import { mulDivFloor } from "../kernel/money.ts"
import { normalE9 } from "./draws.ts"
import { growE9, powerPermille } from "./exponent.ts"

/** What anybody may read off a ledger and its oracle when a price is made. */
export interface MarketView {
  /** Whole days since the path began, from 0. */
  readonly day: number
  /** The price posted last, millionths of a dollar per token; 0 when there is none. */
  readonly lastMicroUsd: number
  /** What users pay for the service, at the present rate. */
  readonly spendMicroUsdPerYear: number
  /** Tokens in circulation, whole. */
  readonly supplyTokens: number
}

/** Millionths of a dollar per token. Pure: what it remembers it could compute again. */
export type PricePath = (view: MarketView) => number

export const PRICE_MIN_MICRO_USD = 1
/** A billion dollars a token: beyond it something else is wrong. */
export const PRICE_MAX_MICRO_USD = 1_000_000_000_000_000

const hold = (microUsd: number): number => Math.max(PRICE_MIN_MICRO_USD, Math.min(PRICE_MAX_MICRO_USD, microUsd))

/** The same price for ever. */
export const constantPrice = (microUsd: number): PricePath => {
  const price = hold(microUsd)
  return () => price
}

/** A posted price per day; the first before its day, the last after it, straight lines (rounded down) between. Throws unless days rise. */
export function tablePrice(rows: readonly (readonly [day: number, microUsd: number])[]): PricePath {
  if (rows.length === 0) throw new RangeError("a table of prices needs a row")
  for (let i = 1; i < rows.length; i++)
    if (rows[i][0] <= rows[i - 1][0])
      throw new RangeError(`day ${rows[i][0]} of a price table does not come after ${rows[i - 1][0]}`)
  return ({ day }) => {
    let i = 0
    while (i < rows.length && rows[i][0] <= day) i++
    if (i === 0) return hold(rows[0][1])
    const [fromDay, from] = rows[i - 1]
    if (i === rows.length) return hold(from)
    const [toDay, to] = rows[i]
    const step = mulDivFloor(Math.abs(to - from), day - fromDay, toDay - fromDay)
    return hold(to >= from ? from + step : from - step)
  }
}

/** A jump-diffusion of the logarithm, by days of 365 a year. Defaults per token: facts/prices-and-demand.md §6.4. */
export interface Walk {
  readonly startMicroUsd: number
  /** Yearly standard deviation of the logarithm between jumps, in permille. */
  readonly sigmaPermille: number
  /** Yearly drift of the logarithm, jumps included, in permille; may be negative. */
  readonly driftPermille: number
  /** Jumps a year, in thousandths, and their logarithm's mean and standard deviation in permille. */
  readonly jumpsMilliPerYear: number
  readonly jumpMeanPermille: number
  readonly jumpSdPermille: number
  /** Share of the daily shock that all tokens of a seed have in common, in permille of its standard deviation. */
  readonly marketLoadingPermille: number
}

const DAYS = 365
const ROOT_DAYS = Math.sqrt(DAYS)
const PARTS = 2 ** 32

/** The walk's logarithmic steps: a pure function of (seed, token, day). Exported for tests and for charts. */
export function walkStepE9(seed: number, token: string, w: Walk): (day: number) => number {
  const factor = stream(seed, "market/factor")
  const own = stream(seed, `market/price/${token}`)
  const jump = stream(seed, `market/jump/${token}`)
  const loading = w.marketLoadingPermille / 1000
  const rest = Math.sqrt(1 - loading * loading)
  const daily = w.sigmaPermille / 1000 / ROOT_DAYS
  const meanJumps = (w.jumpsMilliPerYear * w.jumpMeanPermille) / 1000
  const drift = ((w.driftPermille - meanJumps) / DAYS) * 1e6
  const chance = Math.min(PARTS - 1, Math.floor((w.jumpsMilliPerYear * PARTS) / (DAYS * 1000)))
  return (day) => {
    const shock = loading * normalE9(factor, day) + rest * normalE9(own, day)
    const jumps = below(jump, PARTS - 1, day, 0, 7) < chance
    const leap = jumps ? w.jumpMeanPermille * 1e6 + (w.jumpSdPermille * normalE9(jump, day, 1)) / 1000 : 0
    return Math.round(drift + daily * shock + leap)
  }
}

/** A seeded geometric walk. Day 0 is its start; two paths of one seed share the market's part of their luck. */
export function walkPrice(seed: number, token: string, w: Walk): PricePath {
  const step = walkStepE9(seed, token, w)
  // Sums of steps, kept so that a day costs one step: a cache of what the seed determines, not a memory.
  const logE9: number[] = [0]
  return ({ day }) => {
    for (let d = logE9.length; d <= day; d++) logE9.push(logE9[d - 1] + step(d))
    return hold(growE9(w.startMicroUsd, logE9[Math.max(0, day)]))
  }
}

/** Fisher's equation M · V = P · Q for a work token, with holders who take their time. */
export interface Exchange {
  readonly startMicroUsd: number
  /**
   * Yearly spending per market capitalisation, in millionths. Measured at the end of 2025: RENDER 1,400, AKT 13,000, HNT 38,000;
   * 4 to 50 million where nobody holds for hope (facts/prices-and-demand.md §0.1, §3.3).
   */
  readonly velocityPpm: number
  /** Part of the way to the price of exchange that is gone each day, in permille. */
  readonly speedPermille: number
}

/** spend · 10^6 / (velocity · supply): what the equation of exchange makes of a year's spending, rounded down. 0 without a supply. */
export const exchangeMicroUsd = (spendMicroUsdPerYear: number, supplyTokens: number, velocityPpm: number): number =>
  supplyTokens <= 0 || velocityPpm <= 0
    ? 0
    : Number((BigInt(spendMicroUsdPerYear) * 1_000_000n) / (BigInt(supplyTokens) * BigInt(velocityPpm)))

/** The endogenous price: it moves from the last one towards the price of exchange. */
export const exchangePrice = (e: Exchange): PricePath => {
  return ({ lastMicroUsd, spendMicroUsdPerYear, supplyTokens }) => {
    if (lastMicroUsd === 0) return hold(e.startMicroUsd)
    const target = hold(exchangeMicroUsd(spendMicroUsdPerYear, supplyTokens, e.velocityPpm))
    const step = mulDivFloor(Math.abs(target - lastMicroUsd), e.speedPermille, 1000)
    return hold(target >= lastMicroUsd ? lastMicroUsd + step : lastMicroUsd - step)
  }
}

/**
 * Any path under the pressure of supply: price · (supply at the start / supply)^k. k = 0 turns it off, which is the measured
 * default; 1 keeps the capitalisation. The sheet's range is 0 to 5 (assumption, facts/prices-and-demand.md §3.3).
 */
export const withSupplyPressure =
  (path: PricePath, startSupplyTokens: number, kPermille: number): PricePath =>
  (view) =>
    hold(mulDivFloor(path(view), Math.min(1_000_000, powerPermille(startSupplyTokens, view.supplyTokens, kPermille)), 1000))

/** Any path, times a factor on some days: a crash or a rally that a scenario asks for. `permille` of 1000 is none. */
export const withShock =
  (path: PricePath, fromDay: number, toDay: number, permille: number): PricePath =>
  (view) =>
    view.day >= fromDay && view.day < toDay ? hold(mulDivFloor(path(view), permille, 1000)) : path(view)
