/** Push gossip, node by node: the measured counterpart of analytic/gossip.ts. */
import { Dice } from "./dice.ts"

/** Rounds until a share `target` of the nodes knows, each that knows telling `fanout` others drawn at random; −1 after 10,000 rounds. */
export function simulateGossip(nodes: number, fanout: number, target: number, seed: number): number {
  const dice = new Dice(seed, "resilience/gossip")
  const knows = new Uint8Array(nodes)
  knows[0] = 1
  let informed = 1
  for (let round = 1; round <= 10_000; round++) {
    if (informed >= target * nodes) return round - 1
    const telling: number[] = []
    for (let node = 0; node < nodes; node++) if (knows[node] === 1) telling.push(node)
    for (let k = 0; k < telling.length * fanout; k++) {
      const told = dice.below(nodes)
      informed += 1 - knows[told]
      knows[told] = 1
    }
  }
  return -1
}

/** Share reached when every node forwards once to `fanout` others (Poisson many on average, as the closed form has it). */
export function simulateInfectAndDie(nodes: number, fanout: number, seed: number): number {
  const dice = new Dice(seed, "resilience/infect-and-die")
  const knows = new Uint8Array(nodes)
  knows[0] = 1
  const queue = [0]
  for (let i = 0; i < queue.length; i++)
    for (let k = 0; k < fanout; k++) {
      const told = dice.below(nodes)
      if (knows[told] === 1) continue
      knows[told] = 1
      queue.push(told)
    }
  return queue.length / nodes
}
