/** What a command line changes in a scenario. The result is a scenario again, so that what is stored is what was run. */
import { parseInstant, parseSpan, SPAN_UNITS } from "../../protocol/boundary/instant.ts"
import { ScenarioProblem, didYouMean, refuse } from "../../protocol/boundary/problem.ts"
import { NODES_MAX, NODES_MIN, type Scenario } from "../../protocol/boundary/scenario.ts"
import { nearest, problem } from "../../protocol/kernel/param.ts"
import { networkOf } from "../../protocol/networks/index.ts"

export interface Overrides {
  readonly seed?: number
  /** For networks of `SIZED_FROM` nodes or more: what is asked is how a large network scales, not how many PoPs an operator built. */
  readonly nodes?: number
  /** "network.parameter=value" */
  readonly set?: readonly string[]
  /** "2025-11-18T12:00:00Z", or a span from the begin such as "3d" or "36h". */
  readonly until?: string
}

/** A network smaller than this keeps its size when `nodes` is given. */
export const SIZED_FROM = 1000

export interface Overridden {
  readonly scenario: Scenario
  /** What was changed, and what was left alone, in words. */
  readonly notes: readonly string[]
}

/** Throws a ScenarioProblem for the first override that cannot be. */
export function override(scenario: Scenario, overrides: Overrides): Overridden {
  const notes: string[] = []
  let s = scenario
  if (overrides.seed !== undefined) {
    const { seed } = overrides
    if (!Number.isSafeInteger(seed) || seed < 0)
      refuse(`--seed ${seed}: a seed is a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`)
    s = { ...s, seed }
    notes.push(`seed ${seed} instead of ${scenario.seed}`)
  }
  if (overrides.nodes !== undefined) s = resize(s, overrides.nodes, notes)
  for (const text of overrides.set ?? []) s = set(s, text, notes)
  if (overrides.until !== undefined) {
    const atS = parseInstant(overrides.until)
    const span = parseSpan(overrides.until)
    if (atS === undefined && span === undefined)
      refuse(
        `--until ${overrides.until}: write a time in UTC such as 2025-11-18T12:00:00Z, or a span from the begin such as 3d, 36h or 90m`,
      )
    s = { ...s, until: atS === undefined ? { seconds: span! } : overrides.until }
    notes.push(`stops at ${overrides.until}`)
  }
  return { scenario: s, notes }
}

function resize(scenario: Scenario, nodes: number, notes: string[]): Scenario {
  if (!Number.isSafeInteger(nodes) || nodes < NODES_MIN || nodes > NODES_MAX)
    refuse(`--nodes ${nodes}: it must be a whole number from ${NODES_MIN} to ${NODES_MAX}`)
  const all = Object.entries(scenario.networks)
  const most = Math.max(...all.map(([, n]) => n.nodes))
  const isSized = (n: number): boolean => n >= Math.min(SIZED_FROM, most)
  const networks = Object.fromEntries(
    all.map(([name, n]) => {
      const word = networkOf(name)?.nodeWord ?? "node"
      notes.push(
        isSized(n.nodes)
          ? `${name} has ${nodes} ${word}s instead of ${n.nodes}`
          : `${name} keeps its ${n.nodes} ${word}s: --nodes sizes networks of ${SIZED_FROM} or more`,
      )
      return [name, isSized(n.nodes) ? { ...n, nodes } : n]
    }),
  )
  return { ...scenario, networks }
}

function set(scenario: Scenario, text: string, notes: string[]): Scenario {
  const found = /^([^.=\s]+)\.([^=\s]+)=(.*)$/u.exec(text)
  if (found === null)
    throw new ScenarioProblem(`--set ${text}: write it as network.parameter=value, such as helium.witnessesMax=10`)
  const [, name, parameter, written] = found
  const running = Object.keys(scenario.networks)
  const network = networkOf(name)
  if (network === undefined || !running.includes(name))
    throw new ScenarioProblem(
      `--set ${text}: this scenario runs no network ${name}${didYouMean(nearest(name, running), running)}`,
    )
  const value = /^-?\d[\d_]*$/u.test(written) ? Number(written.replaceAll("_", "")) : written
  const wrong = problem(name, network.params, parameter, value)
  if (wrong !== undefined) throw new ScenarioProblem(`--set ${text}: ${wrong}${hint(network.params[parameter]?.unit, written)}`)
  const before = scenario.networks[name]
  notes.push(`${name}.${parameter} is ${String(value)} ${network.params[parameter].unit}`)
  return {
    ...scenario,
    networks: { ...scenario.networks, [name]: { ...before, change: { ...before.change, [parameter]: value as number } } },
  }
}

/** What the same amount is in the parameter's unit, when another unit was written: 6h of seconds, 75% of ‰. */
function hint(unit: string | undefined, written: string): string {
  if (unit === undefined) return ""
  const span = parseSpan(written)
  const per = { s: 1, min: SPAN_UNITS.minutes, ms: 1 / 1000 }[unit]
  if (span !== undefined && per !== undefined) return `; ${written} is ${span / per} ${unit}`
  const share = /^(\d+(?:\.\d+)?)\s*%$/u.exec(written)
  const scale = unit.startsWith("‰") ? 10 : unit.startsWith("%") ? 1 : unit.startsWith("ppm") ? 10_000 : undefined
  if (share !== null && scale !== undefined) return `; ${written} is ${Math.round(Number(share[1]) * scale)} ${unit}`
  return ""
}
