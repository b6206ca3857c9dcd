/** Is everything that a scenario claims, sweeps and watches something that its run can answer? Better known before it than after. */
import { didYouMean, refuse } from "../../protocol/boundary/problem.ts"
import type { Claim, Scenario } from "../../protocol/boundary/scenario.ts"
import { nearest, problem } from "../../protocol/kernel/param.ts"
import type { Plan } from "./plan.ts"
import { permille, runningNetwork, secondsOf } from "./reading.ts"

/** Throws a ScenarioProblem for the first that is not. */
export function checkClaims(scenario: Scenario, plan: Plan): void {
  for (const [i, claim] of (scenario.expect ?? []).entries()) checkClaim(claim, `expect[${i}]`, scenario, plan)
}

function checkClaim(claim: Claim, place: string, scenario: Scenario, plan: Plan): void {
  if (claim.claim === "always") {
    const all = plan.networks.flatMap((n) => Object.keys(n.network.invariants))
    if (!all.includes(claim.invariant))
      refuse(
        `${place}: no network of this scenario has an invariant ${claim.invariant}${didYouMean(nearest(claim.invariant, all))}`,
      )
    return
  }
  runningNetwork(claim.network, place, plan.networks)
  if (claim.claim === "recovers") {
    const labels = plan.timeline.map((m) => m.label)
    if (!labels.includes(claim.of))
      refuse(
        `${place}: no moment of the timeline is called "${claim.of}"${didYouMean(
          nearest(
            claim.of,
            labels.map((l) => `"${l}"`),
          ),
        )}`,
      )
    secondsOf(claim.within, `${place}.within`, 1)
    if (scenario.incident === undefined)
      refuse(`${place}: recovery is counted from an onset, and the scenario has no incident: add one`)
    return
  }
  if (claim.during === "window" && scenario.incident === undefined)
    refuse(`${place} speaks of the window, and the scenario has no incident: say during "run", or add an incident`)
  if (claim.claim === "measures") {
    const { network } = runningNetwork(claim.network, place, plan.networks)
    const metrics = [...Object.keys(network.metrics), ...Object.keys(network.inhabit.observes ?? {})]
    if (!metrics.includes(claim.metric))
      refuse(`${place}: ${claim.network} has no metric ${claim.metric}${didYouMean(nearest(claim.metric, metrics))}`)
    if (claim.atLeast === undefined && claim.atMost === undefined)
      refuse(`${place}: a measure without a bound claims nothing: say atLeast or atMost, in the metric's unit`)
    return
  }
  if (claim.claim === "servesMoreThan") runningNetwork(claim.than, place, plan.networks)
  else permille(claim.atLeast, `${place}.atLeast`)
}

export function checkSweep(scenario: Scenario, plan: Plan): void {
  for (const [i, swept] of (scenario.sweep ?? []).entries()) {
    const place = `sweep[${i}] ("${swept.label}")`
    const { network, values } = runningNetwork(swept.network, place, plan.networks)
    if (scenario.incident === undefined)
      refuse(`${place}: a sweep is measured in the incident window, and the scenario has no incident: add one`)
    if (swept.values.length === 0) refuse(`${place}.values is empty: give the values to show the result over`)
    if (swept.axis === "preset") {
      const presets = Object.keys(network.presets)
      for (const value of swept.values)
        if (!presets.includes(value))
          refuse(`${place}.values: ${network.name} has no preset ${value}${didYouMean(nearest(value, presets), presets)}`)
      continue
    }
    if (swept.axis === "parameter") {
      for (const value of swept.values) {
        const wrong =
          problem(network.name, network.params, swept.parameter, value) ??
          network.coherent?.({ ...values, [swept.parameter]: value })
        if (wrong !== undefined) refuse(`${place}.values: ${wrong}`)
      }
      continue
    }
    if (!plan.dependencies.some((d) => d.network === network.name))
      refuse(`${place}: ${network.name} depends on nobody; say on whom in dependsOn.${network.name}`)
    for (const [j, value] of swept.values.entries()) permille(value, `${place}.values[${j}]`)
  }
}

/** Metrics are named "network.metric". */
export function checkWatch(scenario: Scenario, plan: Plan): void {
  for (const [i, watched] of (scenario.watch ?? []).entries()) {
    const [name] = watched.split(".", 1)
    const metric = watched.slice(name.length + 1)
    const { network } = runningNetwork(name, `watch[${i}]`, plan.networks)
    const { observes } = network.inhabit
    const metrics = [...Object.keys(network.metrics), ...Object.keys(observes ?? {})].map((m) => `${name}.${m}`)
    // Inhabitants may observe without declaring what; then a name cannot be called wrong.
    const isUnknown = !metrics.includes(watched) && (metric === "" || observes !== undefined)
    if (isUnknown) refuse(`watch[${i}]: there is no metric ${watched}${didYouMean(nearest(watched, metrics))}`)
  }
}
