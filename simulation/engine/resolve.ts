/**
 * A scenario becomes a plan: names are looked up, times become seconds, and whatever does not fit is one sentence that names
 * the thing, its place in the scenario, and the way out.
 */
import { parseInstant, sayInstant } from "../../protocol/boundary/instant.ts"
import { didYouMean, refuse } from "../../protocol/boundary/problem.ts"
import type { Scenario } from "../../protocol/boundary/scenario.ts"
import type { Resolution } from "../../protocol/kernel/clock.ts"
import type { AnyNetwork } from "../../protocol/kernel/network.ts"
import { nearest, problem, resolve as resolveValues } from "../../protocol/kernel/param.ts"
import { networkNames, networkOf } from "../../protocol/networks/index.ts"
import { speaksOfPlight } from "../faults/plight.ts"
import { checkClaims, checkSweep, checkWatch } from "./check-claims.ts"
import { override, type Overrides } from "./override.ts"
import type { Dependency, Plan, PlannedNetwork } from "./plan.ts"
import { instantOf, permille, runningNetwork, secondsOf, type Reading } from "./reading.ts"
import { resolveTimeline, resolveWhere } from "./resolve-timeline.ts"

/** The two days the world's table of UTC offsets holds. */
const CALENDARS = ["2025-04-28", "2025-11-18"] as const

/** The plan of a scenario, with what a command line changes. Throws a ScenarioProblem. */
export function resolve(written: Scenario, overrides: Overrides = {}): Plan {
  const { scenario } = override(written, overrides)
  const beginS =
    parseInstant(scenario.begins) ??
    refuse(`begins is ${JSON.stringify(scenario.begins)}: write a time in UTC such as "2025-11-15T00:00:00Z"`)
  const lastS = beginS + secondsOf(scenario.lasts, "lasts", 1)
  const networks = inOrder(resolveNetworks(scenario), scenario)
  const reading: Reading = { scenario, beginS, lastS, networks }
  const endS = scenario.until === undefined ? lastS : instantOf(scenario.until, "until", reading)
  if (endS <= beginS)
    refuse(
      `until is ${sayInstant(endS)}, which is when the scenario begins: stop after ${sayInstant(beginS)} and by ${sayInstant(lastS)}`,
    )
  const incident = resolveIncident(reading)
  const timeline = resolveTimeline(reading)
  const plan: Plan = {
    seed: scenario.seed,
    beginS,
    endS,
    everySeconds: secondsOf(scenario.epoch, "epoch", 1),
    windows: resolveWindows(reading),
    networks,
    dependencies: resolveDependencies(scenario),
    timeline,
    ...(speaksOfPlight(timeline) ? { hasPlight: true as const } : {}),
    ...resolveFocus(reading),
    calendar: nearestCalendar(beginS),
    // A run that stops before the onset has no window to answer about.
    ...(incident === undefined || incident.from >= endS
      ? {}
      : { windowS: { from: incident.from, to: Math.min(incident.to, endS) } }),
  }
  checkClaims(scenario, plan)
  checkSweep(scenario, plan)
  checkWatch(scenario, plan)
  return plan
}

function resolveNetworks(scenario: Scenario): readonly PlannedNetwork[] {
  const all = Object.entries(scenario.networks)
  if (all.length === 0) refuse(`networks is empty: name at least one of ${networkNames.join(", ")}`)
  return all.map(([name, { nodes, preset, change = {} }]) => {
    const place = `networks.${name}`
    const network =
      networkOf(name) ?? refuse(`${place}: there is no network ${name}${didYouMean(nearest(name, networkNames), networkNames)}`)
    const regime = preset ?? network.defaultPreset
    const presets = Object.keys(network.presets)
    if (!presets.includes(regime))
      refuse(`${place}.preset: ${name} has no preset ${regime}${didYouMean(nearest(regime, presets), presets)}`)
    for (const [parameter, value] of Object.entries(change)) {
      const wrong = problem(name, network.params, parameter, value)
      if (wrong !== undefined) refuse(`${place}.change: ${wrong}`)
    }
    const values = resolveValues(name, network.params, network.presets[regime], change)
    const incoherent = network.coherent?.(values)
    if (incoherent !== undefined) refuse(`${place}.change: ${incoherent}`)
    return { network: network as AnyNetwork, nodes, preset: regime, values }
  })
}

