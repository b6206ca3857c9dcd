/**
 * Power by the day: what comes, what expires after a sector's life, what of that is renewed.
 * Source: facts/filecoin.md §17, after CELtd/mechafil-jax power.py.
 */
import type { SupplyDrivers, SupplyPlan } from "./supply-plan.ts"

/** Verified data counts tenfold: the most that quality makes of raw power. */
export const QUALITY_MAX = 10

/** The part of a run's days that power fills. */
export interface PowerDays {
  readonly rawPib: Float64Array
  readonly qaPib: Float64Array
  readonly onboardedQaPib: Float64Array
  readonly renewedQaPib: Float64Array
  /** Raw power renewed on each forecast day, PiB. */
  readonly renewedRawPib: Float64Array
}

/** Fills the forecast days from the last day of history. Quality-adjusted power never passes ten times the raw. */
export function forecastPower(
  { days, historyDays, sectorDays, known }: SupplyPlan,
  drivers: SupplyDrivers,
  out: PowerDays,
): void {
  const { onboardPib, renewalRate, verifiedShare } = drivers
  const { rawPib, qaPib, onboardedQaPib, renewedQaPib, renewedRawPib } = out
  let raw = rawPib[historyDays - 1]
  let qa = qaPib[historyDays - 1]
  for (let i = historyDays, f = 0; i < days; i++, f++) {
    const past = f - sectorDays
    let rawExpiring = known.rawPib[f]
    let qaExpiring = known.qaPib[f]
    if (past >= 0) {
      rawExpiring += onboardPib[past] + renewedRawPib[past]
      qaExpiring += onboardedQaPib[historyDays + past] + renewedQaPib[historyDays + past]
    }
    const come = onboardPib[f]
    const rate = renewalRate[f]
    const qaCome = (1 + (QUALITY_MAX - 1) * verifiedShare[f]) * come
    const rawRenewed = rate * rawExpiring
    const qaRenewed = rate * qaExpiring
    renewedRawPib[f] = rawRenewed
    onboardedQaPib[i] = qaCome
    renewedQaPib[i] = qaRenewed
    raw += come - rawExpiring + rawRenewed
    qa += qaCome - qaExpiring + qaRenewed
    rawPib[i] = raw
    const most = QUALITY_MAX * raw
    qaPib[i] = qa < most ? qa : most
  }
}
