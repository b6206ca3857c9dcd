/**
 * What cheating earns, before a rule and with it: each scenario that watches a cheater's income is played twice, with its timeline (the
 * rule comes into force) and without, with the same luck.
 */
import { readdir } from "node:fs/promises"
import { basename, join } from "node:path"
import { fileURLToPath } from "node:url"
import type { Scenario } from "../../protocol/boundary/scenario.ts"
import { resolve } from "../engine/resolve.ts"
import { Simulation } from "../engine/simulation.ts"
import { environment } from "../record/environment.ts"
import { loadScenario } from "../record/load.ts"

/** The bundled scenarios of cheats. */
export const CHEATS = fileURLToPath(new URL("../../scenarios/adversaries", import.meta.url))

/** What a scenario must watch to stand in the table: a cheater's income for an honest node's thousand. */
const WATCHED = /^([^.]+)\.(cheater\.\w*[iI]ncomePermille)$/

export interface Cheat {
  readonly scenario: string
  readonly question: string
  readonly network: string
  readonly nodes: number
  readonly seed: number
  /** What comes into force, and when, in the scenario's words. */
  readonly rule: string
  readonly ruleAtS: number
  readonly metric: string
  /** A cheater's mean income from genesis to the end, for a thousand of an honest node's: without the rule, and with it from its day on. */
  readonly without: number
  readonly with: number
}

const watchedBy = (s: Scenario): RegExpExecArray | undefined =>
  (s.watch ?? []).map((w) => WATCHED.exec(w)).find((found) => found !== null) ?? undefined

/** Scenario files of a folder that measure a cheat, in the order of their names. */
export async function cheatsIn(folder: string): Promise<readonly string[]> {
  const files = (await readdir(folder)).filter((f) => /\.(ts|js|json)$/.test(f)).toSorted()
  const loaded = await Promise.all(files.map(async (f) => [join(folder, f), await loadScenario(join(folder, f))] as const))
  return loaded.filter(([, s]) => watchedBy(s) !== undefined).map(([path]) => path)
}

/** Plays one scenario of a cheat with its rule and without it. Throws a RangeError when it watches no cheater's income. */
export async function measureCheat(path: string, nodes?: number): Promise<Cheat> {
  const scenario = await loadScenario(path)
  const found = watchedBy(scenario)
  if (found === undefined)
    throw new RangeError(`${path} watches no cheater's income: add NETWORK.cheater.incomePermille to \`watch\``)
  const [, network, metric] = found
  const plan = resolve(scenario, nodes === undefined ? {} : { nodes })
  const play = (timeline: typeof plan.timeline): number => {
    const sim = new Simulation({ ...plan, timeline }, environment())
    while (!sim.done) sim.tick()
    const { rows } = sim.networks.find((n) => n.name === network)!.epochs
    const column = metric.replace(/\.(\w)/g, (_, letter: string) => letter.toUpperCase())
    return (rows as unknown as Record<string, Float64Array>)[column][rows.length - 1]
  }
  return {
    scenario: scenario.name ?? basename(path),
    question: scenario.question,
    network,
    nodes: plan.networks.find((n) => n.network.name === network)!.nodes,
    seed: plan.seed,
    rule: plan.timeline.map((m) => m.label ?? m.do.verb).join("; "),
    ruleAtS: plan.timeline[0]?.atS ?? plan.beginS,
    metric,
    without: play([]),
    with: play(plan.timeline),
  }
}