/** A provider before those who depend on it; otherwise as written. */
function inOrder(networks: readonly PlannedNetwork[], scenario: Scenario): readonly PlannedNetwork[] {
  const ordered: PlannedNetwork[] = []
  const visit = (n: PlannedNetwork, on: readonly string[]): void => {
    const { name } = n.network
    if (on.includes(name))
      refuse(`dependsOn goes round in a circle: ${[...on, name].join(" on ")}; a provider cannot depend on its own dependants`)
    if (ordered.includes(n)) return
    const dependency = scenario.dependsOn?.[name]
    if (dependency !== undefined) visit(runningNetwork(dependency.on, `dependsOn.${name}.on`, networks), [...on, name])
    ordered.push(n)
  }
  for (const name of Object.keys(scenario.dependsOn ?? {})) runningNetwork(name, `dependsOn.${name}`, networks)
  for (const n of networks) visit(n, [])
  return ordered
}

const resolveDependencies = (scenario: Scenario): readonly Dependency[] =>
  Object.entries(scenario.dependsOn ?? {}).map(([network, { on, nodes, users }]) => ({
    network,
    on,
    nodesPermille: permille(nodes, `dependsOn.${network}.nodes`),
    usersPermille: permille(users, `dependsOn.${network}.users`),
  }))

function resolveWindows(reading: Reading): readonly Resolution[] {
  return (reading.scenario.fine ?? []).map(({ from, to, every }, i) => {
    const window = {
      fromS: instantOf(from, `fine[${i}].from`, reading),
      toS: instantOf(to, `fine[${i}].to`, reading),
      everySeconds: secondsOf(every, `fine[${i}].every`, 1),
    }
    if (window.toS <= window.fromS)
      refuse(`fine[${i}] ends at ${sayInstant(window.toS)}, no later than it begins: let to come after from`)
    return window
  })
}

/** Onset and main recovery; without one, the full recovery or the end. */
function resolveIncident(reading: Reading): { readonly from: number; readonly to: number } | undefined {
  const { incident } = reading.scenario
  if (incident === undefined) return undefined
  if (incident.network !== undefined) runningNetwork(incident.network, "incident.network", reading.networks)
  for (const [i, step] of (incident.published ?? []).entries()) {
    instantOf(step.at, `incident.published[${i}].at`, reading)
    if (step.served !== undefined) permille(step.served, `incident.published[${i}].served`)
  }
  const from = instantOf(incident.onset, "incident.onset", reading)
  const full =
    incident.fullRecovery === undefined ? reading.lastS : instantOf(incident.fullRecovery, "incident.fullRecovery", reading)
  const to = incident.mainRecovery === undefined ? full : instantOf(incident.mainRecovery, "incident.mainRecovery", reading)
  if (to <= from || full < to)
    refuse(
      `incident: onset, mainRecovery and fullRecovery must follow each other; they are ${[from, to, full].map(sayInstant).join(", ")}`,
    )
  return { from, to }
}

/** Places whose nodes are recorded by themselves. */
function resolveFocus(reading: Reading): Pick<Plan, "focus"> {
  const focus = reading.scenario.incident?.focus
  if (focus === undefined) return {}
  const place = "incident.focus"
  const planned = runningNetwork(focus.network, place, reading.networks)
  if (focus.where.length === 0) refuse(`${place}.where is empty: name a place, or leave focus out`)
  const where = focus.where.map((w, i) => resolveWhere(w, planned, `${place}.where[${i}]`, reading))
  return { focus: { network: focus.network, where } }
}

const nearestCalendar = (beginS: number): Plan["calendar"] => {
  const away = (day: string): number => Math.abs(beginS - parseInstant(day)!)
  return CALENDARS.reduce((best, day) => (away(day) < away(best) ? day : best))
}
