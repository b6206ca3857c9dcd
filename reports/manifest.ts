/** run.json, as a report reads it: what was asked, run and found. Anything beyond question, seed and networks may be missing. */
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import type { ChartDeclaration } from "../protocol/kernel/chart.ts"
import { isReference } from "./palette.ts"
import { plural, sentence } from "./number.ts"

export interface NetworkEntry {
  readonly name: string
  readonly preset?: string
  readonly nodes?: number
  readonly nodeWord?: string
  readonly service?: { readonly unit?: string; readonly because?: string }
  /** What the network wants drawn of its own tables. */
  readonly charts?: readonly ChartDeclaration[]
  /** Unit of each measure of a node, by its column. */
  readonly measures?: Readonly<Record<string, string>>
  readonly params?: Readonly<Record<string, unknown>>
  readonly changed?: Readonly<Record<string, unknown>>
}

export interface Moment {
  /** Seconds from the begin of the run. */
  readonly at: number
  readonly label: string
  readonly do?: unknown
}

/** Figures of one network; times are seconds from onset, null when the moment never came. */
export interface Result {
  readonly network: string
  readonly windowAvailabilityPpm?: number | null
  readonly blastRadiusPpm?: number | null
  readonly lostCapacityMinutes?: number | null
  readonly detectS?: number | null
  readonly mitigateS?: number | null
  readonly recoverS?: number | null
  readonly [figure: string]: unknown
}

export interface Manifest {
  readonly format: number
  readonly name: string
  readonly question: string
  readonly title?: string
  readonly scenario?: { readonly begins?: string; readonly [key: string]: unknown }
  /** The scenario's moments, in seconds from the begin. */
  readonly timeline?: readonly Moment[]
  readonly seed: number | string
  readonly nodes?: number
  readonly commit?: string
  readonly version?: string
  readonly beginS: number
  readonly endS: number
  readonly onsetS?: number | null
  /** The main recovery, where the incident window ends; without it, the latest `recoverS`. */
  readonly windowEndS?: number | null
  readonly networks: readonly NetworkEntry[]
  readonly parameterHash?: string
  readonly logHash?: string
  readonly stateHash?: string
  readonly events?: number
  readonly epochs?: number
  readonly seconds?: number
  readonly status?: "complete" | "stopped"
  readonly command?: string
  readonly results?: readonly Result[]
  readonly claims?: readonly { readonly claim: string; readonly holds: boolean | null; readonly figure?: unknown }[]
  readonly refusals?: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly invariants?: readonly { readonly name: string; readonly checks?: number; readonly failures?: number }[]
  readonly footnotes?: readonly Footnote[]
}

export interface Footnote {
  readonly parameter: string
  readonly value: unknown
  readonly unit?: string
  readonly range?: unknown
  readonly source?: string
  readonly because?: string
}

/** Reads and checks run.json. A report without a manifest does not exist, so its absence is an error. */
export async function readManifest(runDir: string): Promise<Manifest> {
  const path = join(runDir, "run.json")
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new Error(`there is no ${path}: a report needs the manifest of a run`, { cause })
  })
  let manifest: Partial<Manifest>
  try {
    manifest = JSON.parse(text) as Partial<Manifest>
  } catch (cause) {
    throw new Error(`${path} is not JSON: the run was cut short; run the scenario again`, { cause })
  }
  for (const key of ["question", "seed", "beginS", "endS", "networks"] as const)
    if (manifest[key] === undefined) throw new Error(`${path} lacks ${key}: it is no manifest this version can read`)
  return { format: 1, name: "run", ...manifest } as Manifest
}

/** The incident window [onset, main recovery) in Unix seconds, or null for a run without an incident. */
export function windowOf(m: Manifest): { readonly beginS: number; readonly endS: number } | null {
  if (m.onsetS === undefined || m.onsetS === null) return null
  const recovered = (m.results ?? []).map((r) => r.recoverS ?? 0).reduce((a, b) => Math.max(a, b), 0)
  const endS = m.windowEndS ?? (recovered > 0 ? m.onsetS + recovered : m.endS)
  return { beginS: m.onsetS, endS: Math.min(endS, m.endS) }
}

/** How a network is spoken of: `Helium`, `the CDN`. */
export const speak = (network: string): string => (network === "cdn" ? "the CDN" : sentence(network))
/** How a network is labelled: `Helium`, `CDN`. */
export const label = (network: string): string => (network === "cdn" ? "CDN" : sentence(network))

const entry = (m: Manifest, network: string) => m.networks.find((n) => n.name === network)
/** The plural of what a network serves: `requests`, `uplinks`. */
export const unitsOf = (m: Manifest, network: string): string => plural(entry(m, network)?.service?.unit ?? "request")
/** What a network calls a node: `hotspot`. */
export const nodeWordOf = (m: Manifest, network: string): string => entry(m, network)?.nodeWord ?? "node"

/** A measure of a node in words, its unit last, and the unit: `earned_micro_fil` → `earned microFIL`, `microFIL`. */
export function sayMeasure(m: Manifest, network: string, measure: string): { readonly words: string; readonly unit: string } {
  const unit = entry(m, network)?.measures?.[measure]
  const words = measure.replaceAll("_", " ")
  if (unit === undefined) return { words, unit: words.split(" ").at(-1)! }
  const spellings = [unit.replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase(), unit.toLowerCase()]
  if (spellings.includes(words)) return { words, unit }
  const spelt = spellings.find((s) => words.endsWith(` ${s}`))
  return { words: spelt === undefined ? `${words}, in ${unit}` : `${words.slice(0, -spelt.length)}${unit}`, unit }
}

/** Networks in the order of every chart and table: the centralised reference first, then as the run lists them. */
export const inOrder = (m: Manifest): readonly string[] =>
  m.networks.map((n) => n.name).toSorted((a, b) => Number(isReference(b)) - Number(isReference(a)))
