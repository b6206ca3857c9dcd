/** The recorded tables: what a report may ask of them, and that they say the same as the run's result. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { DOMAINS } from "../../protocol/boundary/scenario.ts"
import { networks } from "../../protocol/networks/index.ts"
import { toSnakeCase } from "./parquet.ts"
import { openRun } from "./query.ts"
import type { RunResult } from "./run.ts"
import { runsFolder } from "./small-runs.ts"
import { small } from "./small-scenario.ts"

const runs = runsFolder()
afterAll(runs.clear)

let reported: RunResult
let bare: RunResult
let ask: (sql: string) => Promise<readonly (readonly unknown[])[]>
let columnsOf: (table: string) => Promise<readonly string[]>
let close: () => void
beforeAll(async () => {
  reported = await runs.start(small(), { report: true })
  bare = await runs.start(small())
  const run = await openRun(reported.runDir)
  ask = async (sql) => (await run.query(sql)).rows
  columnsOf = async (table) => (await run.query(`select * from ${table} limit 0`)).columns
  close = () => run.close()
})
afterAll(() => close())

describe("epochs", () => {
  test("one row an epoch, in order, and they add up to the result", async () => {
    for (const { network, offeredMilli, servedMilli, degradedMilli } of reported.results) {
      // oxlint-disable-next-line no-await-in-loop
      const [row] = await ask(
        `select count(*), min(epoch), max(epoch), sum(seconds), sum(offered_milli), sum(served_milli), sum(degraded_milli) from epochs_${network}`,
      )
      expect(row.map(Number)).toEqual([
        reported.epochs,
        0,
        reported.epochs - 1,
        30 * 3600,
        offeredMilli,
        servedMilli,
        degradedMilli,
      ])
      // oxlint-disable-next-line no-await-in-loop
      expect(
        await ask(`select count(*) from epochs_${network} where served_milli > offered_milli or degraded_milli > served_milli`),
      ).toEqual([[0]])
    }
  })

  test("every metric of a network is a column", async () => {
    for (const name of ["cdn", "helium"] as const)
      // oxlint-disable-next-line no-await-in-loop
      expect(await columnsOf(`epochs_${name}`)).toEqual(
        expect.arrayContaining(Object.keys(networks[name].metrics).map(toSnakeCase)),
      )
  })

  test("the nodes that run are those that were not stopped", async () => {
    const [[least, most]] = await ask("select min(running), max(running) from epochs_helium")
    expect(most).toBe(300)
    // A tenth of the hotspots stop for an hour and a half.
    expect(Number(least)).toBeLessThan(285)
    expect(Number(least)).toBeGreaterThan(250)
  })
})

describe("nodes", () => {
  test("one row a node, with its place, its failure domains and what its neighbourhood got", async () => {
    const columns = await columnsOf("nodes_helium")
    expect(columns).toEqual(
      expect.arrayContaining(["node", "lat_e7", "lng_e7", ...DOMAINS.map(toSnakeCase), "window_offered_milli", "down_s"]),
    )
    const { offeredMilli, servedMilli, windowOfferedMilli, windowServedMilli } = reported.results.find(
      (r) => r.network === "helium",
    )!
    const [row] = await ask(
      "select count(distinct node), sum(offered_milli), sum(served_milli), sum(window_offered_milli), sum(window_served_milli) from nodes_helium",
    )
    expect(row.map(Number)).toEqual([300, offeredMilli, servedMilli, windowOfferedMilli, windowServedMilli])
  })

  test("down seconds are those of the nodes that were stopped", async () => {
    const rows = await ask("select distinct down_s from nodes_helium order by 1")
    expect(rows).toEqual([[0], [90 * 60]])
  })

  test("the twin's measures stand beside the run's own, where there is a twin", async () => {
    const measures = Object.keys(networks.helium.nodeMeasures).map(toSnakeCase)
    const columns = await columnsOf("nodes_helium")
    for (const measure of measures) {
      expect(columns).toContain(measure)
      expect(columns.indexOf(`twin_${measure}`)).toBe(columns.indexOf(measure) + 1)
    }
    const earned = measures.find((m) => m.startsWith("earned"))!
    const [[own, twin]] = await ask(`select sum(${earned}), sum(twin_${earned}) from nodes_helium`)
    expect(Number(twin)).toBeGreaterThan(0)
    expect(own).not.toBe(twin)

    const without = await openRun(bare.runDir)
    expect((await without.query("select * from nodes_helium limit 0")).columns.filter((c) => c.startsWith("twin_"))).toEqual([])
    without.close()
  })
})

describe("sweep", () => {
  test("one row a variant and network, with the axis, the value and what was served", async () => {
    expect(await columnsOf("sweep")).toEqual([
      "variant",
      "axis",
      "parameter",
      "value",
      "network",
      "window_offered_milli",
      "window_served_milli",
      "blast_radius_ppm",
      "lost_capacity_minutes_milli",
      "seed",
    ])
    expect(
      await ask(
        "select axis, parameter, count(*), count(distinct value), count(distinct network) from sweep group by all order by 1",
      ),
    ).toEqual([
      ["seed", "seed", 10, 5, 2],
      ["share of hotspots behind the provider", "helium.nodesBehind", 6, 3, 2],
      ["share of requests that fail", "cdn.failingSharePermille", 4, 2, 2],
    ])
    expect(await ask("select distinct seed from sweep order by 1")).toEqual([[7], [8], [9], [10], [11]])
  })

  test("luck 0 is the run itself; other luck is other", async () => {
    const luck = await ask(
      "select value, network, window_offered_milli, window_served_milli from sweep where axis = 'seed' order by 1, 2",
    )
    expect(luck.slice(0, 2).map((r) => r.slice(1))).toEqual(
      reported.results
        .map((r) => [r.network, r.windowOfferedMilli, r.windowServedMilli])
        .sort((a, b) => (a[0]! < b[0]! ? -1 : 1)),
    )
    expect(new Set(luck.filter((r) => r[1] === "helium").map((r) => r[3])).size).toBe(5)
  })

  test("no sweep without a report", async () => {
    const without = await openRun(bare.runDir)
    await expect(without.query("from sweep")).rejects.toThrow(/there is no table sweep in this run/)
    without.close()
  })
})

test("the report's summary names what was lost, and whom the incident cost", () => {
  const text = reported.summary.join("\n")
  expect(text).toMatch(
    /^cdn: users lost \d+\.\d\d % of requests between onset and main recovery, at worst \d+\.\d\d %; [\d.]+ minutes of its whole capacity in all\. It noticed after \d+ min\./,
  )
  expect(text).toMatch(/helium: \d+ hotspots earned less than without the incident, [\d,]+ bones in all\./)
  expect(readFileSync(join(reported.runDir, "run.json"), "utf8")).toContain(reported.summary[0])
})
