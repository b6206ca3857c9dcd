/** A record's published steps beside the measured course of the plane it speaks of, for a report to draw. */
import { parseInstant, spanSeconds } from "../../protocol/boundary/instant.ts"
import { permilleOf, type Plane, type Scenario } from "../../protocol/boundary/scenario.ts"
import type { Plan } from "../engine/plan.ts"
import type { Simulation } from "../engine/simulation.ts"
import { courseMeasured, timesMeasured, type Left, type Times } from "../library/measured.ts"

export interface Comparison {
  readonly network: string
  readonly plane: Plane
  readonly isFocused: boolean
  readonly steps: readonly { readonly atS: number; readonly phase: string; readonly what: string; readonly left?: number }[]
  readonly course: readonly Left[]
  readonly times: Times
}

/** Empty where the scenario keeps no published steps, or the run stopped before the onset. */
export function compare(scenario: Scenario, plan: Plan, sim: Simulation): { readonly comparison?: Comparison } {
  const { incident } = scenario
  if (incident?.published === undefined || incident.network === undefined || plan.windowS === undefined) return {}
  const victim = sim.networks.find((n) => n.name === incident.network)!
  const course = courseMeasured(scenario, plan, victim)
  return {
    comparison: {
      network: victim.name,
      plane: incident.plane ?? "service",
      isFocused: incident.focus !== undefined,
      steps: incident.published.map(({ at, phase, what, served }) => ({
        atS: typeof at === "string" ? parseInstant(at)! : plan.beginS + spanSeconds(at)!,
        phase,
        what,
        ...(served === undefined ? {} : { left: permilleOf(served)! / 1000 }),
      })),
      course,
      times: timesMeasured(scenario, plan, victim, course),
    },
  }
}
