/**
 * What others charge for the same unit, with the day on which it was read. A price without a date is worthless; list prices move,
 * and a comparison says which one it is with. Source of all: facts/prices-and-demand.md §1 and render.md §A1.
 */

export interface Comparator {
  readonly who: string
  /** Who sells: a hyperscaler's list price, a specialised or budget host, a farm, or a marketplace of independent machines. */
  readonly kind: "hyperscaler" | "host" | "farm" | "marketplace"
  readonly unit: "H100 hour" | "A100 hour" | "RTX 4090 hour" | "vCPU-pair month" | "OBh"
  /** Millionths of a dollar, or of a euro where `currency` says so. */
  readonly micro: number
  readonly currency: "USD" | "EUR"
  readonly date: string
  readonly source: string
}

const GPU = "facts/prices-and-demand.md §1.3"
const CPU = "facts/prices-and-demand.md §1.4"
const FARM = "facts/render.md §A1"

const row = (
  who: string,
  kind: Comparator["kind"],
  unit: Comparator["unit"],
  micro: number,
  date: string,
  source: string,
  currency: Comparator["currency"] = "USD",
): Comparator => ({ who, kind, unit, micro, currency, date, source })

export const comparators: readonly Comparator[] = [
  row("AWS p5", "hyperscaler", "H100 hour", 6_880_000, "2026-11-09", GPU),
  row("Google a3", "hyperscaler", "H100 hour", 10_980_000, "2026-11-09", GPU),
  row("Azure ND", "hyperscaler", "H100 hour", 12_290_000, "2026-11-09", GPU),
  row("CoreWeave", "host", "H100 hour", 6_160_000, "2026-10-24", GPU),
  row("Lambda", "host", "H100 hour", 3_990_000, "2026-10-24", GPU),
  row("RunPod", "marketplace", "H100 hour", 3_210_000, "2026-10-24", GPU),
  row("Vast", "marketplace", "H100 hour", 2_670_000, "2026-10-24", GPU),
  row("AWS", "hyperscaler", "A100 hour", 3_430_000, "2026-11-09", GPU),
  row("Azure", "hyperscaler", "A100 hour", 3_670_000, "2026-11-09", GPU),
  row("Lambda", "host", "A100 hour", 2_790_000, "2026-11-09", GPU),
  row("RunPod", "marketplace", "A100 hour", 1_390_000, "2026-11-09", GPU),
  row("Spheron", "host", "RTX 4090 hour", 530_000, "2026-05", GPU),
  row("RunPod", "marketplace", "RTX 4090 hour", 340_000, "2026-03", GPU),
  row("OpenRelay", "marketplace", "RTX 4090 hour", 290_000, "2026-09", GPU),
  row("AWS m6a.large (2 vCPU, 8 GB)", "hyperscaler", "vCPU-pair month", 67_860_000, "2026-10-28", CPU, "EUR"),
  row("Azure D2a_v4 (2 vCPU, 8 GB)", "hyperscaler", "vCPU-pair month", 66_800_000, "2026-10-28", CPU, "EUR"),
  row("Google e2-standard-2 (2 vCPU, 8 GB)", "hyperscaler", "vCPU-pair month", 56_610_000, "2026-10-28", CPU, "EUR"),
  row("Hetzner CCX13 (2 vCPU, 8 GB)", "host", "vCPU-pair month", 42_990_000, "2026-10-28", CPU, "EUR"),
  row("Ranch, low", "farm", "OBh", 8_000, "undated list, read 2026-11", FARM, "EUR"),
  row("Ranch, high", "farm", "OBh", 13_000, "undated list, read 2026-11", FARM, "EUR"),
  row("GarageFarm, low priority", "farm", "OBh", 2_500, "undated list, read 2026-11", FARM),
]

/** Dollars for a euro in millionths: facts/prices-and-demand.md §1.4, 2026-10-28. */
export const EUR_USD_E6 = 1_113_300

export const comparatorsOf = (unit: Comparator["unit"], kind?: Comparator["kind"]): readonly Comparator[] =>
  comparators.filter((c) => c.unit === unit && (kind === undefined || c.kind === kind))

/** In millionths of a dollar, rounded down. */
export const comparatorMicroUsd = ({ micro, currency }: Comparator, eurUsdE6 = EUR_USD_E6): number =>
  currency === "USD" ? micro : Math.floor((micro * eurUsdE6) / 1_000_000)

/** The lower median of a unit's prices in millionths of a dollar; 0 when none is known. */
export function medianMicroUsd(unit: Comparator["unit"], kind?: Comparator["kind"], eurUsdE6 = EUR_USD_E6): number {
  const all = comparatorsOf(unit, kind)
    .map((c) => comparatorMicroUsd(c, eurUsdE6))
    .sort((a, b) => a - b)
  return all.length === 0 ? 0 : all[(all.length - 1) >> 1]
}
