/** A study from a file, made whole: what its bases name is read in, so that the study is data that needs no other file. */
import { existsSync } from "node:fs"
import { dirname, join } from "node:path"
import { ScenarioProblem, didYouMean, refuse } from "../../protocol/boundary/problem.ts"
import { readScenario, type Scenario } from "../../protocol/boundary/scenario.ts"
import { readStudy, type Base, type Study } from "../../protocol/boundary/study.ts"
import { readSupplyStudy } from "../../protocol/boundary/supply-study.ts"
import { nearest } from "../../protocol/kernel/param.ts"
import { override } from "../engine/override.ts"
import { loadData, loadScenario, within } from "../record/load.ts"
import { codeDigest } from "./code.ts"
import { designOf, type Design } from "./points.ts"
import { historyText } from "./history.ts"
import { digest } from "./job.ts"
import type { Model, Recorded } from "./model.ts"
import { networkModel } from "./network-model.ts"
import { supplyModel } from "./supply-model.ts"

/** The study in a file, with its scenarios in it. Throws a ScenarioProblem that names the file and what to do. */
export async function loadStudy(path: string): Promise<Study & { readonly name: string }> {
  const { data, name } = await loadData(path, "a study")
  const study = within(path, () => readStudy(data))
  const bases: Record<string, Base> = {}
  for (const [key, base] of Object.entries(study.bases))
    // oxlint-disable-next-line no-await-in-loop
    bases[key] = await wholeBase(base, `bases.${key}`, path)
  return { name, ...study, bases }
}

async function wholeBase(base: Base, place: string, path: string): Promise<Base> {
  if ("scenario" in base) {
    const scenario =
      typeof base.scenario === "string"
        ? await loadScenario(beside(base.scenario, path))
        : within(`${path}: ${place}.scenario`, () => readScenario(base.scenario))
    const isPreset = ([name]: readonly [string, unknown]): boolean => name.endsWith(".preset")
    const all = Object.entries(base.set ?? {})
    const set = all.filter((x) => !isPreset(x)).map(([name, value]) => `${name}=${value}`)
    const changes = {
      set,
      ...(base.nodes === undefined ? {} : { nodes: base.nodes }),
      ...(base.until === undefined ? {} : { until: base.until }),
    }
    return {
      scenario: within(`${path}: ${place}`, () => override(withPresets(scenario, all.filter(isPreset)), changes).scenario),
    }
  }
  const supply =
    typeof base.supply === "string" ? (await loadData(beside(base.supply, path), "a supply study")).data : base.supply
  return { ...base, supply: within(`${path}: ${place}.supply`, () => readSupplyStudy(supply)) }
}

/** The scenario with networks under other dated regimes: `set` of a base may name those as its variations may. */
function withPresets(scenario: Scenario, presets: readonly (readonly [string, number | string])[]): Scenario {
  let networks = scenario.networks
  for (const [name, preset] of presets) {
    const network = name.slice(0, -".preset".length)
    const names = Object.keys(networks)
    if (!Object.hasOwn(networks, network))
      refuse(`set.${name}: the scenario runs no network ${network}${didYouMean(nearest(network, names), names)}`)
    networks = { ...networks, [network]: { ...networks[network], preset: String(preset) } }
  }
  return { ...scenario, networks }
}

/** As seen from the study's own folder, or else from where one stands. */
function beside(name: string, path: string): string {
  const near = join(dirname(path), name)
  return existsSync(near) ? near : name
}

export interface Planned {
  readonly study: Study
  readonly models: ReadonlyMap<string, Model>
  readonly design: Design
  readonly recorded: Readonly<Record<string, Recorded>>
  readonly code: string
}

