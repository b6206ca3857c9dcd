/**
 * One run of a study as data. A job is a pure function of its JSON: whoever runs it, on whatever thread or machine, gets the same
 * result, bit for bit. Its key is a digest of that JSON with the code's own digest in it, and so names the result for ever.
 */
import { createHash } from "node:crypto"
import type { Measure } from "../../protocol/boundary/study.ts"
import type { Scenario } from "../../protocol/boundary/scenario.ts"
import type { Setting } from "../adversary/entry.ts"
import type { SupplyParams, SupplyScenario } from "../../protocol/networks/index.ts"

export interface NetworkJob {
  readonly model: "network"
  /** Digest of the code that gives the result. */
  readonly code: string
  /** Whole, with its seed; without the words that change nothing. */
  readonly scenario: Scenario
  /** By column, in the order of the result's values. */
  readonly measure: Readonly<Record<string, Measure>>
  /**
   * A hint, not part of the key: everything before is shared with the other jobs of `history`, so it may be lived through once.
   * The result is the same without it.
   */
  readonly fork?: { readonly atS: number; readonly history: string }
}

export interface SupplyJob {
  readonly model: "supply"
  readonly code: string
  readonly scenario: SupplyScenario
  readonly params: SupplyParams
  /** Digest of the observed series that is gone on from. */
  readonly history: string
  readonly measure: Readonly<Record<string, Measure>>
}

/** The course of one network through a scenario, epoch by epoch. */
export interface CourseJob {
  readonly model: "course"
  readonly code: string
  readonly scenario: Scenario
  readonly network: string
  /** Metrics whose epochs are wanted, by their names in the network. */
  readonly metrics: readonly string[]
  /** Node measures wanted of those that run at the end, and of those that do not. */
  readonly nodes: readonly string[]
  /** Everything it asks for is its result. */
  readonly measure: Readonly<Record<string, never>>
}

/** One play of an adversary of the catalogue. */
export interface AdversaryJob {
  readonly model: "adversary"
  readonly code: string
  readonly entry: string
  readonly setting: Setting
  /** Every figure of a play is its result. */
  readonly measure: Readonly<Record<string, never>>
}

export type Job = NetworkJob | SupplyJob | CourseJob | AdversaryJob

export interface Done {
  readonly status: "done"
  /** NaN, written as null in JSON, where nothing was there to be measured. */
  readonly values: readonly (number | null)[]
  /** Of everything that the run ended with: equal for equal runs. */
  readonly fingerprint: string
}
export interface Failed {
  readonly status: "failed"
  /** One sentence, or the promise that broke. */
  readonly why: string
}
export type JobResult = Done | Failed

/** JSON with the keys of every object in order, so that equal data has one text. */
export const canonical = (data: unknown): string =>
  JSON.stringify(data, (_, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  )

export const digest = (text: string | Uint8Array): string => createHash("sha256").update(text).digest("hex")

/** The name of a job's result. What is measured keeps its order, because the values have it. */
export function keyOf(job: Job): string {
  const { measure, ...rest } = job
  const what = "fork" in rest ? { ...rest, fork: undefined } : rest
  return digest(canonical({ ...what, measure: Object.entries(measure) }))
}
