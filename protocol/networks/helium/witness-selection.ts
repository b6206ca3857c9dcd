/**
 * Which witnesses of a beacon are rewarded: first come, first served (HIP-83), and no two in the same place once there are too
 * many (HIP-136).
 * Sources: HIP-83, HIP-136; helium/oracles@824f7724 iot_verifier/src/runner.rs `filter_and_split_witnesses`.
 */

import type { Geometry } from "../../kernel/geometry.ts"
import { computeCellGridDistance } from "./witness-checks.ts"

/** Rewarded witnesses of one beacon (`max_witnesses_per_poc`, chain variable change 117 of 2022-01-28). */
export const WITNESSES_PER_BEACON_MAX = 14

export interface WitnessReport {
  readonly id: string
  /** Arrival at the oracle, ms of one clock. */
  readonly receivedMs: number
  /** "Valid", or the reason of the refusal. */
  readonly status: string
}

/**
 * Splits the witnesses of a beacon. Self-witnesses vanish. With more than `max` valid ones the earliest received are selected
 * (ties in list order) and the rest follow in time order; otherwise list order is kept. The invalid ones, in list order, end the
 * unselected list.
 */
export const selectWitnesses = (
  witnesses: readonly WitnessReport[],
  max: number,
): { selected: string[]; unselected: string[] } => {
  const invalid = witnesses.filter(({ status }) => status !== "Valid" && status !== "SelfWitness")
  let valid = witnesses.filter(({ status }) => status === "Valid")
  if (valid.length > max) valid = valid.toSorted((a, b) => a.receivedMs - b.receivedMs)
  const ids = (list: readonly WitnessReport[]): string[] => list.map(({ id }) => id)
  return { selected: ids(valid.slice(0, max)), unselected: [...ids(valid.slice(max)), ...ids(invalid)] }
}

export interface PlacedWitness {
  readonly id: string
  readonly receivedMs: number
  readonly cell: bigint
}

/**
 * Redundant witnesses under HIP-136, in order of arrival: with more than `max` valid ones, each witness that is nearer than
 * `cellsMin` steps (at `res`) to an earlier one that was itself kept. With `max` or fewer nothing is redundant. Two cells whose
 * distance cannot be told count as far apart.
 */
export const findRedundantWitnesses = (
  valid: readonly PlacedWitness[],
  max: number,
  cellsMin: number,
  res: number,
  geometry: Pick<Geometry, "gridDistance" | "parent">,
): string[] => {
  if (valid.length <= max) return []
  const kept: PlacedWitness[] = []
  const redundant: string[] = []
  for (const witness of valid.toSorted((a, b) => a.receivedMs - b.receivedMs)) {
    const isNear = ({ cell }: PlacedWitness): boolean => {
      const steps = computeCellGridDistance(cell, witness.cell, res, geometry)
      return steps >= 0 && steps < cellsMin
    }
    if (kept.some(isNear)) redundant.push(witness.id)
    else kept.push(witness)
  }
  return redundant
}
