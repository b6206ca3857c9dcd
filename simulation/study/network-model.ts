/** A scenario as the base of a study: its parameters, sizes, presets and dependencies vary, and its metrics are measured. */
import { sayInstant } from "../../protocol/boundary/instant.ts"
import { didYouMean, refuse, ScenarioProblem } from "../../protocol/boundary/problem.ts"
import { permilleOf, readScenario, type Instant, type Scenario } from "../../protocol/boundary/scenario.ts"
import type { Measure } from "../../protocol/boundary/study.ts"
import { nearest, problem, type Param } from "../../protocol/kernel/param.ts"
import type { Plan, PlannedNetwork } from "../engine/plan.ts"
import { instantOf } from "../engine/reading.ts"
import { resolve } from "../engine/resolve.ts"
import { canonical, digest, type NetworkJob } from "./job.ts"
import { unknown, type Model, type Recorded, type Value, type Variable } from "./model.ts"

const SIZES: readonly [number, number] = [1, 1_000_000]
const SHARES: readonly [number, number] = [0, 1000]

export interface NetworkModelOptions {
  readonly name: string
  readonly scenario: Scenario
  readonly measure: Readonly<Record<string, Measure>>
  readonly code: string
  readonly fork: Instant | undefined
}

/** Throws a ScenarioProblem when the scenario cannot be run, or has no such moment to fork at. */
export function networkModel({ name, scenario, measure, code, fork }: NetworkModelOptions): Model {
  const plan = resolve(scenario)
  const bare = withoutWords(scenario)
  const forkS = fork === undefined ? undefined : forkOf(fork, scenario, plan)
  const history = forkS === undefined ? "" : digest(canonical({ code, scenario: { ...bare, seed: 0 }, forkS }))
  return {
    kind: "network",
    name,
    data: { scenario },
    variable: (variable, place) => variableOf(variable, `${place}: `, scenario, plan, forkS !== undefined),
    recorded: (m, place) => recordedOf(m, place, plan),
    job(values, response, seed) {
      let s: Scenario = { ...bare, seed }
      const timeline: unknown[] = [...(s.timeline ?? [])]
      for (const [variable, value] of Object.entries(values)) {
        const [network, what, which] = variable.split(".")
        const own = s.networks[network]
        if (what === "nodes" && which === undefined && typeof value === "number")
          s = { ...s, networks: { ...s.networks, [network]: { ...own, nodes: value } } }
        else if (what === "preset") s = { ...s, networks: { ...s.networks, [network]: { ...own, preset: String(value) } } }
        else if (what === "dependsOn")
          s = {
            ...s,
            dependsOn: { ...s.dependsOn, [network]: { ...s.dependsOn![network], [which]: { permille: value as number } } },
          }
        else if (forkS === undefined)
          s = { ...s, networks: { ...s.networks, [network]: { ...own, change: { ...own.change, [what]: value as number } } } }
        else
          timeline.push({
            at: sayInstant(forkS),
            label: `${variable} = ${value}`,
            do: { verb: "change", network, parameter: what, value },
          })
      }
      if (timeline.length + response.length > (s.timeline ?? []).length)
        s = readScenario({ ...s, timeline: [...timeline, ...response] })
      const planned = resolve(s)
      if (forkS !== undefined)
        for (const m of planned.timeline.slice(plan.timeline.length))
          if (m.atS < forkS)
            refuse(`"${m.label}" is at ${sayInstant(m.atS)}, before the fork at ${sayInstant(forkS)}: move it behind`)
      const job: NetworkJob = { model: "network", code, scenario: s, measure }
      return forkS === undefined ? job : { ...job, fork: { atS: forkS, history: `${history}-${seed}` } }
    },
  }
}

/** What a run is a function of: a better title is no reason to run again. */
function withoutWords(scenario: Scenario): Scenario {
  const { name: _n, sources: _s, choices: _c, sweep: _w, watch: _h, expect: _e, ...rest } = scenario
  return { ...rest, question: "-" }
}

function forkOf(fork: Instant, scenario: Scenario, plan: Plan): number {
  if (fork === "onset") {
    if (plan.windowS === undefined) refuse('fork is "onset", and the scenario has no incident: say when, such as {"days": 2}')
    return plan.windowS!.from
  }
  const atS = instantOf(fork, "fork", { scenario, beginS: plan.beginS, lastS: plan.endS, networks: plan.networks })
  if (atS <= plan.beginS || atS >= plan.endS)
    refuse(`fork is at ${sayInstant(atS)}, where nothing is shared or nothing is left: choose a moment within`)
  return atS
}

/** The network a dotted name begins with. */
function networkOf(name: string, place: string, plan: Plan): PlannedNetwork {
  const [own] = name.split(".", 1)
  const names = plan.networks.map((n) => n.network.name)
  return (
    plan.networks.find((n) => n.network.name === own) ??
    refuse(`${place}${name}: this study runs no network ${own}${didYouMean(nearest(own, names), names)}`)
  )
}

