/** Is everything that a scenario claims, sweeps and watches something that its run can answer? Better known before it than after. */
import { didYouMean, refuse } from "../../protocol/boundary/problem.ts"
import type { Claim, Scenario } from "../../protocol/boundary/scenario.ts"
import { nearest, problem } from "../../protocol/kernel/param.ts"
import { deepestOf } from "./depth.ts"
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
  if (claim.claim === "reads" || claim.claim === "stands") {
    const kind = kindOf(claim.metric, place, plan)
    if (claim.claim === "reads") checkReading(claim, kind, place, scenario)
    else checkStanding(claim, kind, place, scenario)
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
  if (claim.claim === "servesMoreThan") runningNetwork(claim.than, place, plan.networks)
  else permille(claim.atLeast, `${place}.atLeast`)
}

/** Whether "network.metric" counts or stands; what is observed is as it stands. Refuses a name that nobody records. */
function kindOf(claimed: string, place: string, plan: Plan): "counter" | "gauge" {
  const [name] = claimed.split(".", 1)
  const metric = claimed.slice(name.length + 1)
  const { network } = runningNetwork(name, place, plan.networks)
  const names = [...Object.keys(network.metrics), ...Object.keys(network.inhabit.observes ?? {})]
  if (!names.includes(metric))
    refuse(
      `${place}: there is no metric ${claimed}${didYouMean(
        nearest(
          claimed,
          names.map((m) => `${name}.${m}`),
        ),
      )}`,
    )
  return network.metrics[metric]?.kind ?? "gauge"
}

function checkReading(
  claim: Extract<Claim, { claim: "reads" }>,
  kind: "counter" | "gauge",
  place: string,
  scenario: Scenario,
): void {
  if (claim.figure === "total" && kind !== "counter")
    refuse(`${place}: ${claim.metric} is a gauge, and only a counter adds up: say "highest" or "lowest"`)
  if (claim.atLeast === undefined && claim.atMost === undefined)
    refuse(`${place}: ${claim.metric} has no bound: give atLeast, atMost or both`)
  if (claim.during === "window" && scenario.incident === undefined)
    refuse(`${place} speaks of the window, and the scenario has no incident: say during "run", or add an incident`)
}

function checkStanding(
  claim: Extract<Claim, { claim: "stands" }>,
  kind: "counter" | "gauge",
  place: string,
  scenario: Scenario,
): void {
  if (kind !== "gauge") refuse(`${place}: ${claim.metric} is a counter, and only a gauge stands: claim what it reads in total`)
  secondsOf(claim.after, `${place}.after`, 1)
  const [low, high] = [permille(claim.atLeast, `${place}.atLeast`), permille(claim.atMost, `${place}.atMost`)]
  if (low > high) refuse(`${place}: atLeast is ${low} permille, which is more than atMost, ${high}: no figure could lie between`)
  if (scenario.incident === undefined)
    refuse(`${place}: what stands is compared with what stood at onset, and the scenario has no incident: add one`)
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
    if (swept.axis === "depth") {
      for (const [j, value] of swept.values.entries()) permille(value, `${place}.values[${j}]`)
      if (deepestOf(plan.timeline, network.name) === 0)
        refuse(`${place}: nothing hinders or degrades ${network.name}, so there is no depth to vary`)
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
