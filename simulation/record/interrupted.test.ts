/** What was found by reading and mended late: a stop after the run itself, an onset inside an epoch, an upgrade nobody runs yet. */
import { existsSync } from "node:fs"
import { join } from "node:path"
import { afterAll, expect, test } from "vitest"
import { resolve } from "../engine/resolve.ts"
import { environment } from "./environment.ts"
import { resumeRun } from "./run.ts"
import { about, runsFolder } from "./small-runs.ts"
import { small } from "./small-scenario.ts"

const runs = runsFolder()
afterAll(runs.clear)

test("a stop while variants are worked out leaves a run that resumes to the same hashes and tables", async () => {
  const whole = await runs.start(small())
  const control = new AbortController()
  const stopped = await runs.start(small(), {
    report: true,
    signal: control.signal,
    onProgress: (p) => void (p.stage !== "simulating" && control.abort()),
  })
  expect([stopped.status, stopped.reportPath]).toEqual(["stopped", null])
  const resumed = await resumeRun(stopped.runDir, { ...about, report: true })
  expect([resumed.status, resumed.logHash, resumed.stateHash]).toEqual(["complete", whole.logHash, whole.stateHash])
  expect(["sweep.parquet", "report.html"].map((name) => existsSync(join(stopped.runDir, name)))).toEqual([true, true])
})

test("an onset inside an epoch ends it, so that no epoch is half inside the window", async () => {
  const incident = { onset: "2025-11-18T06:30:21Z", mainRecovery: "2025-11-18T07:30:40Z" }
  const { results } = await runs.start(small({ incident, timeline: [] }))
  const helium = results.find((r) => r.network === "helium")!
  const quarter = await runs.start(small({ incident, timeline: [], fine: [] }))
  // Coarse epochs and fine ones answer about the very same seconds.
  expect(helium.windowOfferedMilli).toBe(quarter.results.find((r) => r.network === "helium")!.windowOfferedMilli)
})

test("a version that none of a small sample runs can still be installed", () => {
  const env = environment()
  const { names } = env.site("residential", 7, 3, resolve(small())).places.domains.client
  const { names: all } = env.site("residential", 7, 3000, resolve(small())).places.domains.client
  expect(names.toSorted()).toEqual(all.toSorted())
})
