/**
 * The payouts of `mobile-pools.ts` over columns: a radio's weight is a whole number over the count of its heartbeats, and the sums
 * are exact. Properties hold every unit equal to the decimal rule; 10,000 radios take a few milliseconds.
 */
import { divCeil } from "../../kernel/money.ts"

const SAFE = 2 ** 52

/** Exact sum of the first `length` whole numbers of a column. */
export const sumWhole = (column: ArrayLike<number>, length: number): bigint => {
  let total = 0n
  let part = 0
  for (let i = 0; i < length; i++) {
    if (part > SAFE || column[i] > SAFE) {
      total += BigInt(part)
      part = 0
    }
    part += column[i]
  }
  return total + BigInt(part)
}

/** Least common multiple of 1 to 24: a mean over any count of a day's heartbeats is whole in this many parts. */
const PARTS = 5_354_228_880n
const HOURS = 24

/**
 * Weights as fractions: weight[i] / count[i], with counts from 1 to 24. A count of 0 weighs nothing. Weights are whole and below
 * 2^52.
 */
export interface Weights {
  readonly weight: Float64Array
  readonly count: Uint8Array
  readonly length: number
}

const sums = new Float64Array(HOURS + 1)

/** Sum of the fractions, in 1 / PARTS. */
export const sumFractions = ({ weight, count, length }: Weights): bigint => {
  let total = 0n
  sums.fill(0)
  for (let i = 0; i < length; i++) {
    const c = count[i]
    if (c === 0) continue
    if (sums[c] > SAFE) {
      total += BigInt(sums[c]) * (PARTS / BigInt(c))
      sums[c] = 0
    }
    sums[c] += weight[i]
  }
  for (let c = 1; c <= HOURS; c++) total += BigInt(sums[c]) * (PARTS / BigInt(c))
  return total
}

/** A pool as a fraction of whole numbers. */
export interface Pool {
  readonly above: bigint
  readonly below: bigint
}

/** What two roundings of doubles, and one of the rate, can be off by, doubled. */
const RELATIVE_ERROR = 2 ** -50

/**
 * Writes `out[i] = floor(pool · fraction i / total)` and returns the sum. In doubles, and in whole numbers only where one lies within
 * their error. `total` is in 1 / PARTS and not less than the sum of the fractions; every payout stays below 2^53.
 */
export const payFractions = (pool: Pool, weights: Weights, total: bigint, out: Float64Array): bigint => {
  const { weight, count, length } = weights
  if (total <= 0n || pool.above <= 0n) {
    out.fill(0, 0, length)
    return 0n
  }
  const below = pool.below * total
  const rate = Number((pool.above * PARTS * RATE_ONE) / below) / Number(RATE_ONE)
  const isCoarse = rate < RATE_MIN
  for (let i = 0; i < length; i++) {
    const w = weight[i]
    if (w === 0 || count[i] === 0) {
      out[i] = 0
      continue
    }
    const about = (rate * w) / count[i]
    const margin = about * RELATIVE_ERROR
    const low = Math.floor(about - margin)
    out[i] =
      !isCoarse && low === Math.floor(about + margin)
        ? low
        : Number((pool.above * BigInt(w) * (PARTS / BigInt(count[i]))) / below)
  }
  return sumWhole(out, length)
}
/** The rate is taken from a quotient with 128 more bits; a rate so small that this loses bits is not used. */
const RATE_ONE = 1n << 128n
const RATE_MIN = 2 ** -64

/** HIP-122: one rate for all points while the boosted ones fit their own pool, else two. Returns what base and boosted points got. */
export const payCoverage = (
  pocPool: Pool,
  boostedPool: Pool,
  base: Weights,
  boosted: Weights,
  out: { readonly base: Float64Array; readonly boosted: Float64Array },
): { readonly base: bigint; readonly boosted: bigint } => {
  const baseTotal = sumFractions(base)
  const boostedTotal = sumFractions(boosted)
  const all = baseTotal + boostedTotal
  const both: Pool = {
    above: pocPool.above * boostedPool.below + boostedPool.above * pocPool.below,
    below: pocPool.below * boostedPool.below,
  }
  const isWithin = boostedPool.above * both.below * all >= both.above * boostedPool.below * boostedTotal
  return isWithin
    ? { base: payFractions(both, base, all, out.base), boosted: payFractions(both, boosted, all, out.boosted) }
    : {
        base: payFractions(pocPool, base, baseTotal, out.base),
        boosted: payFractions(boostedPool, boosted, boostedTotal, out.boosted),
      }
}

const VALUE_ONE = 10n ** 15n
/** A Data Credit is 10^-5 USD; prices are in 1e-8 USD per token of `unitsPerToken` smallest units. */
const CREDIT_E8_USD = 1000n

/**
 * Data transfer: each radio's credits are worth their value, up at 15 decimals (HIP-10); when all of them pass the pool, they share
 * it. Returns what was paid.
 */
export const payData = (
  pool: Pool,
  dc: ArrayLike<number>,
  length: number,
  priceE8Usd: number,
  unitsPerToken: bigint,
  out: Float64Array,
): bigint => {
  const above = CREDIT_E8_USD * unitsPerToken * VALUE_ONE
  const below = BigInt(priceE8Usd)
  const values = Array.from({ length }, (_, r) => (dc[r] === 0 ? 0n : divCeil(BigInt(dc[r]) * above, below)))
  const demand = values.reduce((a, b) => a + b, 0n)
  const isOver = demand * pool.below > pool.above * VALUE_ONE
  for (let r = 0; r < length; r++)
    out[r] = Number(isOver ? (pool.above * values[r]) / (pool.below * demand) : values[r] / VALUE_ONE)
  return sumWhole(out, length)
}

/** HIP-149: the whole pool by credits, whatever they are worth. Returns what was paid. */
export const payResidual = (pool: bigint, dc: ArrayLike<number>, length: number, out: Float64Array): bigint => {
  const total = sumWhole(dc, length)
  for (let r = 0; r < length; r++) out[r] = total === 0n ? 0 : Number((pool * BigInt(dc[r])) / total)
  return sumWhole(out, length)
}
