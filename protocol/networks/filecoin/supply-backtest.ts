/**
 * The supply model against the chain: driven by the power and the burn that were observed, how far do its reward, pledge and
 * supply lie from what the chain had?
 */
import { createDrivers } from "./supply-plan.ts"
import { createChainPlan, FIRST_DAY, type ObservedDay } from "./supply-history.ts"
import { computePledgePerPib } from "./supply-locking.ts"
import { SupplyModel } from "./supply-model.ts"
import type { SupplyParams } from "./supply-params.ts"

const DAILY_WINS = 5 * 2880
/** Of quality-adjusted power: 32 GiB in a PiB. */
const SECTORS_PER_PIB = 2 ** 15
const PERMILLE = 1000

/** What is compared, with its unit, what it rests on, and the most its median error should be. */
export const BACKTEST_SERIES = {
  reward: { unit: "FIL/win", goal: 0.01, because: "reward of one win: observed raw power through both minting curves" },
  pledge: { unit: "FIL/32 GiB", goal: 0.01, because: "initial pledge, at the model's own circulating supply" },
  pledgeObserved: { unit: "FIL/32 GiB", goal: 0.01, because: "initial pledge, at the observed circulating supply" },
  minted: { unit: "FIL", goal: 0.03, because: "paid so far, less missed wins" },
  vested: { unit: "FIL", goal: 0.03, because: "genesis allocations vested so far" },
  locked: { unit: "FIL", goal: 0.03, because: "pledges and rewards still vesting; onboarding is inferred from power" },
  circulating: { unit: "FIL", goal: 0.03, because: "reserve + minted + vested - locked - burnt" },
} as const
export type BacktestName = keyof typeof BACKTEST_SERIES

/** One series: errors are relative to the observed value. */
export interface BacktestLine {
  readonly name: BacktestName
  readonly unit: string
  readonly because: string
  readonly goal: number
  readonly rows: number
  /** Medians and 95th percentiles of the error's size. */
  readonly median: number
  readonly p95: number
  /** The largest error, with its sign, and the Unix day it is of. */
  readonly worst: number
  readonly worstDay: number
  /** At the last row that has the series. */
  readonly last: number
  readonly lastDay: number
  readonly observedLast: number
  readonly modelLast: number
  readonly met: boolean
}

export interface Backtest {
  readonly beginDay: number
  readonly endDay: number
  readonly rows: number
  readonly lines: readonly BacktestLine[]
  /** Share of wins missed that would have met the last observed total of minted FIL; NaN where none was observed. */
  readonly impliedMissedShare: number
}

/**
 * Runs the model over the rows (two or more, in order of day) and compares every row from the second on, or from the
 * first where the run begins at genesis. A series that no row holds is left out. Throws a RangeError as `createChainPlan` does.
 */
export function runBacktest(rows: readonly ObservedDay[], params: SupplyParams, beginDay: number = FIRST_DAY): Backtest {
  const used = rows.filter((r) => r.day >= beginDay)
  const plan = createChainPlan(used, beginDay, 0, {
    missedShare: params.missedWinsPermille / PERMILLE,
    sectorDays: params.sectorDays,
    renewalRate: params.historyRenewalPermille / PERMILLE,
    lockTarget: params.lockTargetPermille / PERMILLE,
  })
  const model = new SupplyModel(plan)
  const drivers = createDrivers(plan)
  const lockTarget = params.lockTargetPermille / PERMILLE
  drivers.lockTarget.fill(lockTarget)
  model.run(drivers)
  const { days } = model
  const compared = used.filter((r) => r.day > beginDay)
  const pairs: Readonly<Record<BacktestName, (row: ObservedDay, i: number) => readonly [model: number, observed: number]>> = {
    reward: (r, i) => [days.rewardFil[i] / DAILY_WINS, r.rewardPerWinFil],
    pledge: (r, i) => [days.pledgeFilPerPib[i] / SECTORS_PER_PIB, r.pledgePer32GibFil],
    pledgeObserved: (r, i) => [
      computePledgePerPib(
        days.rewardFil[i],
        r.circulatingFil,
        r.qaPib,
        plan.minting.baselinePib[i],
        lockTarget,
        plan.gamma[i],
        plan.pledgeFilPerPibMax,
      ) / SECTORS_PER_PIB,
      // Without a supply there is nothing to compare at.
      Number.isNaN(r.circulatingFil) ? NaN : r.pledgePer32GibFil,
    ],
    minted: (r, i) => [days.mintedFil[i], r.mintedFil],
    vested: (r, i) => [days.vestedFil[i], r.vestedFil],
    locked: (r, i) => [days.lockedPledgeFil[i] + days.lockedRewardFil[i], r.lockedFil],
    circulating: (r, i) => [days.circulatingFil[i], r.circulatingFil],
  }
  const lines = (Object.keys(pairs) as BacktestName[]).flatMap((name) => {
    const line = compare(name, compared, (row) => pairs[name](row, row.day - beginDay))
    return line === undefined ? [] : [line]
  })
  return {
    beginDay,
    endDay: used[used.length - 1].day,
    rows: compared.length,
    lines,
    impliedMissedShare: impliedMissed(model, compared, beginDay),
  }
}

function compare(
  name: BacktestName,
  rows: readonly ObservedDay[],
  pairOf: (row: ObservedDay) => readonly [number, number],
): BacktestLine | undefined {
  const found = rows.flatMap((row) => {
    const [model, observed] = pairOf(row)
    // Against 0 an error has no size.
    return observed > 0 ? [{ day: row.day, model, observed, error: model / observed - 1 }] : []
  })
  if (found.length === 0) return undefined
  const sizes = Float64Array.from(found, (f) => Math.abs(f.error)).toSorted()
  const worst = found.reduce((a, b) => (Math.abs(b.error) > Math.abs(a.error) ? b : a))
  const last = found[found.length - 1]
  const median = sizes[Math.floor((sizes.length - 1) / 2)]
  const { unit, because, goal } = BACKTEST_SERIES[name]
  return {
    name,
    unit,
    because,
    goal,
    rows: found.length,
    median,
    p95: sizes[Math.ceil(0.95 * (sizes.length - 1))],
    worst: worst.error,
    worstDay: worst.day,
    last: last.error,
    lastDay: last.day,
    observedLast: last.observed,
    modelLast: last.model,
    met: median <= goal,
  }
}

function impliedMissed({ plan, days }: SupplyModel, rows: readonly ObservedDay[], beginDay: number): number {
  const row = rows.findLast((r) => r.mintedFil > 0)
  if (row === undefined) return NaN
  const before = plan.minting.curveBeforeFil ?? 0
  const first = plan.minting.mintedOffsetFil + plan.minting.paidShare * before
  const could = days.curveFil[row.day - beginDay] - before
  return could > 0 ? 1 - (row.mintedFil - first) / could : NaN
}
