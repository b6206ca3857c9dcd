/** A plan of the economy from an ordinary scenario: the same checks as for a registered network, said the same way. */
import { parseInstant, sayInstant } from "../../protocol/boundary/instant.ts"
import { didYouMean, refuse } from "../../protocol/boundary/problem.ts"
import type { Scenario } from "../../protocol/boundary/scenario.ts"
import type { AnyNetwork } from "../../protocol/kernel/network.ts"
import { nearest, problem, resolve } from "../../protocol/kernel/param.ts"
import type { Plan } from "../../simulation/engine/plan.ts"
import { instantOf, secondsOf, type Reading } from "../../simulation/engine/reading.ts"
import { resolveTimeline } from "../../simulation/engine/resolve-timeline.ts"
import { speaksOfPlight } from "../../simulation/faults/plight.ts"
import { economy } from "./economy.ts"

/** Its name in a scenario. `blackstart run` does not know it: it is nobody's network. */
export const ECONOMY = "economy"

/** Throws a ScenarioProblem with one sentence. */
export function planEconomy(scenario: Scenario): Plan {
  const names = Object.keys(scenario.networks)
  if (names.length > 1)
    refuse(`networks: the economy stands alone; ${names.filter((n) => n !== ECONOMY).join(" and ")} cannot run beside it`)
  const { nodes, preset = economy.defaultPreset, change = {} } = scenario.networks[ECONOMY]
  const presets = Object.keys(economy.presets)
  if (!presets.includes(preset))
    refuse(`networks.economy.preset: economy has no preset ${preset}${didYouMean(nearest(preset, presets), presets)}`)
  for (const [name, value] of Object.entries(change)) {
    const wrong = problem(ECONOMY, economy.params, name, value)
    if (wrong !== undefined) refuse(`networks.economy.change: ${wrong}`)
  }
  const values = resolve(ECONOMY, economy.params, economy.presets[preset], change)
  const incoherent = economy.coherent?.(values)
  if (incoherent !== undefined) refuse(`networks.economy.change: ${incoherent}`)
  const beginS =
    parseInstant(scenario.begins) ??
    refuse(`begins is ${JSON.stringify(scenario.begins)}: write a time in UTC such as "2025-11-15T00:00:00Z"`)
  const lastS = beginS + secondsOf(scenario.lasts, "lasts", 1)
  const networks = [{ network: economy as AnyNetwork, nodes, preset, values }]
  const reading: Reading = { scenario, beginS, lastS, networks }
  const endS = scenario.until === undefined ? lastS : instantOf(scenario.until, "until", reading)
  if (endS <= beginS) refuse(`until is ${sayInstant(endS)}, which is when the scenario begins: stop later`)
  const timeline = resolveTimeline(reading)
  return {
    seed: scenario.seed,
    beginS,
    endS,
    everySeconds: secondsOf(scenario.epoch, "epoch", 1),
    windows: [],
    networks,
    dependencies: [],
    timeline,
    ...(speaksOfPlight(timeline) ? { hasPlight: true as const } : {}),
    calendar: "2025-11-18",
  }
}
