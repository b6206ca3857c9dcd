/**
 * The daily supply model: power, minting, locking, one after the other over columns of days that every run reuses. Nothing is
 * allocated in a run, and only + - * / and kernel/real.ts are used, so that every engine comes to the same bits.
 */
import { lockDays } from "./supply-locking.ts"
import { mintDays } from "./supply-minting.ts"
import { forecastPower, type PowerDays } from "./supply-power.ts"
import type { SupplyDrivers, SupplyPlan } from "./supply-plan.ts"

/** One value a day of a run, as it stands at the end of the day. PiB and FIL. */
export const SUPPLY_COLUMNS = [
  "rawPib",
  "qaPib",
  "onboardedQaPib",
  "renewedQaPib",
  "cappedPibDays",
  "curveFil",
  "rewardFil",
  "mintedFil",
  "vestedFil",
  "burntFil",
  "pledgeFilPerPib",
  "madeFil",
  "lockedPledgeFil",
  "lockedRewardFil",
  "circulatingFil",
] as const
export type SupplyColumn = (typeof SUPPLY_COLUMNS)[number]
export type SupplyDays = { readonly [K in SupplyColumn]: Float64Array }

export class SupplyModel {
  readonly plan: SupplyPlan
  /** Rewritten by every run, from the day it begins. */
  readonly days: SupplyDays
  readonly #power: PowerDays

  constructor(plan: SupplyPlan) {
    this.plan = plan
    const columns = Object.fromEntries(SUPPLY_COLUMNS.map((name) => [name, new Float64Array(plan.days)])) as SupplyDays
    this.days = { ...columns, vestedFil: plan.vestedFil }
    this.#power = { ...this.days, renewedRawPib: new Float64Array(plan.days - plan.historyDays) }
    const { rawPib, qaPib, onboardedQaPib, renewedQaPib } = plan.history
    for (const [name, values] of Object.entries({ rawPib, qaPib, onboardedQaPib, renewedQaPib }))
      this.days[name as SupplyColumn].set(values.subarray(0, plan.historyDays))
  }

  /**
   * Fills the days from `from` on: 0 for all of them, or any later day whose predecessor an earlier run has filled, so that
   * many futures may share one past. A forecast always begins at the end of history.
   */
  run(drivers: SupplyDrivers, from = 0): void {
    forecastPower(this.plan, drivers, this.#power)
    mintDays(this.plan.minting, this.days, from)
    lockDays(this.plan, drivers, this.days, from)
  }
}