/** Checks everything of a whole study that can be wrong before its first run. Throws a ScenarioProblem. */
export function planStudy(study: Study): Planned {
  const code = codeDigest()
  const models = new Map<string, Model>()
  for (const [name, base] of Object.entries(study.bases)) {
    const { measure } = study
    if ("scenario" in base)
      models.set(
        name,
        within(`bases.${name}`, () =>
          networkModel({ name, scenario: readScenario(base.scenario), measure, code, fork: study.fork }),
        ),
      )
    else {
      if (study.fork !== undefined) refuse("fork: a supply has no moment to fork at; leave it out")
      const supply = readSupplyStudy(base.supply)
      models.set(
        name,
        within(`bases.${name}`, () =>
          supplyModel({
            name,
            study: supply,
            case: base.case,
            years: base.years,
            set: base.set ?? {},
            measure,
            code,
            history: digest(historyText()),
          }),
        ),
      )
    }
  }
  const kinds = new Set([...models.values()].map((m) => m.kind))
  if (kinds.size > 1) refuse("bases has both scenarios and supply studies, which share no parameter: make two studies of it")
  const all = [...models.values()]
  for (const model of all) for (const [name, m] of Object.entries(study.measure)) model.recorded(m, `measure.${name}`)
  const recorded = Object.fromEntries(
    Object.entries(study.measure).map(([name, m]) => [name, all[0].recorded(m, `measure.${name}`)]),
  )
  const design = designOf(study, models)
  checkNames(study, design)
  // Values that are each in range may not fit together; better known now than after an hour.
  for (const p of design.points)
    try {
      models.get(p.base)!.job(p.values, design.responses.get(p.response) ?? [], study.seeds.from)
    } catch (cause) {
      if (cause instanceof ScenarioProblem) throw new ScenarioProblem(`point ${p.point} (${p.label}): ${cause.message}`)
      throw cause
    }
  return { study, models, design, recorded, code }
}

/** Measures and parameters that goals, claims and the wanted precision speak of. */
function checkNames(study: Study, design: Design): void {
  const names = Object.keys(study.measure)
  const measured = (name: string, place: string): void => {
    if (!names.includes(name)) refuse(`${place}: the study measures no ${name}${didYouMean(nearest(name, names), names)}`)
  }
  const { seeds } = study
  const alone = design.search !== undefined || design.ranges.length > 0
  if ("until" in seeds) {
    measured(seeds.until.measure, "seeds.until.measure")
    if (design.search !== undefined || design.morris !== undefined)
      refuse('seeds.until: a search and a screening need the same number of seeds at every point; give "count"')
  }
  for (const [i, g] of (design.search?.goals ?? []).entries()) measured(g.measure, `vary[0].goals[${i}]`)
  for (const [i, c] of (study.claims ?? []).entries()) {
    const place = `claims[${i}] (${c.claim})`
    measured(c.measure, place)
    if (c.claim === "within" && c.atLeast === undefined && c.atMost === undefined)
      refuse(`${place} has no bound: give atLeast, atMost or both`)
    if (c.claim === "decides") {
      const own = design.ranges.map((r) => r.variable.name)
      if (!alone || design.search !== undefined) refuse(`${place}: only a morris or a sobolIndices study says what decides`)
      if (!own.includes(c.parameter))
        refuse(`${place}: the study does not vary ${c.parameter}${didYouMean(nearest(c.parameter, own), own)}`)
    }
    const meant = c.claim === "more" ? [c.at, c.than] : c.claim === "within" && c.at !== undefined ? [c.at] : []
    for (const at of meant) {
      const points = design.points.filter((p) => isMeant(p, at)).length
      if (points === 0)
        refuse(
          `${place}: no point of the study is ${JSON.stringify(at)}; points are told by base, response, label or a parameter’s value`,
        )
      if (c.claim === "more" && points > 1)
        refuse(
          `${place}: ${points} points of the study are ${JSON.stringify(at)}, and one is compared with one: say base, response, label or more values of the one that is meant`,
        )
    }
  }
}

/** Is this the point, or one of the points, that some of its values name? */
export const isMeant = (p: Design["points"][number], at: Readonly<Record<string, number | string>>): boolean =>
  Object.entries(at).every(([name, value]) =>
    name === "base" || name === "response" || name === "label" || name === "point" ? p[name] === value : p.values[name] === value,
  )
