/** What was played, as data: one object an entry for programs and pages, one tidy row a figure for tables. */
import type { ParquetColumn } from "../record/parquet.ts"
import type { Estimate } from "../study/maths/estimate.ts"
import type { Metrics } from "./metrics.ts"
import type { Played } from "./play.ts"

/** A figure with its 95 % interval over seeds; null where it was not measured, or has no interval. */
export interface Figure {
  readonly mean: number | null
  readonly low: number | null
  readonly high: number | null
}
export interface SideRow {
  readonly knobs: Readonly<Record<string, number>>
  readonly rho: Figure
  readonly leakage: Figure
  readonly denial: Figure
  readonly harm: Figure
  readonly found: Figure
  readonly collateral: Figure
  readonly extraction: Figure
  readonly own: Figure
  readonly medianHours: number | null
}
export interface EntryRow {
  readonly id: string
  readonly name: string
  readonly family: string
  readonly where: string
  readonly view: string
  readonly goal: string
  readonly defence: string
  readonly off: string
  readonly control: string | null
  readonly ownName: string | null
  readonly ownUnit: string | null
  readonly share: number
  readonly seeds: number
  readonly plays: number
  readonly tried: number
  readonly defended: SideRow
  readonly undefended: SideRow
  readonly sweep: readonly {
    readonly share: number
    readonly rho: Figure
    readonly leakage: Figure
    readonly denial: Figure
    readonly collateral: Figure
    readonly harm: Figure
    readonly own: Figure
  }[]
  readonly findings: readonly {
    readonly rule: string
    readonly limit: number
    readonly verdict: string
    readonly share: number | null
  }[]
  readonly sybil: readonly { readonly names: number; readonly defended: Figure; readonly undefended: Figure }[]
  readonly defenceCost: number | null
}

const number = (x: number): number | null => (Number.isFinite(x) ? x : null)
const figure = (e: Estimate): Figure => ({ mean: number(e.mean), low: number(e.low), high: number(e.high) })
const side = (knobs: Readonly<Record<string, number>>, m: Metrics): SideRow => ({
  knobs,
  rho: figure(m.rho),
  leakage: figure(m.leakage),
  denial: figure(m.denial),
  harm: figure(m.harm),
  found: figure(m.found),
  collateral: figure(m.collateral),
  extraction: figure(m.extraction),
  own: figure(m.own),
  medianHours: number(m.medianHours),
})

export const rowOf = (p: Played): EntryRow => ({
  id: p.entry.id,
  name: p.entry.name,
  family: p.entry.family,
  where: p.entry.where,
  view: p.entry.view,
  goal: p.entry.goal,
  defence: p.entry.defence.name,
  off: p.entry.defence.off,
  control: p.entry.control ?? null,
  ownName: p.entry.own?.name ?? null,
  ownUnit: p.entry.own?.unit ?? null,
  share: p.share,
  seeds: p.seeds,
  plays: p.plays,
  tried: p.tried,
  defended: side(p.defended.knobs, p.defended.metrics),
  undefended: side(p.undefended.knobs, p.undefended.metrics),
  sweep: p.sweep.map(({ share, metrics: m }) => ({
    share,
    rho: figure(m.rho),
    leakage: figure(m.leakage),
    denial: figure(m.denial),
    collateral: figure(m.collateral),
    harm: figure(m.harm),
    own: figure(m.own),
  })),
  findings: p.findings.map(({ rule, limit, verdict, share }) => ({ rule, limit, verdict, share: share ?? null })),
  sybil: p.sybil.map((s) => ({ names: s.names, defended: figure(s.defended), undefended: figure(s.undefended) })),
  defenceCost: number(p.defenceCost),
})

export interface TidyRow {
  readonly entry: string
  readonly where: string
  readonly defence: "on" | "off"
  readonly share: number
  readonly seeds: number
  readonly knobs: string
  readonly metric: string
  readonly mean: number
  readonly low: number
  readonly high: number
}
const METRICS = ["rho", "leakage", "denial", "harm", "found", "collateral", "extraction", "own"] as const
const SWEPT_SEEDS = 6

/** One row a figure that was measured. */
export function tidy(rows: readonly EntryRow[]): readonly TidyRow[] {
  return rows.flatMap((r) => {
    const of = (
      defence: "on" | "off",
      share: number,
      seeds: number,
      knobs: object,
      figures: object,
      names: readonly string[],
    ): TidyRow[] =>
      names.flatMap((metric) => {
        const f = (figures as Readonly<Record<string, Figure>>)[metric]
        if (f === undefined || f.mean === null) return []
        return [
          {
            entry: r.id,
            where: r.where,
            defence,
            share,
            seeds,
            knobs: JSON.stringify(knobs),
            metric,
            mean: f.mean,
            low: f.low ?? NaN,
            high: f.high ?? NaN,
          },
        ]
      })
    return [
      ...of("on", r.share, r.seeds, r.defended.knobs, r.defended, METRICS),
      ...of("off", r.share, r.seeds, r.undefended.knobs, r.undefended, METRICS),
      ...r.sweep
        .filter((s) => s.share !== r.share)
        .flatMap((s) => of("on", s.share, Math.min(SWEPT_SEEDS, r.seeds), r.defended.knobs, s, METRICS)),
    ]
  })
}

export const columns = (rows: readonly TidyRow[]): readonly ParquetColumn[] => [
  ...(["entry", "where", "defence", "metric", "knobs"] as const).map((name) => ({
    name,
    type: "VARCHAR" as const,
    values: rows.map((r) => r[name]),
  })),
  { name: "seeds", type: "UINTEGER", values: Uint32Array.from(rows, (r) => r.seeds) },
  ...(["share", "mean", "low", "high"] as const).map((name) => ({
    name,
    type: "DOUBLE" as const,
    values: Float64Array.from(rows, (r) => r[name]),
  })),
]

/** The same as text, for any tool. */
export const csv = (rows: readonly TidyRow[]): string => {
  const names = ["entry", "where", "defence", "share", "seeds", "metric", "mean", "low", "high", "knobs"] as const
  const cell = (value: string | number): string =>
    typeof value === "number"
      ? Number.isFinite(value)
        ? String(value)
        : ""
      : /[",]/.test(value)
        ? `"${value.replaceAll('"', '""')}"`
        : value
  return [names.join(","), ...rows.map((r) => names.map((n) => cell(r[n])).join(",")), ""].join("\n")
}
