/**
 * The observed past of the network as days of the supply model: rows of any spacing, joined by straight lines, and the chain's
 * own constants for minting, vesting and the pledge.
 */
import { epochAt } from "./chain-time.ts"
import { DAY } from "../../kernel/clock.ts"
import { computeGenesisVested } from "./supply.ts"
import { computeGammaPermille, RAMP_EPOCHS, RAMP_START_EPOCH } from "./pledge.ts"
import { inferFlows } from "./supply-flows.ts"
import {
  BASELINE_FIL,
  CHAIN_BASELINE_PIB,
  computeChainBaselinePib,
  computeDecayLeft,
  computeSimpleFil,
  daysOfEpoch,
  solveCappedPibDays,
} from "./supply-minting.ts"
import { SECTORS_PER_PIB, type SupplyPlan } from "./supply-plan.ts"

/** The days, as Unix days, of mainnet's first whole day: 2020-08-25. */
export const FIRST_DAY = 18_499
const EPOCHS_HALF_DAY = 1440
const DAILY_WINS = 5 * 2880
/** Reserve disbursed on the chain, FIL: 300 million less what f090 holds. */
export const RESERVE_DISBURSED_FIL = 17_066_618.96177341
const NANO_PER_FIL = 1e9
const ATTO_PER_NANO = 10n ** 9n

/** One observation. NaN where a file does not say. PiB and FIL, all at or above 0. */
export interface ObservedDay {
  /** Unix day. */
  readonly day: number
  readonly rawPib: number
  readonly qaPib: number
  readonly burntFil: number
  readonly circulatingFil: number
  readonly mintedFil: number
  readonly vestedFil: number
  readonly lockedFil: number
  readonly rewardPerWinFil: number
  /** FIL per 32 GiB of quality-adjusted power. */
  readonly pledgePer32GibFil: number
}

/** What the observed sums leave open. */
export interface HistoryAssumptions {
  /** Share of expected wins that nobody made a block of, 0 to 1. */
  readonly missedShare: number
  readonly sectorDays: number
  /** Of what expires, renewed, 0 to 1. */
  readonly renewalRate: number
  readonly lockTarget: number
}

/** End of a Unix day, in epochs of the chain. */
export const endEpoch = (unixDay: number): number => epochAt((unixDay + 1) * DAY)

/** Genesis allocations vested by the end of a Unix day, FIL. */
export const computeVestedFil = (unixDay: number): number =>
  Number(computeGenesisVested(endEpoch(unixDay)) / ATTO_PER_NANO) / NANO_PER_FIL

/**
 * A plan of the chain from Unix day `beginDay` (`FIRST_DAY`, or that of a row) to the last row, and `forecastDays` beyond. From
 * the first day power and burn rise in a line to the first row. From a later one the run begins at that row: network
 * time is solved from its reward per win, its locked FIL are spread over one sector life.
 * Throws a RangeError where the first row lacks what that needs.
 */
export function createChainPlan(
  rows: readonly ObservedDay[],
  beginDay: number,
  forecastDays: number,
  assumptions: HistoryAssumptions,
): SupplyPlan {
  const { sectorDays, renewalRate, missedShare } = assumptions
  const historyDays = rows[rows.length - 1].day - beginDay + 1
  const days = historyDays + forecastDays
  const of = (value: (day: number) => number, n = days) => Float64Array.from({ length: n }, (_, i) => value(beginDay + i))
  const line = (name: "rawPib" | "qaPib" | "burntFil") => interpolate(rows, name, beginDay, historyDays)
  const [rawPib, qaPib, burntFil] = [line("rawPib"), line("qaPib"), line("burntFil")]
  const isGenesis = beginDay === FIRST_DAY
  const first = rows.find((r) => r.day === beginDay)
  const raw = inferFlows(rawPib, sectorDays, renewalRate, isGenesis ? 0 : rawPib[0])
  const qa = inferFlows(qaPib, sectorDays, renewalRate, isGenesis ? 0 : qaPib[0])
  const survival = new Float64Array(days).fill(qa.survival[historyDays - 1])
  survival.set(qa.survival)
  const simpleFil = of((day) => computeSimpleFil(daysOfEpoch(endEpoch(day))))
  const baselinePib = of((day) => computeChainBaselinePib(endEpoch(day) - EPOCHS_HALF_DAY))
  const later = (pib: Float64Array) => {
    const out = new Float64Array(forecastDays)
    out.set(pib.subarray(0, forecastDays))
    return out
  }
  const start = isGenesis ? GENESIS_START : startAt(first, simpleFil, rawPib[0], baselinePib[0], beginDay, missedShare)
  const pledgeFil = new Float64Array(days)
  for (let i = 1; i <= sectorDays && i < days; i++) pledgeFil[i] = (start.lockedPledgeFil / sectorDays) * survival[i]
  return {
    days,
    historyDays,
    sectorDays,
    history: {
      rawPib,
      qaPib,
      onboardedQaPib: qa.onboardedPib,
      renewedQaPib: qa.renewedPib,
      renewalRate: qa.renewalRate,
      burntFil,
    },
    known: { rawPib: later(raw.laterPib), qaPib: later(qa.laterPib), pledgeFil },
    minting: {
      simpleFil,
      baselinePib,
      initialBaselinePib: CHAIN_BASELINE_PIB,
      cappedBeforePibDays: start.cappedPibDays,
      curveBeforeFil: start.curveFil,
      paidShare: 1 - missedShare,
      mintedOffsetFil: start.mintedOffsetFil,
    },
    vestedFil: of(computeVestedFil),
    gamma: of((day) => computeGammaPermille(endEpoch(day) - RAMP_START_EPOCH, RAMP_EPOCHS) / 1000),
    survival,
    start,
    releaseFromDay: 0,
    reserveFil: RESERVE_DISBURSED_FIL,
    pledgeFilPerPibMax: SECTORS_PER_PIB,
    release: "linear",
  }
}

