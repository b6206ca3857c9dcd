/** The power cut of the catalogue, with fewer providers: its claims hold, and its report shows what it is about. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, expect, test } from "vitest"
import { resolve } from "../simulation/engine/resolve.ts"
import { loadScenario } from "../simulation/record/load.ts"
import { query } from "../simulation/record/query.ts"
import { startRun, type RunResult } from "../simulation/record/run.ts"

const NODES = 800
const dir = mkdtempSync(join(tmpdir(), "blackstart-power-cut-"))
let result: RunResult

beforeAll(async () => {
  const full = await loadScenario(fileURLToPath(new URL("./outages/filecoin-power-cut.ts", import.meta.url)))
  const [copies] = full.sweep!
  const scenario = {
    ...full,
    sweep: [{ ...copies, values: [1, 3] } as typeof copies],
    networks: { filecoin: { ...full.networks.filecoin, nodes: NODES } },
  }
  const options = { log: "epochs", commit: "", version: "test", reproduce: "npm test", report: true } as const
  result = await startRun(scenario, resolve(scenario), { ...options, outDir: join(dir, "run") })
}, 120_000)
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const ask = async (sql: string): Promise<readonly number[]> => (await query(join(dir, "run"), sql)).rows[0].map(Number)

test("every claim holds", () => {
  expect(result.claims.filter((c) => !c.holds)).toEqual([])
  expect(result.claims.length).toBeGreaterThan(5)
})

test("power leaves a forty-eighth at a time: no half hour takes more than what is away, and none of it comes at once", async () => {
  const [steps, largest, away] = await ask(`with t as (
      select end_s, sectors_away / 1e6 as away, power_qa, lag(power_qa) over (order by end_s) as before,
             first_value(power_qa) over (order by end_s) as whole from epochs_filecoin)
    select count(*) filter (where power_qa < before), max((before - power_qa) / whole), max(away)
    from t where end_s > (select min(end_s) + 86400 - 1800 from t) and end_s <= (select min(end_s) + 2 * 86400 from t)`)
  expect(steps).toBeGreaterThanOrEqual(48)
  // Sizes differ, so a step is not exactly a forty-eighth of what is away; it is never twice that.
  expect(largest).toBeLessThan((2 * away) / 48)
})

test("the first day of a cut costs no fault fee, the hours after it do; nobody who stayed pays", async () => {
  // Seconds from onset to the begin of the half hour; onset is a day after the run's begin, where the first one ends 1,800 s later.
  const since = "end_s::BIGINT - (select min(end_s)::BIGINT + 86400 from epochs_filecoin)"
  const [day, later] = await ask(`select sum(fee_fault) filter (where ${since} >= 0 and ${since} < 86400 - 1800),
    sum(fee_fault) filter (where ${since} >= 86400 and ${since} < 30 * 3600) from epochs_filecoin`)
  expect(later).toBeGreaterThan(100 * day)
  const [away, stayed] = await ask(`select sum(burnt_micro_fil + owed_micro_fil - twin_burnt_micro_fil - twin_owed_micro_fil)
      filter (where away_s > 0), sum(burnt_micro_fil + owed_micro_fil - twin_burnt_micro_fil - twin_owed_micro_fil) filter (where away_s = 0)
    from nodes_filecoin`)
  expect(Math.abs(stayed)).toBeLessThan(away / 1000)
})

test("a sweep of what is set when a run begins begins anew: more copies, fewer retrievals lost", async () => {
  const [one, three] =
    await ask(`select max(window_served_milli) filter (where value = 1), max(window_served_milli) filter (where value = 3)
    from sweep where parameter = 'filecoin.replicas'`)
  const [run] = await ask("select max(window_served_milli) from sweep where parameter = 'seed' and value = 0")
  expect(one).toBeLessThan(three)
  // The run itself has three copies: begun anew it is the same.
  expect(three).toBe(run)
})

test("the report draws what the network declares", () => {
  const text = readFileSync(result.reportPath!, "utf8")
  expect(text).toMatch(/<h2>Quality-adjusted power fell by [\d.]+%, but took \d+\u00a0h to do so/)
  expect(text).toMatch(/<h2>Fault fees make up [\d.]+% of [\d,]+ FIL in missed rewards and fees since onset/)
  expect(text).toMatch(/<h2>\d+ storage providers that went away paid for it/)
  expect(text).toMatch(/<h2>Storage providers that were away got [\d.]+% less in block rewards on average/)
  expect(text).toMatch(/<h2>Finality \(F3\) behind the head was at most \d+ epochs/)
  expect(text).not.toMatch(/NaN|undefined|\[object/)
})
