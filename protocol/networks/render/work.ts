/** The unit of work and who is paid for it (facts/render.md §A1, §A3, §A4). Amounts in documents are exact decimals. */
import * as decimal from "../../kernel/decimal.ts"
import type { Decimal } from "../../kernel/decimal.ts"
import { divFloor } from "../../kernel/money.ts"

/** OctaneBench-hours of `units` machines of score `ob` for `hours`, and their cost. */
export function computeObhCost(
  units: Decimal,
  ob: Decimal,
  hours: Decimal,
  pricePerObh: Decimal,
): { obh: Decimal; cost: Decimal } {
  const obh = decimal.mul(decimal.mul(units, ob), hours)
  return { obh, cost: decimal.mul(obh, pricePerObh) }
}

/** Euros of a job's payment that a node's part of its frames is worth, counted in the epoch in which they are approved. */
export const attributeWork = (jobEur: Decimal, workShare: Decimal): Decimal => decimal.mul(jobEur, workShare)

/** An operator's part of the two pools of an epoch. */
export const computeEpochShare = (
  jobPool: Decimal,
  availabilityPool: Decimal,
  jobShare: Decimal,
  challengeShare: Decimal,
): { job: Decimal; availability: Decimal } => ({
  job: decimal.mul(jobPool, jobShare),
  availability: decimal.mul(availabilityPool, challengeShare),
})

/** Shares of a pool by approved work, each floored to a unit; what is left stays undistributed. All 0 when there is no work. */
export function splitPool(poolUnits: bigint, work: readonly bigint[]): bigint[] {
  const total = work.reduce((sum, w) => sum + w, 0n)
  return work.map((w) => (total === 0n ? 0n : divFloor(poolUnits * w, total)))
}

/** Millionths of a credit that a frame costs: thousandths of OBh over OBh per credit, rounded up. */
export const frameMicroCredit = (milliObh: number, obhPerCredit: number): number => Math.ceil((milliObh * 1000) / obhPerCredit)

/** Seconds that a machine of score `ob` takes for a frame, rounded up. */
export const frameSeconds = (milliObh: number, ob: number): number => Math.max(1, Math.ceil((milliObh * 36) / (ob * 10)))
