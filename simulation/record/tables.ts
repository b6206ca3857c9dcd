/** A finished simulation's tables as Parquet columns: one row per epoch, one row per node, one row per variant. */
import { DOMAINS } from "../../protocol/boundary/scenario.ts"
import type { Inhabited, Simulation } from "../engine/simulation.ts"
import { join } from "node:path"
import { fromTable, toSnakeCase, writeParquet, type ParquetColumn } from "./parquet.ts"
import type { Variant } from "./variants.ts"

/** Writes `epochs_*` and `nodes_*`, with the twin's node measures beside the run's own where there is a twin. */
export async function writeTables(runDir: string, sim: Simulation, twin: Simulation | undefined): Promise<void> {
  for (const n of sim.networks) {
    await writeParquet(join(runDir, `epochs_${n.name}.parquet`), fromTable(n.epochs.rows as never))
    await writeParquet(
      join(runDir, `nodes_${n.name}.parquet`),
      nodeColumns(
        n,
        twin?.networks.find((t) => t.name === n.name),
      ),
    )
  }
}

function nodeColumns(n: Inhabited, twin: Inhabited | undefined): ParquetColumn[] {
  const { places, nodes } = n.lender
  const each = (of: (node: number) => number): Float64Array => Float64Array.from({ length: nodes }, (_, node) => of(node))
  const { table } = n.tally
  const columns: ParquetColumn[] = [
    { name: "node", type: "INTEGER", values: Int32Array.from({ length: nodes }, (_, node) => node) },
    { name: "lat_e7", type: "INTEGER", values: places.latE7 },
    { name: "lng_e7", type: "INTEGER", values: places.lngE7 },
  ]
  for (const type of DOMAINS) {
    const { of, names } = places.domains[type]
    columns.push({ name: toSnakeCase(type), type: "VARCHAR", values: Array.from(of, (i) => names[i]) })
  }
  columns.push(
    { name: "offered_milli", type: "BIGINT", values: each((node) => n.tally.totals(node).offered) },
    { name: "served_milli", type: "BIGINT", values: each((node) => n.tally.totals(node).served) },
    { name: "window_offered_milli", type: "BIGINT", values: table.windowOffered.slice(0, nodes) },
    { name: "window_served_milli", type: "BIGINT", values: table.windowServed.slice(0, nodes) },
    { name: "away_s", type: "BIGINT", values: table.awayS.slice(0, nodes) },
    { name: "down_s", type: "BIGINT", values: table.downS.slice(0, nodes) },
  )
  for (const [name, measure] of Object.entries(n.network.nodeMeasures)) {
    columns.push({ name: toSnakeCase(name), type: "BIGINT", values: each((node) => measure.of(n.machine.state, node)) })
    if (twin !== undefined)
      columns.push({
        name: `twin_${toSnakeCase(name)}`,
        type: "BIGINT",
        values: each((node) => measure.of(twin.machine.state, node)),
      })
  }
  return columns
}

export async function writeSweep(runDir: string, all: readonly Variant[]): Promise<void> {
  await writeSpread(runDir, all)
  // Regimes are no values of an axis: they have a table of their own.
  const variants = all.filter((v) => v.spread === undefined)
  if (variants.length === 0) return
  const rows = variants.flatMap((v) => v.results.map((r) => ({ v, r })))
  const text = (name: string, of: (row: (typeof rows)[number]) => string): ParquetColumn => ({
    name,
    type: "VARCHAR",
    values: rows.map(of),
  })
  const whole = (name: string, of: (row: (typeof rows)[number]) => number): ParquetColumn => ({
    name,
    type: "BIGINT",
    values: Float64Array.from(rows, of),
  })
  await writeParquet(join(runDir, "sweep.parquet"), [
    text("variant", ({ v }) => v.variant),
    text("axis", ({ v }) => v.axis),
    text("parameter", ({ v }) => v.parameter),
    whole("value", ({ v }) => v.value),
    text("network", ({ r }) => r.network),
    whole("window_offered_milli", ({ r }) => r.windowOfferedMilli ?? 0),
    whole("window_served_milli", ({ r }) => r.windowServedMilli ?? 0),
    whole("blast_radius_ppm", ({ r }) => r.blastRadiusPpm ?? 0),
    whole("lost_capacity_minutes_milli", ({ r }) => Math.round((r.lostCapacityMinutes ?? 0) * 1000)),
    whole("seed", ({ v }) => v.seed),
  ])
}

/** One row per regime, income and whether the timeline happened: who earns, and how evenly. */
async function writeSpread(runDir: string, variants: readonly Variant[]): Promise<void> {
  const rows = variants.flatMap((v) => (v.spread ?? []).map((s) => ({ v, s })))
  if (rows.length === 0) return
  const text = (name: string, of: (row: (typeof rows)[number]) => string): ParquetColumn => ({
    name,
    type: "VARCHAR",
    values: rows.map(of),
  })
  const whole = (name: string, of: (row: (typeof rows)[number]) => number): ParquetColumn => ({
    name,
    type: "BIGINT",
    values: Float64Array.from(rows, of),
  })
  await writeParquet(join(runDir, "spread.parquet"), [
    text("regime", ({ v }) => v.variant),
    whole("place", ({ v }) => v.value),
    text("network", ({ s }) => s.network),
    text("measure", ({ s }) => s.measure),
    text("part", ({ s }) => s.part),
    text("unit", ({ s }) => s.unit),
    whole("disturbed", ({ s }) => (s.isDisturbed ? 1 : 0)),
    whole("nodes", ({ s }) => s.nodes),
    whole("earners", ({ s }) => s.earners),
    whole("total", ({ s }) => s.total),
    whole("gini_ppm", ({ s }) => s.giniPpm),
    whole("top1_ppm", ({ s }) => s.top1Ppm),
    whole("top10_ppm", ({ s }) => s.top10Ppm),
  ])
}
