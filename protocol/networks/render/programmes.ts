/** The first years' programmes around the emission: the Foundation's half, upgrade points, compute clients, monthly tables (RNP-003, 006, 013, 022). */
import * as decimal from "../../kernel/decimal.ts"
import type { Decimal } from "../../kernel/decimal.ts"
import { quotient } from "./quotient.ts"

const MONTHS_PER_QUARTER = decimal.make(3n)
const MONTHS_PER_YEAR = decimal.make(12n)

/** RNP-003: the Foundation's part of a monthly emission, and of three months. */
export function computeFoundationSplit(monthly: Decimal, share: Decimal): { monthly: Decimal; quarterly: Decimal } {
  const part = decimal.mul(monthly, share)
  return { monthly: part, quarterly: decimal.mul(part, MONTHS_PER_QUARTER) }
}

/** A monthly figure as the pool of an epoch, to 6 decimals half to even. Weeks use a year of 364 days. */
export const computeEpochPool = (monthly: Decimal, epochDays: Decimal, daysPerYear: Decimal): Decimal =>
  decimal.div(decimal.mul(decimal.mul(monthly, MONTHS_PER_YEAR), epochDays), daysPerYear, 6, "half_even")

/** RNP-006: points for tokens moved to the new chain, and their share of a monthly pool; 0 while nobody has points. */
export function computeUpgradePoints(
  userTokens: Decimal,
  totalTokens: Decimal,
  pointsPerToken: Decimal,
  pool: Decimal,
): { userPoints: Decimal; totalPoints: Decimal; reward: Decimal } {
  const userPoints = decimal.mul(userTokens, pointsPerToken)
  const totalPoints = decimal.mul(totalTokens, pointsPerToken)
  const reward = totalPoints.units === 0n ? decimal.zero : quotient(decimal.mul(pool, userPoints), totalPoints)
  return { userPoints, totalPoints, reward }
}

/** The last token number of each band, and its points (RNP-006). */
const BANDS: readonly (readonly [last: bigint, points: bigint])[] = [
  [39_999_999n, 5n],
  [79_999_999n, 4n],
  [139_999_999n, 3n],
  [179_999_999n, 2n],
  [229_999_999n, 1n],
]

/** Points handed out by the time `totalTokens` (whole) were upgraded. */
export function computeUpgradePointsTotal(totalTokens: bigint): bigint {
  let points = 0n
  let before = 0n
  for (const [last, each] of BANDS) {
    const upTo = totalTokens < last ? totalTokens : last
    if (upTo > before) points += (upTo - before) * each
    before = last
  }
  return points
}

/** RNP-006: pool of the retired compute clients: an even part of what remains, at most `perNodeCap` a node. 0 when no month is left. */
export function computeClientPool(remaining: Decimal, monthsLeft: Decimal, nodes: Decimal, perNodeCap: Decimal): Decimal {
  if (monthsLeft.units <= 0n) return decimal.zero
  return decimal.min(quotient(remaining, monthsLeft), decimal.mul(nodes, perNodeCap))
}

const EARNED_FLOOR = decimal.parse("0.1")
const EARNED_SPAN = decimal.parse("0.9")

/** RNP-006: score of a retired compute client: earnings (0.1 to 1), bandwidth, GPU and uptime, weighted. */
export function computeClientScore(
  earned: Decimal,
  maxEarned: Decimal,
  parts: { readonly bandwidth: Decimal; readonly gpu: Decimal; readonly uptime: Decimal },
  weights: readonly Decimal[],
): { a: Decimal; score: Decimal } {
  const a =
    maxEarned.units === 0n ? EARNED_FLOOR : decimal.add(EARNED_FLOOR, quotient(decimal.mul(EARNED_SPAN, earned), maxEarned))
  const terms = [a, parts.bandwidth, parts.gpu, parts.uptime]
  const score = terms.reduce((sum, t, i) => decimal.add(sum, decimal.mul(t, weights[i])), decimal.zero)
  return { a, score }
}

/** RNP-013: a month's budget: job and availability pools for nodes, and with artists and upgrade points in all. */
export function computeMonthlyBudget(v: {
  readonly jobWeekly: Decimal
  readonly epochs: Decimal
  readonly availability: Decimal
  readonly artists: Decimal
  readonly upgrade: Decimal
}): { nodes: Decimal; total: Decimal } {
  const nodes = decimal.add(decimal.mul(v.jobWeekly, v.epochs), v.availability)
  return { nodes, total: decimal.add(nodes, decimal.add(v.artists, v.upgrade)) }
}

/** RNP-022, 023: a month's emission from year 2 on. */
export const computeMonthlyEmission = (nodes: Decimal, grants: Decimal, operations: Decimal, chefs: Decimal): Decimal =>
  decimal.add(decimal.add(nodes, grants), decimal.add(operations, chefs))
