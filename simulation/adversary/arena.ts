/**
 * A small arena for attacks on what no network run models: players hand in commands, one handler decides them all alike, and nature settles
 * each period. Honest players, the adversary and nature each have dice of their own.
 */
import type { Dice } from "../../protocol/resilience/ensemble/dice.ts"
import { honestDice, natureDice, ownDice, type Budget, type Policy } from "./policy.ts"

export interface Arena<State, View, Command> {
  readonly name: string
  readonly players: number
  readonly periods: number
  readonly genesis: () => State
  /** What a player may see at the beginning of a period: the projection of its capability, and no more. */
  readonly view: (state: State, player: number, period: number) => View
  readonly honest: Policy<View, Command>
  /** The only way to change the state before settlement: true when the command is taken, false when it is refused. */
  readonly decide: (state: State, command: Command, player: number, period: number) => boolean
  readonly settle: (state: State, period: number, nature: Dice) => void
}

export interface Intruder<View, Command> {
  readonly id: string
  readonly owns: (player: number) => boolean
  readonly policy: Policy<View, Command>
  readonly budget: Budget
}

/** Plays an arena to its end; with an intruder, its players follow its policy and its dice, one instance a player. */
function playArena<State, View, Command>(
  arena: Arena<State, View, Command>,
  seed: number,
  intruder?: Intruder<View, Command>,
): { readonly state: State; readonly refused: number } {
  const state = arena.genesis()
  const isOwn = (p: number): boolean => intruder !== undefined && intruder.owns(p)
  const dice = Array.from({ length: arena.players }, (_, p) =>
    isOwn(p) ? ownDice(seed, intruder!.id, p) : honestDice(seed, arena.name, p),
  )
  const none: Budget = { money: 0, identities: 1 }
  let refused = 0
  for (let period = 0; period < arena.periods; period++) {
    for (let p = 0; p < arena.players; p++) {
      const view = arena.view(state, p, period)
      const commands = isOwn(p) ? intruder!.policy(view, intruder!.budget, dice[p]) : arena.honest(view, none, dice[p])
      for (const command of commands) if (!arena.decide(state, command, p, period)) refused++
    }
    arena.settle(state, period, natureDice(seed, arena.name, period))
  }
  return { state, refused }
}

/** An arena, ready to be played at a seed: with an intruder, or as its own twin. */
export const onArena = <State, View, Command>(arena: Arena<State, View, Command>) => ({
  play: (seed: number, intruder?: Intruder<View, Command>) => playArena(arena, seed, intruder),
})
