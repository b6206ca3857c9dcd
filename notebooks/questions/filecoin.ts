/** Filecoin's supply over the ten years after the observed series, in three cases of what storage providers do. */
import study from "../../scenarios/economics/filecoin-supply-outlook.json" with { type: "json" }
import { toHex } from "../../protocol/kernel/hash.ts"
import { readSupplyHistory } from "../../protocol/boundary/supply-history.ts"
import { caseOf, readSupplyStudy } from "../../protocol/boundary/supply-study.ts"
import { supplyViews, type Outlook } from "../../protocol/networks/index.ts"
import { defaults } from "../../protocol/kernel/param.ts"
import { plainHasher } from "../../simulation/engine/hasher.ts"

export const CASES = ["flat", "growth", "decline"] as const
export type Case = (typeof CASES)[number]
export interface SupplySettings {
  readonly runs: number
  readonly seed: number
  /** Of what expires, renewed more or less than the study says, thousandths of it. */
  readonly renewalTimes: number
  /** FIL burnt a day, thousandths of the study's. */
  readonly burnTimes: number
}
export const SUPPLY: SupplySettings = { runs: 40, seed: 2025, renewalTimes: 1000, burnTimes: 1000 }

/** A case's bands by day. `history` is the text of filecoin-observed.csv. Throws one sentence for settings that are out of range. */
export function outlookOf(history: string, which: Case, settings: Partial<SupplySettings> = {}): Outlook {
  const { runs, seed, renewalTimes, burnTimes } = { ...SUPPLY, ...settings }
  const view = supplyViews.filecoin
  const rows = readSupplyHistory(history, "filecoin-observed.csv", view.firstDay)
  const written = caseOf(readSupplyStudy(study), which)
  const times = <P extends { readonly low: number; readonly high: number }>(path: P, permille: number, most: number): P => ({
    ...path,
    low: Math.min(most, (path.low * permille) / 1000),
    high: Math.min(most, (path.high * permille) / 1000),
  })
  const scenario = {
    ...written,
    runs,
    seed,
    renewalPermille: times(written.renewalPermille, renewalTimes, 1000),
    burnFil: times(written.burnFil, burnTimes, Infinity),
  }
  return view.runOutlook(rows, scenario, defaults(view.params))
}

/** SHA-256 over the bits of every band, so that two engines can be compared. */
export function hashOutlook({ series }: Outlook): string {
  const hasher = plainHasher()
  for (const name of Object.keys(series).toSorted())
    for (const band of Object.values(series[name as keyof typeof series]))
      hasher.update(new Uint8Array(band.buffer, band.byteOffset, band.byteLength))
  return toHex(hasher.digest())
}

/** The middle run's value on the last day, in the series' own unit. */
export const lastOf = ({ series, days }: Outlook, name: keyof Outlook["series"]): number => series[name].p50[days - 1]
export const firstOf = ({ series }: Outlook, name: keyof Outlook["series"]): number => series[name].p50[0]
