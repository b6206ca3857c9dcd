/** `run.json`: everything a run is a function of, and everything it came to. */
import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { ScenarioProblem } from "../../protocol/boundary/problem.ts"
import { readScenario, type Scenario } from "../../protocol/boundary/scenario.ts"
import type { ChartDeclaration } from "../../protocol/kernel/chart.ts"
import type { Plan } from "../engine/plan.ts"
import type { Simulation } from "../engine/simulation.ts"
import type { ClaimResult } from "./claims.ts"
import { explainFailure, RecordProblem, replaceFile } from "./durable.ts"
import type { Comparison } from "./comparison.ts"
import type { NetworkResult } from "./measure.ts"
import { toSnakeCase } from "./parquet.ts"

export const RUN_FILE = "run.json"
export const RUN_FORMAT = 1

export interface Footnote {
  readonly parameter: string
  readonly value: number
  readonly unit: string
  readonly range: readonly [number, number]
  readonly source: string
  readonly because: string
}

export interface Manifest {
  readonly format: number
  readonly name: string
  readonly title?: string
  readonly question: string
  readonly scenario: Scenario
  readonly seed: number
  /** Of the largest network. */
  readonly nodes: number
  readonly commit: string
  readonly version: string
  /** The command line that runs it again. */
  readonly command: string
  readonly log: "full" | "epochs"
  readonly beginS: number
  readonly endS: number
  readonly onsetS?: number
  readonly windowEndS?: number
  /** The timeline as planned: seconds from the begin. */
  readonly timeline: readonly { readonly at: number; readonly label: string; readonly do: unknown }[]
  readonly networks: readonly {
    readonly name: string
    readonly preset: string
    readonly nodes: number
    readonly nodeWord: string
    readonly service: { readonly unit: string; readonly because: string }
    /** What the network wants drawn of its tables. */
    readonly charts?: readonly ChartDeclaration[]
    /** Unit of each measure of a node, by its column in the tables. */
    readonly measures: Readonly<Record<string, string>>
    readonly params: Readonly<Record<string, number>>
    readonly changed: Readonly<Record<string, number>>
  }[]
  readonly parameterHash: string
  readonly status: "running" | "stopped" | "complete"
  readonly events: number
  readonly epochs: number
  /** Wall seconds. */
  readonly seconds: number
  readonly logHash: string
  readonly stateHash: string
  readonly results: readonly NetworkResult[]
  readonly claims: readonly ClaimResult[]
  /** What the record of the incident says, beside what was measured; where the scenario keeps both. */
  readonly comparison?: Comparison
  readonly refusals: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly invariants: readonly { readonly name: string; readonly checks: number; readonly failures: number }[]
  readonly footnotes: readonly Footnote[]
  readonly summary: readonly string[]
}

/** What of the manifest is known before the first epoch. */
export function manifestOf(
  scenario: Scenario,
  plan: Plan,
  about: { commit: string; version: string; command: string; log: "full" | "epochs" },
): Manifest {
  const networks = plan.networks.map(({ network, nodes, preset, values }) => {
    const standard = network.presets[preset]?.values ?? {}
    return {
      name: network.name,
      preset,
      nodes,
      nodeWord: network.nodeWord,
      service: network.service,
      ...(network.charts === undefined ? {} : { charts: network.charts }),
      measures: Object.fromEntries(Object.entries(network.nodeMeasures).map(([name, { unit }]) => [toSnakeCase(name), unit])),
      params: values,
      changed: Object.fromEntries(
        Object.entries(values).filter(
          ([name, value]) => value !== ((standard as Record<string, number>)[name] ?? network.params[name].default),
        ),
      ),
    }
  })
  return {
    format: RUN_FORMAT,
    name: scenario.name ?? "run",
    question: scenario.question,
    scenario,
    seed: plan.seed,
    nodes: Math.max(...plan.networks.map((n) => n.nodes)),
    ...about,
    beginS: plan.beginS,
    endS: plan.endS,
    ...(plan.windowS === undefined ? {} : { onsetS: plan.windowS.from, windowEndS: plan.windowS.to }),
    timeline: plan.timeline.map((m) => ({ at: m.atS - plan.beginS, label: m.label, do: m.do })),
    networks,
    parameterHash: createHash("sha256")
      .update(JSON.stringify(networks.map((n) => [n.name, n.nodes, n.params])))
      .digest("hex"),
    status: "running",
    events: 0,
    epochs: 0,
    seconds: 0,
    logHash: "",
    stateHash: "",
    results: [],
    claims: [],
    refusals: {},
    invariants: [],
    footnotes: footnotes(plan),
    summary: [],
  }
}

/** Every parameter that nobody published, or that this scenario changed. */
function footnotes(plan: Plan): readonly Footnote[] {
  return plan.networks.flatMap(({ network, values }) =>
    Object.entries(
      network.params as Record<
        string,
        { default: number; unit: string; range: readonly [number, number]; source: string; because: string }
      >,
    )
      .filter(
        ([name, p]) =>
          values[name] !== p.default || /assumption|unverified|not published|conflict|approximate/i.test(p.source + p.because),
      )
      .map(([name, p]) => ({
        parameter: `${network.name}.${name}`,
        value: values[name],
        unit: p.unit,
        range: p.range,
        source: p.source,
        because: p.because,
      })),
  )
}

export const refusalsOf = (sim: Simulation): Manifest["refusals"] =>
  Object.fromEntries(
    sim.networks.map((n) => [
      n.name,
      Object.fromEntries(n.machine.reasons.map((reason, i) => [reason, n.machine.refused[i]]).filter(([, count]) => count !== 0)),
    ]),
  )

export const writeManifest = (runDir: string, manifest: Manifest): void =>
  replaceFile(join(runDir, RUN_FILE), `${JSON.stringify(manifest, null, 1)}\n`)

/** The manifest of a run folder. Throws a RecordProblem when it is missing, damaged or of another format. */
export function readManifest(runDir: string): Manifest {
  const path = join(runDir, RUN_FILE)
  let text: string
  try {
    text = readFileSync(path, "utf8")
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === "ENOENT" || code === "ENOTDIR")
      throw new RecordProblem(
        `${runDir} is not a run folder: it has no ${RUN_FILE}; name a folder that blackstart run wrote (see blackstart list)`,
      )
    throw explainFailure(error, "read", path)
  }
  let data: Manifest | undefined
  try {
    data = JSON.parse(text) as Manifest
  } catch {
    throw new RecordProblem(`${path} is damaged: it is not JSON; restore it from a copy, or run the scenario again`)
  }
  if (typeof data !== "object" || data === null || data.format === undefined)
    throw new RecordProblem(
      `${path} is no manifest of a run: it names no format; restore it from a copy, or run the scenario again`,
    )
  if (data.format !== RUN_FORMAT)
    throw new RecordProblem(
      `${path} has format ${JSON.stringify(data.format) ?? "none"}, and this version reads ${RUN_FORMAT}; use the version that wrote it (${data.version})`,
    )
  try {
    return { ...data, scenario: readScenario(data.scenario) }
  } catch (error) {
    throw error instanceof ScenarioProblem
      ? new RecordProblem(
          `${path} is damaged: its scenario cannot be read (${error.message}); restore it from a copy, or run the scenario again`,
        )
      : error
  }
}
