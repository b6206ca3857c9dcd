/**
 * Minting by the day. Network time theta and what it has minted follow from the capped power so far, C:
 * theta = ln(g C / b0 + 1) / g, and baseline minting is 770e6 (1 - e^(-lambda theta)). With lambda = ln 2 / 6 years and
 * g = ln 2 / 1 year the exponential is the inverse sixth root of g C / b0 + 1, so that a day costs a few products instead of
 * a logarithm and an exponential.
 *
 * Sources: filecoin-project/specs@3d0b0c14 block_reward_minting.md; facts/filecoin.md §8, §17.
 */
import { exp, ln, pow } from "../../kernel/real.ts"
import { BASELINE_INITIAL_BYTES } from "./baseline.ts"
import { EPOCHS_PER_DAY, EPOCHS_PER_YEAR } from "./epoch.ts"
import type { MintingPlan } from "./supply-plan.ts"

export const SIMPLE_FIL = 330e6
export const BASELINE_FIL = 770e6
const YEAR_DAYS = 365
const LN2 = 0.6931471805599453
/** Growth of the baseline a day: it doubles in a year. */
export const GROWTH_PER_DAY = LN2 / YEAR_DAYS
/** Decay of minting a day: it halves in six years. */
export const DECAY_PER_DAY = LN2 / (6 * YEAR_DAYS)
const PIB_BYTES = 2 ** 50
/** The chain's baseline at epoch 0, in PiB: 2.5057 EiB. */
export const CHAIN_BASELINE_PIB = Number(BASELINE_INITIAL_BYTES) / PIB_BYTES
/** mechafil-jax's: 2.766e18 bytes, which is a figure in EiB taken for one in 10^18 bytes. */
export const MECHAFIL_BASELINE_PIB = 2.766213637444971e18 / PIB_BYTES

/** Cumulative simple minting after `days` since the clock began, FIL. */
export const computeSimpleFil = (days: number): number => SIMPLE_FIL * (1 - exp(-DECAY_PER_DAY * days))

/** The chain's baseline at an epoch, PiB, as a smooth curve. */
export const computeChainBaselinePib = (epoch: number): number => CHAIN_BASELINE_PIB * pow(2, epoch / EPOCHS_PER_YEAR)

/** e^(-lambda theta) of capped power C, from scratch. */
export const computeDecayLeft = (cappedPibDays: number, initialBaselinePib: number): number =>
  pow((GROWTH_PER_DAY / initialBaselinePib) * cappedPibDays + 1, -1 / 6)

/** Network time of capped power C, days. */
export const computeNetworkDays = (cappedPibDays: number, initialBaselinePib: number): number =>
  ln((GROWTH_PER_DAY / initialBaselinePib) * cappedPibDays + 1) / GROWTH_PER_DAY

/** Capped power that makes a network time of `days`: the inverse of the above. */
export const computeCappedPibDays = (days: number, initialBaselinePib: number): number =>
  ((exp(GROWTH_PER_DAY * days) - 1) * initialBaselinePib) / GROWTH_PER_DAY

// (1 - u)^(-1/6) = 1 + u/6 + 7u²/72 + 91u³/1296 + 1729u⁴/31104 + 8645u⁵/186624 + ...; the next term is 0.04 u⁶.
const C1 = 1 / 6
const C2 = 7 / 72
const C3 = 91 / 1296
const C4 = 1729 / 31_104
const C5 = 8645 / 186_624
/** Up to here the five terms are good to the last bit or two. */
const SERIES_MAX = 0.002

/** x^(-1/6), given a value near it (yesterday's). Only products and sums where x has moved by less than 0.2%. */
export const inverseSixthRoot = (x: number, near: number): number => {
  const square = near * near
  const u = 1 - x * (square * square * square)
  if (!(u < SERIES_MAX && u > -SERIES_MAX)) return pow(x, -1 / 6)
  return near + near * (u * (C1 + u * (C2 + u * (C3 + u * (C4 + u * C5)))))
}

/** The part of a run's days that minting fills. */
export interface MintedDays {
  readonly rawPib: Float64Array
  /** Capped power so far, PiB·days. */
  readonly cappedPibDays: Float64Array
  /** Both curves so far, FIL: what would be minted if no win were missed. */
  readonly curveFil: Float64Array
  /** What the curves give that day, FIL. */
  readonly rewardFil: Float64Array
  /** Paid so far, FIL. */
  readonly mintedFil: Float64Array
}

/** Fills days `from` on, from the day before. */
export function mintDays(plan: MintingPlan, days: MintedDays, from: number): void {
  const { simpleFil, baselinePib, initialBaselinePib, cappedBeforePibDays, curveBeforeFil, paidShare, mintedOffsetFil } = plan
  const { rawPib, cappedPibDays, curveFil, rewardFil, mintedFil } = days
  const scale = GROWTH_PER_DAY / initialBaselinePib
  const end = rawPib.length
  let capped = from === 0 ? cappedBeforePibDays : cappedPibDays[from - 1]
  let before = from === 0 ? (curveBeforeFil ?? NaN) : curveFil[from - 1]
  let left = pow(scale * capped + 1, -1 / 6)
  for (let i = from; i < end; i++) {
    const raw = rawPib[i]
    const baseline = baselinePib[i]
    capped += raw < baseline ? raw : baseline
    cappedPibDays[i] = capped
    left = inverseSixthRoot(scale * capped + 1, left)
    const curve = BASELINE_FIL * (1 - left) + simpleFil[i]
    curveFil[i] = curve
    rewardFil[i] = curve - before
    mintedFil[i] = mintedOffsetFil + paidShare * curve
    before = curve
  }
  if (from === 0 && curveBeforeFil === undefined && end > 1) rewardFil[0] = rewardFil[1]
}

/**
 * Capped power at which the network, with `rawPib` standing below or above the baseline on a day, gives `rewardFil` on that
 * day: how a run begins on a chosen date. The baseline part falls as network time grows, so halving finds it. Throws a
 * RangeError where no network time gives that reward.
 */
export function solveCappedPibDays(rewardFil: number, simpleFil: number, rawPib: number, baselinePib: number): number {
  const power = Math.min(rawPib, baselinePib)
  const wanted = rewardFil - simpleFil
  const dayAt = (capped: number) =>
    BASELINE_FIL * (computeDecayLeft(capped, CHAIN_BASELINE_PIB) - computeDecayLeft(capped + power, CHAIN_BASELINE_PIB))
  let low = 0
  let high = computeCappedPibDays(60 * YEAR_DAYS, CHAIN_BASELINE_PIB)
  if (!(wanted <= dayAt(low) && wanted >= dayAt(high)))
    throw new RangeError(
      `no network time gives ${rewardFil} FIL a day with ${rawPib} PiB: simple minting alone gives ${simpleFil}, the baseline adds at most ${dayAt(low)}`,
    )
  // 200 halvings take any interval of doubles to neighbours.
  for (let k = 0; k < 200; k++) {
    const middle = (low + high) / 2
    if (dayAt(middle) > wanted) low = middle
    else high = middle
  }
  return low
}

/** Days since mainnet's epoch 0 at an epoch. */
export const daysOfEpoch = (epoch: number): number => epoch / EPOCHS_PER_DAY
