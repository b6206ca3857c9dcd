/** What is wrong with data that is no scenario, in one sentence: the thing, its place in the data, and what would be right. */
// oxlint-disable no-underscore-dangle -- Effect tells its unions apart by _tag
import type * as SchemaAST from "effect/SchemaAST"
import type * as SchemaIssue from "effect/SchemaIssue"
import { nearest } from "../kernel/param.ts"

type Path = readonly PropertyKey[]

/** A union that is told apart by one word, such as the verb of an action. */
interface Told {
  readonly by: string
  readonly words: readonly string[]
}

interface Found {
  readonly path: Path
  readonly sentence: string
  /** A misspelt key explains the missing one, so it is said first. */
  readonly rank: number
}

export function sayProblem(issue: SchemaIssue.Issue, data: unknown): string {
  if (typeof data !== "object" || data === null || Array.isArray(data))
    return `this is ${what(data)}, not a scenario: a scenario is an object with at least question, begins, lasts, seed, epoch and networks`
  const found = walk(issue, [], data, undefined)
  const first = found.reduce((best, one) => (one.rank < best.rank ? one : best))
  return first.sentence
}

function walk(
  issue: SchemaIssue.Issue,
  path: Path,
  data: unknown,
  around: SchemaAST.AST | undefined,
  expected?: string,
): readonly Found[] {
  const place = sayPath(path, data)
  const value = valueAt(path, data)
  const wrong = (wanted: string): readonly Found[] => [
    { path, rank: 1, sentence: `${place} must be ${wanted}, and is ${what(value)}` },
  ]
  switch (issue._tag) {
    case "Composite":
      return issue.issues.flatMap((inner) => walk(inner, path, data, issue.ast, expected))
    case "Pointer":
      return walk(issue.issue, [...path, ...issue.path], data, around)
    case "Filter":
      return walk(issue.issue, path, data, around, textOf(issue.filter.annotations?.expected) ?? expected)
    case "Encoding":
      return walk(issue.issue, path, data, around, expected)
    case "MissingKey":
      return [
        {
          path,
          rank: 2,
          sentence: `${sayPath(path.slice(0, -1), data, "the scenario")} has no ${String(path.at(-1))}: ${wantedAt(around, path)}`,
        },
      ]
    case "UnexpectedKey":
      return [{ path, rank: 0, sentence: unexpected(around, path, data) }]
    case "AnyOf":
      return alternatives(issue, path, data, wrong)
    default:
      return wrong(expected ?? ("ast" in issue ? expectedOf(issue.ast as SchemaAST.AST) : undefined) ?? "something else")
  }
}

/** Of a union: an unknown telling word, what is wrong inside the one member that was meant, or what the union expects. */
function alternatives(
  issue: SchemaIssue.AnyOf,
  path: Path,
  data: unknown,
  wrong: (wanted: string) => readonly Found[],
): readonly Found[] {
  const value = valueAt(path, data)
  const told = issue.ast.annotations?.told as Told | undefined
  if (told !== undefined && typeof value === "object" && value !== null && !Array.isArray(value)) {
    const word = (value as Record<string, unknown>)[told.by]
    if (word === undefined)
      return [{ path, rank: 1, sentence: `${sayPath(path, data)} has no ${told.by}: it is one of ${told.words.join(", ")}` }]
    if (!told.words.includes(word as string)) {
      const near = typeof word === "string" ? `; did you mean ${nearest(word, told.words)}?` : ""
      return [
        {
          path,
          rank: 0,
          sentence: `${sayPath(path, data)} has ${told.by} ${JSON.stringify(word)}, which is none of ${told.words.join(", ")}${near}`,
        },
      ]
    }
    // The word chose the member: whatever is wrong is inside that one.
    return issue.issues.flatMap((inner) => walk(inner, path, data, undefined))
  }
  return wrong(expectedOf(issue.ast) ?? "something else")
}

function unexpected(around: SchemaAST.AST | undefined, path: Path, data: unknown): string {
  const key = String(path.at(-1))
  const known = keysOf(around).map((k) => k.name)
  const near = nearest(key, known)
  const place = sayPath(path.slice(0, -1), data, "a scenario")
  return `${place} has no ${key}${near === undefined ? "" : `; did you mean ${near}? It may have ${known.join(", ")}`}`
}

const wantedAt = (around: SchemaAST.AST | undefined, path: Path): string => {
  const type = keysOf(around).find((k) => k.name === path.at(-1))?.type
  return `it needs ${(type === undefined ? undefined : expectedOf(type)) ?? "one"}`
}

function keysOf(ast: SchemaAST.AST | undefined): readonly { readonly name: string; readonly type: SchemaAST.AST }[] {
  return ast?._tag === "Objects" ? ast.propertySignatures.map(({ name, type }) => ({ name: String(name), type })) : []
}

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined)

function expectedOf(ast: SchemaAST.AST): string | undefined {
  const said = textOf(ast.annotations?.expected)
  if (said !== undefined) return said
  const checked = ast.checks?.map((check) => textOf(check.annotations?.expected)).find((text) => text !== undefined)
  if (checked !== undefined) return checked
  switch (ast._tag) {
    case "String":
      return "some words in quotation marks"
    case "Number":
      return "a number"
    case "Arrays":
      return "a list"
    case "Objects":
      return ast.propertySignatures.length > 0
        ? `an object with ${ast.propertySignatures.map((p) => String(p.name)).join(", ")}`
        : "an object"
    case "Literal":
      return JSON.stringify(ast.literal)
    default:
      return undefined
  }
}

function valueAt(path: Path, data: unknown): unknown {
  let value: unknown = data
  for (const key of path)
    value = typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined
  return value
}

/** `timeline[2] ("the bad file").do.for`: a moment is found by its label sooner than by its number. */
export function sayPath(path: Path, data: unknown, root = "the scenario"): string {
  if (path.length === 0) return root
  return path.reduce<string>((said, key, i) => {
    if (typeof key !== "number") return said === "" ? String(key) : `${said}.${String(key)}`
    const item = valueAt(path.slice(0, i + 1), data)
    const label = typeof item === "object" && item !== null ? (item as { label?: unknown }).label : undefined
    return `${said}[${key}]${typeof label === "string" ? ` ("${label}")` : ""}`
  }, "")
}

/** A value as it stands in the file, cut short. */
export function what(value: unknown): string {
  if (value === undefined) return "missing"
  const text = JSON.stringify(value) ?? typeof value
  if (text.length <= 60) return text
  return Array.isArray(value)
    ? `a list of ${value.length}`
    : typeof value === "object"
      ? "another object"
      : `${text.slice(0, 57)}...`
}
