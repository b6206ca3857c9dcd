/**
 * The circulating supply, and the genesis allocations that vest into it.
 * Source: filecoin-project/lotus@b835fab7 chain/stmgr/supply.go; FIP-0065 (what the market locks no longer counts).
 */

import { EPOCHS_PER_DAY, EPOCHS_PER_YEAR } from "./epoch.ts"
import { ATTO_PER_FIL } from "./minting.ts"

/** One unit for all, attoFIL or whole FIL. */
export interface SupplyParts {
  /** Of the genesis allocations. */
  readonly vested: bigint
  /** Paid out by the reward actor. */
  readonly mined: bigint
  /** Mining reserve at genesis (300 million FIL) and what is left of it. */
  readonly reserveInitial: bigint
  readonly reserveBalance: bigint
  readonly burnt: bigint
  /** The power actor's pledge total: initial pledges and rewards still vesting, without pre-commit deposits. */
  readonly locked: bigint
}

/** What circulates, in the unit of the parts, not below 0. */
export const computeCirculatingSupply = (parts: SupplyParts): bigint => {
  const disbursed = parts.reserveInitial - parts.reserveBalance
  const circulating = parts.vested + parts.mined + disbursed - parts.burnt - parts.locked
  return circulating > 0n ? circulating : 0n
}

/** Mainnet's liftoff, from which the allocations vest. */
export const LIFTOFF_EPOCH = 148_888
/** Allocations by length, as accounted since the Calico upgrade: [epochs to vest, whole FIL]. */
export const GENESIS_ALLOCATIONS: readonly (readonly [number, bigint])[] = [
  [0, 10_632_000n],
  [183 * EPOCHS_PER_DAY, 19_015_887n + 32_787_700n],
  [EPOCHS_PER_YEAR, 22_421_712n + 9_400_000n],
  [2 * EPOCHS_PER_YEAR, 7_223_364n],
  [3 * EPOCHS_PER_YEAR, 87_637_883n + 898_958n],
  [6 * EPOCHS_PER_YEAR, 100_000_000n + 300_000_000n + 9_805_053n],
]

/**
 * Genesis allocations vested by `epoch`, in attoFIL: linear from liftoff. Each line is floored, which differs from the chain by
 * less than 1e-11 FIL (its first multisig actor floors the amount per epoch instead).
 */
export const computeGenesisVested = (epoch: number): bigint => {
  const elapsed = epoch - LIFTOFF_EPOCH
  if (elapsed < 0) return 0n
  let vested = 0n
  for (const [epochs, fil] of GENESIS_ALLOCATIONS) {
    const atto = fil * ATTO_PER_FIL
    vested += elapsed >= epochs ? atto : (atto * BigInt(elapsed)) / BigInt(epochs)
  }
  return vested
}
