/**
 * In which order a study's runs come, and when there are enough. Runs are numbered by this order alone, never by who runs them:
 * all points with the first seed, all with the second, and so on, so that what shares its luck stands together.
 */
import { permilleOf } from "../../protocol/boundary/scenario.ts"
import type { Study } from "../../protocol/boundary/study.ts"
import { isPrecise, meanInterval } from "./maths/estimate.ts"
import { children, firstGeneration, survivors, type Individual } from "./maths/nsga.ts"
import type { Model } from "./model.ts"
import { designSeed, labelOf, valuesAt, type Design, type Point } from "./points.ts"
import type { Results } from "./results.ts"

/** All of `points` with replicates [from, to): run `first + (replicate - from) · points + i`. */
export interface Batch {
  readonly first: number
  readonly points: readonly Point[]
  readonly from: number
  readonly to: number
}
export const runsOf = (b: Batch): number => b.points.length * (b.to - b.from)

export const confidenceOf = ({ confidence }: Study): number =>
  confidence === undefined ? 0.95 : permilleOf(confidence) === undefined ? 0.95 : permilleOf(confidence)! / 1000

/** How many more replicates each round of a sequential study adds: a quarter, whatever the number of workers. */
const more = (n: number, atMost: number): number => Math.min(atMost, n + Math.max(1, Math.ceil(n / 4)))

/** A study under way: give it the results so far, and it says what to run next. */
export class Course {
  readonly batches: Batch[] = []
  /** All that were asked for so far; a search adds to them. */
  readonly points: Point[]
  readonly #study: Study
  readonly #design: Design
  readonly #bases: ReadonlyMap<string, Model>
  readonly #individuals = new Map<string, Individual[]>()
  #generation = 0

  constructor(study: Study, design: Design, bases: ReadonlyMap<string, Model>) {
    this.#study = study
    this.#design = design
    this.#bases = bases
    this.points = [...design.points]
  }

  /** Runs at the very most. */
  get most(): number {
    const { seeds } = this.#study
    const { search, points } = this.#design
    const replicates = "count" in seeds ? seeds.count : seeds.atMost
    return replicates * (search === undefined ? points.length : search.population * (search.generations + 1) * this.#bases.size)
  }

  get replicates(): number {
    return this.batches.at(-1)?.to ?? 0
  }

  /** The next batch, when all before it is known; undefined when the study has what it wants. */
  next(results: Results): Batch | undefined {
    const { seeds } = this.#study
    if (this.#design.search !== undefined) return this.#search(results, "count" in seeds ? seeds.count : seeds.atLeast)
    const last = this.batches.at(-1)
    if (last === undefined) return this.#add(this.points, 0, "count" in seeds ? seeds.count : seeds.atLeast)
    if ("count" in seeds || last.to >= seeds.atMost || this.isPrecise(results)) return undefined
    return this.#add(this.points, last.to, more(last.to, seeds.atMost))
  }

  /** Is the wanted precision met at every point? */
  isPrecise(results: Results): boolean {
    const { seeds } = this.#study
    if ("count" in seeds) return true
    const { measure, halfWidth, relative } = seeds.until
    const k = results.measures.indexOf(measure)
    const wanted = { halfWidth, relative: relative === undefined ? undefined : permilleOf(relative)! / 1000 }
    return this.points.every((p) =>
      isPrecise(meanInterval(this.valuesOf(p.point, k, results), confidenceOf(this.#study)), wanted),
    )
  }

  /** A measure at a point, seed by seed. */
  valuesOf(point: number, measure: number, results: Results): Float64Array {
    const found: number[] = []
    for (const b of this.batches) {
      const i = point - b.points[0].point
      if (i < 0 || i >= b.points.length) continue
      for (let r = b.from; r < b.to; r++) {
        const run = b.first + (r - b.from) * b.points.length + i
        found.push(results.has(run) ? results.get(run, measure) : NaN)
      }
    }
    return Float64Array.from(found)
  }

  #add(points: readonly Point[], from: number, to: number): Batch {
    const first = this.batches.reduce((sum, b) => sum + runsOf(b), 0)
    const batch: Batch = { first, points, from, to }
    this.batches.push(batch)
    return batch
  }

  #search(results: Results, replicates: number): Batch | undefined {
    const search = this.#design.search!
    const { ranges } = this.#design
    const seed = designSeed(search)
    const bases = [...this.#bases.keys()]
    const asked = this.batches.at(-1)?.points ?? []
    for (const [b, base] of bases.entries()) {
      const known = this.#individuals.get(base) ?? []
      const fresh = asked
        .filter((p) => p.base === base)
        .map((p, i): Individual => ({ x: this.#asked[b][i], goals: this.#goalsOf(p, results) }))
      this.#individuals.set(base, [...survivors([...known, ...fresh], search.population)])
    }
    if (this.#generation > search.generations) return undefined
    this.#asked = bases.map((base, b) =>
      this.#generation === 0
        ? firstGeneration(search.population, ranges.length, seed + b)
        : children(this.#individuals.get(base)!, this.#generation, seed + b),
    )
    const points = this.#asked.flatMap((all, b) =>
      all.map((x): Omit<Point, "point"> => {
        const values = valuesAt(ranges, x, false)
        return {
          base: bases[b],
          response: "",
          label: labelOf({ values }, bases[b], bases.length),
          generation: this.#generation,
          values,
        }
      }),
    )
    const numbered = points.map((p, i): Point => ({ ...p, point: this.points.length + i }))
    this.points.push(...numbered)
    this.#generation++
    return this.#add(numbered, 0, replicates)
  }
  /** Of the last generation, by base: where in the cube its points lie. */
  #asked: readonly (readonly Float64Array[])[] = []

  /** The less the better. A point that could not be run is worse than any. */
  #goalsOf(point: Point, results: Results): readonly number[] {
    return this.#design.search!.goals.map(({ measure, want }) => {
      const { mean } = meanInterval(this.valuesOf(point.point, results.measures.indexOf(measure), results), 0.95)
      return want === "least" ? mean : -mean
    })
  }
}
