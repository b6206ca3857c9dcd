/** What browser.test.ts runs in each engine: a whole simulation from its JSON, and the header of every epoch. */
import { readScenario } from "../protocol/boundary/scenario.ts"
import type { Header } from "../protocol/kernel/log.ts"
import { plainHasher } from "./engine/hasher.ts"
import { resolve } from "./engine/resolve.ts"
import { Simulation } from "./engine/simulation.ts"
import { environment } from "./record/environment.ts"

/** Plays a scenario with the hasher a browser has, or with node:crypto's. */
export function play(scenario: unknown, hasher: "plain" | "node"): readonly Header[] {
  const sim = new Simulation(resolve(readScenario(scenario)), environment(hasher === "plain" ? { newHasher: plainHasher } : {}))
  const headers: Header[] = []
  while (!sim.done) headers.push(sim.tick().header!)
  return headers
}
