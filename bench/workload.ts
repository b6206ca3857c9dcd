/**
 * What the two published workloads share: their counter-based generator, the parts of a network that a workload has no use
 * for, and a clock that refuses to time a run whose results are wrong.
 */
import { createHash } from "node:crypto"
import type { NewHasher } from "../protocol/kernel/hash.ts"
import type { Ports } from "../protocol/kernel/network.ts"

export interface Timing {
  readonly workload: string
  readonly variant: string
  readonly seconds: number
  /** Of the same run: what the processor was busy with it, whoever else it served meanwhile. */
  readonly userSeconds: number
  readonly rate: number
  readonly unit: string
  /** Rate over the rate of the bare typed-array loop in the same process. */
  readonly ratio: number
}

export interface Options {
  /** Timed runs after one warm-up; the median counts. */
  readonly repeats?: number
}

export const sha256: NewHasher = () => createHash("sha256")

/** h(a, b, c) of the specification: a u32. */
export function h(a: number, b: number, c: number): number {
  let x = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca77) ^ Math.imul(c, 0xc2b2ae3d)
  x ^= x >>> 16
  x = Math.imul(x, 0x7feb352d)
  x ^= x >>> 15
  x = Math.imul(x, 0x846ca68b)
  x ^= x >>> 16
  return x >>> 0
}

/** What the contract asks of a network that real people live in; a workload has a driver instead. */
export const uninhabited = {
  params: {},
  presets: { only: { because: "a workload has no parameters: its numbers are its specification", values: {} } },
  defaultPreset: "only",
  invariants: {},
  metrics: {},
  nodeMeasures: {},
  sabotage: {},
  inhabit: {
    profile: "none",
    facilities: [],
    demandMilliPerNodeMinute: () => 0,
    enter: () => {
      throw new Error("a workload is driven by its bench, not by inhabitants")
    },
  },
} as const

/** No workload looks at a map. */
export const noPorts: Ports = { geometry: undefined as never }

/** Each variant's median time in seconds, and the processor time of that run. `check` throws on a wrong result: on the warm-up, before anything is timed, and on every run. */
export function measure<Result>(
  workload: string,
  unit: string,
  units: number,
  variants: Readonly<Record<string, () => Result>>,
  check: (result: Result, variant: string) => void,
  repeats: number,
): readonly Timing[] {
  const seconds = Object.entries(variants).map(([variant, run]) => {
    check(run(), variant)
    const times = Array.from({ length: Math.max(1, repeats) }, () => {
      const begun = process.cpuUsage()
      const begin = performance.now()
      const result = run()
      const seconds = (performance.now() - begin) / 1000
      const userSeconds = process.cpuUsage(begun).user / 1e6
      check(result, variant)
      return { seconds, userSeconds }
    }).sort((a, b) => a.seconds - b.seconds)
    return { variant, ...times[times.length >> 1] }
  })
  // The bare loop is the first variant.
  return seconds.map((s) => ({ workload, ...s, rate: units / s.seconds, unit, ratio: seconds[0].seconds / s.seconds }))
}

/** Throws unless `actual` rounds to the published figure, at the digits that were published. */
export function agree(where: string, name: string, actual: number, published: string): void {
  const decimals = published.split(".")[1]?.length ?? 0
  if (actual.toFixed(decimals) !== published)
    throw new Error(`${where}: ${name} is ${actual}, the published check value is ${published}; a wrong run is not timed`)
}
