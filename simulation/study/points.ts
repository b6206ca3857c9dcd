/** The points of a study: every combination of bases and variations, with its values, checked before anything is run. */
import { refuse } from "../../protocol/boundary/problem.ts"
import { RESERVED, RUNS_MAX, type Axis, type Study, type Variation } from "../../protocol/boundary/study.ts"
import { exp, ln } from "../../protocol/kernel/real.ts"
import { toSnakeCase } from "../record/column.ts"
import { latinHypercube, morrisTrajectories, saltelliRows, type Trajectories } from "./maths/design.ts"
import { SOBOL_DIMENSIONS_MAX, sobolSequence } from "./maths/sobol-sequence.ts"
import type { Model, Value, Variable } from "./model.ts"

export interface Point {
  readonly point: number
  readonly base: string
  readonly response: string
  readonly label: string
  /** Of a search; 0 of everything else. */
  readonly generation: number
  /** Of everything that the study varies. */
  readonly values: Readonly<Record<string, Value>>
}

/** An axis of a continuous design. */
export interface Range {
  readonly variable: Variable
  readonly from: number
  readonly to: number
  readonly isLog: boolean
}

export interface Design {
  /** By name, in the order of the study: as the first base has them. */
  readonly variables: readonly Variable[]
  readonly points: readonly Point[]
  readonly responses: ReadonlyMap<string, readonly unknown[]>
  /** Axes of morris, sobolIndices or search. */
  readonly ranges: readonly Range[]
  readonly morris?: Trajectories
  readonly search?: Extract<Variation, { by: "search" }>
}

interface Partial {
  readonly values: Readonly<Record<string, Value>>
  readonly response?: string
  readonly label?: string
}

const DESIGN_SEED = 1
const LEVELS = 4
export const designSeed = (v: { readonly seed?: number | undefined }): number => v.seed ?? DESIGN_SEED

/** Throws a ScenarioProblem for the first thing that cannot be varied so. */
export function designOf(study: Study, models: ReadonlyMap<string, Model>): Design {
  const names = namesOf(study)
  const columns = new Map<string, string>()
  for (const name of names) {
    const column = toSnakeCase(name)
    const other =
      columns.get(column) ?? ((RESERVED as readonly string[]).includes(column) || column in study.measure ? column : undefined)
    if (other !== undefined)
      refuse(`${name} and ${other} would share the column ${column}: rename the measure, or vary one of them`)
    columns.set(column, name)
  }
  const all = [...models.values()]
  for (const model of all) for (const [name, place] of placesOf(study)) model.variable(name, place)
  const variables = names.map((name) => all[0].variable(name, "vary"))
  let partials: readonly Partial[] = [{ values: {} }]
  const responses = new Map<string, readonly unknown[]>()
  let [ranges, morris, search]: [readonly Range[], Trajectories | undefined, Design["search"]] = [[], undefined, undefined]
  for (const [i, v] of (study.vary ?? []).entries()) {
    const place = `vary[${i}] (${v.by})`
    const find = (name: string): Variable => variables.find((x) => x.name === name)!
    if (v.by === "responses") {
      if (all[0].kind === "supply") refuse(`${place}: a supply has no timeline to respond in`)
      for (const [name, moments] of Object.entries(v.of)) {
        if (responses.has(name)) refuse(`${place}: two responses are called ${name}`)
        responses.set(name, moments)
      }
    }
    const own = pointsOf(v, place, find)
    if (own.ranges !== undefined) ranges = own.ranges
    if (own.morris !== undefined) morris = own.morris
    if (v.by === "search") search = v
    const points = partials.length * own.partials.length
    if (points > RUNS_MAX) refuse(`${place} makes ${points} points of this study: at most ${RUNS_MAX} can be run`)
    partials = partials.flatMap((p) => own.partials.map((q) => join(p, q)))
  }
  const points: Point[] = []
  for (const [base, model] of models)
    for (const partial of partials) {
      const own = Object.fromEntries(names.map((name) => [name, partial.values[name] ?? model.variable(name, "vary").value]))
      points.push({
        point: points.length,
        base,
        response: partial.response ?? "",
        label: partial.label ?? labelOf(partial, base, models.size),
        generation: 0,
        values: own,
      })
    }
  return {
    variables,
    points: search === undefined ? points : [],
    responses,
    ranges,
    ...(morris === undefined ? {} : { morris }),
    ...(search === undefined ? {} : { search }),
  }
}

const join = (p: Partial, q: Partial): Partial => {
  const twice = Object.keys(q.values).find((name) => name in p.values)
  if (twice !== undefined) refuse(`${twice} is varied twice: leave it in one of the variations`)
  if (p.response !== undefined && q.response !== undefined) refuse("responses are given twice: put them into one variation")
  const label = [p.label, q.label].filter((x) => x !== undefined).join(", ")
  return {
    values: { ...p.values, ...q.values },
    ...((q.response ?? p.response) === undefined ? {} : { response: (q.response ?? p.response)! }),
    ...(label === "" ? {} : { label }),
  }
}

export function labelOf({ values, response }: Partial, base: string, bases: number): string {
  const parts = [
    ...(bases > 1 ? [base] : []),
    ...(response === undefined ? [] : [response]),
    ...Object.entries(values).map(([name, value]) => `${name} = ${sayValue(value)}`),
  ]
  return parts.length === 0 ? base : parts.join(", ")
}

const sayValue = (v: Value): string =>
  typeof v === "number" && !Number.isInteger(v) ? String(Number(v.toPrecision(6))) : String(v)

