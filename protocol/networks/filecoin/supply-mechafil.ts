/**
 * The supply model in mechafil-jax's conventions: its baseline, its clock, its rounding of what is locked. For comparing the two,
 * not for studying the chain: its b0 is 2.399 EiB where the chain's is 2.506, and its minting begins on 2020-10-15 instead of
 * 2020-08-24, so that it has minted about 3% too much by 2025.
 * Source: facts/filecoin.md §17, after CELtd/mechafil-jax@7c839612; names of the inputs are its own.
 */
import { exp } from "../../kernel/real.ts"
import { RESERVE_DISBURSED_FIL } from "./supply-history.ts"
import { computeSimpleFil, GROWTH_PER_DAY, MECHAFIL_BASELINE_PIB } from "./supply-minting.ts"
import { GIB_PER_PIB, type SupplyPlan } from "./supply-plan.ts"

const PIB_PER_EIB = 1024
/** Its allocations: [FIL, days over which they vest evenly from 2020-10-15]. */
const ALLOCATIONS: readonly (readonly [fil: number, days: number])[] = [
  [19_015_887 + 32_787_700, 183],
  [22_421_712 + 9_400_000, 365],
  [7_223_364, 2 * 365],
  [87_637_883 + 898_958, 3 * 365],
  [9_805_053, 6 * 365],
  [300e6, 6 * 365],
  [100e6, 6 * 365],
]

/** What mechafil-jax's `run_sim` takes beside a scenario. Lists are by day. */
export interface MechafilData {
  readonly historical_raw_power_eib: readonly number[]
  readonly historical_qa_power_eib: readonly number[]
  readonly historical_onboarded_qa_power_pib: readonly number[]
  readonly historical_renewed_qa_power_pib: readonly number[]
  readonly historical_renewal_rate: readonly number[]
  readonly rb_known_scheduled_expire_vec: readonly number[]
  readonly qa_known_scheduled_expire_vec: readonly number[]
  readonly known_scheduled_pledge_release_full_vec: readonly number[]
  readonly start_vested_amt: number
  readonly zero_cum_capped_power_eib: number
  readonly init_baseline_eib: number
  readonly circ_supply_zero: number
  readonly locked_fil_zero: number
  readonly burnt_fil_vec: readonly number[]
}

export interface MechafilRun {
  /** Days from 2020-10-15 to the first day of history. */
  readonly startDay: number
  /** Days after the last of history; its own `forecast_length` less 1, because its first forecast day is observed. */
  readonly forecastDays: number
  readonly sectorDays: number
  /** Renewal on the days that its history of renewals does not reach, 0 to 1. */
  readonly renewalRate: number
  /** Weight of the baseline in the pledge, by day of the whole run. */
  readonly gamma: (day: number) => number
}

/** A plan of mechafil-jax's inputs. History is as long as its power; expirations are taken from the day before it ends. */
export function createMechafilPlan(data: MechafilData, run: MechafilRun): SupplyPlan {
  const historyDays = data.historical_raw_power_eib.length
  const days = historyDays + run.forecastDays
  const of = (value: (i: number) => number, n = days) => Float64Array.from({ length: n }, (_, i) => value(i))
  const list = (values: readonly number[], n: number, by = 1) => of((i) => (values[i] ?? 0) * by, n)
  let vested = data.start_vested_amt
  return {
    days,
    historyDays,
    sectorDays: run.sectorDays,
    history: {
      rawPib: list(data.historical_raw_power_eib, historyDays, PIB_PER_EIB),
      qaPib: list(data.historical_qa_power_eib, historyDays, PIB_PER_EIB),
      onboardedQaPib: list(data.historical_onboarded_qa_power_pib, historyDays),
      renewedQaPib: list(data.historical_renewed_qa_power_pib, historyDays),
      renewalRate: of((i) => data.historical_renewal_rate[i] ?? run.renewalRate, historyDays),
      burntFil: list(data.burnt_fil_vec, historyDays),
    },
    known: {
      rawPib: list(data.rb_known_scheduled_expire_vec, run.forecastDays),
      qaPib: list(data.qa_known_scheduled_expire_vec, run.forecastDays),
      pledgeFil: list(data.known_scheduled_pledge_release_full_vec, days),
    },
    minting: {
      simpleFil: of((i) => computeSimpleFil(run.startDay + i)),
      baselinePib: of((i) => data.init_baseline_eib * PIB_PER_EIB * exp(GROWTH_PER_DAY * i)),
      initialBaselinePib: MECHAFIL_BASELINE_PIB,
      cappedBeforePibDays: data.zero_cum_capped_power_eib * PIB_PER_EIB,
      paidShare: 1,
      mintedOffsetFil: 0,
    },
    vestedFil: of((i) => {
      for (const [fil, span] of ALLOCATIONS) if (run.startDay + i < span) vested += fil / span
      return vested
    }),
    gamma: of(run.gamma),
    survival: of(() => 1),
    start: {
      circulatingFil: data.circ_supply_zero,
      lockedPledgeFil: data.locked_fil_zero / 2,
      lockedRewardFil: data.locked_fil_zero / 2,
      lockedRewardDailyFil: 0,
    },
    releaseFromDay: data.historical_renewal_rate.length,
    reserveFil: RESERVE_DISBURSED_FIL,
    pledgeFilPerPibMax: GIB_PER_PIB,
    release: "proportional",
  }
}
