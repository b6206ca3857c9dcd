/**
 * Rows at the door: JSON ⇄ facts, as Effect schemas built from a row type's columns.
 *
 * Numbers stay numbers; wide amounts, which JSON numbers cannot hold, are decimal strings. A value outside its column's
 * range never becomes a row: the error names the type, the column, the value and the range.
 */
import { Data, Result, Schema, SchemaTransformation } from "effect"
import { nearest } from "../kernel/param.ts"
import { appendFact, type EventTypes, type Fact, type Tables } from "../kernel/row-type.ts"
import { assertFits, readRow, type AnyTable, type Shape } from "../kernel/table.ts"
import type { Unit } from "../kernel/unit.ts"

/** A fact as it travels: wide amounts are decimal strings. */
export type JsonFact = { readonly type: string } & Readonly<Record<string, number | string>>
export type Cell = number | bigint

/** One sentence: which type and column, what was given, and what may be. */
export class BadRow extends Data.TaggedError("BadRow")<{ readonly message: string }> {}

/** Decimal digits as `bigint` writes them: no leading zero, no plus, no minus zero. */
const DIGITS = /^(?:0|-?[1-9][0-9]{0,30})$/

const misfit = (u: Unit, name: string, value: unknown): string | undefined => {
  try {
    assertFits(u, name, value)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

/** What a column may hold, in words. */
export const rangeOf = (u: Unit): string =>
  u.store === "wide"
    ? `a whole number of ${u.unit} within ±2^101, as a string of digits`
    : `a ${u.store === "real" ? "finite" : "whole"} number of ${u.unit} from ${u.min} to ${u.max}`

/** One cell: a number within the unit's range, or digits for a wide one. */
export const columnSchema = (name: string, u: Unit): Schema.Codec<Cell, number | string> => {
  const expected = rangeOf(u)
  const fits = Schema.makeFilter((value: Cell) => misfit(u, name, value), { expected })
  if (u.store !== "wide")
    return Schema.Number.annotate({ expected, description: u.unit }).check(fits) as Schema.Codec<Cell, number | string>
  const digits = Schema.String.annotate({ expected, description: u.unit }).check(Schema.isPattern(DIGITS, { expected }))
  return digits.pipe(
    Schema.decodeTo(
      Schema.BigInt.check(fits),
      SchemaTransformation.transform({ decode: (text: string) => BigInt(text), encode: (n: bigint) => String(n) }),
    ),
  ) as Schema.Codec<Cell, number | string>
}

const columnsOf = (shape: Shape) => Object.fromEntries(Object.keys(shape).map((name) => [name, columnSchema(name, shape[name])]))

/** A row of a shape, without its type. */
export const rowSchema = (
  shape: Shape,
): Schema.Codec<Readonly<Record<string, Cell>>, Readonly<Record<string, number | string>>> =>
  Schema.Struct(columnsOf(shape)) as never

/** A fact of any of these types, told apart by `type`. */
export const factSchema = <T extends EventTypes>(types: T): Schema.Codec<Fact<T>, JsonFact> =>
  Schema.Union(
    Object.keys(types).map((name) =>
      Schema.Struct({ type: Schema.tag(name), ...columnsOf(types[name].shape) }).annotate({ description: types[name].because }),
    ),
  ) as never

/** The two directions of one set of types. */
export interface FactCodec<T extends EventTypes> {
  /** JSON → fact, or why not. */
  readonly decode: (json: unknown) => Result.Result<Fact<T>, BadRow>
  readonly encode: (fact: Fact<T>) => JsonFact
  /** Appends JSON facts to tables, all or none. */
  readonly read: (json: readonly unknown[], into: Tables<T>) => Result.Result<number, BadRow>
  /** Rows [begin, end) of a type as JSON facts. */
  readonly write: (type: keyof T & string, from: AnyTable, begin: number, end: number) => readonly JsonFact[]
}

/** A codec of facts: strict, so that a misspelt column is an error and not a loss. */
export function factCodec<T extends EventTypes>(types: T): FactCodec<T> {
  const schema = factSchema(types)
  const decodeStrictly = Schema.decodeUnknownResult(schema, { onExcessProperty: "error" })
  const encode = Schema.encodeSync(schema)
  const decode = (json: unknown): Result.Result<Fact<T>, BadRow> =>
    Result.mapError(decodeStrictly(json), (error) => new BadRow({ message: problemWith(types, json) ?? error.message }))
  return {
    decode,
    encode,
    read(json, into) {
      const facts: Fact<T>[] = []
      for (const [i, one] of json.entries()) {
        const fact = decode(one)
        if (Result.isFailure(fact)) return Result.fail(new BadRow({ message: `fact ${i}: ${fact.failure.message}` }))
        facts.push(fact.success)
      }
      for (const fact of facts) appendFact(into, fact)
      return Result.succeed(facts.length)
    },
    write: (type, from, begin, end) =>
      Array.from({ length: end - begin }, (_, k) => encode({ type, ...readRow(from as never, begin + k) } as unknown as Fact<T>)),
  }
}

/** What is wrong with a fact, in one sentence, or undefined when nothing is. */
export function problemWith(types: EventTypes, json: unknown): string | undefined {
  if (typeof json !== "object" || json === null || Array.isArray(json))
    return `a fact is an object with a type, got ${show(json)}`
  const { type, ...row } = json as Record<string, unknown>
  if (typeof type !== "string" || !Object.hasOwn(types, type)) {
    const near = typeof type === "string" ? nearest(type, Object.keys(types)) : undefined
    return `there is no type ${show(type)}${near === undefined ? `; there are ${Object.keys(types).join(", ")}` : `; did you mean ${near}?`}`
  }
  return problemWithRow(type, types[type], row)
}

/** The same for the columns of a row whose type is known. */
export function problemWithRow(
  type: string,
  { shape }: EventTypes[string],
  row: Readonly<Record<string, unknown>>,
): string | undefined {
  for (const name of Object.keys(shape)) {
    const u = shape[name]
    if (!Object.hasOwn(row, name)) return `${type}.${name} is missing: it must be ${rangeOf(u)}`
    const value = row[name]
    const wide = u.store === "wide" && typeof value === "string" && DIGITS.test(value)
    if (misfit(u, name, wide ? BigInt(value) : u.store === "wide" ? undefined : value) !== undefined)
      return `${type}.${name} must be ${rangeOf(u)}, got ${show(value)}`
  }
  const excess = Object.keys(row).find((name) => !Object.hasOwn(shape, name))
  if (excess === undefined) return undefined
  const near = nearest(excess, Object.keys(shape))
  return `${type} has no column ${excess}${near === undefined ? "" : `; did you mean ${near}?`}`
}

const LONGEST = 60
const show = (value: unknown): string => {
  const text =
    typeof value === "bigint"
      ? `${value}n`
      : Object.is(value, -0)
        ? "-0"
        : typeof value === "number"
          ? String(value)
          : (JSON.stringify(value) ?? String(value))
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}
