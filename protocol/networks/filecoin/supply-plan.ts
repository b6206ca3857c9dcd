/**
 * What a run of the daily supply model starts from: the days, what is known of them before any scenario speaks, and which of two
 * sets of conventions holds. Power is in PiB, money in FIL, time in days; every array is one value a day.
 *
 * Sources: facts/filecoin.md §17 (the equations, after CELtd/mechafil-jax@7c839612) and §6 to §8 (the chain's own rules).
 */

/** GiB of a PiB, and so the pledge cap of a PiB at 1 FIL a GiB, as mechafil-jax has it. */
export const GIB_PER_PIB = 2 ** 20
/** The chain's cap: 1 FIL per 32 GiB. */
export const SECTORS_PER_PIB = GIB_PER_PIB / 32

/** Days whose power is given: observed, or the synthetic past of a workload. */
export interface PowerHistory {
  /** Standing power at each day. */
  readonly rawPib: Float64Array
  readonly qaPib: Float64Array
  /** Quality-adjusted power that came, and that was renewed, on each day. */
  readonly onboardedQaPib: Float64Array
  readonly renewedQaPib: Float64Array
  /** Share of what expired on each day that was renewed, 0 to 1. */
  readonly renewalRate: Float64Array
  /** Burnt so far, FIL, at the end of each day. */
  readonly burntFil: Float64Array
}

/** What is already promised to the forecast by sectors that stood before it. */
export interface KnownExpirations {
  /** Expiring on each forecast day, PiB. */
  readonly rawPib: Float64Array
  readonly qaPib: Float64Array
  /** Pledge scheduled to be released on each day of the whole run, FIL, by locks the model did not make. */
  readonly pledgeFil: Float64Array
}

export interface MintingPlan {
  /** Cumulative simple minting at the end of each day, FIL. */
  readonly simpleFil: Float64Array
  /** The baseline of each day, PiB. */
  readonly baselinePib: Float64Array
  /** The baseline at the start of network time, PiB: b0. */
  readonly initialBaselinePib: number
  /** Capped power before day 0, PiB·days. */
  readonly cappedBeforePibDays: number
  /** Minted by both curves before day 0; absent where day 0 takes the reward of day 1, as mechafil-jax has it. */
  readonly curveBeforeFil?: number
  /** Share of the curves that is really paid: missed wins are not minted. */
  readonly paidShare: number
  /** Added to what is paid, so that the run goes on from an observed total; FIL. */
  readonly mintedOffsetFil: number
}

export interface SupplyStart {
  readonly circulatingFil: number
  readonly lockedPledgeFil: number
  readonly lockedRewardFil: number
  /** FIL a day that was locked on each of the 180 days before day 0; used by the linear release only. */
  readonly lockedRewardDailyFil: number
}

export interface SupplyPlan {
  /** All days, history and forecast. */
  readonly days: number
  readonly historyDays: number
  /** Life of a sector and of its pledge between renewals. */
  readonly sectorDays: number
  readonly history: PowerHistory
  readonly known: KnownExpirations
  readonly minting: MintingPlan
  /** Genesis allocations vested by the end of each day, FIL. */
  readonly vestedFil: Float64Array
  /** FIP-0081: weight of the pledge against the baseline, 0 to 1; the rest is against the network's own power. */
  readonly gamma: Float64Array
  /** Share of earlier locks that is still there at each day, when sectors ended before their time; 1 without. */
  readonly survival: Float64Array
  readonly start: SupplyStart
  /** Day from which on locks are released by the model after `sectorDays`; those before are in `known`. */
  readonly releaseFromDay: number
  /** The reserve that has been disbursed, FIL. */
  readonly reserveFil: number
  /** The most that a PiB may pledge, FIL. */
  readonly pledgeFilPerPibMax: number
  /**
   * How locked rewards come free: `linear` over 180 days, as on the chain; `proportional`, a 180th of the stock a day, as
   * mechafil-jax has it, which keeps twice as much locked.
   */
  readonly release: "linear" | "proportional"
}

/** What a scenario decides. The first three are by forecast day, the others by day of the whole run. */
export interface SupplyDrivers {
  /** Raw power that comes on each forecast day, PiB. */
  readonly onboardPib: Float64Array
  /** Share of expiring power that is renewed, 0 to 1. */
  readonly renewalRate: Float64Array
  /** Share of new power whose data is verified and counts tenfold, 0 to 1. */
  readonly verifiedShare: Float64Array
  /** FIL burnt on each forecast day. */
  readonly burnFil: Float64Array
  /** Share of the circulating supply that all pledge together aims at, by day of the whole run. */
  readonly lockTarget: Float64Array
}

/** Drivers of a plan with every value at 0. */
export const createDrivers = ({ days, historyDays }: Pick<SupplyPlan, "days" | "historyDays">): SupplyDrivers => {
  const forecast = days - historyDays
  return {
    onboardPib: new Float64Array(forecast),
    renewalRate: new Float64Array(forecast),
    verifiedShare: new Float64Array(forecast),
    burnFil: new Float64Array(forecast),
    lockTarget: new Float64Array(days),
  }
}
