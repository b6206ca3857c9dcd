/** A plan from a scenario, as a page has it: one of the registered networks' or one of the laboratory's own economy. */
import { readScenario, type Scenario } from "../protocol/boundary/scenario.ts"
import { tickEnd } from "../protocol/kernel/clock.ts"
import { resolve } from "../simulation/engine/resolve.ts"
import type { Plan } from "../simulation/engine/plan.ts"
import { ECONOMY, planEconomy } from "./economy/plan.ts"

export interface Planned {
  readonly scenario: Scenario
  readonly plan: Plan
}

/** Throws a ScenarioProblem with one sentence. */
export function planOf(data: unknown): Planned {
  const scenario = readScenario(data)
  const names = Object.keys(scenario.networks)
  return { scenario, plan: names.includes(ECONOMY) ? planEconomy(scenario) : resolve(scenario) }
}

/** How many epochs a plan has: the same cuts as the tick loop's. */
export function countEpochs({ beginS, endS, everySeconds, windows, windowS }: Plan): number {
  let count = 0
  for (let at = beginS; at < endS; count++)
    at = tickEnd(at, endS, everySeconds, windows, [], windowS === undefined ? [] : [windowS.from, windowS.to])
  return count
}
