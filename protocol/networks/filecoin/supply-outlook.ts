/**
 * The supply over the years ahead: many runs of the model from the last observed day, each with drivers of its own, and what
 * they have in common by day.
 */
import { draw, stream, type Stream } from "../../kernel/random.ts"
import { pow } from "../../kernel/real.ts"
import { createChainPlan, FIRST_DAY, type ObservedDay } from "./supply-history.ts"
import { SupplyModel } from "./supply-model.ts"
import type { SupplyParams } from "./supply-params.ts"
import { createDrivers, type SupplyDrivers } from "./supply-plan.ts"
import { type Path, type SupplyDriver, type SupplyScenario } from "./supply-scenario.ts"

const YEAR_DAYS = 365
const PERMILLE = 1000
const WORD = 2 ** 32

/** What an outlook keeps of each day: FIL, but for power (PiB), reward (FIL/win) and pledge (FIL per 32 GiB). */
export const OUTLOOK_SERIES = ["circulating", "locked", "minted", "vested", "burnt", "raw", "qa", "reward", "pledge"] as const
export type OutlookName = (typeof OUTLOOK_SERIES)[number]
/** Lowest, middle and highest of nine tenths of the runs. */
export const QUANTILES = [0.05, 0.5, 0.95] as const
export interface Bands {
  readonly p05: Float64Array
  readonly p50: Float64Array
  readonly p95: Float64Array
}

export interface Outlook {
  readonly scenario: string
  readonly seed: number
  readonly runs: number
  /** Unix day of the last observed day, which is day 0 of every series. */
  readonly beginDay: number
  readonly days: number
  readonly series: Readonly<Record<OutlookName, Bands>>
}

/** A model that stands at the end of its history, on the observed values of that day, ready for many futures. */
export class OutlookModel {
  readonly model: SupplyModel
  readonly drivers: SupplyDrivers
  readonly historyDays: number
  readonly endDay: number

  /** Throws a RangeError when the last row lacks a supply to go on from. */
  constructor(rows: readonly ObservedDay[], params: SupplyParams, forecastDays: number) {
    const last = rows[rows.length - 1]
    for (const name of ["circulatingFil", "mintedFil", "vestedFil", "lockedFil"] as const)
      if (!(last[name] >= 0)) throw new RangeError(`the last row has no ${name}: an outlook goes on from it`)
    const assumptions = {
      missedShare: params.missedWinsPermille / PERMILLE,
      sectorDays: params.sectorDays,
      renewalRate: params.historyRenewalPermille / PERMILLE,
      lockTarget: params.lockTargetPermille / PERMILLE,
    }
    const plan = createChainPlan(rows, FIRST_DAY, forecastDays, assumptions)
    const past = new SupplyModel(plan)
    const drivers = createDrivers(plan)
    drivers.lockTarget.fill(assumptions.lockTarget)
    past.run(drivers)
    const at = plan.historyDays - 1
    const { days } = past
    // From here on the observed totals hold, and the model adds to them.
    const vestedOffset = last.vestedFil - plan.vestedFil[at]
    const anchored = {
      ...plan,
      vestedFil: plan.vestedFil.map((v) => v + vestedOffset),
      minting: { ...plan.minting, mintedOffsetFil: last.mintedFil - plan.minting.paidShare * days.curveFil[at] },
      // Rounded totals do not add up to the last digit; what is over goes where it changes nothing else.
      reserveFil: last.circulatingFil + last.lockedFil + last.burntFil - last.mintedFil - last.vestedFil,
    }
    this.model = new SupplyModel(anchored)
    for (const [name, column] of Object.entries(days))
      if (name !== "vestedFil") this.model.days[name as keyof typeof days].set(column.subarray(0, at + 1))
    const own = this.model.days
    const pledge = Math.max(0, last.lockedFil - own.lockedRewardFil[at])
    const scale = own.lockedPledgeFil[at] > 0 ? pledge / own.lockedPledgeFil[at] : 0
    for (let i = 0; i <= at; i++) own.madeFil[i] *= scale
    own.lockedPledgeFil[at] = pledge
    own.mintedFil[at] = last.mintedFil
    own.burntFil[at] = last.burntFil
    own.circulatingFil[at] = last.circulatingFil
    this.drivers = drivers
    this.historyDays = plan.historyDays
    this.endDay = last.day
  }

