/** The oracle and the circuit breaker as they stand at an instant: computed when somebody asks, not block by block. */
import type { Values } from "../../kernel/param.ts"
import { balance, supply } from "../../ledger/ledger.ts"
import { computeRatio, ratioBps } from "./bme.ts"
import { computeDeviationBps, computeTwap, type PricePoint } from "./oracle.ts"
import * as dec from "./legacy-dec.ts"
import type { Dec } from "./legacy-dec.ts"
import type { AkashParams } from "./params.ts"
import { STATUS_HALT_CR, STATUS_HALT_ORACLE, STATUS_HEALTHY, STATUS_WARNING, type State } from "./state.ts"
import { POINTS, SOURCES_MAX } from "./units.ts"

const NANO = 10n ** 9n
const DEC_PER_NANO = dec.ONE / NANO
/** ACT is a dollar by definition. */
export const ACT_PRICE = dec.ONE

/** The place of a source's point `age` steps back from its newest. */
export const pointRow = ({ source }: Pick<State, "source">, s: number, age: number): number =>
  s * POINTS + ((source.newest[s] - age + POINTS) % POINTS)

/** A source's points of the window that ends at `atS`, newest first, the oldest moved to its beginning. */
function pointsOf(state: State, s: number, atS: number, windowS: number): readonly PricePoint[] {
  const { source, point } = state
  const fromS = Math.max(0, atS - windowS)
  const points: PricePoint[] = []
  for (let age = 0; age < source.points[s]; age++) {
    const row = pointRow(state, s, age)
    const isBefore = point.atS[row] <= fromS
    points.push({
      atNs: BigInt(isBefore ? fromS : point.atS[row]) * NANO,
      price: BigInt(point.nanoUsd[row]) * DEC_PER_NANO,
    })
    if (isBefore) break
  }
  return points
}

/** USD per AKT, or null: too few sources that are fresh, or too far apart. */
export function priceAt(state: State, params: Values<AkashParams>, atS: number): Dec | null {
  const { source, point } = state
  let sources = 0
  let sum = 0n
  let low = 0n
  let high = 0n
  for (let s = 0; s < SOURCES_MAX; s++) {
    if (source.known[s] === 0 || (source.live[s] === 0 && atS - source.stoppedS[s] > params.staleSeconds)) continue
    sum += computeTwap(BigInt(atS) * NANO, pointsOf(state, s, atS, params.twapSeconds))
    const latest = BigInt(point.nanoUsd[pointRow(state, s, 0)]) * DEC_PER_NANO
    low = sources === 0 || latest < low ? latest : low
    high = latest > high ? latest : high
    sources++
  }
  if (sources < params.sourcesMin || computeDeviationBps(low, high) > params.deviationBpsMax) return null
  const price = dec.quo(sum, dec.fromWhole(sources))
  return price === 0n ? null : price
}

/** AKT that back ACT: the vault without what waits to be exchanged. */
export const vaultOf = ({ chain, ledger: l }: State): bigint => balance(l, "akt", l.account.bme) - chain.pendingUakt.get(0)

export interface Breaker {
  readonly status: number
  readonly ratioBps: number
}

/** The circuit breaker for a vault and an amount of ACT outstanding. No price: halted, blind. */
export const breakerOf = (params: Values<AkashParams>, price: Dec | null, vault: bigint, outstanding: bigint): Breaker => {
  if (price === null) return { status: STATUS_HALT_ORACLE, ratioBps: 0 }
  const bps = ratioBps(computeRatio(vault, price, ACT_PRICE, outstanding))
  const status = bps > params.warnBps ? STATUS_HEALTHY : bps > params.haltBps ? STATUS_WARNING : STATUS_HALT_CR
  return { status, ratioBps: bps }
}

export const breakerAt = (state: State, params: Values<AkashParams>, atS: number): Breaker =>
  breakerOf(params, priceAt(state, params, atS), vaultOf(state), supply(state.ledger, "act"))
