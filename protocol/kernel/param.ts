/** Parameters: every number of a network with its unit, its range, where it comes from and why it is there. */

export interface Param {
  readonly default: number
  readonly unit: string
  /** Inclusive. */
  readonly range: readonly [number, number]
  /** A HIP, FIP, RNP or AEP number with a date, a file at a commit, or "assumption: …". */
  readonly source: string
  readonly because: string
  /** `protocol`: a rule reads it. `world`: only inhabitants do (what people and machines are like). */
  readonly side?: "protocol" | "world"
  /** What it is about, in a word or two: whoever lists parameters puts those of one topic together. */
  readonly topic?: string
  /** What it sets is mostly set when a run begins: a sweep of it has no common past, and begins anew. */
  readonly atStart?: true
}
export type Params = Readonly<Record<string, Param>>
export type Values<P extends Params = Params> = { readonly [K in keyof P]: number }

/** Keeps the literal names, so that a misspelt parameter is a type error. */
export const params = <const P extends Params>(all: P): P => all

/**
 * The parameters with their topics, in the order they have. A topic names its parameters, whole or as `prefix*`. Throws a RangeError for
 * a parameter that is in no topic or in two, and for a name that is no parameter.
 */
export function underTopics<const P extends Params>(all: P, topics: Readonly<Record<string, readonly string[]>>): P {
  const found: Record<string, string> = {}
  for (const [topic, names] of Object.entries(topics))
    for (const name of names) {
      const isOf = name.endsWith("*") ? (n: string) => n.startsWith(name.slice(0, -1)) : (n: string) => n === name
      const mine = Object.keys(all).filter(isOf)
      if (mine.length === 0) throw new RangeError(`topic "${topic}": there is no parameter ${name}`)
      for (const n of mine) {
        if (n in found) throw new RangeError(`parameter ${n} is under "${found[n]}" and under "${topic}": leave it out of one`)
        found[n] = topic
      }
    }
  const without = Object.keys(all).find((name) => !(name in found))
  if (without !== undefined) throw new RangeError(`parameter ${without} is under no topic: put it under one`)
  return Object.fromEntries(Object.entries(all).map(([name, p]) => [name, { ...p, topic: found[name] }])) as unknown as P
}

export interface Preset<P extends Params = Params> {
  readonly because: string
  readonly from?: string
  readonly to?: string
  readonly values: { readonly [K in keyof P]?: number }
}

export const defaults = <P extends Params>(all: P): Values<P> =>
  Object.fromEntries(Object.keys(all).map((name) => [name, all[name].default])) as Values<P>

/** Levenshtein distance, for "did you mean". */
export function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)))
    row = next
  }
  return row[b.length]
}

/** The nearest of `names` to `wrong`, by edit distance without regard to case; ties go to the first. */
export function nearest(wrong: string, names: readonly string[]): string | undefined {
  let best: string | undefined
  let least = Infinity
  for (const name of names) {
    const d = distance(wrong.toLowerCase(), name.toLowerCase())
    if (d < least) {
      least = d
      best = name
    }
  }
  return best
}

/** What is wrong with setting `name` to `value`, or undefined when nothing is. One sentence: thing, place, way out. */
export function problem(network: string, all: Params, name: string, value: unknown): string | undefined {
  const p = Object.hasOwn(all, name) ? all[name] : undefined
  if (p === undefined) {
    const near = nearest(name, Object.keys(all))
    const hint =
      near === undefined
        ? ""
        : `; did you mean ${network}.${near} (${all[near].unit}, ${all[near].range[0]} to ${all[near].range[1]})?`
    return `${network} has no parameter ${name}${hint}`
  }
  const [min, max] = p.range
  if (typeof value !== "number" || !Number.isSafeInteger(value))
    return `${network}.${name} must be a whole number of ${p.unit} from ${min} to ${max}, got ${JSON.stringify(value)}`
  if (value < min || value > max)
    return `${network}.${name} = ${value} ${p.unit} is out of range: it may be ${min} to ${max} (${p.source})`
  return undefined
}

/** Defaults, then a preset, then changes. Throws a RangeError with one sentence for the first wrong one. */
export function resolve<P extends Params>(
  network: string,
  all: P,
  preset: Preset<P> | undefined,
  changes: Readonly<Record<string, number>> = {},
): Values<P> {
  const values: Record<string, number> = { ...defaults(all) }
  for (const [name, value] of [...Object.entries(preset?.values ?? {}), ...Object.entries(changes)]) {
    const wrong = problem(network, all, name, value)
    if (wrong !== undefined) throw new RangeError(wrong)
    values[name] = value as number
  }
  return values as Values<P>
}
