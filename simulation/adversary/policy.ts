/**
 * An adversary as a policy: (view, budget, rng) → commands. It draws from a stream of its own, keyed by the seed and its id, so that adding
 * it moves nobody else's luck; and it has no other way to act than the commands everybody has.
 */
import { Dice } from "../../protocol/resilience/ensemble/dice.ts"

export interface Budget {
  /** What it may still spend, in the entry's money. */
  readonly money: number
  readonly identities: number
}

export type Policy<View, Command> = (view: View, budget: Budget, rng: Dice) => readonly Command[]

/** The adversary's own dice. */
export const ownDice = (seed: number, id: string, instance = 0): Dice => new Dice(seed, `adversary/${id}`, instance)
/** An honest player's dice, its own too. */
export const honestDice = (seed: number, arena: string, player: number): Dice => new Dice(seed, `arena/${arena}/honest`, player)
/** What neither chooses: beacons, draws of seats, arrivals. One instance a period, so that a period's luck is the same whatever was drawn before. */
export const natureDice = (seed: number, arena: string, period: number): Dice => new Dice(seed, `arena/${arena}/nature`, period)

/** Which of n units are the adversary's: a larger share only adds some. Exactly round(share·n), so that intervals are of luck, not of size. */
export function ownUnits(seed: number, id: string, n: number, share: number): Uint8Array {
  const dice = new Dice(seed, `adversary/${id}/units`)
  const order = Array.from({ length: n }, (_, i) => [dice.unit(), i] as const).toSorted((a, b) => a[0] - b[0] || a[1] - b[1])
  const own = new Uint8Array(n)
  for (const [, i] of order.slice(0, Math.round(share * n))) own[i] = 1
  return own
}