  /** One future: run `index` of the scenario at `seed`. The model's days then hold it. */
  run(scenario: SupplyScenario, seed: number, index: number): void {
    steer(this.drivers, scenario, seed, index, this.historyDays)
    this.model.run(this.drivers, this.historyDays)
    this.#assert(seed, index)
  }

  /** Locked pledge is the sum of locks not yet released, and so never below 0; a run that comes there is wrong. */
  #assert(seed: number, index: number): void {
    const { lockedPledgeFil, lockedRewardFil } = this.model.days
    for (let i = this.historyDays; i < lockedPledgeFil.length; i++)
      // A FIL in a thousand million is the dust of adding doubles.
      if (!(lockedPledgeFil[i] > -1 && lockedRewardFil[i] > -1))
        throw new Error(
          `supply run ${index} of seed ${seed}, day ${i - this.historyDays + 1}: locked pledge is ${lockedPledgeFil[i]} FIL, locked reward ${lockedRewardFil[i]}; neither may be below 0`,
        )
  }
}

/** Fills the drivers of one run. */
function steer(drivers: SupplyDrivers, scenario: SupplyScenario, seed: number, index: number, historyDays: number): void {
  const { onboardPib, renewalRate, verifiedShare, burnFil, lockTarget } = drivers
  const days = onboardPib.length
  follow(onboardPib, 0, days, scenario.onboardPib, 1, Infinity, streamOf(seed, "onboardPib"), index)
  follow(renewalRate, 0, days, scenario.renewalPermille, 1 / PERMILLE, 1, streamOf(seed, "renewalPermille"), index)
  follow(verifiedShare, 0, days, scenario.verifiedPermille, 1 / PERMILLE, 1, streamOf(seed, "verifiedPermille"), index)
  follow(burnFil, 0, days, scenario.burnFil, 1, Infinity, streamOf(seed, "burnFil"), index)
  follow(lockTarget, historyDays, days, scenario.lockTargetPermille, 1 / PERMILLE, 1, streamOf(seed, "lockTargetPermille"), index)
  const struck = stream(seed, "supply.shock")
  for (const [k, shock] of (scenario.shocks ?? []).entries()) {
    if (draw(struck, index, k) / WORD >= (shock.chancePermille ?? PERMILLE) / PERMILLE) continue
    // Day 1 is the first forecast day.
    const from = Math.max(0, shock.day - 1)
    const to = Math.min(days, from + shock.days)
    for (let f = from; f < to; f++) {
      onboardPib[f] *= (shock.onboardPermille ?? PERMILLE) / PERMILLE
      renewalRate[f] = Math.min(1, (renewalRate[f] * (shock.renewalPermille ?? PERMILLE)) / PERMILLE)
      burnFil[f] *= (shock.burnPermille ?? PERMILLE) / PERMILLE
    }
  }
}

const streams = new Map<string, Stream>()
function streamOf(seed: number, driver: SupplyDriver): Stream {
  const key = `${seed}/${driver}`
  let found = streams.get(key)
  if (found === undefined) streams.set(key, (found = stream(seed, `supply.${driver}`)))
  return found
}

const uniform = (low: number, high: number, s: Stream, index: number, k: number): number =>
  low === high ? low : low + ((high - low) * draw(s, index, k)) / WORD