/** Everything that a study varies, each name once, and where it is named first. */
function placesOf({ vary = [] }: Study): ReadonlyMap<string, string> {
  const places = new Map<string, string>()
  for (const [i, v] of vary.entries()) {
    const place = `vary[${i}] (${v.by})`
    const names = v.by === "responses" ? [] : v.by === "list" ? v.points.flatMap((p) => Object.keys(p.set)) : Object.keys(v.of)
    for (const name of names) if (!places.has(name)) places.set(name, place)
  }
  return places
}
const namesOf = (study: Study): readonly string[] => [...placesOf(study).keys()]

interface Pointed {
  readonly partials: readonly Partial[]
  readonly ranges?: readonly Range[]
  readonly morris?: Trajectories
}

function pointsOf(v: Variation, place: string, find: (name: string) => Variable): Pointed {
  const checked = (name: string, value: Value): Value => {
    const wrong = find(name).problem(value)
    return wrong === undefined ? value : refuse(`${place}: ${wrong}`)
  }
  switch (v.by) {
    case "responses":
      return { partials: Object.keys(v.of).map((response) => ({ values: {}, response })) }
    case "list":
      return {
        partials: v.points.map(({ label, set }) => ({
          values: Object.fromEntries(Object.entries(set).map(([name, value]) => [name, checked(name, value)])),
          ...(label === undefined ? {} : { label }),
        })),
      }
    case "zip": {
      const names = Object.keys(v.of)
      return {
        partials: v.of[names[0]].map((_, i) => ({
          values: Object.fromEntries(names.map((name) => [name, checked(name, v.of[name][i])])),
        })),
      }
    }
    case "grid": {
      let partials: readonly Partial[] = [{ values: {} }]
      for (const [name, choice] of Object.entries(v.of)) {
        const { isWhole } = find(name)
        const listed = Array.isArray(choice)
        const written: readonly Value[] = listed ? (choice as readonly Value[]) : steps(choice as never, isWhole)
        if (partials.length * written.length > RUNS_MAX)
          refuse(`${place} makes ${partials.length * written.length} points with ${name}: at most ${RUNS_MAX} can be run`)
        const values = written.map((value) => checked(name, value))
        partials = partials.flatMap((p) => values.map((value) => ({ values: { ...p.values, [name]: value } })))
      }
      return { partials }
    }
    default: {
      const ranges = Object.entries(v.of).map(([name, axis]) => rangeOf(find(name), axis, `${place}.of.${name}`))
      const seed = designSeed(v)
      const deep = (dimensions: number): void => {
        if (dimensions > SOBOL_DIMENSIONS_MAX)
          refuse(
            `${place} needs ${dimensions} dimensions, and the Sobol sequence has ${SOBOL_DIMENSIONS_MAX}: screen with "morris" first`,
          )
      }
      if (v.by === "morris") {
        const morris = morrisTrajectories(v.trajectories, ranges.length, v.levels ?? LEVELS, seed)
        return { partials: cubed(morris.points, ranges, true), ranges, morris }
      }
      if (v.by === "sobolIndices") deep(2 * ranges.length)
      else deep(v.by === "latinHypercube" ? 0 : ranges.length)
      // The points of a search are found on the way; one stands for them.
      if (v.by === "search") return { partials: cubed(new Float64Array(ranges.length), ranges, false), ranges }
      const cube =
        v.by === "latinHypercube"
          ? latinHypercube(v.points, ranges.length, seed)
          : v.by === "sobolSequence"
            ? sobolSequence(v.points, ranges.length, seed)
            : saltelliRows(v.rows, ranges.length, seed)
      return { partials: cubed(cube, ranges, false), ranges }
    }
  }
}

function steps(
  { from, to, steps: n }: { readonly from: number; readonly to: number; readonly steps: number },
  isWhole: boolean,
): readonly number[] {
  const values = Array.from({ length: n }, (_, i) => from + ((to - from) * i) / (n - 1)).map((x) => (isWhole ? Math.round(x) : x))
  return [...new Set(values)]
}

function rangeOf(variable: Variable, axis: Axis, place: string): Range {
  if (variable.range === undefined) refuse(`${place} is a name, and has no range: put it into a grid or a list`)
  const [min, max] = variable.range!
  const { from = min, to = max } = axis
  for (const end of [from, to]) {
    const wrong = variable.problem(end)
    if (wrong !== undefined) refuse(`${place}: ${wrong}`)
  }
  if (!(from < to)) refuse(`${place} goes from ${from} to ${to}: from must be below to`)
  const isLog = axis.scale === "log"
  if (isLog && from <= 0) refuse(`${place} begins at ${from}: a logarithmic scale begins above 0`)
  return { variable, from, to, isLog }
}

/** The value at share `u` of an axis. Whole values have equal shares of it, or with `isGrid` its ends are its ends. */
export function valueAt({ variable, from, to, isLog }: Range, u: number, isGrid: boolean): number {
  const wide = variable.isWhole && !isGrid && !isLog
  const x = isLog ? exp(ln(from) + u * (ln(to) - ln(from))) : from + u * (to - from + (wide ? 1 : 0))
  const value = variable.isWhole ? (wide ? Math.floor(x) : Math.round(x)) : x
  return Math.min(to, Math.max(from, value))
}

export const valuesAt = (ranges: readonly Range[], x: ArrayLike<number>, isGrid: boolean): Record<string, number> =>
  Object.fromEntries(ranges.map((r, k) => [r.variable.name, valueAt(r, x[k], isGrid)]))

const cubed = (cube: Float64Array, ranges: readonly Range[], isGrid: boolean): readonly Partial[] =>
  Array.from({ length: cube.length / ranges.length }, (_, i) => ({
    values: valuesAt(ranges, cube.subarray(i * ranges.length, (i + 1) * ranges.length), isGrid),
  }))
