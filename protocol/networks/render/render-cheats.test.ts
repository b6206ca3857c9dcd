/** Render's cheats: what noise and copies earn over sound work, and that checks and reputation take it from them. */
import { expect, test } from "vitest"
import { readScenario } from "../../boundary/scenario.ts"
import { days, scenario } from "../../../scenarios/vocabulary.ts"
import { resolve } from "../../../simulation/engine/resolve.ts"
import { Simulation } from "../../../simulation/engine/simulation.ts"
import { environment } from "../../../simulation/record/environment.ts"

const env = environment()

function lived(values: Record<string, number>, during = 15) {
  const draft = scenario({
    name: "render-cheats",
    question: "What do cheats earn?",
    begins: "2025-10-06T00:00:00Z",
    lasts: days(during),
    seed: 5,
    epoch: days(1),
    networks: { render: { nodes: 120, preset: "rnp-019-2025-07-28", change: { fakerPermille: 0, ...values } } },
  })
  const sim = new Simulation(resolve(readScenario(JSON.parse(JSON.stringify(draft)))), env)
  while (!sim.done) sim.tick()
  const rows = sim.networks[0].epochs.rows as unknown as Record<string, Float64Array> & { length: number }
  return (name: string): number => rows[name][rows.length - 1]
}

test("without cheats no frame is wrong and nobody is compared", () => {
  const last = lived({})
  expect(["cheaterIncomePermille", "frameWrong", "frameStolen"].map(last)).toEqual([0, 0, 0])
})
test("silence pays for noise: where nobody looks and nothing is checked it earns as much as work and saves the electricity", () => {
  const blind = { fakerPermille: 200, checkPermille: 0, silentArtistsPermille: 1000 }
  const paid = lived(blind)("cheaterIncomePermille")
  expect(paid).toBeGreaterThan(900)
  const looked = lived({ ...blind, silentArtistsPermille: 0 })("cheaterIncomePermille")
  const checked = lived({ ...blind, checkPermille: 900 })("cheaterIncomePermille")
  expect(looked).toBeLessThan(paid / 2)
  expect(checked).toBeLessThan(paid / 2)
})
test("copies need somebody to copy from, pass more often than noise, and are stopped by a check that knows them", () => {
  const theft = { thiefPermille: 200, silentArtistsPermille: 300 }
  const last = lived(theft)
  expect(last("frameStolen")).toBeGreaterThan(50)
  expect(last("frameStolen")).toBe(last("frameWrong"))
  expect(last("cheaterIncomePermille")).toBeGreaterThan(
    lived({ ...theft, thiefPermille: 0, fakerPermille: 200 })("cheaterIncomePermille"),
  )
  expect(lived({ ...theft, stolenCheckPermille: 1000 })("frameStolen")).toBe(0)
  // A job of one GPU has nobody else's frames until its node is gone.
  expect(lived({ ...theft, maxGpusPerJob: 1, framesPerMatch: 1000 })("frameStolen")).toBeLessThan(last("frameStolen"))
})