/** A path by day: its drawn start times its drawn yearly factor, a little every day, never above `most`. */
function follow(
  out: Float64Array,
  from: number,
  days: number,
  path: Path,
  unit: number,
  most: number,
  s: Stream,
  index: number,
): void {
  const yearly = path.yearlyPermille
  const factor = yearly === undefined ? 1 : uniform(yearly.low, yearly.high, s, index, 1) / PERMILLE
  const daily = factor === 1 ? 1 : pow(factor, 1 / YEAR_DAYS)
  let value = uniform(path.low, path.high, s, index, 0) * unit
  for (let f = 0; f < days; f++) {
    out[from + f] = value < most ? value : most
    value *= daily
  }
}

const DAILY_WINS = 5 * 2880
const SECTORS_PER_PIB = 2 ** 15

/** Reads one day of a model as an outlook's series. */
const READ: Readonly<Record<OutlookName, (days: SupplyModel["days"], i: number) => number>> = {
  circulating: ({ circulatingFil }, i) => (circulatingFil[i] > 0 ? circulatingFil[i] : 0),
  locked: ({ lockedPledgeFil, lockedRewardFil }, i) => lockedPledgeFil[i] + lockedRewardFil[i],
  minted: ({ mintedFil }, i) => mintedFil[i],
  vested: ({ vestedFil }, i) => vestedFil[i],
  burnt: ({ burntFil }, i) => burntFil[i],
  raw: ({ rawPib }, i) => rawPib[i],
  qa: ({ qaPib }, i) => qaPib[i],
  reward: ({ rewardFil }, i) => rewardFil[i] / DAILY_WINS,
  pledge: ({ pledgeFilPerPib }, i) => pledgeFilPerPib[i] / SECTORS_PER_PIB,
}

/** The past of an outlook, lived through once for as many outlooks of these rows, assumptions and years as one likes. */
export const prepareOutlook = (rows: readonly ObservedDay[], params: SupplyParams, years: number): OutlookModel =>
  new OutlookModel(rows, params, years * YEAR_DAYS)

/**
 * Runs a scenario `runs` times and takes the quantiles of every series on every day. `outlook` saves living through the past again, and
 * changes nothing: it must be prepared with the same rows, params and years. Throws a RangeError where its years are others.
 */
export function runOutlook(
  rows: readonly ObservedDay[],
  scenario: SupplyScenario,
  params: SupplyParams,
  outlook: OutlookModel = prepareOutlook(rows, params, scenario.years),
): Outlook {
  const { runs, seed, name } = scenario
  const forecast = scenario.years * YEAR_DAYS
  if (outlook.historyDays + forecast !== outlook.model.plan.days)
    throw new RangeError(
      `the outlook was prepared for ${outlook.model.plan.days - outlook.historyDays} days, and ${forecast} are asked for`,
    )
  const { days } = outlook.model
  const length = forecast + 1
  const at = outlook.historyDays - 1
  const all = OUTLOOK_SERIES.map(() => new Float64Array(length * runs))
  for (let run = 0; run < runs; run++) {
    outlook.run(scenario, seed, run)
    OUTLOOK_SERIES.forEach((series, k) => {
      const read = READ[series]
      for (let d = 0; d < length; d++) all[k][d * runs + run] = read(days, at + d)
    })
  }
  const bandsOf = (values: Float64Array): Bands => {
    const [p05, p50, p95] = QUANTILES.map(() => new Float64Array(length))
    for (let d = 0; d < length; d++) {
      const sorted = values.subarray(d * runs, (d + 1) * runs).sort()
      for (const [q, out] of [
        [QUANTILES[0], p05],
        [QUANTILES[1], p50],
        [QUANTILES[2], p95],
      ] as const)
        out[d] = sorted[Math.round(q * (runs - 1))]
    }
    return { p05, p50, p95 }
  }
  const series = Object.fromEntries(OUTLOOK_SERIES.map((name, k) => [name, bandsOf(all[k])])) as Outlook["series"]
  return { scenario: name, seed, runs, beginDay: outlook.endDay, days: length, series }
}
