/** What one number says of many: how unequal, how concentrated, how spread. */
import { quantileOf } from "./estimate.ts"

export const AGGREGATES = ["gini", "mean", "total", "lowest", "highest", "p10", "p50", "p90", "topTenth"] as const
export type Aggregate = (typeof AGGREGATES)[number]

/** Gini coefficient of amounts none of which is negative: 0 all equal, near 1 one has all; NaN where there is nothing. */
export function gini(sorted: ArrayLike<number>): number {
  let sum = 0
  let weighted = 0
  for (let i = 0; i < sorted.length; i++) {
    sum += sorted[i]
    weighted += (i + 1) * sorted[i]
  }
  if (!(sum > 0) || sorted[0] < 0) return NaN
  const n = sorted.length
  return (2 * weighted) / (n * sum) - (n + 1) / n
}

/** One figure of many values. Sums run over the sorted values, so that the order of nodes does not reach the last bit. */
export function aggregate(values: Float64Array, as: Aggregate): number {
  const sorted = Float64Array.from(values).sort()
  const n = sorted.length
  if (n === 0) return NaN
  const total = (from: number): number => {
    let sum = 0
    for (let i = from; i < n; i++) sum += sorted[i]
    return sum
  }
  switch (as) {
    case "gini":
      return gini(sorted)
    case "mean":
      return total(0) / n
    case "total":
      return total(0)
    case "lowest":
      return sorted[0]
    case "highest":
      return sorted[n - 1]
    case "p10":
      return quantileOf(sorted, 0.1)
    case "p50":
      return quantileOf(sorted, 0.5)
    case "p90":
      return quantileOf(sorted, 0.9)
    case "topTenth": {
      const all = total(0)
      return all > 0 ? total(n - Math.max(1, Math.floor(n / 10))) / all : NaN
    }
  }
}
