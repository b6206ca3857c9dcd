/** Loads a scenario from any path: TypeScript, JavaScript or JSON, ours or a user's. What is wrong is said in one sentence. */
import { readFile, stat } from "node:fs/promises"
import { registerHooks } from "node:module"
import { basename, extname, resolve } from "node:path"
import { pathToFileURL } from "node:url"
import { didYouMean, ScenarioProblem } from "../../protocol/boundary/problem.ts"
import { readScenario, type Scenario } from "../../protocol/boundary/scenario.ts"
import { nearest } from "../../protocol/kernel/param.ts"
import { isRecord } from "../library/record.ts"
import { translate } from "../library/translate.ts"
import { nameTwice } from "./twice.ts"

const INCIDENTS = new URL("../../scenarios/incidents.json", import.meta.url)
const VOCABULARY = new URL("../../scenarios/vocabulary.ts", import.meta.url).href
const ENDINGS = [".ts", ".mts", ".js", ".mjs", ".json"]

export interface Incident {
  readonly id: string
  readonly name: string
  readonly start: string
  readonly sources: readonly { readonly title: string; readonly url: string; readonly seen: string }[]
  readonly [fact: string]: unknown
}

/** The library of recorded incidents, by id. */
export async function incidents(): Promise<ReadonlyMap<string, Incident>> {
  const { incidents } = JSON.parse(await readFile(INCIDENTS, "utf8")) as { incidents: readonly Incident[] }
  return new Map(incidents.map((record) => [record.id, record]))
}

/** The scenario in a file, or the one made of an incident record: a file that holds one, or `incident:ID`. Throws a ScenarioProblem that names the file and what to do. */
export async function loadScenario(path: string): Promise<Scenario> {
  if (path.startsWith(BY_NAME)) return translated(path, await incidentNamed(path.slice(BY_NAME.length)))
  const { data, name } = await loadData(path, "a scenario")
  const record = recordIn(path, data)
  if (record !== undefined) return translated(path, record)
  const scenario = within(path, () => readScenario(data))
  await checkRecord(path, scenario)
  return { name, ...scenario }
}

/** The data in a file, with the file's name. Throws a ScenarioProblem that names the file and what to do. */
export async function loadData(path: string, what: string): Promise<{ readonly data: unknown; readonly name: string }> {
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    throw new ScenarioProblem(
      cause.code === "ENOENT"
        ? `there is no ${what.replace(/^an? /u, "")} ${path}: blackstart list names those that come with it`
        : `${path} cannot be read: ${reason(cause)}`,
    )
  })
  if (found.isDirectory()) throw new ScenarioProblem(`${path} is a folder: name ${what} file in it`)
  const ending = extname(path)
  if (!ENDINGS.includes(ending))
    throw new ScenarioProblem(`${path} ends in ${ending || "nothing"}: ${what} is a ${ENDINGS.join(", ")} file`)
  const data = ending === ".json" ? await readJson(path) : await importDefault(path)
  return { data, name: basename(path, ending) }
}

/** `incident:ID` names a record of our library. */
const BY_NAME = "incident:"

const translated = (path: string, record: unknown): Scenario =>
  within(path, () => readScenario(JSON.parse(JSON.stringify(translate(record)))))

/** The record of that id; else the only one whose id or name holds the words. Throws a ScenarioProblem. */
export async function incidentNamed(wanted: string): Promise<Incident> {
  const all = await incidents()
  const exact = all.get(wanted)
  if (exact !== undefined) return exact
  const words = wanted
    .toLowerCase()
    .split(/[\s_]+/u)
    .filter((w) => w !== "")
  const found = [...all.values()].filter(
    (r) => words.length > 0 && words.every((w) => `${r.id} ${r.name}`.toLowerCase().includes(w)),
  )
  if (found.length === 1) return found[0]
  const which =
    found.length > 1 ? `; it may be ${found.map((r) => r.id).join(", ")}` : didYouMean(nearest(wanted, [...all.keys()]))
  throw new ScenarioProblem(
    `incident:${wanted}: the library has ${found.length > 1 ? "several such incidents" : "no such incident"}${which}`,
  )
}

/** The incident record that a file holds, or undefined when it is meant as a scenario. Throws a ScenarioProblem for a file of many. */
function recordIn(path: string, data: unknown): unknown {
  if (isRecord(data)) return data
  const all = Array.isArray(data) ? data : (data as { readonly incidents?: unknown } | null)?.incidents
  if (!Array.isArray(all) || all.length === 0 || !all.every(isRecord)) return undefined
  if (all.length === 1) return all[0]
  throw new ScenarioProblem(
    `${path} holds ${all.length} incident records: put the one you mean into a file of its own, or play them all with blackstart library ${path}`,
  )
}

/** Every record in a file: one, a list, or a library's incidents. Throws a ScenarioProblem. */
export async function recordsIn(path: string): Promise<readonly unknown[]> {
  const data = await readJson(path)
  const all = Array.isArray(data) ? data : (data as { readonly incidents?: unknown } | null)?.incidents
  if (Array.isArray(all)) return all
  if (isRecord(data)) return [data]
  throw new ScenarioProblem(`${path} holds no incident record: a record is an object with id, start, timeline and domains`)
}

