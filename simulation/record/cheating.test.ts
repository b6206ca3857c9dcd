/** What each rule takes from a cheater: the same world with it and without it, from the same day on, with the same luck. */
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, test } from "vitest"
import { resolve } from "../engine/resolve.ts"
import { Simulation } from "../engine/simulation.ts"
import { environment } from "./environment.ts"
import { loadScenario } from "./load.ts"

const FOLDER = fileURLToPath(new URL("../../scenarios/adversaries", import.meta.url))
const env = environment()

/** Mean income of a cheater at the end, for a thousand of an honest hotspot's. */
async function income(name: string, isRuled: boolean): Promise<number> {
  const plan = resolve(await loadScenario(join(FOLDER, `${name}.ts`)), { nodes: 1000 })
  const sim = new Simulation(isRuled ? plan : { ...plan, timeline: [] }, env)
  while (!sim.done) sim.tick()
  const epochs = sim.networks[0].epochs.rows as unknown as Record<string, Float64Array>
  return epochs.cheaterIncomePermille[sim.networks[0].epochs.rows.length - 1]
}

describe("income of a cheater for a thousand of an honest hotspot's, before a rule and with it", () => {
  /** Before, at least; with the rule, at most. Income counts from genesis, a day before the rule: so it never falls to nothing. */
  test.each([
    ["helium-ring", 400, 350],
    ["helium-spoof", 150, 150],
    ["helium-silent", 700, 300],
    ["helium-chatty", 1150, 1150],
    ["helium-milking", 8000, 4000],
  ])("%s", async (name, before, after) => {
    const [free, ruled] = [await income(name, false), await income(name, true)]
    expect(free).toBeGreaterThan(before)
    expect(ruled).toBeLessThan(after)
    expect(ruled).toBeLessThan(free)
  })
})
