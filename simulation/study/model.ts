/** What a study varies, measures and runs, whichever model is behind it: the networks' state machines or the supply by the day. */
import { didYouMean, refuse } from "../../protocol/boundary/problem.ts"
import type { Measure } from "../../protocol/boundary/study.ts"
import { nearest } from "../../protocol/kernel/param.ts"
import type { Job } from "./job.ts"

export type Value = number | string

/** Something that a study may vary. */
export interface Variable {
  readonly name: string
  readonly unit: string
  /** Undefined for words, such as the name of a preset. */
  readonly range: readonly [number, number] | undefined
  /** Whole numbers only. */
  readonly isWhole: boolean
  readonly source: string
  readonly because: string
  /** As the base has it. */
  readonly value: Value
  /** What is wrong with a value, in one sentence, or undefined. */
  readonly problem: (value: Value) => string | undefined
}

export interface Recorded {
  readonly unit: string
  readonly because: string
}

/** One base of a study: a scenario, or a case of a supply study. */
export interface Model {
  readonly kind: Job["model"]
  readonly name: string
  /** Throws a ScenarioProblem that begins with `place` when there is no such thing to vary. */
  variable(name: string, place: string): Variable
  /** Throws a ScenarioProblem that begins with `place` when nobody records it. */
  recorded(measure: Measure, place: string): Recorded
  /** Throws a ScenarioProblem when these values cannot be run. */
  job(values: Readonly<Record<string, Value>>, response: readonly unknown[], seed: number): Job
  /** What is run, as data, for the manifest. */
  readonly data: unknown
}

/** Refuses a name, with the nearest right one. */
export const unknown = (place: string, what: string, name: string, names: readonly string[]): never =>
  refuse(`${place}: there is no ${what} ${name}${didYouMean(nearest(name, names), names)}`)
