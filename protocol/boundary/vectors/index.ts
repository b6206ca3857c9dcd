/**
 * Numeric test vectors: one function name per rule, an input, an expected result (format: shared/vectors/README.md). Runs a file
 * of them against the rules of this repository.
 */

import { akash } from "./akash.ts"
import { findDifference, type Tolerance } from "./compare.ts"
import { filecoin } from "./filecoin.ts"
import { helium } from "./helium.ts"
import { heliumMobile } from "./helium-mobile.ts"
import { PENDING } from "./pending.ts"
import { render } from "./render.ts"
import { resilience } from "./resilience.ts"

/** A rule as vectors call it: JSON in, JSON out; throws for input outside the rule's domain. */
export type VectorFunction = (input: never) => unknown

/** Every rule under its vector name. A network adds one line. */
export const registry: Readonly<Record<string, VectorFunction>> = {
  ...akash,
  ...filecoin,
  ...helium,
  ...heliumMobile,
  ...render,
  ...resilience,
}

export interface Vector {
  readonly id: string
  readonly fn: string
  readonly input: unknown
  readonly expected: unknown
  readonly tolerance?: Tolerance
}

export interface VectorFailure {
  readonly id: string
  readonly fn: string
  readonly expected: unknown
  /** undefined where the function is unknown or threw. */
  readonly actual: unknown
  readonly message: string
}

export interface VectorReport {
  readonly passed: number
  readonly failed: VectorFailure[]
  readonly pending: { fn: string; count: number; reason: string }[]
}

/** Runs the vectors of one parsed file. Throws a TypeError when it is no vector file. */
export const runVectors = (fileJson: unknown): VectorReport => {
  const failed: VectorFailure[] = []
  const pending = new Map<string, number>()
  let passed = 0
  for (const vector of readVectors(fileJson)) {
    if (!Object.hasOwn(registry, vector.fn) && PENDING.has(vector.fn)) {
      pending.set(vector.fn, (pending.get(vector.fn) ?? 0) + 1)
      continue
    }
    const failure = runVector(vector)
    if (failure === null) passed++
    else failed.push(failure)
  }
  return {
    passed,
    failed,
    pending: Array.from(pending, ([fn, count]) => ({ fn, count, reason: PENDING.get(fn)! })),
  }
}

const runVector = ({ id, fn, input, expected, tolerance }: Vector): VectorFailure | null => {
  const fail = (actual: unknown, message: string): VectorFailure => ({ id, fn, expected, actual, message })
  if (!Object.hasOwn(registry, fn)) return fail(undefined, `no function named ${fn}`)
  let actual: unknown
  try {
    actual = registry[fn](input as never)
  } catch (error) {
    return fail(undefined, `threw: ${error instanceof Error ? error.message : String(error)}`)
  }
  const difference = findDifference(expected, actual, tolerance)
  return difference === null ? null : fail(actual, difference)
}

const readVectors = (fileJson: unknown): Vector[] => {
  const list = isRecord(fileJson) ? fileJson.vectors : undefined
  if (!Array.isArray(list)) throw new TypeError('it has no list named "vectors"')
  for (const [i, entry] of list.entries()) {
    const isComplete =
      isRecord(entry) && typeof entry.id === "string" && typeof entry.fn === "string" && "input" in entry && "expected" in entry
    if (!isComplete) throw new TypeError(`entry ${i} of "vectors" lacks one of id, fn, input, expected`)
    if (entry.tolerance !== undefined && !isTolerance(entry.tolerance)) {
      throw new TypeError(`the tolerance of ${entry.id as string} should be {"type": "abs" or "rel", "value": a number}`)
    }
  }
  return list as Vector[]
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const isTolerance = (value: unknown): value is Tolerance =>
  isRecord(value) && (value.type === "abs" || value.type === "rel") && typeof value.value === "number" && value.value >= 0