function variableOf(name: string, place: string, scenario: Scenario, plan: Plan, isFork: boolean): Variable {
  const { network, values } = networkOf(name, place, plan)
  const own = network.name
  const what = name.slice(own.length + 1)
  const kept = (): void => {
    if (isFork) refuse(`${place}${name} is settled before the fork: only parameters and responses can differ from there on`)
  }
  if (Object.hasOwn(network.params, what)) {
    const p = network.params[what] as Param
    return {
      name,
      unit: p.unit,
      range: p.range,
      isWhole: true,
      source: p.source,
      because: p.because,
      value: values[what],
      problem: (value) => problem(own, network.params, what, value),
    }
  }
  const within = (range: readonly [number, number], unit: string) => (value: Value) =>
    typeof value === "number" && Number.isSafeInteger(value) && value >= range[0] && value <= range[1]
      ? undefined
      : `${name} = ${value}: it must be a whole number of ${unit} from ${range[0]} to ${range[1]}`
  if (what === "nodes") {
    kept()
    const unit = `${network.nodeWord}s`
    return {
      name,
      unit,
      range: SIZES,
      isWhole: true,
      source: "scenario",
      because: "How many nodes the network has.",
      value: scenario.networks[own].nodes,
      problem: within(SIZES, unit),
    }
  }
  if (what === "preset") {
    kept()
    const presets = Object.keys(network.presets)
    return {
      name,
      unit: "name",
      range: undefined,
      isWhole: false,
      source: "scenario",
      because: "The dated regime whose values hold.",
      value: scenario.networks[own].preset ?? network.defaultPreset,
      problem: (value) =>
        presets.includes(String(value))
          ? undefined
          : `${own} has no preset ${value}${didYouMean(nearest(String(value), presets), presets)}`,
    }
  }
  if (what === "dependsOn.nodes" || what === "dependsOn.users") {
    kept()
    const dependency = scenario.dependsOn?.[own]
    if (dependency === undefined)
      refuse(`${place}${name}: ${own} depends on nobody; say on whom in dependsOn.${own} of the scenario`)
    return {
      name,
      unit: "‰",
      range: SHARES,
      isWhole: true,
      source: "scenario",
      because: dependency!.because,
      value: permilleOf(what === "dependsOn.nodes" ? dependency!.nodes : dependency!.users) ?? 0,
      problem: within(SHARES, "‰"),
    }
  }
  return refuse(
    `${place}${problem(own, network.params, what, 0)} Besides, ${own}.nodes, ${own}.preset and ${own}.dependsOn.nodes can vary`,
  )
}

function recordedOf(m: Measure, place: string, plan: Plan): Recorded {
  if ("during" in m && m.during === "window" && plan.windowS === undefined)
    refuse(`${place} speaks of the window, and the scenario has no incident: say during "run", or add an incident`)
  switch (m.of) {
    case "metric": {
      const { network } = networkOf(m.metric, `${place}: `, plan)
      const own = m.metric.slice(network.name.length + 1)
      const all: Readonly<Record<string, { readonly unit: string; readonly because: string; readonly kind?: string }>> = {
        ...network.metrics,
        ...network.inhabit.observes,
      }
      if (!Object.hasOwn(all, own))
        unknown(
          place,
          "metric",
          m.metric,
          Object.keys(all).map((x) => `${network.name}.${x}`),
        )
      const { unit, because, kind } = all[own]
      if (m.figure === "total" && kind !== "counter")
        refuse(`${place}: ${m.metric} is a gauge, and only a counter adds up: say "highest", "lowest", "last" or "mean"`)
      if (m.figure === "mean" && kind === "counter")
        refuse(`${place}: ${m.metric} is a counter: say "total", or "highest" of an epoch`)
      return { unit, because }
    }
    case "service": {
      networkOf(m.network, `${place}: `, plan)
      return { unit: "share", because: `Share of what was asked of ${m.network}: ${m.figure}.` }
    }
    case "outage": {
      networkOf(m.network, `${place}: `, plan)
      if (plan.windowS === undefined)
        refuse(`${place}: ${m.figure} is counted from an onset, and the scenario has no incident: add one`)
      return OUTAGE[m.figure]
    }
    case "nodes": {
      const { network } = networkOf(m.measure, `${place}: `, plan)
      const own = m.measure.slice(network.name.length + 1)
      if (!Object.hasOwn(network.nodeMeasures, own))
        unknown(
          place,
          "node measure",
          m.measure,
          Object.keys(network.nodeMeasures).map((x) => `${network.name}.${x}`),
        )
      const { unit, because } = network.nodeMeasures[own]
      const isShare = m.figure === "gini" || m.figure === "topTenth"
      return { unit: isShare ? "share" : unit, because: `${because} Over all nodes: ${m.figure}.` }
    }
  }
}

const OUTAGE: Readonly<Record<Extract<Measure, { of: "outage" }>["figure"], Recorded>> = {
  blastRadius: { unit: "share", because: "Largest share of demand lost in one epoch from onset on." },
  lostCapacityMinutes: { unit: "min", because: "Minutes of the whole network’s capacity lost from onset on." },
  detectS: { unit: "s", because: "From onset until the network itself declared an incident; empty where it never did." },
  mitigateS: { unit: "s", because: "From onset until the last epoch below 95 % ended; empty where it is never over." },
  recoverS: { unit: "s", because: "From onset until the last epoch below 99.9 % ended; empty where it is never over." },
}

/** A problem of one point, with the point before it. */
export function atPoint<T>(label: string, make: () => T): T {
  try {
    return make()
  } catch (cause) {
    if (cause instanceof ScenarioProblem) throw new ScenarioProblem(`${label}: ${cause.message}`)
    throw cause
  }
}
