/** What a scenario claims, sweeps and watches, with every name looked up: ready to be checked against a run. */
import { saySpan } from "../../protocol/boundary/instant.ts"
import { didYouMean, refuse } from "../../protocol/boundary/problem.ts"
import type { Claim, Scenario } from "../../protocol/boundary/scenario.ts"
import { nearest, problem } from "../../protocol/kernel/param.ts"
import type { Plan } from "./plan.ts"
import { permille, runningNetwork, secondsOf } from "./reading.ts"

/** A stretch of Unix seconds [from, to); undefined when the run stops before it. */
export type Stretch = { readonly from: number; readonly to: number } | undefined

/** `text` says the claim in words. */
export type PlannedClaim =
  | { readonly claim: "always"; readonly text: string; readonly invariant: string }
  | { readonly claim: "keeps" | "loses"; readonly text: string; readonly network: string; readonly permille: number; readonly stretch: Stretch }
  | { readonly claim: "recovers"; readonly text: string; readonly network: string; readonly withinS: number; readonly ofS: number }
  | { readonly claim: "servesMoreThan"; readonly text: string; readonly network: string; readonly than: string; readonly stretch: Stretch }

/** One variant a value. Shares are in permille, parameters in their own unit. */
export interface PlannedAxis {
  readonly axis: "nodesBehind" | "usersBehind" | "parameter"
  readonly network: string
  /** As it is recorded: "helium.nodesBehind", "helium.usersBehind" or "cdn.failingSharePermille". */
  readonly parameter: string
  readonly label: string
  readonly values: readonly number[]
}

export function resolveClaims(scenario: Scenario, plan: Plan): readonly PlannedClaim[] {
  return (scenario.expect ?? []).map((claim, i) => resolveClaim(claim, `expect[${i}]`, scenario, plan))
}

function resolveClaim(claim: Claim, place: string, scenario: Scenario, plan: Plan): PlannedClaim {
  const running = (name: string) => runningNetwork(name, place, plan.networks).network
  const stretch = (during: "window" | "run"): Stretch => {
    if (during === "run") return { from: plan.beginS, to: plan.endS }
    if (scenario.incident === undefined) refuse(`${place} speaks of the window, and the scenario has no incident: say during "run", or add an incident`)
    return plan.windowS
  }
  const when = (during: "window" | "run"): string => (during === "window" ? "in the incident window" : "over the whole run")
  switch (claim.claim) {
    case "always": {
      const all = plan.networks.flatMap((n) => Object.keys(n.network.invariants))
      if (!all.includes(claim.invariant)) refuse(`${place}: no network of this scenario has an invariant ${claim.invariant}${didYouMean(nearest(claim.invariant, all))}`)
      return { claim: "always", invariant: claim.invariant, text: `${claim.invariant} holds after every epoch` }
    }
    case "keeps":
    case "loses": {
      const { name, service } = running(claim.network)
      const share = permille(claim.atLeast, `${place}.atLeast`)
      const text = `${name} ${claim.claim === "keeps" ? "serves" : "loses"} at least ${share / 10}% of its ${service.unit}s ${when(claim.during)}`
      return { claim: claim.claim, network: name, permille: share, stretch: stretch(claim.during), text }
    }
    case "recovers": {
      const { name } = running(claim.network)
      const labels = plan.timeline.map((m) => m.label)
      const moment = plan.timeline.find((m) => m.label === claim.of) ?? refuse(`${place}: no moment of the timeline is called "${claim.of}"${didYouMean(nearest(claim.of, labels))}`)
      const withinS = secondsOf(claim.within, `${place}.within`, 1)
      return { claim: "recovers", network: name, withinS, ofS: moment.atS, text: `${name} recovers within ${saySpan(withinS)} of "${claim.of}"` }
    }
    case "servesMoreThan": {
      const [name, than] = [running(claim.network).name, running(claim.than).name]
      return { claim: "servesMoreThan", network: name, than, stretch: stretch(claim.during), text: `${name} serves a larger share of what it is asked than ${than} ${when(claim.during)}` }
    }
  }
}

export function resolveSweep(scenario: Scenario, plan: Plan): readonly PlannedAxis[] {
  return (scenario.sweep ?? []).map((swept, i): PlannedAxis => {
    const place = `sweep[${i}] ("${swept.label}")`
    const { network } = runningNetwork(swept.network, place, plan.networks)
    if (swept.values.length === 0) refuse(`${place}.values is empty: give the values to show the result over`)
    const base = { axis: swept.axis, network: network.name, label: swept.label }
    if (swept.axis === "parameter") {
      for (const value of swept.values) {
        const wrong = problem(network.name, network.params, swept.parameter, value) ?? network.coherent?.({ ...valuesOf(plan, network.name), [swept.parameter]: value })
        if (wrong !== undefined) refuse(`${place}.values: ${wrong}`)
      }
      return { ...base, parameter: `${network.name}.${swept.parameter}`, values: swept.values }
    }
    if (!plan.dependencies.some((d) => d.network === network.name)) refuse(`${place}: ${network.name} depends on nobody; say on whom in dependsOn.${network.name}`)
    return { ...base, parameter: `${network.name}.${swept.axis}`, values: swept.values.map((v, j) => permille(v, `${place}.values[${j}]`)) }
  })
}

const valuesOf = (plan: Plan, name: string) => plan.networks.find((n) => n.network.name === name)!.values

/** "network.metric" as it is recorded. */
export function resolveWatch(scenario: Scenario, plan: Plan): readonly { readonly network: string; readonly metric: string }[] {
  return (scenario.watch ?? []).map((watched, i) => {
    const place = `watch[${i}]`
    const dot = watched.indexOf(".")
    const { network } = runningNetwork(dot < 0 ? watched : watched.slice(0, dot), place, plan.networks)
    const metric = dot < 0 ? "" : watched.slice(dot + 1)
    const metrics = [...Object.keys(network.metrics), ...Object.keys(network.inhabit.observes ?? {})]
    // What inhabitants observe without declaring it is recorded too, so only an undeclared observer makes a name uncheckable.
    if (!metrics.includes(metric) && network.inhabit.observes !== undefined) refuse(`${place}: ${network.name} records no metric ${metric || "(none named)"}${didYouMean(nearest(metric, metrics))}`)
    return { network: network.name, metric }
  })
}
