/** Nodes that go up and down by Weibull laws: the measured counterpart of analytic/churn.ts. */
import { drawWeibull, type Weibull } from "../analytic/churn.ts"
import { Dice } from "./dice.ts"

/** Share of nodes up at the horizon, each starting up or down with equal chance. Times in the laws' unit. */
export function simulateRenewal(nodes: number, horizon: number, on: Weibull, off: Weibull, seed = 1): number {
  if (nodes <= 0) return 0
  let up = 0
  for (let node = 0; node < nodes; node++) {
    const dice = new Dice(seed, "resilience/renewal", node)
    let isUp = dice.chance(0.5)
    for (let t = 0; ;) {
      t += drawWeibull(isUp ? on : off, dice.unit())
      if (t > horizon) break
      isUp = !isUp
    }
    if (isUp) up++
  }
  return up / nodes
}
