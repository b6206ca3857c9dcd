/**
 * Search for points that meet several goals: NSGA-II (Deb et al. 2002) over the unit cube, with simulated binary crossover and
 * polynomial mutation. Each die is keyed by (seed, generation, child), so that the same answers give the same questions.
 */
import { below, draw, stream } from "../../../protocol/kernel/random.ts"
import { pow } from "../../../protocol/kernel/real.ts"
import { crowding, frontsOf } from "./pareto.ts"
import { sobolSequence } from "./sobol-sequence.ts"

const WORD = 2 ** 32
/** How near children stay to their parents, and mutants to themselves: the usual figures of the paper. */
const CROSSOVER_INDEX = 15
const MUTATION_INDEX = 20
const CROSSOVER_SHARE = 0.9

export interface Individual {
  readonly x: Float64Array
  /** The less the better; NaN counts as infinitely bad. */
  readonly goals: readonly number[]
}

/** The first generation: evenly spread. */
export function firstGeneration(population: number, axes: number, seed: number): Float64Array[] {
  const cube = sobolSequence(population, axes, seed)
  return Array.from({ length: population }, (_, i) => cube.slice(i * axes, (i + 1) * axes))
}

/** The best `population` of all, front by front, the loneliest first within the last one that fits. */
export function survivors(all: readonly Individual[], population: number): readonly Individual[] {
  const { order } = rank(all)
  return order.slice(0, population).map((i) => all[i])
}

/** Those that nobody dominates. */
export function frontOf(all: readonly Individual[]): readonly Individual[] {
  const fronts = frontsOf(all.map((i) => i.goals))
  return all.filter((_, i) => fronts[i] === 0)
}

function rank(all: readonly Individual[]): { readonly order: readonly number[]; readonly place: Uint32Array } {
  const goals = all.map((i) => i.goals)
  const fronts = frontsOf(goals)
  const lonely = new Float64Array(all.length)
  for (let f = 0; ; f++) {
    const members = all.flatMap((_, i) => (fronts[i] === f ? [i] : []))
    if (members.length === 0) break
    const own = crowding(goals, members)
    for (const i of members) lonely[i] = own[i]
  }
  const order = all
    .map((_, i) => i)
    .toSorted((a, b) => fronts[a] - fronts[b] || (lonely[a] === lonely[b] ? 0 : lonely[b] - lonely[a]) || a - b)
  const place = new Uint32Array(all.length)
  order.forEach((i, k) => (place[i] = k))
  return { order, place }
}

/** The next generation's children of these parents. */
export function children(parents: readonly Individual[], generation: number, seed: number): Float64Array[] {
  const { place } = rank(parents)
  const n = parents.length
  const axes = parents[0].x.length
  const pick = stream(seed, "study.search.pick")
  const cross = stream(seed, "study.search.cross")
  const mutate = stream(seed, "study.search.mutate")
  /** The better of two drawn at random. */
  const tournament = (child: number, which: number): Float64Array => {
    const a = below(pick, n, generation, child, 2 * which)
    const b = below(pick, n, generation, child, 2 * which + 1)
    return parents[place[a] <= place[b] ? a : b].x
  }
  return Array.from({ length: n }, (_, child) => {
    const a = tournament(child, 0)
    const b = tournament(child, 1)
    const isCrossed = draw(cross, generation, child, 0xffff) / WORD < CROSSOVER_SHARE
    return Float64Array.from({ length: axes }, (__, k) => {
      const x = isCrossed ? between(a[k], b[k], draw(cross, generation, child, k) / WORD) : a[k]
      const isMutated = below(mutate, axes, generation, child, 2 * k) === 0
      return inside(isMutated ? x + nudge(draw(mutate, generation, child, 2 * k + 1) / WORD) : x)
    })
  })
}

/** Simulated binary crossover of one coordinate; the die also decides which of the two twins is kept. */
function between(a: number, b: number, die: number): number {
  if (die < 0.25 || a === b) return a
  const u = (die - 0.25) / 0.75
  const spread = u < 0.5 ? pow(2 * u, 1 / (CROSSOVER_INDEX + 1)) : pow(1 / (2 * (1 - u) + 1e-12), 1 / (CROSSOVER_INDEX + 1))
  return 0.5 * ((1 + spread) * a + (1 - spread) * b)
}

function nudge(u: number): number {
  const e = 1 / (MUTATION_INDEX + 1)
  return u < 0.5 ? pow(2 * u, e) - 1 : 1 - pow(2 * (1 - u), e)
}

const inside = (x: number): number => (x < 0 ? 0 : x > 1 ? 1 : x)
