/**
 * Mechanism 10, diversity-weighted reward: the same pool, split so that work in a scarce failure domain earns more.
 *
 * weight ∝ share^(−β), a domain's share being its part of all work, normalised to a mean of one, clipped, and the lowest over the kinds that
 * count (adversaries 7.2 and 7.3). Pay is weight × work, never weight × presence, so a node that squats in a rare cell earns nothing by
 * being there. What is not said counts as the worst. Splitting an owner's node into many changes nothing: work is what is weighed.
 */
import { pow } from "../kernel/real.ts"
import type { Values } from "../kernel/param.ts"
import { splitProRata } from "../kernel/money.ts"
import type { Registry } from "../registry/registry.ts"
import type { diversityParams } from "./params.ts"
import { domainsOf, KINDS } from "./rows.ts"

type DiversityValues = Values<typeof diversityParams>

/** Weight of a share in permille: share^(−β) over the mean of that power, clipped. */
const clip = (x: number, params: DiversityValues): number =>
  Math.min(params.diversityWeightMaxPermille, Math.max(params.diversityWeightMinPermille, Math.floor(x)))

/**
 * Weight of every node in permille, into `into`, from the work each did (whole units from 0). With β = 0 or no kind that counts, all
 * weigh 1000.
 */
export function computeWeights(r: Registry, work: Float64Array, params: DiversityValues, into: Float64Array): void {
  const nodes = r.nodes.length
  into.fill(1000, 0, nodes)
  if (params.diversityBetaMilli === 0) return
  let all = 0
  for (let node = 0; node < nodes; node++) all += work[node]
  if (all === 0) return
  const beta = params.diversityBetaMilli / 1000
  for (let kind = 0; kind < KINDS.length; kind++) {
    if ((params.diversityKinds & (1 << kind)) === 0) continue
    const of = domainsOf(r, kind)
    const byDomain = new Map<number, number>()
    for (let node = 0; node < nodes; node++)
      if (work[node] > 0) byDomain.set(of[node], (byDomain.get(of[node]) ?? 0) + work[node])
    let mean = 0
    const raw = new Map<number, number>()
    for (const [domain, sum] of byDomain) {
      const power = domain === 0 ? 0 : pow(sum / all, -beta)
      raw.set(domain, power)
      mean += (sum / all) * power
    }
    for (let node = 0; node < nodes; node++) {
      if (work[node] === 0) continue
      const power = raw.get(of[node])!
      const weight = power === 0 || mean === 0 ? params.diversityWeightMinPermille : clip((1000 * power) / mean, params)
      if (weight < into[node] || (params.diversityKinds & ((1 << kind) - 1)) === 0) into[node] = weight
    }
  }
}

/** Splits a pool (a safe whole number) by work × weight; returns the dust that stays in the pool. Floors every share. */
export function splitByDiversity(
  r: Registry,
  pool: number,
  work: Float64Array,
  params: DiversityValues,
  weights: Float64Array,
  into: Float64Array,
): number {
  computeWeights(r, work, params, weights)
  for (let node = 0; node < weights.length; node++) weights[node] *= work[node]
  return splitProRata(pool, weights, into)
}

/** Shares that free entry ends at where a unit of work in domain d costs `costs[d]`: s ∝ c^(−1/β) (adversaries 7.2). β = 0: all to the cheapest. */
export function computeEntryShares(costs: readonly number[], beta: number): readonly number[] {
  if (beta === 0) {
    const least = costs.reduce((a, b) => Math.min(a, b), Infinity)
    const cheapest = costs.indexOf(least)
    return costs.map((_, i) => (i === cheapest ? 1 : 0))
  }
  const raw = costs.map((c) => pow(c, -1 / beta))
  const sum = raw.reduce((a, b) => a + b, 0)
  return raw.map((x) => x / sum)
}

export interface Spread {
  readonly effectiveDomains: number
  /** Fewest domains that hold more than a third. */
  readonly nakamotoThird: number
  readonly largest: number
  /** What the mix costs over the cheapest: Σ s·c / min c. */
  readonly overhead: number
}

/** What a set of shares is worth, and what it costs: decentralisation per token, per domain. */
export function measureSpread(shares: readonly number[], costs: readonly number[]): Spread {
  const least = costs.reduce((a, b) => Math.min(a, b), Infinity)
  const sorted = shares.toSorted((a, b) => b - a)
  let sum = 0
  let nakamotoThird = 0
  while (nakamotoThird < sorted.length && sum <= 1 / 3) sum += sorted[nakamotoThird++]
  return {
    effectiveDomains: 1 / shares.reduce((a, s) => a + s * s, 0),
    nakamotoThird,
    largest: sorted[0] ?? 0,
    overhead: shares.reduce((a, s, i) => a + s * costs[i], 0) / least,
  }
}
