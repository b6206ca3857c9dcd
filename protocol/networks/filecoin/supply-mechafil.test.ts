/**
 * Against mechafil-jax itself: with BLACKSTART_MECHAFIL naming a checkout of CELtd/mechafil-server@715b023e, every series of its
 * published 365-day runs. The files carry no licence, so they are not copied here; W3 (bench/workloads.test.ts) holds the same
 * equations to published figures in every test run.
 */
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { createMechafilPlan, type MechafilData } from "./supply-mechafil.ts"
import { SupplyModel } from "./supply-model.ts"
import { createDrivers } from "./supply-plan.ts"

const FOLDER = process.env.BLACKSTART_MECHAFIL
const read = (path: string) => JSON.parse(readFileSync(join(FOLDER!, "test-scripts", path), "utf8"))
const PIB_PER_EIB = 1024

interface Published {
  readonly smoothed_metrics: { readonly raw_byte_power: number; readonly renewal_rate: number; readonly filplus_rate: number }
  readonly simulation_output: Readonly<Record<string, readonly number[]>>
}

test("every day of the published run within 1e-6", (context) => {
  if (FOLDER === undefined || !existsSync(join(FOLDER, "test-scripts")))
    return context.skip("comparison with mechafil-jax: set BLACKSTART_MECHAFIL to a checkout of CELtd/mechafil-server")
  const data = read("historical_data/spacescope_results.json").offline_data as MechafilData
  const { smoothed_metrics, simulation_output: theirs } = read("forecast_len/offline_simulation.json") as Published
  const current = data.historical_renewal_rate.length
  const plan = createMechafilPlan(data, {
    startDay: 725,
    forecastDays: 364,
    sectorDays: 365,
    renewalRate: smoothed_metrics.renewal_rate,
    // A newer mechafil-jax than the one read; inferred (facts §17).
    gamma: (i) => (i < current ? 1 : Math.max(0.7, 0.76 - ((i - current) * 0.3) / 360)),
  })
  const model = new SupplyModel(plan)
  const drivers = createDrivers(plan)
  drivers.onboardPib.fill(smoothed_metrics.raw_byte_power)
  drivers.renewalRate.fill(smoothed_metrics.renewal_rate)
  drivers.verifiedShare.fill(smoothed_metrics.filplus_rate)
  drivers.burnFil.fill((data as unknown as { readonly daily_burnt_fil: number }).daily_burnt_fil)
  drivers.lockTarget.fill(0.3)
  model.run(drivers)
  const { days } = model
  const ours: Readonly<Record<string, (i: number) => number>> = {
    rb_total_power_eib: (i) => days.rawPib[i] / PIB_PER_EIB,
    qa_total_power_eib: (i) => days.qaPib[i] / PIB_PER_EIB,
    qa_day_onboarded_power_pib: (i) => days.onboardedQaPib[i],
    qa_day_renewed_power_pib: (i) => days.renewedQaPib[i],
    network_baseline_EIB: (i) => plan.minting.baselinePib[i] / PIB_PER_EIB,
    cum_capped_power_EIB: (i) => days.cappedPibDays[i] / PIB_PER_EIB,
    cum_network_reward: (i) => days.curveFil[i],
    day_network_reward: (i) => days.rewardFil[i],
    total_vest: (i) => days.vestedFil[i],
    network_gas_burn: (i) => days.burntFil[i],
    day_locked_pledge: (i) => days.madeFil[i],
    network_locked_pledge: (i) => days.lockedPledgeFil[i],
    network_locked_reward: (i) => days.lockedRewardFil[i],
    circ_supply: (i) => days.circulatingFil[i],
  }
  for (const [name, of] of Object.entries(ours)) {
    expect(theirs[name].length).toBe(plan.days)
    let worst = 0
    theirs[name].forEach((value, i) => (worst = Math.max(worst, Math.abs(of(i) - value) / Math.abs(value || 1))))
    expect(worst, name).toBeLessThan(1e-6)
  }
})
