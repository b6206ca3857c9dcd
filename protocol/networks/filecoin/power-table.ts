/**
 * The power actor's totals: a claim counts for rewards and elections from 10 TiB of raw power on; while fewer than four miners
 * are that large, every claim counts.
 * Sources: filecoin-project/builtin-actors@b0a3bdd6 actors/power/src/state.rs and runtime/src/runtime/policy.rs.
 */

/** Raw and quality-adjusted power, in bytes. */
export interface PowerPair {
  readonly raw: bigint
  readonly qa: bigint
}
export const NO_POWER: PowerPair = { raw: 0n, qa: 0n }
export const addPower = (a: PowerPair, b: PowerPair): PowerPair => ({ raw: a.raw + b.raw, qa: a.qa + b.qa })
export const subPower = (a: PowerPair, b: PowerPair): PowerPair => ({ raw: a.raw - b.raw, qa: a.qa - b.qa })

export interface MinimumRule {
  /** Raw bytes from which a miner counts (10 TiB for 32 and 64 GiB sectors). */
  readonly minBytes: bigint
  /** Miners that must be that large before the minimum binds (`CONSENSUS_MINER_MIN_MINERS`). */
  readonly minMiners: number
}
export const CONSENSUS_MINIMUM: MinimumRule = { minBytes: 10n << 40n, minMiners: 4 }

export interface PowerTotals {
  /** Of all claims. */
  readonly committed: PowerPair
  /** Of claims at or above the minimum. */
  readonly counted: PowerPair
  readonly minersAboveMin: number
}
export const NO_TOTALS: PowerTotals = { committed: NO_POWER, counted: NO_POWER, minersAboveMin: 0 }

/**
 * Totals and claim after a miner's claim changes by `delta`. Crossing the minimum moves the whole claim into the counted totals
 * or out of them; only raw bytes decide. Throws a RangeError when the claim would fall below 0.
 */
export const applyClaimDelta = (
  totals: PowerTotals,
  claim: PowerPair,
  delta: PowerPair,
  rule: MinimumRule = CONSENSUS_MINIMUM,
): { readonly totals: PowerTotals; readonly claim: PowerPair } => {
  const next = addPower(claim, delta)
  if (next.raw < 0n || next.qa < 0n)
    throw new RangeError(`a claim cannot fall to ${next.raw} raw and ${next.qa} quality-adjusted bytes`)
  const was = claim.raw >= rule.minBytes
  const is = next.raw >= rule.minBytes
  const left = was ? subPower(totals.counted, claim) : totals.counted
  return {
    totals: {
      committed: addPower(totals.committed, delta),
      counted: is ? addPower(left, next) : left,
      minersAboveMin: totals.minersAboveMin + Number(is) - Number(was),
    },
    claim: next,
  }
}

/** Power that rewards, elections and pledge are measured by (`current_total_power`). */
export const computeNetworkPower = (totals: PowerTotals, rule: MinimumRule = CONSENSUS_MINIMUM): PowerPair =>
  totals.minersAboveMin < rule.minMiners ? totals.committed : totals.counted

/**
 * Does a claim of this much raw power take part in elections? Below the minimum only while too few miners are above it, and not
 * with 0.
 */
export const meetsConsensusMinimum = (rawBytes: bigint, totals: PowerTotals, rule: MinimumRule = CONSENSUS_MINIMUM): boolean =>
  rawBytes >= rule.minBytes || (totals.minersAboveMin < rule.minMiners && rawBytes > 0n)