/** Runs `read` and puts the file's name before what is wrong. */
export function within<T>(path: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    if (cause instanceof ScenarioProblem) throw new ScenarioProblem(`${path}: ${cause.message}`)
    throw cause
  }
}

/** The JSON in a file. Throws a ScenarioProblem that says where it is cut short or broken. */
export async function readJson(path: string): Promise<unknown> {
  const text = await read(path)
  if (text.trim() === "") throw new ScenarioProblem(`${path} is empty: write a scenario into it, or name another file`)
  const json = text.replace(BYTE_ORDER_MARK, " ").trimEnd()
  let data: unknown
  try {
    data = JSON.parse(json)
  } catch (cause) {
    const { line, column } = placeOf(json, brokenAt(json))
    if (isCutShort(cause as Error, json))
      throw new ScenarioProblem(
        `${path} is cut short: it ends at line ${line}, column ${column} (byte ${Buffer.byteLength(text)}) in the middle of its JSON; fetch the whole file again`,
      )
    throw new ScenarioProblem(
      `${path} is not JSON: at line ${line}, column ${column} there is something that cannot stand there; mend it, or fetch it again`,
    )
  }
  const twice = nameTwice(json)
  if (twice !== undefined)
    throw new ScenarioProblem(
      `${path}: line ${twice.line} names ${twice.name} a second time in one object, where only one can count: rename it, or leave it out`,
    )
  return data
}

const BYTE_ORDER_MARK = /^\uFEFF/u
/** Did the engine stop because the text did? */
const isCutShort = ({ message }: Error, text: string): boolean =>
  /unexpected end|unterminated/iu.test(message) || Number(/at position (\d+)/u.exec(message)?.[1] ?? -1) >= text.length

/** How much of a text could still become JSON. Engines report positions in their own ways or not at all, so prefixes are tried. */
function brokenAt(text: string): number {
  let [good, bad] = [0, text.length + 1]
  while (good + 1 < bad) {
    const middle = (good + bad) >> 1
    if (canGoOn(text.slice(0, middle))) good = middle
    else bad = middle
  }
  return good
}

function canGoOn(prefix: string): boolean {
  try {
    JSON.parse(prefix)
    return true
  } catch (cause) {
    return isCutShort(cause as Error, prefix)
  }
}

function placeOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset).split("\n")
  return { line: before.length, column: before.at(-1)!.length + 1 }
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8")
  } catch (cause) {
    throw new ScenarioProblem(`${path} cannot be read: ${reason(cause as NodeJS.ErrnoException)}`)
  }
}

const reason = ({ code, message }: NodeJS.ErrnoException): string =>
  code === "EACCES" || code === "EPERM" ? "you may not read it; change its permissions" : message

/**
 * A module's default export. tsx loads it, so that a user's file may use any TypeScript. It may import the words as
 * "blackstart/vocabulary" from any folder: nobody should have to install a package to ask a question.
 */
async function importDefault(path: string): Promise<unknown> {
  await read(path)
  const { tsImport } = await import("tsx/esm/api")
  const words = registerHooks({
    resolve: (name, context, next) =>
      name === "blackstart/vocabulary" ? { url: VOCABULARY, shortCircuit: true } : next(name, context),
  })
  let module: { readonly default?: unknown }
  try {
    module = (await tsImport(pathToFileURL(resolve(path)).href, import.meta.url)) as typeof module
  } catch (cause) {
    throw new ScenarioProblem(`${path} could not be loaded: ${firstLine(cause)}`, { cause })
  } finally {
    words.deregister()
  }
  // A file in a folder without "type": "module" is loaded as CommonJS, where a default export is one level down.
  const outer = module.default
  const isCommonJs = typeof outer === "object" && outer !== null && "__esModule" in outer
  const data = isCommonJs ? (outer as { readonly default?: unknown }).default : outer
  if (data === undefined) throw new ScenarioProblem(`${path} has no default export: write export default scenario({ … })`)
  return withoutUndefined(data, path)
}

/** What survives JSON, and only that: a scenario is data. */
function withoutUndefined(data: unknown, path: string): unknown {
  try {
    return JSON.parse(JSON.stringify(data) ?? "null")
  } catch (cause) {
    throw new ScenarioProblem(`${path} holds something that is not data (${firstLine(cause)}): a scenario must survive JSON`)
  }
}

function firstLine(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause)
  // esbuild puts a head line before the error itself.
  const lines = message.split("\n").filter((line) => line.trim() !== "")
  return (lines.find((line) => line.includes("ERROR: ")) ?? lines[0] ?? "no reason given").trim().replace(/[.!]$/u, "")
}

async function checkRecord(path: string, { incident }: Scenario): Promise<void> {
  if (incident?.record === undefined) return
  const ids = [...(await incidents()).keys()]
  if (!ids.includes(incident.record))
    throw new ScenarioProblem(
      `${path}: incident.record: scenarios/incidents.json has no incident ${incident.record}${didYouMean(nearest(incident.record, ids))}`,
    )
}
