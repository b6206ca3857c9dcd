/**
 * When a computed result equals the expected one of a vector (shared/vectors/README.md): numbers by value, decimal strings as
 * strings, and with a tolerance every number, written as a number or as a string, within it. Shapes must agree exactly.
 */

import * as decimal from "../../kernel/decimal.ts"

export interface Tolerance {
  readonly type: "abs" | "rel"
  readonly value: number
}

/** null when they agree; otherwise a sentence that says where they first differ. */
export const findDifference = (
  expected: unknown,
  actual: unknown,
  tolerance?: Tolerance,
  path = "result",
): string | null => {
  if (expected === null) return actual === null ? null : `${path} should be null`
  if (Array.isArray(expected)) return compareLists(expected, actual, tolerance, path)
  if (typeof expected === "object") return compareRecords(expected as Record<string, unknown>, actual, tolerance, path)
  if (typeof expected !== typeof actual) return `${path} should be a ${typeof expected}, not ${describe(actual)}`
  if (expected === actual) return null
  const gap = tolerance === undefined ? null : excess(expected, actual, tolerance)
  if (gap === "within") return null
  return `${path} is ${show(actual)}, expected ${show(expected)}${gap === null ? "" : `, ${gap}`}`
}

const compareLists = (expected: unknown[], actual: unknown, tolerance: Tolerance | undefined, path: string) => {
  if (!Array.isArray(actual)) return `${path} should be a list, not ${describe(actual)}`
  if (actual.length !== expected.length) return `${path} has ${actual.length} entries, expected ${expected.length}`
  for (let i = 0; i < expected.length; i++) {
    const difference = findDifference(expected[i], actual[i], tolerance, `${path}[${i}]`)
    if (difference !== null) return difference
  }
  return null
}

const compareRecords = (
  expected: Record<string, unknown>,
  actual: unknown,
  tolerance: Tolerance | undefined,
  path: string,
): string | null => {
  if (typeof actual !== "object" || actual === null || Array.isArray(actual)) {
    return `${path} should be an object, not ${describe(actual)}`
  }
  const record = actual as Record<string, unknown>
  for (const key of Object.keys(expected)) {
    if (!Object.hasOwn(record, key)) return `${path}.${key} is missing`
    const difference = findDifference(expected[key], record[key], tolerance, `${path}.${key}`)
    if (difference !== null) return difference
  }
  const extra = Object.keys(record).find((key) => !Object.hasOwn(expected, key))
  return extra === undefined ? null : `${path}.${extra} was not expected`
}

/** "within", how far outside, or null where the two are not numbers. In exact decimals: a step of the last digit is exactly that. */
const excess = (expected: unknown, actual: unknown, tolerance: Tolerance): string | null => {
  const a = readNumber(expected)
  const b = readNumber(actual)
  if (a === null || b === null) return null
  const size = (x: decimal.Decimal): decimal.Decimal => (x.units < 0n ? decimal.make(-x.units, x.scale) : x)
  const gap = size(decimal.sub(a, b))
  const value = decimal.parse(tolerance.value)
  const limit = tolerance.type === "abs" ? value : decimal.mul(value, size(a))
  return decimal.compare(gap, limit) <= 0 ? "within" : `off by ${decimal.format(gap)}, allowed ${decimal.format(limit)}`
}

const readNumber = (value: unknown): decimal.Decimal | null => {
  if (typeof value !== "number" && typeof value !== "string") return null
  try {
    return decimal.parse(value)
  } catch {
    return null
  }
}

const describe = (value: unknown): string =>
  value === null ? "null" : Array.isArray(value) ? "a list" : value === undefined ? "nothing" : `a ${typeof value}`

const show = (value: unknown): string => (typeof value === "string" ? `"${value}"` : String(value))