interface Start {
  readonly circulatingFil: number
  readonly lockedPledgeFil: number
  readonly lockedRewardFil: number
  readonly lockedRewardDailyFil: number
  readonly cappedPibDays: number
  readonly curveFil: number
  readonly mintedOffsetFil: number
}

const GENESIS_START: Start = {
  circulatingFil: RESERVE_DISBURSED_FIL,
  lockedPledgeFil: 0,
  lockedRewardFil: 0,
  lockedRewardDailyFil: 0,
  cappedPibDays: 0,
  curveFil: 0,
  mintedOffsetFil: 0,
}

function startAt(
  row: ObservedDay | undefined,
  simpleFil: Float64Array,
  rawPib: number,
  baselinePib: number,
  beginDay: number,
  missedShare: number,
): Start {
  const needed = ["rewardPerWinFil", "mintedFil", "lockedFil", "circulatingFil"] as const
  const missing = row === undefined ? undefined : needed.find((name) => Number.isNaN(row[name]))
  if (row === undefined || missing !== undefined)
    throw new RangeError(`a run that begins on a later day needs a row of that day with ${missing ?? needed.join(", ")}`)
  const rewardFil = row.rewardPerWinFil * DAILY_WINS
  const simpleBefore = computeSimpleFil(daysOfEpoch(endEpoch(beginDay - 1)))
  const cappedPibDays = solveCappedPibDays(rewardFil, simpleFil[0] - simpleBefore, rawPib, baselinePib)
  // Day 0 is the row's own: what it mints is in the row's total already.
  const curve = (capped: number, simple: number) => BASELINE_FIL * (1 - computeDecayLeft(capped, CHAIN_BASELINE_PIB)) + simple
  const lockedRewardDailyFil = 0.75 * (1 - missedShare) * rewardFil
  // A steady stream that comes free in a line over 180 days keeps 89.5 days of itself locked.
  const lockedRewardFil = Math.min(lockedRewardDailyFil * 89.5, row.lockedFil)
  return {
    circulatingFil: row.circulatingFil,
    lockedRewardFil,
    lockedPledgeFil: row.lockedFil - lockedRewardFil,
    lockedRewardDailyFil,
    cappedPibDays,
    curveFil: curve(cappedPibDays, simpleBefore),
    mintedOffsetFil: row.mintedFil - (1 - missedShare) * curve(cappedPibDays + Math.min(rawPib, baselinePib), simpleFil[0]),
  }
}

/** A column by day from `beginDay`: a straight line between rows, and from 0 the day before `FIRST_DAY` to the first. */
function interpolate(
  rows: readonly ObservedDay[],
  name: "rawPib" | "qaPib" | "burntFil",
  beginDay: number,
  days: number,
): Float64Array {
  const out = new Float64Array(days)
  let k = 0
  for (let i = 0; i < days; i++) {
    const day = beginDay + i
    while (rows[k].day < day) k++
    const [d0, v0] = k === 0 ? [FIRST_DAY - 1, 0] : [rows[k - 1].day, rows[k - 1][name]]
    const { day: d1, [name]: v1 } = rows[k]
    out[i] = day === d1 ? v1 : v0 + ((v1 - v0) * (day - d0)) / (d1 - d0)
  }
  return out
}
