/** Height, time and epochs, kept apart: height counts blocks that were made, time goes on when none are. */
import type { Values } from "../../kernel/param.ts"
import type { Refusal } from "./commands.ts"
import type { AkashParams } from "./params.ts"
import { BONDED, type State } from "./state.ts"
import * as u from "./units.ts"

/** Blocks made by `atS`, from the last count on: none while the chain stands still. */
export const heightAt = ({ chain }: State, atS: number): number =>
  chain.halted[0] === 1
    ? chain.height[0]
    : chain.height[0] + Math.max(0, Math.floor((atS * 1000 - chain.anchorMs[0]) / chain.blockMs[0]))

/** Why nothing can be put into a block at `atS`; undefined when something can. */
export const refuseTime = ({ chain }: State, atS: number): Refusal | undefined =>
  chain.started[0] === 0
    ? "chain_not_started"
    : atS < chain.nowS[0]
      ? "out_of_order"
      : chain.halted[0] === 1
        ? "chain_halted"
        : undefined

/**
 * Does more than two thirds of the bonded stake sign? Asked as if `validator` had `tokens` more stake, and signed or
 * were bonded as told.
 */
export function isQuorum(
  state: State,
  validator = -1,
  change: { readonly tokens?: number; readonly signs?: boolean; readonly bonded?: boolean } = {},
): boolean {
  const { validator: all } = state
  let signing = 0
  let bonded = 0
  for (let v = 0; v < u.VALIDATORS_MAX; v++) {
    const isIt = v === validator
    const isBonded = isIt && change.bonded !== undefined ? change.bonded : all.state[v] === BONDED
    if (!isBonded) continue
    const signs = isIt && change.signs !== undefined ? change.signs : all.missingFrom[v] === 0
    // Whole AKT: sums of micro-AKT would leave the exact range, and the chain counts power in whole tokens too.
    const power = Math.floor((all.tokens[v] + (isIt ? (change.tokens ?? 0) : 0)) / 1_000_000)
    bonded += power
    if (signs) signing += power
  }
  return signing * 3 > bonded * 2
}

/** Blocks that validator `v` missed among the last `window` by `height`. Of earlier absences only the last one is kept. */
export function countMissed({ validator }: State, v: number, window: number, height: number): number {
  const from = Math.max(0, height - window)
  const since = validator.missingFrom[v]
  const now = since === 0 ? 0 : height - Math.max(from, since - 1)
  return now + Math.max(0, validator.missedEnd[v] - Math.max(from, validator.missedBegin[v]))
}

export const missedMax = (params: Values<AkashParams>): number => {
  // Half to even, as in computeMissedMax; permille and blocks stay exact.
  const exact = params.signedWindowBlocks * params.minSignedPermille
  const floor = Math.floor(exact / 1000)
  const rest = exact - floor * 1000
  const signed = rest > 500 || (rest === 500 && floor % 2 === 1) ? floor + 1 : floor
  return params.signedWindowBlocks - signed
}

/** The latest block's time: nothing is taken from before it. */
export const advance = ({ chain }: Pick<State, "chain">, atS: number): void => {
  if (atS > chain.nowS[0]) chain.nowS[0] = atS
}
