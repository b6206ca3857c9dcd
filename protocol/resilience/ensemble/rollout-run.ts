/** A bad release that goes out in stages: how much of the network it hits before the canaries show it. */
import { computeStage } from "../release.ts"
import { Dice } from "./dice.ts"

export interface RolloutRun {
  /** Nodes exposed when the roll-out stopped, or all, as a share. */
  readonly blast: number
  /** The stage that saw it, from 1; 0: none did. */
  readonly seenAt: number
}

/** Each exposed node crashes with chance `p` while its stage bakes; the first crash stops the roll-out after that stage. */
export function simulateRollout(nodes: number, stages: number, canaryPermille: number, p: number, seed: number): RolloutRun {
  const dice = new Dice(seed, "resilience/rollout")
  const size = new Uint32Array(stages + 1)
  for (let node = 0; node < nodes; node++) size[computeStage(node, seed, stages, canaryPermille, seed)]++
  let exposed = 0
  for (let stage = 1; stage <= stages; stage++) {
    exposed += size[stage]
    let crashes = 0
    for (let k = 0; k < size[stage]; k++) if (dice.chance(p)) crashes++
    if (crashes > 0) return { blast: exposed / nodes, seenAt: stage }
  }
  return { blast: 1, seenAt: 0 }
}
