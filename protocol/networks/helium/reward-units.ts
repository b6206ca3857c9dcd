/**
 * HIP-15 reward units: what one beacon earns its beaconer and each of its witnesses, falling as more witnesses hear it.
 * Sources: HIP-15; helium/oracles@824f7724 iot_verifier/src/runner.rs (what paid); helium/HIP@6f6d0ba0 0015 (what was proposed).
 */

import * as decimal from "../../kernel/decimal.ts"
import type { Decimal } from "../../kernel/decimal.ts"
import { pow } from "../../kernel/real.ts"

/** Units are kept to four decimals, halves to the even neighbour (`SCALING_PRECISION`, helium/oracles@824f7724). */
export const REWARD_UNIT_DECIMALS = 4

export interface RewardUnitRule {
  /** Desired witnesses of a beacon (N of HIP-15: 4). */
  readonly n: number
  /** Decay per witness beyond N (HIP-15: 0.8). */
  readonly r: Decimal
  /** Ceiling on a unit (2 since chain variable change 83, helium/miner audit/var-83.md). */
  readonly cap: Decimal
}

export interface RewardUnits {
  readonly beaconer: Decimal
  readonly witness: Decimal
}

/**
 * Units of one beacon with `witnesses` valid, selected witnesses, as the oracles paid them: invalid witnesses are dropped before
 * the count. Beaconer w/N up to N, then 2 - r^(w-N); each witness 1 up to N, then (N - (1 - r^(w-N)))/w. Four decimals, half-even.
 */
export const computeRewardUnits = (witnesses: number, rule: RewardUnitRule): RewardUnits => {
  const { n, r, cap } = rule
  if (witnesses <= 0) return { beaconer: decimal.zero, witness: decimal.zero }
  const w = decimal.parse(witnesses)
  if (witnesses <= n) return { beaconer: toUnit(w, decimal.parse(n)), witness: decimal.one }
  const decayed = decimal.sub(decimal.one, decimal.pow(r, witnesses - n))
  const beaconer = decimal.min(cap, decimal.add(decimal.one, decayed))
  const witness = toUnit(decimal.sub(decimal.parse(n), decayed), w)
  return { beaconer: decimal.round(beaconer, REWARD_UNIT_DECIMALS, "half_even"), witness: decimal.min(cap, witness) }
}

const toUnit = (a: Decimal, b: Decimal): Decimal => decimal.div(a, b, REWARD_UNIT_DECIMALS, "half_even")

/**
 * The same units as whole numbers of 1e-4 for every count from 0 to `witnessesMax`, for loops that must not touch decimals:
 * `beaconer[w]` and `witness[w]`.
 */
export const rewardUnitsE4 = (
  witnessesMax: number,
  rule: RewardUnitRule,
): { readonly beaconer: Int32Array<ArrayBuffer>; readonly witness: Int32Array<ArrayBuffer> } => {
  const beaconer = new Int32Array(witnessesMax + 1)
  const witness = new Int32Array(witnessesMax + 1)
  for (let w = 0; w <= witnessesMax; w++) {
    const units = computeRewardUnits(w, rule)
    beaconer[w] = Number(decimal.toUnits(units.beaconer, REWARD_UNIT_DECIMALS, "half_even"))
    witness[w] = Number(decimal.toUnits(units.witness, REWARD_UNIT_DECIMALS, "half_even"))
  }
  return { beaconer, witness }
}

/**
 * Units of one beacon in the text of HIP-15, where invalid witnesses still count toward the decay, earn nothing, and scale the
 * beaconer down by valid/all. In doubles, unrounded. Never what the oracles paid; kept to compare the proposal with the code.
 */
export const computeProposedUnits = (
  witnesses: number,
  invalid: number,
  rule: { readonly n: number; readonly r: number; readonly cap: number },
): { witnessEach: number; witnessTotal: number; beaconer: number; total: number } => {
  const { n, r, cap } = rule
  if (witnesses <= 0) return { witnessEach: 0, witnessTotal: 0, beaconer: 0, total: 0 }
  const valid = witnesses - invalid
  const beyond = witnesses > n
  const decayed = beyond ? 1 - pow(r, witnesses - n) : 0
  const witnessEach = beyond ? (n - decayed) / witnesses : 1
  const full = beyond ? Math.min(cap, 1 + decayed) : witnesses / n
  const beaconer = (full * valid) / witnesses
  const witnessTotal = witnessEach * valid
  return { witnessEach, witnessTotal, beaconer, total: witnessTotal + beaconer }
}
